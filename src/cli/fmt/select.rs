//! Which files are formatted: those that terraform would format, under the names it would print.
//!
//! Responsible for walking folders in a fixed order. Refuses to open a file.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, FileType};
use std::io;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use super::file::failed;
use crate::diagnostic::Diagnostic;
use crate::input::Links;

/// How the names of files end that are formatted.
const ENDINGS: [&str; 4] = [".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl"];

/// Something that was named, or found in a folder.
pub(super) enum Selected {
    File(Found),
    Problem(Diagnostic),
}

/// A file to format.
pub(super) struct Found {
    /// Its path, from the current folder if there is a way.
    pub(super) path: PathBuf,
}

/// The files that the paths stand for, folders in the order of names, the paths as they come; and a
/// warning for every link in a folder that leads out of it.
pub(super) fn select(paths: &[PathBuf], recursive: bool) -> (Vec<Selected>, Vec<Diagnostic>) {
    let mut walk = Walk { recursive, selected: Vec::new(), left_out: Vec::new() };
    let current = std::env::current_dir().ok();
    for path in paths {
        let path = current.as_deref().map_or_else(|| path.clone(), |current| from(current, path));
        walk.named(path);
    }
    (walk.selected, walk.left_out)
}

/// Leaves out what leads to a file that an earlier name leads to already, so that no file is
/// replaced by two threads.
pub(super) fn once_each(selected: Vec<Selected>) -> Vec<Selected> {
    let targets: Vec<Option<OsString>> = selected.par_iter().map(target).collect();
    let mut seen = BTreeSet::new();
    let mut is_first = |target| match target {
        Some(target) => seen.insert(target),
        None => true,
    };
    selected
        .into_iter()
        .zip(targets)
        .filter_map(|(selected, target)| is_first(target).then_some(selected))
        .collect()
}

/// Where a name leads; `None` where that is nowhere.
fn target(selected: &Selected) -> Option<OsString> {
    match selected {
        Selected::File(found) => fs::canonicalize(&found.path).ok().map(PathBuf::into_os_string),
        Selected::Problem(_) => None,
    }
}

struct Walk {
    recursive: bool,
    selected: Vec<Selected>,
    left_out: Vec<Diagnostic>,
}

impl Walk {
    /// A path from the command line: its name may be hidden, for it was meant.
    fn named(&mut self, path: PathBuf) {
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => {
                let mut links = Links::within(&path);
                self.folder(&path, &mut links);
                self.left_out.append(&mut links.warnings);
            }
            Ok(_) if !path.file_name().is_some_and(is_formatted) => self.problem(foreign(&path)),
            Ok(found) => self.file(path, found.file_type()),
            Err(error) => self.problem(failed("read", &path, &error)),
        }
    }

    fn folder(&mut self, folder: &Path, links: &mut Links) {
        let mut entries = match entries(folder) {
            Ok(entries) => entries,
            Err(error) => return self.problem(failed("list", folder, &error)),
        };
        entries.sort_by(|(left, _), (right, _)| left.cmp(right));
        for (name, kind) in entries {
            if is_ignored(&name) {
                continue;
            }
            let path = if folder == Path::new(".") { PathBuf::from(&name) } else { folder.join(&name) };
            if kind.is_dir() {
                if self.recursive {
                    self.folder(&path, links);
                }
            } else if is_formatted(&name) {
                self.found(path, kind, links);
            }
        }
    }

    /// A name in a folder. A link to a folder is not followed, but it has the name of a file; a link to
    /// a file elsewhere is left out, for whoever named the folder may not have meant that file.
    fn found(&mut self, path: PathBuf, kind: FileType, links: &mut Links) {
        if !kind.is_symlink() {
            return self.file(path, kind);
        }
        match fs::metadata(&path) {
            Ok(target) if target.is_file() && !links.is_file(&path, kind) => {}
            Ok(target) => self.file(path, target.file_type()),
            Err(error) => self.problem(failed("read", &path, &error)),
        }
    }

    fn file(&mut self, path: PathBuf, kind: FileType) {
        if kind.is_file() {
            self.selected.push(Selected::File(Found { path }));
        } else {
            let message = format!("`{}` is not a regular file", path.display());
            self.problem(Diagnostic::error(message).help("give the file or folder another name"));
        }
    }

    fn problem(&mut self, problem: Diagnostic) {
        self.selected.push(Selected::Problem(problem));
    }
}

fn entries(folder: &Path) -> io::Result<Vec<(OsString, FileType)>> {
    fs::read_dir(folder)?
        .map(|entry| entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))))
        .collect()
}

fn foreign(path: &Path) -> Diagnostic {
    let message =
        format!("`{}` is not formatted: its name has none of the endings of Terraform files", path.display());
    let help = format!("they are `{}`; `crossrole fmt -` formats any text as HCL", ENDINGS.join("`, `"));
    Diagnostic::error(message).help(help)
}

fn is_formatted(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    ENDINGS.iter().any(|ending| name.ends_with(ending.as_bytes()))
}

/// Whether a name in a folder is hidden, or that of a backup an editor made.
fn is_ignored(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || name.ends_with(b"~") || (name.starts_with(b"#") && name.ends_with(b"#"))
}

/// A path as seen from a folder, without looking at the disk.
fn from(current: &Path, path: &Path) -> PathBuf {
    let (current, path) = (plain(current), plain(&current.join(path)));
    let shared =
        current.components().zip(path.components()).take_while(|(left, right)| left == right).count();
    if shared == 0 {
        return path;
    }
    let up = current.components().skip(shared).map(|_| Component::ParentDir);
    let seen: PathBuf = up.chain(path.components().skip(shared)).collect();
    if seen.as_os_str().is_empty() { PathBuf::from(".") } else { seen }
}

/// An absolute path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = plain.pop(),
            _ => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_current_folder() {
        let cases = [
            ("", "."),
            (".", "."),
            ("a.tf", "a.tf"),
            ("./x/../a.tf", "a.tf"),
            ("..", ".."),
            ("../infra/a.tf", "a.tf"),
            ("../other", "../other"),
            ("/srv/infra", "."),
            ("/srv/infra/live/", "live"),
            ("/tmp", "../../tmp"),
            ("../../../..", "../.."),
        ];
        for (path, seen) in cases {
            assert_eq!(from(Path::new("/srv/infra"), Path::new(path)), Path::new(seen), "{path}");
        }
    }

    #[test]
    fn names_say_what_is_formatted() {
        let formatted = ["a.tf", ".tf", "a.tfvars", "a.auto.tfvars", "a.tftest.hcl", "a.tfmock.hcl"];
        assert!(formatted.iter().all(|name| is_formatted(OsStr::new(name))));
        let foreign =
            ["tf", "a.tf.json", "a.hcl", "a.tfquery.hcl", "a.TF", "a.tf.bak", ".terraform.lock.hcl"];
        assert!(!foreign.iter().any(|name| is_formatted(OsStr::new(name))));
    }

    #[test]
    fn hidden_names_and_backups_are_ignored() {
        let ignored = [".a.tf", ".terraform", "a.tf~", "#a.tf#", "#"];
        assert!(ignored.iter().all(|name| is_ignored(OsStr::new(name))));
        let taken = ["a.tf", "#a.tf", "a~.tf", "~a.tf"];
        assert!(!taken.iter().any(|name| is_ignored(OsStr::new(name))));
    }
}
