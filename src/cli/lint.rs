//! `crossrole lint`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Done;
use super::named::{is_terraform_or_json, read_small};
use super::options::FindingsFormat;
use super::today::today;
use crate::diagnostic::words::{nearest, system};
use crate::diagnostic::{Error, Kind, Level, Source};
use crate::input::{self, Limit, Root, Way};
use crate::lint::{self, Report, Rule};
use crate::session::read_spec;
use crate::terraform;
use crate::ui::{self, SarifRule, Shown, Ui};

/// Look for what is wrong, weak or surprising in a spec, an IAM policy or Terraform
///
/// Every finding has an id, a place and a way out. Errors of a spec are those that `generate` refuses
/// it for. Looks at `crossrole.yaml` unless it is told otherwise.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossrole lint                               the spec in this folder
  crossrole lint trust.json                    an IAM policy: of a role's trust, or permissions
  crossrole lint infra                         Terraform, with all folders in it
  crossrole lint --deny warning                fail on warnings, too
  crossrole lint --explain CR022               why a finding matters, and where that is from")]
pub(super) struct LintArgs {
    /// The spec; `-` reads it from stdin [default: crossrole.yaml]
    #[arg(short = 'f', long = "spec", value_name = "FILE", conflicts_with = "paths")]
    spec: Option<PathBuf>,
    /// A spec (.yaml), an IAM policy (.json), or Terraform (a folder or a .tf file)
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How findings are printed
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: FindingsFormat,
    /// The least level that makes the command fail, with exit code 2
    #[arg(long, value_enum, default_value = "error", value_name = "LEVEL")]
    deny: Deny,
    /// Explain a finding, and look at nothing
    #[arg(long, value_name = "ID", conflicts_with_all = ["spec", "paths"])]
    explain: Option<String>,
}

/// A level of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Deny {
    /// Errors alone.
    Error,
    /// Warnings and errors.
    Warning,
    /// All findings.
    Note,
}

impl Deny {
    fn level(self) -> Level {
        match self {
            Self::Error => Level::Error,
            Self::Warning => Level::Warning,
            Self::Note => Level::Note,
        }
    }
}

pub(super) fn run(ui: &Ui, args: &LintArgs) -> Result<Done, Error> {
    if let Some(id) = &args.explain {
        return explain(ui, id);
    }
    let mut report = Report::default();
    let spec = args.spec.as_deref();
    if args.paths.is_empty() {
        report.append(of_spec(spec.unwrap_or(Path::new("crossrole.yaml")))?);
    }
    for path in &args.paths {
        report.append(of_path(ui, path)?);
    }
    ui.report(&report.left_out);
    let shown = Shown {
        findings: report.findings.iter().map(|finding| &finding.diagnostic).collect(),
        accepted: report.accepted.iter().map(|(finding, reason)| (&finding.diagnostic, &**reason)).collect(),
    };
    match args.format {
        FindingsFormat::Text => {
            ui.print(&ui::findings_text(&shown))?;
            ui.say(&ui::findings_verdict(&shown));
        }
        FindingsFormat::Json => ui.print(&format!("{:#}\n", ui::findings_json(&shown)))?,
        FindingsFormat::Sarif => ui.print(&format!("{:#}\n", ui::findings_sarif(&shown, &rules())))?,
    }
    let is_denied = report.worst().is_some_and(|worst| worst >= args.deny.level());
    Ok(if is_denied { Done::Differs } else { Done::Clean })
}

fn explain(ui: &Ui, id: &str) -> Result<Done, Error> {
    let written = id.to_uppercase();
    let Some(rule) = lint::rule(&written) else {
        let known: Vec<String> = lint::rules().iter().map(|rule| rule.id.to_lowercase()).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let help = match nearest(id, &known) {
            Some(near) => format!("did you mean `{}`?", near.to_uppercase()),
            None => "ids look like `CR011`; docs/findings.md lists them".to_owned(),
        };
        return Err(Error::one(Kind::Usage, format!("there is no finding `{id}`"), help));
    };
    ui.print(&rule.explanation())?;
    Ok(Done::Clean)
}

/// The catalogue as code scanning shows it.
fn rules() -> Vec<SarifRule> {
    let rule = |rule: &&Rule| SarifRule {
        id: rule.id.to_owned(),
        title: rule.title.to_owned(),
        help: format!("{} {}", rule.rationale, rule.fix),
    };
    lint::rules().iter().map(rule).collect()
}

fn of_spec(path: &Path) -> Result<Report, Error> {
    let (parsed, files) = read_spec(path)?;
    lint::spec(parsed, &files, today())
}

/// What stands at a path decides how it is looked at.
fn of_path(ui: &Ui, path: &Path) -> Result<Report, Error> {
    if path.is_dir() {
        return of_folder(ui, path);
    }
    if terraform::is_code(&slashed(path)) {
        return of_code(path);
    }
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("yaml" | "yml") => of_spec(path),
        _ => lint::policy(&read(path)?),
    }
}

fn read(path: &Path) -> Result<Arc<Source>, Error> {
    let text = read_small(path).map_err(|why| unread(path, &why))?;
    Ok(Source::new(path.display().to_string(), text))
}

fn unread(path: &Path, why: &str) -> Error {
    let help = "name a spec (.yaml), an IAM policy (.json), or a folder with Terraform";
    Error::one(Kind::Io, format!("cannot read `{}`: {why}", path.display()), help)
}

fn slashed(path: &Path) -> String {
    let path = path.display().to_string().replace('\\', "/");
    path.strip_prefix("./").map_or(path.clone(), str::to_owned)
}

/// Every file of a folder and of those in it that Terraform reads, and JSON.
fn of_folder(ui: &Ui, folder: &Path) -> Result<Report, Error> {
    let tree = input::walk(folder, &is_terraform_or_json)?;
    ui.report(&tree.warnings);
    if !tree.files.iter().any(|path| terraform::is_code(path)) {
        let message = format!("there is no Terraform in `{}`", folder.display());
        return Err(Error::one(
            Kind::Input,
            message,
            "name the folder that holds the `.tf` files, or one above it",
        ));
    }
    let root = open(folder)?;
    let mut texts = BTreeMap::new();
    for file in &tree.files {
        texts.insert(file.clone(), read_in(&root, file)?);
    }
    Ok(lint::terraform(&texts, &|name| read_in(&root, name).ok(), today()))
}

/// One file of Terraform, which may be a link; what it names is read where it is below its folder.
fn of_code(path: &Path) -> Result<Report, Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let root = open(folder.unwrap_or(Path::new(".")))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let texts = BTreeMap::from([(name, read(path)?)]);
    Ok(lint::terraform(&texts, &|name| read_in(&root, name).ok(), today()))
}

fn open(folder: &Path) -> Result<Root, Error> {
    Root::open(folder).map_err(|error| unread(folder, &system(&error)))
}

fn read_in(root: &Root, name: &str) -> Result<Arc<Source>, Error> {
    let path = root.path().join(name);
    let read = root.read(Path::new(name), Way::Inside, Limit::Small).and_then(input::plain_text);
    Ok(Source::new(path.display().to_string(), read.map_err(|why| unread(&path, &why))?))
}
