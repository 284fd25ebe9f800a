//! A report on a folder with Terraform.

use std::path::Path;

use crate::cli::terraform_files::TerraformFiles;
use crate::cli::today::today;
use crate::cli::variables::VariableArgs;
use crate::diagnostic::Error;
use crate::lint;
use crate::report::facts::{self, Facts, Subject};
use crate::ui::Ui;

/// What there is to say about a folder.
pub(super) fn facts(ui: &Ui, variables: &VariableArgs, folder: &Path) -> Result<Facts, Error> {
    let given = variables.read()?;
    let read = TerraformFiles::read(ui, folder)?;
    let found = read.grants(&given);
    let lookup = |name: &str| read.lookup(name);
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
