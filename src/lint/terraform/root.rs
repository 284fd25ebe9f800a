//! A folder that Terraform runs in, or a module as it is called, with the providers it can use.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Source, Sources, Span};
use crate::lint::finding::{Finding, Findings};
use crate::terraform::{Block, Module, Terraform};
use crate::value::Value;

/// Texts by path.
pub(super) type Texts = BTreeMap<String, Arc<Source>>;

/// Providers of AWS by their alias; that without one by the empty text.
type Providers<'r> = BTreeMap<String, &'r Block>;

/// What stands in the files of one folder, as it is used.
pub(super) struct Root<'r> {
    pub(super) module: &'r Module,
    pub(super) sources: &'r Arc<Sources>,
    /// Its own providers, and those that its caller hands on.
    usable: Providers<'r>,
}

/// Every module, a caller before those that it calls.
pub(super) fn all<'r>(read: &'r Terraform, sources: &'r Arc<Sources>) -> Vec<Root<'r>> {
    let mut roots = Vec::new();
    for module in &read.roots {
        add(module, Providers::new(), sources, &mut roots);
    }
    roots
}

fn add<'r>(module: &'r Module, handed: Providers<'r>, sources: &'r Arc<Sources>, roots: &mut Vec<Root<'r>>) {
    let mut root = Root { module, sources, usable: handed };
    let own = root.providers().map(|block| (block.text("alias").unwrap_or_default().to_owned(), block));
    root.usable.extend(own.collect::<Vec<_>>());
    let children: Vec<_> = module.modules.iter().map(|child| (child, root.handed_to(child))).collect();
    roots.push(root);
    for (child, handed) in children {
        add(child, handed, sources, roots);
    }
}

impl<'r> Root<'r> {
    pub(super) fn resources(&self) -> impl Iterator<Item = &'r Block> + use<'r> {
        self.module.named("resource")
    }

    /// The providers of AWS that are written here.
    pub(super) fn providers(&self) -> impl Iterator<Item = &'r Block> + use<'r> {
        self.module.named("provider").filter(|block| block.is("aws"))
    }

    /// The blocks inside `terraform`.
    pub(super) fn settings(&self, keyword: &'static str) -> impl Iterator<Item = &'r Block> + use<'r> {
        self.module.named("terraform").flat_map(move |block| block.named(keyword))
    }

    /// The provider that a resource is made with.
    pub(super) fn provider_of(&self, block: &Block) -> Option<&'r Block> {
        match block.argument("provider") {
            Some(provider) => self.usable.get(alias(&provider.written)?).copied(),
            None => self.usable.get("").copied(),
        }
    }

    /// What a call hands on: what it says, else the provider without an alias.
    fn handed_to(&self, child: &Module) -> Providers<'r> {
        let call = self
            .module
            .named("module")
            .find(|call| Some(&*label(&child.address)) == call.labels.first().map(String::as_str));
        match call.and_then(|call| call.get("providers")) {
            Some(map) => {
                map.entries().iter().filter_map(|entry| self.handed(entry.key_at, &entry.value)).collect()
            }
            None => self
                .usable
                .get_key_value("")
                .map(|(alias, block)| (alias.clone(), *block))
                .into_iter()
                .collect(),
        }
    }

    fn handed(&self, key_at: Span, value: &Value) -> Option<(String, &'r Block)> {
        let block = self.usable.get(alias(self.sources.written(value.at))?)?;
        Some((alias(self.sources.written(key_at))?.to_owned(), block))
    }

    /// A finding about something outside any policy.
    pub(super) fn finding(&self, add: impl FnOnce(&mut Findings)) -> Vec<Finding> {
        let mut found = Findings::among(self.sources);
        add(&mut found);
        found.into_list()
    }

    /// The file and line of a place.
    pub(super) fn line(&self, at: Span) -> Option<(String, usize)> {
        let place = self.sources.place(at)?;
        Some((place.source.name.clone(), place.source.line_and_column(place.span.range().start).0))
    }

    /// The same finding, with a second place that explains it.
    pub(super) fn related(&self, mut list: Vec<Finding>, at: Span, label: &'static str) -> Vec<Finding> {
        for finding in &mut list {
            finding.diagnostic.related = self.sources.place(at).map(|place| (place, label.into()));
        }
        list
    }
}

/// The name of the call at the end of an address: `module.a.module.b["x"]` is a call of `b`.
pub(super) fn label(address: &str) -> String {
    let last = address.rsplit("module.").next().unwrap_or_default();
    last.split('[').next().unwrap_or_default().to_owned()
}

/// The alias of `aws.alias` or of one of its instances, `aws.alias[each.key]`; empty for `aws`.
pub(super) fn alias(written: &str) -> Option<&str> {
    let name = written.trim().trim_matches('"').split('[').next().unwrap_or_default().trim();
    if name == "aws" { Some("") } else { name.strip_prefix("aws.") }
}
