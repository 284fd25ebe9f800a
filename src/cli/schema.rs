//! `crossrole schema`.

use super::Done;
use crate::diagnostic::Error;
use crate::evidence;
use crate::spec;
use crate::ui::Ui;

/// Print the JSON Schema of the spec, or of the evidence file
///
/// Editors with YAML support complete and check a spec whose first line is
/// `# yaml-language-server: $schema=./crossrole.schema.json`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  crossrole schema > crossrole.schema.json")]
pub(super) struct SchemaArgs {
    /// Print the schema of the evidence that `verify` leaves instead
    #[arg(long)]
    evidence: bool,
}

pub(super) fn run(ui: &Ui, args: &SchemaArgs) -> Result<Done, Error> {
    let schema = if args.evidence { evidence::json_schema() } else { spec::json_schema() };
    ui.print(&format!("{schema:#}\n"))?;
    Ok(Done::Clean)
}
