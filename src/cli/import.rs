//! `crossrole import`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Done;
use super::links::Links;
use super::load::{read_stdin, to_text};
use super::scaffold::{self, NewSpecArgs};
use crate::diagnostic::words::{Count, system};
use crate::diagnostic::{Error, Kind, Source};
use crate::import::{Imported, organizations, terraform};
use crate::ui::Ui;

/// Write a spec from what is there already
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, clap::Subcommand)]
enum From {
    Organizations(OrganizationsArgs),
    Terraform(TerraformArgs),
}

/// Write a spec from the account list of AWS Organizations
///
/// Reads what `aws organizations list-accounts` prints, any number of pages of it. The management
/// account becomes the source, every active member account a target; names are made to fit.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  aws organizations list-accounts | crossrole import organizations -
  crossrole import organizations accounts.json --filter 'prod-*'")]
struct OrganizationsArgs {
    /// The account list; `-` reads it from stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only accounts of this organizational unit, by name or id
    #[arg(long, value_name = "NAME")]
    ou: Option<String>,
    /// Only accounts with such a name, as in `prod-*`
    #[arg(long, value_name = "GLOB")]
    filter: Option<String>,
    #[command(flatten)]
    new: NewSpecArgs,
    #[command(flatten)]
    more: MoreArgs,
}

/// Write a spec from Terraform that assumes roles already
///
/// Reads provider blocks with `assume_role`, role resources and their trust policies, in a folder and
/// those below it. What could not be carried over is listed with its file and line; nothing is invented.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  crossrole import terraform infra -f crossrole.yaml")]
struct TerraformArgs {
    /// The folder to read
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    new: NewSpecArgs,
    #[command(flatten)]
    more: MoreArgs,
}

/// What no file says.
#[derive(Debug, clap::Args)]
struct MoreArgs {
    /// Set a key of the spec, as in `source.account_id=111111111111`; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

pub(super) fn run(ui: &Ui, args: &ImportArgs) -> Result<Done, Error> {
    match &args.from {
        From::Organizations(args) => from_organizations(ui, args),
        From::Terraform(args) => from_terraform(ui, args),
    }
}

fn from_organizations(ui: &Ui, args: &OrganizationsArgs) -> Result<Done, Error> {
    args.new.check_free()?;
    let name = args.filter.as_deref().map(pattern).transpose()?;
    let wanted = organizations::Wanted { unit: args.ou.clone(), name };
    let imported = organizations::import(&read(&args.file)?, &wanted)?;
    finish(ui, imported, &args.new, &args.more)
}

fn from_terraform(ui: &Ui, args: &TerraformArgs) -> Result<Done, Error> {
    args.new.check_free()?;
    let mut files = terraform::Files::new();
    let mut links = Links::within(&args.folder);
    read_folder(&args.folder, "", &mut links, &mut files)?;
    links.warnings.sort_by(|left, right| left.message.cmp(&right.message));
    ui.report(&links.warnings);
    let top = args.folder.canonicalize().ok();
    let lookup = |name: &str| {
        let path = args.folder.join(name);
        let is_below = path.canonicalize().ok()?.starts_with(top.as_ref()?) && path.is_file();
        is_below.then(|| read(&path).ok())?
    };
    let imported = terraform::import(&files, &lookup)?;
    finish(ui, imported, &args.new, &args.more)
}

/// The files of a folder and those below it that Terraform reads, and JSON. Hidden folders hold Terraform's own
/// copies, and links are followed to files in here alone.
fn read_folder(
    folder: &Path,
    prefix: &str,
    links: &mut Links,
    files: &mut terraform::Files,
) -> Result<(), Error> {
    let failed = |error: &std::io::Error| Error::io(format!("read `{}`", folder.display()), error);
    for entry in fs::read_dir(folder).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        let kind = entry.file_type().map_err(|error| failed(&error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if kind.is_dir() && !name.starts_with('.') {
            read_folder(&entry.path(), &format!("{path}/"), links, files)?;
        }
        let is_json = Path::new(&name).extension().is_some_and(|ending| ending == "json");
        if !is_json && !crate::terraform::is_read(&name) {
            continue;
        }
        if links.is_file(&entry.path(), kind) {
            match read(&entry.path()) {
                Ok(text) => {
                    files.insert(path, text);
                }
                // Only some JSON is a policy; whatever it is, nobody has named it yet.
                Err(_) if is_json && !crate::terraform::is_read(&name) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

fn pattern(glob: &str) -> Result<glob::Pattern, Error> {
    glob::Pattern::new(glob).map_err(|error| {
        Error::one(
            Kind::Usage,
            format!("`--filter {glob}`: {}", error.msg),
            "`*` stands for anything, as in `prod-*`",
        )
    })
}

fn read(path: &Path) -> Result<Arc<Source>, Error> {
    if path == Path::new("-") {
        return to_text("<stdin>", read_stdin()?);
    }
    let bytes = fs::read(path).map_err(|error| {
        Error::one(Kind::Io, format!("cannot read `{}`: {}", path.display(), system(&error)), "")
    })?;
    to_text(&path.display().to_string(), bytes)
}

/// Says what was left out, and writes the rest if it makes a spec.
fn finish(ui: &Ui, imported: Imported, new: &NewSpecArgs, more: &MoreArgs) -> Result<Done, Error> {
    let Imported { mut draft, notes } = imported;
    ui.report(&notes);
    for assignment in &more.set {
        draft.answer(assignment)?;
    }
    scaffold::require(&draft)?;
    let text = draft.with_defaults().write();
    let (fleet, warnings) = scaffold::judge(&new.spec, &text)?;
    ui.report(&warnings);
    scaffold::save(&new.spec, &text)?;
    let spec = new.spec.display();
    ui.say(&format!("done: wrote `{spec}` with {}", Count(fleet.targets.len(), "target")));
    ui.say(&format!("next: look through it, then run `crossrole generate{}`", scaffold::flag(&new.spec)));
    Ok(Done::Clean)
}
