//! Parts of a policy that only a run would show, and in which a finding could hide.
//!
//! Not every unknown is one: an external ID narrows a statement whatever it is, and the bucket that a role
//! may read opens no role. What is listed here is what the rules on policies would have to know.

use crate::policy::read::Kind;
use crate::value::{Data, Entry, Key, Piece, Reason, Text, Value};

/// The reason of each such part, in the order of the policy.
pub(super) fn of(policy: &Value, kind: Kind) -> Vec<&Reason> {
    let mut gaps = Vec::new();
    if kind == Kind::Resource {
        return gaps;
    }
    gaps.extend(open_keys(policy));
    let Some(statements) = policy.get("Statement") else { return gaps };
    for statement in statements.items() {
        match &statement.data {
            Data::Unknown(reason) => gaps.push(reason),
            // A refusal lets nobody in, whatever it is about.
            _ if statement.get("Effect").and_then(Value::text) == Some("Deny") => {}
            _ if kind == Kind::Trust => trust(statement, &mut gaps),
            _ => identity(statement, &mut gaps),
        }
    }
    gaps
}

/// What stands for keys that nobody knows.
fn open_keys(value: &Value) -> impl Iterator<Item = &Reason> {
    value.entries().iter().filter_map(|entry| match &entry.key {
        Key::Unknown(reason) => Some(reason),
        Key::Known(_) => None,
    })
}

/// The items that are not known as a whole, and why.
fn unknown(value: &Value) -> impl Iterator<Item = (&Value, &Reason)> {
    value.items().iter().filter_map(|item| match &item.data {
        Data::Unknown(reason) => Some((item, reason)),
        Data::Text(text) => text.reason().map(|reason| (item, reason)),
        _ => None,
    })
}

fn trust<'v>(statement: &'v Value, gaps: &mut Vec<&'v Reason>) {
    gaps.extend(open_keys(statement));
    for entry in statement.entries() {
        match entry.name() {
            Some("Effect" | "Action" | "NotAction") => {
                gaps.extend(unknown(&entry.value).map(|(_, reason)| reason));
            }
            Some("Principal" | "NotPrincipal") => principals(&entry.value, gaps),
            Some("Condition") => conditions(&entry.value, gaps),
            _ => {}
        }
    }
}

fn principals<'v>(value: &'v Value, gaps: &mut Vec<&'v Reason>) {
    if !matches!(value.data, Data::Object(_)) {
        return gaps.extend(value.reason());
    }
    gaps.extend(open_keys(value));
    for kind in value.entries() {
        let Some(name) = kind.name() else { continue };
        let hidden = unknown(&kind.value).filter(|(item, _)| !says_who(name, item));
        gaps.extend(hidden.map(|(_, reason)| reason));
    }
}

/// Whether what is known of a principal says who is meant, but for its name or account.
fn says_who(kind: &str, item: &Value) -> bool {
    let Data::Text(text) = &item.data else { return false };
    match kind {
        "AWS" => text.ends().1.ends_with(":root") || names(text, &[":role/", ":user/", ":assumed-role/"]),
        "Federated" => names(text, &[":saml-provider/"]) || text.ends().1.contains("oidc-provider/"),
        // The suffix of a service is that of the partition.
        "Service" => !text.ends().0.is_empty(),
        _ => false,
    }
}

fn names(text: &Text, parts: &[&str]) -> bool {
    known(text).any(|piece| parts.iter().any(|part| piece.contains(part)))
}

fn known(text: &Text) -> impl Iterator<Item = &str> {
    text.pieces().filter_map(|piece| match piece {
        Piece::Known(known, _) => Some(known),
        Piece::Unknown(_) => None,
    })
}

fn conditions<'v>(value: &'v Value, gaps: &mut Vec<&'v Reason>) {
    if let Data::Unknown(reason) = &value.data {
        gaps.push(reason);
    }
    gaps.extend(open_keys(value));
    for operator in value.entries() {
        let Some(written) = operator.name() else { continue };
        if let Data::Unknown(reason) = &operator.value.data {
            gaps.push(reason);
        }
        gaps.extend(open_keys(&operator.value));
        for key in operator.value.entries() {
            let hidden = unknown(&key.value).filter(|(item, _)| is_open(written, key, item));
            gaps.extend(hidden.map(|(_, reason)| reason));
        }
    }
}

/// Whether a value of a condition could let in more than it seems to.
fn is_open(operator: &str, key: &Entry, item: &Value) -> bool {
    let operator = operator.to_lowercase();
    let plain = operator.rsplit(':').next().unwrap_or_default().trim_end_matches("ifexists");
    let name = key.name().unwrap_or_default().to_lowercase();
    let is_part = matches!(&item.data, Data::Text(text) if known(text).any(|piece| piece.contains(':')));
    match plain {
        // An ARN that is known in part names its service, and mostly its resource.
        "arnlike" | "arnequals" => !is_part && !name.starts_with("aws:source"),
        "bool" | "null" | "stringlike" => true,
        "stringequals" | "stringequalsignorecase" => name.ends_with(":sub") && !is_part,
        _ => false,
    }
}

fn identity<'v>(statement: &'v Value, gaps: &mut Vec<&'v Reason>) {
    let effect = statement.get("Effect");
    gaps.extend(effect.and_then(Value::reason));
    let actions = statement.get("Action");
    let hidden = actions.into_iter().flat_map(unknown).filter(|(item, _)| !is_of_another_service(item));
    let before = gaps.len();
    gaps.extend(hidden.map(|(_, reason)| reason));
    gaps.extend(open_keys(statement));
    let is_about_roles = gaps.len() > before
        || statement.entry("NotAction").is_some()
        || actions.into_iter().flat_map(Value::items).filter_map(Value::text).any(opens_roles);
    if !is_about_roles {
        return;
    }
    let resources = statement.get("Resource").into_iter().flat_map(unknown);
    gaps.extend(resources.filter(|(item, _)| !is_one_resource(item)).map(|(_, reason)| reason));
    if let Some(condition) = statement.get("Condition") {
        gaps.extend(open_keys(condition));
        if let Data::Unknown(reason) = &condition.data {
            gaps.push(reason);
        }
    }
}

/// Whether an action that is known in part is of a service that no rule is about.
fn is_of_another_service(item: &Value) -> bool {
    let Data::Text(text) = &item.data else { return false };
    let service = text.ends().0.split_once(':').map(|(service, _)| service.to_lowercase());
    service.is_some_and(|service| !matches!(&*service, "iam" | "sts") && !service.contains(['*', '?']))
}

/// Whether an action leads to another role, or to other rights.
fn opens_roles(action: &str) -> bool {
    let action = action.to_lowercase();
    let (service, name) = action.split_once(':').unwrap_or((&action, "*"));
    let reads = ["get", "list", "simulate", "generate", "tag", "untag", "decode"];
    service.contains(['*', '?'])
        || (matches!(service, "iam" | "sts") && !reads.iter().any(|read| name.starts_with(read)))
}

/// Whether a resource that is known in part is at least no pattern.
fn is_one_resource(item: &Value) -> bool {
    let Data::Text(text) = &item.data else { return false };
    let is_pattern = known(text).any(|piece| piece.contains(['*', '?']));
    !is_pattern && known(text).any(|piece| piece.contains(':'))
}
