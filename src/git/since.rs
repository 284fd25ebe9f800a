//! What differs between a commit and the work tree, and which paths the files there name.

use std::collections::BTreeSet;

use super::{Commit, DIFF, Repository};
use crate::diagnostic::{Error, Kind};

/// A quoted path that leads somewhere: `"./x"`, `"../x"`, `"a/../x"`, with or without `${path.module}` before it.
const PATH: &str = r#""(\$\{path\.[a-z]+\}/)?([^"$:]*/)?\.\.?/[^"\\]*"#;

/// The files that Terraform and OpenTofu read, anywhere in the work tree.
const CODE: [&str; 5] = [":(top)*.tf", ":(top)*.tf.json", ":(top)*.tofu", ":(top)*.tofu.json", ":(top)*.hcl"];

impl Repository {
    /// Files that differ between a commit and the work tree, and files that git does not know and is not told to ignore;
    /// all by their path from the top.
    ///
    /// # Errors
    /// A name that is not a commit's; and when git fails.
    pub fn changed_since(&self, name: &str) -> Result<BTreeSet<String>, Error> {
        let commit = self.commit_of(name)?.to_string();
        let diff = DIFF.into_iter().chain(["--no-relative", &commit, "--", ":(top)"]);
        let unknown = ["ls-files", "--others", "--exclude-standard", "--full-name", "-z", "--", ":(top)"];
        let found = [self.run(diff, "")?, self.run(unknown, "")?];
        let paths = found.iter().flat_map(|list| list.split('\0'));
        Ok(paths.filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }

    fn commit_of(&self, name: &str) -> Result<Commit, Error> {
        self.commit_named(name).ok_or_else(|| {
            let message = format!("`{name}` is not a commit of `{}`", self.top().display());
            let help = "name a branch, a tag or a commit; a clone without its history (`git clone --depth`) lacks older ones: `git fetch --unshallow`";
            Error::one(Kind::Input, message, help)
        })
    }

    /// The folder's own path from the top, with a slash at its end; empty at the top.
    ///
    /// # Errors
    /// When git fails.
    pub fn prefix(&self) -> Result<String, Error> {
        Ok(self.run(["rev-parse", "--show-prefix"], "")?.trim_end_matches('\n').to_owned())
    }

    /// Every path that a file of Terraform's names between quotes: the file, from the top, and the path as it is written.
    ///
    /// # Errors
    /// When git fails.
    pub fn named_paths(&self) -> Result<Vec<(String, String)>, Error> {
        let grep = [
            "grep",
            "--untracked",
            "--no-recurse-submodules",
            "--no-color",
            "--no-line-number",
            "--no-column",
        ];
        let form = ["--only-matching", "--full-name", "--null", "-I", "--extended-regexp", "-e", PATH, "--"];
        let arguments: Vec<&str> = grep.into_iter().chain(form).chain(CODE).collect();
        let found = self.output(&arguments, "")?;
        // Nothing found is a failure to grep.
        if found.status.code() == Some(1) && found.stderr.is_empty() {
            return Ok(Vec::new());
        }
        let text = if found.status.success() {
            String::from_utf8_lossy(&found.stdout).into_owned()
        } else {
            self.run(arguments, "")?
        };
        let pair = |line: &str| {
            let (file, quoted) = line.split_once('\0')?;
            Some((file.to_owned(), quoted.trim_matches('"').to_owned()))
        };
        Ok(text.lines().filter_map(pair).collect())
    }
}
