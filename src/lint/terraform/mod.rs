//! Existing Terraform: providers, roles, policies and backends, and whether they fit together.
//!
//! Responsible for rules on what `terraform` has read of a folder, and on the JSON beside it. A value
//! that only a run would show is unknown, and rules stay silent about it, but for the few that are about
//! just that; what could not be judged because of it has a finding of its own, `CR110`.

mod across;
mod backend;
mod carriers;
mod fragments;
mod gaps;
mod hop;
mod iam;
mod ignored;
mod policies;
mod provider;
mod resource;
mod root;
mod secrets;
mod tally;
mod unread;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use self::root::Texts;
use self::tally::Tally;
use self::unread::Unread;
use super::finding::{Finding, Findings, in_order};
use super::waiver::Report;
use crate::diagnostic::{Level, Source, Span};
use crate::model::Date;
use crate::terraform::{self, Input};

/// What is to be looked at.
#[derive(Clone, Copy)]
pub struct Tree<'t> {
    /// The files that Terraform reads, and JSON beside them, by path.
    pub files: &'t BTreeMap<String, Arc<Source>>,
    /// Finds any other file below the folder, for `file(…)` and its like.
    pub lookup: &'t dyn Fn(&str) -> Option<Arc<Source>>,
    /// The files that cannot be read, by the name that is shown, and why.
    pub unreadable: &'t [(String, String)],
    /// The files that findings are wanted of, where others are read to understand them.
    pub named: Option<&'t BTreeSet<String>>,
}

/// What there is to say about Terraform on a day.
#[must_use]
pub fn terraform(tree: Tree<'_>, today: Date) -> Report {
    let mut found: Vec<Finding> = tree.unreadable.iter().flat_map(unreadable).collect();
    let (codes, texts) = parted(tree.files, &mut found);
    let lookup = |path: &str| texts.get(path).cloned().or_else(|| (tree.lookup)(path));
    let read = terraform::read(Input { files: &codes, lookup: &lookup, given: &[], only: None });
    found.extend(read.problems.iter().flat_map(problem));
    let sources = Arc::new(read.sources.clone());
    let roots = root::all(&read, &sources);
    let texts = policies::parsed(&texts);
    let unread = Unread { read: &read, codes: &codes };
    let mut tally = Tally::default();
    found.extend(policies::rules(&roots, &texts, &unread, &mut tally));
    for root in &roots {
        for rule in [provider::rules, backend::rules, resource::rules, iam::rules] {
            found.extend(rule(root));
        }
        found.extend(provider::judged(root, &mut tally.providers));
        found.extend(unread::modules(root, &mut tally.modules));
    }
    found.extend(across::rules(&roots, &texts));
    let others = others(&tree, &codes);
    let mut judged = tally.judged(&|at| {
        let place = sources.place(at);
        place.is_none_or(|place| !others.contains(place.source.name.as_str()))
    });
    judged.not += tree.unreadable.len();
    let mut report = waived(found, codes.values(), today);
    report.leave_out(&others);
    Report { judged: Some(judged), ..report }
}

/// The names of files that were only read to understand others.
fn others<'c>(tree: &Tree<'_>, codes: &'c Texts) -> BTreeSet<&'c str> {
    let Some(named) = tree.named else { return BTreeSet::new() };
    let is_other = |path: &str| !named.contains(path) && !terraform::is_override(path);
    codes.iter().filter(|(path, _)| is_other(path)).map(|(_, source)| source.name.as_str()).collect()
}

/// CR110, of a file that cannot be read: a warning where Terraform would read it.
fn unreadable((name, why): &(String, String)) -> Vec<Finding> {
    let mut found = Findings::of(&Source::new(name.clone(), String::new()));
    let level = if terraform::is_read(name) { Level::Warning } else { Level::Note };
    let message = format!("nothing in `{name}` was judged: {why}");
    found.add_as(level, "CR110", Span::default(), message, "save it as UTF-8, or keep it out of this folder");
    found.into_list()
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
