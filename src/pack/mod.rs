//! Template packs: a manifest beside Tera templates, the built-in one or a user's own.
//!
//! Responsible for reading a pack, for compiling every template once, and for rendering one with
//! values that can only appear escaped. Refuses to decide anything about accounts: what a template
//! sees was decided before. Nothing in a template can read, run or ask for anything.

mod condition;
mod engine;
mod escape;
mod manifest;
mod meter;
mod names;
mod path;
mod spec;
mod tags;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::diagnostic::{Diagnostic, Diagnostics, Error, Source, Span};
use crate::digest::sha256;
use crate::line_endings::to_lf;
use crate::output::FileKind;
use engine::Engines;
pub use escape::{COMMENT_START, FILL_END, LITERAL_START};
pub use manifest::{Content, Entry, Manifest};
use names::Names;
pub use spec::{Conditions, Each, EntrySpec, ManifestSpec, ModeWord, UnitWord};
pub use values::{IntoTemplateValue, TemplateContext, TemplateValue, Values};

/// The pack that is part of the program.
static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The manifest's name in a pack.
pub const MANIFEST: &str = "pack.yaml";

/// What the names of templates end in, so that no other tool takes one for a file of its own.
const TEMPLATE_ENDING: &str = ".tera";

/// The names that templates may use, by what they are written for.
pub type Vocabulary = fn(Each) -> BTreeSet<&'static str>;

/// The files of a pack by path, as text.
pub type PackFiles = BTreeMap<String, String>;

/// A pack that has been read, checked and compiled.
#[derive(Debug)]
pub struct Pack {
    /// What it is and which files it writes.
    pub manifest: Manifest,
    /// A digest of all its files, so that a record can tell one edition from the next.
    pub digest: String,
    /// The manifest's text.
    text: Arc<Source>,
    engines: Engines,
    templates: Texts,
    /// Templates of which the built-in pack makes the same.
    unchanged: BTreeSet<String>,
}

/// Files of a pack by path.
type Texts = BTreeMap<String, Arc<Source>>;

/// The name of the file that a template stands for: its own without the ending of templates.
fn file_name(template: &str) -> &str {
    template.strip_suffix(TEMPLATE_ENDING).unwrap_or(template)
}

/// The files of the built-in pack.
#[must_use]
pub fn built_in() -> PackFiles {
    fn collect(folder: &Dir<'_>, files: &mut PackFiles) {
        for file in folder.files() {
            if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
                files.insert(path.replace('\\', "/"), text.to_owned());
            }
        }
        folder.dirs().for_each(|folder| collect(folder, files));
    }
    let mut files = PackFiles::new();
    collect(&BUILT_IN, &mut files);
    files
}

/// The ids of templates that are as in the built-in pack; none where what they have in common is not.
fn unchanged(manifest: &str, templates: &Texts) -> BTreeSet<String> {
    let known = built_in();
    // What a pack is called says nothing of what it writes.
    let entries = |text: &str| -> Vec<String> {
        let is_name = |line: &&str| line.starts_with("id:") || line.starts_with("version:");
        text.lines().filter(|line| !is_name(line)).map(str::to_owned).collect()
    };
    let is_common = entries(manifest) == known.get(MANIFEST).map(|text| entries(text)).unwrap_or_default();
    if !is_common {
        return BTreeSet::new();
    }
    let (mut same, mut other): (BTreeMap<&str, &str>, BTreeSet<&str>) = (BTreeMap::new(), BTreeSet::new());
    for (path, source) in templates {
        if known.get(path) == Some(&source.text) {
            same.insert(path, &source.text);
        } else {
            other.insert(path);
        }
    }
    // What includes a template that is another is another, too.
    loop {
        let includes = |text: &str| other.iter().any(|name| text.contains(*name));
        let found: Vec<&str> =
            same.iter().filter(|(_, text)| includes(text)).map(|(path, _)| *path).collect();
        if found.is_empty() {
            return same.into_keys().map(|path| file_name(path).to_owned()).collect();
        }
        for path in found {
            same.remove(path);
            other.insert(path);
        }
    }
}

impl Pack {
    /// Reads and compiles a pack. `name` is what its files are called in messages.
    ///
    /// # Errors
    /// Everything that is wrong with it: the manifest, templates that do not compile, names that
    /// no template can know.
    pub fn compile(name: &str, files: PackFiles, vocabulary: Vocabulary) -> Result<Self, Error> {
        // The same pack in any checkout.
        let files: PackFiles = files.into_iter().map(|(path, text)| (path, to_lf(text))).collect();
        let digest = digest(&files);
        let named = |(path, text): (String, String)| {
            let source = Source::new(format!("{name}/{path}"), text);
            (path, source)
        };
        let mut files: Texts = files.into_iter().map(named).collect();
        let mut found = Diagnostics::default();
        let Some(text) = files.remove(MANIFEST) else {
            let help = "a pack is a folder with a `pack.yaml`; `crossrole templates eject DIR` writes the built-in one to start from";
            found.push(
                Diagnostic::error(format!("`{name}` is not a template pack: it has no `{MANIFEST}`"))
                    .help(help),
            );
            return Err(found.finish(()).err().unwrap_or_else(|| Error::bug("no manifest")));
        };
        let (templates, others): (Texts, Texts) =
            files.into_iter().partition(|(path, _)| path.ends_with(TEMPLATE_ENDING));
        let manifest = manifest::parse(&text, &templates, &others, &mut found);
        let (manifest, _) = found.finish(manifest)?;
        let manifest = manifest.ok_or_else(|| Error::bug("a manifest without problems has no meaning"))?;
        let mut found = Diagnostics::default();
        let engines = Engines::compile(&text, &templates, &mut found);
        Names { manifest: &manifest, text: &text, sources: &templates, engines: &engines }
            .check(vocabulary, &mut found);
        unused(&manifest, &templates).for_each(|problem| found.push(problem));
        misnamed(&others).for_each(|problem| found.push(problem));
        let (engines, _) = found.finish(engines)?;
        let unchanged = unchanged(&text.text, &templates);
        Ok(Self { manifest, digest, text, engines, templates, unchanged })
    }

