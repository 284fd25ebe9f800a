//! Files of people's own in generated folders: Terraform takes them for as much a part of a root as what is
//! generated.

use std::collections::BTreeSet;

use crate::diagnostic::Error;
use crate::output::RelPath;
use crate::reconcile::{Disk, FolderView as _};
use crate::store::Reader;
use crate::terraform::{is_code, is_read};

/// The folders that hold Terraform among these paths.
pub(super) fn code_folders<'p>(paths: impl Iterator<Item = &'p str>) -> BTreeSet<&'p str> {
    let code = paths.filter(|path| is_code(path));
    code.map(folder_of).collect()
}

/// The folder that a path lies right in.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The files right in a folder that Terraform reads and that are not known.
///
/// # Errors
/// When the folder cannot be listed.
pub(super) fn foreign_code(
    reader: &mut Reader<'_>,
    folder: &str,
    is_known: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>, Error> {
    let names = reader.entries(folder)?.into_iter().filter(|name| is_read(name));
    let paths = names.map(|name| if folder.is_empty() { name } else { [folder, &name].join("/") });
    Ok(paths.filter(|path| !is_known(path)).collect())
}

/// The text of somebody's own file, or why there is none. A link is not followed, and ends nothing.
pub(super) fn read(reader: &mut Reader<'_>, path: &str) -> Result<String, String> {
    let Some(path) = RelPath::new(path) else { return Err("its name is not portable".to_owned()) };
    match reader.read(&path) {
        Ok(Disk::Text(text)) => Ok(text),
        Ok(Disk::Absent) => Err("it cannot be found by its name".to_owned()),
        Ok(Disk::Bytes) => Err("it is not text, or too large".to_owned()),
        Err(_) => Err("it is not a regular file in this folder".to_owned()),
    }
}
