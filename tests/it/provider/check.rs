//! What is wrong with a file of Terraform under a table of what the provider takes.
//!
//! Values are not looked at, but for what they read from resources and data sources.

use std::collections::BTreeSet;

use hcl_edit::expr::{Traversal, TraversalOperator};
use hcl_edit::structure::{Block as Written, Body};
use hcl_edit::visit::{Visit, visit_traversal};

use super::table::{Block, Kind, Table};

/// What Terraform itself takes, whatever the type.
const OF_TERRAFORM: &[(&str, &[&str])] = &[
    ("data", &["count", "for_each", "depends_on", "provider", "lifecycle"]),
    ("provider", &["alias", "for_each"]),
    ("resource", &["count", "for_each", "depends_on", "provider", "lifecycle", "provisioner", "connection"]),
];

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) complaints: BTreeSet<String>,
    /// The blocks that were looked at, such as `resource aws_iam_role`.
    pub(super) seen: BTreeSet<String>,
    /// How many times something is read from one of them.
    pub(super) reads: usize,
}

/// Looks at a file.
pub(super) fn look(table: &Table, text: &str, found: &mut Found) {
    let body: Body = text.parse().expect("Terraform");
    for block in body.blocks() {
        let kind = block.ident.as_str();
        let Some((_, of_terraform)) = OF_TERRAFORM.iter().find(|(known, _)| *known == kind) else { continue };
        let name = format!("{kind} {}", block.labels.first().map_or("", |label| label.as_str()));
        look_at(table, &name, of_terraform, &block.body, found);
        found.seen.insert(name);
    }
    Reads { table, found }.visit_body(&body);
}

fn look_at(table: &Table, name: &str, of_terraform: &[&str], body: &Body, found: &mut Found) {
    let Some(known) = table.block(name) else {
        found.complaints.insert(format!("`{name}` is not in the table"));
        return;
    };
    let arguments = body.attributes().map(|attribute| (attribute.key.as_str(), None));
    let blocks = body.blocks().map(|block| (written_name(block), Some(written_body(block))));
    let written: Vec<_> = arguments.chain(blocks).filter(|(name, _)| !of_terraform.contains(name)).collect();
    for (field, inner) in &written {
        found.complaints.extend(wrong(known, name, field, inner.is_some()));
        let is_block = known.get(*field).is_some_and(|known| known.kind == Kind::Block);
        if let (Some(inner), true) = (inner, is_block) {
            look_at(table, &format!("{name}.{field}"), &[], inner, found);
        }
    }
    let missing = known
        .iter()
        .filter(|(field, known)| known.required && !written.iter().any(|(written, _)| written == field));
    found.complaints.extend(missing.map(|(field, _)| format!("`{name}` lacks `{field}`")));
}

/// What is wrong with one argument or block.
fn wrong(known: &Block, block: &str, field: &str, is_block: bool) -> Option<String> {
    let Some(known) = known.get(field) else { return Some(format!("`{block}` has no `{field}`")) };
    let problem = match known.kind {
        _ if known.deprecated => "is deprecated",
        Kind::Attribute => "cannot be set",
        Kind::Block if !is_block => "is a block",
        Kind::Argument if is_block => "is not a block",
        Kind::Block | Kind::Argument => return None,
    };
    Some(format!("`{field}` of `{block}` {problem}"))
}

/// The name of a block, or of those that a `dynamic` one stands for.
fn written_name(block: &Written) -> &str {
    match (block.ident.as_str(), block.labels.first()) {
        ("dynamic", Some(label)) => label.as_str(),
        (name, _) => name,
    }
}

fn written_body(block: &Written) -> &Body {
    let content = block.body.get_blocks("content").next();
    content.filter(|_| block.ident.as_str() == "dynamic").map_or(&block.body, |content| &content.body)
}

/// Finds what is read from resources and data sources.
struct Reads<'a> {
    table: &'a Table,
    found: &'a mut Found,
}

