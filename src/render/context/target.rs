//! What files of a target see: the target, each of its roles, each inline policy.

use std::sync::Arc;

use super::names::{Row, names, profile, state_key, tags, text, texts, workspace};
use super::stack;
use crate::model::{
    Bootstrap, Caller, Fleet, PolicyArn, PolicyName, Region, Role, SourceAccount, TagKey, Target, TargetName,
    TargetRole,
};
use crate::pack::{TemplateContext, TemplateValue};
use crate::runbook::kind;

names! {
    /// Known to files of a target.
    struct OneTarget<'f> {
        target: &'f str,
        target_label: String,
        account_id: &'f str,
        region: &'f str,
        region_is_new: bool,
        regions: TemplateValue<'f>,
        tags: TemplateValue<'f>,
        third_party: bool,
        retired: bool,
        roles: TemplateValue<'f>,
        several_roles: bool,
        role_keys: TemplateValue<'f>,
        one_external_id: bool,
        session_name: &'f str,
        session_duration: Option<String>,
        session_policy: Option<String>,
        session_policy_arns: TemplateValue<'f>,
        source_identity: Option<&'f str>,
        session_tags: TemplateValue<'f>,
        transitive_tag_keys: TemplateValue<'f>,
        bucket: Option<&'f str>,
        bootstrap: &'static str,
        bootstrap_root: bool,
        stack_name: String,
        stack_description: String,
        bootstrap_role_arn: Option<String>,
        bootstrap_profile: Option<&'f str>,
        bootstrap_state_key: String,
        bootstrap_workspace: String,
        workload_state_key: String,
        workload_workspace: String,
    }
}

names! {
    /// Known to files of a role, and of the default role to files of its target.
    struct OneRole<'f> {
        role: Option<&'f str>,
        role_name: &'f str,
        role_path: &'f str,
        role_arn: String,
        role_description: &'f str,
        max_session_duration: u32,
        permissions_boundary: Option<&'f str>,
        role_tags: TemplateValue<'f>,
        policy_arns: TemplateValue<'f>,
        inline_policy_names: TemplateValue<'f>,
        trust_policy: TemplateValue<'f>,
        external_id: Option<&'f str>,
    }
}

names! {
    /// Known to each inline policy, beside its role's and its target's names.
    struct InlinePolicy<'f> {
        policy_name: &'f str,
        policy_document: TemplateValue<'f>,
    }
}

pub(in crate::render) fn target<'f>(fleet: &'f Fleet, target: &'f Target) -> impl TemplateContext<'f> {
    let Target { name, account_id, roles, session, .. } = target;
    let partition = fleet.source.partition;
    let state = |root: &str| state_key(fleet, format_args!("accounts/{name}/{root}"));
    let space = |root: &str| workspace(fleet, format_args!("{name}-{root}"));
    OneTarget {
        target: name.as_str(),
        target_label: name.label(),
        account_id: account_id.as_str(),
        region: target.region.as_str(),
        region_is_new: target.region.is_newer_than_terraform(),
        regions: TemplateValue::Rows(
            target.regions.iter().map(|region| region_row(fleet, name, region)).collect(),
        ),
        tags: all_tags(fleet, target),
        third_party: target.third_party,
        retired: target.retired,
        several_roles: roles.are_several(),
        role_keys: texts(roles.iter().filter_map(|role| role.key.as_ref()).map(|key| key.as_str())),
        one_external_id: roles.iter().all(|role| role.external_id == roles.default().external_id),
        roles: TemplateValue::Rows(target.each_role().map(|one| role_row(one, fleet)).collect()),
        session_name: session.session_name.as_str(),
        session_duration: session.duration.map(|duration| duration.to_string()),
        session_policy: session
            .policy
            .as_ref()
            .map(|policy| crate::policy::canonical_json(policy).to_string()),
        session_policy_arns: texts(session.policy_arns.iter().map(PolicyArn::as_str)),
        source_identity: session.source_identity.as_ref().map(|identity| identity.as_str()),
        session_tags: tags(&session.tags),
        transitive_tag_keys: texts(session.transitive_tag_keys.iter().map(TagKey::as_str)),
        bucket: target.bucket.as_ref().map(|bucket| bucket.as_str()),
        bootstrap: bootstrap_source(&target.bootstrap),
        bootstrap_root: target.bootstrap.has_root(),
        stack_name: stack::name(fleet, target),
        stack_description: stack::description(fleet),
        bootstrap_role_arn: match &target.bootstrap {
            Bootstrap::AssumeRole(role) => Some(format!("arn:{partition}:iam::{account_id}:role/{role}")),
            _ => None,
        },
        bootstrap_profile: match &target.bootstrap {
            Bootstrap::Profile(name) => Some(name.as_str()),
            Bootstrap::AssumeRole(_) => profile(fleet),
            _ => None,
        },
        bootstrap_state_key: state("bootstrap"),
        bootstrap_workspace: space("bootstrap"),
        workload_state_key: state("workload"),
        workload_workspace: space("workload"),
    }
}

