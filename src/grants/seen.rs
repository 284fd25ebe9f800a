//! Roles as they are shown: who is let in, what they may do, and what of that is not known.

use std::fmt;

use super::content::{hours, ticked};
use super::{Attached, Grants, Identity, Policy, Session};
use crate::diagnostic::Span;
use crate::diagnostic::words::visible;
use crate::policy::evaluate::Need;
use crate::policy::read::{
    Condition, Effect, Kind, Listed, Part, Reading, Statement, StatementId, Unknown, read,
};
use crate::value::Reason;

/// A role that is made.
#[derive(Debug)]
pub struct SeenRole {
    /// The address of its resource.
    pub address: String,
    /// Its name, if that is known.
    pub name: Option<String>,
    /// The file and the line of its resource.
    pub place: (String, usize),
    /// Its trust policy.
    pub statements: Vec<SeenStatement>,
    /// What is attached to it.
    pub policies: Vec<SeenPolicy>,
    /// Its permissions boundary.
    pub boundary: Option<String>,
    /// How long a session may last.
    pub longest_session: Option<String>,
    /// What is not known of it.
    pub unknown: Vec<Gap>,
}

/// A policy that a role has.
#[derive(Debug)]
pub enum SeenPolicy {
    /// One that is somewhere else, by its ARN or its name.
    Elsewhere(String),
    /// One whose text is here, by its name.
    Here(String),
}

impl fmt::Display for SeenPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elsewhere(arn) => write!(f, "`{}`", visible(arn)),
            Self::Here(name) => write!(f, "policy `{}`", visible(name)),
        }
    }
}

/// One statement of a trust policy, in words as far as it is known.
#[derive(Debug)]
pub struct SeenStatement {
    /// What it is called.
    pub id: StatementId,
    /// The file and the line at which it stands.
    pub place: (String, usize),
    /// `allow` or `deny`.
    pub effect: Option<&'static str>,
    /// Whom it is about.
    pub who: Vec<String>,
    /// Its actions.
    pub actions: Vec<String>,
    /// Its conditions, all of which must hold.
    pub conditions: Vec<String>,
}

/// Something that is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is not known, and why.
    pub what: String,
}

impl Grants {
    /// Every role that is made, in the order of their places.
    #[must_use]
    pub fn roles(&self) -> Vec<SeenRole> {
        let roles = self.identities.iter().filter(|identity| identity.trust.is_some());
        let mut seen: Vec<SeenRole> = roles.map(|role| self.seen(role)).collect();
        seen.sort_by(|one, other| (&one.place, &one.address).cmp(&(&other.place, &other.address)));
        seen
    }

