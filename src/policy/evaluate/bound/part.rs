//! Parts of what a statement allows: one principal, one action, one set of values.

use super::super::principal::Principal;
use super::Known;
use crate::diagnostic::words::excerpt;
use crate::model::ArnParts;
use crate::policy::read::{Case, Condition, Context, PrincipalKind, PrincipalPattern, Statement};
use crate::value::Reason;

/// Actions that yield a session, or shape one.
///
/// Source: "Actions, resources, and condition keys for AWS STS" (Service Authorization Reference).
const ACTIONS: [&str; 6] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:SetSourceIdentity",
    "sts:SetContext",
];

/// The organization of the caller's account.
pub(super) const ORGANIZATION: &str = "aws:PrincipalOrgID";

/// Alternatives that a statement is cut into. Beyond that, values stay together, which proves less.
const MOST: usize = 512;

/// One principal with one action under one set of values.
#[derive(Debug, Clone)]
pub(super) struct Part<'p> {
    pub(super) statement: &'p Statement,
    /// How the statement names the principal.
    pub(super) entry: PrincipalPattern,
    pub(super) action: &'static str,
    pub(super) conditions: Vec<Condition>,
    /// Keys that have this one value in every request of the part.
    pub(super) facts: Context,
    /// The only principal of the part, where there is one.
    pub(super) principal: Option<Principal>,
    /// What is known besides.
    pub(super) known: Known<'p>,
}

/// The parts of what a statement allows or denies, as far as its principals are known.
pub(super) fn parts<'p>(statement: &'p Statement, known: Known<'p>) -> Vec<Part<'p>> {
    let mut parts = Vec::new();
    // What is not known of conditions narrows further, if anything.
    let read = statement.conditions.list.iter().filter(|condition| condition.unknown.is_empty());
    let sets = alternatives(read);
    for entry in entries(statement) {
        for action in ACTIONS.into_iter().filter(|action| can_be(statement, &entry, action)) {
            for conditions in &sets {
                let part = Part {
                    statement,
                    entry: entry.clone(),
                    action,
                    conditions: Vec::new(),
                    facts: Context::default(),
                    principal: None,
                    known,
                };
                parts.extend(part.with(conditions.clone()));
            }
        }
    }
    parts
}

/// The principals of a statement that are not known, by what is known of their texts, and why.
pub(super) fn unnamed(statement: &Statement) -> Vec<(String, &Reason)> {
    if let Some(reason) = statement.principals.unknown() {
        return vec![("someone".to_owned(), reason)];
    }
    let listed = statement.principals.known().filter(|listed| !listed.negated);
    let unknown = listed.into_iter().flat_map(|listed| &listed.unknown);
    unknown
        .map(|entry| (format!("`{}…{}`", excerpt(&entry.first), excerpt(&entry.last)), &entry.reason))
        .collect()
}

/// Whom a statement names; everybody, where it names those whom it does not mean.
fn entries(statement: &Statement) -> Vec<PrincipalPattern> {
    match statement.principals.known() {
        Some(listed) if listed.negated => vec![PrincipalPattern::everyone()],
        Some(listed) => listed.values().cloned().collect(),
        None => Vec::new(),
    }
}

/// Whether a statement can be about an action of a principal.
fn can_be(statement: &Statement, entry: &PrincipalPattern, action: &str) -> bool {
    let is_named = statement.actions.known().is_none_or(|listed| {
        let is_meant = listed.values().any(|pattern| pattern.covers(action, Case::Ignored));
        is_meant != listed.negated || !listed.unknown.is_empty()
    });
    is_named && can_call(entry, action)
}

/// Whether a principal of this kind can make a call at all.
///
/// Source: "Comparing AWS STS credentials" (IAM User Guide): `AssumeRole` is called with AWS credentials or
/// by a service, the other two with what an identity provider has issued.
fn can_call(entry: &PrincipalPattern, action: &str) -> bool {
    match (&entry.kind, action) {
        (PrincipalKind::Everyone | PrincipalKind::Other | PrincipalKind::CanonicalUser, _) => true,
        (PrincipalKind::Federated, _) => action != "sts:AssumeRole",
        (PrincipalKind::Saml, _) => !matches!(action, "sts:AssumeRole" | "sts:AssumeRoleWithWebIdentity"),
        (PrincipalKind::Oidc { .. }, _) => !matches!(action, "sts:AssumeRole" | "sts:AssumeRoleWithSAML"),
        _ => !action.starts_with("sts:AssumeRoleWith"),
    }
}

