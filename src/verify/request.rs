//! What the provider of a workload asks STS for, as `aws sts assume-role --cli-input-json` takes it.
//!
//! All of it is one argument, so that no value is taken for an option, a file or shorthand.

use serde_json::{Value as Json, json};

use crate::model::{Role, Session, TagKey};

/// An external ID that nobody declares, and what undeclared session tags are called.
const UNDECLARED: &str = "crossrole-verify-undeclared";

/// How a request differs from what the spec declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Twist {
    /// Not at all.
    AsDeclared,
    /// It has no external ID.
    WithoutExternalId,
    /// It has another external ID.
    OtherExternalId,
    /// It has a session tag more.
    UndeclaredTag,
}

/// A request for a session of a role.
pub(super) fn assume_role(session: &Session, role: &Role, arn: &str, twist: Twist) -> Json {
    let mut request = json!({ "RoleArn": arn, "RoleSessionName": session.session_name });
    let external_id = match twist {
        Twist::WithoutExternalId => None,
        Twist::OtherExternalId => Some(UNDECLARED),
        _ => role.external_id.as_ref().map(|id| id.as_str()),
    };
    let mut tags: Vec<(&str, &str)> =
        session.tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    if twist == Twist::UndeclaredTag {
        tags.push((UNDECLARED, "true"));
    }
    let tags: Vec<Json> =
        tags.into_iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    let transitive: Vec<&str> = session.transitive_tag_keys.iter().map(TagKey::as_str).collect();
    let arns: Vec<Json> = session.policy_arns.iter().map(|arn| json!({ "arn": arn })).collect();
    let arguments = [
        ("ExternalId", external_id.map(Json::from)),
        ("DurationSeconds", session.duration.map(|duration| duration.seconds().into())),
        ("SourceIdentity", session.source_identity.as_ref().map(|identity| json!(identity))),
        ("Policy", session.policy.as_ref().map(|policy| policy.to_string().into())),
        ("PolicyArns", (!arns.is_empty()).then(|| arns.into())),
        ("Tags", (!tags.is_empty()).then(|| tags.into())),
        ("TransitiveTagKeys", (!transitive.is_empty()).then(|| json!(transitive))),
    ];
    for (name, value) in arguments {
        if let Some(value) = value {
            request[name] = value;
        }
    }
    request
}
