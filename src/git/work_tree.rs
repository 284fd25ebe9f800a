//! Git's own folder, found without running git: the one place in a work tree that no commit reaches.
//!
//! Refuses whatever only looks like one. A `.git` that is a file may come out of an archive and point
//! anywhere, so the folder that it names must point back; and a repository that belongs to another
//! user is not ours to trust.

use std::fs;
use std::path::{Path, PathBuf};

/// The most that is read of a file that should hold one path.
const LARGEST: u64 = 64 << 10;

/// A work tree, and where git keeps what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkTree {
    /// The folder at its top.
    pub top: PathBuf,
    /// What `git rev-parse --git-dir` answers there.
    pub git: PathBuf,
}

impl WorkTree {
    /// The work tree around a folder that is there; `None` where there is none, or whatever is there
    /// cannot be trusted.
    #[must_use]
    pub fn around(folder: &Path) -> Option<Self> {
        let folder = fs::canonicalize(folder).ok()?;
        let is_there = |top: &&Path| fs::symlink_metadata(top.join(".git")).is_ok();
        let top = folder.ancestors().find(is_there)?;
        let link = top.join(".git");
        let found = fs::symlink_metadata(&link).ok()?;
        let git = if found.is_file() { named_by(&link, top)? } else { link };
        let is_git = is_folder(&git) && is_file(&git.join("HEAD")) && is_ours(&git);
        is_git.then(|| Self { top: top.to_owned(), git })
    }
}

/// The folder that a `.git` file names, if it names this work tree in turn.
fn named_by(link: &Path, top: &Path) -> Option<PathBuf> {
    let named = read(link)?;
    let git = fs::canonicalize(top.join(named.strip_prefix("gitdir:")?.trim())).ok()?;
    (is_of_worktree(&git, link) || is_of_submodule(&git, top)).then_some(git)
}

/// `git worktree add` notes in the new folder where its work tree is.
fn is_of_worktree(git: &Path, link: &Path) -> bool {
    read(&git.join("gitdir"))
        .is_some_and(|back| fs::canonicalize(git.join(back.trim())).ok().as_deref() == Some(link))
}

/// A submodule's configuration says where its work tree is.
fn is_of_submodule(git: &Path, top: &Path) -> bool {
    let config = read(&git.join("config")).unwrap_or_default();
    let named =
        config.lines().filter_map(|line| line.trim().strip_prefix("worktree")?.trim().strip_prefix('='));
    named.map(str::trim).any(|named| fs::canonicalize(git.join(named)).ok().as_deref() == Some(top))
}

fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

fn is_file(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
}

fn read(path: &Path) -> Option<String> {
    let found = fs::symlink_metadata(path).ok()?;
    (found.is_file() && found.len() <= LARGEST).then(|| fs::read_to_string(path).ok())?
}

/// Whether a folder belongs to whoever runs this, as git itself asks (`safe.directory`).
#[cfg(unix)]
fn is_ours(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::symlink_metadata(folder).is_ok_and(|found| found.uid() == rustix::process::geteuid().as_raw())
}

/// Folders have no such owner here.
#[cfg(not(unix))]
fn is_ours(_: &Path) -> bool {
    true
}
