//! Credentials have no place in a spec, whatever key they hide under.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::yaml::{Data, Node};

/// Keys that hold credentials wherever they stand.
const KEYS: [&str; 6] =
    ["access_key", "secret_key", "token", "aws_access_key_id", "aws_secret_access_key", "aws_session_token"];

const HELP: &str = "credentials come from the environment (`source.credentials.from: environment`) or from a profile of ~/.aws/config (`from: profile`); remove this, and if it was ever committed, replace the key in IAM";

/// Whether a key announces a credential.
pub(super) fn is_credential(key: &str) -> bool {
    KEYS.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// Whether a text is an access key id: of a user (`AKIA…`) or of a session (`ASIA…`).
fn is_access_key(text: &str) -> bool {
    text.len() == 20
        && (text.starts_with("AKIA") || text.starts_with("ASIA"))
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Reports every key and every value that is a credential.
pub(super) fn refuse(source: &Arc<Source>, root: &Node<'_>, found: &mut Diagnostics) {
    let mut reported = BTreeSet::new();
    let mut report = |message: String, at: Span| {
        // What an alias repeats stands in one place only.
        if reported.insert(at) {
            found.push(Diagnostic::error(message).id("CR070").at(source, at).help(HELP));
        }
    };
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        match &node.data {
            Data::Sequence(items) => waiting.extend(items.iter()),
            Data::Scalar(scalar) if is_access_key(&scalar.text) => {
                report("an access key stands in the spec".to_owned(), node.at);
            }
            Data::Scalar(_) => {}
            Data::Mapping(entries) => {
                for entry in entries.iter() {
                    if is_credential(&entry.key) {
                        report(format!("`{}` does not belong in a spec", entry.key), entry.key_at);
                    }
                    waiting.push(&entry.value);
                }
            }
        }
    }
}
