//! Whom a trust policy lets in at most, compared with a policy that says who is meant.
//!
//! Responsible for the proof: what each statement allows is cut into parts (one principal, one action, one
//! set of values), and each part is shown to lie within one statement of what is declared, or is named.
//! Every action that yields or shapes a session counts, and every kind of principal. A statement that
//! denies helps only where it is understood. Refuses to guess: what cannot be shown is an excess, with
//! a request that shows it where one was found and tried.

mod cover;
mod part;
mod witness;

use std::fmt;

use super::request::Request;
use crate::diagnostic::words::excerpt;
use crate::policy::read::{Condition, Effect, Statement, StatementId};
use crate::value::Reason;
use part::Part;

/// Something that a policy allows, and what is declared was not shown to allow.
#[derive(Debug, Clone)]
pub struct Excess {
    /// The statement that allows it.
    pub statement: StatementId,
    /// Who it lets in, in words.
    pub who: String,
    /// The action.
    pub action: &'static str,
    /// The conditions under which it does.
    pub under: Vec<Condition>,
    /// What is declared lacks this.
    pub lack: Lack,
    /// A request that the policy allows and what is declared does not. It was tried, not guessed.
    pub shown: Option<Request>,
}

/// In what something exceeds what is declared.
#[derive(Debug, Clone)]
pub enum Lack {
    /// Nobody like this is declared.
    Principal,
    /// They are declared, and not for this action.
    Action,
    /// They are declared for this, and under conditions that are not kept: these, of the statement that
    /// comes closest.
    Conditions(Vec<Condition>),
    /// What is declared denies it, by this statement.
    Denied(StatementId),
    /// It depends on what only a run would show.
    Unknown(Reason),
}

/// What a comparison may rely on besides the policies.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'k> {
    /// The ARN of the role.
    pub role: &'k str,
    /// An account, and the organization that it is a member of.
    pub member: Option<(&'k str, &'k str)>,
}

/// Everything that a trust policy allows beyond a declared one; nothing where it was proven to lie within.
///
/// Sound for requests as AWS makes them: a kind of principal calls only what it can call, and keys that
/// follow from the principal agree with it. What is not known of a statement counts as whatever lets in most.
#[must_use]
pub fn excesses(policy: &[Statement], declared: &[Statement], known: Known<'_>) -> Vec<Excess> {
    let mut found = Vec::new();
    for statement in policy.iter().filter(|statement| may_allow(statement)) {
        found.extend(part::unnamed(statement).into_iter().map(|(who, reason)| {
            let lack = Lack::Unknown(reason.clone());
            Excess {
                statement: statement.id.clone(),
                who,
                action: "sts:AssumeRole",
                under: Vec::new(),
                lack,
                shown: None,
            }
        }));
        for part in part::parts(statement, known) {
            let left = cover::without_denied(part, policy);
            add(&mut found, left.as_ref(), policy, declared);
        }
    }
    found
}

fn may_allow(statement: &Statement) -> bool {
    !matches!(statement.effect.known(), Some(Effect::Deny))
}

fn add(found: &mut Vec<Excess>, part: Option<&Part<'_>>, policy: &[Statement], declared: &[Statement]) {
    let Some(part) = part else { return };
    let Some(lack) = lack(part, policy, declared) else { return };
    let excess = Excess {
        statement: part.statement.id.clone(),
        who: part.who(),
        action: part.action,
        under: part.conditions.clone(),
        lack: match part.statement.unknown().next() {
            Some(reason) => Lack::Unknown(reason.clone()),
            None => lack,
        },
        shown: None,
    };
    let is_same = |known: &Excess| {
        let one = (&known.statement, &known.who, known.action);
        one == (&excess.statement, &excess.who, excess.action) && known.lack.is_same(&excess.lack)
    };
    if !found.iter().any(is_same) {
        found.push(Excess { shown: witness::request(part, policy, declared), ..excess });
    }
}

/// What is missing to show that a part lies within what is declared.
fn lack(part: &Part<'_>, policy: &[Statement], declared: &[Statement]) -> Option<Lack> {
    for denied in declared.iter().filter(|statement| !statement.allows()) {
        if !cover::is_disjoint(denied, part) && !cover::denies_as_much(policy, denied, part.known) {
            return Some(Lack::Denied(denied.id.clone()));
        }
    }
    let allowing = declared.iter().filter(|statement| statement.allows());
    let naming: Vec<&Statement> = allowing.filter(|statement| cover::names(statement, part)).collect();
    if naming.is_empty() {
        return Some(Lack::Principal);
    }
    let meant = naming.into_iter().filter(|statement| cover::is_about(statement, part.action));
    match meant.map(|statement| cover::unmet(statement, part)).min_by_key(Vec::len) {
        None => Some(Lack::Action),
        Some(unmet) if unmet.is_empty() => None,
        Some(unmet) => Some(Lack::Conditions(unmet.into_iter().cloned().collect())),
    }
}

impl Lack {
    /// Whether it would read the same.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Principal, Self::Principal) | (Self::Action, Self::Action) => true,
            (Self::Conditions(one), Self::Conditions(two)) => {
                let texts = |list: &[Condition]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
                texts(one) == texts(two)
            }
            (Self::Denied(one), Self::Denied(two)) => one == two,
            (Self::Unknown(one), Self::Unknown(two)) => one.why == two.why,
            _ => false,
        }
    }
}

/// Says "the spec" of what is declared.
impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { statement, who, action, lack, .. } = self;
        write!(f, "statement {statement} lets {who} call `{action}`")?;
        match lack {
            Lack::Principal => f.write_str(", and the spec declares no such caller")?,
            Lack::Action => f.write_str(", and the spec does not ask for that")?,
            Lack::Conditions(unmet) => {
                let unmet: Vec<String> = unmet.iter().map(in_words).collect();
                write!(f, " without {}", unmet.join(" and "))?;
            }
            Lack::Denied(denied) => write!(f, ", and the spec's statement {denied} denies it")?,
            Lack::Unknown(reason) => write!(f, ", or may: it depends on {}", reason.why)?,
        }
        self.shown.as_ref().map_or(Ok(()), |request| write!(f, " (allowed: {})", Shown(request)))
    }
}

/// A condition as people call it.
fn in_words(condition: &Condition) -> String {
    match condition.lower_key() {
        "sts:externalid" => "the external ID".to_owned(),
        "aws:multifactorauthpresent" => "MFA".to_owned(),
        _ => format!("`{condition}`"),
    }
}

/// A request in one line.
struct Shown<'r>(&'r Request);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0.principal.name())?;
        // What follows from who asks goes without saying.
        let own: Vec<&str> = self.0.principal.keys().into_iter().map(|(key, _)| key).collect();
        let follows =
            |key: &str| key == "aws:resourceaccount" || own.iter().any(|own| own.eq_ignore_ascii_case(key));
        let given = self.0.context.iter().filter(|(key, _)| !follows(key));
        let given: Vec<String> =
            given.map(|(key, values)| format!("`{key}` = `{}`", excerpt(&values.join(", ")))).collect();
        if given.is_empty() { Ok(()) } else { write!(f, " with {}", given.join(" and ")) }
    }
}
