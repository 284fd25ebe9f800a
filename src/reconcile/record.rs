//! The record of one unit: its files with the exact text last generated, the base of every later
//! comparison.
//!
//! Written by hand, because it is most of what a run writes and its form is small: one line for each
//! file, so that a review has few of them, and git, which merges records by taking the lines of both
//! sides, leaves one that can be read. Read as YAML, because what stands on disk may be anybody's. It
//! is untrusted: paths are checked like any other, and what cannot be read is no record, never a
//! guess.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use serde::Deserialize;

use super::marked;
use super::stored::{self, FORMAT, Unreadable};
use crate::output::{File, RelPath, Unit, UnitName, UpdateMode};

/// The files of a unit as they were last generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRecord {
    /// The unit.
    pub unit: UnitName,
    /// Whether its target was retired by then.
    pub retired: bool,
    /// Whether it is what a merge of two branches made of theirs: then it is written again.
    pub is_merged: bool,
    /// The files, in the order of the manifest.
    pub files: Vec<RecordedFile>,
}

/// A file as it was last generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedFile {
    /// Where it went.
    pub path: RelPath,
    /// The template's stable id.
    pub template: Arc<str>,
    /// What later runs may do with it.
    pub mode: UpdateMode,
    /// Its text.
    pub text: Arc<str>,
    /// Its texts on other branches, where a merge left more than one: in the order of the sides, after
    /// the first.
    pub others: Vec<Arc<str>>,
}

impl RecordedFile {
    /// Every text that it may have been generated with.
    pub fn texts(&self) -> impl Iterator<Item = &Arc<str>> {
        std::iter::once(&self.text).chain(&self.others)
    }

    /// Adds what another side of a merge says of the same file.
    fn add(&mut self, other: Self) {
        if self.texts().all(|text| *text != other.text) {
            self.others.push(other.text);
        }
    }
}

impl UnitRecord {
    /// The record of a unit as it is generated now.
    #[must_use]
    pub fn of(unit: &Unit, retired: bool) -> Self {
        let file = |file: &File| RecordedFile {
            path: file.path.clone(),
            template: Arc::clone(&file.template),
            mode: file.mode,
            text: Arc::clone(&file.text),
            others: Vec::new(),
        };
        Self {
            unit: unit.name.clone(),
            retired,
            is_merged: false,
            files: unit.files.iter().map(file).collect(),
        }
    }

    /// The record as it is written.
    #[must_use]
    pub fn to_text(&self) -> String {
        let room = self.files.iter().map(|file| file.text.len() + file.text.len() / 8 + 256).sum();
        let mut out = String::with_capacity(room);
        out.push_str(
            "# The text last generated, from which edits are told: commit it, and do not edit it.\n",
        );
        // Writing to a string cannot fail.
        _ = write!(out, "format: {FORMAT}\nunit: {}\n", self.unit);
        if self.retired {
            out.push_str("retired: true\n");
        }
        out.push_str("files:\n");
        for (file, text) in self.files.iter().flat_map(|file| file.texts().map(move |text| (file, text))) {
            out.push_str("  - {path: ");
            push_scalar(file.path.as_str(), &mut out);
            out.push_str(", template: ");
            push_scalar(&file.template, &mut out);
            out.push_str(", policy: ");
            out.push_str(file.mode.as_str());
            out.push_str(", text: ");
            push_quoted(text, &mut out);
            out.push_str("}\n");
        }
        out
    }

    /// Reads the record of a unit.
    ///
    /// # Errors
    /// Why it is none: a newer format, damage, or a path that leads out of the folder.
    pub fn parse(unit: &UnitName, text: &str) -> Result<Self, Unreadable> {
        let mut record = Self { unit: unit.clone(), retired: false, is_merged: false, files: Vec::new() };
        let sides = marked::sides(text);
        record.is_merged = sides.is_some();
        match sides {
            Some(sides) => sides.iter().try_for_each(|side| record.add(side))?,
            None => record.add(text).or_else(|why| match without_repetitions(text) {
                Some(text) => record.add(&text),
                None => Err(why),
            })?,
        }
        Ok(record)
    }

    /// Adds what one text says, which is the whole record, or one side of a merge.
    fn add(&mut self, text: &str) -> Result<(), Unreadable> {
        let damaged = |why: String| Unreadable::Damaged(why);
        let written: Written = stored::read(text)?;
        if written.unit != self.unit.to_string() {
            return Err(damaged(format!("it belongs to `{}`", written.unit)));
        }
        self.retired |= written.retired;
        for file in written.files.unwrap_or_default() {
            let path = RelPath::new(&file.path)
                .filter(|path| !path.is_reserved())
                .ok_or_else(|| damaged(format!("`{}` is not a place for a generated file", file.path)))?;
            let mode = match &*file.policy {
                "managed" => UpdateMode::Managed,
                "once" => UpdateMode::Once,
                _ => UpdateMode::Merge,
            };
            let (template, text) = (file.template.into(), file.text.into());
            let file = RecordedFile { path, template, mode, text, others: Vec::new() };
            match self.files.iter_mut().find(|known| known.path == file.path) {
                Some(known) => {
                    self.is_merged = true;
                    known.add(file);
                }
                None => self.files.push(file),
            }
        }
        Ok(())
    }

