//! Existing Terraform: providers, roles, policies and backends, and whether they fit together.
//!
//! Responsible for rules on what `terraform` has read of a folder, and on the JSON beside it. A value
//! that only a run would show is unknown, and rules stay silent about it, but for the few that are about
//! just that.

mod across;
mod backend;
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

use self::policies::Texts;
use super::finding::{Finding, Findings, in_order};
use super::policy::Policy;
use super::waiver::Report;
use crate::diagnostic::{Source, Sources, Span};
use crate::model::Date;
use crate::terraform::{self, Block, Input, Module};
use crate::value;

/// A folder that Terraform runs in, or a module as it is called: what stands in its files.
struct Root<'r> {
    module: &'r Module,
    sources: &'r Arc<Sources>,
}

impl<'r> Root<'r> {
    fn resources(&self) -> impl Iterator<Item = &'r Block> + use<'r> {
        self.module.named("resource")
    }

    /// The providers of AWS.
    fn providers(&self) -> impl Iterator<Item = &'r Block> + use<'r> {
        self.module.named("provider").filter(|block| block.is("aws"))
    }

    /// The blocks inside `terraform`.
    fn settings(&self, keyword: &'static str) -> impl Iterator<Item = &'r Block> + use<'r> {
        self.module.named("terraform").flat_map(move |block| block.named(keyword))
    }

    /// A finding about something outside any policy.
    fn finding(&self, add: impl FnOnce(&mut Findings)) -> Vec<Finding> {
        let mut found = Findings::among(self.sources);
        add(&mut found);
        found.into_list()
    }

    /// The same finding, with a second place that explains it.
    fn related(&self, mut list: Vec<Finding>, at: Span, label: &str) -> Vec<Finding> {
        for finding in &mut list {
            finding.diagnostic.related = self.sources.place(at).map(|place| (place, label.to_owned()));
        }
        list
    }
}

/// What there is to say about Terraform on a day: about its files and the JSON
/// beside them, by path. `lookup` finds any other file below the folder, for `file(…)` and its like.
#[must_use]
pub fn terraform(
    files: &BTreeMap<String, Arc<Source>>,
    lookup: &dyn Fn(&str) -> Option<Arc<Source>>,
    today: Date,
) -> Report {
    let mut found = Vec::new();
    let (codes, texts) = parted(files, &mut found);
    let lookup = |path: &str| texts.get(path).cloned().or_else(|| lookup(path));
    let read = terraform::read(Input { files: &codes, lookup: &lookup, given: &[] });
    found.extend(read.problems.iter().flat_map(problem));
    let sources = Arc::new(read.sources.clone());
    let roots: Vec<Root<'_>> =
        read.modules().into_iter().map(|module| Root { module, sources: &sources }).collect();
    for root in &roots {
        for rule in [provider::rules, backend::rules, resource::rules, iam::rules] {
            found.extend(rule(root));
        }
    }
    found.extend(texts.values().flat_map(text));
    found.extend(across::rules(&roots, &texts));
    let left_out = policies::left_out(&read, &roots, &codes);
    Report { left_out, ..waived(found, codes.values(), today) }
}

/// The findings without those that comments accept.
fn waived<'c>(found: Vec<Finding>, codes: impl Iterator<Item = &'c Arc<Source>>, today: Date) -> Report {
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

/// The files that Terraform reads, as they may be shown, and the others.
fn parted(files: &BTreeMap<String, Arc<Source>>, found: &mut Vec<Finding>) -> (Texts, Texts) {
    let (mut codes, mut texts) = (Texts::new(), Texts::new());
    for (path, source) in files {
        if terraform::is_read(path) {
            let (source, secrets) = secrets::hide(source, path);
            found.extend(secrets);
            codes.insert(path.clone(), source);
        } else {
            texts.insert(path.clone(), Arc::clone(source));
        }
    }
    (codes, texts)
}

fn problem(problem: &terraform::Problem) -> Vec<Finding> {
    let mut found = Findings::of(&problem.source);
    found.add("CR000", problem.at, problem.message.clone(), problem.help.clone());
    found.into_list()
}

/// A JSON file among the others, if it is a policy.
fn text(source: &Arc<Source>) -> Vec<Finding> {
    let mut found = Findings::of(source);
    let value = value::parse(&source.text, 0);
    if let Some(policy) = value.as_ref().ok().and_then(Policy::of) {
        policy.check(&mut found);
    }
    found.into_list()
}
