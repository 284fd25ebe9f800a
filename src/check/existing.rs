//! The trust policy of a role that exists already, as it was read from AWS.

use super::{Check, fault_id, policies};
use crate::model::GivenTrust;
use crate::policy::PrintedRole;
use crate::policy::read::{Kind, Reading, read};
use crate::spec::{Field, Located};
use crate::value;

const FORM: &str = "it holds the role's trust policy, or what `aws iam get-role` prints";

/// Refuses it for a role that a bootstrap root creates. What `defaults` holds does no harm.
pub(super) fn refuse(cx: &mut Check<'_>, field: &Field<String>) {
    if let Some(file) = field.get().filter(|file| !file.inherited) {
        let message = "`trust_policy` would be ignored: crossrole creates this role with a trust policy for the spec's callers";
        let help = "remove it, or set `bootstrap: {from: existing}` if the role exists already";
        cx.error(file.at, None, message, help);
    }
}

/// Reads it, and reports everything for which it cannot be the policy of the role with this ARN.
pub(super) fn trust(
    cx: &mut Check<'_>,
    file: &Located<String>,
    role_arn: Option<&str>,
) -> Option<GivenTrust> {
    let (path, at) = (&file.value, file.at);
    let source = policies::text(cx, path, at)?;
    let place = |offset: u32| {
        let (line, column) = source.line_and_column(offset as usize);
        format!("{path}:{line}:{column}")
    };
    let value = match value::parse(&source.text, 0) {
        Ok(value) => value,
        Err(problem) => {
            // Whatever the file is, a log is no place for its text.
            let message =
                format!("`{}`: this is not JSON, or it has duplicate keys", place(problem.at.start));
            cx.error(at, "CR100", message, FORM);
            return None;
        }
    };
    let printed = PrintedRole::of(&value);
    if let Some(other) = role_arn.and_then(|role_arn| printed.of_another(role_arn)) {
        let message = format!("`{path}` is about another role: `{other}`");
        let help = format!("name the output of `aws iam get-role` for `{}`", role_arn.unwrap_or_default());
        cx.error(at, None, message, help);
    }
    let Reading { faults, .. } = read(printed.trust_policy, Kind::Trust);
    for fault in &faults {
        let help = if fault.help.is_empty() { FORM } else { &fault.help };
        let message = format!("`{}`: {}", place(fault.at.start), fault.without_help());
        cx.error(at, fault_id(fault.kind), message, help);
    }
    let text = source.text.get(printed.trust_policy.at.range())?;
    faults.is_empty().then(|| GivenTrust { file: path.clone(), text: text.to_owned() })
}