    /// Whether the built-in pack writes the same by the template of this id: the template, all that it includes,
    /// and the manifest are as they are there.
    #[must_use]
    pub fn writes_as_built_in(&self, template: &str) -> bool {
        self.unchanged.contains(template)
    }

    /// Whether an entry's template uses no names but these.
    #[must_use]
    pub fn uses_only(&self, entry: &Entry, names: &[&str]) -> bool {
        self.engines.names(entry).all(|name| names.contains(&name))
    }

    /// A problem with an entry, at its place in the manifest.
    #[must_use]
    pub fn at_entry(&self, entry: &Entry, problem: Diagnostic) -> Diagnostic {
        self.engines.at_entry(entry, problem)
    }

    /// The output path of an entry.
    ///
    /// # Errors
    /// A name in it that has no value, or a list, or a map.
    pub fn path(&self, entry: &Entry, values: &Values<'_>) -> Result<String, Diagnostic> {
        entry.path.value.fill(values).map_err(|problem| problem.at(&self.text, entry.path.at))
    }

    /// Whether an entry is written at all.
    ///
    /// # Errors
    /// A list or a map that is compared with a word.
    pub fn applies(&self, entry: &Entry, values: &Values<'_>) -> Result<bool, Diagnostic> {
        for condition in &entry.when {
            let answer = condition.value.holds(values);
            if !answer.map_err(|problem| problem.at(&self.text, condition.at))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a file may be written somewhere, as far as names that are the same everywhere tell.
    #[must_use]
    pub fn may_apply(&self, entry: &Entry, common: &Values<'_>, names: &[&str]) -> bool {
        let mut conditions = entry.when.iter().map(|condition| &condition.value);
        conditions
            .all(|condition| !names.contains(&&*condition.name) || condition.holds(common).unwrap_or(true))
    }

    /// The text of an entry's template, as rendered.
    ///
    /// # Errors
    /// What the template runs into, at its place in the template.
    pub fn render(&self, entry: &Entry, values: &Values<'_>) -> Result<String, Diagnostic> {
        self.engines.render(entry, values, &self.templates)
    }

    /// The text of a template, for messages about what came out of it.
    #[must_use]
    pub fn source(&self, template: &str) -> Option<&Arc<Source>> {
        self.templates.get(template)
    }
}

/// Templates that nothing is made of: whoever changes one would think that it does something.
fn unused<'p>(manifest: &'p Manifest, templates: &'p Texts) -> impl Iterator<Item = Diagnostic> + 'p {
    let is_written = |path: &str| manifest.entries.iter().any(|entry| entry.content.template() == Some(path));
    // Templates include others by their names in quotes.
    let is_included = |path: &str| {
        let names = [format!("\"{path}\""), format!("'{path}'")];
        templates.values().any(|source| names.iter().any(|name| source.text.contains(name.as_str())))
    };
    let unused = templates.iter().filter(move |(path, _)| !is_written(path) && !is_included(path));
    unused.map(|(path, source)| {
        let help = format!("name it in `{MANIFEST}`, or remove it");
        nothing_is_made_of(path, source).help(help)
    })
}

/// Files that look like output and are not templates.
fn misnamed(others: &Texts) -> impl Iterator<Item = Diagnostic> {
    let is_output =
        |path: &str| matches!(FileKind::of(path), FileKind::Hcl | FileKind::Json | FileKind::Shell);
    others.iter().filter(move |(path, _)| is_output(path)).map(|(path, source)| {
        let help =
            format!("rename it to `{path}{TEMPLATE_ENDING}` and name it in `{MANIFEST}`, or remove it");
        nothing_is_made_of(path, source).help(help)
    })
}

fn nothing_is_made_of(path: &str, source: &Arc<Source>) -> Diagnostic {
    Diagnostic::error(format!("nothing is made of `{path}`")).at(source, Span::new(0..1))
}

fn digest(files: &PackFiles) -> String {
    let lengths: Vec<_> = files.values().map(|text| text.len().to_le_bytes()).collect();
    let files = files.iter().zip(&lengths);
    sha256(
        files.flat_map(|((path, text), length)| [path.as_bytes(), &[0], length.as_slice(), text.as_bytes()]),
    )
}
