//! The manifest of a pack: which template becomes which file, and when.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::condition::Condition;
use crate::diagnostic::words::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::model::words;
use crate::tree::{FileKind, Holds, Policy};
use crate::yaml::{self, Decode, Decoder, Field, Located, View, record};

record! {
    /// `pack.yaml`, as written.
    pub struct ManifestSpec {
        /// What the pack is called in records.
        pub id: String,
        /// Its version; a change of the output is a new version.
        pub version: u32,
        /// The files, in the order a reader meets them.
        pub files: Vec<Located<EntrySpec>>,
    }
}

record! {
    /// One file of the manifest, as written.
    pub struct EntrySpec {
        /// The template.
        pub template: String,
        /// The document that the file is, in place of a template.
        pub document: Holds,
        /// Where the output goes; a template itself.
        pub path: String,
        /// What it is known by in records.
        pub id: String,
        /// The unit of a file that is written once.
        pub unit: UnitWord,
        /// What it is written for each of.
        pub for_each: Each,
        /// An expression; the file is written only where it holds.
        pub when: String,
        /// What later runs may do with it.
        pub policy: PolicyWord,
    }
}

words! {
    /// What a template is written for each of.
    pub enum Each: "a thing to write a file for each of" {
        /// Nothing: once.
        Once = "once",
        /// Every target.
        Target = "target",
        /// Every inline policy of every target.
        InlinePolicy = "inline_policy",
        /// Every identity policy of the callers.
        AssumePolicy = "assume_policy",
    }
}

words! {
    /// The unit of a file that is written once.
    pub enum UnitWord: "a unit" {
        /// Files that belong to no account.
        Shared = "shared",
        /// Files of Account A.
        Source = "source",
    }
}

words! {
    /// What later runs may do with a file.
    pub enum PolicyWord: "a policy" {
        /// Keep edits.
        Merge = "merge",
        /// Ours alone.
        Managed = "managed",
        /// Written if absent.
        Once = "once",
    }
}

/// A manifest that has been checked.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// What the pack is called in records.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// The files, in the order a reader meets them.
    pub entries: Vec<Entry>,
}

/// One file of the manifest.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What its text comes from.
    pub content: Content,
    /// The template of its path.
    pub path: String,
    /// The stable id.
    pub id: Arc<str>,
    /// The unit of a file that is written once.
    pub unit: UnitWord,
    /// What it is written for each of.
    pub for_each: Each,
    /// The condition under which it is written.
    pub when: Option<String>,
    /// What later runs may do with it.
    pub policy: Policy,
    /// The same taken apart, where no engine is needed for it.
    pub(super) condition: Option<Condition>,
    /// What kind of file it is.
    pub kind: FileKind,
    /// Its place in the manifest.
    pub at: Span,
    /// The parts of its path, if that holds nothing but names: `accounts/{{ target }}/main.tf`.
    pub(super) pieces: Option<Vec<PathPiece>>,
    /// What the template of its path is called.
    pub(super) path_name: String,
    /// What the template of its condition is called.
    pub(super) when_name: String,
}

/// What the text of a file comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The template of this name.
    Template(String),
    /// A document, which no template has a part in.
    Document(Holds),
}

impl Content {
    /// The template's name, where there is one.
    #[must_use]
    pub fn template(&self) -> Option<&str> {
        match self {
            Self::Template(name) => Some(name),
            Self::Document(_) => None,
        }
    }

    /// The document, where it is one.
    #[must_use]
    pub fn holds(&self) -> Option<Holds> {
        match self {
            Self::Template(_) => None,
            Self::Document(holds) => Some(*holds),
        }
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template(name) => f.write_str(name),
            Self::Document(holds) => write!(f, "document {holds}"),
        }
    }
}

/// What a document is written for each of.
fn each_of(holds: Holds) -> Each {
    match holds {
        Holds::TrustPolicy => Each::Target,
        Holds::AssumePolicy => Each::AssumePolicy,
        Holds::InlinePolicy => Each::InlinePolicy,
    }
}

