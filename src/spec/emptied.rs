//! Keys with nothing behind them that would open more than whoever emptied them meant.
//!
//! Responsible for `null` where it widens: a list of callers of which every entry is commented out, and
//! a role that lists no callers, or takes away what `defaults` protects. Refuses to judge a `null` that is written out
//! for one key: that removes it, as the reference says.

use std::sync::Arc;

use super::SourceSpec;
use crate::diagnostic::words::one_of;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
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

/// Reports `callers:` of a role with nothing behind it, which would let in every caller.
pub(super) fn no_callers_of_roles(source: &Arc<Source>, root: &Node<'_>, found: &mut Diagnostics) {
    let targets = entry(root, "targets").map_or(&[][..], |targets| targets.value.items());
    let defaults = entry(root, "defaults").map(|defaults| &defaults.value);
    for (_, role) in defaults.into_iter().chain(targets).flat_map(roles) {
        if let Some(callers) = entry(&role.value, "callers").filter(|callers| is_emptied(callers)) {
            let help = "list their IDs, as in `callers: [ci-apply]`; without the key, every caller can assume the role";
            let message = "nobody can assume the role: `callers` has nothing behind it";
            found.push(Diagnostic::error(message).at(source, callers.key_at).help(help));
        }
    }
}

/// Warns of targets that lose a protection of `defaults.role` to a key with nothing behind it.
pub(super) fn lost_protections(source: &Arc<Source>, root: &Node<'_>, found: &mut Diagnostics) {
    let defaults = entry(root, "defaults").map(|defaults| &defaults.value);
    let defaults: Vec<_> = defaults.into_iter().flat_map(roles).collect();
    if defaults.is_empty() {
        return;
    }
    let targets = entry(root, "targets").map_or(&[][..], |targets| targets.value.items());
    for (place, role) in targets.iter().flat_map(roles) {
        let under = defaults.iter().find(|(default, _)| *default == place);
        let Some((at, lost)) = under.and_then(|(_, under)| lost(role, &under.value)) else { continue };
        let message = format!("this empty value removes {} of `defaults.{place}`", all_of(&lost));
        let help = "remove the key to keep the default; to remove one on purpose, write it out, as in `role: {external_id: null}`";
        found.push(Diagnostic::warning(message).at(source, at).help(help));
    }
}

/// The roles of a target or of the defaults, each with its place there.
fn roles<'n, 's>(target: &'n Node<'s>) -> Vec<(String, &'n Entry<'s>)> {
    let one = entry(target, "role").map(|role| ("role".to_owned(), role));
    let several = entry(target, "roles").map_or(&[][..], |roles| entries(&roles.value));
    one.into_iter().chain(several.iter().map(|role| (format!("roles.{}", role.key), role))).collect()
}

/// The protections that a role loses, and the key by which it does.
fn lost(role: &Entry<'_>, under: &Node<'_>) -> Option<(Span, Vec<&'static str>)> {
    let is_set = |key: &&str| {
        let value = entry(under, key).map(|entry| &entry.value);
        value.is_some_and(|value| {
            !value.is_null() && !matches!(value.plain(), Some("false" | "False" | "FALSE"))
        })
    };
    let protections = PROTECTIONS.into_iter().filter(is_set);
    if role.value.is_null() {
        let lost: Vec<_> = protections.collect();
        return (!lost.is_empty()).then_some((role.key_at, lost));
    }
    let emptied = |key: &&str| entry(&role.value, key).is_some_and(is_emptied);
    let lost: Vec<_> = protections.filter(emptied).collect();
    let first = entry(&role.value, lost.first()?)?;
    Some((first.key_at, lost))
}

/// Whether nothing stands behind a key.
fn is_emptied(entry: &Entry<'_>) -> bool {
    entry.value.is_null() && entry.value.at.range().is_empty()
}

fn all_of(keys: &[&str]) -> String {
    one_of(keys).replace(" or ", " and ")
}

fn entry<'n, 's>(node: &'n Node<'s>, key: &str) -> Option<&'n Entry<'s>> {
    entries(node).iter().find(|entry| entry.key == key)
}

fn entries<'n, 's>(node: &'n Node<'s>) -> &'n [Entry<'s>] {
    match &node.data {
        Data::Mapping(entries) => entries,
        Data::Scalar(_) | Data::Sequence(_) => &[],
    }
}