    /// The file that a template wrote elsewhere before, if there is no doubt which it was.
    #[must_use]
    pub fn moved(&self, file: &File, wanted: &[File]) -> Option<&RecordedFile> {
        let is_alone = wanted.iter().filter(|other| other.template == file.template).count() == 1;
        let mut before = self.files.iter().filter(|known| known.template == file.template);
        let known = before.next().filter(|_| is_alone && before.next().is_none())?;
        let is_free = wanted.iter().all(|other| other.path != known.path);
        is_free.then_some(known)
    }

    /// The text last generated for a path.
    #[must_use]
    pub fn base(&self, path: &RelPath) -> Option<&RecordedFile> {
        self.files.iter().find(|file| file.path == *path)
    }
}

#[derive(Deserialize)]
struct Written {
    unit: String,
    #[serde(default)]
    retired: bool,
    files: Option<Vec<WrittenFile>>,
}

#[derive(Deserialize)]
struct WrittenFile {
    path: String,
    template: String,
    policy: String,
    text: String,
}

/// A record without the head lines of its second side, where git took the lines of both.
fn without_repetitions(text: &str) -> Option<String> {
    let mut heads = BTreeSet::new();
    let once: String =
        text.split_inclusive('\n').filter(|line| line.starts_with(' ') || heads.insert(*line)).collect();
    (once != text).then_some(once)
}

/// A one-line value: bare where YAML cannot take it for anything else.
fn push_scalar(value: &str, out: &mut String) {
    // From `-` to `9` are the hyphen, the dot, the slash and the digits.
    let is_bare = |byte: u8| matches!(byte, b'-'..=b'9' | b'A'..=b'Z' | b'_' | b'a'..=b'z');
    let bare = value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.bytes().fold(true, |bare, byte| bare & is_bare(byte))
        && memchr::memchr2(b'/', b'.', value.as_bytes()).is_some();
    if bare {
        out.push_str(value);
    } else {
        push_quoted(value, out);
    }
}

/// A whole text in double quotes. Nearly all texts are plain ASCII, which can be told from many bytes
/// at once, without an early end that would keep it from being fast.
fn push_quoted(text: &str, out: &mut String) {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    if !text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
        return push_escaped(text, out);
    }
    out.push('"');
    let mut start = 0;
    for at in memchr::memchr3_iter(b'\n', b'"', b'\\', text.as_bytes()) {
        out.push_str(&text[start..at]);
        out.push('\\');
        start = at;
        if text.as_bytes()[at] == b'\n' {
            out.push('n');
            start += 1;
        }
    }
    out.push_str(&text[start..]);
    out.push('"');
}

/// The same with every character escaped that is not printable ASCII.
fn push_escaped(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            ' '..='~' => out.push(c),
            // Writing to a string cannot fail.
            c => _ = write!(out, "\\U{:08x}", u32::from(c)),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x() -> UnitName {
        UnitName::parse("targets/x").expect("a target's name")
    }

    #[test]
    fn every_text_comes_back_as_it_was() {
        let texts = [
            "",
            "\n",
            "a\n",
            "a",
            "a\n\n",
            " a\n",
            "\ta\n",
            "a\n\n b\n",
            "# x\n- y: |\n",
            "tab\there\n",
            "\u{85}\n",
            "\u{2028}x\n",
            "\u{feff}x\n",
            "a\r\nb\n",
            "emoji \u{1f600}\n",
            "\u{7f}\n",
            "%x\n---\n...\n",
        ];
        for text in texts {
            let file = RecordedFile {
                path: RelPath::new("accounts/x/main.tf").expect("a plain path"),
                template: "bootstrap/main.tf".into(),
                mode: UpdateMode::Merge,
                text: text.into(),
                others: Vec::new(),
            };
            let record = UnitRecord { unit: x(), retired: false, is_merged: false, files: vec![file] };
            assert_eq!(UnitRecord::parse(&record.unit, &record.to_text()), Ok(record), "{text:?}");
        }
    }

    #[test]
    fn a_record_that_lies_is_none() {
        let unit = UnitName::Shared;
        let parse = |text| UnitRecord::parse(&unit, text);
        assert_eq!(parse("format: 2\n"), Err(Unreadable::Newer(2)));
        assert!(matches!(parse("format: 1\nunit: source\nfiles: []\n"), Err(Unreadable::Damaged(_))));
        let outside =
            "format: 1\nunit: shared\nfiles:\n  - {path: ../x, template: x, policy: merge, text: x}\n";
        assert!(matches!(parse(outside), Err(Unreadable::Damaged(_))));
        assert!(matches!(parse("<<<<<<< ours\n"), Err(Unreadable::Damaged(_))));
    }
}
