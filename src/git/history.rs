//! What a folder held at an earlier commit, read out of git's own store: nothing is checked out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{DIFF, Repository};
use crate::diagnostic::{Error, Kind};

/// Bytes of a file that is read; larger ones are not Terraform.
const LARGEST: u64 = 4 << 20;

/// A commit, by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit(String);

impl Commit {
    /// The beginning of its id, as people write it.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for Commit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Repository {
    /// The commit that a name stands for: a branch, a tag, an id.
    ///
    /// # Errors
    /// That there is none.
    pub fn resolve(&self, name: &str) -> Result<Commit, Error> {
        self.commit_named(name).ok_or_else(|| {
            let message = format!("there is no commit `{name}` in `{}`", self.top().display());
            let help = "name a branch, a tag or a commit; a clone may have to be fetched with its history";
            Error::one(Kind::Usage, message, help)
        })
    }

    /// The commit that a name stands for, if there is one.
    pub(super) fn commit_named(&self, name: &str) -> Option<Commit> {
        let wanted = format!("{name}^{{commit}}");
        let id = self.run(["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted], "").ok()?;
        let id = id.trim();
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_id.then(|| Commit(id.to_owned()))
    }

    /// Files of the folder that are not as they were at a commit, with those that git does not know.
    ///
    /// # Errors
    /// When git fails.
    pub fn differing(&self, commit: &Commit) -> Result<BTreeSet<String>, Error> {
        let id = commit.to_string();
        let diff = DIFF.into_iter().chain(["--relative", &id, "--", "."]);
        let changed = self.run(diff, "")?;
        let unknown = self.run(["ls-files", "--others", "-z", "--", "."], "")?;
        let all = changed.split('\0').chain(unknown.split('\0'));
        Ok(all.filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }

    /// The regular files of the folder at a commit, by their path in it, as far as they are wanted.
    ///
    /// # Errors
    /// When git fails.
    pub fn files_at(
        &self,
        commit: &Commit,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<BTreeMap<String, Vec<u8>>, Error> {
        let list = self.run(["ls-tree", "-r", "-l", "-z", &commit.0, "--", "."], "")?;
        let entries = list.split('\0').filter_map(entry);
        let entries: Vec<(&str, &str)> = entries.filter(|(_, path)| is_wanted(path)).collect();
        let ids: String = entries.iter().flat_map(|(id, _)| [*id, "\n"]).collect();
        // Files may be anything, so their bytes are taken as they are.
        let found = self.output(&["cat-file", "--batch"], &ids)?.stdout;
        let mut rest = found.as_slice();
        let mut files = BTreeMap::new();
        for (_, path) in entries {
            let Some((content, behind)) = object(rest) else {
                return Err(Error::one(
                    Kind::Io,
                    format!("git cannot read `{path}` of an earlier commit"),
                    "",
                ));
            };
            files.insert(path.to_owned(), content.to_vec());
            rest = behind;
        }
        Ok(files)
    }
}

/// The id and the path of a regular file in a listing: `100644 blob ID SIZE\tPATH`.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (facts, path) = line.split_once('\t')?;
    let mut facts = facts.split_ascii_whitespace();
    let (mode, kind, id, size) = (facts.next()?, facts.next()?, facts.next()?, facts.next()?);
    let is_file = mode.starts_with("100") && kind == "blob";
    let is_small = size.parse::<u64>().is_ok_and(|size| size <= LARGEST);
    (is_file && is_small).then_some((id, path))
}

/// The first object of a batch, `ID TYPE SIZE\nCONTENT\n`, and what follows it.
fn object(batch: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = batch.iter().position(|byte| *byte == b'\n')?;
    let size: usize = std::str::from_utf8(&batch[..end]).ok()?.rsplit(' ').next()?.parse().ok()?;
    let content = batch.get(end + 1..)?.get(..size)?;
    Some((content, batch.get(end + 1 + size + 1..)?))
}
