//! Credentials in Terraform: reported, and never shown.

use std::sync::Arc;

use super::block::{self, Block};
use crate::diagnostic::{Source, Span};
use crate::lint::finding::{Finding, Findings};
use crate::lint::value::{Data, Value};

const KEYS: [&str; 3] = ["access_key", "secret_key", "token"];

/// The file without its credentials, and where they stand.
pub(super) fn hide(file: Block) -> (Block, Vec<Finding>) {
    let mut places = Vec::new();
    collect(&file, &mut places);
    if places.is_empty() {
        return (file, Vec::new());
    }
    let hidden = Source::new(file.source.name.clone(), starred(&file.source.text, &places));
    let mut found = Findings::of(&hidden);
    for at in &places {
        let help =
            "take it from the environment, a profile or OIDC; if it was ever committed, replace it in IAM";
        found.add("CR070", *at, "a credential stands in the file", help);
    }
    // What is hidden is as long as it was, so the file stays one.
    let file = block::file(&hidden).unwrap_or(Block { source: Arc::clone(&hidden), ..file });
    (file, found.into_list())
}

fn collect(block: &Block, places: &mut Vec<Span>) {
    let holds_credentials = matches!(&*block.keyword, "provider" | "backend");
    for argument in &block.arguments {
        let is_secret = holds_credentials && KEYS.contains(&&*argument.key);
        if is_secret && argument.value.text().is_some_and(|text| !text.is_empty()) {
            places.push(argument.value.at);
        } else {
            access_keys(&argument.value, places);
        }
    }
    block.blocks.iter().for_each(|inner| collect(inner, places));
}

fn access_keys(value: &Value, places: &mut Vec<Span>) {
    match &value.data {
        Data::Text(text) if is_access_key(text) => places.push(value.at),
        Data::List(items) => items.iter().for_each(|item| access_keys(item, places)),
        Data::Object(entries) => entries.iter().for_each(|entry| access_keys(&entry.value, places)),
        _ => {}
    }
}

/// Whether a text is an access key id: of a user (`AKIA…`) or of a session (`ASIA…`).
fn is_access_key(text: &str) -> bool {
    text.len() == 20
        && (text.starts_with("AKIA") || text.starts_with("ASIA"))
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// The text with stars between the quotes of what is hidden.
fn starred(text: &str, places: &[Span]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for at in places {
        for index in at.range() {
            if let Some(byte) = bytes.get_mut(index).filter(|byte| !matches!(byte, b'"' | b'\n' | b'\r')) {
                *byte = b'*';
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}
