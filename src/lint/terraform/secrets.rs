//! Credentials in Terraform: reported, and never shown.
//!
//! They are looked for as they are written, before anything is evaluated: whatever a value comes from,
//! it is there that it has to be hidden.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Level, Source, Span};
use crate::hcl::{Body, Document, Token, TokenKind};
use crate::lint::finding::{Finding, Findings};
use crate::value::{self, Data, Value};

const KEYS: [&str; 3] = ["access_key", "secret_key", "token"];

/// What a credential that is written out is, by its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Of AWS: ids have 16 or more characters and begin with `A`, secrets have 40. Source: the IAM API
    /// reference, `AccessKey`.
    Key,
    /// A word that stands for one, as emulators take them.
    Placeholder,
    /// Of somebody else, or of nobody.
    Other,
}

/// Fewer characters than any credential of AWS has.
const SHORTEST: usize = 16;
/// The length of a secret access key.
const SECRET: usize = 40;
/// Words that are there so that something is.
const WORDS: [&str; 8] = ["test", "mock", "fake", "dummy", "localstack", "example", "placeholder", "foobar"];

/// What a credential looks like.
pub(super) fn form(text: &str) -> Form {
    let lower = text.to_lowercase();
    let is_id = text.len() >= SHORTEST
        && text.starts_with('A')
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let is_secret = text.len() >= SECRET && !text.contains(char::is_whitespace);
    if is_id || is_secret {
        // AWS's own documentation has keys that end so.
        if lower.ends_with("example") || lower.ends_with("examplekey") {
            Form::Placeholder
        } else {
            Form::Key
        }
    } else if text.len() < SHORTEST || WORDS.iter().any(|word| lower.contains(word)) {
        Form::Placeholder
    } else {
        Form::Other
    }
}

/// The file without its credentials, and where they stand.
pub(super) fn hide(source: &Arc<Source>, path: &str) -> (Arc<Source>, Vec<Finding>) {
    let text = source.text.as_str();
    let mut places: BTreeMap<Span, Form> = ids(text).map(|at| (at, Form::Key)).collect();
    // Most files have neither, and reading them takes longer than looking.
    if KEYS.iter().any(|key| text.contains(key)) {
        let is_json = path.rsplit_once('.').is_some_and(|(_, ending)| ending == "json");
        let arguments = if is_json { in_json(text) } else { in_code(text) };
        for (at, form) in arguments {
            places.retain(|id, _| id.start < at.start || at.end < id.end);
            places.insert(at, form);
        }
    }
    if places.is_empty() {
        return (Arc::clone(source), Vec::new());
    }
    // What is hidden is as long as it was, so every place stays what it is. A placeholder is not a secret.
    let secret = places.iter().filter(|(_, form)| **form != Form::Placeholder).map(|(at, _)| *at);
    let hidden = Source::new(source.name.clone(), starred(text, &secret.collect::<Vec<_>>()));
    let mut found = Findings::of(&hidden);
    for (at, form) in places {
        let (level, message) = match form {
            Form::Key => (Level::Error, "the file contains a credential"),
            Form::Other => (Level::Warning, "the file may contain a credential"),
            Form::Placeholder => (Level::Note, "a placeholder is used as a credential"),
        };
        let help =
            "take it from the environment, a profile or OIDC; if it was ever committed, replace it in IAM";
        found.add_as(level, "CR070", at, message, help);
    }
    (hidden, found.into_list())
}

/// Ids of access keys, wherever they stand: of a user (`AKIA…`) or of a session (`ASIA…`).
fn ids(text: &str) -> impl Iterator<Item = Span> {
    let starts = ["AKIA", "ASIA"].into_iter().flat_map(|begin| text.match_indices(begin));
    starts.filter_map(|(start, _)| {
        let is_word = |c: char| c.is_ascii_alphanumeric();
        let rest = &text[start..];
        let id = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
        let is_alone = !text[..start].ends_with(is_word);
        let is_id = id.len() == 20 && form(id) == Form::Key;
        (is_alone && is_id).then(|| Span::new(start..start + id.len()))
    })
}

fn in_code(text: &str) -> Vec<(Span, Form)> {
    let Ok(document) = Document::parse(text) else { return Vec::new() };
    let mut places = Vec::new();
    in_blocks(&document, document.body(), &mut places);
    places
}

fn in_blocks(document: &Document<'_>, body: &Body, places: &mut Vec<(Span, Form)>) {
    for block in body.blocks() {
        if matches!(&*block.keyword, "provider" | "backend") {
            let secret = block.body.attributes().filter(|attribute| KEYS.contains(&&*attribute.name));
            let literal = secret.filter(|attribute| is_literal(document.tokens_in(attribute.expression)));
            places.extend(literal.map(|attribute| {
                let written = &document.text()[attribute.expression];
                (Span::new(attribute.expression.range()), form(written.trim_matches('"')))
            }));
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

fn in_json(text: &str) -> Vec<(Span, Form)> {
    let mut places = Vec::new();
    if let Ok(value) = value::parse(text, 0) {
        in_value(&value, false, &mut places);
    }
    places
}

fn in_value(value: &Value, holds_credentials: bool, places: &mut Vec<(Span, Form)>) {
    match &value.data {
        Data::List(items) => items.iter().for_each(|item| in_value(item, holds_credentials, places)),
        Data::Object(entries) => {
            for entry in entries {
                let name = entry.name().unwrap_or_default();
                let secret = entry.value.text().filter(|_| holds_credentials && KEYS.contains(&name));
                if let Some(text) = secret.filter(|text| !text.is_empty() && !text.contains("${")) {
                    places.push((entry.value.at, form(text)));
                } else {
                    let holds = holds_credentials || matches!(name, "provider" | "backend");
                    in_value(&entry.value, holds, places);
                }
            }
        }
        _ => {}
    }
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
