//! The files of one folder as the one configuration that Terraform takes them for.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::syntax::{self, Attribute, Block, Body};
use super::{json_syntax, overrides};
use crate::diagnostic::{Source, Sources, Span};

/// A folder.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// Its path, without a slash at its end; empty for the topmost.
    pub(super) path: String,
    pub(super) blocks: Vec<Arc<Block>>,
    /// Files of variables that Terraform reads by itself, in its order: the last counts.
    pub(super) variables: Vec<Arc<Body>>,
}

/// What is wrong with a file, or with what it says.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The file.
    pub source: Arc<Source>,
    /// Where in the file.
    pub at: Span,
    /// What is wrong there.
    pub message: String,
    /// What might be done about it; may be empty.
    pub help: String,
}

/// What a file is to Terraform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Code,
    Override,
    Variables,
}

/// Whether Terraform or OpenTofu takes a file of this name for code or for variables.
#[must_use]
pub fn is_read(path: &str) -> bool {
    role(name(path)).is_some()
}

/// Whether a file of this name holds blocks.
#[must_use]
pub fn is_code(path: &str) -> bool {
    matches!(role(name(path)), Some(Role::Code | Role::Override))
}

/// Whether a file of this name changes what others of its folder say.
#[must_use]
pub fn is_override(path: &str) -> bool {
    role(name(path)) == Some(Role::Override)
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn role(name: &str) -> Option<Role> {
    if let Some(stem) = code_stem(name) {
        let is_override = stem == "override" || stem.ends_with("_override");
        // What begins with a dot, and what editors leave, is nobody's.
        let is_ours = !name.starts_with('.') && !name.starts_with('#');
        return is_ours.then_some(if is_override { Role::Override } else { Role::Code });
    }
    let stem = name.strip_suffix(".json").unwrap_or(name).strip_suffix(".tfvars")?;
    (stem == "terraform" || has_ending(stem, "auto")).then_some(Role::Variables)
}

/// Whether a name ends in a dot and these letters.
fn has_ending(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, own)| own == ending)
}

fn code_stem(name: &str) -> Option<&str> {
    let stem = name.strip_suffix(".json").unwrap_or(name);
    stem.strip_suffix(".tf").or_else(|| stem.strip_suffix(".tofu"))
}

/// What became of a file.
type Outcome = Result<Arc<Body>, Problem>;

/// Files that were read, for whoever reads others together with some of them again: each is taken apart
/// once, and its places stay what they are.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// Every text that has places.
    pub(super) sources: Sources,
    /// The last text of each path, and what it came to.
    files: BTreeMap<String, (Arc<Source>, Outcome)>,
}

impl Parsed {
    /// Takes a file apart, unless that is done.
    fn file(&mut self, path: &str, source: &Arc<Source>, role: Role) -> Outcome {
        if let Some((known, body)) = self.files.get(path)
            && Arc::ptr_eq(known, source)
        {
            return body.clone();
        }
        let begins = self.sources.add(source);
        let body = read(source, begins, role == Role::Variables, has_ending(path, "json")).map(Arc::new);
        self.files.insert(path.to_owned(), (Arc::clone(source), body.clone()));
        body
    }

    /// Takes files apart before they are asked for.
    pub fn prepare(&mut self, files: &BTreeMap<String, Arc<Source>>) {
        for (path, source) in files {
            if let Some(role) = role(name(path)) {
                // A problem is told to whoever asks.
                _ = self.file(path, source, role);
            }
        }
    }
}

