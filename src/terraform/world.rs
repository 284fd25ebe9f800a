//! Everything that is read at once: the folders, the files that they name, and what is left to spend.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Unread;
use super::folder::{Folder, is_read};
use super::given::Assignments;
use super::work::Work;
use crate::diagnostic::{Source, Sources};

/// Everything that is read at once.
pub(super) struct World<'w> {
    pub(super) folders: &'w BTreeMap<String, Folder>,
    pub(super) sources: RefCell<Sources>,
    pub(super) lookup: &'w dyn Fn(&str) -> Option<Arc<Source>>,
    pub(super) given: Assignments,
    /// By folder, the workspaces that a root knows: keys of what it looks into by `terraform.workspace`.
    pub(super) workspaces: RefCell<BTreeMap<String, BTreeSet<String>>>,
    /// The files that were looked up, each with the place of its first byte.
    pub(super) files: RefCell<BTreeMap<String, (Arc<Source>, u32)>>,
    pub(super) unread: RefCell<BTreeSet<Unread>>,
    pub(super) work: Work,
    pub(super) scopes: Cell<usize>,
}

impl World<'_> {
    /// A file by its path, looked up once.
    pub(super) fn file(&self, path: String) -> Option<(Arc<Source>, u32)> {
        if let Some(known) = self.files.borrow().get(&path) {
            return Some(known.clone());
        }
        let source = (self.lookup)(&path)?;
        let mut sources = self.sources.borrow_mut();
        // Only what is read as Terraform has a place already.
        let known = is_read(&path).then(|| sources.start(&source)).flatten();
        let begins = known.unwrap_or_else(|| sources.add(&source));
        self.files.borrow_mut().insert(path, (Arc::clone(&source), begins));
        Some((source, begins))
    }
}
