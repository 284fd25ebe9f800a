//! The files of a folder and of the folders in it, as `lint` and `import` look at them.
//!
//! Hidden names are left out, for they hold Terraform's own copies; links to files are followed within
//! the folder, as terraform does. Refuses to walk without an end.

use std::fs;
use std::path::Path;

use super::links::Links;
use crate::diagnostic::words::system;
use crate::diagnostic::{Diagnostic, Error, Kind};

/// Folders in folders that are looked into.
const DEEPEST: usize = 64;
/// Names that are looked at.
const MOST_NAMES: usize = 200_000;

/// What was found in a folder.
#[derive(Debug, Default)]
pub struct Tree {
    /// The ways to the files that are wanted, with slashes.
    pub files: Vec<String>,
    /// What is worth saying about links that were not followed.
    pub warnings: Vec<Diagnostic>,
    /// The paths of these links.
    pub left_out: Vec<String>,
}

/// Every file whose name is wanted, in the order of names.
///
/// # Errors
/// A folder that cannot be read, one that is too deep, or too many names.
pub fn walk(root: &Path, is_wanted: &dyn Fn(&str) -> bool) -> Result<Tree, Error> {
    let mut links = Links::within(root);
    let mut tree = Tree::default();
    let mut waiting = vec![(root.to_owned(), String::new(), 0)];
    let mut names = 0;
    while let Some((folder, prefix, depth)) = waiting.pop() {
        let failed = |error| unreadable(&folder, &error);
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            names += 1;
            if names > MOST_NAMES || depth > DEEPEST {
                return Err(endless(root));
            }
            if name.starts_with('.') {
                continue;
            }
            let path = format!("{prefix}{name}");
            if kind.is_dir() {
                waiting.push((entry.path(), format!("{path}/"), depth + 1));
            } else if is_wanted(&name) && links.is_file(&entry.path(), kind) {
                tree.files.push(path);
            }
        }
    }
    tree.files.sort();
    tree.warnings = links.warnings;
    tree.left_out = links.left_out;
    tree.warnings.sort_by(|left, right| left.message.cmp(&right.message));
    Ok(tree)
}

fn unreadable(folder: &Path, error: &std::io::Error) -> Error {
    let message = format!("cannot read the folder `{}`: {}", folder.display(), system(error));
    Error::one(Kind::Io, message, "")
}

fn endless(root: &Path) -> Error {
    let message = format!(
        "`{}` holds more than {MOST_NAMES} names, or folders that are more than {DEEPEST} deep",
        root.display()
    );
    Error::one(Kind::Input, message, "name a folder with less in it")
}
