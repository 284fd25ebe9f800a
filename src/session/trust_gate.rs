//! The last look at trust before a tree is written: does the text that will stand on disk do what the
//! spec says?
//!
//! A document that no template and no edit had a part in is what `policy` built, and tests hold that
//! this does what the spec says. Every other text that could be a trust policy is judged, wherever it
//! lies; and a role whose trust policy is none of these is refused, because nobody knows who gets in.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::plan::Planned;
use super::standing::left_by;
use crate::diagnostic::words::{Count, few};
use crate::diagnostic::{Diagnostic, Error, Kind, Level, Source};
use crate::explain::{AccessAudit, Row, Standing, Unknown, trust_texts};
use crate::model::{GivenTrust, Target};
use crate::output::{FileKind, UnitName};
use crate::policy::evaluate::{self, Excess, Need, Policy};
use crate::reconcile::{Change, Decision, UnitPlan};

/// Keys that say who a caller is and what they were asked for: the spec speaks of these. Any other
/// condition of a person's is narrower than the spec, and theirs to add.
const OF_THE_SPEC: [&str; 5] = [
    "sts:ExternalId",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalOrgID",
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
];

/// Refuses a plan that writes a trust policy under which a declared caller cannot get in, or a
/// stranger can, or a role whose trust policy is not known; what only asks for more than the spec does
/// is returned as warnings.
pub(super) fn refuse_other_trust(planned: &Planned<'_>, accepted: bool) -> Result<Vec<Diagnostic>, Error> {
    let gate = Gate { planned, judge: OnceLock::new() };
    let units = &planned.plan().units;
    let found: Vec<_> = units.par_iter().map(|unit| gate.judge_unit(unit)).collect::<Result<_, _>>()?;
    let mut found = in_few_lines(found.into_iter().flatten());
    found.extend(gate.existing());
    if accepted || found.iter().all(|found| found.level < Level::Error) {
        return Ok(found.into_iter().map(|found| Diagnostic { level: Level::Warning, ..found }).collect());
    }
    let help = "make the edit and the spec agree; `--accept-trust-change` writes it all the same, and `crossrole explain` then shows who gets in";
    found.push(Diagnostic::error("nothing was written: trust would not be what the spec says").help(help));
    Err(Error::new(Kind::Refused, found))
}

/// Something that is wrong, and of which file it is said, where the message does not name it.
struct Found {
    path: Option<String>,
    diagnostic: Diagnostic,
}

impl From<Diagnostic> for Found {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { path: None, diagnostic }
    }
}

/// What is the same in many files as one line: a template that opens something opens it everywhere.
fn in_few_lines(found: impl Iterator<Item = Found>) -> Vec<Diagnostic> {
    let mut lines: Vec<(Diagnostic, Vec<String>)> = Vec::new();
    let mut places = BTreeMap::new();
    for Found { path, diagnostic } in found {
        let Some(path) = path else {
            lines.push((diagnostic, Vec::new()));
            continue;
        };
        let at = *places.entry((diagnostic.level, diagnostic.message.clone())).or_insert(lines.len());
        match lines.get_mut(at) {
            Some((_, paths)) => paths.push(path),
            None => lines.push((diagnostic, vec![path])),
        }
    }
    let line = |(diagnostic, paths): (Diagnostic, Vec<String>)| {
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let message = match &paths[..] {
            [] => diagnostic.message,
            [path] => format!("`{path}`: {}", diagnostic.message),
            _ => format!("{}, in {}: {}", diagnostic.message, Count(paths.len(), "file"), few(&paths)),
        };
        Diagnostic { message, ..diagnostic }
    };
    lines.into_iter().map(line).collect()
}

struct Gate<'g> {
    planned: &'g Planned<'g>,
    judge: OnceLock<AccessAudit<'g>>,
}

