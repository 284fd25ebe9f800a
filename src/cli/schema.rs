//! `crossrole schema`.

use super::Done;
use crate::diagnostic::Error;
use crate::spec;
use crate::ui::Ui;

/// Print the JSON Schema of the spec
///
/// Editors with YAML support complete and check a spec whose first line is
/// `# yaml-language-server: $schema=./crossrole.schema.json`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  crossrole schema > crossrole.schema.json")]
pub(super) struct SchemaArgs {}

pub(super) fn run(ui: &Ui, SchemaArgs {}: &SchemaArgs) -> Result<Done, Error> {
    ui.print(&format!("{:#}\n", spec::json_schema()))?;
    Ok(Done::Clean)
}
