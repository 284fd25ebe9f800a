//! Findings that are accepted for a while.

use std::sync::Arc;

use super::catalogue;
use super::finding::{Finding, Findings, in_order};
use crate::diagnostic::words::did_you_mean;
use crate::diagnostic::{Diagnostic, Level, Source, Span};
use crate::spec::{Located, Spec, TargetSpec};

/// What there is to say, with what has been accepted aside.
#[derive(Debug, Default)]
pub struct Report {
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
    /// What was found and is accepted, each with the reason.
    pub accepted: Vec<(Finding, String)>,
}

impl Report {
    /// The most serious level that is left.
    #[must_use]
    pub fn worst(&self) -> Option<Level> {
        self.findings.iter().map(|finding| finding.diagnostic.level).max()
    }

    /// Takes over what was found in another place.
    pub fn append(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.accepted.extend(other.accepted);
    }
}

/// A waiver that can be understood.
struct Waiver {
    id: String,
    target: Option<String>,
    reason: String,
    /// Whether its last day is over.
    is_over: bool,
    expires: String,
    at: Span,
}

/// The waivers of a spec, on a day.
pub struct Waivers {
    list: Vec<Waiver>,
    /// Where each target stands, where that matters.
    targets: Vec<(Span, Arc<str>)>,
}

impl Waivers {
    /// The waivers of a spec. `today` is written as in `2027-06-30`, and so is every date: they
    /// compare as texts.
    #[must_use]
    pub fn of(spec: &Spec, today: &str) -> Self {
        let written = spec.waivers.value().into_iter().flatten();
        let list: Vec<Waiver> = written
            .filter_map(|written| {
                let id = written.value.id.get()?;
                let expires = written.value.expires.value()?;
                Some(Waiver {
                    id: id.value.clone(),
                    target: written.value.target.value().map(|target| target.as_str().to_owned()),
                    reason: written.value.reason.value()?.clone(),
                    is_over: expires.as_str() < today,
                    expires: expires.clone(),
                    at: id.at,
                })
            })
            .collect();
        let targets = spec.targets.value().into_iter().flatten().filter(|_| !list.is_empty());
        let place =
            |target: &Located<TargetSpec>| Some((target.at, target.value.name.value()?.as_str().into()));
        Self { targets: targets.filter_map(place).collect(), list }
    }

    /// The target in whose part of the spec a diagnostic points.
    pub(super) fn target(&self, diagnostic: &Diagnostic) -> Option<Arc<str>> {
        let place = diagnostic.place.as_ref()?.span.start;
        let at = self.targets.iter().find(|(at, _)| at.start <= place && place < at.end);
        at.map(|(_, name)| Arc::clone(name))
    }

    /// The warnings about a spec that nobody has accepted.
    #[must_use]
    pub fn silence(&self, warnings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        if self.list.is_empty() {
            return warnings;
        }
        let finding = |diagnostic: &Diagnostic| Finding {
            diagnostic: diagnostic.clone(),
            target: self.target(diagnostic),
        };
        warnings.into_iter().filter(|warning| self.on(&finding(warning)).is_none()).collect()
    }

    /// The waiver that silences a finding; none silences an error.
    fn on(&self, finding: &Finding) -> Option<(usize, &Waiver)> {
        if finding.diagnostic.level == Level::Error {
            return None;
        }
        self.list.iter().enumerate().find(|(_, waiver)| {
            let is_meant = match &waiver.target {
                Some(target) => finding.target.as_deref() == Some(target),
                None => true,
            };
            !waiver.is_over && is_meant && finding.diagnostic.id == Some(&waiver.id)
        })
    }

    /// The findings that are left, those that are accepted, and what is wrong with waivers.
    pub(super) fn report(&self, found: Vec<Finding>, source: &Arc<Source>) -> Report {
        let mut report = Report::default();
        let mut used = vec![false; self.list.len()];
        for finding in found {
            match self.on(&finding) {
                Some((index, waiver)) => {
                    used[index] = true;
                    report.accepted.push((finding, waiver.reason.clone()));
                }
                None => report.findings.push(finding),
            }
        }
        let mut own = Findings::of(source);
        for (waiver, _) in self.list.iter().zip(used).filter(|(_, used)| !used) {
            waiver.complain(&report.findings, &mut own);
        }
        report.findings.extend(own.into_list());
        report.findings = in_order(report.findings);
        report
    }
}

impl Waiver {
    /// Says what is wrong with a waiver that silences nothing.
    fn complain(&self, left: &[Finding], found: &mut Findings) {
        let id = &self.id;
        let same = left.iter().filter(|finding| finding.diagnostic.id == Some(id));
        if self.is_over {
            let message = format!("this waiver of {id} expired on {}", self.expires);
            found.add(
                "CR098",
                self.at,
                message,
                "fix the finding and remove the waiver, or give it another date",
            );
        } else if catalogue::rule(id).is_none() {
            let known: Vec<&str> = catalogue::rules().iter().map(|rule| rule.id).collect();
            let message = format!("there is no finding {id}, so this waiver silences nothing");
            let near = crate::diagnostic::words::nearest(id, &known).map(|_| did_you_mean(id, &known));
            found.add(
                "CR099",
                self.at,
                message,
                near.unwrap_or_else(|| "docs/findings.md lists them".to_owned()),
            );
        } else if same.clone().any(|finding| finding.diagnostic.level == Level::Error) {
            let message = format!("{id} is an error here, and no waiver silences an error");
            found.add("CR099", self.at, message, "fix what it says, and remove the waiver");
        } else {
            let message = format!("this waiver of {id} silences nothing");
            found.add("CR099", self.at, message, "remove it: it would silence what nobody has looked at");
        }
    }
}
