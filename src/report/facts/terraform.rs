//! Roles that were found in Terraform, for which there is no spec to say who is meant.

use super::{Class, Entrant, Groups, Member, RoleShape, Verdict};
use crate::grants::{Gap, SeenPolicy, SeenRole, SeenStatement};

/// The roles of a folder, and where else one may be made or changed.
#[must_use]
pub fn terraform(roles: &[SeenRole], gaps: &[Gap]) -> (Groups, Vec<String>) {
    let groups = roles.iter().fold(Groups::default(), |groups, role| groups.with(seen(role)));
    (groups, gaps.iter().map(in_words).collect())
}

fn in_words(Gap { file, line, what }: &Gap) -> String {
    format!("{file}:{line}: {what}")
}

fn seen(role: &SeenRole) -> (RoleShape, Member) {
    let not_known: Vec<String> = role.unknown.iter().map(in_words).collect();
    let allowing = role.statements.iter().filter(|statement| statement.effect != Some("deny"));
    let denying = role.statements.iter().filter(|statement| statement.effect == Some("deny"));
    let shape = RoleShape {
        verdict: if not_known.is_empty() { Verdict::Read } else { Verdict::NotKnown },
        third_party: false,
        retired: false,
        key: None,
        entrants: allowing.flat_map(entrants).collect(),
        class: role.policies.iter().map(class).max().unwrap_or(Class::Nothing),
        policies: role.policies.iter().map(ToString::to_string).collect(),
        boundary: role.boundary.clone(),
        longest_session: role.longest_session.clone(),
        answers: Vec::new(),
        problems: denying.map(denied).collect(),
        not_known,
    };
    let (file, line) = &role.place;
    let name = role.name.clone().unwrap_or_else(|| "known only after apply".to_owned());
    let target = format!("{} ({file}:{line})", role.address);
    (shape, Member { target, account_id: None, role: name })
}

/// The texts of policies are not classed here: what is said is that there is one.
fn class(policy: &SeenPolicy) -> Class {
    match policy {
        SeenPolicy::Elsewhere(arn) => Class::of_arn(arn),
        SeenPolicy::Here(_) => Class::NotKnown,
    }
}

fn entrants(statement: &SeenStatement) -> Vec<Entrant> {
    let entrant = |who: &String| Entrant {
        who: who.clone(),
        caller: None,
        is_declared: true,
        conditions: statement.conditions.clone(),
        statement: statement.id.to_string(),
    };
    statement.who.iter().map(entrant).collect()
}

fn denied(statement: &SeenStatement) -> String {
    let conditions = match statement.conditions.as_slice() {
        [] => String::new(),
        all => format!(", with {}", all.join(" and ")),
    };
    format!("statement {} denies {}{conditions}", statement.id, statement.who.join(", "))
}
