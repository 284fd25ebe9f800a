//! `crossrole update`.

mod find;
mod one;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;

use super::Done;
use super::options::{ConflictWord, Format};
use crate::diagnostic::{Error, Kind};
use crate::session::top_of_repository;
use crate::ui::{self, Ui, UpdateReport};

/// Bring generated repositories to the current spec and templates, keeping every edit
///
/// Each PATH is a generated folder, or is searched for such folders. What people edited is merged with
/// what is new, by the address of each block; where the two do not go together, the folder waits for
/// `--continue` or `--abort`, or nothing in it is written. One folder's failure stops no other.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossrole update --dry-run --diff       show what would change here, write nothing
  crossrole update                        bring this folder to the templates of this crossrole
  crossrole update ~/customers --branch crossrole-update --commit
                                          every generated folder below, each on a branch of its own
  crossrole update --continue             go on after conflicts were resolved
  crossrole update --abort                undo a run that left conflicts, byte for byte")]
pub(super) struct UpdateArgs {
    /// Generated folders, or folders to search for them [default: .]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Write nothing; exit with 2 if something would be written
    #[arg(long)]
    dry_run: bool,
    /// Show how files change
    #[arg(long)]
    diff: bool,
    /// Go on with a run whose conflicts were resolved
    #[arg(long = "continue", conflicts_with_all = ["abort", "dry_run", "branch", "commit"])]
    go_on: bool,
    /// Undo a run whose conflicts were not resolved: every file is as it was before
    #[arg(long, conflicts_with_all = ["dry_run", "branch", "commit"])]
    abort: bool,
    /// What to do where an edit and what is new do not go together
    #[arg(long, value_enum, value_name = "HOW")]
    conflict: Option<ConflictWord>,
    /// Take back edits of files that are crossrole's alone, write over changes that are not committed, and
    /// go over to older templates, or from a pack of one's own to the built-in one
    #[arg(long)]
    force: bool,
    /// How many folders to work on at a time [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// Let an update widen who may assume a role, or what a role may do
    #[arg(long)]
    accept_trust_change: bool,
    /// Make this branch in each repository first, if something changes there
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// Commit what was written, and nothing else
    #[arg(long)]
    commit: bool,
    /// The spec, for a folder whose record does not say where it is
    #[arg(short = 'f', long = "spec", value_name = "FILE")]
    spec: Option<PathBuf>,
    /// A template pack of one's own, instead of the spec's or the built-in one
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

pub(super) fn run(ui: &Ui, args: &UpdateArgs) -> Result<Done, Error> {
    let here = [PathBuf::from(".")];
    let paths = if args.paths.is_empty() { &here } else { args.paths.as_slice() };
    let (trees, missing) = find::trees(paths);
    if args.spec.is_some() && trees.len() > 1 {
        let help = "name one folder, or omit `--spec`: each record says where its spec is";
        return Err(Error::one(Kind::Usage, "`--spec` is for one folder only", help));
    }
    let progress = ui.progress("updating", trees.len());
    let is_alone = trees.len() == 1;
    let one = |tree: &PathBuf| {
        let report = if args.go_on || args.abort {
            one::finish(tree, args)
        } else {
            one::update(ui, tree, args, is_alone)
        };
        progress.tick();
        report
    };
    // Trees of one repository share its index and its branch, so they take turns.
    let mut reports: Vec<UpdateReport> = by_repository(trees)
        .par_iter()
        .flat_map_iter(|trees| trees.iter().map(one).collect::<Vec<_>>())
        .collect();
    progress.finish();
    reports.extend(missing.into_iter().map(|(path, error)| UpdateReport {
        result: Err(error),
        ..UpdateReport::new(path.display().to_string())
    }));
    show(ui, args, &reports)
}

fn by_repository(trees: Vec<PathBuf>) -> Vec<Vec<PathBuf>> {
    let mut groups: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for tree in trees {
        let top = top_of_repository(&tree).unwrap_or_else(|| tree.clone());
        groups.entry(top).or_default().push(tree);
    }
    groups.into_values().collect()
}

/// Prints what happened to each folder; the most severe result is the whole's.
fn show(ui: &Ui, args: &UpdateArgs, reports: &[UpdateReport]) -> Result<Done, Error> {
    if args.diff {
        ui.print(&reports.iter().map(|report| report.diff.as_str()).collect::<String>())?;
    }
    for report in reports {
        if reports.len() > 1 && (report.result.is_err() || !report.warnings.is_empty()) {
            ui.say(&format!("in `{}`:\n", report.path));
        }
        ui.report(&report.warnings);
        if let Err(error) = &report.result {
            _ = ui.fail(error);
        }
    }
    match args.format {
        Format::Text => {
            let detail = ui.listed();
            ui.say_at_least(&ui::update_text(reports, detail), &ui::waiting_text(reports, detail));
        }
        Format::Json => ui.print(&format!("{:#}\n", ui::update_json(reports)))?,
    }
    Ok(reports.iter().filter_map(UpdateReport::kind).max().map_or(Done::Clean, Done::Worst))
}
