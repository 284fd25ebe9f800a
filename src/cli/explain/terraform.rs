//! Every role of a folder with Terraform.

use std::path::Path;

use super::{Done, ExplainArgs};
use crate::cli::options::Format;
use crate::cli::terraform_files::TerraformFiles;
use crate::diagnostic::Error;
use crate::ui::{self, Ui};

pub(super) fn run(ui: &Ui, args: &ExplainArgs, folder: &Path) -> Result<Done, Error> {
    let given = args.variables.read()?;
    let read = TerraformFiles::read(ui, folder)?;
    let found = read.grants(&given);
    let (roles, gaps) = (found.roles(), found.gaps());
    ui.print(&match args.format {
        Format::Text => ui::roles_text(&roles, &gaps),
        Format::Json => format!("{:#}\n", ui::roles_json(&roles, &gaps)),
    })?;
    let is_known = gaps.is_empty() && roles.iter().all(|role| role.unknown.is_empty());
    Ok(if is_known { Done::Clean } else { Done::Differs })
}
