//! `crossrole fmt`.
//!
//! Selects files as `terraform fmt` does, formats them side by side, and reports in the order in
//! which they were selected, whatever finished first.

mod file;
mod select;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use self::select::Selected;
use super::Done;
use super::interrupt::Watched;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::input;
use crate::session::{Watch, read_stdin};
use crate::ui::Ui;

/// Format Terraform files exactly as `terraform fmt` does
///
/// Formats files whose names end in .tf, .tfvars, .tftest.hcl or .tfmock.hcl, and prints the names of those
/// that change. Each file is replaced in one step and keeps its mode. A file that is not valid HCL, or in which
/// `terraform fmt` would delete or break something, is reported and left as it is; the others are still
/// formatted.
///
/// In folders, names that begin with a dot, end with `~` or are enclosed in `#` are skipped. The options
/// are those of `terraform fmt`, with two dashes.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option that terraform has")]
#[command(after_help = "Examples:
  crossrole fmt                          the files of this folder
  crossrole fmt --recursive infra        those of a folder and of all folders below
  crossrole fmt main.tf prod.tfvars      these two files
  crossrole fmt --check --diff           for CI: write nothing, show the differences, exit with 2
  crossrole fmt - < main.tf              stdin to stdout, for editors

Exit codes: 0 done, 1 a file cannot be parsed, read or written, 2 files differ (with `--check`)")]
pub(super) struct FmtArgs {
    /// Exit with 2 if a file would change, and write nothing
    #[arg(long)]
    check: bool,
    /// Show a diff of each change
    #[arg(long)]
    diff: bool,
    /// Print the names of files that change
    #[arg(long, value_name = "BOOL", default_value_t = true, default_missing_value = "true")]
    #[arg(action = clap::ArgAction::Set, num_args = 0..=1, require_equals = true)]
    list: bool,
    /// Write files that change; without `--list` and `--diff` either, print the new text
    #[arg(long, value_name = "BOOL", default_value_t = true, default_missing_value = "true")]
    #[arg(action = clap::ArgAction::Set, num_args = 0..=1, require_equals = true)]
    write: bool,
    /// Format files in subfolders, too
    #[arg(long)]
    recursive: bool,
    /// Files and folders to format; `-` formats stdin to stdout
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
}

/// What became of one file.
#[derive(Default)]
struct Outcome {
    /// What there is to print about it.
    product: String,
    differs: bool,
    problem: Option<Diagnostic>,
}

pub(super) fn run(ui: &Ui, args: &FmtArgs) -> Result<Done, Error> {
    let is_stdin = |path: &PathBuf| path == Path::new("-");
    if args.paths.iter().any(is_stdin) {
        return match args.paths.as_slice() {
            [_] => format_stdin(ui, args),
            _ => Err(stdin_among_others()),
        };
    }
    let (mut selected, left_out) = select::select(&args.paths, args.recursive);
    ui.report(&left_out);
    if args.writes() {
        selected = select::once_each(selected);
    }
    let watched = Watched { progress: ui.progress("formatting", selected.len()) };
    let outcomes: Vec<Outcome> = selected
        .into_par_iter()
        .map(|selected| {
            // What is left out is no problem of its own: the run ends as interrupted.
            let outcome =
                if watched.is_stopped() { Outcome::default() } else { format_selected(ui, args, selected) };
            watched.tick();
            outcome
        })
        .collect();
    watched.progress.finish();
    report(ui, args, outcomes, watched.is_stopped())
}

impl FmtArgs {
    fn writes(&self) -> bool {
        self.write && !self.check
    }

    /// Whether the product is the text of the files.
    fn prints_text(&self) -> bool {
        !self.list && !self.write && !self.diff && !self.check
    }

    /// What there is to print about a file: its name, how it changes, or its new text.
    fn product(&self, ui: &Ui, name: &str, before: &str, after: &str) -> String {
        if self.prints_text() {
            return ended(after);
        }
        let mut product = String::new();
        if before != after && self.list {
            product.push_str(name);
            product.push('\n');
        }
        if before != after && self.diff {
            product.push_str(&shown_diff(ui, name, before, after));
        }
        product
    }

    fn done(&self, differs: bool) -> Done {
        if self.check && differs { Done::Differs } else { Done::Clean }
    }
}

fn format_selected(ui: &Ui, args: &FmtArgs, selected: Selected) -> Outcome {
    let formatted = match selected {
        Selected::File(found) => format_file(ui, args, &found),
        Selected::Problem(problem) => Err(problem),
    };
    formatted.unwrap_or_else(|problem| Outcome { problem: Some(problem), ..Outcome::default() })
}

fn format_file(ui: &Ui, args: &FmtArgs, found: &select::Found) -> Result<Outcome, Diagnostic> {
    let source = file::read(&found.path)?;
    let formatted = file::format(&source)?;
    let differs = formatted != source.text;
    if differs && args.writes() {
        file::replace(&found.path, &formatted)?;
    }
    let product = args.product(ui, &source.name, &source.text, &formatted);
    Ok(Outcome { product, differs, problem: None })
}

fn report(ui: &Ui, args: &FmtArgs, outcomes: Vec<Outcome>, is_stopped: bool) -> Result<Done, Error> {
    let product: String = outcomes.iter().map(|outcome| outcome.product.as_str()).collect();
    if args.prints_text() {
        ui.print_exactly(&input::bytes(&product))?;
    } else {
        ui.print(&product)?;
    }
    let differing = outcomes.iter().filter(|outcome| outcome.differs).count();
    let files = Count(outcomes.len(), "file");
    ui.detail(&format!("{files} looked at, {differing} not in canonical form"));
    let problems: Vec<Diagnostic> = outcomes.into_iter().filter_map(|outcome| outcome.problem).collect();
    ui.report(&problems);
    if is_stopped {
        let help = "files that were formatted are whole; run again for the others";
        return Err(Error::one(Kind::Interrupted, "interrupted", help));
    }
    if !problems.is_empty() {
        // Everything there is to say has been said.
        return Err(Error::new(Kind::Input, Vec::new()));
    }
    Ok(args.done(differing > 0))
}

fn format_stdin(ui: &Ui, args: &FmtArgs) -> Result<Done, Error> {
    let source = file::text("<stdin>", read_stdin()?)?;
    let formatted = file::format(&source).map_err(|problem| Error::new(Kind::Input, vec![problem]))?;
    let differs = formatted != source.text;
    if args.diff && differs {
        ui.print(&shown_diff(ui, &source.name, &source.text, &formatted))?;
    }
    if !args.diff && !args.check {
        ui.print_exactly(&input::bytes(&ended(&formatted)))?;
    }
    Ok(args.done(differs))
}

/// How a file changes, for a terminal that shows UTF-8.
fn shown_diff(ui: &Ui, name: &str, before: &str, after: &str) -> String {
    let shown = |text: &str| String::from_utf8_lossy(&input::bytes(text)).into_owned();
    ui.diff(name, Some(&shown(before)), Some(&shown(after)))
}

/// A text as it is printed: terraform, too, ends it with a line break there.
fn ended(text: &str) -> String {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{end}")
}

fn stdin_among_others() -> Error {
    let help = "format stdin by itself: `crossrole fmt -`";
    Error::one(Kind::Usage, "`-` stands for stdin, and cannot be formatted together with files", help)
}

#[cfg(test)]
mod tests {
    use super::ended;

    #[test]
    fn printed_text_ends_with_a_line_break() {
        assert_eq!(ended(""), "\n");
        assert_eq!(ended("a = 1"), "a = 1\n");
        assert_eq!(ended("a = 1\r\n"), "a = 1\r\n");
    }
}