impl Visit for Reads<'_> {
    fn visit_traversal(&mut self, traversal: &Traversal) {
        let names: Vec<&str> = traversal.operators.iter().filter_map(|operator| name_of(operator)).collect();
        let read = match (traversal.expr.as_variable().map(|variable| variable.as_str()), &names[..]) {
            (Some("data"), [name, _, field, ..]) => Some((format!("data {name}"), *field)),
            (Some(name), [_, field, ..]) if name.starts_with("aws_") => {
                Some((format!("resource {name}"), *field))
            }
            _ => None,
        };
        if let Some((name, field)) = read {
            self.found.reads += 1;
            self.found.complaints.extend(misread(self.table, &name, field));
        }
        visit_traversal(self, traversal);
    }
}

fn name_of(operator: &TraversalOperator) -> Option<&str> {
    match operator {
        TraversalOperator::GetAttr(name) => Some(name.as_str()),
        _ => None,
    }
}

/// What is wrong with reading a field.
fn misread(table: &Table, name: &str, field: &str) -> Option<String> {
    match table.block(name).and_then(|block| block.get(field)) {
        None => Some(format!("`{field}` cannot be read from `{name}`")),
        Some(known) if known.deprecated => Some(format!("`{field}`, read from `{name}`, is deprecated")),
        Some(_) => None,
    }
}

#[test]
fn what_is_wrong_is_found() {
    for (text, wanted) in [
        (r#"resource "aws_iam_role" "r" { assume_role_policy = "" }"#, &[][..]),
        (r#"resource "aws_iam_role" "r" {}"#, &["`resource aws_iam_role` lacks `assume_role_policy`"]),
        (
            "resource \"aws_iam_role\" \"r\" {\n  assume_role_policy = \"\"\n  managed_policy_arns = []\n  \
             inline_policy {\n    nam = 1\n  }\n}",
            &[
                "`inline_policy` of `resource aws_iam_role` is deprecated",
                "`managed_policy_arns` of `resource aws_iam_role` is deprecated",
                "`resource aws_iam_role.inline_policy` has no `nam`",
            ],
        ),
        (
            "resource \"aws_iam_policy\" \"p\" {\n  policy = aws_iam_policy.q.arms\n  arn = data.aws_caller_identity.c.arn\n  \
             plicy = \"${data.aws_iam_policy_document.d[0].source_json}\"\n}",
            &[
                "`arms` cannot be read from `resource aws_iam_policy`",
                "`arn` of `resource aws_iam_policy` cannot be set",
                "`resource aws_iam_policy` has no `plicy`",
                "`source_json`, read from `data aws_iam_policy_document`, is deprecated",
            ],
        ),
        (
            "provider \"aws\" {\n  alias = \"b\"\n  assume_role = {}\n  region {\n  }\n  default_tags {\n    tag = {}\n  }\n}",
            &[
                "`assume_role` of `provider aws` is a block",
                "`provider aws.default_tags` has no `tag`",
                "`region` of `provider aws` is not a block",
            ],
        ),
        (
            "resource \"aws_s3_bucket_server_side_encryption_configuration\" \"b\" {\n  bucket = 1\n  dynamic \"rule\" {\n    \
             for_each = []\n    content {\n      apply_server_side_encryption_by_default {\n      }\n    }\n  }\n}",
            &[
                "`resource aws_s3_bucket_server_side_encryption_configuration.rule.apply_server_side_encryption_by_default` lacks \
               `sse_algorithm`",
            ],
        ),
        (
            "resource \"aws_iam_rule\" \"r\" {\n}\nlocals {\n  one = aws_iam_role.r\n}",
            &["`resource aws_iam_rule` is not in the table"],
        ),
    ] {
        let mut found = Found::default();
        look(&Table::committed(), text, &mut found);
        assert_eq!(found.complaints.iter().collect::<Vec<_>>(), wanted, "{text}");
    }
}