/// Every choice of one value for each condition of which one is enough.
fn alternatives<'c>(conditions: impl Iterator<Item = &'c Condition>) -> Vec<Vec<Condition>> {
    let mut sets: Vec<Vec<Condition>> = vec![Vec::new()];
    for condition in conditions {
        let mut choices = condition.alternatives();
        if choices.len() * sets.len() > MOST {
            choices = vec![condition.clone()];
        }
        let longer = |set: Vec<Condition>| {
            choices.iter().map(move |choice| [set.clone(), vec![choice.clone()]].concat()).collect::<Vec<_>>()
        };
        sets = sets.into_iter().flat_map(longer).collect();
    }
    sets
}

impl Part<'_> {
    /// The part under further conditions; `None` where nothing is left of it.
    pub(super) fn with(mut self, conditions: Vec<Condition>) -> Option<Self> {
        self.conditions.extend(conditions);
        self.facts = Context::default();
        self.principal = None;
        for condition in &self.conditions {
            if let Some(value) = condition.fixed() {
                self.facts.set(condition.lower_key(), [value]);
            }
        }
        self.find_principal()?;
        let nothing_left =
            |condition: &Condition| decided(condition, &self.facts).is_some_and(|holds| !holds);
        (!self.conditions.iter().any(nothing_left)).then_some(self)
    }

    /// Who it is, and what follows from that; `None` where nobody is.
    fn find_principal(&mut self) -> Option<()> {
        let named = match &self.entry.kind {
            PrincipalKind::Account { .. } | PrincipalKind::Everyone | PrincipalKind::Other => None,
            _ => Principal::parse(&self.entry.text).ok(),
        };
        let narrowed = match self.facts.get("aws:PrincipalArn") {
            // What is not the ARN of a user or a role is nobody's.
            Some([arn]) => Some(Principal::parse(arn).ok().filter(|principal| !principal.is_session())?),
            _ => None,
        };
        self.principal = named.or(narrowed);
        let account = match (self.entry.whole_account(), &self.principal) {
            (Some(account), _) => Some(account.to_owned()),
            (_, Some(principal)) => principal.account().map(str::to_owned),
            _ => self.conditions.iter().find_map(account_of).map(str::to_owned),
        };
        let mut facts: Vec<(&str, String)> = match &self.principal {
            // The ARN of a session does not tell the path of its role.
            Some(principal) if principal.is_session() => Vec::new(),
            Some(principal) if principal.is_root() => return None,
            Some(principal) => principal.keys(),
            None => Vec::new(),
        };
        if let Some((_, organization)) = self.known.member.filter(|(of, _)| account.as_deref() == Some(of)) {
            facts.push((ORGANIZATION, organization.to_owned()));
        }
        facts.extend(account.map(|account| ("aws:PrincipalAccount", account)));
        for (key, value) in facts {
            match self.facts.get(key) {
                Some([known]) if *known != value => return None,
                _ => self.facts.set(key, [value]),
            }
        }
        Some(())
    }

    /// The account of everybody in it, where that is one.
    pub(super) fn account(&self) -> Option<&str> {
        match self.facts.get("aws:PrincipalAccount") {
            Some([account]) => Some(account),
            _ => None,
        }
    }

    /// The partition of everybody in it, where that is one.
    pub(super) fn partition(&self) -> Option<&str> {
        match (&self.entry.kind, &self.principal) {
            (PrincipalKind::Account { partition, .. }, _) => partition.as_deref(),
            (_, Some(principal)) => principal.partition(),
            _ => None,
        }
    }

    /// Whether the statement lets A's own policies decide.
    pub(super) fn is_delegated(&self) -> bool {
        self.entry.whole_account().is_some()
    }

    /// Whom it lets in, in words.
    pub(super) fn who(&self) -> String {
        match (&self.entry.kind, &self.principal, self.account()) {
            (PrincipalKind::Everyone, Some(principal), _) => format!("`{}`", excerpt(principal.name())),
            (PrincipalKind::Everyone, None, Some(account)) => format!("anyone in account {account}"),
            _ => self.entry.in_words(),
        }
    }
}

/// The account to which a condition on the principal's ARN leads.
fn account_of(condition: &Condition) -> Option<&str> {
    (condition.lower_key() == "aws:principalarn").then(|| condition.account_of_arns()).flatten()
}

/// What facts alone say of a condition, where they do.
pub(super) fn decided(condition: &Condition, facts: &Context) -> Option<bool> {
    let is_known = facts.get(condition.lower_key()).is_some() && !condition.has_variables();
    is_known.then(|| condition.holds(facts))
}

/// The account in an ARN.
pub(super) fn account_in(arn: &str) -> Option<&str> {
    ArnParts::split(arn).map(|parts| parts.account)
}
