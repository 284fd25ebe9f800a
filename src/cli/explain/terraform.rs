//! Every role of a folder with Terraform.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Done, ExplainArgs};
use crate::cli::options::Format;
use crate::cli::terraform_files::TerraformFiles;
use crate::diagnostic::Error;
use crate::grants::{self, Files};
use crate::terraform::{self, Parsed};
use crate::ui::{self, Ui};

pub(super) fn run(ui: &Ui, args: &ExplainArgs, folder: &Path) -> Result<Done, Error> {
    let given = args.variables.read()?;
    let read = TerraformFiles::read(ui, folder)?;
    let folder_of = |path: &String| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let folders: BTreeSet<String> = read.texts.keys().map(folder_of).collect();
    let left_out = read.left_out.iter().map(|link| (link.clone(), "this link was not followed".to_owned()));
    let unread: BTreeMap<String, String> = read.unreadable.iter().cloned().chain(left_out).collect();
    let unread = unread.into_iter().filter(|(name, _)| terraform::is_read(name)).collect();
    let lookup = |name: &str| read.lookup(name);
    let files =
        Files { texts: &read.texts, unread: &unread, lookup: &lookup, folders: &folders, given: &given };
    let found = grants::read(&files, &mut Parsed::default());
    let (roles, gaps) = (found.roles(), found.gaps());
    ui.print(&match args.format {
        Format::Text => ui::roles_text(&roles, &gaps),
        Format::Json => format!("{:#}\n", ui::roles_json(&roles, &gaps)),
    })?;
    let is_known = gaps.is_empty() && roles.iter().all(|role| role.unknown.is_empty());
    Ok(if is_known { Done::Clean } else { Done::Differs })
}
