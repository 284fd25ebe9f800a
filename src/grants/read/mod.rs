//! From Terraform as it was evaluated to what it gives.

mod gaps;
mod identity;
mod other;
mod provider;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::content::{Content, Document};
use super::{Attached, Files, Grants, Holder, Policy};
use crate::diagnostic::{Source, Sources, Span};
use crate::terraform::{self, Block, Input, Made, Module, Parsed};
use crate::value::{Data, Reason, Value};

/// Reads what folders give. Files that were read before are taken from there, and kept there.
#[must_use]
pub fn read(files: &Files<'_>, parsed: &mut Parsed) -> Grants {
    let is_code = |path: &&String| terraform::is_read(path);
    let codes: BTreeMap<String, Arc<Source>> = files
        .texts
        .iter()
        .filter(|(path, _)| is_code(path))
        .map(|(path, source)| (path.clone(), Arc::clone(source)))
        .collect();
    let lookup = |path: &str| files.texts.get(path).cloned().or_else(|| (files.lookup)(path));
    let input = Input { files: &codes, lookup: &lookup, given: files.given, only: Some(files.folders) };
    let read = terraform::read_again(parsed, input);
    let mut grants = Grants::default();
    for root in read.roots.iter().filter(|root| holds_any(root, files)) {
        let folder = Folder::new(root, &read.sources);
        folder.read(&mut grants);
        grants.roots.insert(root.folder.clone());
    }
    other::problems(&read, files.folders, &mut grants);
    other::unread(files.unread, &mut grants);
    gaps::files(&read, files.unread, &mut grants);
    grants.sources = read.sources;
    grants
}

/// Whether a root is one of the folders that are judged, or calls one.
fn holds_any(root: &Module, files: &Files<'_>) -> bool {
    files.folders.contains(&root.folder) || root.modules.iter().any(|module| holds_any(module, files))
}

/// A root with the modules that it calls.
struct Folder<'r> {
    root: &'r str,
    modules: Vec<&'r Module>,
    sources: &'r Sources,
    /// The policies that are made here, by the end of their ARN.
    policies: Vec<(String, Document)>,
}

impl<'r> Folder<'r> {
    fn new(root: &'r Module, sources: &'r Sources) -> Self {
        let mut modules = Vec::new();
        let mut waiting = vec![root];
        while let Some(module) = waiting.pop() {
            modules.push(module);
            waiting.extend(&module.modules);
        }
        let mut folder = Self { root: &root.folder, modules, sources, policies: Vec::new() };
        folder.policies = folder.local_policies();
        folder
    }

    fn read(&self, grants: &mut Grants) {
        for module in &self.modules {
            for block in module.blocks.iter().filter(|block| !matches!(block.made, Made::Never)) {
                match block.keyword.as_str() {
                    "resource" => self.resource(module, block, grants),
                    "provider" if block.is("aws") => {
                        grants.providers.push(self.provider(module, block));
                    }
                    "module" => {
                        other::called(self, module, block, grants);
                        gaps::called(self, module, block, grants);
                    }
                    "data" => other::data(self, module, block, grants),
                    _ => {}
                }
            }
        }
        self.unattached(grants);
        for attached in &grants.attached {
            if let Policy::Written(document) = &attached.policy {
                grants.documents.insert(document.path.clone());
            }
        }
        let trusted = grants.identities.iter().filter_map(|identity| identity.trust.as_ref());
        grants.documents.extend(trusted.map(|trust| trust.path.clone()));
    }

    fn resource(&self, module: &Module, block: &Block, grants: &mut Grants) {
        identity::read(self, module, block, grants);
        other::resource(self, module, block, grants);
        gaps::resource(self, module, block, grants);
    }

