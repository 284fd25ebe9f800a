//! Git, as far as we ask for it: what is not committed, what was at an earlier commit, a branch, a commit.
//!
//! Runs the `git` that is installed, in the folder that it is asked about and on the repository that
//! holds it. A repository may be a stranger's, so git runs without the programs that one can name: no
//! hooks, no monitor, no filters, no signing program of its own; and without the `GIT_*` of the
//! environment, which may mean another repository. Refuses to change anything but what it is told: no
//! stash, no reset, no push.

mod history;
mod since;
mod work_tree;

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::diagnostic::{Error, Kind};

pub use history::Commit;
pub use work_tree::WorkTree;

/// What git is told whatever its configuration says: to start no program, and nothing in the
/// background.
const SETTINGS: [&str; 4] =
    ["core.fsmonitor=false", "core.hooksPath=/dev/null", "maintenance.auto=false", "gc.auto=0"];

/// Settings of the user's repositories that name programs.
const PROGRAMS: &str =
    r"^(filter\..*\.(clean|smudge|process|required)|gpg\.(.*\.)?program|gpg\.ssh\.defaultkeycommand)$";

/// How files are listed that are not as they were: no program is started for them, and git does not run in submodules.
const DIFF: [&str; 7] = [
    "diff",
    "--name-only",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--ignore-submodules=all",
    "-z",
];

/// What stays of the environment: who commits, and where the user's own settings are.
const KEPT: [&str; 7] = [
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
];

/// A folder in a repository's work tree.
#[derive(Debug, Clone)]
pub struct Repository {
    folder: PathBuf,
    tree: WorkTree,
    /// Settings that are overruled, because they name programs.
    overruled: Vec<(String, &'static str)>,
}

impl Repository {
    /// The repository around a folder; `None` where there is none that is the user's own, or no git.
    #[must_use]
    pub fn around(folder: &Path) -> Option<Self> {
        let tree = WorkTree::around(folder)?;
        let mut repository = Self { folder: folder.to_owned(), tree, overruled: Vec::new() };
        repository.run(["rev-parse", "--git-dir"], "").ok()?;
        repository.overruled = repository.programs();
        Some(repository)
    }

    /// The folder at the top of the work tree.
    #[must_use]
    pub fn top(&self) -> &Path {
        &self.tree.top
    }

    /// Settings that name filters, or that the repository itself says of signing; and what holds
    /// instead.
    fn programs(&self) -> Vec<(String, &'static str)> {
        let arguments = ["config", "--null", "--show-scope", "--name-only", "--get-regexp", PROGRAMS];
        // It fails where there is no such setting.
        let found = self.run(arguments, "").unwrap_or_default();
        let words: Vec<&str> = found.split('\0').collect();
        let pairs = words.chunks_exact(2).map(|pair| (pair[0], pair[1]));
        let is_overruled = |(scope, name): &(&str, &str)| {
            name.starts_with("filter.") || matches!(*scope, "local" | "worktree")
        };
        pairs.filter(is_overruled).map(|(_, name)| (name.to_owned(), instead(name))).collect()
    }

    /// Refuses paths of the folder that git would put through a filter, which is not run here: what it would
    /// commit might be meant to be encrypted.
    ///
    /// # Errors
    /// The refusal, which names the first one; and when git fails.
    pub fn refuse_filtered(&self, paths: &BTreeSet<String>) -> Result<(), Error> {
        let list: String = paths.iter().flat_map(|path| [path, "\0"]).collect();
        let found = self.run(["check-attr", "-z", "--stdin", "filter"], &list)?;
        let words: Vec<&str> = found.split('\0').collect();
        let is_run = |filter: &str| {
            let mut names = self.overruled.iter().filter_map(|(name, _)| name.strip_prefix("filter."));
            names.any(|name| name.strip_prefix(filter).is_some_and(|rest| rest.starts_with('.')))
        };
        let Some(found) = words.chunks_exact(3).find(|found| is_run(found[2])) else { return Ok(()) };
        let message = format!(
            "git puts `{}` through the filter `{}`, which crossrole does not run",
            found[0], found[2]
        );
        Err(Error::one(Kind::Refused, message, "omit `--commit`, and commit the files yourself"))
    }

