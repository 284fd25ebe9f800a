//! Policy documents that the user wrote: in a file beside the spec, or in place.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::Check;
use crate::diagnostic::Span;
use crate::model::PolicyName;
use crate::policy;
use crate::policy::read::{FaultKind, Kind};
use crate::spec::{Field, Located, PolicySource, policy_name};
use crate::value::Value;

/// Non-blank characters of all inline policies of one role. Source: IAM quotas.
const MOST_CHARACTERS: usize = 10_240;

pub(super) fn lower_inline(
    cx: &mut Check<'_>,
    field: &Field<BTreeMap<String, Located<PolicySource>>>,
) -> BTreeMap<PolicyName, Json> {
    let mut lowered = BTreeMap::new();
    let mut files = BTreeSet::new();
    let mut size = 0;
    for (name, policy) in field.value().into_iter().flatten() {
        let document = document(cx, &policy.value, policy.at);
        match policy_name(name) {
            Err(invalid) => cx.error(policy.at, invalid.id, invalid.message, invalid.help),
            Ok(_) if !files.insert(name.to_lowercase()) => {
                let message = format!("the policy `{name}` stands here twice, in different case");
                cx.error(
                    policy.at,
                    "CR003",
                    message,
                    "each names a file, and some file systems take the two for one",
                );
            }
            Ok(name) => {
                let document = document.unwrap_or(Json::Null);
                size += policy::non_blank_characters(&document.to_string());
                lowered.insert(name, document);
            }
        }
    }
    if let Some(field) = field.get().filter(|_| size > MOST_CHARACTERS) {
        let message = format!(
            "the inline policies have {size} non-blank characters, and a role holds {MOST_CHARACTERS}"
        );
        cx.error(
            field.at,
            "CR064",
            message,
            "move some into managed policies of B and list them in `policy_arns`",
        );
    }
    lowered
}

/// The document, if it can be read and has the form of a permissions policy.
pub(super) fn document(cx: &mut Check<'_>, policy: &PolicySource, at: Span) -> Option<Json> {
    let document = match policy {
        PolicySource::Document(document) => document.clone(),
        PolicySource::File(path) => read(cx, path, at)?,
    };
    let faults = faults(&document);
    if !faults.is_empty() {
        let help = "a permissions policy is `{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": …, \"Action\": …, \"Resource\": …}]}`";
        for (id, message) in faults {
            cx.error(at, id, message, help);
        }
        return None;
    }
    let text = document.to_string();
    if let Some(c) = text.chars().find(|c| !policy::is_policy_character(*c)) {
        let message = format!("the policy holds `{}`, which no IAM policy can hold", c.escape_unicode());
        cx.error(
            at,
            "CR065",
            message,
            "policies hold tab, line feed, carriage return and U+0020 to U+00FF only",
        );
        return None;
    }
    Some(document)
}

/// The id in the catalogue of what can be wrong with the form of a policy.
pub(crate) fn fault_id(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::NotInTrust => "CR015",
        FaultKind::Version | FaultKind::Sid => "CR069",
        FaultKind::Form => "CR100",
        FaultKind::Operator => "CR101",
    }
}

/// What IAM would refuse about a permissions policy, each with its id.
fn faults(document: &Json) -> Vec<(&'static str, String)> {
    if document["Statement"].as_array().is_some_and(Vec::is_empty) {
        return vec![("CR100", "a policy needs at least one `Statement`".to_owned())];
    }
    let value = Value::of_json(document, &|_| Span::default());
    let faults = policy::read::read(&value, Kind::Identity).faults;
    faults.iter().map(|fault| (fault_id(fault.kind), fault.to_string())).collect()
}

fn read(cx: &mut Check<'_>, path: &str, at: Span) -> Option<Json> {
    let source = match cx.files.get(path) {
        Some(Ok(source)) => source,
        Some(Err(why)) => {
            cx.error(at, None, format!("cannot read `{path}`: {why}"), "paths are relative to the spec");
            return None;
        }
        None => return None,
    };
    match policy::unique_json(&source.text) {
        Ok(document) => Some(document),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let message = error.to_string();
            let message = message.split(" at line").next().unwrap_or(&message);
            // Whatever the file is, a log is no place for its text.
            let message = format!("`{path}` is not a JSON policy: {message} (line {line}, column {column})");
            cx.error(at, "CR100", message, "IAM takes JSON in which each key of an object stands once");
            None
        }
    }
}
