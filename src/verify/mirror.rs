//! A folder outside the repository in which a root can be run as if it were in it.
//!
//! Everything around the root is linked at the same place, so that relative paths of modules hold; in the root, links
//! to its files stand beside what Terraform writes. So no lock file, state or working folder comes into a person's
//! checkout, and the root's own backend is not touched: in the mirror it is a file.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// The file that says what differs in the mirror.
const OVERRIDE: &str = "crossrole_verify_override.tf";
const LOCK: &str = ".terraform.lock.hcl";
const BACKEND: &str = "terraform {\n  backend \"local\" {}\n}\n";

/// A root, mirrored.
pub(super) struct Mirror {
    root: PathBuf,
    pub(super) has_lock: bool,
}

impl Mirror {
    /// Mirrors a root of a folder; `root` is relative to it. Nothing but links and one file is made below `into`.
    pub(super) fn new(top: &Path, root: &Path, into: &Path) -> io::Result<Self> {
        let (mut from, mut to) = (top.to_owned(), into.to_owned());
        fs::create_dir_all(&to)?;
        for part in root.components() {
            let Component::Normal(part) = part else { continue };
            // Accounts do not refer to each other, and there may be thousands.
            if from.file_name() != Some(OsStr::new("accounts")) {
                link_all(&from, &to, |name| name != part && !is_hidden(name))?;
            }
            from.push(part);
            to.push(part);
            fs::create_dir(&to)?;
        }
        link_all(&from, &to, |name| !is_of_terraform(name))?;
        let lock = from.join(LOCK);
        let has_lock = lock.is_file();
        if has_lock {
            fs::copy(&lock, to.join(LOCK))?;
        }
        fs::write(to.join(OVERRIDE), BACKEND)?;
        Ok(Self { root: to, has_lock })
    }

    /// Where Terraform runs.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Gives the verification bucket another name: the real one may be there, in another state.
    pub(super) fn rename_bucket(&self, name: &str) -> io::Result<()> {
        let module = format!("\nmodule \"verification_bucket\" {{\n  bucket = \"{name}\"\n}}\n");
        fs::write(self.root.join(OVERRIDE), format!("{BACKEND}{module}"))
    }
}

fn is_hidden(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with('.')
}

/// What Terraform itself writes into a root.
fn is_of_terraform(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name == ".terraform" || name == LOCK || name == OVERRIDE || name.contains(".tfstate")
}

fn link_all(from: &Path, to: &Path, is_wanted: impl Fn(&OsStr) -> bool) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if is_wanted(&entry.file_name()) {
            link(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(original: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(original, link)
}

#[cfg(windows)]
fn link(original: &Path, link: &Path) -> io::Result<()> {
    use std::os::windows::fs::{symlink_dir, symlink_file};

    if original.is_dir() { symlink_dir(original, link) } else { symlink_file(original, link) }
}
