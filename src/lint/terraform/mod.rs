//! Existing Terraform: providers, roles, policies and backends, and whether they fit together.
//!
//! Responsible for what stands literally in `.tf` files and the JSON beside them. Nothing is
//! evaluated: a value that depends on a variable or a resource is unknown, and rules stay silent
//! about it, but for the few that are about just that.

mod across;
mod backend;
mod block;
mod expression;
mod hop;
mod iam;
mod ignored;
mod policies;
mod provider;
mod resource;
mod secrets;
mod version;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::block::Block;
use self::policies::Texts;
use super::finding::{Finding, Findings, in_order};
use super::json;
use super::policy::Policy;
use super::waiver::Report;
use crate::diagnostic::{Diagnostic, Source, Span};
use crate::model::Date;

/// A folder that Terraform runs in, or a module: what stands in its files.
struct Root {
    /// Its path, with a slash at its end unless it is the current folder.
    folder: String,
    blocks: Vec<Block>,
}

impl Root {
    /// The path of a file, seen from it; `..` goes up as far as the path is known.
    fn path(&self, name: &str) -> String {
        let whole = format!("{}{name}", self.folder);
        let mut parts: Vec<&str> = Vec::new();
        for part in whole.split('/').filter(|part| *part != ".") {
            match (part, parts.last()) {
                ("..", Some(&last)) if !matches!(last, ".." | "") => drop(parts.pop()),
                _ => parts.push(part),
            }
        }
        parts.join("/")
    }

    fn resources(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| block.keyword == "resource")
    }

    /// The providers of AWS.
    fn providers(&self) -> impl Iterator<Item = &Block> {
        let is_aws = |block: &&Block| block.labels.first().is_some_and(|label| label == "aws");
        self.blocks.iter().filter(|block| block.keyword == "provider").filter(is_aws)
    }

    /// The blocks inside `terraform`.
    fn settings<'r>(&'r self, keyword: &'r str) -> impl Iterator<Item = &'r Block> {
        let terraform = self.blocks.iter().filter(|block| block.keyword == "terraform");
        terraform.flat_map(move |block| block.named(keyword))
    }
}

/// What there is to say about Terraform on a day: about its `.tf` and `.json`
/// files, by path.
#[must_use]
pub fn terraform(files: &BTreeMap<String, Arc<Source>>, today: Date) -> Report {
    let mut found = Vec::new();
    let (roots, texts, codes) = read(files, &mut found);
    for root in &roots {
        for rule in [provider::rules, backend::rules, resource::rules] {
            found.extend(rule(root));
        }
        found.extend(iam::rules(root, &texts));
    }
    found.extend(texts.values().flat_map(text));
    found.extend(across::rules(&roots, &texts));
    Report { left_out: policies::left_out(&roots, &texts), ..waived(found, &codes, today) }
}

/// The findings without those that comments accept.
fn waived(found: Vec<Finding>, codes: &[Arc<Source>], today: Date) -> Report {
    let mut files: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    for finding in in_order(found) {
        let name = finding.diagnostic.place.as_ref().map(|place| place.source.name.clone());
        files.entry(name.unwrap_or_default()).or_default().push(finding);
    }
    let mut report = Report::default();
    for source in codes {
        let (waivers, misspelt) = ignored::waivers(source, today);
        let mut own = waivers.report(files.remove(&source.name).unwrap_or_default(), source);
        own.findings.extend(misspelt);
        report.append(own);
    }
    report.findings.extend(files.into_values().flatten());
    report.findings = in_order(report.findings);
    report
}

/// The folders with their code, the other texts, and the files of code as they may be shown.
type Read = (Vec<Root>, Texts, Vec<Arc<Source>>);

fn read(files: &BTreeMap<String, Arc<Source>>, found: &mut Vec<Finding>) -> Read {
    let mut folders: BTreeMap<&str, Vec<Block>> = BTreeMap::new();
    let mut texts = Texts::new();
    let mut codes = Vec::new();
    for (path, source) in files {
        let folder = path.rfind('/').map_or("", |slash| &path[..=slash]);
        if !is_code(path) {
            texts.insert(path.clone(), Arc::clone(source));
            continue;
        }
        match block::file(source) {
            Ok(file) => {
                let (file, secrets) = secrets::hide(file);
                found.extend(secrets);
                codes.push(Arc::clone(&file.source));
                folders.entry(folder).or_default().extend(file.blocks);
            }
            Err(error) => {
                let message = format!("this is not Terraform: {}", error.message);
                let mut inside = Findings::of(source);
                inside.add("CR000", Span::new(error.span), message, error.hint.unwrap_or_default());
                found.extend(inside.into_list());
            }
        }
    }
    let root = |(folder, blocks): (&str, Vec<Block>)| Root { folder: folder.to_owned(), blocks };
    (folders.into_iter().map(root).collect(), texts, codes)
}

fn is_code(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|extension| extension == "tf")
}

/// A JSON file among the others, if it is a policy.
fn text(source: &Arc<Source>) -> Vec<Finding> {
    let mut found = Findings::of(source);
    let value = json::read(&source.text, 0..source.text.len(), false);
    if let Some(policy) = value.as_ref().ok().and_then(Policy::of) {
        policy.check(&mut found);
    }
    found.into_list()
}

/// A finding about something outside any policy.
fn finding(block: &Block, add: impl FnOnce(&mut Findings)) -> Vec<Finding> {
    let mut found = Findings::of(&block.source);
    add(&mut found);
    found.into_list()
}

/// The same finding, with a second place that explains it.
fn related(mut list: Vec<Finding>, source: &Arc<Source>, at: Span, label: &str) -> Vec<Finding> {
    for finding in &mut list {
        let diagnostic: Diagnostic = finding.diagnostic.clone();
        finding.diagnostic = diagnostic.related(source, at, label);
    }
    list
}
