//! The last look at trust before a tree is written: does the text that will stand on disk do what the
//! spec says?
//!
//! A document that no template and no edit had a part in is what `policy` built, and tests hold that
//! this does what the spec says. Every other text that could be a trust policy is judged, wherever it
//! lies; and a role whose trust policy is none of these is refused, because nobody knows who gets in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use rayon::prelude::*;

use super::plan::Planned;
use super::standing::left_by;
use crate::diagnostic::words::{Count, few};
use crate::diagnostic::{Diagnostic, Error, Kind, Level, Source};
use crate::explain::{
    AccessAudit, Entry, Matrix, Origin, Row, Standing, TrustTexts, Unknown, can_hold_role, stack_set_texts,
    trust_texts,
};
use crate::model::{GivenTrust, SourceAccount, Target, TargetRole};
use crate::output::{Holds, UnitName};
use crate::policy::evaluate::{self, Excess, Need, Policy, Request};
use crate::policy::{self, trust_policy};
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
    let help = "make the edit agree with the spec; or use `--accept-trust-change`, and check with `crossrole explain`";
    found.push(
        Diagnostic::error("nothing was written: the trust policies would not match the spec").help(help),
    );
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
        let roles = targets.flat_map(Target::each_role);
        let given = roles.filter_map(|one| Some((one, one.role.trust_policy.as_ref()?)));
        let found = given.flat_map(|(one, given)| {
            let excesses = self.audit().excesses_of_existing(one).into_iter();
            excesses.map(move |excess| existing_is_wider(one, given, &excess))
        });
        found.collect()
    }

    fn audit(&self) -> &AccessAudit<'_> {
        self.judge.get_or_init(|| AccessAudit::new(&self.planned.opened.inputs.fleet))
    }

    /// What is written, and what is kept as people edited it: that is on disk already, and yet not passed over.
    fn judge_unit(&self, unit: &UnitPlan) -> Result<Vec<Found>, Error> {
        let written: Vec<_> = unit.changes.iter().filter_map(|change| self.written(change)).collect();
        let mut found = self.judge_files(unit, &written)?;
        let kept: Vec<_> = unit.changes.iter().filter_map(kept).collect();
        if !kept.is_empty() {
            let kept = self.judge_files(unit, &kept)?.into_iter();
            let wrong = kept.filter(|Found { diagnostic, .. }| diagnostic.level == Level::Error);
            found.extend(wrong.map(|Found { path, diagnostic }| Found {
                path,
                diagnostic: Diagnostic { level: Level::Warning, ..diagnostic },
            }));
        }
        Ok(found)
    }

    fn judge_files(&self, unit: &UnitPlan, written: &[Standing]) -> Result<Vec<Found>, Error> {
        // What leads to a document may lead another role to it.
        if written.iter().all(|file| file.is_built() || !can_hold_role(file)) {
            let first = trust_texts(written);
            let all = first.documents.iter().chain(&first.others);
            if first.unknown.is_empty() && all.into_iter().all(|document| document.file.is_built()) {
                return Ok(Vec::new());
            }
        }
        match (&unit.unit, self.planned.target_of(&unit.unit)) {
            (_, Some(target)) => self.judge_target(target, &unit.changes, written),
            (UnitName::Source, None) => {
                let mut found = self.judge_source(written)?;
                found.extend(self.judge_stack_set(written)?);
                Ok(found)
            }
            // Files of nobody say nothing of anybody's role, unless one is made there.
            _ => Ok(trust_texts(written).unknown.iter().map(|unknown| not_known(unknown).into()).collect()),
        }
    }

    /// What is written is judged; what is not may be what a role leads to, or lets in whom another document need not.
    fn judge_target(
        &self,
        target: &Target,
        changes: &[Change],
        written: &[Standing],
    ) -> Result<Vec<Found>, Error> {
        let standing = self.planned.standing(target, changes)?;
        let texts = trust_texts(&standing.files);
        let mut found = unknown(&texts, written, |_| true);
        found.extend(standing.unread.iter().map(|why| hidden(why)));
        found.extend(self.judge_roles(target, &texts, written));
        Ok(found)
    }

    fn judge_roles(&self, target: &Target, texts: &TrustTexts, written: &[Standing]) -> Vec<Found> {
        let judge_role = |one: TargetRole<'_>| {
            let asked_for = trust_policy(self.source(), &target.session, one.role);
            let judge = |trust: &Policy| self.audit().matrix(one, trust);
            mismatches(&texts.of(one), &asked_for, written, &judge)
        };
        target.each_role().flat_map(judge_role).collect()
    }

    /// The same for the roles that the stack set of A creates, in each of its targets.
    fn judge_stack_set(&self, written: &[Standing]) -> Result<Vec<Found>, Error> {
        let targets: Vec<&Target> = self.planned.opened.inputs.fleet.stack_set_targets().collect();
        if targets.is_empty() {
            return Ok(Vec::new());
        }
        let standing = self.planned.source_standing()?;
        let texts = stack_set_texts(&standing.files);
        let mut found = unknown(&texts, written, |_| true);
        found.extend(standing.unread.iter().map(|why| hidden(why)));
        let of_target = |target: &&Target| {
            self.judge_roles(target, &TrustTexts::default().with_stack_set(&texts, target), written)
        };
        let of_targets: Vec<_> = targets.par_iter().map(of_target).collect();
        // What a template opens, it opens in all of them.
        let mut said = BTreeSet::new();
        let is_new = |found: &Found| said.insert((found.path.clone(), found.diagnostic.message.clone()));
        found.extend(of_targets.into_iter().flatten().filter(is_new));
        Ok(found)
    }

    /// The same for the roles in A that workloads enter through: A may have roles of other people, too.
    fn judge_source(&self, written: &[Standing]) -> Result<Vec<Found>, Error> {
        let entries: Vec<Entry<'_>> = Entry::all(&self.planned.opened.inputs.fleet).collect();
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let standing = self.planned.source_standing()?;
        let texts = trust_texts(&standing.files);
        let mut found =
            unknown(&texts, written, |unknown| entries.iter().any(|entry| unknown.may_be_of_entry(*entry)));
        found.extend(standing.unread.iter().map(|why| hidden(why)));
        for entry in entries {
            let judge = |trust: &Policy| self.audit().entry_matrix(entry, trust);
            found.extend(mismatches(&texts.of_entry(entry), &entry.trust_policy(), written, &judge));
        }
        Ok(found)
    }

    fn source(&self) -> &SourceAccount {
        &self.planned.opened.inputs.fleet.source
    }

    /// The file that a change writes, where somebody but the program had a part in it.
    fn written(&self, change: &Change) -> Option<Standing> {
        match change.decision {
            Decision::Merge | Decision::Move => {}
            // What our own templates make of a role leads to the document beside it, or holds it as it is.
            Decision::Create | Decision::Update => {
                let is_document = change.after.as_ref().is_some_and(|file| file.holds.is_some());
                if !is_document && self.is_as_built_in(change) {
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
}

/// The file that a person edited and that stays so, where it says who can assume a role. One that is adopted was kept
/// against what is generated, unless it is the same.
fn kept(change: &Change) -> Option<Standing> {
    let may_be_edited = matches!(change.decision, Decision::KeepEdited | Decision::Adopt);
    let file = may_be_edited.then(|| left_by(change)).flatten()?;
    let is_kept = change.decision == Decision::KeepEdited || file.origin == Origin::Edited;
    is_kept.then_some(())?;
    (file.holds == Some(Holds::TrustPolicy) || can_hold_role(&file)).then_some(file)
}

/// What is written and says who can assume a role in a way that is not followed.
fn unknown(texts: &TrustTexts, written: &[Standing], matters: impl Fn(&Unknown) -> bool) -> Vec<Found> {
    let is_written = |unknown: &&Unknown| written.iter().any(|file| file.path == unknown.path);
    let unknown = texts.unknown.iter().filter(is_written).filter(|unknown| matters(unknown));
    unknown.map(|unknown| not_known(unknown).into()).collect()
}

fn hidden(why: &str) -> Found {
    Diagnostic::error(format!("not known who can assume the role: {why}")).into()
}

/// What the documents of a role let happen that the spec does not say, as far as they are written, or what leads to
/// them. Where another serves the declared callers, one need not; nor need one that no role leads to.
fn mismatches(
    (of_role, of_nobody): &(Vec<&Standing>, Vec<&Standing>),
    asked_for: &policy::Document,
    written: &[Standing],
    judge: &dyn Fn(&Policy) -> Matrix,
) -> Vec<Found> {
    let is_served = of_role.iter().any(|file| file.is_built_as(asked_for));
    let of_role = of_role.iter().map(|file| (file, is_served));
    let all = of_role.chain(of_nobody.iter().map(|file| (file, true)));
    let leads = written.iter().any(can_hold_role);
    let is_judged = |file: &Standing| {
        let is_written = written.iter().any(|written| written.path == file.path);
        (is_written || leads && file.is_built()) && !file.is_built_as(asked_for)
    };
    let judged = all.filter(|(file, _)| is_judged(file));
    judged.flat_map(|(file, is_served)| mismatches_of(file, is_served, judge)).collect()
}

/// What one document lets happen that the spec does not say.
fn mismatches_of(document: &Standing, is_served: bool, judge: &dyn Fn(&Policy) -> Matrix) -> Vec<Found> {
    let path = document.path.as_str();
    let found = |diagnostic| Found { path: Some(path.to_owned()), diagnostic };
    match Policy::parse(&document.text, evaluate::Kind::Trust) {
        Ok(trust) => {
            let matrix = judge(&trust);
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

/// A role of which nobody can say who gets in.
fn not_known(unknown: &Unknown) -> Diagnostic {
    let help = "give the role `file(\"${path.module}/NAME\")` of a file whose entry in `pack.yaml` says `document: trust_policy`";
    Diagnostic::error(format!("not known who can assume the role: {unknown}")).help(help)
}

/// Something that the policy allows beyond the spec.
fn wider(excess: &Excess) -> Diagnostic {
    Diagnostic::error(format!("{} could assume the role, against the spec: {excess}", excess.who))
}

/// Something that a role which exists already allows beyond the spec.
fn existing_is_wider(one: TargetRole<'_>, given: &GivenTrust, excess: &Excess) -> Diagnostic {
    let GivenTrust { file, .. } = given;
    let message = format!("`{file}`: the existing role of `{one}` is wider than the spec: {excess}");
    Diagnostic::warning(message).help("narrow its trust policy in AWS; crossrole does not change this role")
}

fn mismatch(row: &Row) -> Diagnostic {
    let with = if row.with.is_empty() { String::new() } else { format!(" with {}", row.with.join(", ")) };
    if row.verdict.is_allowed() {
        let reason = &row.verdict.reason;
        return Diagnostic::error(format!(
            "{}{with} could assume the role, against the spec: {reason}",
            row.who
        ));
    }
    let is_more = |need: &Need| is_more_than_the_spec(need, &row.request);
    let near = row.verdict.near.first().filter(|near| near.needs.iter().all(is_more));
    match near {
        Some(near) => Diagnostic::warning(format!(
            "{}{with} is allowed only under a condition that is not in the spec: {near}",
            row.who
        )),
        None => Diagnostic::error(format!(
            "{}{with} would be denied, against the spec: {}",
            row.who, row.verdict.reason
        )),
    }
}

fn is_more_than_the_spec(need: &Need, request: &Request) -> bool {
    match need {
        // The spec speaks of every claim that a token of a caller has.
        Need::Condition { found: Some(_), .. } if request.principal.account().is_none() => false,
        Need::Condition { key, .. } => !OF_THE_SPEC.iter().any(|known| known.eq_ignore_ascii_case(key)),
        _ => false,
    }
}
