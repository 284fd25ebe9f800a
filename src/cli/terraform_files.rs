//! A folder with Terraform that a person names: its files, and whatever they name below it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::named::is_terraform_or_json;
use crate::diagnostic::words::system;
use crate::diagnostic::{Error, Kind, Source};
use crate::grants::{self, Files, Grants};
use crate::input::{self, Limit, Root, Way};
use crate::terraform::{self, Given, Parsed};
use crate::ui::Ui;

/// What was found in a folder and in those in it.
pub(super) struct TerraformFiles {
    root: Root,
    /// The texts by their path from the folder; their names have the folder in front.
    pub(super) texts: BTreeMap<String, Arc<Source>>,
    /// Files that cannot be read, by their names, and why.
    pub(super) unreadable: Vec<(String, String)>,
    /// Links that were not followed, which has been said.
    pub(super) left_out: Vec<String>,
}

impl TerraformFiles {
    /// Every file that Terraform reads, and JSON.
    pub(super) fn read(ui: &Ui, folder: &Path) -> Result<Self, Error> {
        let tree = input::walk(folder, &is_terraform_or_json)?;
        ui.report(&tree.warnings);
        if !tree.files.iter().any(|path| terraform::is_code(path)) {
            let message = format!("there is no Terraform in `{}`", folder.display());
            let help = "name the folder that holds the `.tf` files, or one above it";
            return Err(Error::one(Kind::Input, message, help));
        }
        let root = open(folder)?;
        let (mut texts, mut unreadable) = (BTreeMap::new(), Vec::new());
        for file in &tree.files {
            match read_in(&root, file) {
                Ok(source) => drop(texts.insert(file.clone(), source)),
                Err(why) => unreadable.push((root.path().join(file).display().to_string(), why)),
            }
        }
        Ok(Self { root, texts, unreadable, left_out: tree.left_out })
    }

    /// What the folder and those in it give, with these variables set. What could not be read is among its gaps.
    pub(super) fn grants(&self, given: &[Given]) -> Grants {
        let folder_of = |path: &String| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let folders: BTreeSet<String> = self.texts.keys().map(folder_of).collect();
        let left_out =
            self.left_out.iter().map(|link| (link.clone(), "this link was not followed".to_owned()));
        let unread: BTreeMap<String, String> = self.unreadable.iter().cloned().chain(left_out).collect();
        let unread = unread.into_iter().filter(|(name, _)| terraform::is_read(name)).collect();
        let lookup = |name: &str| self.lookup(name);
        let files = Files { texts: &self.texts, unread: &unread, lookup: &lookup, folders: &folders, given };
        grants::read(&files, &mut Parsed::default())
    }

    /// Any file below the folder.
    pub(super) fn lookup(&self, name: &str) -> Option<Arc<Source>> {
        read_in(&self.root, name).ok()
    }
}

/// A folder that a person names.
pub(super) fn open(folder: &Path) -> Result<Root, Error> {
    Root::open(folder).map_err(|error| {
        Error::one(
            Kind::Io,
            format!("cannot read `{}`: {}", folder.display(), system(&error)),
            "name a folder with Terraform",
        )
    })
}

/// A file below a folder, or why it cannot be read.
pub(super) fn read_in(root: &Root, name: &str) -> Result<Arc<Source>, String> {
    let path = Path::new(name);
    // Few files are links, and to follow them takes longer.
    let plain = root.read(path, Way::Plain, Limit::Small);
    let bytes = plain.or_else(|_| root.read(path, Way::Inside, Limit::Small))?;
    let text = if terraform::is_read(name) { terraform::text(bytes) } else { input::plain_text(bytes) };
    let name = root.path().join(path).display().to_string();
    Ok(Source::new(name, text?))
}
