//! Trust policies as they were written: who is let in, and under which of the conditions that a spec
//! knows.

use std::collections::BTreeSet;

use serde_json::Value;

use super::principal_arn::{self, Compared};
use crate::answers::Who;
use crate::diagnostic::Span;
use crate::model::{AccountId, ExternalId, OrganizationId, PrincipalName, RoleMatch, Text};
use crate::policy;
use crate::policy::read::{Case, Condition, Kind, PrincipalKind, PrincipalPattern, Statement};

/// What a trust policy says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Trust {
    pub(super) callers: Vec<Caller>,
    /// What a spec cannot say; without it, more callers are let in than before.
    pub(super) lost: Vec<String>,
    /// Principals that a spec cannot name; without them, fewer are let in.
    pub(super) locked_out: Vec<String>,
    /// Those among them that may be in any account.
    pub(super) outsiders: Vec<String>,
    /// Patterns that let in more than what is carried over of them.
    pub(super) narrowed: Vec<String>,
    /// Whether somebody enters with tokens of an audience and a subject.
    pub(super) takes_tokens: bool,
}

/// Somebody who is let in.
#[derive(Debug, PartialEq)]
pub(super) struct Caller {
    pub(super) account: AccountId,
    /// Who it is, and whether MFA is needed.
    pub(super) who: Who,
    /// The external ids of which one has to be sent; none where that is not asked for.
    pub(super) external_ids: BTreeSet<ExternalId>,
    /// The organizations of which it has to be.
    pub(super) organizations: BTreeSet<OrganizationId>,
}

/// Reads a trust policy.
pub(super) fn read(document: &Value) -> Trust {
    let mut trust = Trust::default();
    let document = crate::value::Value::of_json(document, &|_| Span::default());
    for statement in &policy::read::read(&document, Kind::Trust).statements {
        add(statement, &mut trust);
    }
    trust
}

/// Whether a statement is about an action.
fn is_about(statement: &Statement, action: &str) -> bool {
    statement.actions.known().is_some_and(|listed| {
        listed.values().any(|pattern| pattern.covers(action, Case::Ignored)) != listed.negated
    })
}

fn add(statement: &Statement, trust: &mut Trust) {
    if statement.denies() {
        trust.lost.push("a statement that denies".to_owned());
        return;
    }
    let is_assumed = is_about(statement, "sts:AssumeRole");
    // Tags and source identities follow from the session, in statements of their own.
    let others = ["sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"];
    if !is_assumed && !others.iter().any(|action| is_about(statement, action)) {
        return;
    }
    let (wanted, lost) = Wanted::read(statement);
    if statement.principals.known().is_some_and(|listed| listed.negated) {
        trust.locked_out.push("everyone but some (`NotPrincipal`)".to_owned());
        trust.outsiders.push("everyone but some (`NotPrincipal`)".to_owned());
    }
    trust.takes_tokens |= !is_assumed && wanted.has_tokens;
    let before = trust.callers.len();
    for principal in statement.named_principals() {
        let principal = &principal.value;
        let found = if is_assumed { wanted.callers(principal) } else { Vec::new() };
        if !found.is_empty() {
            trust.callers.extend(found);
            continue;
        }
        trust.locked_out.push(format!("`{}`", principal.text));
        if is_assumed && matches!(principal.key, "AWS" | "") {
            trust.outsiders.push(format!("`{}`", principal.text));
        }
    }
    // Conditions on those who are not carried over are not missed.
    if trust.callers.len() > before {
        trust.lost.extend(lost);
        let Compared { named, unread } = wanted.named.unwrap_or_default();
        trust.narrowed.extend(named.into_iter().filter_map(|named| named.wider));
        trust.locked_out.extend(unread);
    }
}

/// What a statement demands that a spec knows.
#[derive(Default)]
struct Wanted {
    mfa: bool,
    external_ids: BTreeSet<ExternalId>,
    organizations: BTreeSet<OrganizationId>,
    /// Whom of its account a principal stands for, if not for everyone.
    named: Option<Compared>,
    /// Whether a token must have an audience and a subject.
    has_tokens: bool,
}