impl Gate<'_> {
    /// What roles that exist already allow beyond the spec: nothing that is written here changes that.
    fn existing(&self) -> Vec<Diagnostic> {
        let targets = self.planned.plan().units.iter().filter_map(|unit| self.planned.target_of(&unit.unit));
        let given = targets.filter_map(|target| Some((target, target.role.trust_policy.as_ref()?)));
        let found = given.flat_map(|(target, given)| {
            let excesses = self.audit().excesses_of_existing(target).into_iter();
            excesses.map(move |excess| existing_is_wider(target, given, &excess))
        });
        found.collect()
    }

    fn audit(&self) -> &AccessAudit<'_> {
        self.judge.get_or_init(|| AccessAudit::new(&self.planned.opened.inputs.fleet))
    }

    fn judge_unit(&self, unit: &UnitPlan) -> Result<Vec<Found>, Error> {
        let written: Vec<_> = unit.changes.iter().filter_map(|change| self.written(change)).collect();
        let first = trust_texts(&written);
        if first.unknown.is_empty() && first.documents.iter().chain(&first.others).all(Standing::is_built) {
            return Ok(Vec::new());
        }
        let Some(target) = self.planned.target_of(&unit.unit) else {
            // Files of A and of nobody say nothing of the targets' roles, unless one is made there.
            let is_shared = unit.unit == UnitName::Shared;
            let unknown = first.unknown.iter().filter(|_| is_shared);
            return Ok(unknown.map(|unknown| not_known(unknown).into()).collect());
        };
        // What is not written may be what a role leads to, or lets in whom another document need not.
        let standing = self.planned.standing(target, &unit.changes)?;
        let texts = trust_texts(&standing.files);
        let is_written = |path| written.iter().any(|file| file.path == path);
        let unknown = texts.unknown.iter().filter(|unknown| is_written(unknown.path.clone()));
        let mut found: Vec<Found> = unknown.map(|unknown| not_known(unknown).into()).collect();
        let hidden =
            |why: &String| Diagnostic::error(format!("not known who may assume the role: {why}")).into();
        found.extend(standing.unread.iter().map(hidden));
        let is_served = texts.documents.iter().any(Standing::is_built);
        let of_roles = texts.documents.iter().map(|document| (document, is_served));
        // Whom a document lets in that no role leads to, it need not.
        let all = of_roles.chain(texts.others.iter().map(|document| (document, true)));
        for (document, is_served) in all.filter(|(file, _)| is_written(file.path.clone()) && !file.is_built())
        {
            found.extend(self.mismatches(target, document, is_served));
        }
        Ok(found)
    }

    /// The file that a change writes, where somebody but the program had a part in it.
    fn written(&self, change: &Change) -> Option<Standing> {
        match change.decision {
            Decision::Merge | Decision::Move => {}
            // What our own templates make of a role leads to the document beside it.
            Decision::Create | Decision::Update => {
                let is_terraform = FileKind::of(change.path.as_str()) == FileKind::Hcl;
                if is_terraform && self.is_as_built_in(change) {
                    return None;
                }
            }
            _ => return None,
        }
        left_by(change)
    }

    /// Whether a change writes what our own templates make.
    fn is_as_built_in(&self, change: &Change) -> bool {
        let pack = &self.planned.opened.inputs.pack;
        change.after.as_ref().is_some_and(|file| pack.writes_as_built_in(&file.template))
    }

    /// What a document lets happen that the spec does not say. Where another serves the declared callers,
    /// this one need not.
    fn mismatches(&self, target: &Target, document: &Standing, is_served: bool) -> Vec<Found> {
        let path = document.path.as_str();
        let found = |diagnostic| Found { path: Some(path.to_owned()), diagnostic };
        match Policy::parse(&document.text, evaluate::Kind::Trust) {
            Ok(trust) => {
                let matrix = self.audit().matrix(target, &trust);
                let told = matrix.mismatches().filter(|row| !is_served || row.verdict.is_allowed());
                told.map(mismatch).chain(matrix.excesses.iter().map(wider)).map(found).collect()
            }
            Err(error) => {
                let source = Source::new(path, &*document.text);
                let message = format!("this is not a trust policy: {}", error.message);
                vec![Diagnostic::error(message).at(&source, error.at).into()]
            }
        }
    }
}

/// A role of which nobody can say who gets in.
fn not_known(unknown: &Unknown) -> Diagnostic {
    let help = "give the role `file(\"${path.module}/NAME\")` of a file whose entry in `pack.yaml` says `document: trust_policy`";
    Diagnostic::error(format!("not known who may assume the role: {unknown}")).help(help)
}

/// Something that the policy allows beyond the spec.
fn wider(excess: &Excess) -> Diagnostic {
    Diagnostic::error(format!("{} would get in, and should not: {excess}", excess.who))
}

/// Something that a role which exists already allows beyond the spec.
fn existing_is_wider(target: &Target, given: &GivenTrust, excess: &Excess) -> Diagnostic {
    let GivenTrust { file, .. } = given;
    let message =
        format!("`{file}`: the existing role of `{}` is wider than the spec: {excess}", target.name);
    Diagnostic::warning(message).help("narrow its trust policy in AWS; crossrole does not change this role")
}

fn mismatch(row: &Row) -> Diagnostic {
    let with = if row.with.is_empty() { String::new() } else { format!(" with {}", row.with.join(", ")) };
    if row.verdict.is_allowed() {
        let reason = &row.verdict.reason;
        return Diagnostic::error(format!("{}{with} would get in, and should not: {reason}", row.who));
    }
    let near = row.verdict.near.first().filter(|near| near.needs.iter().all(is_more_than_the_spec));
    match near {
        Some(near) => Diagnostic::warning(format!(
            "{}{with} gets in only under a condition that the spec does not know: {near}",
            row.who
        )),
        None => Diagnostic::error(format!(
            "{}{with} would not get in, and should: {}",
            row.who, row.verdict.reason
        )),
    }
}

fn is_more_than_the_spec(need: &Need) -> bool {
    match need {
        Need::Condition { key, .. } => !OF_THE_SPEC.iter().any(|known| known.eq_ignore_ascii_case(key)),
        _ => false,
    }
}
