//! Terraform that assumes roles already: providers, role resources and trust policies become a spec.
//!
//! Responsible for saying what of a folder, as `terraform` reads it, has a place in a spec, and for noting
//! what could not be carried over. Refuses to guess what only a run would show.

mod assemble;
mod blocks;
mod found;
mod modules;
mod trust;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Imported;
use crate::diagnostic::{Diagnostic, Error, Kind, Source};
use crate::terraform::{self, Input};
use blocks::Reading;
use found::Root;

/// Texts by their path from the folder that is imported.
pub type Files = BTreeMap<String, Arc<Source>>;

/// A spec from the files of a folder that Terraform reads; `lookup` finds any other below it.
///
/// # Errors
/// Files that are no Terraform, or in which nobody assumes a role.
pub fn import(files: &Files, lookup: &dyn Fn(&str) -> Option<Arc<Source>>) -> Result<Imported, Error> {
    let own = files.iter().filter(|(path, _)| terraform::is_read(path));
    let own: Files = own.map(|(path, source)| (path.clone(), Arc::clone(source))).collect();
    let lookup = |path: &str| files.get(path).cloned().or_else(|| lookup(path));
    let read = terraform::read(Input { files: &own, lookup: &lookup, given: &[] });
    if !read.problems.is_empty() {
        let shown = |problem: &terraform::Problem| {
            let diagnostic = Diagnostic::error(problem.message.clone()).help(problem.help.clone());
            diagnostic.at(&problem.source, problem.at)
        };
        return Err(Error::new(Kind::Input, read.problems.iter().map(shown).collect()));
    }
    let roots: Vec<Root<'_>> =
        read.modules().into_iter().map(|module| Root { module, sources: &read.sources }).collect();
    let (mut providers, mut roles, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for root in &roots {
        let mut reading = Reading { folder: &root.module.folder, notes: &mut notes };
        providers.extend(root.blocks("provider", "aws").map(|found| reading.provider(found)));
        roles.extend(root.blocks("resource", "aws_iam_role").filter_map(|found| reading.role(found)));
        for kind in ["aws_iam_role_policy_attachment", "aws_iam_role_policy"] {
            root.blocks("resource", kind).for_each(|found| reading.attach(found, &mut roles));
        }
        for found in root.blocks("module", "") {
            modules::note_call(&mut reading, *root, found);
        }
        for found in root.blocks("terraform", "") {
            for inner in found.named("backend").chain(found.named("cloud")) {
                reading.note(inner, inner.at(), "not carried over: states stay where they are; `terraform.backend` says where new roots keep theirs");
            }
        }
    }
    let draft = assemble::draft(&providers, &roles, &mut notes);
    notes.sort_by_key(|note| note.place.as_ref().map(|place| (place.source.name.clone(), place.span)));
    match draft {
        Ok(draft) => Ok(Imported { draft, notes }),
        // What was left out may be just what was meant.
        Err(Error { kind, diagnostics }) => {
            Err(Error::new(kind, notes.into_iter().chain(diagnostics).collect()))
        }
    }
}
