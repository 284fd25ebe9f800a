//! Credentials in Terraform: reported, and never shown.
//!
//! They are looked for as they are written, before anything is evaluated: whatever a value comes from,
//! it is there that it has to be hidden.

use std::sync::Arc;

use crate::diagnostic::{Source, Span};
use crate::hcl::{Body, Document, Token, TokenKind};
use crate::lint::finding::{Finding, Findings};
use crate::value::{self, Data, Value};

const KEYS: [&str; 3] = ["access_key", "secret_key", "token"];

/// The file without its credentials, and where they stand.
pub(super) fn hide(source: &Arc<Source>, path: &str) -> (Arc<Source>, Vec<Finding>) {
    let is_json = path.rsplit_once('.').is_some_and(|(_, ending)| ending == "json");
    let mut places = if is_json { in_json(&source.text) } else { in_code(&source.text) };
    places.sort_unstable();
    places.dedup();
    if places.is_empty() {
        return (Arc::clone(source), Vec::new());
    }
    // What is hidden is as long as it was, so every place stays what it is.
    let hidden = Source::new(source.name.clone(), starred(&source.text, &places));
    let mut found = Findings::of(&hidden);
    for at in &places {
        let help =
            "take it from the environment, a profile or OIDC; if it was ever committed, replace it in IAM";
        found.add("CR070", *at, "a credential stands in the file", help);
    }
    (hidden, found.into_list())
}

fn in_code(text: &str) -> Vec<Span> {
    let Ok(document) = Document::parse(text) else { return Vec::new() };
    let windows = document.tokens().windows(3);
    let mut places: Vec<Span> = windows.filter_map(|window| access_key(text, window)).collect();
    in_blocks(&document, document.body(), &mut places);
    places
}

/// A string that is an access key id.
fn access_key(text: &str, window: &[Token]) -> Option<Span> {
    let [open, key, close] = window else { return None };
    let is_string = open.kind == TokenKind::OpenQuote
        && key.kind == TokenKind::QuotedLiteral
        && close.kind == TokenKind::CloseQuote;
    (is_string && is_access_key(key.text(text))).then(|| Span::new(open.span().start..close.span().end))
}

fn in_blocks(document: &Document<'_>, body: &Body, places: &mut Vec<Span>) {
    for block in body.blocks() {
        if matches!(&*block.keyword, "provider" | "backend") {
            let secret = block.body.attributes().filter(|attribute| KEYS.contains(&&*attribute.name));
            let literal = secret.filter(|attribute| is_literal(document.tokens_in(attribute.expression)));
            places.extend(literal.map(|attribute| Span::new(attribute.expression.range())));
        }
        in_blocks(document, &block.body, places);
    }
}

/// Whether an expression is a text that is not empty, and nothing that is filled in.
fn is_literal(expression: &[Token]) -> bool {
    let kinds: Vec<TokenKind> = expression.iter().map(|token| token.kind).collect();
    match kinds.as_slice() {
        [TokenKind::OpenQuote, inner @ .., TokenKind::CloseQuote] => {
            !inner.is_empty() && inner.iter().all(|kind| *kind == TokenKind::QuotedLiteral)
        }
        [TokenKind::HeredocOpen, inner @ .., TokenKind::HeredocClose] => {
            !inner.is_empty() && inner.iter().all(|kind| *kind == TokenKind::HeredocLiteral)
        }
        _ => false,
    }
}

fn in_json(text: &str) -> Vec<Span> {
    let mut places = Vec::new();
    if let Ok(value) = value::parse(text, 0) {
        in_value(&value, false, &mut places);
    }
    places
}

fn in_value(value: &Value, holds_credentials: bool, places: &mut Vec<Span>) {
    match &value.data {
        Data::Text(_) if value.text().is_some_and(is_access_key) => places.push(value.at),
        Data::List(items) => items.iter().for_each(|item| in_value(item, holds_credentials, places)),
        Data::Object(entries) => {
            for entry in entries {
                let name = entry.name().unwrap_or_default();
                let is_secret = holds_credentials && KEYS.contains(&name);
                if is_secret
                    && entry.value.text().is_some_and(|text| !text.is_empty() && !text.contains("${"))
                {
                    places.push(entry.value.at);
                } else {
                    let holds = holds_credentials || matches!(name, "provider" | "backend");
                    in_value(&entry.value, holds, places);
                }
            }
        }
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
        let written = text.get(at.range()).unwrap_or_default();
        // The markers of a heredoc stay.
        let first = if written.starts_with("<<") { written.find('\n').unwrap_or(0) } else { 0 };
        let last = if first > 0 { written.trim_end().rfind('\n').unwrap_or(first) } else { written.len() };
        for index in at.range().skip(first).take(last - first) {
            if let Some(byte) = bytes.get_mut(index).filter(|byte| !matches!(byte, b'"' | b'\n' | b'\r')) {
                *byte = b'*';
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}