    /// Gives a setting of this clone a value.
    ///
    /// # Errors
    /// When git fails.
    pub fn set(&self, name: &str, value: &str) -> Result<(), Error> {
        self.run(["config", "--local", name, value], "").map(drop)
    }

    /// Takes a setting of this clone away, if it is there.
    ///
    /// # Errors
    /// When git fails.
    pub fn unset(&self, name: &str) -> Result<(), Error> {
        match self.run(["config", "--local", "--get", name], "") {
            Ok(_) => self.run(["config", "--local", "--unset-all", name], "").map(drop),
            Err(_) => Ok(()),
        }
    }

    /// Files of the folder with changes that are not committed, by their path in the folder. Files
    /// that git does not know are not among them.
    ///
    /// # Errors
    /// When git fails.
    pub fn uncommitted(&self) -> Result<BTreeSet<String>, Error> {
        // Looking into submodules would run git in them.
        let arguments = [
            "diff",
            "--name-only",
            "--relative",
            "--no-ext-diff",
            "--ignore-submodules=all",
            "-z",
            "HEAD",
            "--",
            ".",
        ];
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
    /// When git fails, and as [`Repository::refuse_filtered`].
    pub fn commit(&self, paths: &BTreeSet<String>, message: &str) -> Result<(), Error> {
        self.refuse_filtered(paths)?;
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
        let arguments: Vec<&str> = arguments.into_iter().collect();
        let Output { status, stdout, stderr } = self.output(&arguments, input)?;
        if status.success() {
            return Ok(String::from_utf8_lossy(&stdout).into_owned());
        }
        let what = arguments.iter().find(|argument| !argument.starts_with('-')).unwrap_or(&"");
        let why = String::from_utf8_lossy(&stderr);
        let why = why.trim().lines().next().unwrap_or_default().trim_start_matches("fatal: ");
        let message = format!("`git {what}` failed in `{}`: {why}", self.folder.display());
        Err(Error::one(Kind::Io, message, ""))
    }

    /// What git says, whatever comes of it.
    fn output(&self, arguments: &[&str], input: &str) -> Result<Output, Error> {
        let failed = |error: std::io::Error| Error::io("run `git`", &error);
        let mut command = self.command(arguments);
        let mut child = command.spawn().map_err(failed)?;
        let stdin = child.stdin.take();
        std::thread::scope(|scope| {
            // A long list is written while the answer is read; whoever closes it early says why on stderr.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_bytes())));
            child.wait_with_output()
        })
        .map_err(failed)
    }

    /// Git for this work tree, named outright: git itself would take an embedded repository for it.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        let inherited = std::env::vars_os().map(|(name, _)| name);
        for name in inherited.filter(|name| is_gits(name) && !KEPT.iter().any(|kept| name == kept)) {
            command.env_remove(name);
        }
        // Unlike `-c`, these take any name.
        command.env("GIT_CONFIG_COUNT", self.overruled.len().to_string());
        for (number, (name, value)) in self.overruled.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{number}"), name);
            command.env(format!("GIT_CONFIG_VALUE_{number}"), value);
        }
        // Messages are read, and nobody is there to be asked.
        command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0");
        command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        command.arg("--git-dir").arg(&self.tree.git).arg("--work-tree").arg(&self.tree.top);
        command.arg("-C").arg(&self.folder).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

fn is_gits(name: &OsString) -> bool {
    OsStr::as_encoded_bytes(name).starts_with(b"GIT_")
}

/// What holds instead of a setting that names a program: nothing, or what git does by itself.
fn instead(name: &str) -> &'static str {
    match name {
        "gpg.program" | "gpg.openpgp.program" => "gpg",
        "gpg.x509.program" => "gpgsm",
        "gpg.ssh.program" => "ssh-keygen",
        name if name.ends_with(".required") => "false",
        _ => "",
    }
}
