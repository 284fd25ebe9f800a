//! Terraform that assumes roles already: providers, role resources and trust policies become a spec.
//!
//! Responsible for reading the files of a folder as far as texts tell what they mean, and for noting
//! what could not be carried over. Evaluates literals, locals, defaults of variables, plain functions
//! and policy documents; refuses to guess anything else, to follow modules and to unfold `dynamic`.

mod assemble;
mod blocks;
mod expression;
mod format;
mod modules;
mod scope;
mod trust;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Imported;
use crate::diagnostic::{Diagnostic, Error, Kind, Source, Span};
use crate::hcl::tree;
use blocks::Reading;
use scope::{File, Scope};

/// Texts by their path from the folder that is imported.
pub type Files = BTreeMap<String, Arc<Source>>;

/// A spec from the Terraform and JSON files of a folder.
///
/// # Errors
/// Files that are no Terraform, or in which nobody assumes a role.
pub fn import(files: &Files) -> Result<Imported, Error> {
    let folders = read(files)?;
    let scopes: Vec<Scope<'_>> = folders
        .iter()
        .map(|(folder, parsed)| Scope {
            folder: folder.clone(),
            files: parsed,
            texts: texts(files, folder),
            left: Cell::new(scope::MOST_REFERENCES),
        })
        .collect();
    let (mut providers, mut roles, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for scope in &scopes {
        let mut reading = Reading { scope, notes: &mut notes };
        providers.extend(scope.blocks("provider", "aws").map(|found| reading.provider(found)));
        roles.extend(scope.blocks("resource", "aws_iam_role").filter_map(|found| reading.role(found)));
        for kind in ["aws_iam_role_policy_attachment", "aws_iam_role_policy"] {
            scope.blocks("resource", kind).for_each(|found| reading.attach(found, &mut roles));
        }
        for found in scope.blocks("module", "") {
            modules::note_call(&mut reading, found, &scopes);
        }
        for found in scope.blocks("terraform", "") {
            for block in
                found.block.body.blocks().filter(|block| ["backend", "cloud"].contains(&&*block.keyword))
            {
                let inner = scope::Found { block, ..found };
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

/// Every folder with its Terraform files, or everything that is not Terraform.
fn read(files: &Files) -> Result<BTreeMap<String, Vec<File>>, Error> {
    let mut folders: BTreeMap<String, Vec<File>> = BTreeMap::new();
    let mut problems = Vec::new();
    for (path, source) in files.iter().filter(|(path, _)| has_ending(path, &["tf", "tfvars"])) {
        match tree::parse(&source.text) {
            Ok(body) => {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let file = File { source: Arc::clone(source), body };
                folders.entry(folder.to_owned()).or_default().push(file);
            }
            Err(error) => problems.push(Diagnostic::error(error.message).at(source, Span::new(error.span))),
        }
    }
    if problems.is_empty() { Ok(folders) } else { Err(Error::new(Kind::Input, problems)) }
}

fn texts(files: &Files, folder: &str) -> BTreeMap<String, Arc<Source>> {
    let below = |path: &str| match folder {
        "" => Some(path.to_owned()),
        folder => path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned),
    };
    files.iter().filter_map(|(path, source)| Some((below(path)?, Arc::clone(source)))).collect()
}

/// Whether a path has one of these endings.
fn has_ending(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
}
