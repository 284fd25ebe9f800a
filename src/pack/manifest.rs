//! The manifest of a pack: which template becomes which file, and when.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use super::condition::Condition;
use super::path::PathPattern;
use super::spec::{Each, EntrySpec, ManifestSpec, ModeWord, UnitWord};
use super::{TEMPLATE_ENDING, Texts, file_name};
use crate::diagnostic::words::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::output::{FileKind, Holds, UpdateMode};
use crate::yaml::{self, Data, Decode, Decoder, Field, Located, Node, View};

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
    /// The stable id.
    pub id: Arc<str>,
    /// The unit of a file that is written once.
    pub unit: UnitWord,
    /// What it is written for each of.
    pub for_each: Each,
    /// What later runs may do with it.
    pub mode: UpdateMode,
    /// What kind of file it is.
    pub kind: FileKind,
    /// Its place in the manifest.
    pub at: Span,
    /// Where it is written to.
    pub(super) path: Placed<PathPattern>,
    /// What has to hold for it to be written.
    pub(super) when: Vec<Placed<Condition>>,
}

impl Entry {
    /// Where it is written to, with names in braces.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path.value.text
    }
}

/// Something with its place in the manifest.
#[derive(Debug, Clone)]
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) at: Span,
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

/// What a document is written for each of: the first of these, unless another is asked for.
fn each_of(holds: Holds) -> &'static [Each] {
    match holds {
        Holds::TrustPolicy => &[Each::Role, Each::Caller],
        Holds::AssumePolicy => &[Each::AssumePolicy],
        Holds::InlinePolicy => &[Each::InlinePolicy],
    }
}

