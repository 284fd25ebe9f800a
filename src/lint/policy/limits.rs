//! What IAM's own limits and forms are.

use super::{Kept, Kind, Policy};
use crate::diagnostic::Level;
use crate::lint::finding::Findings;
use crate::policy::{
    MANAGED_QUOTA, RAISED_TRUST_QUOTA, TRUST_QUOTA, is_policy_character, non_blank_characters,
};
use crate::value::{Data, Value};

/// Non-blank characters of all inline policies of one role. Source: IAM quotas.
const INLINE_QUOTA: usize = 10_240;

/// CR065
pub(super) fn characters(policy: &Policy<'_>, found: &mut Findings) {
    look_through(policy.value, found);
}

fn look_through(value: &Value, found: &mut Findings) {
    let mut judge = |text: &str, at| {
        if let Some(c) = text.chars().find(|c| !is_policy_character(*c)) {
            let message = format!("the policy contains `{}`, which IAM does not allow", c.escape_unicode());
            let help = "policies can contain only tab, line feed, carriage return and U+0020 to U+00FF";
            found.add("CR065", at, message, help);
        }
    };
    match &value.data {
        Data::Text(_) => value.text().into_iter().for_each(|text| judge(text, value.at)),
        Data::List(items) => items.iter().for_each(|item| look_through(item, found)),
        Data::Object(entries) => {
            for entry in entries {
                entry.name().into_iter().for_each(|key| judge(key, entry.key_at));
            }
            for entry in entries {
                look_through(&entry.value, found);
            }
        }
        _ => {}
    }
}

/// CR069
pub(super) fn version(policy: &Policy<'_>, found: &mut Findings) {
    const HELP: &str = "write `\"Version\": \"2012-10-17\"`; before it, policy variables were plain text";
    match policy.value.get("Version") {
        None => found.add("CR069", policy.value.start(), "the policy has no `Version`", HELP),
        Some(version) if version.text() == Some("2008-10-17") => {
            found.add("CR069", version.at, "the policy is of version 2008-10-17", HELP);
        }
        Some(_) => {}
    }
}

/// CR063 and CR064
pub(super) fn size(policy: &Policy<'_>, found: &mut Findings) {
    if policy.measured || policy.kind == Kind::Resource {
        return;
    }
    let Some(size) = policy.value.to_json().map(|json| non_blank_characters(&json.to_string())) else {
        return;
    };
    let (id, level, quota, help) = match (policy.kind, policy.kept) {
        (Kind::Trust, _) if size > RAISED_TRUST_QUOTA => (
            "CR063",
            Level::Error,
            RAISED_TRUST_QUOTA,
            "name an account and `aws:PrincipalOrgID` instead of many principals",
        ),
        (Kind::Trust, _) if size > TRUST_QUOTA => (
            "CR063",
            Level::Warning,
            TRUST_QUOTA,
            "AWS raises the quota on request; or name fewer principals",
        ),
        (Kind::Identity, Kept::Inline | Kept::Somehow) if size > INLINE_QUOTA => {
            ("CR064", Level::Error, INLINE_QUOTA, "split it into managed policies")
        }
        (Kind::Identity, Kept::Managed) if size > MANAGED_QUOTA => {
            ("CR064", Level::Error, MANAGED_QUOTA, "split it into several managed policies")
        }
        (Kind::Identity, Kept::Somehow) if size > MANAGED_QUOTA => (
            "CR064",
            Level::Warning,
            MANAGED_QUOTA,
            "it fits as an inline policy of a role, and as no managed one",
        ),
        _ => return,
    };
    let message = format!("the policy has {size} non-blank characters, and the quota is {quota}");
    found.add_as(level, id, policy.value.start(), message, help);
}
