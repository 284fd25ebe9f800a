//! The public face: folders, read as roots, with the modules that they call.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::block::{self, Block, Made};
use super::folder::{self, Folder, Parsed, Problem};
use super::given::{Assignments, Given};
use super::scope::Scope;
use super::syntax;
use super::work::Work;
use super::world::World;
use super::{Unread, instances, path};
use crate::diagnostic::{Source, Sources, Span};

/// More workspaces than these are not gone through.
const MOST_WORKSPACES: usize = 100;

/// What is to be read.
#[derive(Clone, Copy)]
pub struct Input<'i> {
    /// Texts by their path: every file that Terraform might read by itself, in any folder.
    pub files: &'i BTreeMap<String, Arc<Source>>,
    /// Any file below the folder, by its path from there, for `file(…)` and its like.
    pub lookup: &'i dyn Fn(&str) -> Option<Arc<Source>>,
    /// What else is given to variables of roots; the last counts.
    pub given: &'i [Given],
    /// The folders that are asked about, where it is not all: roots that lead to none of them are left out.
    pub only: Option<&'i BTreeSet<String>>,
}

/// Everything that was read.
#[derive(Debug)]
pub struct Terraform {
    /// The folders that no other folder calls, in order.
    pub roots: Vec<Module>,
    /// Files that cannot be read, and blocks that Terraform refuses.
    pub problems: Vec<Problem>,
    /// Files that were named and could not be had, in the order of their places.
    pub unread: Vec<Unread>,
    /// The texts that all places are in.
    pub sources: Sources,
}

/// A folder as one configuration: a root, or a module as it is called.
#[derive(Debug)]
pub struct Module {
    /// Its path, without a slash at its end; empty for the topmost folder.
    pub folder: String,
    /// `module.name`, one behind the other; empty for a root.
    pub address: String,
    /// What `terraform.workspace` is taken to be in it.
    pub workspace: Option<String>,
    /// Its blocks, each as often as it is made.
    pub blocks: Vec<Block>,
    /// The modules of the same tree that it calls.
    pub modules: Vec<Module>,
}

impl Terraform {
    /// Every module, a caller before those that it calls.
    #[must_use]
    pub fn modules(&self) -> Vec<&Module> {
        let mut found = Vec::new();
        let mut waiting: Vec<&Module> = self.roots.iter().rev().collect();
        while let Some(module) = waiting.pop() {
            found.push(module);
            waiting.extend(module.modules.iter().rev());
        }
        found
    }
}

impl Module {
    /// The blocks of a keyword.
    pub fn named<'m>(&'m self, keyword: &'m str) -> impl Iterator<Item = &'m Block> {
        self.blocks.iter().filter(move |block| block.keyword == keyword)
    }

    /// The resources of a kind.
    pub fn resources<'m>(&'m self, kind: &'m str) -> impl Iterator<Item = &'m Block> {
        self.named("resource").filter(move |block| block.is(kind))
    }
}

/// Reads folders. A folder that another one calls is read as it is called; what nobody calls is a root.
#[must_use]
pub fn read(input: Input<'_>) -> Terraform {
    read_again(&mut Parsed::default(), input)
}

/// Reads folders of which some files may have been read already: what is not the same text any more is read
/// anew.
#[must_use]
pub fn read_again(parsed: &mut Parsed, input: Input<'_>) -> Terraform {
    let (folders, mut problems) = folder::read_all(input.files, parsed);
    let mut sources = parsed.sources.clone();
    let given = Assignments::read(input.given, &mut sources, &mut problems);
    let world = World {
        folders: &folders,
        sources: RefCell::new(sources),
        lookup: input.lookup,
        given,
        workspaces: RefCell::default(),
        files: RefCell::default(),
        unread: RefCell::default(),
        work: Work::default(),
        scopes: Cell::new(0),
    };
    let calls = calls(&folders);
    let called: BTreeSet<&String> = calls.values().flatten().collect();
    let mut roots: Vec<&Folder> = folders.values().filter(|folder| !called.contains(&folder.path)).collect();
    // Folders that call each other in a circle would not be read at all.
    if roots.is_empty() {
        roots = folders.values().collect();
    }
    if let Some(only) = input.only {
        roots.retain(|root| leads_to(&root.path, only, &calls));
    }
    let roots = roots.into_iter().flat_map(|folder| root(&world, folder)).collect();
    let sources = world.sources.into_inner();
    parsed.sources = sources.clone();
    let unread = world.unread.into_inner().into_iter().collect();
    Terraform { roots, problems, unread, sources }
}

