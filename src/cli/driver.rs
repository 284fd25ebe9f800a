//! `crossrole merge --install`: git's merge driver in the repository around a folder.
//!
//! Two things make one: a setting of this clone that says what is run, and lines of a `.gitattributes`
//! that say for which files. Everything else in either stays as it is.

use std::fs;
use std::path::Path;

use super::Done;
use super::replace::replace;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Error, Kind};
use crate::git::Repository;
use crate::input::{self, Limit};
use crate::ui::Ui;

/// The settings of a clone.
const SETTINGS: [(&str, &str); 2] = [
    ("merge.crossrole.name", "by block, statement and key"),
    ("merge.crossrole.driver", "crossrole merge --path=%P --output=%A %O %A %B"),
];
/// The files that are merged so, from the folder on.
const PATTERNS: [&str; 7] =
    ["*.tf", "*.tofu", "*.tfvars", "*.json", "CROSSROLE.md", ".crossrole/**", "source/**"];
const ATTRIBUTES: &str = ".gitattributes";

/// Sets the driver up; a second time changes nothing.
pub(super) fn install(ui: &Ui, folder: &Path) -> Result<Done, Error> {
    let repository = around(folder)?;
    let known = attributes(folder)?;
    let missing: Vec<String> =
        lines().filter(|line| !known.lines().any(|known| known.trim() == line)).collect();
    for (name, value) in SETTINGS {
        repository.set(name, value)?;
    }
    if missing.is_empty() {
        ui.say("the merge driver is set up, and was before");
        return Ok(Done::Clean);
    }
    let gap = if known.is_empty() || known.ends_with('\n') { "" } else { "\n" };
    write(folder, &format!("{known}{gap}{}\n", missing.join("\n")))?;
    let lines = Count(missing.len(), "line");
    ui.say(&format!(
        "the merge driver is set up: a setting of this clone, and {lines} of `{ATTRIBUTES}` to commit"
    ));
    Ok(Done::Clean)
}

/// Takes back what [`install`] did.
pub(super) fn uninstall(ui: &Ui, folder: &Path) -> Result<Done, Error> {
    let repository = around(folder)?;
    let known = attributes(folder)?;
    for (name, _) in SETTINGS {
        repository.unset(name)?;
    }
    let ours: Vec<String> = lines().collect();
    let is_ours = |line: &&str| ours.iter().any(|ours| ours == line.trim());
    let kept: String = known.split_inclusive('\n').filter(|line| !is_ours(line)).collect();
    if kept != known {
        write(folder, &kept)?;
    }
    ui.say("the merge driver is not set up any more");
    Ok(Done::Clean)
}

fn lines() -> impl Iterator<Item = String> {
    PATTERNS.iter().map(|pattern| format!("{pattern} merge=crossrole"))
}

fn around(folder: &Path) -> Result<Repository, Error> {
    Repository::around(folder).ok_or_else(|| {
        let message = "this folder is not in a git repository of yours";
        Error::one(Kind::Input, message, "run this in a clone, or `git init` first")
    })
}

/// The attributes that are there. A link is not followed, by git neither: a commit can make it lead anywhere.
fn attributes(folder: &Path) -> Result<String, Error> {
    let path = folder.join(ATTRIBUTES);
    match fs::symlink_metadata(&path) {
        Err(_) => Ok(String::new()),
        Ok(found) if found.is_file() => input::named(&path, Limit::Small)
            .map(input::lossless)
            .map_err(|why| Error::one(Kind::Io, format!("cannot read `{ATTRIBUTES}`: {why}"), "")),
        Ok(_) => {
            let message = format!("`{ATTRIBUTES}` is not a regular file");
            Err(Error::one(Kind::Input, message, "replace it by one"))
        }
    }
}

/// Writes the attributes; where none are left, there is no file.
fn write(folder: &Path, text: &str) -> Result<(), Error> {
    let path = folder.join(ATTRIBUTES);
    let done = if text.is_empty() { fs::remove_file(&path) } else { replace(&path, &input::bytes(text)) };
    done.map_err(|error| Error::io(format!("write `{ATTRIBUTES}`"), &error))
}