/// Reads a manifest; what is wrong with it goes to `found`.
pub(super) fn parse(
    source: &Arc<Source>,
    templates: &Texts,
    others: &Texts,
    found: &mut Diagnostics,
) -> Option<Manifest> {
    let Some(root) = yaml::load(source, found) else {
        let help = "a manifest has an `id`, a `version` and `files`";
        found
            .push_if_empty(Diagnostic::error("the manifest is empty").at(source, Span::default()).help(help));
        return None;
    };
    report_renamed(&root, source, found);
    let mut decoder = Decoder::new(source, found, |key| key == RENAMED);
    let spec = ManifestSpec::decode(&mut decoder, View::new(&root, None))?;
    let mut reader = Reader { source, templates, others, found, ids: BTreeSet::new() };
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

/// Another word for `mode`, which says too little beside policies of IAM.
const RENAMED: &str = "policy";

fn report_renamed(node: &Node<'_>, source: &Arc<Source>, found: &mut Diagnostics) {
    match &node.data {
        Data::Mapping(entries) => {
            for entry in entries.iter() {
                if entry.key == RENAMED {
                    let problem = Diagnostic::error("unknown key `policy`").at(source, entry.key_at);
                    found.push(problem.help("what later runs may do with a file is its `mode`"));
                }
                report_renamed(&entry.value, source, found);
            }
        }
        Data::Sequence(items) => items.iter().for_each(|item| report_renamed(item, source, found)),
        Data::Scalar(_) => {}
    }
}

impl Manifest {
    /// Whether a file of this pack may have this path, for some target or policy.
    #[must_use]
    pub fn may_write(&self, path: &str) -> bool {
        self.entries.iter().any(|entry| entry.path.value.fits(path))
    }

    /// The folder that holds a folder for each target, with its slash, where every file of a target that may be written
    /// lies in its own: then no two targets can write one path.
    #[must_use]
    pub fn folder_of_targets(&self, may_be_written: impl Fn(&Entry) -> bool) -> Option<&str> {
        let of_targets = self
            .entries
            .iter()
            .filter(|entry| matches!(entry.for_each, Each::Target | Each::Role | Each::InlinePolicy))
            .filter(|entry| may_be_written(entry));
        let mut folders = of_targets.map(|entry| entry.path.value.folder_of("target"));
        let first = folders.next()??;
        folders.all(|folder| folder == Some(first)).then_some(first)
    }
}

fn is_pack_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

struct Reader<'r> {
    source: &'r Arc<Source>,
    templates: &'r Texts,
    others: &'r Texts,
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
        self.required(&spec.path, "path", *at);
        let path = spec.path.get().map(|path| self.placed(path, PathPattern::parse));
        let when = spec.when.value().map_or(&[][..], |when| &when.0);
        let when: Vec<_> = when.iter().map(|term| self.placed(term, Condition::parse)).collect();
        let (content, path) = (content?, path??);
        let kind = self.kind(&content, &path.value.text, *at);
        let for_each = self.for_each(spec, &content);
        let default =
            content.template().map_or_else(|| content.to_string(), |name| file_name(name).to_owned());
        let id = spec.id.value().unwrap_or(&default);
        if !self.ids.insert(id.clone()) {
            self.error(*at, format!("two files are known as `{id}`"), "give one of them another `id`");
        }
        Some(Entry {
            id: id.as_str().into(),
            unit: spec.unit.value().copied().unwrap_or(UnitWord::Shared),
            for_each,
            mode: match spec.mode.value() {
                None | Some(ModeWord::Merge) => UpdateMode::Merge,
                Some(ModeWord::Managed) => UpdateMode::Managed,
                Some(ModeWord::Once) => UpdateMode::Once,
            },
            kind,
            at: *at,
            content,
            path,
            when: when.into_iter().collect::<Option<_>>()?,
        })
    }

    /// What a text means, unless it means nothing.
    fn placed<T>(
        &mut self,
        text: &Located<String>,
        parse: fn(&str) -> Result<T, Diagnostic>,
    ) -> Option<Placed<T>> {
        match parse(&text.value) {
            Ok(value) => Some(Placed { value, at: text.at }),
            Err(problem) => {
                self.found.push(problem.at(self.source, text.at));
                None
            }
        }
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
            self.report_unknown(template);
            return None;
        }
        Some(Content::Template(template.value.clone()))
    }

    fn report_unknown(&mut self, template: &Located<String>) {
        let Located { value: name, at, .. } = template;
        let full = format!("{name}{TEMPLATE_ENDING}");
        let (message, help) = if name.ends_with(TEMPLATE_ENDING) {
            let known: Vec<_> = self.templates.keys().map(String::as_str).collect();
            (format!("the pack has no template `{name}`"), did_you_mean(name, &known))
        } else {
            let rename = if self.others.contains_key(name) && !self.templates.contains_key(&full) {
                "rename the file, and "
            } else {
                ""
            };
            let message = format!("`{name}` is not a template: the name of one ends in `{TEMPLATE_ENDING}`");
            (message, format!("{rename}write `template: {full}`"))
        };
        self.error(*at, message, help);
    }

    fn kind(&mut self, content: &Content, path: &str, at: Span) -> FileKind {
        let Content::Template(template) = content else {
            if FileKind::of(path) != FileKind::Json {
                self.error(at, format!("{content} cannot become `{path}`"), "a policy document is `.json`");
            }
            return FileKind::Json;
        };
        let kind = FileKind::of(file_name(template));
        if FileKind::of(path) != kind && kind != FileKind::Plain {
            let help =
                "values are escaped by what stands before `.tera`, so that and the path must end alike";
            self.error(at, format!("`{template}` cannot become `{path}`: another kind of file"), help);
        }
        kind
    }

    fn for_each(&mut self, spec: &EntrySpec, content: &Content) -> Each {
        let said = spec.for_each.get();
        let Content::Document(holds) = content else {
            return said.map_or(Each::Once, |said| said.value);
        };
        let possible = each_of(*holds);
        match said {
            Some(said) if possible.contains(&said.value) => said.value,
            // The document of a target's one role, before there were several.
            Some(said) if said.value == Each::Target && *holds == Holds::TrustPolicy => Each::Role,
            Some(said) => {
                let words: Vec<&str> = possible.iter().map(|each| each.as_str()).collect();
                let message = format!(
                    "{content} is written `for_each: {}`, not `{}`",
                    words.join("` or `"),
                    said.value
                );
                self.error(said.at, message, "leave `for_each` out, or correct it");
                possible[0]
            }
            None => possible[0],
        }
    }
}