/// One file alone as a block: its arguments, and its blocks.
///
/// # Errors
/// A file that cannot be read.
pub fn file(source: &Arc<Source>) -> Result<Block, Problem> {
    let mut sources = Sources::default();
    let body = folder::whole(source, &mut sources)?;
    let folder = Folder { blocks: body.blocks.clone(), ..Folder::default() };
    let folders = BTreeMap::new();
    let world = World {
        folders: &folders,
        sources: RefCell::new(sources),
        lookup: &|_| None,
        given: Assignments::default(),
        workspaces: RefCell::default(),
        files: RefCell::default(),
        unread: RefCell::default(),
        work: Work::default(),
        scopes: Cell::new(0),
    };
    let block = syntax::Block {
        source: Arc::clone(source),
        keyword: String::new(),
        labels: Vec::new(),
        at: Span::default(),
        body,
    };
    Ok(block::build(&*Scope::root(&world, &folder, None), None, &block, Made::Once))
}

/// The folders that each folder calls.
fn calls(folders: &BTreeMap<String, Folder>) -> BTreeMap<&str, Vec<String>> {
    let of = |folder: &Folder| {
        let calls = folder.blocks.iter().filter(|block| block.keyword == "module");
        let local = calls.filter_map(|block| {
            let source = block.body.attribute("source")?.written.trim_matches('"');
            let is_local = source.starts_with("./") || source.starts_with("../");
            let called = is_local.then(|| path::joined(&folder.path, source))??;
            (called != folder.path && folders.contains_key(&called)).then_some(called)
        });
        local.collect()
    };
    folders.iter().map(|(path, folder)| (path.as_str(), of(folder))).collect()
}

/// Whether a folder is one of some, or calls one by whatever way.
fn leads_to(folder: &str, to: &BTreeSet<String>, calls: &BTreeMap<&str, Vec<String>>) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![folder];
    while let Some(next) = waiting.pop() {
        if to.contains(next) {
            return true;
        }
        if seen.insert(next) {
            waiting.extend(calls.get(next).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

/// A root; once for each workspace, where that is asked for and some are known.
fn root<'w>(world: &'w World<'w>, folder: &'w Folder) -> Vec<Module> {
    let read = |workspace| module(&Scope::root(world, folder, workspace), String::new());
    let plain = read(None);
    let known = world.workspaces.borrow_mut().remove(&folder.path).unwrap_or_default();
    if !world.given.by_workspace || known.is_empty() || known.len() > MOST_WORKSPACES {
        return vec![plain];
    }
    known.into_iter().map(|name| read(Some(name))).collect()
}

fn module(scope: &Scope<'_>, address: String) -> Module {
    let mut read = Module {
        folder: scope.folder.path.clone(),
        address,
        workspace: scope.workspace.clone(),
        blocks: Vec::new(),
        modules: Vec::new(),
    };
    for block in &scope.folder.blocks {
        for instance in instances::of(scope, block) {
            let bound = instance.bound();
            let bound = Some(&bound).filter(|_| !instance.name.is_empty());
            read.blocks.push(block::build(scope, bound, block, instance.made.clone()));
            if block.keyword == "module" {
                let address = address_of(&read.address, block, &instance.made);
                read.modules.extend(scope.child(block, instance).map(|child| module(&child, address)));
            }
        }
    }
    read
}

fn address_of(within: &str, block: &syntax::Block, made: &Made) -> String {
    let name = block.labels.first().map(String::as_str).unwrap_or_default();
    let key = match made {
        Made::For(key) => super::functions::json_of(key).as_str().map(|key| format!("[{key}]")),
        _ => None,
    };
    let dot = if within.is_empty() { "" } else { "." };
    format!("{within}{dot}module.{name}{}", key.unwrap_or_default())
}
