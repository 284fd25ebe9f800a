//! The steps that runs over a folder share, each told in a line to whoever wants details.

use std::path::Path;

use super::options::SpecArgs;
use crate::diagnostic::Error;
use crate::diagnostic::words::Count;
use crate::session::{Inputs, Plan};
use crate::ui::Ui;

/// Reads the spec and compiles the templates.
pub(super) fn load(ui: &Ui, spec: &SpecArgs) -> Result<Inputs, Error> {
    ui.detail(&format!("reading the spec `{}` and the files it names", spec.spec.display()));
    let inputs = spec.load()?;
    templates(ui, &inputs);
    Ok(inputs)
}

/// Says which templates are used.
pub(super) fn templates(ui: &Ui, inputs: &Inputs) {
    let pack = inputs.pack_id();
    let origin = if inputs.is_built_in { ", built in" } else { "" };
    ui.detail(&format!("using the templates {} version {}{origin}", pack.id, pack.version));
}

/// Says that a folder is about to be compared.
pub(super) fn comparing(ui: &Ui, inputs: &Inputs, out: &Path) {
    let targets = Count(inputs.fleet.targets.len(), "target");
    ui.detail(&format!("comparing `{}` with what {targets} should have", out.display()));
}

/// Says that a plan is about to be carried out.
pub(super) fn writing(ui: &Ui, plan: &Plan, out: &Path) {
    let files = plan.changes().filter(|change| change.is_write()).count();
    ui.detail(&format!("writing {} and the record in `{}`", Count(files, "file"), out.display()));
}
