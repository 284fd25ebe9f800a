//! What the policies of a unit allow that they did not, in words: each file by itself, whoever uses it.
//!
//! Judged by the text that stands on disk now and the text that will, so a person's edits count on
//! both sides.

use super::Disk;
use super::change::{Change, UnitPlan};
use crate::diagnostic::Span;
use crate::output::{FileKind, RelPath};
use crate::policy::{may_be_template, template_widenings, widenings};
use crate::value::{self, Data, Value};

/// What a plan allows in policies of a unit, and in which files. `is_upgrade` says whether other templates
/// wrote the unit, so that a file which is new may say what another one said.
#[must_use]
pub fn widened_policies(unit: &UnitPlan, is_upgrade: bool) -> Vec<(RelPath, String)> {
    let changes = unit.changes.iter().filter(|change| FileKind::of(change.path.as_str()) == FileKind::Json);
    let widened = changes.flat_map(|change| {
        let widened = widened(unit, change, is_upgrade);
        widened.into_iter().map(|what| (change.path.clone(), what))
    });
    widened.collect()
}

fn widened(unit: &UnitPlan, change: &Change, is_upgrade: bool) -> Vec<String> {
    let after = change.writes().find(|file| file.path == change.path);
    let (Some(after), Some(before)) = (after, before(unit, change, is_upgrade)) else { return Vec::new() };
    if may_be_template(&after.text) {
        return template_widenings(before, &after.text);
    }
    let nothing = || Value::new(Span::default(), Data::Null);
    let read = |text: &str| value::parse(text, 0).unwrap_or_else(|_| nothing());
    widenings(&read(before), &read(&after.text))
}

/// The text that a file had, or a file that it comes from; the empty text, beside which everything is
/// new, where that cannot be read. Nothing for a file that was asked for.
fn before<'p>(unit: &'p UnitPlan, change: &'p Change, is_upgrade: bool) -> Option<&'p str> {
    let disk = match &change.from {
        None => &change.before,
        Some(from) => {
            let there = unit.changes.iter().find(|other| other.path == *from);
            there.map_or(&Disk::Absent, |there| &there.before)
        }
    };
    match disk {
        Disk::Text(text) => Some(text),
        Disk::Bytes => Some(""),
        Disk::Absent if change.from.is_some() || is_upgrade => Some(""),
        Disk::Absent => None,
    }
}
