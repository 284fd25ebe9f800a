//! What CloudFormation would refuse of a template of roles, or take for its own language.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{Check, first_line};
use crate::model::{Bootstrap, Fleet, Role, Target};
use crate::policy::{canonical_text, is_decided, trust_policy};

/// Bytes of a template that is sent as it is. Source: CloudFormation quotas.
const MOST_BYTES: usize = 51_200;
/// Bytes of a role beside its documents: names, ARNs, the words of the template.
const FRAME: usize = 4_000;

pub(super) fn check(cx: &mut Check<'_>, fleet: &Fleet) {
    let handed_over = fleet.targets.iter().filter(|target| target.bootstrap == Bootstrap::CloudFormation);
    // The template of a stack set is the same for all of its targets.
    for target in handed_over.chain(fleet.stack_set_targets().next()) {
        check_ids(cx, target);
        check_texts(cx, fleet, target);
        check_size(cx, fleet, target);
    }
}

/// Letters and digits are all that a template may call a role by.
fn check_ids(cx: &mut Check<'_>, target: &Target) {
    let mut ids = BTreeMap::new();
    for role in &target.roles {
        let Some(key) = &role.key else { continue };
        if let Some(other) = ids.insert(role.logical_id(), key) {
            let message = format!(
                "the roles `{other}` and `{key}` of `{}` would have the same logical ID in CloudFormation",
                target.name
            );
            let help =
                "logical IDs have only letters and digits: let the keys differ in more than `-` and `_`";
            cx.error(first_line(target.at), "CR003", message, help);
        }
    }
}

/// Functions and references are evaluated wherever they stand, and there is no way to write them as plain text.
fn check_texts(cx: &mut Check<'_>, fleet: &Fleet, target: &Target) {
    let of_role = |role: &Role| {
        let tags: Vec<&str> = role.tags.values().map(|value| value.as_str()).collect();
        let inline: Vec<&Json> = role.inline_policies.values().collect();
        json!([role.description.as_str(), tags, inline, role.path.as_str()])
    };
    let tags = fleet.terraform.default_tags.values().chain(target.tags.values());
    let tags: Vec<&str> = tags.map(|value| value.as_str()).collect();
    if target.roles.iter().any(|role| is_decided(&of_role(role))) || is_decided(&json!(tags)) {
        let message =
            format!("CloudFormation would evaluate a text or policy of the role of `{}`", target.name);
        let help = "remove `{{resolve:` from descriptions, tags and policies, and the keys `Ref` and `Fn::…` from policies";
        cx.error(first_line(target.at), None, message, help);
    }
}

fn check_size(cx: &mut Check<'_>, fleet: &Fleet, target: &Target) {
    /// Blanks before a line of a document in a template.
    const INDENT: usize = 12;
    let size = |text: &str| text.len() + text.lines().count() * INDENT;
    let of_role = |role: &Role| {
        let inline: usize =
            role.inline_policies.values().map(|document| size(&canonical_text(document))).sum();
        size(&trust_policy(&fleet.source, &target.session, role).to_text()) + inline + FRAME
    };
    let bytes: usize = target.roles.iter().map(of_role).sum();
    if bytes > MOST_BYTES {
        let whose = match target.bootstrap {
            Bootstrap::StackSet => "the stack set".to_owned(),
            _ => format!("`{}`", target.name),
        };
        let message =
            format!("the template of {whose} may have {bytes} bytes, and CloudFormation takes {MOST_BYTES}");
        let help = "replace `inline_policies` with managed policies, or have Terraform create the roles";
        cx.error(first_line(target.at), None, message, help);
    }
}
