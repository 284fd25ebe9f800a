//! The policies in Terraform, wherever they stand: texts, heredocs, `jsonencode`, files and data
//! sources. What a value comes to is the reader's; here it is taken for a policy.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::Root;
use crate::diagnostic::words::excerpt;
use crate::diagnostic::{Diagnostic, Source};
use crate::terraform::{Block, Terraform, Unread};
use crate::value::{Data, Problem, Value};

/// Texts by path.
pub(super) type Texts = BTreeMap<String, Arc<Source>>;

/// The policy that an argument holds, each part of it where it is written; `None` when only a run would
/// show it.
pub(super) fn of(value: &Value) -> Option<Result<Value, Problem>> {
    match &value.data {
        Data::Object(_) => Some(Ok(value.clone())),
        Data::Text(text) => {
            // What begins with something unknown may be anything.
            let is_begun = text.reason().is_none() || !text.ends().0.trim().is_empty();
            is_begun.then(|| Value::decode(text))
        }
        _ => None,
    }
}

/// What there is to say of policies in files that were not read.
pub(super) fn left_out(read: &Terraform, roots: &[Root<'_>], codes: &Texts) -> Vec<Diagnostic> {
    let is_policy = |unread: &&Unread| {
        let blocks = || roots.iter().flat_map(|root| &root.module.blocks);
        has_ending(&unread.path, "json") || blocks().any(|block| is_policy_of(block, unread))
    };
    let said = |unread: &Unread| {
        let place = read.sources.place(unread.at)?;
        let message = format!("`{}` was not looked at", excerpt(&shown(unread, &place.source, codes)));
        let help = "name the folder that holds both, or the file by itself";
        Some(Diagnostic::warning(message).at(&place.source, place.span).help(help))
    };
    read.unread.iter().filter(is_policy).filter_map(said).collect()
}

fn has_ending(path: &str, wanted: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending == wanted)
}

/// Whether an argument of a block, or of those in it, is a policy that depends on a file.
fn is_policy_of(block: &Block, unread: &Unread) -> bool {
    let mut policies = block.arguments.iter().filter(|argument| argument.key.ends_with("policy"));
    policies.any(|argument| argument.value.reason().is_some_and(|reason| reason.at == unread.at))
        || block.blocks.iter().any(|inner| is_policy_of(inner, unread))
}

/// The path of a file, seen from where the files are named; `..` goes up as far as that is known.
fn shown(unread: &Unread, by: &Source, codes: &Texts) -> String {
    if unread.path.starts_with('/') {
        return unread.path.clone();
    }
    let own = codes.iter().find(|(_, source)| source.name == by.name);
    let above = own.and_then(|(path, _)| by.name.strip_suffix(path.as_str())).unwrap_or_default();
    let whole = format!("{above}{}/{}", unread.root, unread.path);
    let mut parts: Vec<&str> = Vec::new();
    for (index, part) in whole.split('/').enumerate() {
        match (part, parts.last()) {
            ("." | "", _) if index > 0 || part == "." => {}
            ("..", Some(&last)) if !matches!(last, ".." | "") => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}
