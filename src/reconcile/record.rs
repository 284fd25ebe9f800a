//! The record of one unit: its files with the exact text last generated, the base of every later
//! comparison.
//!
//! Written by hand, because it is most of what a run writes and its form is small; read as YAML,
//! because what stands on disk may be anybody's. It is untrusted: paths are checked like any
//! other, and what cannot be read is no record, never a guess.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Deserialize;

use super::stored::{self, FORMAT, Unreadable};
use crate::digest::xxh3;
use crate::tree::{File, RelPath, Unit, UnitName, UpdateMode};

/// The files of a unit as they were last generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRecord {
    /// The unit.
    pub unit: UnitName,
    /// Whether its target was retired by then.
    pub retired: bool,
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
    pub policy: UpdateMode,
    /// Its text.
    pub text: Arc<str>,
}

impl UnitRecord {
    /// The record of a unit as it is generated now.
    #[must_use]
    pub fn of(unit: &Unit, retired: bool) -> Self {
        let file = |file: &File| RecordedFile {
            path: file.path.clone(),
            template: Arc::clone(&file.template),
            policy: file.policy,
            text: Arc::clone(&file.text),
        };
        Self { unit: unit.name.clone(), retired, files: unit.files.iter().map(file).collect() }
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
        out.push_str(if self.files.is_empty() { "files: []\n" } else { "files:\n" });
        for file in &self.files {
            for (start, value) in [("  - path: ", file.path.as_str()), ("    template: ", &file.template)] {
                out.push_str(start);
                push_scalar(value, &mut out);
                out.push('\n');
            }
            out.push_str("    policy: ");
            out.push_str(file.policy.as_str());
            out.push_str("\n    text: ");
            push_text(&file.text, &mut out);
        }
        out
    }

    /// The digest of a record's text, as `xxhsum -H2` prints it.
    #[must_use]
    pub fn digest(text: &str) -> String {
        xxh3(text)
    }

    /// Reads the record of a unit.
    ///
    /// # Errors
    /// Why it is none: a newer format, damage, or a path that leads out of the folder.
    pub fn parse(unit: &UnitName, text: &str) -> Result<Self, Unreadable> {
        let damaged = |why: String| Unreadable::Damaged(why);
        let written: Written = stored::read(text)?;
        if written.unit != unit.to_string() {
            return Err(damaged(format!("it belongs to `{}`", written.unit)));
        }
        let files = written.files.into_iter().map(|file| {
            let path = RelPath::new(&file.path)
                .filter(|path| !path.is_reserved())
                .ok_or_else(|| damaged(format!("`{}` is not a place for a generated file", file.path)))?;
            let policy = match &*file.policy {
                "managed" => UpdateMode::Managed,
                "once" => UpdateMode::Once,
                _ => UpdateMode::Merge,
            };
            Ok(RecordedFile { path, template: file.template.into(), policy, text: file.text.into() })
        });
        let files = files.collect::<Result<_, Unreadable>>()?;
        Ok(Self { unit: unit.clone(), retired: written.retired, files })
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
    files: Vec<WrittenFile>,
}

#[derive(Deserialize)]
struct WrittenFile {
    path: String,
    template: String,
    policy: String,
    text: String,
}

/// A one-line value: bare where YAML cannot take it for anything else.
fn push_scalar(value: &str, out: &mut String) {
    // From `-` to `9` are the hyphen, the dot, the slash and the digits.
    let is_bare = |byte: u8| matches!(byte, b'-'..=b'9' | b'A'..=b'Z' | b'_' | b'a'..=b'z');
    let bare = value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.bytes().fold(true, |bare, byte| bare & is_bare(byte))
        && value.contains(['/', '.']);
    if bare {
        out.push_str(value);
    } else {
        push_quoted(value, out);
    }
}

/// A whole text: a literal block, which reads like the file, or quotes where YAML would not give
/// back every byte of such a block.
fn push_text(text: &str, out: &mut String) {
    let one_newline = text.ends_with('\n') && !text.ends_with("\n\n");
    if !one_newline || text.starts_with([' ', '\n', '\t']) || !is_printable(text) {
        push_quoted(text, out);
        out.push('\n');
        return;
    }
    out.push_str("|\n");
    let mut start = 0;
    for newline in memchr::memchr_iter(b'\n', text.as_bytes()) {
        if newline > start {
            out.push_str("      ");
        }
        out.push_str(&text[start..=newline]);
        start = newline + 1;
    }
}

/// Whether YAML takes every character of a text as it is. Nearly all texts are plain ASCII, which
/// can be told from many bytes at once, without an early end that would keep it from being fast.
fn is_printable(text: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    let plain = text.bytes().fold(true, |plain, byte| plain & is_plain(byte));
    let printable = |c: char| matches!(c, '\n' | '\t' | ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{fefe}' | '\u{10000}'..);
    plain || text.chars().all(printable)
}

/// Double quotes with every character escaped that is not printable ASCII.
fn push_quoted(text: &str, out: &mut String) {
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
                policy: UpdateMode::Merge,
                text: text.into(),
            };
            let record = UnitRecord { unit: x(), retired: false, files: vec![file] };
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
