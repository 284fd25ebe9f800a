//! What a plan opens: who may assume what that could not before, in words.
//!
//! Judged by the text that stands on disk now and the text that will, so a person's edits count on
//! both sides. Looks at policies, and at the roles and attachments of Terraform files.

use std::collections::BTreeSet;

use super::change::{Change, Plan, UnitPlan};
use super::{Decision, Disk};
use crate::diagnostic::Span;
use crate::hcl::tree::{self, Block, Body};
use crate::hcl::{self, TokenKind, string};
use crate::policy::widenings;
use crate::tree::{FileKind, RelPath, UnitName};
use crate::value::{self, Data, Value};

/// Something that a plan opens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrustChange {
    /// The file that opens it.
    pub path: RelPath,
    /// What is open from then on.
    pub what: String,
}

/// Everything that a plan opens in a tree. A unit that is new opens what was asked for.
#[must_use]
pub fn trust_changes(plan: &Plan) -> Vec<TrustChange> {
    let mut found = BTreeSet::new();
    for unit in &plan.units {
        for change in &unit.changes {
            let opened = opened(plan, unit, change);
            found.extend(opened.into_iter().map(|what| TrustChange { path: change.path.clone(), what }));
        }
    }
    found.into_iter().collect()
}

fn opened(plan: &Plan, unit: &UnitPlan, change: &Change) -> Vec<String> {
    let after = change.writes().find(|file| file.path == change.path);
    let kind = FileKind::of(change.path.as_str());
    let (Some(after), Some(before)) = (after, before(plan, unit, change, kind)) else {
        return Vec::new();
    };
    match kind {
        FileKind::Json => {
            let nothing = || Value::new(Span::default(), Data::Null);
            let read = |text: &str| value::parse(text, 0).unwrap_or_else(|_| nothing());
            let mut found = widenings(&read(before), &read(&after.text));
            // Callers gain the roles of new targets: that is what targets are for.
            found.retain(|what| unit.unit != UnitName::Source || !is_one_more_role(what));
            found
        }
        FileKind::Hcl => opened_by_terraform(&unit.unit, before, &after.text),
        FileKind::Shell | FileKind::Markdown | FileKind::Plain => Vec::new(),
    }
}

/// The text that a file had, or a file that it comes from; the empty text, beside which everything is
/// new, where that cannot be read. Nothing for a file that was asked for.
fn before<'p>(plan: &Plan, unit: &'p UnitPlan, change: &'p Change, kind: FileKind) -> Option<&'p str> {
    let disk = match &change.from {
        None => &change.before,
        Some(from) => {
            let there = unit.changes.iter().find(|other| other.path == *from);
            there.map_or(&Disk::Absent, |there| &there.before)
        }
    };
    match disk {
        Disk::Text(text) => Some(text),
        Disk::Bytes => Some(""),
        Disk::Absent if change.from.is_some() => Some(""),
        // Newer templates may say in another file what they said in one that goes.
        Disk::Absent => (kind == FileKind::Json && plan.is_upgrade() && !is_new(unit)).then_some(""),
    }
}

/// Whether nothing of a unit was there before.
fn is_new(unit: &UnitPlan) -> bool {
    unit.changes.iter().all(|change| change.decision == Decision::Create)
}

fn is_one_more_role(what: &str) -> bool {
    what.contains("` on `arn:") && what.contains(":role/") && !what.contains('*')
}

/// What a Terraform file opens: a longer session, a lost boundary, another trust policy, and
/// policies that are attached in addition.
fn opened_by_terraform(unit: &UnitName, before: &str, after: &str) -> Vec<String> {
    let Ok(after_tree) = tree::parse(after) else {
        return Vec::new();
    };
    let before_tree = tree::parse(before).unwrap_or_default();
    let mut found = Vec::new();
    for role in resources(&after_tree, "aws_iam_role") {
        let known = resources(&before_tree, "aws_iam_role").find(|known| known.labels == role.labels);
        if let Some(known) = known {
            found.extend(opened_by_role((known, before), (role, after)));
        }
    }
    if *unit == UnitName::Source {
        let known = callers(&before_tree, before);
        let more = callers(&after_tree, after).into_iter().filter(|caller| !known.contains(caller));
        found.extend(more.map(|(kind, name)| {
            format!(
                "the {kind} `{name}` may assume the targets' roles as far as those trust it, and could not"
            )
        }));
    }
    let known = attached(unit, &before_tree, before);
    let more = attached(unit, &after_tree, after).into_iter().filter(|policy| !known.contains(policy));
    let whom = if *unit == UnitName::Source { "a caller" } else { "the role" };
    found.extend(more.map(|policy| format!("`{policy}` is attached to {whom}, and was not")));
    found
}

