//! `crossrole lint`: every rule by example, published mistakes, waivers, formats, hostile input, and
//! the pages that follow from the rules.

mod able;
mod alike;
mod carried;
mod carriers;
mod command;
mod compared;
mod compared_set;
mod evaluated;
mod form;
mod goldens;
mod hostile;
mod judged;
mod labelled;
mod pages;
mod providers;
mod published;
mod refused;
mod sarif;
mod tools;
mod trust;
mod waivers;

use std::path::Path;

use serde_json::Value;

use crate::support::{Ran, crossrole, run};

/// Runs `lint` in a folder.
#[track_caller]
fn lint(folder: &Path, arguments: &[&str]) -> Ran {
    run(crossrole().current_dir(folder).arg("lint").args(arguments))
}

/// The findings of a file or folder: id and the text that each points at.
#[track_caller]
fn findings(folder: &Path, path: &str) -> Vec<Value> {
    let ran = lint(folder, &[path, "--format", "json"]);
    assert!(matches!(ran.code, Some(0 | 2)), "{path}: {ran:?}");
    ran.json()["findings"].as_array().expect("a list").clone()
}

/// The ids of findings, in order, each once.
fn ids(findings: &[Value]) -> Vec<String> {
    let mut ids: Vec<String> = findings
        .iter()
        .map(|found| found["id"].as_str().expect("every finding has an id").to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    ids
}
