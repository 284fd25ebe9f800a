//! Generated files as values: safe paths, texts, and the units they belong to.
//!
//! Refuses to hold a path that could lead out of the folder it is written into.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::model::file_name::{is_portable, is_short_name};
use crate::model::{TargetName, Text as _, words};

/// A path inside the output folder: relative, without `.`, `..`, empty or odd parts. Cheap to clone,
/// because file, plan and record all name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RelPath(Arc<str>);

impl RelPath {
    /// The path, if it is safe on every system: no part of it is `.`, `..`, git's folder, or anything
    /// that Windows or macOS would take for another name; nothing in it is hidden.
    #[must_use]
    pub fn new(path: &str) -> Option<Self> {
        path.split('/').all(is_portable).then(|| Self(path.into()))
    }

    /// Whether it lies among our records, where nothing is generated; no case of letters and no short
    /// name of NTFS hides that.
    #[must_use]
    pub fn is_reserved(&self) -> bool {
        let is_record = |part: &str| {
            part.starts_with('.') && part.to_uppercase().starts_with(".CROSSROLE")
                || is_short_name(part, "crossr")
        };
        // Nearly no path holds what such a name begins with, or a number of NTFS.
        let may_be = self.0.starts_with('.') || self.0.contains("/.") || self.0.contains('~');
        may_be && self.0.split('/').any(is_record)
    }

    /// The path with `/` between its parts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folders above the file, outermost first.
    #[must_use]
    pub fn folders(&self) -> impl DoubleEndedIterator<Item = &str> {
        memchr::memchr_iter(b'/', self.0.as_bytes()).map(|end| &self.0[..end])
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RelPath {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        Self::new(&path).ok_or_else(|| format!("`{path}` is not a path that a run writes"))
    }
}

impl From<RelPath> for String {
    fn from(path: RelPath) -> Self {
        path.0.as_ref().to_owned()
    }
}

/// A path as a file system sees it that minds neither case nor the form of Unicode: two paths that it
/// takes for one fold alike.
#[must_use]
pub fn folded(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    // Some letters meet in upper case only, such as the two small sigmas.
    path.nfd().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

/// What a file is, by its name: decides escaping, formatting and the comparison of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Terraform's language.
    Hcl,
    /// JSON.
    Json,
    /// A POSIX shell script.
    Shell,
    /// Markdown.
    Markdown,
    /// Anything else.
    Plain,
}

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Hcl, Self::Json, Self::Shell, Self::Markdown, Self::Plain];

    /// The kind of a file by the ending of its name.
    #[must_use]
    pub fn of(path: &str) -> Self {
        // Behind a dot in the name of a folder there is a slash, and no ending has one.
        match memchr::memrchr(b'.', path.as_bytes()).map(|dot| &path[dot + 1..]) {
            Some("tf" | "tofu" | "hcl" | "tfvars") => Self::Hcl,
            Some("json") => Self::Json,
            Some("sh") => Self::Shell,
            Some("md") => Self::Markdown,
            _ => Self::Plain,
        }
    }
}

/// What a later run may do with a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateMode {
    /// Keep a person's edits and bring in what is new.
    Merge,
    /// Ours alone: an edit is a conflict.
    Managed,
    /// Written if absent, never again.
    Once,
}

impl UpdateMode {
    /// The word in manifests and records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Managed => "managed",
            Self::Once => "once",
        }
    }
}

words! {
    /// A policy document that the program builds itself, so that a file which holds one as it was built
    /// says what the spec says.
    pub enum Holds: "a document" {
        /// Who can assume the role of a target.
        TrustPolicy = "trust_policy",
        /// What callers in A may assume.
        AssumePolicy = "assume_policy",
        /// What the role of a target may do.
        InlinePolicy = "inline_policy",
    }
}

/// A file as generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it goes.
    pub path: RelPath,
    /// The template's stable id, whatever the path.
    pub template: Arc<str>,
    /// The document that it is, where no template had a part in it.
    pub holds: Option<Holds>,
    /// What later runs may do with it.
    pub mode: UpdateMode,
    /// Whether it is a program.
    pub executable: bool,
    /// The whole text; files with equal texts share it.
    pub text: Arc<str>,
}

/// A part of the output with a record of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum UnitName {
    /// Files that belong to no account.
    Shared,
    /// Files of Account A.
    Source,
    /// Files of one Account B.
    Target(TargetName),
}

impl UnitName {
    /// The target whose files they are, if they are one's.
    #[must_use]
    pub fn target(&self) -> Option<&TargetName> {
        match self {
            Self::Target(name) => Some(name),
            Self::Shared | Self::Source => None,
        }
    }

    /// The unit of a name as records write it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "shared" => Some(Self::Shared),
            "source" => Some(Self::Source),
            _ => {
                let target = name.strip_prefix("targets/")?;
                TargetName::parse(target).ok().map(Self::Target)
            }
        }
    }
}

impl fmt::Display for UnitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shared => f.write_str("shared"),
            Self::Source => f.write_str("source"),
            Self::Target(name) => write!(f, "targets/{name}"),
        }
    }
}

impl TryFrom<String> for UnitName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Self::parse(&name).ok_or_else(|| format!("`{name}` is not a unit"))
    }
}

impl From<UnitName> for String {
    fn from(unit: UnitName) -> Self {
        unit.to_string()
    }
}

/// The files of one unit, in the order of the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Whose files they are.
    pub name: UnitName,
    /// The files.
    pub files: Vec<File>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_generated_among_the_records() {
        for path in [".crossrole/lock.yaml", "a/.CrossRole-new", ".croſſrole/x", "CROSSR~1/lock.yaml"] {
            assert!(RelPath::new(path).is_none_or(|path| path.is_reserved()), "{path}");
        }
        for path in ["crossrole.yaml", "a/.crossrail", "CROSSROLE.md"] {
            assert!(RelPath::new(path).is_some_and(|path| !path.is_reserved()), "{path}");
        }
    }

    #[test]
    fn paths_that_leave_the_folder_cannot_exist() {
        for path in
            ["", "/", "/etc/passwd", "a//b", "a/../b", "..", "./a", "a/", "a\\b", "c:d", "a\0b", "a\nb"]
        {
            assert_eq!(RelPath::new(path), None, "{path:?}");
        }
        let path = RelPath::new("accounts/x/main.tf").expect("a plain path");
        assert_eq!(path.folders().collect::<Vec<_>>(), ["accounts", "accounts/x"]);
    }

    #[test]
    fn paths_that_some_file_system_takes_for_one_fold_alike() {
        for (left, right) in
            [("a/B.tf", "A/b.tf"), ("caf\u{e9}", "CAFE\u{301}"), ("\u{3c3}", "\u{3c2}"), ("\u{212a}", "k")]
        {
            assert_eq!(folded(left), folded(right));
        }
        assert_ne!(folded("cafe"), folded("caf\u{e9}"));
    }
}
