//! Roles with the same trust, taken together: ten thousand accounts are a few rows.

use std::collections::BTreeMap;

use super::{Member, RoleGroup, RoleShape, TargetFact, Verdict};
use crate::model::{Fleet, TargetName};

/// Roles by what they have in common.
#[derive(Debug, Default)]
pub struct Groups(BTreeMap<RoleShape, Vec<Member>>);

impl Groups {
    /// Adds a role.
    #[must_use]
    pub fn with(mut self, (shape, member): (RoleShape, Member)) -> Self {
        self.0.entry(shape).or_default().push(member);
        self
    }

    /// Adds all of another.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for (shape, members) in other.0 {
            self.0.entry(shape).or_default().extend(members);
        }
        self
    }

    /// What is worst first, then our own accounts, then what is given to most.
    #[must_use]
    pub fn into_list(self) -> Vec<RoleGroup> {
        let group = |(shape, mut members): (RoleShape, Vec<Member>)| {
            members.sort();
            RoleGroup { shape, members }
        };
        let mut groups: Vec<RoleGroup> = self.0.into_iter().map(group).collect();
        groups.sort_by(|left, right| {
            let verdict = right.shape.verdict.cmp(&left.shape.verdict);
            let whose = left.shape.third_party.cmp(&right.shape.third_party);
            let size = right.members.len().cmp(&left.members.len());
            let first = left.members.first().cmp(&right.members.first());
            verdict.then(whose).then(size).then(first)
        });
        groups
    }
}

/// The verdict on each target that is asked about: the worst of its roles.
#[must_use]
pub fn targets(
    fleet: &Fleet,
    roles: &[RoleGroup],
    is_asked: impl Fn(&TargetName) -> bool,
) -> Vec<TargetFact> {
    let mut verdicts: BTreeMap<&str, Verdict> = BTreeMap::new();
    for group in roles {
        for member in &group.members {
            let verdict = verdicts.entry(&member.target).or_insert(Verdict::AsDeclared);
            *verdict = (*verdict).max(group.shape.verdict);
        }
    }
    let asked = fleet.targets.iter().filter(|target| is_asked(&target.name));
    let fact = asked.map(|target| TargetFact {
        name: target.name.to_string(),
        account_id: target.account_id.to_string(),
        third_party: target.third_party,
        retired: target.retired,
        verdict: verdicts.get(target.name.as_str()).copied().unwrap_or(Verdict::NotKnown),
        tried: None,
    });
    fact.collect()
}
