//! What may be shown to the owner of one account: nothing of anybody else's.

use std::collections::BTreeSet;

use super::facts::{Changes, Facts, FindingFact, RoleGroup};
use crate::model::{Caller, Fleet, Target, TargetName};

/// What is said instead of another account's name or id.
const OTHER: &str = "(another account)";

/// The names, account ids and external IDs that must not be shown.
#[derive(Debug)]
pub struct Privacy {
    hidden: BTreeSet<String>,
    /// What is shown, and may be a part of something else.
    shown: BTreeSet<String>,
    /// Callers that may enter none of the accounts that are shown.
    callers: BTreeSet<String>,
}

impl Privacy {
    /// Of a page about these targets of a fleet.
    #[must_use]
    pub fn of(fleet: &Fleet, shown: &BTreeSet<TargetName>) -> Self {
        let (own, others): (Vec<&Target>, Vec<&Target>) =
            fleet.targets.iter().partition(|target| shown.contains(&target.name));
        let enters =
            |caller: &Caller| own.iter().flat_map(|target| &target.roles).any(|role| role.admits(caller));
        let callers: BTreeSet<String> = fleet
            .source
            .callers
            .iter()
            .filter(|caller| !enters(caller))
            .map(|caller| caller.id.to_string())
            .collect();
        let account = fleet.source.account_id.to_string();
        let shown: BTreeSet<String> = own.iter().copied().flat_map(words).chain([account]).collect();
        let hidden = others.iter().copied().flat_map(words).chain(callers.iter().map(|id| id.to_lowercase()));
        Self { hidden: hidden.filter(|word| !shown.contains(word)).collect(), shown, callers }
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
            tried.callers.retain(|one| !self.callers.iter().any(|id| one.starts_with(&format!("{id} ("))));
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

    /// Writes something else for every word that names what must not be shown, or has it in it.
    fn text(&self, text: &mut String) {
        let is_end = |c: char| c.is_whitespace() || "`'\"(),;[]{}<>".contains(c);
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (word, behind) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
            out.push_str(if self.hides(word) { OTHER } else { word });
            let next = behind.chars().next();
            out.extend(next);
            rest = &behind[next.map_or(0, char::len_utf8)..];
        }
        *text = out;
    }

    fn hides(&self, word: &str) -> bool {
        if word.is_empty() {
            return false;
        }
        let word = word.to_lowercase();
        // `prod` may be somebody else's name, and `acme-prod` that of the account.
        let word = self
            .shown
            .iter()
            .fold(word, |word, shown| if shown.len() > 2 { word.replace(shown, "/") } else { word });
        self.hidden.iter().any(|hidden| {
            let is_apart = |at: usize| {
                let (before, after) = (&word[..at], &word[at + hidden.len()..]);
                !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
            };
            word.match_indices(hidden.as_str()).any(|(at, _)| is_apart(at))
        })
    }
}

/// What names a target, in lower case.
fn words(target: &Target) -> impl Iterator<Item = String> {
    let roles = target.roles.iter().flat_map(|role| {
        let given = role.trust_policy.iter().map(|given| given.file.clone());
        let external_id = role.external_id.iter().map(ToString::to_string);
        std::iter::once(role.name.to_string()).chain(external_id).chain(given)
    });
    let own = [target.name.to_string(), target.account_id.to_string()].into_iter();
    own.chain(roles).map(|word| word.to_lowercase())
}
