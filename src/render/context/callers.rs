//! What templates see of callers: their policies, their roles in A, and who issues their tokens.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Row, names, text, texts};
use crate::digest::sha256;
use crate::model::{Caller, CallerId, CallerIdentity, Federated, Fleet, SourceAccount};
use crate::pack::{TemplateContext, TemplateValue};
use crate::policy::{AssumePolicies, web_identity_policy};
use crate::runbook::{hcp_runs, kind, needs_mfa, profile_of, roles_of};

names! {
    /// Known to each identity policy.
    struct CallerPolicy<'f> {
        caller: &'f str,
        number: u32,
        assume_policy: TemplateValue<'f>,
    }
}

names! {
    /// Known to each caller.
    struct OneCaller<'f> {
        caller: &'f str,
        caller_kind: &'static str,
        federated: bool,
        trust_policy: Option<TemplateValue<'f>>,
    }
}

pub(in crate::render) fn assume_policy(
    caller: &CallerId,
    number: u32,
    document: String,
) -> impl TemplateContext<'_> {
    CallerPolicy { caller: caller.as_str(), number, assume_policy: TemplateValue::Document(document.into()) }
}

pub(in crate::render) fn caller<'f>(source: &SourceAccount, caller: &'f Caller) -> impl TemplateContext<'f> {
    let document =
        |federated| TemplateValue::Document(web_identity_policy(source, federated).to_text().into());
    OneCaller {
        caller: caller.id.as_str(),
        caller_kind: kind(caller),
        federated: caller.federated().is_some(),
        trust_policy: caller.federated().map(document),
    }
}

/// Every caller as a record.
pub(super) fn rows<'f>(fleet: &'f Fleet, assume: &AssumePolicies) -> Vec<Row<'f>> {
    fleet.source.callers.iter().map(|caller| row(fleet, caller, assume)).collect()
}

fn row<'f>(fleet: &'f Fleet, caller: &'f Caller, assume: &AssumePolicies) -> Row<'f> {
    let source = &fleet.source;
    let numbers: Vec<u32> = assume
        .of(&caller.id)
        .map(|policies| policies.documents.keys().copied().collect())
        .unwrap_or_default();
    let policy = format!("{}-assume-{}", fleet.name, caller.id);
    let policies = match numbers.as_slice() {
        [_] => vec![policy.into()],
        many => many.iter().map(|number| format!("{policy}-{number}").into()).collect(),
    };
    let roles: BTreeSet<&str> = roles_of(fleet, caller).map(|one| one.role.name.as_str()).collect();
    let mut row = vec![
        ("id", text(caller.id.as_str())),
        ("policy_names", TemplateValue::Texts(policies)),
        ("role_names", texts(roles.iter().copied().take(NAMED_ROLES))),
        ("further_roles", TemplateValue::Number(count(roles.len().saturating_sub(NAMED_ROLES)))),
        ("arn", text(source.principal_arn_of(caller).map_or_else(|| source.arn_of(caller), |(_, arn)| arn))),
        ("mfa", TemplateValue::Flag(needs_mfa(fleet, caller))),
        ("label", text(caller.id.label())),
        ("kind", text(kind(caller))),
        ("described", text(caller.described())),
        ("is_account", TemplateValue::Flag(caller.is_account())),
        ("sharded", TemplateValue::Flag(numbers.len() > 1)),
        ("parts", text(numbers.len().to_string())),
        ("number", text(numbers.first().copied().unwrap_or(1).to_string())),
        ("numbers", TemplateValue::Texts(numbers.iter().map(|number| number.to_string().into()).collect())),
    ];
    row.extend(profile_of(fleet, caller).map(|profile| ("profile", text(profile))));
    match &caller.identity {
        CallerIdentity::Account { .. } => {}
        CallerIdentity::IamUser { name, .. } => row.push(("user_name", text(name.name()))),
        CallerIdentity::Role { name, .. } => row.push(("role_name", text(name.name()))),
        CallerIdentity::PermissionSet { name, region } => {
            row.push(("permission_set", text(name.as_str())));
            let abroad = region.as_ref().filter(|region| **region != source.region);
            row.push(("is_abroad", TemplateValue::Flag(abroad.is_some())));
        }
        CallerIdentity::Federated(federated) => {
            row.push(("role_name", text(federated.role_name.as_str())));
            row.push(("role_arn", text(source.role_of(federated))));
            row.push(("provider", text(provider_label(fleet, federated))));
            row.push(("audience", text(federated.audience.as_str())));
            row.push(("issuer", text(federated.issuer.as_str())));
            row.push(("subjects", texts(federated.subjects.iter().map(String::as_str))));
            row.extend(hcp_runs(federated).into_iter().flat_map(|runs| {
                [
                    ("organization", text(runs.organization)),
                    ("project", text(runs.project)),
                    ("workspace", text(runs.workspace)),
                    ("role_variable", text(runs.role_variable)),
                ]
            }));
        }
    }
    row
}

/// Roles of a caller that are named where the callers are listed; of a fleet, there may be thousands.
const NAMED_ROLES: usize = 3;

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Every issuer of tokens once, with the audiences of all its callers.
pub(super) fn providers(fleet: &Fleet) -> Vec<Row<'_>> {
    let federated = fleet.source.callers.iter().filter_map(Caller::federated);
    let mut issuers: BTreeMap<&str, (&Federated, BTreeSet<&str>)> = BTreeMap::new();
    for caller in federated {
        let issuer = issuers.entry(caller.issuer.as_str()).or_insert_with(|| (caller, BTreeSet::new()));
        issuer.1.insert(caller.audience.as_str());
    }
    let row = |(url, (caller, audiences))| {
        vec![
            ("label", text(provider_label(fleet, caller))),
            ("url", text::<'_>(url)),
            ("audiences", texts(audiences)),
        ]
    };
    issuers.into_iter().map(row).collect()
}

/// The name of a provider in Terraform: that of its host, with more behind it where another has the same.
fn provider_label(fleet: &Fleet, federated: &Federated) -> String {
    let host = federated.issuer.host();
    let others = fleet.source.callers.iter().filter_map(Caller::federated);
    let has_twin =
        others.map(|other| other.issuer.host()).any(|other| other != host && label(other) == label(host));
    if has_twin { format!("{}_{}", label(host), &sha256([host.as_bytes()])[..8]) } else { label(host) }
}

fn label(host: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let label: String = host.trim_end_matches('/').chars().map(plain).collect();
    if label.starts_with(|c: char| c.is_ascii_digit()) { format!("_{label}") } else { label }
}
