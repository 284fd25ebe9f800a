//! What becomes of targets and files: counted in one line, and named in few.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anstyle::AnsiColor;

use super::paint;
use crate::diagnostic::words::{Count, Number, few};
use crate::model::TargetName;
use crate::output::RelPath;
use crate::reconcile::{Alike, Change, Decision, Fate, Plan, UnitPlan, alike};

/// Lines of one kind that are shown before the rest is only counted, unless all are wanted.
pub(super) const MOST_LINES: usize = 40;

/// How much of a list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What is the same in many targets as one line, with the first of them.
    Few,
    /// Every file.
    All,
}

/// Whether it has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tense {
    Done,
    Planned,
}

/// A word before a line, and its color.
pub(super) type Word = (&'static str, AnsiColor);

/// A line: the word in a column of its own, and what it is about.
pub(super) fn line((word, color): Word, what: &str) -> String {
    format!("{}  {what}\n", paint(color, &format!("{word:>8}")))
}

/// A line that goes on with the one above it.
pub(super) fn below(what: &str) -> String {
    format!("          {what}\n")
}

/// How many files are written, changed, moved and so on: `3 files written, 1 changed`; none if nothing is.
pub(super) fn tally(plan: &Plan, tense: Tense) -> Option<String> {
    let count = |decision| plan.changes().filter(|change| change.decision == decision).count();
    let moved = count(Decision::Move);
    let parts = [
        (plan.conflicts().count(), "in conflict", "in conflict"),
        (count(Decision::Create), "written", "to write"),
        (count(Decision::Update), "changed", "to change"),
        (count(Decision::Merge), "merged with edits", "to merge with edits"),
        (moved, "moved", "to move"),
        (count(Decision::Delete).saturating_sub(moved), "deleted", "to delete"),
        (count(Decision::KeepEdited), "kept as edited", "kept as edited"),
        (
            count(Decision::KeepDeleted(false)) + count(Decision::KeepDeleted(true)),
            "still deleted",
            "still deleted",
        ),
    ];
    let mut parts = parts.into_iter().filter(|(count, ..)| *count > 0);
    let word = |done, planned| if tense == Tense::Done { done } else { planned };
    let (first, done, planned) = parts.next()?;
    let mut tally = format!("{} {}", Count(first, "file"), word(done, planned));
    // Writing to a string cannot fail.
    parts.for_each(|(count, done, planned)| _ = write!(tally, ", {} {}", Number(count), word(done, planned)));
    let targets = plan.units.iter().filter(|unit| unit.unit.target().is_some() && unit.is_touched()).count();
    if targets > 0 {
        _ = write!(tally, " for {}", Count(targets, "target"));
    }
    Some(tally)
}

/// What a run does: targets that come and go, and the files of all others.
pub(super) fn changes_text(plan: &Plan, detail: Detail) -> String {
    let fates = [
        (Fate::Added, ("added", AnsiColor::Green)),
        (Fate::Retired, ("retired", AnsiColor::Yellow)),
        (Fate::Reinstated, ("active", AnsiColor::Green)),
        (Fate::Removed, ("removed", AnsiColor::Magenta)),
    ];
    let mut out: String = fates.into_iter().map(|(fate, word)| targets_line(plan, fate, word)).collect();
    let left: BTreeSet<&str> =
        plan.changes().filter_map(|change| change.from.as_ref()).map(RelPath::as_str).collect();
    let word = |unit: &UnitPlan, change: &Change| {
        let is_moved = change.decision == Decision::Delete && left.contains(change.path.as_str());
        let is_said = is_moved || (detail == Detail::Few && is_whole(unit));
        if is_said { None } else { word_of_decision(change.decision) }
    };
    out.push_str(&lines(plan, detail, word, |_| String::new()));
    out
}

/// Whether a unit comes or goes as a whole, so that nobody has to be told which of its files do.
pub(super) fn is_whole(unit: &UnitPlan) -> bool {
    match unit.fate {
        Fate::Added => true,
        Fate::Removed => unit.unit.target().is_some(),
        Fate::Kept | Fate::Retired | Fate::Reinstated => false,
    }
}

/// The targets of which this becomes.
pub(super) fn targets_line(plan: &Plan, fate: Fate, word: Word) -> String {
    let units = plan.units.iter().filter(|unit| unit.fate == fate && !unit.changes.is_empty());
    let names = units.filter_map(|unit| unit.unit.target());
    match &names.map(TargetName::as_str).collect::<Vec<_>>()[..] {
        [] => String::new(),
        [only] => line(word, &format!("target `{only}`")),
        names => line(word, &format!("{}: {}", Count(names.len(), "target"), few(names))),
    }
}

fn word_of_decision(decision: Decision) -> Option<Word> {
    match decision {
        Decision::Create => Some(("new", AnsiColor::Green)),
        Decision::Update => Some(("changed", AnsiColor::Yellow)),
        Decision::Merge => Some(("merged", AnsiColor::Yellow)),
        Decision::Move => Some(("moved", AnsiColor::Yellow)),
        Decision::Delete => Some(("deleted", AnsiColor::Magenta)),
        _ => None,
    }
}

/// The files that have a word, with what is added to their paths, and where in them it is.
pub(super) fn lines(
    plan: &Plan,
    detail: Detail,
    word: impl Fn(&UnitPlan, &Change) -> Option<Word>,
    more: impl Fn(&Change) -> String,
) -> String {
    if detail == Detail::All {
        let all = plan.units.iter().flat_map(|unit| unit.changes.iter().map(move |change| (unit, change)));
        let line =
            |(unit, change)| Some(of_file(word(unit, change)?, change.path.as_str(), change, &more(change)));
        return all.filter_map(line).collect();
    }
    let key = |unit: &UnitPlan, change: &Change| Some((word(unit, change)?, places(change), more(change)));
    let mut groups = alike(plan, key);
    // Lines of one kind, and of the same targets, follow each other.
    groups.sort_by(|left, right| left.key.0.cmp(&right.key.0).then_with(|| left.targets.cmp(&right.targets)));
    in_few_lines(&groups)
}

fn in_few_lines(groups: &[Alike<'_, (Word, Vec<String>, String)>]) -> String {
    let mut out = String::new();
    for kind in groups.chunk_by(|one, next| one.key.0 == next.key.0) {
        let shown = kind.len().min(MOST_LINES);
        for same in kind[..shown].chunk_by(|one, next| one.targets == next.targets) {
            let files = same.iter().map(|one| of_file(one.key.0, &one.path, one.changes[0], &one.key.2));
            files.for_each(|lines| out.push_str(&lines));
            out.extend(same[0].several().map(|several| below(&format!("in {several}"))));
        }
        let left: usize = kind[shown..].iter().map(|one| one.changes.len()).sum();
        if left > 0 {
            out.push_str(&below(&format!("and {}; `--verbose` lists all", Count(left, "more file"))));
        }
    }
    out
}

/// A file's line, and those of the places in it.
fn of_file(word: Word, path: &str, change: &Change, more: &str) -> String {
    let mut out = line(word, &format!("{path}{more}"));
    out.extend(places(change).iter().map(|place| below(place)));
    out
}

/// Where in a file its conflicts are.
fn places(change: &Change) -> Vec<String> {
    change.details.iter().map(|found| format!("{} {}", found.at, found.what)).collect()
}
