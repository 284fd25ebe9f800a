//! Calls of modules, which are not followed: what is lost with each, and what to add by hand.

use super::blocks::Reading;
use super::scope::{Found, Scope};

/// Arguments that pass nothing on.
const OF_THE_CALL: [&str; 6] = ["source", "version", "providers", "for_each", "count", "depends_on"];

/// Says what a call of a module may have meant.
pub(super) fn note_call(reading: &mut Reading<'_>, found: Found<'_>, all: &[Scope<'_>]) {
    let name = found.block.labels.first().map_or("", String::as_str);
    let source = found.block.body.attribute("source").map(|source| found.text(source).trim_matches('"'));
    let source = source.unwrap_or_default();
    let folder = local(&reading.scope.folder, source);
    let known = folder.as_ref().filter(|folder| all.iter().any(|scope| is_in(scope, folder)));
    let (message, help) = match known {
        Some(folder) if !all.iter().any(|scope| is_in(scope, folder) && has_roles(scope)) => return,
        Some(folder) if !passes_something(found) => (
            format!("the module `{name}` is read once, as it stands in `{folder}`"),
            "if there are several calls of it, add a target by hand for each of the others".to_owned(),
        ),
        Some(folder) => (
            format!("the module `{name}` is not followed: `{folder}` is read with the defaults of its variables, not with what is passed here"),
            "compare the targets that came of it, and add those that are missing by hand: `account_id`, and `role` with the `name` it gets here".to_owned(),
        ),
        None => (
            format!("the module `{name}` is not read: `{source}` is not among these files"),
            "if it makes a role that another account assumes, or a provider that assumes one, add a target by hand: `account_id` and `role.name`, and whom it lets in to `source.callers`".to_owned(),
        ),
    };
    let at = found.at();
    reading.note(found, at, message);
    reading.by_hand(1, &help);
}

/// The folder that a source names, from the folder that is imported.
fn local(folder: &str, source: &str) -> Option<String> {
    if !source.starts_with("./") && !source.starts_with("../") {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in source.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}

fn is_in(scope: &Scope<'_>, folder: &str) -> bool {
    scope.folder == folder || scope.folder.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether something is made there that an import looks for, or another module is called.
fn has_roles(scope: &Scope<'_>) -> bool {
    let kinds = ["aws_iam_role", "aws_iam_role_policy_attachment", "aws_iam_role_policy"];
    kinds.iter().any(|kind| scope.blocks("resource", kind).next().is_some())
        || scope.blocks("provider", "aws").next().is_some()
        || scope.blocks("module", "").next().is_some()
}

fn passes_something(found: Found<'_>) -> bool {
    found.block.body.attributes().any(|attribute| !OF_THE_CALL.contains(&attribute.name.as_str()))
}
