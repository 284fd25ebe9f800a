//! The last look at trust before a tree is written: does the text that will stand on disk do what the
//! spec says?
//!
//! What our own templates write is what `policy` built, and tests hold that this does what the spec
//! says. So only texts are judged that a person's edit or other templates had a part in.

use std::collections::BTreeMap;

use super::load::Loaded;
use crate::diagnostic::{Diagnostic, Error, Kind, Level, Source, Span};
use crate::explain::{Judge, Row, trust_path};
use crate::model::Target;
use crate::policy::evaluate::{self, Need, Policy};
use crate::reconcile::{Decision, Plan};

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
/// stranger can; what only asks for more than the spec does is returned as warnings.
pub(super) fn refuse_other_trust(
    loaded: &Loaded,
    plan: &Plan,
    accepted: bool,
) -> Result<Vec<Diagnostic>, Error> {
    let is_judged = |decision| match decision {
        Decision::Merge | Decision::Move => true,
        Decision::Create | Decision::Update => !loaded.is_built_in,
        _ => false,
    };
    let judged: Vec<_> = plan.changes().filter(|change| is_judged(change.decision)).collect();
    if judged.is_empty() {
        return Ok(Vec::new());
    }
    let targets: BTreeMap<String, &Target> =
        loaded.fleet.targets.iter().map(|target| (trust_path(target), target)).collect();
    let judge = Judge::new(&loaded.fleet);
    let mut found = Vec::new();
    for change in judged {
        if let (Some(target), Some(file)) = (targets.get(change.path.as_str()), &change.after) {
            found.extend(surprises(&judge, target, change.path.as_str(), &file.text));
        }
    }
    if accepted || found.iter().all(|found| found.level < Level::Error) {
        return Ok(found.into_iter().map(|found| Diagnostic { level: Level::Warning, ..found }).collect());
    }
    let help = "make the edit and the spec agree; `--accept-trust-change` writes it all the same, and `crossrole explain` then shows who gets in";
    found.push(Diagnostic::error("nothing was written: trust would not be what the spec says").help(help));
    Err(Error::new(Kind::Refused, found))
}

fn surprises(judge: &Judge<'_>, target: &Target, path: &str, text: &str) -> Vec<Diagnostic> {
    match Policy::parse(text, evaluate::Kind::Trust) {
        Ok(trust) => judge.matrix(target, &trust).surprises().map(|row| surprise(path, row)).collect(),
        Err(error) => {
            let (line, column) = error.place.unwrap_or((1, 1));
            let source = Source::new(path, text);
            let at = source.offset(line, column);
            let message = format!("this is not a trust policy: {}", error.message);
            vec![Diagnostic::error(message).at(&source, Span::new(at..at))]
        }
    }
}

fn surprise(path: &str, row: &Row) -> Diagnostic {
    let with = if row.with.is_empty() { String::new() } else { format!(" with {}", row.with.join(", ")) };
    if row.verdict.is_allowed() {
        let reason = &row.verdict.reason;
        return Diagnostic::error(format!(
            "`{path}`: {}{with} would get in, and should not: {reason}",
            row.who
        ));
    }
    let near = row.verdict.near.first().filter(|near| near.needs.iter().all(is_more_than_the_spec));
    match near {
        Some(near) => Diagnostic::warning(format!(
            "`{path}`: {}{with} gets in only under a condition that the spec does not know: {near}",
            row.who
        )),
        None => Diagnostic::error(format!(
            "`{path}`: {}{with} would not get in, and should: {}",
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