fn opened_by_role(before: (&Block, &str), after: (&Block, &str)) -> Vec<String> {
    let value = |(role, text): (&Block, &str), name: &str| {
        role.body.attribute(name).map(|attribute| text[attribute.expression.clone()].to_owned())
    };
    let seconds =
        |side| value(side, "max_session_duration").map_or(Some(3600), |text| text.parse::<u64>().ok());
    let mut found = Vec::new();
    match (seconds(before), seconds(after)) {
        (before, after) if before == after => {}
        (Some(before), Some(after)) if after < before => {}
        (_, Some(after)) => {
            found.push(format!("a session of the role may last {after} seconds, and could not"));
        }
        (_, None) => found.push("`max_session_duration` is no longer a literal number".to_owned()),
    }
    let (had, has) = (value(before, "permissions_boundary"), value(after, "permissions_boundary"));
    if had.is_some() && has != had {
        found.push("the role no longer has the permissions boundary that it had".to_owned());
    }
    let (was, is) = (value(before, "assume_role_policy"), value(after, "assume_role_policy"));
    if was != is {
        found.push("who may assume the role is said in another place now".to_owned());
    }
    found
}

fn resources<'t>(tree: &'t Body, kind: &'t str) -> impl Iterator<Item = &'t Block> {
    tree.blocks().filter(move |block| {
        block.keyword == "resource" && block.labels.first().is_some_and(|label| label == kind)
    })
}

/// Policies that are attached or written in place, by the literal texts of their blocks.
fn attached(unit: &UnitName, tree: &Body, text: &str) -> BTreeSet<String> {
    let kinds = ["aws_iam_role_policy_attachment", "aws_iam_role_policy", "aws_iam_role_policies_exclusive"];
    let blocks = kinds.iter().flat_map(|kind| resources(tree, kind));
    let names = ["for_each", "policy_arn", "name", "policy_names"];
    let texts = blocks.flat_map(|block| names.map(|name| (name, literals_of(block, name, text))));
    // In A, the policies are attached for each caller.
    let is_caller =
        |name: &str, text: &str| *unit == UnitName::Source && name == "for_each" && !text.starts_with("arn:");
    let policies = texts.flat_map(|(name, texts)| texts.into_iter().map(move |text| (name, text)));
    policies.filter(|(name, text)| !is_caller(name, text)).map(|(_, text)| text).collect()
}

/// The callers that the policies of A are attached to: what each is, and its name.
fn callers(tree: &Body, text: &str) -> BTreeSet<(&'static str, String)> {
    let kinds = [
        ("aws_iam_role_policy_attachment", "role"),
        ("aws_iam_user_policy_attachment", "user"),
        ("aws_iam_group_policy_attachment", "group"),
    ];
    let mut callers = BTreeSet::new();
    for (resource, kind) in kinds {
        for block in resources(tree, resource) {
            let names = ["for_each", kind].into_iter().flat_map(|name| literals_of(block, name, text));
            callers.extend(names.filter(|name| is_name(name)).map(|name| (kind, name)));
        }
    }
    callers
}

/// Whether a text can be a user's or a role's name; what joins two of them cannot.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c))
}

/// The texts in double quotes in an argument.
fn literals_of(block: &Block, name: &str, text: &str) -> Vec<String> {
    block
        .body
        .attribute(name)
        .map_or_else(Vec::new, |attribute| literals(&text[attribute.expression.clone()]))
}

/// The texts in double quotes of an expression; a template as it is written.
fn literals(expression: &str) -> Vec<String> {
    let mut open = Vec::new();
    let mut found = Vec::new();
    for token in hcl::scan(expression).unwrap_or_default() {
        match token.kind {
            TokenKind::OpenQuote => open.push(token.span().start),
            TokenKind::CloseQuote => found.extend(open.pop().map(|start| {
                let literal = &expression[start..token.span().end];
                string::unquote(literal).unwrap_or_else(|_| literal[1..literal.len() - 1].to_owned())
            })),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::literals;

    #[test]
    fn texts_are_read_as_terraform_reads_them() {
        assert_eq!(literals("[\"a\", /* \"b\" */ \"c\\u0064\", \"e\\\"f\"] # \"g"), ["a", "cd", "e\"f"]);
        assert_eq!(literals("\"x-${lookup(m, \"y\")}\""), ["y", "x-${lookup(m, \"y\")}"]);
        assert!(literals("\"never closed").is_empty());
    }
}
