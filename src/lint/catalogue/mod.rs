//! The catalogue: every rule by its id, as people read about it.

mod accounts;
mod backend;
mod external_id;
mod form;
mod mfa;
mod oidc;
mod permissions;
mod principals;
mod provider;
mod session;
mod verification;
mod waivers;

use super::rule::Rule;

/// The rules by area.
const AREAS: [&[Rule]; 12] = [
    accounts::RULES,
    principals::RULES,
    external_id::RULES,
    mfa::RULES,
    session::RULES,
    permissions::RULES,
    provider::RULES,
    backend::RULES,
    oidc::RULES,
    verification::RULES,
    waivers::RULES,
    form::RULES,
];

/// Every rule, in the order of the ids.
#[must_use]
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&Rule> = AREAS.into_iter().flatten().collect();
    rules.sort_by_key(|rule| rule.id);
    rules
}

/// The rule of an id, or of a name; upper and lower case are the same.
#[must_use]
pub fn rule(word: &str) -> Option<&'static Rule> {
    let is_meant = |rule: &&Rule| rule.id.eq_ignore_ascii_case(word) || rule.name.eq_ignore_ascii_case(word);
    AREAS.into_iter().flatten().find(is_meant)
}
