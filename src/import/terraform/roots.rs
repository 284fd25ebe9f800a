//! Folders and modules as they are called, and which provider each of them means by a name.

use super::found::Found;
use crate::diagnostic::Sources;
use crate::terraform::{Block, Made, Module, Terraform};

/// A provider of a root or module: where its block is, and its alias there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProviderName {
    pub(super) scope: usize,
    pub(super) alias: Option<String>,
}

/// A folder, or a module as it is called.
#[derive(Clone, Copy)]
pub(super) struct Root<'s> {
    /// Its place among all of them.
    pub(super) scope: usize,
    pub(super) module: &'s Module,
    pub(super) sources: &'s Sources,
    /// What calls it.
    caller: Option<usize>,
}

/// Every root and module, callers first.
pub(super) fn all(read: &Terraform) -> Vec<Root<'_>> {
    let mut found: Vec<Root<'_>> = Vec::new();
    let mut waiting: Vec<(&Module, Option<usize>)> =
        read.roots.iter().rev().map(|root| (root, None)).collect();
    while let Some((module, caller)) = waiting.pop() {
        let scope = found.len();
        found.push(Root { scope, module, sources: &read.sources, caller });
        let made = module.modules.iter().filter(|called| is_made(module, called));
        waiting.extend(made.rev().map(|called| (called, Some(scope))));
    }
    found
}

/// Whether a module is called for certain, and not only if something is so.
fn is_made(caller: &Module, child: &Module) -> bool {
    let call = call(caller, child);
    call.is_none_or(|block| matches!(block.made, Made::Once | Made::For(_)))
}

/// The block that calls a module.
fn call<'m>(caller: &'m Module, child: &Module) -> Option<&'m Block> {
    let own = child.address.strip_prefix(caller.address.as_str())?;
    let name = own.trim_start_matches('.').strip_prefix("module.")?.split('[').next()?;
    caller.named("module").find(|block| block.is(name))
}

/// Whether a module makes providers or roles, by itself or by those that it calls.
fn has_roles(module: &Module) -> bool {
    module.named("provider").any(|block| block.is("aws"))
        || module.resources("aws_iam_role").next().is_some()
        || module.modules.iter().any(has_roles)
}

impl<'s> Root<'s> {
    /// The blocks of a kind, such as `provider "aws"`.
    pub(super) fn blocks(
        self,
        keyword: &'static str,
        label: &'static str,
    ) -> impl Iterator<Item = Found<'s>> {
        let is_meant = move |block: &&Block| label.is_empty() || block.is(label);
        let sources = self.sources;
        self.module.named(keyword).filter(is_meant).map(move |block| Found { block, sources })
    }

    /// The provider that a resource means by `aws`, or by `aws.alias`; `None` where nothing here says.
    pub(super) fn provider(self, all: &[Root<'s>], alias: Option<&str>) -> Option<ProviderName> {
        let is_own = |found: Found<'_>| found.block.text("alias") == alias;
        if self.blocks("provider", "aws").any(is_own) {
            return Some(ProviderName { scope: self.scope, alias: alias.map(str::to_owned) });
        }
        let caller = *all.get(self.caller?)?;
        let call = call(caller.module, self.module)?;
        if call.argument("providers").is_none() {
            // The provider without an alias is handed on by itself.
            return if alias.is_none() { caller.provider(all, None) } else { None };
        }
        match handed_on(call.written("providers"), alias)? {
            "aws" => caller.provider(all, None),
            given => caller.provider(all, Some(given.strip_prefix("aws.")?)),
        }
    }

    /// Calls of modules that make providers or roles, and are perhaps not called.
    pub(super) fn open(self) -> impl Iterator<Item = Found<'s>> {
        let left = self.module.modules.iter().filter(move |called| !is_made(self.module, called));
        let calls = left.filter(|called| has_roles(called)).filter_map(move |it| call(self.module, it));
        calls.map(move |block| Found { block, sources: self.sources })
    }

    /// The name of the call, for a module.
    pub(super) fn called(self) -> Option<&'s str> {
        let own = self.module.address.rsplit("module.").next()?;
        own.split('[').next().filter(|name| !name.is_empty())
    }

    /// Calls of modules that are not among the files.
    pub(super) fn unread(self) -> impl Iterator<Item = Found<'s>> {
        let is_unread = move |found: &Found<'s>| {
            let name = found.block.labels.first().map_or("", String::as_str);
            let dot = if self.module.address.is_empty() { "" } else { "." };
            let address = format!("{}{dot}module.{name}", self.module.address);
            let is_it = |called: &str| {
                called.strip_prefix(&address).is_some_and(|key| key.is_empty() || key.starts_with('['))
            };
            !matches!(found.block.made, Made::Never)
                && !self.module.modules.iter().any(|called| is_it(&called.address))
        };
        self.blocks("module", "").filter(is_unread)
    }
}

/// The provider that a call hands on under a name, as it is written: `aws`, or `aws.alias`.
fn handed_on<'w>(written: &'w str, name: Option<&str>) -> Option<&'w str> {
    let wanted = name.map_or_else(|| "aws".to_owned(), |name| format!("aws.{name}"));
    let pairs = written.trim().trim_start_matches('{').trim_end_matches('}').split([',', '\n']);
    let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim() == wanted).map(|(_, value)| value.trim())
}