pub(in crate::render) fn role<'f>(
    fleet: &Fleet,
    one: TargetRole<'f>,
    trust_policy: Arc<str>,
) -> impl TemplateContext<'f> {
    let role = one.role;
    OneRole {
        role: role.key.as_ref().map(|key| key.as_str()),
        role_name: role.name.as_str(),
        role_path: role.path.as_str(),
        role_arn: one.arn(fleet.source.partition),
        role_description: role.description.as_str(),
        max_session_duration: role.max_session_duration.seconds(),
        permissions_boundary: role.permissions_boundary.as_ref().map(|arn| arn.as_str()),
        role_tags: tags(&role.tags),
        policy_arns: texts(role.policy_arns.iter().map(PolicyArn::as_str)),
        inline_policy_names: texts(role.inline_policies.keys().map(PolicyName::as_str)),
        trust_policy: TemplateValue::Document(trust_policy),
        external_id: role.external_id.as_ref().map(|id| id.as_str()),
    }
}

pub(in crate::render) fn inline_policy(name: &PolicyName, document: String) -> impl TemplateContext<'_> {
    InlinePolicy { policy_name: name.as_str(), policy_document: TemplateValue::Document(document.into()) }
}

/// A role as a record: what Terraform calls it, where its files lie, and what it is.
pub(super) fn role_row<'f>(one: TargetRole<'f>, fleet: &'f Fleet) -> Row<'f> {
    let source = &fleet.source;
    let Role { key, name, path, description, .. } = one.role;
    let key = key.as_ref().map(|key| key.as_str());
    let mut row = vec![
        ("label", text(key.unwrap_or("cross_account"))),
        ("name", text(name.as_str())),
        ("path", text(path.as_str())),
        ("description", text(description.as_str())),
        ("arn", text(one.arn(source.partition))),
        ("max_session_duration", TemplateValue::Number(one.role.max_session_duration.seconds())),
        ("tags", tags(&one.role.tags)),
        ("policy_arns", texts(one.role.policy_arns.iter().map(PolicyArn::as_str))),
        ("inline_policy_names", texts(one.role.inline_policies.keys().map(PolicyName::as_str))),
    ];
    row.extend(key.map(|key| ("key", text(key))));
    row.extend(one.role.external_id.as_ref().map(|id| ("external_id", text(id.as_str()))));
    row.extend(
        one.role.permissions_boundary.as_ref().map(|arn| ("permissions_boundary", text(arn.as_str()))),
    );
    let is_stack = matches!(one.target.bootstrap, Bootstrap::CloudFormation | Bootstrap::StackSet);
    if is_stack {
        row.extend(stack::role(one, fleet));
    }
    if one.target.third_party || is_stack {
        row.push(("longest_session", text(one.role.max_session_duration.to_string())));
        row.push(("callers", TemplateValue::Rows(callers_for_the_owner(one.role, source))));
    }
    row
}

/// Who gets in, for the owner of the account.
fn callers_for_the_owner<'f>(role: &'f Role, source: &'f SourceAccount) -> Vec<Row<'f>> {
    let row = |caller: &'f Caller| {
        let arn = source.principal_arn_of(caller).map_or_else(|| source.arn_of(caller), |(_, arn)| arn);
        vec![
            ("kind", text(kind(caller))),
            ("arn", text(arn)),
            ("mfa", TemplateValue::Flag(role.demands_mfa_of(caller))),
        ]
    };
    source.callers_of(role).map(row).collect()
}

/// The tags of all that is created in a target; its own count before those of every account.
fn all_tags<'f>(fleet: &'f Fleet, target: &'f Target) -> TemplateValue<'f> {
    let all = fleet.terraform.default_tags.iter().chain(&target.tags);
    TemplateValue::Map(all.map(|(key, value)| (key.as_str(), value.as_str())).collect())
}

/// A further region as a record, with what Terraform calls its provider.
fn region_row<'f>(fleet: &Fleet, target: &TargetName, region: &'f Region) -> Row<'f> {
    let alias = region.as_str().replace('-', "_");
    let alias = if fleet.has_single_root() { format!("{}_{alias}", target.label()) } else { alias };
    vec![
        ("name", text(region.as_str())),
        ("alias", text(alias)),
        ("is_new", TemplateValue::Flag(region.is_newer_than_terraform())),
    ]
}

/// The word of the spec, for conditions of templates.
pub(super) fn bootstrap_source(bootstrap: &Bootstrap) -> &'static str {
    match bootstrap {
        Bootstrap::AssumeRole(_) => "assume_role",
        Bootstrap::Profile(_) => "profile",
        Bootstrap::Environment => "environment",
        Bootstrap::CloudFormation => "cloudformation",
        Bootstrap::StackSet => "stack_set",
        Bootstrap::Existing => "existing",
    }
}