/// Reads a manifest; what is wrong with it goes to `found`.
pub(super) fn parse(
    source: &Arc<Source>,
    templates: &BTreeMap<String, Arc<Source>>,
    found: &mut Diagnostics,
) -> Option<Manifest> {
    let Some(root) = yaml::load(source, found) else {
        let help = "a manifest has an `id`, a `version` and `files`";
        found
            .push_if_empty(Diagnostic::error("the manifest is empty").at(source, Span::default()).help(help));
        return None;
    };
    let spec = ManifestSpec::decode(&mut Decoder::new(source, found, |_| false), View::new(&root, None))?;
    let mut reader = Reader { source, templates, found, ids: BTreeSet::new() };
    let entries = reader.required(&spec.files, "files", root.at).into_iter().flatten();
    let entries: Vec<Entry> = entries.filter_map(|entry| reader.entry(entry)).collect();
    let id = reader.required(&spec.id, "id", root.at).cloned();
    if let Some(id) = spec.id.get().filter(|id| !is_pack_id(&id.value)) {
        let message = format!("`{}` is not the id of a pack", id.value);
        reader.error(id.at, message, "1 to 64 letters, digits, `-`, `_` and `.`");
    }
    let version = reader.required(&spec.version, "version", root.at).copied();
    Some(Manifest { id: id?, version: version?, entries })
}

impl Manifest {
    /// Whether a file of this pack may have this path, for some target or policy.
    #[must_use]
    pub fn may_write(&self, path: &str) -> bool {
        self.entries.iter().any(|entry| entry.pieces.as_deref().is_none_or(|pieces| fits(pieces, path)))
    }

    /// The folder that holds a folder for each target, with its slash, where every file of a target lies in
    /// its own: then no two targets can write one path.
    #[must_use]
    pub fn folder_of_targets(&self) -> Option<&str> {
        let of_targets =
            self.entries.iter().filter(|entry| matches!(entry.for_each, Each::Target | Each::InlinePolicy));
        let mut folders = of_targets.map(|entry| match entry.pieces.as_deref()? {
            [PathPiece::Text(above), PathPiece::Name(name), PathPiece::Text(below), ..]
                if (above.is_empty() || above.ends_with('/'))
                    && name == "target"
                    && below.starts_with('/') =>
            {
                Some(above.as_str())
            }
            _ => None,
        });
        let first = folders.next()??;
        folders.all(|folder| folder == Some(first)).then_some(first)
    }
}

/// Whether a path is made of these pieces, whatever its names stand for.
fn fits(pieces: &[PathPiece], path: &str) -> bool {
    match pieces {
        [] => path.is_empty(),
        [PathPiece::Text(text), rest @ ..] => path.strip_prefix(&**text).is_some_and(|path| fits(rest, path)),
        [PathPiece::Name(_), rest @ ..] => {
            let ends = path.char_indices().map(|(end, _)| end).chain([path.len()]);
            ends.skip(1).any(|end| fits(rest, &path[end..]))
        }
    }
}

/// A part of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PathPiece {
    /// As it stands.
    Text(String),
    /// A name, to be filled in.
    Name(String),
}

/// The parts of a path that holds nothing but names; `None` where there is more to it.
fn pieces(path: &str) -> Option<Vec<PathPiece>> {
    if path.contains("{%") || path.contains("{#") {
        return None;
    }
    let mut pieces = Vec::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}")?;
        let name = name.trim();
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return None;
        }
        pieces.extend([PathPiece::Text(before.to_owned()), PathPiece::Name(name.to_owned())]);
        rest = after;
    }
    pieces.push(PathPiece::Text(rest.to_owned()));
    Some(pieces)
}

fn is_pack_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

struct Reader<'r> {
    source: &'r Arc<Source>,
    templates: &'r BTreeMap<String, Arc<Source>>,
    found: &'r mut Diagnostics,
    ids: BTreeSet<String>,
}

