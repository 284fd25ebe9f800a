//! The text of a file: a document as it is, or what a template becomes, in canonical form.
//!
//! A template in which nothing depends on the target is rendered once. Refuses to know where a file goes.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::canonical::Canonical;
use super::context;
use crate::diagnostic::Diagnostic;
use crate::output::RelPath;
use crate::pack::{Content, Entry, Pack, Values};

pub(super) struct Texts<'t> {
    pack: &'t Pack,
    canonical: Canonical,
    /// The texts that are the same for every target, by the id of their entry; each is set once it has been
    /// rendered.
    constant: BTreeMap<&'t str, OnceLock<Arc<str>>>,
}

impl<'t> Texts<'t> {
    pub(super) fn new(pack: &'t Pack) -> Self {
        let entries = pack.manifest.entries.iter();
        let constant = entries.filter(|entry| pack.uses_only(entry, context::COMMON));
        let constant = constant.map(|entry| (&*entry.id, OnceLock::new())).collect();
        Self { pack, canonical: Canonical::default(), constant }
    }

    /// The text of an entry for some values.
    pub(super) fn text(
        &self,
        entry: &Entry,
        values: &Values<'_>,
        path: &RelPath,
    ) -> Result<Arc<str>, Diagnostic> {
        if let Content::Document(holds) = entry.content {
            let document = values.document(context::document_name(holds)).cloned();
            return document.ok_or_else(|| Diagnostic::error(format!("there is no {} here", entry.content)));
        }
        let constant = self.constant.get(&*entry.id);
        if let Some(text) = constant.and_then(OnceLock::get) {
            return Ok(Arc::clone(text));
        }
        let rendered = self.pack.render(entry, values)?;
        let text = self.canonical.text(entry.kind, &rendered);
        let text = text.map_err(|flaw| flaw.diagnose(self.pack, entry, path.as_str()))?;
        Ok(constant.map_or(&text, |constant| constant.get_or_init(|| Arc::clone(&text))).clone())
    }
}
