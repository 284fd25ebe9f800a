//! Roles in CloudFormation templates, for a target whose roles are created by a stack.

use crate::output::FileKind;
use crate::policy::{Template, TemplateRole, may_be_template};

/// Whether a file is a template that can say what a role is.
pub(super) fn is_template(path: &str, text: &str) -> bool {
    matches!(FileKind::of(path), FileKind::Json | FileKind::Plain) && may_be_template(text)
}

/// The role's name and the text of its trust policy, or what is not known; with the line of each.
pub(super) type Found = (usize, Result<(Option<String>, String), String>);

/// Every role of a template.
pub(super) fn roles(text: &str) -> Vec<Found> {
    let Template { roles, unread } = Template::read(text);
    let role = |TemplateRole { id, name, trust_policy, .. }: TemplateRole| {
        let why = || format!("the trust policy of the role `{id}` is not written out in the template");
        (line_of(text, &id), trust_policy.ok_or_else(why).map(|policy| (name, policy)))
    };
    roles.into_iter().map(role).chain(unread.into_iter().map(|what| (1, Err(what)))).collect()
}

/// The line on which a template first names a resource.
fn line_of(text: &str, id: &str) -> usize {
    let quoted = format!("\"{id}\"");
    text.lines().position(|line| line.contains(&quoted)).map_or(1, |line| line + 1)
}
