//! `crossrole report`.

mod since;
mod spec;
mod terraform;

use std::path::PathBuf;

use super::Done;
use super::replace::replace;
use super::variables::VariableArgs;
use crate::diagnostic::words::system;
use crate::diagnostic::{Error, Kind};
use crate::report::{self, Facts};
use crate::ui::Ui;

/// Write who can enter which account, as a page
///
/// Shows each target with a verdict, a map of who is let in under which conditions, each request that was
/// tried on the policies with the statement that decides it, and what is close to a limit of AWS. Accounts
/// with the same trust are one row. What could not be read is shown as not known.
///
/// With `--evidence`, shows what `crossrole verify` tried and saw. With `--since`, shows what has changed
/// since a commit: what is possible now, and what no longer is. With `--only`, the page can be given to the
/// owner of that account: no other account is on it.
///
/// The page is one file: it loads nothing, has no script, and can be printed. Exits with 0 when the report
/// was written, whatever it says; the JSON form has the verdicts.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossrole report --to access.html
  crossrole report --format markdown --since origin/main
  crossrole report --evidence evidence.json --to access.html
  crossrole report --only acme --to acme.html
  crossrole report --terraform infra --to infra.html")]
pub(super) struct ReportArgs {
    /// Spec to read; `-` reads stdin [default: crossrole.yaml]
    #[arg(short = 'f', long = "spec", value_name = "FILE", conflicts_with = "terraform")]
    spec: Option<PathBuf>,
    /// Generated folder to judge [default: the folder of the spec]
    #[arg(short, long, value_name = "DIR", conflicts_with = "terraform")]
    out: Option<PathBuf>,
    /// Limit to this target, and show nothing of any other; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "terraform")]
    only: Vec<String>,
    /// Evidence that `crossrole verify` wrote; may be repeated, the latest step counts
    #[arg(long, value_name = "FILE", conflicts_with = "terraform")]
    evidence: Vec<PathBuf>,
    /// Show what has changed since this commit, branch or tag
    #[arg(long, value_name = "REF", conflicts_with = "terraform")]
    since: Option<String>,
    /// Report on the roles in this Terraform folder
    #[arg(long, value_name = "DIR")]
    terraform: Option<PathBuf>,
    #[command(flatten)]
    variables: VariableArgs,
    /// Output format
    #[arg(long, value_enum, default_value = "html", value_name = "FORMAT")]
    format: Form,
    /// Write to this file instead of stdout
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// A page for a browser, or for paper
    Html,
    /// A comment for a pull request
    Markdown,
    /// For machines
    Json,
}

pub(super) fn run(ui: &Ui, args: &ReportArgs) -> Result<Done, Error> {
    let facts = match &args.terraform {
        Some(folder) => terraform::facts(ui, &args.variables, folder)?,
        None if !args.variables.is_empty() => {
            let message = "`--var` and `--var-file` set variables of Terraform";
            return Err(Error::one(Kind::Usage, message, "add `--terraform DIR`, or omit them"));
        }
        None => spec::facts(ui, args)?,
    };
    let text = match args.format {
        Form::Html => report::page(&facts),
        Form::Markdown => report::markdown(&facts),
        Form::Json => report::json(&facts),
    };
    write(ui, args, &facts, &text)?;
    Ok(Done::Clean)
}

fn write(ui: &Ui, args: &ReportArgs, facts: &Facts, text: &str) -> Result<(), Error> {
    let Some(path) = &args.to else { return ui.print_exactly(text.as_bytes()) };
    replace(path, text.as_bytes()).map_err(|error| {
        let message = format!("cannot write `{}`: {}", path.display(), system(&error));
        Error::one(Kind::Io, message, "name a file in a folder that is there")
    })?;
    ui.say(&format!("{}: the report is in `{}`", facts.verdict.words(), path.display()));
    Ok(())
}