impl Reader<'_> {
    fn error(&mut self, at: Span, message: impl Into<String>, help: impl Into<String>) {
        self.found.push(Diagnostic::error(message).at(self.source, at).help(help));
    }

    fn required<'f, T>(&mut self, field: &'f Field<T>, key: &str, at: Span) -> Option<&'f T> {
        if field.is_absent() {
            self.error(Span { end: at.start + 1, ..at }, format!("`{key}` is missing"), "");
        }
        field.value()
    }

    fn entry(&mut self, spec: &Located<EntrySpec>) -> Option<Entry> {
        let Located { value: spec, at, .. } = spec;
        let content = self.content(spec, *at);
        let path = self.required(&spec.path, "path", *at).cloned();
        let (content, path) = (content?, path?);
        let kind = self.kind(&content, &path, *at);
        let for_each = self.for_each(spec, &content);
        let default = content.template().map_or_else(|| content.to_string(), str::to_owned);
        let id = spec.id.value().unwrap_or(&default);
        if !self.ids.insert(id.clone()) {
            self.error(*at, format!("two files are known as `{id}`"), "give one of them an `id` of its own");
        }
        Some(Entry {
            pieces: pieces(&path),
            path_name: format!("path of {id}"),
            when_name: format!("when of {id}"),
            id: id.as_str().into(),
            unit: spec.unit.value().copied().unwrap_or(UnitWord::Shared),
            for_each,
            condition: spec.when.value().and_then(|when| Condition::parse(when)),
            when: spec.when.value().cloned(),
            policy: match spec.policy.value() {
                None | Some(PolicyWord::Merge) => Policy::Merge,
                Some(PolicyWord::Managed) => Policy::Managed,
                Some(PolicyWord::Once) => Policy::Once,
            },
            kind,
            at: *at,
            content,
            path,
        })
    }

    /// The template or the document, of which there has to be one.
    fn content(&mut self, spec: &EntrySpec, at: Span) -> Option<Content> {
        if let Field::Set(document) = &spec.document {
            if !spec.template.is_absent() {
                let help = "a `document` is written as it is; for a text of your own around it, use a `template` and leave `document` out";
                self.error(document.at, "a file has either a `template` or a `document`", help);
            }
            return Some(Content::Document(document.value));
        }
        if spec.document.is_absent() {
            self.required(&spec.template, "template", at);
        }
        let template = spec.template.get()?;
        if !self.templates.contains_key(&template.value) {
            let known: Vec<_> = self.templates.keys().map(String::as_str).collect();
            let message = format!("the pack has no template `{}`", template.value);
            self.error(template.at, message, did_you_mean(&template.value, &known));
            return None;
        }
        Some(Content::Template(template.value.clone()))
    }

    fn kind(&mut self, content: &Content, path: &str, at: Span) -> FileKind {
        let Content::Template(template) = content else {
            if FileKind::of(path) != FileKind::Json {
                self.error(at, format!("{content} cannot become `{path}`"), "a policy document is `.json`");
            }
            return FileKind::Json;
        };
        let kind = FileKind::of(template);
        if FileKind::of(path) != kind && kind != FileKind::Plain {
            let help = "values are escaped by the template's ending, so both must end alike";
            self.error(at, format!("`{template}` cannot become `{path}`: another kind of file"), help);
        }
        kind
    }

    fn for_each(&mut self, spec: &EntrySpec, content: &Content) -> Each {
        let said = spec.for_each.get();
        let Content::Document(holds) = content else {
            return said.map_or(Each::Once, |said| said.value);
        };
        let needed = each_of(*holds);
        if let Some(said) = said.filter(|said| said.value != needed) {
            let message = format!("{content} is written `for_each: {needed}`, not `{}`", said.value);
            self.error(said.at, message, "leave `for_each` out, or correct it");
        }
        needed
    }
}
