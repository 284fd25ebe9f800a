//! One file with its three sides, and the options on which it is decided about.

use std::sync::Arc;

use super::overrides::Overrides;
use super::{Decision, Disk, RecordedFile};
use crate::merge::{self, FileSides, Labels, Resolution, Style};
use crate::output::{File, FileKind, RelPath, UpdateMode};

/// The three texts of a file after its blocks were followed.
pub(super) type Texts = FileSides;

/// The folder, as far as planning asks for it.
pub trait FolderView {
    /// Why it could not be looked at.
    type Error;

    /// What stands at a path.
    ///
    /// # Errors
    /// When it cannot be looked at.
    fn read(&mut self, path: &RelPath) -> Result<Disk, Self::Error>;

    /// The Terraform files right in a folder, whoever wrote them.
    ///
    /// # Errors
    /// When it cannot be listed.
    fn terraform_files(&mut self, folder: &str) -> Result<Vec<RelPath>, Self::Error>;

    /// The names of everything right in a folder, those of folders with a slash at their end.
    ///
    /// # Errors
    /// When it cannot be listed.
    fn entries(&mut self, folder: &str) -> Result<Vec<String>, Self::Error>;
}

/// What to do where an edit and what is new do not go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnConflict {
    /// Write nothing at all.
    Abort,
    /// Mark both sides in the file; where markers would break the file, as `Sidecar`.
    Inline,
    /// Leave the file, and put the new text beside it.
    Sidecar,
    /// Keep the edit.
    Ours,
    /// Take what is new.
    Theirs,
}

impl OnConflict {
    /// The same for one file.
    #[must_use]
    pub(super) fn resolution(self) -> Resolution {
        match self {
            Self::Abort | Self::Inline | Self::Sidecar => Resolution::Mark(Style::Zdiff3),
            Self::Ours => Resolution::Ours,
            Self::Theirs => Resolution::Theirs,
        }
    }
}

/// What holds for all units of a run.
pub struct PlanOptions<'t> {
    /// What to do with conflicts.
    pub on_conflict: OnConflict,
    /// What the sides are called where conflicts are marked.
    pub labels: Labels,
    /// Whether other templates wrote the tree: then a file that has another path moved.
    pub is_upgrade: bool,
    /// Whether files that are nobody's to edit are taken back.
    pub force: bool,
    /// Policies that the repository sets itself.
    pub overrides: Overrides,
    /// Whether a deleted file is wanted back.
    pub restore: &'t (dyn Fn(&RelPath) -> bool + Sync),
    /// Whether a file is of any unit: it is asked about few.
    pub is_generated: &'t (dyn Fn(&RelPath) -> bool + Sync),
}

/// A file with its three sides, and what is to be done about it.
#[derive(Debug)]
pub(super) struct FileState<'r> {
    /// Where it goes, or is.
    pub(super) path: RelPath,
    /// Where it is, if its template gave it another path.
    pub(super) from: Option<RelPath>,
    /// The file as generated now.
    pub(super) file: Option<&'r File>,
    /// The file as it was last generated.
    pub(super) known: Option<&'r RecordedFile>,
    /// What is there.
    pub(super) disk: Disk,
    /// The three texts, where blocks were followed from file to file.
    pub(super) moved: Option<Texts>,
    /// The blocks that are left out of the new text, because a person has others of their address.
    pub(super) taken: Vec<merge::Conflict>,
    pub(super) mode: UpdateMode,
    pub(super) decision: Decision,
}

impl FileState<'_> {
    /// What kind of file it is.
    pub(super) fn kind(&self) -> FileKind {
        FileKind::of(self.path.as_str())
    }

    /// The text last generated.
    pub(super) fn base(&self) -> Option<&str> {
        match &self.moved {
            Some(texts) => texts.base.as_deref(),
            None => self.known.map(|known| &*known.text),
        }
    }

    /// The text that a person left.
    pub(super) fn ours(&self) -> Option<&str> {
        match (&self.moved, &self.disk) {
            (Some(texts), _) => texts.ours.as_deref(),
            (None, Disk::Text(text)) => Some(text),
            (None, Disk::Absent | Disk::Bytes) => None,
        }
    }

    /// The new text.
    pub(super) fn theirs(&self) -> Option<&str> {
        match &self.moved {
            Some(texts) => texts.theirs.as_deref(),
            None => self.file.map(|file| &*file.text),
        }
    }

    /// The file with another text.
    pub(super) fn with_text(&self, text: impl Into<Arc<str>>) -> File {
        let text = text.into();
        match self.file {
            Some(file) => File { text, ..file.clone() },
            None => File {
                path: self.path.clone(),
                template: "".into(),
                holds: None,
                mode: self.mode,
                executable: false,
                text,
            },
        }
    }
}
