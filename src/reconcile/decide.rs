//! The decision about one file, as a table over base, disk and new text.

use super::equivalent::equivalent;
use crate::merge::has_markers;
use crate::output::{FileKind, UpdateMode};

/// What stands on disk where a file goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disk {
    /// Nothing.
    Absent,
    /// A file with this text.
    Text(String),
    /// A file that is no text.
    Bytes,
}

impl Disk {
    /// The text that stands there, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Bytes => None,
        }
    }
}

/// What to do with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Nothing: disk, record and new text agree.
    Unchanged,
    /// Write it: it is new.
    Create,
    /// Write it: the spec or the templates moved on.
    Update,
    /// Write both: a person edited it, and there is something new.
    Merge,
    /// Write it elsewhere: its template gave it another path, and edits move along.
    Move,
    /// Only note it in the record: the disk says the same already.
    Adopt,
    /// Only drop it from the record: it is gone and no longer wanted.
    Forget,
    /// Delete it: it is no longer wanted, and nobody edited it.
    Delete,
    /// Leave it: a person edited it, and nothing new came.
    KeepEdited,
    /// Leave it out: a person deleted it. `true` when it would be new by now.
    KeepDeleted(bool),
    /// A person has to decide.
    Conflict(Conflict),
}

/// Why a person has to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conflict {
    /// A file that we did not write stands in the way.
    Foreign,
    /// It was edited, and the edit conflicts with the new version.
    Edited,
    /// It was edited, and is no longer wanted.
    EditedAndGone,
    /// It was edited, and is nobody's to edit.
    EditedManaged,
    /// It was edited, and was generated differently on branches that were merged.
    Branches,
    /// It holds the markers of a conflict that nobody resolved.
    Marked,
    /// It would add blocks that a person has already in another file of the folder.
    Taken,
}

impl Conflict {
    /// What happened, in words that follow the path.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Foreign => "already exists and is not managed by crossrole",
            Self::Edited => "was edited, and the edit conflicts with the new version",
            Self::EditedAndGone => "was edited, and is no longer part of the output",
            Self::EditedManaged => "was edited, but only crossrole writes it",
            Self::Branches => {
                "was edited, and two branches that were merged had generated it differently: which of its lines are edits cannot be told"
            }
            Self::Marked => "holds the markers of a conflict that was not resolved",
            Self::Taken => "would add what its folder has already, and Terraform refuses a second one",
        }
    }

    /// The way out.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::Foreign => {
                "move it away, or make it equal to what would be written (`--diff` shows that); `--conflict ours` keeps it"
            }
            Self::Edited => {
                "`--conflict inline` marks both versions in the file for you to resolve, `--conflict ours` or `theirs` takes a side"
            }
            Self::EditedAndGone => {
                "`--conflict ours` keeps it as a file of your own, `--conflict theirs` deletes it"
            }
            Self::EditedManaged => {
                "`--conflict theirs` takes the edit back (`--diff` shows it); say what it is for in the spec instead"
            }
            Self::Branches => {
                "`--diff` shows what would be written: edit it to what you want, and `--conflict ours` keeps that; `--conflict theirs` takes the new version"
            }
            Self::Marked => "resolve the markers, then run the command again",
            Self::Taken => {
                "rename yours, delete it, or make it equal to the new one (`--diff` shows that); `--conflict ours` keeps it instead of the new one"
            }
        }
    }
}

/// Decides about a file from the text last generated, what is on disk, and the new text. Whether a
/// [`Decision::Merge`] can be had is for the merge to say.
#[must_use]
pub fn decide(
    kind: FileKind,
    mode: UpdateMode,
    base: Option<&str>,
    disk: &Disk,
    new: Option<&str>,
    restore: bool,
) -> Decision {
    let equal = |left: &str, right: &str| equivalent(kind, left, right);
    let is = |text: &str| disk.text().is_some_and(|disk| equal(disk, text));
    match (base, disk, new) {
        (None, _, None) => Decision::Unchanged,
        (None, Disk::Absent, Some(_)) => Decision::Create,
        (None, _, Some(new)) if is(new) => Decision::Adopt,
        (None, _, Some(_)) if mode == UpdateMode::Once => Decision::Adopt,
        (None, _, Some(_)) => Decision::Conflict(Conflict::Foreign),
        (Some(_), Disk::Absent, None) => Decision::Forget,
        (Some(base), _, None) if is(base) => Decision::Delete,
        (Some(_), _, None) if mode == UpdateMode::Once => Decision::Forget,
        (Some(_), _, None) => Decision::Conflict(Conflict::EditedAndGone),
        (Some(_), Disk::Absent, Some(_)) if restore => Decision::Create,
        (Some(base), Disk::Absent, Some(new)) => Decision::KeepDeleted(base != new),
        (Some(base), _, Some(new)) => decide_present(mode, base, disk.text(), new, &equal),
    }
}

