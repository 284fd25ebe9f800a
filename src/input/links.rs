//! Links among the Terraform of a folder: to files in it they are followed, as terraform does, and no
//! further.
//!
//! Refuses to follow links to folders, and to be silent about a file that is left out.

use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;

/// The links of one tree.
pub struct Links {
    /// The tree, by the path that no link is part of.
    root: Option<PathBuf>,
    shown: String,
    /// Links that were not followed.
    pub warnings: Vec<Diagnostic>,
    /// Their paths.
    pub left_out: Vec<String>,
}

impl Links {
    /// No links yet, in the tree at a path.
    #[must_use]
    pub fn within(root: &Path) -> Self {
        let shown = root.display().to_string();
        Self { root: fs::canonicalize(root).ok(), shown, warnings: Vec::new(), left_out: Vec::new() }
    }

    /// Whether a name in a folder is that of a file, or of a link to one in the tree; of a link that
    /// leads elsewhere, that is said.
    pub fn is_file(&mut self, path: &Path, kind: FileType) -> bool {
        if kind.is_symlink() { self.leads_to_a_file(path) } else { kind.is_file() }
    }

    fn leads_to_a_file(&mut self, link: &Path) -> bool {
        let Ok(target) = fs::canonicalize(link) else {
            let help = "terraform fails on it: remove it, or bring back what it led to";
            return self.warn(link, "leads nowhere", help);
        };
        let is_inside = self.root.as_deref().is_some_and(|root| target.starts_with(root));
        match (target.is_file(), is_inside) {
            (true, true) => true,
            (true, false) => {
                let what = format!("is not followed: it leads out of `{}`", self.shown);
                self.warn(link, &what, &format!("to look at it, too, name `{}`", target.display()))
            }
            (false, _) => self.warn(link, "does not lead to a file", "give the folder another name"),
        }
    }

    fn warn(&mut self, link: &Path, what: &str, help: &str) -> bool {
        let message = format!("the link `{}` {what}", link.display());
        self.left_out.push(link.display().to_string());
        self.warnings.push(Diagnostic::warning(message).help(help));
        false
    }
}
