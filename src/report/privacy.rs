//! What may be shown to the owner of one account: nothing of anybody else's.

use std::collections::BTreeSet;

use super::facts::{Changes, Facts, FindingFact, RoleGroup};
use crate::model::{Fleet, TargetName};

/// What is said instead of another account's name or id.
const OTHER: &str = "(another account)";

/// The names and account ids that must not be shown.
#[derive(Debug)]
pub struct Privacy {
    hidden: BTreeSet<String>,
    /// Callers that may enter none of the accounts that are shown.
    callers: BTreeSet<String>,
}

impl Privacy {
    /// Of a page about these targets of a fleet.
    #[must_use]
    pub fn of(fleet: &Fleet, shown: &BTreeSet<TargetName>) -> Self {
        let (own, others): (Vec<_>, Vec<_>) =
            fleet.targets.iter().partition(|target| shown.contains(&target.name));
        let known = |word: &str| {
            let is_own =
                own.iter().any(|target| [target.name.as_str(), target.account_id.as_str()].contains(&word));
            is_own || word == fleet.source.account_id.as_str()
        };
        let words = others.iter().flat_map(|target| {
            let existing =
                target.roles.iter().flat_map(|role| &role.trust_policy).map(|given| given.file.clone());
            [target.name.to_string(), target.account_id.to_string()].into_iter().chain(existing)
        });
        let enters = |caller: &crate::model::Caller| {
            own.iter().flat_map(|target| &target.roles).any(|role| role.admits(caller))
        };
        let callers = fleet.source.callers.iter().filter(|caller| !enters(caller));
        Self {
            hidden: words.filter(|word| !known(word)).map(|word| word.to_lowercase()).collect(),
            callers: callers.map(|caller| caller.id.to_string()).collect(),
        }
    }

    /// The report without what must not be shown.
    #[must_use]
    pub fn apply(&self, mut facts: Facts) -> Facts {
        facts.hops.retain(|hop| hop.members.iter().all(|member| !self.callers.contains(&member.target)));
        facts.hops.iter_mut().chain(&mut facts.roles).for_each(|group| self.group(group));
        facts.findings.iter_mut().for_each(|finding| self.finding(finding));
        for waiver in &mut facts.waivers {
            self.text(&mut waiver.reason);
        }
        facts.not_known.iter_mut().for_each(|text| self.text(text));
        if let Some(tried) = &mut facts.evidence {
            tried.steps.iter_mut().for_each(|step| self.text(&mut step.seen));
            tried.remarks.iter_mut().chain(&mut tried.may_exist).for_each(|text| self.text(text));
        }
        if let Some(changes) = &mut facts.changes {
            self.changes(changes);
        }
        facts
    }

    fn group(&self, group: &mut RoleGroup) {
        let shape = &mut group.shape;
        shape.answers.retain(|answer| answer.caller.as_ref().is_none_or(|id| !self.callers.contains(id)));
        for answer in &mut shape.answers {
            self.text(&mut answer.why);
        }
        for entrant in &mut shape.entrants {
            self.text(&mut entrant.who);
            entrant.conditions.iter_mut().for_each(|text| self.text(text));
        }
        for text in shape.problems.iter_mut().chain(&mut shape.not_known).chain(&mut shape.policies) {
            self.text(text);
        }
    }

    fn finding(&self, finding: &mut FindingFact) {
        for place in &mut finding.places {
            self.text(&mut place.message);
            place.help.iter_mut().for_each(|text| self.text(text));
        }
    }

    fn changes(&self, changes: &mut Changes) {
        for line in changes.widened.iter_mut().chain(&mut changes.narrowed) {
            self.text(&mut line.what);
        }
        changes.not_known.iter_mut().for_each(|text| self.text(text));
    }

    /// Writes something else for every word that must not be shown.
    fn text(&self, text: &mut String) {
        let is_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            out.push_str(if self.hidden.contains(&word.to_lowercase()) { OTHER } else { word });
            let next = behind.chars().next();
            out.extend(next);
            rest = &behind[next.map_or(0, char::len_utf8)..];
        }
        *text = out;
    }
}