/// All three are there; no text of ours is equal to a file that is not text.
fn decide_present(
    mode: UpdateMode,
    base: &str,
    disk: Option<&str>,
    new: &str,
    equal: &impl Fn(&str, &str) -> bool,
) -> Decision {
    if disk == Some(new) {
        return if base == new { Decision::Unchanged } else { Decision::Adopt };
    }
    if mode == UpdateMode::Once {
        return Decision::KeepEdited;
    }
    let is = |text: &str| disk.is_some_and(|disk| equal(disk, text));
    let edited = !is(base);
    if edited && disk.is_some_and(has_markers) {
        return Decision::Conflict(Conflict::Marked);
    }
    match (edited, base == new, mode) {
        (false, true, _) => Decision::Unchanged,
        (false, false, _) => Decision::Update,
        (true, _, _) if is(new) => Decision::Adopt,
        (true, _, UpdateMode::Managed) => Decision::Conflict(Conflict::EditedManaged),
        (true, same, _) if same || equal(base, new) => Decision::KeepEdited,
        (true, _, _) => Decision::Merge,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every combination of three texts, absent ones included, against the table of the contract.
    #[test]
    fn the_table_is_exhaustive() {
        let texts = [None, Some("b"), Some("o"), Some("t")];
        let mut rows = 0;
        for base in texts {
            for disk in texts {
                for new in texts {
                    let on_disk = disk.map_or(Disk::Absent, |text| Disk::Text(text.to_owned()));
                    let found = decide(FileKind::Plain, UpdateMode::Merge, base, &on_disk, new, false);
                    let wanted = match (base, disk, new) {
                        (None, _, None) => Decision::Unchanged,
                        (None, None, Some(_)) => Decision::Create,
                        (None, Some(o), Some(t)) if o == t => Decision::Adopt,
                        (None, Some(_), Some(_)) => Decision::Conflict(Conflict::Foreign),
                        (Some(_), None, None) => Decision::Forget,
                        (Some(b), Some(o), None) if o == b => Decision::Delete,
                        (Some(_), Some(_), None) => Decision::Conflict(Conflict::EditedAndGone),
                        (Some(b), None, Some(t)) => Decision::KeepDeleted(b != t),
                        (Some(b), Some(o), Some(t)) if b == o && o == t => Decision::Unchanged,
                        (Some(_), Some(o), Some(t)) if o == t => Decision::Adopt,
                        (Some(b), Some(o), Some(_)) if o == b => Decision::Update,
                        (Some(b), Some(_), Some(t)) if t == b => Decision::KeepEdited,
                        (Some(_), Some(_), Some(_)) => Decision::Merge,
                    };
                    assert_eq!(found, wanted, "base {base:?}, disk {disk:?}, new {new:?}");
                    rows += 1;
                }
            }
        }
        assert_eq!(rows, 64);
    }

    #[test]
    fn formatting_is_no_edit() {
        let (base, disk) = ("a = 1\n", "a   =  1\n");
        let disk = Disk::Text(disk.to_owned());
        let decide = |new| decide(FileKind::Hcl, UpdateMode::Merge, Some(base), &disk, Some(new), false);
        assert_eq!(decide(base), Decision::Unchanged);
        assert_eq!(decide("a = 2\n"), Decision::Update);
    }

    #[test]
    fn a_managed_file_takes_no_edit_and_a_once_file_takes_all() {
        let disk = Disk::Text("edited".to_owned());
        let decide = |mode, new| decide(FileKind::Plain, mode, Some("b"), &disk, Some(new), false);
        assert_eq!(decide(UpdateMode::Managed, "b"), Decision::Conflict(Conflict::EditedManaged));
        assert_eq!(decide(UpdateMode::Once, "t"), Decision::KeepEdited);
    }
}
