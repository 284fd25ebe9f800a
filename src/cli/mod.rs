//! The command line: one file per command, with its arguments, its help and what it does.

mod check;
mod completions;
mod driver;
mod explain;
mod fmt;
mod generate;
mod import;
mod init;
mod interrupt;
mod lint;
mod list;
mod man;
mod merge;
mod named;
mod next_steps;
mod options;
mod replace;
mod report;
mod scaffold;
mod schema;
mod templates;
mod terraform_files;
mod threads;
mod today;
mod told;
mod update;
mod variables;
mod verify;

use std::ffi::OsStr;

use clap::{CommandFactory, Parser, Subcommand};

use crate::diagnostic::{Error, Kind};
use crate::ui::{Color, Ui, Verbosity};

/// The heading of what every command takes.
const GLOBAL: &str = "Global options";

/// Generate Terraform for AssumeRole across AWS accounts from one YAML file
///
/// A spec names a source account (A) and any number of target accounts (B). For each target,
/// crossrole writes the IAM role with its trust policy, the provider block that assumes it, and a
/// bucket that proves where resources are created; for the source account, policies that let the
/// callers assume exactly these roles.
#[derive(Debug, Parser)]
#[command(name = "crossrole", version, max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 error, 2 differences, 3 conflicts, 4 refused for safety, 64 usage error, 130 interrupted"
)]
pub struct Cli {
    /// When to use color
    #[arg(
        long,
        global = true,
        help_heading = GLOBAL,
        value_enum,
        default_value = "auto",
        value_name = "WHEN",
        hide_possible_values = false
    )]
    color: Color,
    /// Only print errors and conflicts
    #[arg(short, long, global = true, help_heading = GLOBAL, conflicts_with = "verbose")]
    quiet: bool,
    /// Print each step
    #[arg(short, long, global = true, help_heading = GLOBAL)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::InitArgs),
    Import(import::ImportArgs),
    Generate(generate::GenerateArgs),
    Check(check::CheckArgs),
    Update(Box<update::UpdateArgs>),
    Lint(lint::LintArgs),
    List(list::ListArgs),
    Explain(Box<explain::ExplainArgs>),
    Verify(verify::VerifyArgs),
    Report(report::ReportArgs),
    Fmt(fmt::FmtArgs),
    Merge(merge::MergeArgs),
    Schema(schema::SchemaArgs),
    Templates(templates::TemplatesArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// What a command came to, when it did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// As it should be.
    Clean,
    /// Differences were found, as was to be found out.
    Differs,
    /// All is written, and a person has conflicts to resolve in it.
    Conflicts,
    /// Several things were done, and this is the most severe result.
    Worst(Kind),
}

/// Runs the program on its arguments and returns its exit code.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> u8 {
    let arguments: Vec<_> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and versions come this way, too; a closed pipe is no failure.
            _ = error.print();
            return if error.use_stderr() { wrong_usage(&arguments) } else { 0 };
        }
    };
    let verbosity = match (cli.quiet, cli.verbose) {
        (true, _) => Verbosity::Quiet,
        (_, true) => Verbosity::Verbose,
        _ => Verbosity::Normal,
    };
    let ui = Ui::new(cli.color, verbosity);
    let stopped = || ui.fail(&Error::one(Kind::Interrupted, "interrupted", "nothing was written"));
    let at_work = ui.clone();
    interrupt::attend(move || carry_out(&at_work, cli.command), stopped)
}

/// Does what a command line asks for, and says how it went.
fn carry_out(ui: &Ui, command: Command) -> u8 {
    let is_merge = matches!(command, Command::Merge(_));
    let done = threads::pool(jobs(&command)).and_then(|pool| pool.install(|| dispatch(ui, command)));
    match done {
        Ok(Done::Clean) => 0,
        Ok(Done::Differs) => Kind::Differs.exit_code(),
        Ok(Done::Conflicts) => Kind::Conflict.exit_code(),
        Ok(Done::Worst(kind)) => kind.exit_code(),
        Err(error) => {
            let code = ui.fail(&error);
            if is_merge && error.kind != Kind::Interrupted { merge::FAILED } else { code }
        }
    }
}

/// The exit code of arguments that make no sense.
fn wrong_usage(arguments: &[std::ffi::OsString]) -> u8 {
    let understood = command().ignore_errors(true).try_get_matches_from(arguments);
    let is_merge = understood.is_ok_and(|matches| matches.subcommand_name() == Some("merge"));
    if is_merge { merge::FAILED } else { Kind::Usage.exit_code() }
}

/// The number of threads that a command asks for.
fn jobs(command: &Command) -> Option<u16> {
    match command {
        Command::Generate(args) => args.jobs,
        Command::Update(args) => args.jobs,
        Command::Verify(args) => Some(args.jobs),
        _ => None,
    }
}

fn dispatch(ui: &Ui, command: Command) -> Result<Done, Error> {
    match command {
        Command::Init(args) => init::run(ui, &args),
        Command::Import(args) => import::run(ui, &args),
        Command::Generate(args) => generate::run(ui, &args),
        Command::Check(args) => check::run(ui, &args),
        Command::Update(args) => update::run(ui, &args),
        Command::Lint(args) => lint::run(ui, &args),
        Command::List(args) => list::run(ui, &args),
        Command::Explain(args) => explain::run(ui, &args),
        Command::Verify(args) => verify::run(ui, &args),
        Command::Report(args) => report::run(ui, &args),
        Command::Fmt(args) => fmt::run(ui, &args),
        Command::Merge(args) => merge::run(ui, &args),
        Command::Schema(args) => schema::run(ui, &args),
        Command::Templates(args) => templates::run(ui, &args),
        Command::Completions(args) => completions::run(ui, &args),
        Command::Man(args) => man::run(ui, &args),
    }
}

/// `crossrole generate` with nothing but a spec.
fn generate(ui: &Ui, spec: &std::path::Path) -> Result<Done, Error> {
    let arguments = [OsStr::new("crossrole"), OsStr::new("generate"), OsStr::new("--spec"), spec.as_os_str()];
    match Cli::try_parse_from(arguments) {
        Ok(cli) => dispatch(ui, cli.command),
        Err(error) => Err(Error::bug(error)),
    }
}

/// The whole tree of commands, for completions and manual pages.
fn command() -> clap::Command {
    Cli::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tree_of_commands_is_sound() {
        super::command().debug_assert();
    }
}