    /// The policies that are made here: the end of the ARN of each, where its name is known.
    fn local_policies(&self) -> Vec<(String, Document)> {
        let blocks = self.modules.iter().flat_map(|module| module.resources("aws_iam_policy"));
        let made = blocks.filter(|block| !matches!(block.made, Made::Never));
        made.filter_map(|block| {
            let document = self.document(block.get("policy")?);
            Some((format!("/{}", block.text("name")?), document))
        })
        .collect()
    }

    /// Policies of which nothing here says who has them.
    fn unattached(&self, grants: &mut Grants) {
        for module in &self.modules {
            for block in module.resources("aws_iam_policy") {
                let Some(policy) = block.get("policy").filter(|_| !matches!(block.made, Made::Never)) else {
                    continue;
                };
                let document = self.document(policy);
                let is_same = |attached: &Attached| match &attached.policy {
                    Policy::Written(known) => {
                        known.path == document.path && known.content == document.content
                    }
                    Policy::Named(_) => false,
                };
                if !grants.attached.iter().any(is_same) {
                    let holder = Holder { kind: "policy", name: address(module, block) };
                    grants.attached.push(self.attached(block, block, holder, Policy::Written(document)));
                }
            }
        }
    }

    /// Adds a policy by its ARN: its text where the policy is made here.
    fn add_named(&self, block: &Block, holder: &Holder, arn: &Value, grants: &mut Grants) {
        if arn.is_null() {
            return;
        }
        let end = match &arn.data {
            Data::Text(text) if text.as_str().is_none() => text.ends().1,
            _ => "",
        };
        let local = self.policies.iter().filter(|(name, _)| end.ends_with(name.as_str()));
        let documents: Vec<_> = local.map(|(_, document)| document.clone()).collect();
        let add = |policy| self.attached(block, block, holder.clone(), policy);
        if documents.is_empty() {
            grants.attached.push(add(Policy::Named(Content::of(arn))));
        }
        let name = end.rsplit('/').next().unwrap_or_default();
        grants.attached.extend(documents.into_iter().map(|document| {
            let policy = Policy::Written(document);
            Attached { name: name.to_owned(), ..add(policy) }
        }));
    }

    /// A policy that a resource attaches, and that a part of it may write.
    fn attached(&self, block: &Block, from: &Block, holder: Holder, policy: Policy) -> Attached {
        let name = from.get("name").map(|name| Content::of(name).text);
        let made = [&block.made, &from.made];
        Attached {
            root: self.root.to_owned(),
            path: block.source.name.clone(),
            at: from.at,
            name: name.unwrap_or_else(|| block.labels.join(".")),
            open: made.into_iter().find_map(unknown),
            holder,
            policy,
        }
    }

    fn document(&self, value: &Value) -> Document {
        let (document, at) = Document::of(value);
        Document { path: self.path(at), ..document }
    }

    fn path(&self, at: Span) -> String {
        self.sources.place(at).map_or_else(|| self.root.to_owned(), |place| place.source.name.clone())
    }
}

/// Why only a run would show whether something is made.
fn unknown(made: &Made) -> Option<Reason> {
    match made {
        Made::Unknown(reason) => Some(reason.clone()),
        Made::Once | Made::For(_) | Made::Never => None,
    }
}

/// The address of a module that a block calls, and whether it is among the files.
fn called_module(module: &Module, block: &Block) -> (String, bool) {
    let name = block.labels.first().map_or("", String::as_str);
    let dot = if module.address.is_empty() { "" } else { "." };
    let address = format!("{}{dot}module.{name}", module.address);
    let is_this = |called: &Module| {
        called.address.strip_prefix(&address).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
    };
    let is_here = module.modules.iter().any(is_this);
    (address, is_here)
}

/// The address of a resource, as Terraform writes it.
fn address(module: &Module, block: &Block) -> String {
    let dot = if module.address.is_empty() { "" } else { "." };
    let key = match &block.made {
        Made::For(key) => format!("[{}]", Content::of(key).text),
        _ => String::new(),
    };
    format!("{}{dot}{}{key}", module.address, block.labels.join("."))
}
