//! `crossrole lint`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::Done;
use super::named::read_small;
use super::options::FindingsFormat;
use super::terraform_files::{TerraformFiles, open, read_in};
use super::today::today;
use crate::diagnostic::words::{nearest, system};
use crate::diagnostic::{Error, Kind, Level, Source};
use crate::input::{self, Limit};
use crate::lint::{self, Judged, Report, Rule};
use crate::session::read_spec;
use crate::terraform;
use crate::ui::{self, SarifRule, Shown, Ui};

/// Find security and correctness problems in a spec, an IAM policy or Terraform
///
/// Every finding has an ID, a place and a way to fix it. Errors in a spec are those for which `generate`
/// refuses it. Checks `crossrole.yaml` unless another file or folder is named.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossrole lint                               the spec in this folder
  crossrole lint trust.json                    an IAM policy: of a role's trust, or permissions
  crossrole lint infra                         Terraform, with all folders in it
  crossrole lint --strict infra                fail on what could not be judged, too
  crossrole lint --deny warning                fail on warnings, too
  crossrole lint --explain CR022               why a finding matters, and where that is from")]
pub(super) struct LintArgs {
    /// Spec to read; `-` reads stdin [default: crossrole.yaml]
    #[arg(short = 'f', long = "spec", value_name = "FILE", conflicts_with = "paths")]
    spec: Option<PathBuf>,
    /// Spec (.yaml), IAM policy (.json), or Terraform (a folder or a .tf file)
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: FindingsFormat,
    /// Lowest level that makes the command exit with 2
    #[arg(long, value_enum, default_value = "error", value_name = "LEVEL")]
    deny: Deny,
    /// Count what could not be judged (CR110) as errors
    #[arg(long)]
    strict: bool,
    /// Explain a finding, by its ID or name, and check nothing
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
    let (codes, others): (Vec<&PathBuf>, Vec<&PathBuf>) =
        args.paths.iter().partition(|path| !path.is_dir() && terraform::is_code(&slashed(path)));
    for path in others {
        report.append(of_path(ui, path)?);
    }
    for (folder, files) in by_folder(&codes) {
        report.append(of_files(&folder, &files)?);
    }
    if args.strict {
        report.count_unjudged_as_errors();
    }
    let shown = Shown {
        judged: report.judged.map(|Judged { policies, providers, not }| [policies, providers, not]),
        findings: report.findings.iter().map(|finding| &finding.diagnostic).collect(),
        accepted: report.accepted.iter().map(|(finding, reason)| (&finding.diagnostic, &**reason)).collect(),
    };
    match args.format {
        FindingsFormat::Text => {
            ui.print(&ui::findings_text(&shown, ui.listed()))?;
            ui.say(&ui::findings_verdict(&shown));
        }
        FindingsFormat::Json => ui.print(&format!("{:#}\n", ui::findings_json(&shown)))?,
        FindingsFormat::Sarif => ui.print(&format!("{:#}\n", ui::findings_sarif(&shown, &rules())))?,
    }
    let is_denied = report.worst().is_some_and(|worst| worst >= args.deny.level());
    Ok(if is_denied { Done::Differs } else { Done::Clean })
}

fn explain(ui: &Ui, written: &str) -> Result<Done, Error> {
    let Some(rule) = lint::rule(written) else {
        return Err(Error::one(Kind::Usage, format!("there is no finding `{written}`"), meant(written)));
    };
    ui.print(&rule.explanation())?;
    Ok(Done::Clean)
}

/// The finding that was probably meant.
fn meant(written: &str) -> String {
    let of = |word: fn(&Rule) -> String| lint::rules().into_iter().map(word).collect::<Vec<String>>();
    let (ids, names) = (of(|rule| rule.id.to_lowercase()), of(|rule| rule.name.to_owned()));
    let near = |known: &[String]| {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        nearest(written, &known).and_then(lint::rule)
    };
    match near(&ids).or_else(|| near(&names)) {
        Some(rule) => format!("did you mean `{} {}`?", rule.id, rule.name),
        None => {
            "pass an ID (`CR011`) or a name (`account-root-principal`); docs/findings.md lists all".to_owned()
        }
    }
}

/// The catalogue as code scanning shows it.
fn rules() -> Vec<SarifRule> {
    let rule = |rule: &&Rule| SarifRule {
        id: rule.id.to_owned(),
        name: rule.name.to_owned(),
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
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("yaml" | "yml") => of_spec(path),
        _ => of_policy(path),
    }
}

fn of_policy(path: &Path) -> Result<Report, Error> {
    let text = read_small(path).map_err(|why| unread(path, &why))?;
    let report = lint::policy(&Source::new(path.display().to_string(), text))?;
    Ok(Report { judged: Some(Judged { policies: 1, ..Judged::default() }), ..report })
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
    let files = TerraformFiles::read(ui, folder)?;
    let lookup = |name: &str| files.lookup(name);
    let tree =
        lint::Tree { files: &files.texts, lookup: &lookup, unreadable: &files.unreadable, named: None };
    Ok(lint::terraform(tree, today()))
}

/// The names of files by the folder that they are in.
fn by_folder(paths: &[&PathBuf]) -> BTreeMap<PathBuf, BTreeSet<String>> {
    let mut folders: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
    for path in paths {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        folders.entry(folder.unwrap_or(Path::new(".")).to_owned()).or_default().insert(name);
    }
    folders
}

/// Files of Terraform, which may be links, as the other files of their folder let Terraform read them;
/// what they name is read where it is below the folder.
fn of_files(folder: &Path, names: &BTreeSet<String>) -> Result<Report, Error> {
    let root = open(folder)?;
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(|error| unread(folder, &system(&error)))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if terraform::is_read(&name) && !names.contains(&name) {
            texts.extend(read_in(&root, &name).ok().map(|source| (name, source)));
        }
    }
    for name in names {
        let path = if folder == Path::new(".") { PathBuf::from(name) } else { folder.join(name) };
        let text = input::named(&path, Limit::Small).and_then(terraform::text);
        let text = text.map_err(|why| unread(&path, &why))?;
        texts.insert(name.clone(), Source::new(path.display().to_string(), text));
    }
    let lookup = |name: &str| read_in(&root, name).ok();
    let tree = lint::Tree { files: &texts, lookup: &lookup, unreadable: &[], named: Some(names) };
    Ok(lint::terraform(tree, today()))
}
