//! `crossrole import`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Done;
use super::named::is_terraform_or_json;
use super::scaffold::{self, NewSpecArgs};
use super::variables::VariableArgs;
use crate::answers::Draft;
use crate::diagnostic::words::{Count, system};
use crate::diagnostic::{Error, Kind, Source};
use crate::import::{Imported, organizations, terraform};
use crate::input::{self, Limit, Root, Way};
use crate::model::{AccountId, Text};
use crate::session::read_stdin;
use crate::ui::Ui;

/// Write a spec from an account list or existing Terraform
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

/// Write a spec from an account list
///
/// Reads the output of `aws organizations list-accounts` (JSON or YAML, all pages) and account lists in
/// other forms; the form is detected from the content. The management account becomes the source account,
/// and every active member account a target. If the list does not name the management account, pass
/// `--set source.account_id=ID`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Forms:
  - pages of `aws organizations list-accounts` or `list-accounts-for-parent`, JSON or YAML
  - rows of `--query 'Accounts[].[Id,Name]'`
  - maps of names and IDs, in JSON, YAML, or a `.tfvars` or `.tf` file
  - CSV, with or without a header
  - `accounts-config.yaml` of the Landing Zone Accelerator, with its `accountIds`
  - org-formation's `organization.yml`
  - `aws_organizations_account` in a Terraform state, or as resources with `import` blocks
An account that is listed without an ID is left out; where no ID is listed at all, nothing is written.

Examples:
  aws organizations list-accounts | crossrole import organizations -
  crossrole import organizations accounts.json --filter 'prod-*'
  crossrole import organizations accounts.tfvars --set source.account_id=111111111111")]
struct OrganizationsArgs {
    /// Account list to read; `-` reads stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Limit to accounts of this organizational unit, by name or ID
    #[arg(long, value_name = "NAME")]
    ou: Option<String>,
    /// Limit to accounts whose names match, as in `prod-*`
    #[arg(long, value_name = "GLOB")]
    filter: Option<String>,
    #[command(flatten)]
    new: NewSpecArgs,
    #[command(flatten)]
    more: MoreArgs,
}

/// Write a spec from existing Terraform
///
/// Reads provider blocks with `assume_role`, roles and their trust policies, in a folder and its
/// subfolders. Nothing is invented: what depends on a value that is only known at run time is left out and
/// listed with its file and line.
#[derive(Debug, clap::Args)]
#[command(after_help = "Variables get their values as in Terraform; of several the last counts:
  1. the default in the variable block
  2. terraform.tfvars, then terraform.tfvars.json
  3. *.auto.tfvars and *.auto.tfvars.json, in the order of their names
  4. --var and --var-file, in the order of the command line
The environment (TF_VAR_NAME) is not read.

A `role_arn` that is null in some runs, and every entry of a map that is looked into by
terraform.workspace, are carried over with a note.

Examples:
  crossrole import terraform infra
  crossrole import terraform infra --var account=222222222222 --set source.account_id=111111111111
  crossrole import terraform infra --var-file prod.tfvars -f prod.yaml")]
struct TerraformArgs {
    /// Folder to read
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    variables: VariableArgs,
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

impl MoreArgs {
    /// The source account, where it is set.
    fn source(&self) -> Result<Option<AccountId>, Error> {
        let mut draft = Draft::new();
        for assignment in &self.set {
            draft.answer(assignment)?;
        }
        let written = draft.get("source.account_id").and_then(|value| value.as_str());
        Ok(written.and_then(|id| AccountId::parse(id).ok()))
    }
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
    let wanted = organizations::Wanted { unit: args.ou.clone(), name, source: args.more.source()? };
    let imported = organizations::import(&read(&args.file)?, &wanted)?;
    finish(ui, imported, &args.new, &args.more)
}

fn from_terraform(ui: &Ui, args: &TerraformArgs) -> Result<Done, Error> {
    args.new.check_free()?;
    let is_wanted = |name: &str| is_terraform_or_json(name) || terraform::is_other(name);
    let tree = input::walk(&args.folder, &is_wanted)?;
    ui.report(&tree.warnings);
    let root = Root::open(&args.folder).map_err(|error| unread(&args.folder, &system(&error)))?;
    let files = read_files(&root, &tree.files)?;
    let options = terraform::Options { given: args.variables.read()?, source: args.more.source()? };
    let imported = terraform::import(&files, &options, &|name| read_in(&root, name).ok())?;
    finish(ui, imported, &args.new, &args.more)
}

fn read_files(root: &Root, paths: &[String]) -> Result<terraform::Files, Error> {
    let mut files = terraform::Files::new();
    for path in paths {
        match read_in(root, path) {
            Ok(text) => drop(files.insert(path.clone(), text)),
            // Only some JSON is a policy; whatever it is, nobody has named it yet.
            Err(_) if !crate::terraform::is_read(path) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(files)
}

fn read_in(root: &Root, path: &str) -> Result<Arc<Source>, Error> {
    let whole = root.path().join(path);
    let bytes = root.read(Path::new(path), Way::Inside, Limit::Small).map_err(|why| unread(&whole, &why))?;
    input::text(&whole.display().to_string(), bytes)
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
        return input::text("<stdin>", read_stdin()?);
    }
    let bytes = input::named(path, Limit::Large).map_err(|why| unread(path, &why))?;
    input::text(&path.display().to_string(), bytes)
}

fn unread(path: &Path, why: &str) -> Error {
    Error::one(Kind::Io, format!("cannot read `{}`: {why}", path.display()), "")
}

/// Says what was left out, and writes the rest if it makes a spec.
fn finish(ui: &Ui, imported: Imported, new: &NewSpecArgs, more: &MoreArgs) -> Result<Done, Error> {
    let Imported { mut draft, notes, summary } = imported;
    ui.report(&notes);
    for assignment in &more.set {
        draft.answer(assignment)?;
    }
    scaffold::require(&draft)?;
    let text = draft.with_defaults().write();
    let (fleet, warnings) = scaffold::judge(&new.spec, &text)?;
    ui.report(&warnings);
    let beside = scaffold::save(new, &text, new.over())?;
    let spec = new.spec.display();
    if !summary.is_empty() {
        ui.say(&summary);
    }
    ui.say(&format!("done: wrote `{spec}` with {}{beside}", Count(fleet.targets.len(), "target")));
    ui.say(&format!("next: look through it, then run `crossrole generate{}`", scaffold::flag(&new.spec)));
    Ok(Done::Clean)
}
