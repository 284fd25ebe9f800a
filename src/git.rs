//! Git, as far as an update asks for it: what is not committed, a branch, a commit.
//!
//! Runs the `git` that is installed, in the folder that it is asked about. Refuses to change
//! anything but what it is told: no stash, no reset, no push.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::diagnostic::{Error, Kind};

/// A folder in a repository's work tree.
#[derive(Debug, Clone)]
pub struct Repository {
    folder: PathBuf,
    top: PathBuf,
}

impl Repository {
    /// The repository around a folder; `None` where there is none, or no git.
    #[must_use]
    pub fn around(folder: &Path) -> Option<Self> {
        let output = git(folder, ["rev-parse", "--show-toplevel"]).output().ok()?;
        let top = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
        Some(Self { folder: folder.to_owned(), top: PathBuf::from(top.trim_end_matches('\n')) })
    }

    /// The folder at the top of the work tree.
    #[must_use]
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// Files of the folder with changes that are not committed, by their path in the folder. Files
    /// that git does not know are not among them.
    ///
    /// # Errors
    /// When git fails.
    pub fn uncommitted(&self) -> Result<BTreeSet<String>, Error> {
        let arguments = ["diff", "--name-only", "--relative", "--no-ext-diff", "-z", "HEAD", "--", "."];
        let output = self.run(arguments, "")?;
        Ok(output.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }

    /// Whether a commit of these paths of the folder would hold anything.
    ///
    /// # Errors
    /// When git fails.
    pub fn differs(&self, paths: &BTreeSet<String>) -> Result<bool, Error> {
        // Without a commit there is nothing that they could be equal to.
        let Ok(uncommitted) = self.uncommitted() else { return Ok(!paths.is_empty()) };
        let unknown = self.run(["ls-files", "--others", "-z", "--", "."], "")?;
        let unknown: BTreeSet<&str> = unknown.split('\0').collect();
        Ok(paths.iter().any(|path| uncommitted.contains(path) || unknown.contains(path.as_str())))
    }

    /// Makes a branch and switches to it, unless it is the one that is checked out.
    ///
    /// # Errors
    /// When git fails, because there is a branch of that name, say.
    pub fn switch_to_new(&self, name: &str) -> Result<(), Error> {
        let here = self.run(["branch", "--show-current"], "")?;
        // Another folder of the same repository may have got there first.
        if here.trim_end() == name {
            return Ok(());
        }
        self.run(["switch", "--quiet", "--create", name], "").map(drop)
    }

    /// Commits these paths of the folder, and nothing else.
    ///
    /// # Errors
    /// When git fails.
    pub fn commit(&self, paths: &BTreeSet<String>, message: &str) -> Result<(), Error> {
        let known = self.run(["ls-files", "-z", "--", "."], "")?;
        let known: BTreeSet<&str> = known.split('\0').collect();
        // Git knows nothing of a file that came and went without it.
        let is_there = |path: &&String| known.contains(path.as_str()) || self.folder.join(path).exists();
        let paths: Vec<_> = paths.iter().filter(is_there).map(String::as_str).collect();
        let list = paths.join("\0");
        let from_list = ["--pathspec-from-file=-", "--pathspec-file-nul"];
        self.run(["--literal-pathspecs", "add", "--all"].into_iter().chain(from_list), &list)?;
        let commit = ["--literal-pathspecs", "commit", "--quiet", "--message", message];
        self.run(commit.into_iter().chain(from_list), &list).map(drop)
    }

    fn run<'a>(&self, arguments: impl IntoIterator<Item = &'a str>, input: &str) -> Result<String, Error> {
        let mut command = git(&self.folder, arguments);
        let failed = |error: std::io::Error| Error::io("run `git`", &error);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            // Whoever closes it early says why on stderr.
            _ = stdin.write_all(input.as_bytes());
        }
        let Output { status, stdout, stderr } = child.wait_with_output().map_err(failed)?;
        if status.success() {
            return Ok(String::from_utf8_lossy(&stdout).into_owned());
        }
        let arguments: Vec<_> = command.get_args().skip(2).map(OsStr::to_string_lossy).collect();
        let what = arguments.iter().find(|argument| !argument.starts_with('-')).map(ToString::to_string);
        let why = String::from_utf8_lossy(&stderr);
        let why = why.trim().lines().next().unwrap_or_default().trim_start_matches("fatal: ").to_owned();
        let message =
            format!("`git {}` failed in `{}`: {why}", what.unwrap_or_default(), self.folder.display());
        Err(Error::one(Kind::Io, message, ""))
    }
}

fn git<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments);
    // Messages are read, and nobody is there to be asked.
    command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0");
    command
}