/// Every folder with what can be read of it, and what cannot.
pub(super) fn read_all(
    files: &BTreeMap<String, Arc<Source>>,
    parsed: &mut Parsed,
) -> (BTreeMap<String, Folder>, Vec<Problem>) {
    let mut names: BTreeMap<&str, Vec<(Role, &str)>> = BTreeMap::new();
    for path in files.keys() {
        if let Some(role) = role(name(path)) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            names.entry(folder).or_default().push((role, path));
        }
    }
    let mut problems = Vec::new();
    let mut folders = BTreeMap::new();
    for (path, mut own) in names {
        // Of two files of one name OpenTofu reads its own.
        own.retain(|(_, path)| {
            let tofu = path
                .strip_suffix(".json")
                .unwrap_or(path)
                .strip_suffix(".tf")
                .map(|stem| format!("{stem}.tofu"));
            let json = has_ending(path, "json");
            tofu.is_none_or(|tofu| !files.contains_key(&if json { format!("{tofu}.json") } else { tofu }))
        });
        own.sort_by_key(|(role, path)| (*role, !is_first(path), *path));
        folders.insert(path.to_owned(), folder(path, &own, files, parsed, &mut problems));
    }
    (folders, problems)
}

/// `terraform.tfvars` comes before the others, and its JSON form behind it.
fn is_first(path: &str) -> bool {
    matches!(name(path), "terraform.tfvars" | "terraform.tfvars.json")
}

fn folder(
    path: &str,
    own: &[(Role, &str)],
    files: &BTreeMap<String, Arc<Source>>,
    parsed: &mut Parsed,
    problems: &mut Vec<Problem>,
) -> Folder {
    let mut folder = Folder { path: path.to_owned(), ..Folder::default() };
    for (role, path) in own {
        let Some(source) = files.get(*path) else { continue };
        let body = match parsed.file(path, source, *role) {
            Ok(body) => body,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        match role {
            Role::Code => folder.blocks.extend(body.blocks.iter().cloned()),
            Role::Variables => folder.variables.push(body),
            Role::Override => {
                let without_base = overrides::apply(&mut folder.blocks, &body.blocks);
                problems.extend(without_base.iter().map(|block| no_base(block, &parsed.sources)));
                folder.blocks.extend(without_base);
            }
        }
    }
    folder
}

/// A file in Terraform's own language, whatever it is called.
pub(super) fn whole(source: &Arc<Source>, sources: &mut Sources) -> Result<Body, Problem> {
    let begins = sources.add(source);
    read(source, begins, true, false)
}

/// A file of variables that is named on the command line.
pub(super) fn variables(source: &Arc<Source>, sources: &mut Sources) -> Result<Body, Problem> {
    let begins = sources.add(source);
    read(source, begins, true, has_ending(&source.name, "json"))
}

fn read(source: &Arc<Source>, begins: u32, is_variables: bool, is_json: bool) -> Result<Body, Problem> {
    if is_json {
        let read = if is_variables { json_syntax::variables } else { json_syntax::read };
        return read(source, begins).map_err(|problem| Problem {
            source: Arc::clone(source),
            at: within(problem.at, begins),
            message: format!("this is not JSON: {}", problem.message),
            help: String::new(),
        });
    }
    syntax::native(source, begins).map_err(|error| Problem {
        source: Arc::clone(source),
        at: Span::new(error.span.range()),
        message: format!("this is not Terraform: {}", error.message),
        help: error.hint.unwrap_or_default(),
    })
}

fn no_base(block: &Block, sources: &Sources) -> Problem {
    Problem {
        source: Arc::clone(&block.source),
        at: sources.place(block.at).map_or(block.at, |place| place.span),
        message: "there is nothing that this block overrides, and Terraform refuses it".to_owned(),
        help: "move it into a file whose name does not end in `override`".to_owned(),
    }
}

fn within(at: Span, begins: u32) -> Span {
    Span { start: at.start.saturating_sub(begins), end: at.end.saturating_sub(begins) }
}

impl Folder {
    /// The block of a variable.
    pub(super) fn variable(&self, name: &str) -> Option<&Block> {
        self.blocks.iter().map(|block| &**block).find(|block| block.is("variable", &[name]))
    }

    /// The expression of a local.
    pub(super) fn local(&self, name: &str) -> Option<&Attribute> {
        let locals = self.blocks.iter().filter(|block| block.keyword == "locals");
        locals.into_iter().find_map(|block| block.body.attribute(name))
    }

    /// What the files of variables say of one.
    pub(super) fn given(&self, name: &str) -> Option<&Attribute> {
        self.variables.iter().rev().find_map(|body| body.attribute(name))
    }
}
