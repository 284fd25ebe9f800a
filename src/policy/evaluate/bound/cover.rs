//! Whether a statement covers a part of what another allows, or denies it.

use super::super::principal::MatchStrength;
use super::Known;
use super::part::{Part, account_in, decided, parts};
use crate::policy::read::{Case, Condition, PrincipalKind, PrincipalPattern, Statement};

/// Whether a statement is certainly about an action.
pub(super) fn is_about(statement: &Statement, action: &str) -> bool {
    let is_meant = |listed: &crate::policy::read::Listed<crate::policy::read::Pattern>| {
        let is_named = listed.values().any(|pattern| pattern.covers(action, Case::Ignored));
        is_named != listed.negated && (!listed.negated || listed.unknown.is_empty())
    };
    statement.actions.known().is_some_and(is_meant)
}

/// Whether a statement names everybody in a part, and as closely as the part does.
pub(super) fn names(statement: &Statement, part: &Part<'_>) -> bool {
    statement.named_principals().iter().any(|entry| entry_names(&entry.value, part))
}

fn entry_names(entry: &PrincipalPattern, part: &Part<'_>) -> bool {
    // Within one account, being named by oneself or as everybody needs no policy of one's own.
    let needs_policy = || !part.is_delegated() && part.account() == account_in(part.known.role);
    let by_principal = || part.principal.as_ref().and_then(|principal| principal.match_strength(entry));
    match &entry.kind {
        PrincipalKind::Everyone => true,
        PrincipalKind::Other | PrincipalKind::CanonicalUser => *entry == part.entry,
        PrincipalKind::Account { partition, account } => {
            let theirs = part.partition();
            let is_here = partition.as_deref().is_none_or(|ours| theirs.is_none_or(|theirs| theirs == ours));
            is_here && part.account() == Some(account) && !needs_policy()
        }
        _ => by_principal().is_some_and(|strength| strength > MatchStrength::Account) || *entry == part.entry,
    }
}

/// The conditions of a statement that a part does not keep, of those that are known.
pub(super) fn unmet<'s>(statement: &'s Statement, part: &Part<'_>) -> Vec<&'s Condition> {
    let is_kept = |condition: &Condition| {
        decided(condition, &part.facts) == Some(true)
            || part.conditions.iter().any(|known| known.implies(condition))
    };
    statement.conditions.list.iter().filter(|condition| !is_kept(condition)).collect()
}

fn covers(statement: &Statement, part: &Part<'_>) -> bool {
    names(statement, part) && is_about(statement, part.action) && unmet(statement, part).is_empty()
}

/// Statements that certainly deny, and of which all that matters is known.
fn denying(policy: &[Statement]) -> impl Iterator<Item = &Statement> {
    policy.iter().filter(|statement| statement.denies() && statement.conditions.are_known())
}

/// What the statements of a policy that deny leave of a part.
pub(super) fn without_denied<'p>(part: Part<'p>, policy: &[Statement]) -> Option<Part<'p>> {
    let mut left = part;
    for denying in denying(policy) {
        if !names(denying, &left) || !is_about(denying, left.action) {
            continue;
        }
        // Where all but one of its conditions are kept, what is left does not keep that one.
        let further = match unmet(denying, &left).as_slice() {
            [] => return None,
            [one] => one.opposite(),
            _ => None,
        };
        if let Some(further) = further {
            left = left.with(further)?;
        }
    }
    Some(left)
}

/// Whether a policy denies everything that a statement of another denies.
pub(super) fn denies_as_much(policy: &[Statement], denied: &Statement, known: Known<'_>) -> bool {
    let is_known = denied.unknown().next().is_none() && denied.conditions.are_known();
    let is_listed = denied.principals.known().is_some_and(|listed| !listed.negated);
    is_known
        && (denying(policy).any(|own| own.is_same(denied))
            || is_listed
                && parts(denied, known).iter().all(|part| denying(policy).any(|own| covers(own, part))))
}

/// Whether a statement is certainly about nobody in a part.
pub(super) fn is_disjoint(statement: &Statement, part: &Part<'_>) -> bool {
    let is_false = |condition: &Condition| {
        condition.unknown.is_empty() && decided(condition, &part.facts) == Some(false)
    };
    let is_about_others = statement.actions.known().is_some_and(|listed| listed.unknown.is_empty())
        && !is_about(statement, part.action);
    let is_of_others = statement.principals.known().is_some_and(|listed| {
        let are_known = !listed.negated && listed.unknown.is_empty();
        are_known && listed.values().all(|entry| are_apart(entry, part))
    });
    is_about_others || is_of_others || statement.conditions.list.iter().any(is_false)
}

/// Whether no principal of a part is one that an entry names.
fn are_apart(entry: &PrincipalPattern, part: &Part<'_>) -> bool {
    let is_elsewhere = |account: Option<&str>| part.account().is_some() && part.account() != account;
    let is_one_of_many = matches!(&entry.kind, PrincipalKind::Account { .. } | PrincipalKind::Session { .. });
    match (&entry.kind, &part.principal) {
        (PrincipalKind::Everyone, _) => false,
        // A session of the same role, perhaps.
        (_, Some(principal)) if !is_one_of_many => principal.match_strength(entry).is_none(),
        (
            PrincipalKind::Account { account, .. }
            | PrincipalKind::Session { account, .. }
            | PrincipalKind::Role { account, .. }
            | PrincipalKind::User { account, .. },
            _,
        ) => is_elsewhere(Some(account)),
        _ => false,
    }
}
