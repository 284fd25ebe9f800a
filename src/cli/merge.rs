//! `crossrole merge`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::replace::replace;
use super::{Done, driver};
use crate::diagnostic::words::{Count, one_line};
use crate::diagnostic::{Error, Kind};
use crate::input::{self, Limit};
use crate::merge::{self, Conflict, Labels, Resolution};
use crate::output::FileKind;
use crate::sides::Sides;
use crate::ui::Ui;

/// The exit code of everything that went wrong and is no conflict: git takes any lower one for a
/// number of conflicts, and the file for one with markers in it.
pub(super) const FAILED: u8 = 129;
/// Conflicts that are listed one by one.
const MOST_LISTED: usize = 50;

/// Merge two versions of a file with a common base
///
/// Combines the changes of both sides: in Terraform by block and attribute, in IAM policies by statement
/// and set, in other JSON by key, in Markdown tables by row, anywhere else by line, as `git merge-file` does.
/// Where both sides changed the same thing differently, the conflict is marked in the text and named on
/// stderr. A file that does not parse is merged by line.
#[derive(Debug, clap::Args)]
#[command(override_usage = "crossrole merge [OPTIONS] <BASE> <OURS> <THEIRS>
       crossrole merge --install | --uninstall")]
#[command(after_help = "Examples:
  crossrole merge base.tf mine.tf theirs.tf            print the merged text
  crossrole merge old.json a.json b.json --output a.json
                                                       write it, here into one of the three

As git's merge driver, for `git merge`, `rebase`, `cherry-pick` and `stash`:
  crossrole merge --install                            in a clone; `--uninstall` takes it back
It is these three lines:
  git config merge.crossrole.name \"by block, statement and key\"
  git config merge.crossrole.driver \"crossrole merge --path=%P --output=%A %O %A %B\"
  printf '%s merge=crossrole\\n' '*.tf' '*.json' CROSSROLE.md … >> .gitattributes
From git 2.44 on the markers name branches with
  --base-label=%S --ours-label=%X --theirs-label=%Y

Exit codes: 0 merged, 3 conflicts are marked in the text, 129 an error other than a conflict, 130
interrupted")]
pub(super) struct MergeArgs {
    /// Common base; `/dev/null` if there is none
    #[arg(required_unless_present_any = ["install", "uninstall"])]
    base: Option<PathBuf>,
    /// Our version; its layout is kept
    #[arg(required_unless_present_any = ["install", "uninstall"])]
    ours: Option<PathBuf>,
    /// Their version
    #[arg(required_unless_present_any = ["install", "uninstall"])]
    theirs: Option<PathBuf>,
    /// Set up git's merge driver for the files below this folder
    #[arg(long, conflicts_with_all = ["base", "output", "uninstall"])]
    install: bool,
    /// Remove git's merge driver
    #[arg(long, conflicts_with_all = ["base", "output"])]
    uninstall: bool,
    /// Name that tells the kind of file [default: OURS]
    #[arg(long, value_name = "NAME")]
    path: Option<PathBuf>,
    /// Write the result to this file in one step, not to stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How to mark a conflict: both sides (merge), the base as well (diff3), or without lines
    /// that both sides share (zdiff3)
    #[arg(long, value_enum, default_value = "diff3", value_name = "STYLE")]
    style: Style,
    /// Label of the base in markers [default: its path]
    #[arg(long, value_name = "LABEL")]
    base_label: Option<String>,
    /// Label of our version in markers [default: its path]
    #[arg(long, value_name = "LABEL")]
    ours_label: Option<String>,
    /// Label of their version in markers [default: its path]
    #[arg(long, value_name = "LABEL")]
    theirs_label: Option<String>,
}

/// The styles of [`merge::Style`], as they are called on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Style {
    Diff3,
    Zdiff3,
    Merge,
}

impl MergeArgs {
    /// The three files.
    fn files(&self) -> Sides<&Path> {
        let of = |given| Option::map_or(given, Path::new(""), PathBuf::as_path);
        Sides { base: of(self.base.as_ref()), ours: of(self.ours.as_ref()), theirs: of(self.theirs.as_ref()) }
    }

    fn kind(&self) -> FileKind {
        FileKind::of(&self.path.as_deref().unwrap_or(self.files().ours).to_string_lossy())
    }

    fn resolution(&self) -> Resolution {
        Resolution::Mark(match self.style {
            Style::Diff3 => merge::Style::Diff3,
            Style::Zdiff3 => merge::Style::Zdiff3,
            Style::Merge => merge::Style::Merge,
        })
    }

    fn labels(&self) -> Labels {
        let label = |given: &Option<String>, path: &Path| {
            one_line(given.clone().unwrap_or_else(|| path.display().to_string()))
        };
        let Sides { base, ours, theirs } = self.files();
        Labels {
            base: label(&self.base_label, base),
            ours: label(&self.ours_label, ours),
            theirs: label(&self.theirs_label, theirs),
        }
    }
}

pub(super) fn run(ui: &Ui, args: &MergeArgs) -> Result<Done, Error> {
    if args.install {
        return driver::install(ui, Path::new("."));
    }
    if args.uninstall {
        return driver::uninstall(ui, Path::new("."));
    }
    let Sides { base, ours, theirs } = args.files();
    let texts = Sides { base: read(base)?, ours: read(ours)?, theirs: read(theirs)? };
    let sides = texts.as_ref().map(String::as_str);
    let merged = merge::merge(args.kind(), sides, args.resolution(), &args.labels());
    match &args.output {
        None => ui.print_exactly(&input::bytes(&merged.text))?,
        Some(path) => replace(path, &input::bytes(&merged.text))
            .map_err(|error| Error::io(format!("write `{}`", path.display()), &error))?,
    }
    list(ui, &merged.conflicts);
    Ok(if merged.conflicts.is_empty() { Done::Clean } else { Done::Conflicts })
}

fn list(ui: &Ui, conflicts: &[Conflict]) {
    for Conflict { at, what } in conflicts.iter().take(MOST_LISTED) {
        let conflict = one_line(format!("conflict: {at} {what}"));
        ui.say_at_least(&conflict, &conflict);
    }
    if let Some(more) = conflicts.len().checked_sub(MOST_LISTED).filter(|more| *more > 0) {
        let more = format!("… and {}", Count(more, "more conflict"));
        ui.say_at_least(&more, &more);
    }
}

/// The text of a file, which need not be UTF-8.
fn read(path: &Path) -> Result<String, Error> {
    let name = path.display().to_string();
    let bytes = input::stream(path, Limit::Large)
        .map_err(|why| Error::one(Kind::Io, format!("cannot read `{name}`: {why}"), ""))?;
    if bytes.contains(&0) {
        let message = format!("`{name}` is binary: there are no lines to merge");
        return Err(Error::one(Kind::Input, message, "take one of the versions as it is"));
    }
    Ok(input::lossless(bytes))
}
