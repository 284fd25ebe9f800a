//! What a denied request came closest to.

use std::fmt;

use super::policy::Policy;
use super::reason::{Reason, Side, covers_action, covers_resource, names, reason};
use super::request::Request;
use crate::policy::read::{Condition, Context, Listed, Pattern, Statement, StatementId};

/// Near misses that are kept.
const MOST: usize = 3;

/// A statement that nearly decided otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct NearMiss {
    /// Whose statement.
    pub side: Side,
    /// Which.
    pub statement: StatementId,
    /// What it lacks.
    pub needs: Vec<Need>,
    /// Whether the request is allowed once it has all that. It was tried, not guessed.
    pub would_allow: bool,
}

/// Something that a statement asks for, and the request has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// To be one of these.
    Principal(Vec<String>),
    /// To want one of these.
    Action(Vec<String>),
    /// To want it of one of these.
    Resource(Vec<String>),
    /// To have used MFA, though a role's session never carries it.
    ///
    /// Source: "temporary credentials returned by `AssumeRole` do not include MFA information" (IAM
    /// User Guide).
    MfaOfRole,
    /// To fulfil a condition.
    Condition {
        /// The operator.
        operator: String,
        /// The key.
        key: String,
        /// The values in the policy.
        values: Vec<String>,
        /// The values in the request, if it carries the key.
        found: Option<Vec<String>>,
    },
}

/// The statements that came closest, nearest first.
pub(super) fn misses(
    trust: &Policy,
    identity: Option<&[Policy]>,
    request: &Request,
    why: &Reason,
) -> Vec<NearMiss> {
    let own = || identity.unwrap_or_default().iter().flat_map(|policy| &policy.statements);
    let allowed_with =
        |changed: &Request| matches!(reason(trust, identity, changed, &[]), Reason::Allowed { .. });
    match why {
        Reason::DeniedBy { side, statement, .. } => {
            let all: Box<dyn Iterator<Item = &Statement>> = match side {
                Side::Trust => Box::new(trust.statements.iter()),
                Side::Identity => Box::new(own()),
            };
            let denying = all.filter(|found| found.denies() && found.id == *statement);
            denying.take(1).filter_map(|found| escape(*side, found, request, allowed_with)).collect()
        }
        Reason::NotAllowed(Side::Trust) => {
            closest(Side::Trust, trust.statements.iter(), request, allowed_with)
        }
        Reason::NotAllowed(Side::Identity) => closest(Side::Identity, own(), request, allowed_with),
        Reason::Allowed { .. } | Reason::NoSuchCall(_) => Vec::new(),
    }
}

fn closest<'s>(
    side: Side,
    statements: impl Iterator<Item = &'s Statement>,
    request: &Request,
    allowed_with: impl Fn(&Request) -> bool,
) -> Vec<NearMiss> {
    let mut ranked: Vec<(usize, &Statement)> = statements
        .filter(|statement| statement.allows())
        .map(|statement| (distance(statement, request), statement))
        .collect();
    // Stable, so equals stay in the order of the policy.
    ranked.sort_by_key(|(distance, _)| *distance);
    ranked.truncate(MOST);
    let miss = |(_, statement): (usize, &Statement)| {
        let changed = cured(statement, request);
        let would_allow = changed.is_some_and(|changed| allowed_with(&changed));
        NearMiss { side, statement: statement.id.clone(), needs: needs(statement, request), would_allow }
    };
    ranked.into_iter().map(miss).collect()
}

/// How far a statement is from matching: who asks weighs most, and what for; conditions can be met.
fn distance(statement: &Statement, request: &Request) -> usize {
    let conditions = failing(statement, &request.context).count();
    let about = [names(statement, request).is_some(), covers_action(statement, request)];
    let resource = covers_resource(statement, request);
    conditions
        + 100 * usize::from(!resource)
        + about.map(|is_met| 1000 * usize::from(!is_met)).iter().sum::<usize>()
}

fn failing<'s>(statement: &'s Statement, context: &'s Context) -> impl Iterator<Item = &'s Condition> {
    statement.conditions.list.iter().filter(|condition| !condition.holds(context))
}

fn needs(statement: &Statement, request: &Request) -> Vec<Need> {
    let mut needs = Vec::new();
    if names(statement, request).is_none() {
        let listed = statement.principals.known().into_iter().flat_map(Listed::values);
        needs.push(Need::Principal(listed.map(|entry| entry.text.clone()).collect()));
    }
    let texts = |listed: Option<&Listed<Pattern>>| {
        listed.into_iter().flat_map(Listed::values).map(|pattern| pattern.as_str().to_owned()).collect()
    };
    if !covers_action(statement, request) {
        needs.push(Need::Action(texts(statement.actions.known())));
    }
    if !covers_resource(statement, request) {
        needs.push(Need::Resource(texts(statement.resources.known())));
    }
    needs.extend(failing(statement, &request.context).map(|condition| need(condition, request)));
    needs
}