impl Wanted {
    /// What a statement demands, and what of it a spec cannot say.
    fn read(statement: &Statement) -> (Self, Vec<String>) {
        let mut wanted = Self::default();
        let mut lost = Vec::new();
        let principals = statement.named_principals();
        let is_open =
            |kind: &PrincipalKind| matches!(kind, PrincipalKind::Account { .. } | PrincipalKind::Everyone);
        let are_open = principals.iter().all(|principal| is_open(&principal.value.kind));
        let asks =
            |claim: &str| statement.conditions.list.iter().any(|asked| asked.lower_key().ends_with(claim));
        wanted.has_tokens = asks(":aud") && asks(":sub");
        for asked in &statement.conditions.list {
            if wanted.named.is_none() && are_open {
                wanted.named = principal_arn::read(asked);
                if wanted.named.is_some() {
                    continue;
                }
            }
            if !wanted.takes(asked) {
                lost.push(format!("the condition `{}` on `{}`", asked.written, asked.key));
            }
        }
        if !statement.conditions.are_all_read() {
            lost.push("a condition that cannot be read".to_owned());
        }
        (wanted, lost)
    }

    /// Takes over a condition; `false` for one that a spec cannot say.
    fn takes(&mut self, asked: &Condition) -> bool {
        match (&*asked.operator.to_string(), asked.lower_key()) {
            ("StringEquals", "sts:externalid") => parsed(asked, &mut self.external_ids),
            ("StringEquals", "aws:principalorgid") => parsed(asked, &mut self.organizations),
            ("Bool", "aws:multifactorauthpresent")
                if asked.values.iter().all(|value| value.text == "true") =>
            {
                self.mfa = true;
                true
            }
            _ => false,
        }
    }
}

impl Wanted {
    /// Whom a principal lets in, as far as a spec can name them.
    fn callers(&self, principal: &PrincipalPattern) -> Vec<Caller> {
        let is_meant = |account: &AccountId| match &principal.kind {
            PrincipalKind::Account { account: own, .. } => account.as_str() == own,
            kind => *kind == PrincipalKind::Everyone,
        };
        let found: Vec<_> = match &self.named {
            // No role can show MFA.
            Some(_) if self.mfa => Vec::new(),
            Some(compared) => {
                let meant = compared.named.iter().filter(|named| is_meant(&named.account));
                meant.map(|named| (named.account.clone(), named.who.clone())).collect()
            }
            None => Vec::from_iter(who(principal, self.mfa)),
        };
        let caller = |(account, who)| {
            let (external_ids, organizations) = (self.external_ids.clone(), self.organizations.clone());
            Caller { account, who, external_ids, organizations }
        };
        found.into_iter().map(caller).collect()
    }
}

/// Adds the values that a spec could hold; whether all could.
fn parsed<T: Text + Ord>(asked: &Condition, known: &mut BTreeSet<T>) -> bool {
    let parsed: Vec<T> = asked.values.iter().filter_map(|value| T::parse(&value.text).ok()).collect();
    let are_all = parsed.len() == asked.values.len();
    known.extend(parsed);
    are_all
}

fn who(principal: &PrincipalPattern, mfa: bool) -> Option<(AccountId, Who)> {
    let resource = || principal.resource()?.1.split_once('/');
    let name = || PrincipalName::parse(resource()?.1).ok();
    let (account, who) = match &principal.kind {
        PrincipalKind::Account { account, .. } => (account, Who::Account { mfa }),
        PrincipalKind::User { account, .. } => (account, Who::User { name: name()?, mfa }),
        PrincipalKind::Role { account, .. } if !mfa => {
            (account, Who::Role { name: name()?, match_by: RoleMatch::Arn })
        }
        _ => return None,
    };
    Some((AccountId::parse(account).ok()?, who))
}
