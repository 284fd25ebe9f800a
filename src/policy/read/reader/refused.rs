//! What IAM refuses though its form is right: characters of a `Sid`, actions, resources, principals, condition keys
//! and values that are not of the kind that belongs there.
//!
//! Policies of other resources are refused by their own services, by rules of their own, and left alone but for values.

use super::Reader;
use crate::diagnostic::Span;
use crate::diagnostic::words::{excerpt, nearest};
use crate::model::{ArnParts, Partition, Text};
use crate::policy::read::condition::Condition;
use crate::policy::read::fault::FaultKind;
use crate::policy::read::glob::Case;
use crate::policy::read::part::{Listed, Located, Part};
use crate::policy::read::pattern::Pattern;
use crate::policy::read::principal::PrincipalPattern;
use crate::policy::read::statement::Kind;

/// The actions that a trust policy can allow. Source: "AssumeRole policy may only specify STS `AssumeRole` actions"
/// (IAM), and "Actions defined by AWS Security Token Service" whose resource is a role (Service Authorization Reference).
const OF_TRUST: [&str; 6] = [
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:SetContext",
    "sts:SetSourceIdentity",
    "sts:TagSession",
];

/// Condition keys that are often written without their prefix.
const KEYS: [&str; 20] = [
    "aws:CurrentTime",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:TagKeys",
    "sts:ExternalId",
    "sts:RoleSessionName",
    "sts:SourceIdentity",
];

impl Reader {
    /// Source: "Statement IDs (SID) must be alpha-numeric" (IAM).
    pub(super) fn judge_sid(&mut self, sid: &str, at: Span) {
        let wrong = sid.chars().find(|c| !c.is_ascii_alphanumeric());
        if let Some(wrong) = wrong.filter(|_| self.kind != Kind::Resource && !is_template(sid)) {
            let held = if wrong.is_whitespace() { "a blank".to_owned() } else { format!("`{wrong}`") };
            let message = format!("the `Sid` `{}` holds {held}", excerpt(sid));
            self.faults.add(FaultKind::Form, at, message, "IAM takes letters from a to z and digits only");
        }
    }

    /// Source: "Actions/Conditions must be prefaced by a vendor" and "Vendor s3* is not valid" (IAM).
    pub(super) fn judge_actions(&mut self, actions: &Part<Listed<Pattern>>) {
        let is_negated = actions.known().is_some_and(|listed| listed.negated);
        for Located { at, value } in known(actions).filter(|_| self.kind != Kind::Resource) {
            let action = value.as_str();
            if is_template(action) {
                continue;
            }
            if !matches!(action, "*" | "*:*") && !is_action(action) {
                let message = format!("`{}` is not an action", excerpt(action));
                let help = "an action is written `service:Name`, as in `s3:GetObject`; a wildcard stands behind the colon";
                self.faults.add(FaultKind::Form, *at, message, help);
            } else if self.kind == Kind::Trust
                && !is_negated
                && !OF_TRUST.iter().any(|known| value.covers(known, Case::Ignored))
            {
                let message = format!("`{}` is not an action of a trust policy", excerpt(action));
                let near = nearest(action, &OF_TRUST).map(|near| format!("did you mean `{near}`?"));
                let help = near.unwrap_or_else(|| {
                    "IAM takes `sts:AssumeRole` and its kind; what the role may do then is its permissions policies' to say".to_owned()
                });
                self.faults.add(FaultKind::Form, *at, message, help);
            }
        }
    }

    /// Source: "Resource … must be in ARN format or \"*\"" and "Partition \"…\" is not valid for resource" (IAM).
    pub(super) fn judge_resources(&mut self, resources: &Part<Listed<Pattern>>) {
        for Located { at, value } in known(resources).filter(|_| self.kind == Kind::Identity) {
            let resource = value.as_str();
            let shown = excerpt(resource);
            if !is_resource(resource) {
                let help = "it is `*`, or looks like `arn:aws:s3:::bucket/*`: six parts between colons";
                self.faults.add(FaultKind::Form, *at, format!("the resource `{shown}` is not an ARN"), help);
            } else if let Some(partition) = wrong_partition(resource) {
                let message = format!("there is no partition `{}`: `{shown}`", excerpt(partition));
                self.faults.add(FaultKind::Form, *at, message, "most ARNs begin with `arn:aws:`");
            }
        }
    }

    /// Source: "Invalid principal in policy" (IAM).
    pub(super) fn judge_principals(&mut self, principals: &Part<Listed<PrincipalPattern>>) {
        if self.kind != Kind::Trust {
            return;
        }
        if let Some(listed) = principals.known().filter(|listed| listed.negated) {
            let help = "say whom you mean with `Principal`, and whom not with a `Deny`";
            let message = "a trust policy cannot hold `NotPrincipal`";
            self.faults.add(FaultKind::NotInTrust, listed.key_at, message, help);
        }
        for Located { at, value } in known(principals).filter(|who| !is_template(&who.value.text)) {
            if let Some((why, help)) = value.refusal() {
                let message = format!("the principal `{}` {why}", excerpt(&value.text));
                self.faults.add(FaultKind::Principal, *at, message, help);
            }
        }
    }

