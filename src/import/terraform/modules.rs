//! Calls of modules that are not among the files: what may be lost with each, and what to add by hand.

use super::blocks::Reading;
use super::found::{Found, Root};

/// Says what a call of a module may have meant, unless the module was read as it is called.
pub(super) fn note_call(reading: &mut Reading<'_>, root: Root<'_>, found: Found<'_>) {
    let name = found.block.labels.first().map_or("", String::as_str);
    let dot = if root.module.address.is_empty() { "" } else { "." };
    let address = format!("{}{dot}module.{name}", root.module.address);
    let is_read = |called: &str| {
        called == address || called.strip_prefix(&address).is_some_and(|key| key.starts_with('['))
    };
    if root.module.modules.iter().any(|called| is_read(&called.address)) {
        return;
    }
    let source = found.block.written("source").trim_matches('"');
    let message = format!("the module `{name}` is not read: `{source}` is not among these files");
    reading.note(found, found.at(), message);
    reading.by_hand(1, "if it makes a role that another account assumes, or a provider that assumes one, add a target by hand: `account_id` and `role.name`, and whom it lets in to `source.callers`");
}
