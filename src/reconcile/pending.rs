//! A run that waits for a person: which conflicts it left them, and how to get back to before it.

use serde::{Deserialize, Serialize};

use super::change::{Change, Plan, RecordChange, UnitPlan};
use super::stored::{self, Unreadable};
use super::{Decision, Disk};
use crate::digest::sha256;
use crate::output::{RelPath, UnitName};

/// What a run that left conflicts writes down before it writes anything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Whether the run wrote everything that it was to write.
    pub complete: bool,
    /// What a person is to resolve.
    pub conflicts: Vec<Waiting>,
    /// The units whose records change once all is resolved.
    pub units: Vec<WaitingUnit>,
    /// Every file that the run touches, its own records included.
    pub touched: Vec<Touched>,
}

/// A conflict that a person is to resolve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The file.
    pub path: RelPath,
    /// The new text beside it, to be deleted when it is merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<RelPath>,
}

/// A unit whose record changes once all is resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingUnit {
    /// The unit.
    pub unit: UnitName,
    /// Whether it has a record then.
    pub stays: bool,
}

/// A file that a run touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WrittenTouched", into = "WrittenTouched")]
pub struct Touched {
    /// The file.
    pub path: RelPath,
    /// Whether it was there before the run.
    pub existed: bool,
    /// What the run leaves there.
    pub left: Left,
}

/// What a run leaves where a file was, or was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Left {
    /// A text of this digest.
    Text(String),
    /// Nothing: it deletes the file.
    Nothing,
    /// What was there: a person is to write.
    AsBefore,
}

impl Pending {
    /// What has to be written down before a plan is carried out that leaves conflicts.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let conflicts = plan.conflicts().map(|(change, _)| waiting(change)).collect();
        let touched = plan.changes().flat_map(touched).collect();
        let waiting = |unit: &UnitPlan| {
            let stays = *unit.resolved.as_ref()? != RecordChange::Remove;
            Some(WaitingUnit { unit: unit.unit.clone(), stays })
        };
        let units = plan.units.iter().filter_map(waiting).collect();
        Self { complete: false, conflicts, units, touched }
    }

    /// Whether a person is to resolve something in a file, or by it.
    #[must_use]
    pub fn is_to_resolve(&self, path: &RelPath) -> bool {
        self.conflicts.iter().any(|waiting| waiting.path == *path || waiting.beside.as_ref() == Some(path))
    }

    /// The text that is written down.
    ///
    /// # Errors
    /// Never, for what can be held.
    pub fn to_text(&self) -> Result<String, String> {
        stored::write(self)
    }

    /// Reads what a run wrote down.
    ///
    /// # Errors
    /// Why it is nothing that a run wrote.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let pending: Self = stored::read(text)?;
        let may_be_written = |path: &&RelPath| !path.is_reserved() || is_record(path);
        if let Some(path) = pending.paths().find(|path| !may_be_written(path)) {
            return Err(Unreadable::Damaged(format!("`{path}` is not a path that a run writes")));
        }
        Ok(pending)
    }

    fn paths(&self) -> impl Iterator<Item = &RelPath> {
        let conflicts =
            self.conflicts.iter().flat_map(|waiting| [&waiting.path].into_iter().chain(&waiting.beside));
        conflicts.chain(self.touched.iter().map(|touched| &touched.path))
    }
}

fn waiting(change: &Change) -> Waiting {
    let beside = change.handed.as_ref().and_then(|handed| handed.beside.as_ref());
    Waiting { path: change.path.clone(), beside: beside.map(|file| file.path.clone()) }
}

fn touched(change: &Change) -> Vec<Touched> {
    let written = change.writes().map(|file| Touched {
        path: file.path.clone(),
        existed: file.path == change.path && change.before != Disk::Absent,
        left: Left::Text(sha256([file.text.as_bytes()])),
    });
    let mut touched: Vec<_> = written.collect();
    // Whoever resolves a conflict may change or delete the file.
    if !touched.iter().any(|touched| touched.path == change.path)
        && (change.is_write() || change.handed.is_some())
    {
        let left = if change.decision == Decision::Delete { Left::Nothing } else { Left::AsBefore };
        touched.push(Touched { path: change.path.clone(), existed: change.before != Disk::Absent, left });
    }
    touched
}

/// Whether a path is one of our own records.
fn is_record(path: &RelPath) -> bool {
    let inside = path.as_str().strip_prefix(".crossrole/");
    inside.is_some_and(|inside| {
        let unit = inside.strip_prefix("units/").and_then(|unit| unit.strip_suffix(".yaml"));
        inside == "lock.yaml" || unit.is_some_and(|unit| UnitName::parse(unit).is_some())
    })
}

/// How a file that is touched is written down.
#[derive(Serialize, Deserialize)]
struct WrittenTouched {
    path: RelPath,
    existed: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    written: Option<String>,
}

impl From<WrittenTouched> for Touched {
    fn from(WrittenTouched { path, existed, deleted, written }: WrittenTouched) -> Self {
        let left = match (written, deleted) {
            (Some(digest), _) => Left::Text(digest),
            (None, true) => Left::Nothing,
            (None, false) => Left::AsBefore,
        };
        Self { path, existed, left }
    }
}

impl From<Touched> for WrittenTouched {
    fn from(Touched { path, existed, left }: Touched) -> Self {
        let deleted = left == Left::Nothing;
        let written = if let Left::Text(digest) = left { Some(digest) } else { None };
        Self { path, existed, deleted, written }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x() -> UnitName {
        UnitName::parse("targets/x").expect("a target's name")
    }

    fn path(path: &str) -> RelPath {
        RelPath::new(path).expect("a path")
    }

    #[test]
    fn what_was_written_down_is_read_again() {
        let pending = Pending {
            complete: true,
            conflicts: vec![Waiting { path: path("a.json"), beside: Some(path("a.json.template-new")) }],
            touched: vec![
                Touched { path: path("a.json"), existed: true, left: Left::AsBefore },
                Touched { path: path("b c.tf"), existed: false, left: Left::Text("d".repeat(64)) },
                Touched { path: path("c.tf"), existed: true, left: Left::Nothing },
                Touched { path: path(".crossrole/units/targets/x.yaml"), existed: true, left: Left::Nothing },
            ],
            units: vec![
                WaitingUnit { unit: UnitName::Shared, stays: true },
                WaitingUnit { unit: x(), stays: false },
            ],
        };
        let text = pending.to_text().expect("it can be written");
        assert_eq!(Pending::parse(&text), Ok(pending));
        let newer = text.replace("format: 1", "format: 2");
        assert_eq!(Pending::parse(&newer), Err(Unreadable::Newer(2)));
        let lies = [
            "../a.json",
            ".git/config",
            ".crossrole/policy.yaml",
            ".crossrole/units/x.yaml",
            "x/.GIT/hooks/x",
        ];
        let lies = lies.map(|lie| text.replace("a.json", lie));
        for lie in lies.into_iter().chain([text.replace("shared", "../x"), String::new()]) {
            assert!(matches!(Pending::parse(&lie), Err(Unreadable::Damaged(_))), "{lie}");
        }
    }
}
