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

/// Update generated repositories to the current spec and templates, keeping every edit
///
/// Each PATH is a generated folder, or a folder to search for them. Manual edits are merged with the new
/// version by block address. Where an edit conflicts with the new version, the folder waits for
/// `--continue` or `--abort`, or nothing is written in it. A failure in one folder does not stop the others.
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
    /// Exit with 2 if something would change, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Show a diff of each change
    #[arg(long)]
    diff: bool,
    /// Continue after conflicts were resolved
    #[arg(long = "continue", conflicts_with_all = ["abort", "dry_run", "branch", "commit"])]
    go_on: bool,
    /// Undo a run that left conflicts: restore every file
    #[arg(long, conflicts_with_all = ["dry_run", "branch", "commit"])]
    abort: bool,
    /// What to do where an edit conflicts with the new version
    #[arg(long, value_enum, value_name = "HOW")]
    conflict: Option<ConflictWord>,
    /// Revert edits of files that only crossrole writes, overwrite uncommitted changes, and allow older
    /// templates, or the built-in ones in place of a custom pack
    #[arg(long)]
    force: bool,
    /// Number of folders to work on at a time [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// Allow an update to widen who can assume a role, or what a role can do
    #[arg(long)]
    accept_trust_change: bool,
    /// Create this branch in each repository that changes
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// Commit the files that were written, and nothing else
    #[arg(long)]
    commit: bool,
    /// Spec, for a folder whose record does not name it
    #[arg(short = 'f', long = "spec", value_name = "FILE")]
    spec: Option<PathBuf>,
    /// Use a custom template pack instead of the spec's or the built-in one
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// Output format
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
