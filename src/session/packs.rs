//! Reading the files of template packs.
//!
//! Responsible for which files of a folder are a pack's, and for how many there may be. Refuses links, and to read what
//! a spec names outside its own folder.

use std::fs;
use std::path::Path;

use crate::diagnostic::words::system;
use crate::diagnostic::{Error, Kind};
use crate::input::{self, Limit, Root, Way};
use crate::pack::PackFiles;

/// Files of a pack; the built-in one has some forty.
const MOST_TEMPLATES: usize = 2000;

/// The files of a pack that a person named.
///
/// # Errors
/// When it cannot be read, or is not a pack in its form or size.
pub fn read_pack(folder: &Path) -> Result<PackFiles, Error> {
    let root = Root::open(folder).map_err(|error| no_pack(folder, &system(&error)))?;
    pack_files(&root)
}

/// The files of a pack that a spec names, which lies below the spec's folder.
pub(super) fn read_pack_below(folder: &Path, templates: &Path) -> Result<PackFiles, Error> {
    let root = Root::open(folder).map_err(|error| system(&error)).and_then(|root| root.folder(templates));
    pack_files(&root.map_err(|why| no_pack(&folder.join(templates), &why))?)
}

fn no_pack(folder: &Path, why: &str) -> Error {
    let message = format!("cannot read the template pack `{}`: {why}", folder.display());
    let help = "`crossrole templates eject DIR` writes the built-in pack to start from; `--templates DIR` takes a pack from anywhere";
    Error::one(Kind::Io, message, help)
}

/// The files of a pack, its hidden ones and those of its hidden folders aside. All of them are its own:
/// none is a link.
fn pack_files(root: &Root) -> Result<PackFiles, Error> {
    let mut files = PackFiles::new();
    let mut waiting = vec![String::new()];
    while let Some(prefix) = waiting.pop() {
        let folder = root.path().join(&prefix);
        let failed = |error: std::io::Error| no_pack(&folder, &system(&error));
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let path = format!("{prefix}{name}");
            if entry.file_type().map_err(failed)?.is_dir() {
                waiting.push(format!("{path}/"));
                continue;
            }
            let text = root.read(Path::new(&path), Way::Plain, Limit::Small).and_then(input::plain_text);
            let text = text.map_err(|why| {
                Error::one(Kind::Input, format!("cannot read `{}`: {why}", entry.path().display()), "")
            })?;
            files.insert(path, text);
            if files.len() > MOST_TEMPLATES {
                return Err(no_pack(root.path(), &format!("it has more than {MOST_TEMPLATES} files")));
            }
        }
    }
    Ok(files)
}