/// Whether a condition asks a role's session for what it can never have.
fn is_out_of_reach(condition: &Condition, request: &Request) -> bool {
    let is_mfa = ["aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"];
    request.principal.is_role() && is_mfa.iter().any(|key| condition.key.eq_ignore_ascii_case(key))
}

fn need(condition: &Condition, request: &Request) -> Need {
    if is_out_of_reach(condition, request) {
        return Need::MfaOfRole;
    }
    match Need::of(condition) {
        Need::Condition { operator, key, values, .. } => {
            let found = request.context.get(&key).map(<[String]>::to_vec);
            Need::Condition { operator, key, values, found }
        }
        other => other,
    }
}

/// The request with everything that the conditions of a statement ask for, where that can be had by
/// changing its circumstances alone.
fn cured(statement: &Statement, request: &Request) -> Option<Request> {
    let is_about = names(statement, request).is_some()
        && covers_action(statement, request)
        && covers_resource(statement, request);
    let mut changed = is_about.then(|| request.clone())?;
    for condition in failing(statement, &request.context) {
        if is_out_of_reach(condition, request) {
            return None;
        }
        give(&mut changed.context, &condition.key, condition.cure()?);
    }
    Some(changed)
}

/// The way past a statement that denies: the first of its conditions that could be made to fail.
fn escape(
    side: Side,
    statement: &Statement,
    request: &Request,
    allowed_with: impl Fn(&Request) -> bool,
) -> Option<NearMiss> {
    let (condition, values) = statement.conditions.list.iter().find_map(|condition| {
        let mut changed = request.clone();
        let values = condition.escape().filter(|_| !is_out_of_reach(condition, request))?;
        give(&mut changed.context, &condition.key, values.clone());
        allowed_with(&changed).then_some((condition, values))
    })?;
    let found = request.context.get(&condition.key).map(<[String]>::to_vec);
    let key = condition.key.clone();
    let need = Need::Condition { operator: "StringEquals".to_owned(), key, values, found };
    Some(NearMiss { side, statement: statement.id.clone(), needs: vec![need], would_allow: true })
}

fn give(context: &mut Context, key: &str, values: Vec<String>) {
    if values.is_empty() {
        context.remove(key);
    } else {
        context.set(key, values);
    }
}

impl Need {
    /// What a condition asks for.
    #[must_use]
    pub fn of(condition: &Condition) -> Self {
        Self::Condition {
            operator: condition.operator.to_string(),
            key: condition.key.clone(),
            values: condition.values.iter().map(|value| value.text.clone()).collect(),
            found: None,
        }
    }
}

impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let needs: Vec<String> = self.needs.iter().map(ToString::to_string).collect();
        let needs = needs.join(" and ");
        if self.would_allow {
            write!(f, "would be allowed with {needs}")
        } else {
            write!(f, "statement {} of {} asks for {needs}", self.statement, self.side)
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Principal(listed) => write!(f, "the principal {}", any(listed)),
            Self::Action(listed) => write!(f, "the action {}", any(listed)),
            Self::Resource(listed) => write!(f, "the resource {}", any(listed)),
            Self::MfaOfRole => f.write_str("MFA, which a role's session never carries"),
            Self::Condition { operator, key, values, .. } => {
                let is_true = values.iter().all(|value| value.eq_ignore_ascii_case("true"));
                match (key.to_lowercase().as_str(), operator.as_str()) {
                    ("aws:multifactorauthpresent", _) if is_true => f.write_str("MFA"),
                    ("sts:externalid", "StringEquals") => write!(f, "the external ID {}", any(values)),
                    ("aws:principalorgid", "StringEquals") => write!(f, "membership of {}", any(values)),
                    (_, "Null") if is_true => write!(f, "no `{key}`"),
                    (_, "StringEquals" | "Bool") => write!(f, "`{key}` = {}", any(values)),
                    _ => write!(f, "`{key}` ({operator}) {}", any(values)),
                }
            }
        }
    }
}

/// Some of the values; a list of hundreds helps nobody.
fn any(values: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<&str> = values.iter().take(SHOWN).map(String::as_str).collect();
    let text = crate::diagnostic::words::one_of(&shown);
    match values.len().saturating_sub(SHOWN) {
        0 => text,
        more => format!("{text} (or {more} more)"),
    }
}
