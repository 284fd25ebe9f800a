//! The table of what the newest provider takes, beside what the provider that is here says of itself: that has flags for what
//! is deprecated, which packages of bindings have only in part.

use serde_json::Value;

use super::tools::Terraform;
use crate::provider::{Block, Table};
use crate::support::Case;

/// A root that has the provider.
const ROOT: &str = r#"terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
"#;

#[test]
fn what_was_deprecated_still_is_in_the_table() {
    let Some(terraform) = Terraform::find() else { return };
    let case = Case::new("");
    case.write("main.tf", ROOT);
    terraform.run(case.root(), &[], &["init"]).exits(0);
    let schema = terraform.run(case.root(), &[], &["providers", "schema", "-json"]).exits(0).json();
    let schema = &schema["provider_schemas"]["registry.terraform.io/hashicorp/aws"];
    let table = Table::committed();
    let (mut compared, mut deprecated) = (0, 0);
    let mut complaints = Vec::new();
    for (name, block) in table.blocks() {
        let Some(here) = block_here(schema, name) else { continue };
        compared += block.len();
        let gone = deprecated_here(here);
        deprecated += gone.len();
        complaints.extend(
            gone.into_iter().filter(|field| is_in_use(block, field)).map(|field| format!("{name}: {field}")),
        );
    }
    assert!(compared >= 400 && deprecated >= 20, "{compared} fields, {deprecated} of them deprecated");
    assert!(
        complaints.is_empty(),
        "deprecated here, and not marked in the table:\n{}",
        complaints.join("\n")
    );
}

fn is_in_use(block: &Block, field: &str) -> bool {
    block.get(field).is_some_and(|known| !known.deprecated)
}

/// A block of the table in Terraform's schema.
fn block_here<'s>(schema: &'s Value, name: &str) -> Option<&'s Value> {
    let (kind, path) = name.split_once(' ')?;
    let mut path = path.split('.');
    let first = path.next()?;
    let top = match kind {
        "provider" => &schema["provider"],
        "data" => &schema["data_source_schemas"][first],
        _ => &schema["resource_schemas"][first],
    };
    path.try_fold(&top["block"], |block, inner| block["block_types"].get(inner).map(|inner| &inner["block"]))
        .filter(|block| block.is_object())
}

/// The arguments and blocks of a block that are deprecated.
fn deprecated_here(block: &Value) -> Vec<&str> {
    let fields = |of: &'static str| block[of].as_object().into_iter().flatten();
    let arguments = fields("attributes").filter(|(_, field)| field["deprecated"] == true);
    let blocks = fields("block_types").filter(|(_, field)| field["block"]["deprecated"] == true);
    arguments.chain(blocks).map(|(name, _)| name.as_str()).collect()
}
