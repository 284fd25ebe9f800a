//! Policy documents that the user wrote: in a file beside the spec, or in place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value as Json;

use super::Check;
use super::place::report_partition;
use crate::diagnostic::{Source, Span};
use crate::model::{ArnParts, Partition, PolicyName, Text};
use crate::policy;
use crate::policy::read::{FaultKind, Kind, Listed, Reading};
use crate::spec::{Field, Located, PolicySource, policy_name};
use crate::value::Value;

/// Non-blank characters of all inline policies of one role. Source: IAM quotas.
const MOST_CHARACTERS: usize = 10_240;

pub(super) fn lower_inline(
    cx: &mut Check<'_>,
    field: &Field<BTreeMap<String, Located<PolicySource>>>,
    partition: Partition,
) -> BTreeMap<PolicyName, Json> {
    let mut lowered = BTreeMap::new();
    let mut files = BTreeSet::new();
    let mut size = 0;
    for (name, policy) in field.value().into_iter().flatten() {
        let document = document(cx, &policy.value, policy.at, partition);
        match policy_name(name) {
            Err(invalid) => cx.error(policy.at, invalid.id, invalid.message, invalid.help),
            Ok(_) if !files.insert(name.to_lowercase()) => {
                let message = format!("the policy `{name}` is listed twice, in different case");
                cx.error(
                    policy.at,
                    "CR003",
                    message,
                    "each becomes a file name, and some file systems treat the two as one",
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
pub(super) fn document(
    cx: &mut Check<'_>,
    policy: &PolicySource,
    at: Span,
    partition: Partition,
) -> Option<Json> {
    let document = match policy {
        PolicySource::Document(document) => document.clone(),
        PolicySource::File(path) => read(cx, path, at)?,
    };
    if refuse(cx, &document, at, partition) {
        return None;
    }
    let text = document.to_string();
    if let Some(c) = text.chars().find(|c| !policy::is_policy_character(*c)) {
        let message =
            format!("the policy holds `{}`, which an IAM policy cannot contain", c.escape_unicode());
        cx.error(
            at,
            "CR065",
            message,
            "a policy can only contain tab, line feed, carriage return and U+0020 to U+00FF",
        );
        return None;
    }
    Some(document)
}

/// The id in the catalogue of what can be wrong with the form of a policy.
pub(crate) fn fault_id(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Principal => "CR012",
        FaultKind::NotInTrust => "CR015",
        FaultKind::Version | FaultKind::Sid => "CR069",
        FaultKind::Form => "CR100",
        FaultKind::Operator => "CR101",
        FaultKind::Value => "CR102",
    }
}

/// Reports what IAM would refuse about a permissions policy, and says whether there is any.
fn refuse(cx: &mut Check<'_>, document: &Json, at: Span, partition: Partition) -> bool {
    let value = Value::of_json(document, &|_| Span::default());
    let Reading { statements, faults, .. } = policy::read::read(&value, Kind::Identity);
    for fault in &faults {
        let help = match fault.help.as_str() {
            "" => {
                "a permissions policy is `{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": …, \"Action\": …, \"Resource\": …}]}`"
            }
            help => help,
        };
        cx.error(at, fault_id(fault.kind), fault.without_help(), help);
    }
    let resources = statements.iter().filter_map(|statement| statement.resources.known());
    let mut is_elsewhere = false;
    for resource in resources.flat_map(Listed::values) {
        let found = ArnParts::split(resource.as_str()).and_then(|arn| Partition::parse(arn.partition).ok());
        if found.is_some_and(|found| found != partition) {
            is_elsewhere = true;
            report_partition(cx, at, resource.as_str(), partition);
        }
    }
    is_elsewhere || !faults.is_empty()
}

/// The text of a file that the spec names.
pub(super) fn text<'c>(cx: &mut Check<'c>, path: &str, at: Span) -> Option<&'c Arc<Source>> {
    match cx.files.get(path)? {
        Ok(source) => Some(source),
        Err(why) => {
            cx.error(at, None, format!("cannot read `{path}`: {why}"), "paths are relative to the spec");
            None
        }
    }
}

fn read(cx: &mut Check<'_>, path: &str, at: Span) -> Option<Json> {
    let source = text(cx, path, at)?;
    match policy::unique_json(&source.text) {
        Ok(document) => Some(document),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let message = error.to_string();
            let message = message.split(" at line").next().unwrap_or(&message);
            // Whatever the file is, a log is no place for its text.
            let message = format!("`{path}` is not a JSON policy: {message} (line {line}, column {column})");
            cx.error(at, "CR100", message, "IAM rejects JSON with duplicate keys");
            None
        }
    }
}