    /// Source: "Conditions must be prefaced by a vendor" (IAM).
    pub(super) fn judge_key(&mut self, key: &str, at: Span) {
        let is_prefixed =
            key.split_once(':').is_some_and(|(vendor, name)| !vendor.is_empty() && !name.is_empty());
        if is_prefixed || is_template(key) || self.kind == Kind::Resource {
            return;
        }
        let is_meant =
            |known: &&&str| known.split_once(':').is_some_and(|(_, name)| name.eq_ignore_ascii_case(key));
        let help = match KEYS.iter().find(is_meant) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "write its service before it, as in `aws:PrincipalOrgID`".to_owned(),
        };
        self.faults.add(
            FaultKind::Form,
            at,
            format!("the condition key `{}` has no prefix", excerpt(key)),
            help,
        );
    }

    /// Source: "Policy validation check reference", type mismatches (IAM User Guide).
    pub(super) fn judge_values(&mut self, condition: &Condition) {
        for value in condition.values_of_another_kind() {
            let message = format!("`{}` is not {}", excerpt(&value.text), condition.operator.compares());
            let help = format!("`{}` never matches anything else", condition.written);
            self.faults.add(FaultKind::Value, value.at, message, help);
        }
    }
}

fn known<T>(part: &Part<Listed<T>>) -> impl Iterator<Item = &Located<T>> {
    part.known().into_iter().flat_map(|listed| &listed.entries)
}

/// Whether something is filled in before IAM sees the text: a file may be a template of Terraform or of another engine.
fn is_template(text: &str) -> bool {
    ["${", "%{", "{{"].iter().any(|opening| text.contains(opening))
}

fn is_action(text: &str) -> bool {
    text.split_once(':').is_some_and(|(vendor, name)| {
        let is_vendor = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !vendor.is_empty()
            && vendor.chars().all(is_vendor)
            && !name.is_empty()
            && !name.contains(char::is_whitespace)
    })
}

/// Whether a text is an ARN, or may be one: what a wildcard or a placeholder stands for is not looked into.
fn is_resource(text: &str) -> bool {
    let is_open = text.starts_with(['*', '?']) || is_template(text);
    let is_whole = text.matches(':').count() >= 5 || text.contains('*');
    is_open || text.starts_with("arn:") && is_whole
}

/// The partition of an ARN, if there is none of this name.
fn wrong_partition(arn: &str) -> Option<&str> {
    let partition = arn.strip_prefix("arn:")?.split(':').next()?;
    let is_open = partition.contains(['*', '?', '$', '%', '{']);
    (!is_open && Partition::parse(partition).is_err()).then_some(partition)
}

impl PrincipalPattern {
    /// Why IAM refuses it in a trust policy, and what to write instead.
    fn refusal(&self) -> Option<(&'static str, &'static str)> {
        match self.key {
            "AWS" => refusal_of_aws(self),
            "Service" if !is_service(&self.text) => Some((
                "is not the name of a service",
                "services are called by their domain, as in `lambda.amazonaws.com`",
            )),
            "Federated" if !is_provider(&self.text) => Some((
                "is not an identity provider",
                "name it by its ARN, as in `arn:aws:iam::111111111111:oidc-provider/HOST`",
            )),
            "CanonicalUser" => {
                Some(("is a canonical user, whom only S3 knows", "name the account by its twelve digits"))
            }
            _ => None,
        }
    }
}

fn refusal_of_aws(who: &PrincipalPattern) -> Option<(&'static str, &'static str)> {
    let text = &*who.text;
    if text == "*" {
        return None;
    }
    if text.contains(['*', '?']) {
        let help = "IAM takes no wildcard inside a principal: name the account, and compare `aws:PrincipalArn` with `ArnLike`";
        return Some(("holds a wildcard", help));
    }
    if who.is_of_account() {
        let partition = ArnParts::split(text).map(|parts| parts.partition);
        let is_known = partition.is_none_or(|partition| Partition::parse(partition).is_ok());
        return (!is_known)
            .then_some(("is in a partition that does not exist", "most ARNs begin with `arn:aws:`"));
    }
    if is_unique_id(text) {
        return None;
    }
    if text.ends_with(".amazonaws.com") || text.ends_with(".amazonaws.com.cn") {
        return Some(("is a service", "write it under `Service`"));
    }
    if who.resource().is_some_and(|(_, resource)| resource.starts_with("group/")) {
        return Some(("is a group", "name the users, or the account with `aws:PrincipalArn`"));
    }
    if text.trim() != text {
        return Some(("begins or ends with a blank", "write it without"));
    }
    let help = "it is an account's twelve digits, `arn:aws:iam::111111111111:root`, `…:user/NAME`, `…:role/NAME`, or `arn:aws:sts::111111111111:assumed-role/NAME/SESSION`";
    Some(("is not an account, a user, a role or a session", help))
}

/// What IAM shows in the place of a principal that was deleted, and takes from nobody else.
fn is_unique_id(text: &str) -> bool {
    let is_id = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    text.len() >= 16 && ["AIDA", "AROA"].iter().any(|kind| text.starts_with(kind)) && text.chars().all(is_id)
}

fn is_service(text: &str) -> bool {
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    text == "*" || text.trim_matches('.').contains('.') && text.chars().all(is_host)
}

/// Whether a text is the ARN of a provider, or the host of one that is built in.
fn is_provider(text: &str) -> bool {
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    match ArnParts::split(text) {
        Some(parts) => {
            let kind =
                parts.resource.split_once('/').filter(|(_, name)| !name.is_empty()).map(|(kind, _)| kind);
            parts.service == "iam"
                && parts.region.is_empty()
                && crate::policy::read::is_account(parts.account)
                && Partition::parse(parts.partition).is_ok()
                && matches!(kind, Some("oidc-provider" | "saml-provider"))
                && !text.contains(char::is_whitespace)
        }
        None => text.contains('.') && text.chars().all(is_host),
    }
}
