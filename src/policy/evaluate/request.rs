//! A request: who wants to do what, and what is known about it.

use super::principal::Principal;
use crate::policy::read::Context;

/// Who wants to do what with which role, and under which circumstances.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who asks.
    pub principal: Principal,
    /// What for: `sts:AssumeRole`.
    pub action: String,
    /// The ARN of the role.
    pub resource: String,
    /// What else is known.
    pub context: Context,
    /// Whether `aws:PrincipalArn` is as somebody said, and not what follows from the principal.
    is_arn_given: bool,
}

/// The key for the caller's ARN.
pub(super) const PRINCIPAL_ARN: &str = "aws:PrincipalArn";

impl Request {
    /// A request whose context says what follows from the principal and the role, wherever it does
    /// not already say otherwise.
    #[must_use]
    pub fn new(
        principal: Principal,
        action: impl Into<String>,
        resource: impl Into<String>,
        mut context: Context,
    ) -> Self {
        let resource = resource.into();
        let is_arn_given = context.get(PRINCIPAL_ARN).is_some();
        // What nobody of its kind can show, it does not.
        if !principal.can_show_mfa() {
            context.remove("aws:MultiFactorAuthAge");
            if context.get("aws:MultiFactorAuthPresent").is_some_and(|found| found != ["false"]) {
                context.remove("aws:MultiFactorAuthPresent");
            }
        }
        for (key, value) in principal.keys() {
            context.default_to(key, &value);
        }
        if let Some(account) = account_of(&resource) {
            context.default_to("aws:ResourceAccount", account);
        }
        Self { principal, action: action.into(), resource, context, is_arn_given }
    }

    /// What AWS asks for in addition when a role is assumed under these circumstances, each with the
    /// reason.
    ///
    /// Sources: "Passing session tags in AWS STS" and "Monitor and control actions taken with assumed
    /// roles" (IAM User Guide).
    pub fn also_asked(&self) -> impl Iterator<Item = (Self, &'static str)> {
        let action = self.action.to_lowercase();
        let has = |start: &str| self.context.iter().any(|(key, _)| key.starts_with(start));
        let tags = ["aws:requesttag/", "aws:tagkeys", "sts:transitivetagkeys"].into_iter().any(has);
        let also = [
            (tags, "sts:TagSession", "the request has session tags"),
            (has("sts:sourceidentity"), "sts:SetSourceIdentity", "the request sets a source identity"),
        ];
        let also =
            also.into_iter().filter(move |(is_asked, ..)| *is_asked && action.starts_with("sts:assumerole"));
        also.map(|(_, action, why)| (Self { action: action.to_owned(), ..self.clone() }, why))
    }

    /// The same request, as it would be with each other ARN that the principal may have.
    pub(super) fn other_readings(&self) -> impl Iterator<Item = Self> {
        let arns = self.principal.other_arns().filter(|_| !self.is_arn_given);
        arns.map(|arn| {
            let mut other = self.clone();
            other.context.set(PRINCIPAL_ARN, [arn]);
            other
        })
    }

    /// Whether the principal belongs to the role's own account.
    #[must_use]
    pub fn is_same_account(&self) -> bool {
        self.principal.account().is_some() && self.principal.account() == account_of(&self.resource)
    }
}

/// The account of an ARN.
fn account_of(arn: &str) -> Option<&str> {
    crate::model::ArnParts::split(arn).map(|parts| parts.account).filter(|account| !account.is_empty())
}
