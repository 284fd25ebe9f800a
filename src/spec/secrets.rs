//! Credentials have no place in a spec, whatever key they hide under.

use std::collections::BTreeMap;
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

/// Reports every key and every value that is a credential. Returns the text without them, which is
/// what all messages are to show from then on.
pub(super) fn refuse(source: &Arc<Source>, root: &Node<'_>, found: &mut Diagnostics) -> Arc<Source> {
    let secrets = find(root);
    if secrets.is_empty() {
        return Arc::clone(source);
    }
    let hidden = hide(source, secrets.values().copied());
    for (at, value) in &secrets {
        let message = if at == value {
            "the spec contains an access key".to_owned()
        } else {
            format!("`{}` does not belong in a spec", &source.text[at.range()])
        };
        found.push(Diagnostic::error(message).id("CR070").at(&hidden, *at).help(HELP));
    }
    hidden
}

/// The values to hide, by the place to point at: the key that announces them, or themselves. What an
/// alias repeats stands in one place only.
fn find(root: &Node<'_>) -> BTreeMap<Span, Span> {
    let mut secrets = BTreeMap::new();
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        match &node.data {
            Data::Sequence(items) => waiting.extend(items.iter()),
            Data::Scalar(scalar) if is_access_key(&scalar.text) => {
                secrets.insert(node.at, node.at);
            }
            Data::Scalar(_) => {}
            Data::Mapping(entries) => {
                for entry in entries.iter() {
                    if is_credential(&entry.key) {
                        secrets.insert(entry.key_at, entry.value.at);
                    } else {
                        waiting.push(&entry.value);
                    }
                }
            }
        }
    }
    secrets
}

/// The same text, and every place in it, with stars for what is hidden.
fn hide(source: &Source, secrets: impl Iterator<Item = Span>) -> Arc<Source> {
    let mut text = source.text.clone();
    for secret in secrets {
        let range = secret.range();
        let stars: String = text[range.clone()]
            .chars()
            .map(|c| if c == '\n' { "\n".to_owned() } else { "*".repeat(c.len_utf8()) })
            .collect();
        text.replace_range(range, &stars);
    }
    Source::new(source.name.clone(), text)
}
