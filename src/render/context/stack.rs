//! What a CloudFormation template sees of a role: its documents in full, for nothing lies beside a template.

use super::names::{Row, text};
use crate::model::{Fleet, Target, TargetRole};
use crate::pack::TemplateValue;
use crate::policy::{canonical_text, trust_policy};

/// What the stack of a target is called, in its account.
pub(super) fn name(fleet: &Fleet, target: &Target) -> String {
    format!("{}-{}", fleet.name, target.name)
}

pub(super) fn description(fleet: &Fleet) -> String {
    format!("IAM roles that AWS account {} assumes, by crossrole", fleet.source.account_id)
}

/// What a role is in a template, beside what every file sees of it.
pub(super) fn role<'f>(one: TargetRole<'f>, fleet: &'f Fleet) -> Row<'f> {
    let TargetRole { target, role } = one;
    let id = role.logical_id();
    let trust = trust_policy(&fleet.source, &target.session, role).to_text();
    let policy = |(name, document): (&'f crate::model::PolicyName, &serde_json::Value)| {
        let document = TemplateValue::Document(canonical_text(document).into());
        vec![("name", text(name.as_str())), ("document", document)]
    };
    // Terraform's provider adds the first two to what it creates.
    let tags = fleet.terraform.default_tags.iter().chain(&target.tags).chain(&role.tags);
    let tags = tags.map(|(key, value)| (key.as_str(), value.as_str()));
    vec![
        ("output_id", text(format!("{id}Arn"))),
        ("logical_id", text(id)),
        ("trust_policy", TemplateValue::Document(trust.into())),
        ("inline_policies", TemplateValue::Rows(role.inline_policies.iter().map(policy).collect())),
        ("all_tags", TemplateValue::Map(tags.collect())),
    ]
}
