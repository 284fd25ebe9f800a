//! A report on a folder with Terraform.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::cli::terraform_files::TerraformFiles;
use crate::cli::today::today;
use crate::cli::variables::VariableArgs;
use crate::diagnostic::Error;
use crate::grants::{self, Files};
use crate::lint;
use crate::report::facts::{self, Facts, Subject};
use crate::terraform::{self, Parsed};
use crate::ui::Ui;

/// What there is to say about a folder.
pub(super) fn facts(ui: &Ui, variables: &VariableArgs, folder: &Path) -> Result<Facts, Error> {
    let given = variables.read()?;
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
    let tree = lint::Tree { files: &read.texts, lookup: &lookup, unreadable: &read.unreadable, named: None };
    let linted = lint::terraform(tree, today());
    let (groups, not_known) = facts::terraform(&found.roles(), &found.gaps());
    let subject = Subject::Terraform { folder: folder.display().to_string() };
    let facts = Facts {
        roles: groups.into_list(),
        findings: facts::findings(linted.findings.iter().map(|finding| &finding.diagnostic)),
        not_known,
        ..Facts::new(subject, today().to_string())
    };
    Ok(facts.judged())
}