    /// Where else a role may be made or changed, in a way that was not read.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let is_made = |attached: &Attached| {
            let mut roles = self.identities.iter();
            roles.any(|role| {
                role.holder == attached.holder && role.root == attached.root || attached.refers_to(role)
            })
        };
        let open =
            self.attached.iter().filter(|attached| attached.holder.is_open_role() && !is_made(attached));
        let which = open.map(|attached| {
            let what =
                format!("which role has this policy is not known: it is {}", ticked(&attached.holder.name));
            self.gap(attached.at, what)
        });
        let mut gaps: Vec<Gap> = self.gaps.iter().cloned().chain(which).collect();
        gaps.sort();
        gaps.dedup();
        gaps
    }

    fn seen(&self, role: &Identity) -> SeenRole {
        let mut seen = SeenRole {
            address: role.address.clone(),
            name: Some(role.holder.name.clone()).filter(|name| !name.contains("${")),
            place: self.place(role.at),
            statements: Vec::new(),
            policies: Vec::new(),
            boundary: role.boundary.as_ref().map(|boundary| boundary.text.clone()),
            longest_session: None,
            unknown: Vec::new(),
        };
        let made = role.open.iter().map(|reason| self.depends("whether it is made", reason));
        seen.unknown.extend(made);
        self.add_trust(role, &mut seen);
        self.of(role).for_each(|attached| self.add_policy(attached, &mut seen));
        let boundary = role.boundary.as_ref().and_then(|boundary| boundary.unknown.as_ref());
        seen.unknown.extend(
            boundary.map(|why| self.gap(role.at, format!("the permissions boundary depends on {why}"))),
        );
        match &role.session {
            Session::Seconds(seconds) => seen.longest_session = Some(hours(*seconds)),
            Session::Unknown(why) => {
                seen.unknown.push(self.gap(role.at, format!("how long a session may last depends on {why}")));
            }
        }
        seen.unknown.sort();
        seen.unknown.dedup();
        seen
    }

    fn add_trust(&self, role: &Identity, seen: &mut SeenRole) {
        let Some(trust) = &role.trust else { return };
        if let Some(why) = trust.content.unknown.as_ref().filter(|_| trust.value.is_null()) {
            return seen.unknown.push(self.gap(trust.value.at, format!("the trust policy depends on {why}")));
        }
        let Reading { statements, unknown, faults } = read(&trust.value, Kind::Trust);
        seen.statements = statements.iter().map(|statement| self.statement(statement)).collect();
        let more = unknown.iter().map(|reason| self.depends("what else the trust policy says", reason));
        seen.unknown.extend(more);
        for statement in &statements {
            let what = format!("part of statement {}", statement.id);
            seen.unknown.extend(statement.unknown().map(|reason| self.depends(&what, reason)));
        }
        let refused =
            faults.iter().map(|fault| self.gap(fault.at, format!("IAM refuses this policy: {fault}")));
        seen.unknown.extend(refused);
    }

    /// What is attached to a role: in its own folder, or, where that has no such role, in another.
    fn of<'g>(&'g self, role: &'g Identity) -> impl Iterator<Item = &'g Attached> {
        let is_made_there = |attached: &Attached| {
            let mut others = self.identities.iter();
            others.any(|other| other.root == attached.root && other.holder == attached.holder)
        };
        self.attached.iter().filter(move |attached| {
            let is_named = attached.holder == role.holder;
            is_named && (attached.root == role.root || !is_made_there(attached)) || attached.refers_to(role)
        })
    }

    fn add_policy(&self, attached: &Attached, seen: &mut SeenRole) {
        let (named, unknown) = match &attached.policy {
            Policy::Named(arn) => (SeenPolicy::Elsewhere(arn.text.clone()), &arn.unknown),
            Policy::Written(document) => (SeenPolicy::Here(attached.name.clone()), &document.content.unknown),
        };
        let content = unknown.iter().map(|why| match &named {
            SeenPolicy::Elsewhere(_) => format!("which policy is attached depends on {why}"),
            SeenPolicy::Here(_) => format!("what {named} allows depends on {why}"),
        });
        seen.unknown.extend(content.map(|what| self.gap(attached.at, what)));
        let is_open = |reason| self.depends(&format!("whether {named} is attached"), reason);
        seen.unknown.extend(attached.open.iter().map(is_open));
        seen.policies.push(named);
    }

    fn statement(&self, statement: &Statement) -> SeenStatement {
        SeenStatement {
            id: statement.id.clone(),
            place: self.place(statement.at),
            effect: statement.effect.known().map(|effect| match effect {
                Effect::Allow => "allow",
                Effect::Deny => "deny",
            }),
            who: listed(&statement.principals, |principal| principal.in_words(), "anyone but "),
            actions: listed(&statement.actions, |action| ticked(action.as_str()), "any action but "),
            conditions: conditions(statement),
        }
    }

    fn depends(&self, what: &str, reason: &Reason) -> Gap {
        self.gap(reason.at, format!("{what} depends on {}", reason.why))
    }

    fn gap(&self, at: Span, what: String) -> Gap {
        let (file, line) = self.place(at);
        Gap { file, line, what }
    }

    fn place(&self, at: Span) -> (String, usize) {
        let place = self.sources.place(at);
        place.map_or_else(Default::default, |place| {
            (place.source.name.clone(), place.source.line_and_column(place.span.start as usize).0)
        })
    }
}

impl Attached {
    /// Whether it refers to a role beside it whose name only a run would show.
    fn refers_to(&self, role: &Identity) -> bool {
        let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        self.root == role.root
            && folder(&self.path) == folder(&role.path)
            && self.holder.is_open_role()
            && ['.', '['].iter().any(|end| self.holder.name.contains(&format!("`{}{end}", role.reference)))
    }
}

impl super::Holder {
    /// Whether only a run would show which role it is.
    fn is_open_role(&self) -> bool {
        self.kind == "role" && self.name.contains("${")
    }
}

fn ticked_whole(text: &str) -> String {
    format!("`{}`", visible(text))
}

/// The entries of a part, known or not.
fn listed<T>(part: &Part<Listed<T>>, word: impl Fn(&T) -> String, other_than: &str) -> Vec<String> {
    match part {
        Part::Known(listed) => {
            let start = if listed.negated { other_than } else { "" };
            let known = listed.values().map(word).chain(listed.unknown.iter().map(in_part));
            known.map(|entry| format!("{start}{entry}")).collect()
        }
        Part::Unknown(reason) => vec![format!("what depends on {}", reason.why)],
        Part::Absent | Part::Refused => Vec::new(),
    }
}

fn in_part(unknown: &Unknown) -> String {
    ticked_whole(&format!("{}…{}", unknown.first, unknown.last))
}

fn conditions(statement: &Statement) -> Vec<String> {
    let known = statement.conditions.list.iter().map(condition);
    let rest = statement.conditions.rest.unknown().map(|reason| format!("what depends on {}", reason.why));
    known.chain(rest).collect()
}

fn condition(condition: &Condition) -> String {
    let known = Need::of(condition).to_string();
    let unknown: Vec<String> = condition.unknown.iter().map(in_part).collect();
    match (condition.values.is_empty(), unknown.is_empty()) {
        (_, true) => known,
        (false, false) => format!("{known} or {}", unknown.join(" or ")),
        (true, false) => format!("`{}` ({}) {}", condition.key, condition.operator, unknown.join(" or ")),
    }
}
