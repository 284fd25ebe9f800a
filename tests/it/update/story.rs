//! Stories: what a person did and what the program answered, as texts that can be read.

use std::fmt::Write as _;

use crate::support::{Case, Files, compare, no_complaints, repository};

/// A case whose steps are written down.
pub(super) struct Story {
    name: &'static str,
    pub(super) case: Case,
    seen: Files,
    told: String,
}

impl Story {
    /// A story that begins with a generated tree and the second version of its templates.
    pub(super) fn begin(name: &'static str, what: &str) -> Self {
        Self::begin_with(name, what, super::generated())
    }

    /// A story that begins with a case.
    pub(super) fn begin_with(name: &'static str, what: &str, case: Case) -> Self {
        let seen = case.files();
        Self { name, case, seen, told: format!("{what}\n") }
    }

    /// A person edits a file.
    pub(super) fn edit(&mut self, path: &str, from: &str, to: &str) {
        self.case.edit(path, from, to);
        self.note_changes(&format!("edit {path}"));
    }

    /// A person does something else.
    pub(super) fn act(&mut self, what: &str, act: impl FnOnce(&Case)) {
        act(&self.case);
        self.note_changes(what);
    }

    /// The program runs and exits as it should.
    #[track_caller]
    pub(super) fn run(&mut self, arguments: &[&str], code: i32) {
        let ran = self.case.run(arguments).exits(code);
        _ = write!(self.told, "\n$ crossrole {}\n{}{}", arguments.join(" "), ran.stdout, ran.stderr);
        _ = writeln!(self.told, "exit code {code}");
        self.note_files();
    }

    fn note_changes(&mut self, what: &str) {
        _ = writeln!(self.told, "\n# {what}");
        self.note_files();
    }

    /// What has become of the files since the last step; of records, only which.
    fn note_files(&mut self) {
        let now = self.case.files();
        let mut records = Vec::new();
        for path in self.seen.keys().chain(now.keys().filter(|path| !self.seen.contains_key(*path))) {
            let (before, after) = (self.seen.get(path), now.get(path));
            if before == after {
                continue;
            }
            if path.starts_with(".crossrole/") {
                records.push(path.as_str());
                continue;
            }
            let text = |side: Option<&String>| side.cloned().unwrap_or_default();
            let (before, after) = (text(before), text(after));
            let diff = similar::TextDiff::from_lines(&before, &after);
            let names = (format!("a/{path}"), format!("b/{path}"));
            let names = match (self.seen.contains_key(path), now.contains_key(path)) {
                (false, _) => ("/dev/null".to_owned(), names.1),
                (_, false) => (names.0, "/dev/null".to_owned()),
                _ => names,
            };
            _ = write!(self.told, "{}", diff.unified_diff().header(&names.0, &names.1));
        }
        records.sort_unstable();
        for record in records {
            let how = match (self.seen.contains_key(record), now.contains_key(record)) {
                (false, _) => "made",
                (_, false) => "gone",
                _ => "written",
            };
            _ = writeln!(self.told, "({how}: {record})");
        }
        self.seen = now;
    }

    /// The story as it was told before, or a complaint.
    #[track_caller]
    pub(super) fn end(self) {
        let path = repository("snapshots/update").join(format!("{}.txt", self.name));
        let told = compare(&path, &self.told);
        no_complaints(&told.err().into_iter().collect::<Vec<_>>());
    }
}
