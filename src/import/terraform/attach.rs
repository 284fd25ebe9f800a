//! The policies that resources of their own give to roles.

use serde_json::Value;

use super::found::{Found, listed, span};
use super::reading::Reading;
use super::role::{Role, add_inline, add_policy};
use super::roots::Root;

const BY_HAND: &str = "add it by hand to `role.policy_arns` or `role.inline_policies` of the target";

/// The resources that give policies to roles, each with the argument that names the roles.
pub(super) const KINDS: [(&str, &str); 5] = [
    ("aws_iam_role_policy_attachment", "role"),
    ("aws_iam_role_policy", "role"),
    ("aws_iam_policy_attachment", "roles"),
    ("aws_iam_role_policy_attachments_exclusive", "role_name"),
    ("aws_iam_role_policies_exclusive", "role_name"),
];

/// Adds what a resource gives to the roles that it names.
pub(super) fn read(
    reading: &mut Reading<'_>,
    root: Root<'_>,
    found: Found<'_>,
    naming: &str,
    roles: &mut [Role<'_>],
) {
    let Some(named) = roles_of(reading, root, found, naming) else { return };
    let is_meant = |role: &Role<'_>| {
        role.scope == root.scope && (named.contains(role.name.as_str()) || named.labels.contains(&role.label))
    };
    let mut meant: Vec<&mut Role<'_>> = roles.iter_mut().filter(|role| is_meant(role)).collect();
    // A role that is here and was left out has its own note.
    if meant.is_empty() || !reading.is_made(found) {
        return;
    }
    match found.block.labels.first().map(String::as_str) {
        Some("aws_iam_role_policies_exclusive") => {
            let subject = "not carried over: `aws_iam_role_policies_exclusive` takes other policies away";
            reading.say(found.note(found.at(), subject));
        }
        Some("aws_iam_role_policy") => {
            let label = || found.block.labels.get(1).cloned().unwrap_or_default();
            let name = reading.text(found, "name").unwrap_or_else(label);
            let Some(policy) = reading.json(found, "policy") else { return };
            for role in &mut meant {
                add_inline(&mut role.keys, &name, policy.clone());
            }
        }
        _ => {
            let arns = ["policy_arn", "policy_arns"].iter().find_map(|name| reading.value(found, name));
            for arn in arns.iter().flat_map(listed) {
                for role in &mut meant {
                    add_policy(&mut role.keys, arn.clone());
                }
            }
        }
    }
}

/// The roles that a resource means: by name, or by the label of a resource beside it.
#[derive(Default)]
struct Meant {
    names: Vec<String>,
    labels: Vec<String>,
}

impl Meant {
    fn contains(&self, name: &str) -> bool {
        self.names.iter().any(|own| own == name)
    }
}

/// Which roles are meant; `None`, with a note, where nothing here says.
fn roles_of(reading: &mut Reading<'_>, root: Root<'_>, found: Found<'_>, naming: &str) -> Option<Meant> {
    let argument = found.block.argument(naming)?;
    let label = argument.written.trim().strip_prefix("aws_iam_role.");
    let label = label.and_then(|rest| rest.split(['.', '[']).next()).map(str::to_owned);
    let value = super::found::value(argument).unwrap_or_default();
    let names = listed(&value).filter_map(Value::as_str).map(str::to_owned).collect();
    let meant = Meant { names, labels: label.into_iter().collect() };
    let is_here = root.blocks("resource", "aws_iam_role").any(|role| {
        role.block.text("name").is_some_and(|name| meant.contains(name))
            || role.block.labels.get(1).is_some_and(|label| meant.labels.contains(label))
    });
    if !is_here {
        let subject = "not carried over: nothing here says which role this belongs to";
        reading.say(found.note(span(argument), subject).help(BY_HAND));
        return None;
    }
    Some(meant)
}
