//! Findings that are accepted for a while.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::catalogue;
use super::finding::{Finding, Findings, in_order};
use super::judged::Judged;
use crate::diagnostic::words::did_you_mean;
use crate::diagnostic::{Diagnostic, Level, Source, Span};
use crate::model::{Date, TargetName};
use crate::spec::{Located, Spec, TargetSpec};

/// What there is to say, with what has been accepted aside.
#[derive(Debug, Default)]
pub struct Report {
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
    /// What was found and is accepted, each with the reason.
    pub accepted: Vec<(Finding, String)>,
    /// How much of policies and Terraform could be judged; `None` for a spec.
    pub judged: Option<Judged>,
}

impl Report {
    /// The most serious level that is left.
    #[must_use]
    pub fn worst(&self) -> Option<Level> {
        self.findings.iter().map(|finding| finding.diagnostic.level).max()
    }

    /// What could not be judged is as serious as what is wrong.
    pub fn count_unjudged_as_errors(&mut self) {
        for finding in self.findings.iter_mut().filter(|finding| finding.diagnostic.id == Some("CR110")) {
            finding.diagnostic.level = Level::Error;
        }
    }

    /// Leaves out what is said of these files.
    pub(super) fn leave_out(&mut self, files: &BTreeSet<&str>) {
        let is_wanted = |finding: &Finding| {
            let place = finding.diagnostic.place.as_ref();
            place.is_none_or(|place| !files.contains(place.source.name.as_str()))
        };
        self.findings.retain(is_wanted);
        self.accepted.retain(|(finding, _)| is_wanted(finding));
    }

    /// Takes over what was found in another place.
    pub fn append(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.accepted.extend(other.accepted);
        if let Some(judged) = other.judged {
            *self.judged.get_or_insert_default() += judged;
        }
    }
}

/// A waiver that can be understood.
struct Waiver {
    id: String,
    reach: Reach,
    reason: String,
    /// Whether its last day is over.
    is_over: bool,
    expires: Date,
    at: Span,
}

/// Which findings a waiver is about, beside their id.
enum Reach {
    /// All of a spec.
    Whole,
    /// Those of one target of it.
    Target(TargetName),
    /// Those that begin in a part of a Terraform file.
    Part(Span),
}

/// The waivers of a spec or of a Terraform file, on a day.
#[derive(Default)]
pub struct Waivers {
    list: Vec<Waiver>,
    /// Where each target stands, where that matters.
    targets: Vec<(Span, TargetName)>,
}

impl Waivers {
    /// The waivers of a spec on a day.
    #[must_use]
    pub fn of(spec: &Spec, today: Date) -> Self {
        let written = spec.waivers.value().into_iter().flatten();
        let list: Vec<Waiver> = written
            .filter_map(|written| {
                let id = written.value.id.get()?;
                let expires = *written.value.expires.value()?;
                Some(Waiver {
                    id: id_of(&id.value),
                    reach: written
                        .value
                        .target
                        .value()
                        .map_or(Reach::Whole, |target| Reach::Target(target.clone())),
                    reason: written.value.reason.value()?.clone(),
                    is_over: expires < today,
                    expires,
                    at: id.at,
                })
            })
            .collect();
        let targets = spec.targets.value().into_iter().flatten().filter(|_| !list.is_empty());
        let place = |target: &Located<TargetSpec>| Some((target.at, target.value.name.value()?.clone()));
        Self { targets: targets.filter_map(place).collect(), list }
    }

    /// Adds the waiver of a comment, which stands at one place and is about a part of the file.
    pub(super) fn add(
        &mut self,
        id: &str,
        expires: Date,
        reason: &str,
        (at, part): (Span, Span),
        today: Date,
    ) {
        self.list.push(Waiver {
            id: id_of(id),
            reach: Reach::Part(part),
            reason: reason.to_owned(),
            is_over: expires < today,
            expires,
            at,
        });
    }

    /// The target in whose part of the spec a diagnostic points.
    pub(super) fn target(&self, diagnostic: &Diagnostic) -> Option<TargetName> {
        let place = diagnostic.place.as_ref()?.span.start;
        let at = self.targets.iter().find(|(at, _)| at.start <= place && place < at.end);
        at.map(|(_, name)| name.clone())
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
        self.list.iter().enumerate().find(|(_, waiver)| !waiver.is_over && waiver.is_about(finding))
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

/// The id that is meant where a waiver has a finding's name.
fn id_of(written: &str) -> String {
    catalogue::rule(written).map_or(written, |rule| rule.id).to_owned()
}

impl Waiver {
    fn is_about(&self, finding: &Finding) -> bool {
        let is_in_reach = match &self.reach {
            Reach::Whole => true,
            Reach::Target(target) => finding.target.as_ref() == Some(target),
            Reach::Part(part) => {
                let place = finding.diagnostic.place.as_ref().map(|place| place.span.start);
                place.is_some_and(|place| part.range().contains(&(place as usize)))
            }
        };
        is_in_reach && finding.diagnostic.id == Some(&self.id)
    }

    /// Says what is wrong with a waiver that silences nothing.
    fn complain(&self, left: &[Finding], found: &mut Findings) {
        let id = &self.id;
        let mut same = left.iter().filter(|finding| self.is_about(finding));
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
            let message = format!("there is no finding {id}, so this waiver has no effect");
            let near = crate::diagnostic::words::nearest(id, &known).map(|_| did_you_mean(id, &known));
            found.add(
                "CR099",
                self.at,
                message,
                near.unwrap_or_else(|| "docs/findings.md lists them".to_owned()),
            );
        } else if same.any(|finding| finding.diagnostic.level == Level::Error) {
            let message = format!("{id} is an error here, and errors cannot be waived");
            found.add("CR099", self.at, message, "fix the error, and remove the waiver");
        } else {
            let message = format!("this waiver of {id} has no effect");
            let mut help = "remove it: it could hide a later finding that nobody has reviewed".to_owned();
            if matches!(self.reach, Reach::Part(_)) {
                help.push_str(
                    "; or put it directly above the argument or block that it is about, or at its end",
                );
            }
            found.add("CR099", self.at, message, help);
        }
    }
}
