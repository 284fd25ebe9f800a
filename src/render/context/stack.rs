//! What a CloudFormation template sees of a role: its documents in full, for nothing lies beside a template.

use serde_json::{Value as Json, json};

use super::names::{Row, text};
use crate::model::{Bootstrap, Fleet, PolicyArn, Target, TargetRole};
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
    let mut row = vec![
        ("output_id", text(format!("{id}Arn"))),
        ("logical_id", text(id)),
        ("trust_policy", TemplateValue::Document(trust.into())),
        ("inline_policies", TemplateValue::Rows(role.inline_policies.iter().map(policy).collect())),
        ("all_tags", TemplateValue::Map(tags.collect())),
    ];
    let arn = |arn: &PolicyArn| arn_of(target, arn);
    if !role.policy_arns.is_empty() {
        row.push(("managed_policies", document(&role.policy_arns.iter().map(arn).collect())));
    }
    row.extend(role.permissions_boundary.as_ref().map(|boundary| ("boundary", document(&arn(boundary)))));
    row
}

/// A managed policy. A template that is deployed to many accounts names the one of each.
fn arn_of(target: &Target, arn: &PolicyArn) -> Json {
    match arn.in_each_account().filter(|_| target.bootstrap == Bootstrap::StackSet) {
        Some(everywhere) => json!({ "Fn::Sub": everywhere }),
        None => json!(arn.as_str()),
    }
}

fn document<'f>(value: &Json) -> TemplateValue<'f> {
    TemplateValue::Document(canonical_text(value).into())
}
