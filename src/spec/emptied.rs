//! Keys with nothing behind them that would open more than whoever emptied them meant.
//!
//! Responsible for `null` where it widens: a list of callers of which every entry is commented out, and
//! a `role` that takes away what `defaults.role` protects. Refuses to judge a `null` that is written out
//! for one key: that removes it, as the reference says.

use std::sync::Arc;

use super::SourceSpec;
use crate::diagnostic::words::one_of;
use crate::diagnostic::{Diagnostic, Diagnostics, Source};
use crate::yaml::{Data, Entry, Field, Located, Node};

/// Keys of `role` without which more callers get in, or the role may do more.
const PROTECTIONS: [&str; 3] = ["external_id", "require_mfa", "permissions_boundary"];

/// Takes `callers:` with nothing behind it for the empty list that it looks like, and not for the
/// default, which is the whole account.
pub(super) fn no_callers(source: &mut Field<SourceSpec>, root: &Node<'_>) {
    let callers = entry(root, "source").and_then(|source| entry(&source.value, "callers"));
    if let (Field::Set(source), Some(callers)) = (source, callers.filter(|callers| callers.value.is_null())) {
        let at = callers.key_at;
        source.value.callers = Field::Set(Located { value: Vec::new(), at, inherited: false });
    }
}

/// Warns of targets that lose a protection of `defaults.role` to a key with nothing behind it.
pub(super) fn lost_protections(source: &Arc<Source>, root: &Node<'_>, found: &mut Diagnostics) {
    let defaults = entry(root, "defaults").and_then(|defaults| entry(&defaults.value, "role"));
    let is_set = |key: &&str| {
        let value = defaults.and_then(|role| entry(&role.value, key)).map(|entry| &entry.value);
        value.is_some_and(|value| {
            !value.is_null() && !matches!(value.plain(), Some("false" | "False" | "FALSE"))
        })
    };
    let protections: Vec<&str> = PROTECTIONS.into_iter().filter(is_set).collect();
    let targets = entry(root, "targets").map_or(&[][..], |targets| targets.value.items());
    for role in targets.iter().filter(|_| !protections.is_empty()).filter_map(|target| entry(target, "role"))
    {
        let (at, lost) = if role.value.is_null() {
            (role.key_at, protections.clone())
        } else {
            let empty = protections.iter().filter_map(|key| entry(&role.value, key));
            let empty: Vec<_> =
                empty.filter(|entry| entry.value.is_null() && entry.value.at.range().is_empty()).collect();
            let Some(first) = empty.first() else { continue };
            (first.key_at, empty.iter().map(|entry| &*entry.key).collect())
        };
        let message = format!("with nothing behind it, this takes away {} of `defaults.role`", all_of(&lost));
        let help = "remove the key to keep the default; to remove one on purpose, write it out, as in `role: {external_id: null}`";
        found.push(Diagnostic::warning(message).at(source, at).help(help));
    }
}

fn all_of(keys: &[&str]) -> String {
    one_of(keys).replace(" or ", " and ")
}

fn entry<'n, 's>(node: &'n Node<'s>, key: &str) -> Option<&'n Entry<'s>> {
    let Data::Mapping(entries) = &node.data else { return None };
    entries.iter().find(|entry| entry.key == key)
}
