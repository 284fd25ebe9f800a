//! How a value becomes text in each kind of file. There is no way around it.
//!
//! A plain `{{ value }}` is escaped by the kind of the file it stands in; filters exist for values
//! that are no single text. So a template that forgets nothing and one that was written in a hurry
//! are equally safe. What was filled into HCL stays marked until it is known to stand where its text
//! cannot end anything (`render/skeleton.rs`).

use std::borrow::Cow;
use std::io::{self, Write};

use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::hcl::string::{escape, quote};
use crate::output::FileKind;
use crate::shell;

/// Stands before every text literal that comes from a value, in rendered HCL. No template and no
/// value can hold it, so the formatter can tell what is the template's and what is a value's.
pub const LITERAL_START: char = '\u{1}';
/// Stands before the text of a value in a comment.
pub const COMMENT_START: char = '\u{3}';
/// Stands behind either.
pub const FILL_END: char = '\u{2}';

/// Makes an engine escape everything the way files of this kind need.
pub(super) fn install(tera: &mut Tera, kind: FileKind) {
    tera.autoescape_on([""]);
    tera.register_filter("safe", refuse_safe);
    match kind {
        FileKind::Hcl => {
            tera.set_escape_fn(write_hcl);
            tera.register_filter("hcl", hcl_filter);
            tera.register_filter("comment", comment_filter);
            tera.register_filter("inside", comment_filter);
            tera.register_filter("identifier", identifier_filter);
        }
        FileKind::Json => {
            tera.set_escape_fn(write_json);
            tera.register_filter("json", json_filter);
            tera.register_filter("document", document_filter);
        }
        FileKind::Shell => tera.set_escape_fn(write_shell),
        FileKind::Markdown => {
            tera.set_escape_fn(write_markdown);
            tera.register_filter("shell", shell_filter);
        }
        FileKind::Plain => tera.set_escape_fn(|text, out| out.write_all(plain_line(text).as_bytes())),
    }
}

fn refuse_safe(_: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    Err(tera::Error::message("values cannot leave their escaping: there is no filter `safe`"))
}

/// A text on one line, in which nothing hides.
fn one_line(text: &str) -> Cow<'_, str> {
    escape(text)
}

/// The same in a file where Terraform's own signs mean nothing, so that what is printable stays as it is.
fn plain_line(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) { Cow::Borrowed(text) } else { one_line(text) }
}

fn comment_filter(value: &Value, _: Kwargs, _: &State<'_>) -> Value {
    let text = value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed);
    let mut comment = String::with_capacity(text.len() + 2);
    comment.push(COMMENT_START);
    comment.push_str(&one_line(&text));
    comment.push(FILL_END);
    Value::safe_string(&comment)
}

/// A text as a name in Terraform, which it has to be.
fn identifier_filter(text: &str, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    if is_identifier(text) {
        Ok(Value::safe_string(text))
    } else {
        Err(tera::Error::message("this is not a name in Terraform: letters, digits, `_` and `-`"))
    }
}

fn write_hcl(text: &str, out: &mut dyn Write) -> io::Result<()> {
    const START: [u8; 2] = [LITERAL_START as u8, b'"'];
    const END: [u8; 2] = [b'"', FILL_END as u8];
    out.write_all(&START)?;
    out.write_all(escape(text).as_bytes())?;
    out.write_all(&END)
}

fn write_json(text: &str, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(out, text).map_err(io::Error::from)
}

/// Single quotes, in which a shell gives nothing a meaning.
fn write_shell(text: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "'{}'", text.replace('\'', "'\\''"))
}

/// Nothing that could end a code span or a table cell, or begin a tag.
fn write_markdown(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let text = one_line(text);
    // Nearly no value holds any of these.
    if !text.contains(['`', '|', '<']) {
        return out.write_all(text.as_bytes());
    }
    let text = text.replace('`', "'").replace('|', "\\|").replace('<', "&lt;");
    out.write_all(text.as_bytes())
}

/// A text as one word of a command, for code in which Markdown gives nothing a meaning: a block, or a span of its own.
fn shell_filter(text: &str, _: Kwargs, _: &State<'_>) -> Value {
    Value::safe_string(&shell::word(text))
}

/// A value of any kind as an HCL expression.
fn hcl_filter(value: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let mut text = String::new();
    write_expression(value, &mut text)?;
    Ok(Value::safe_string(&text))
}

fn write_expression(value: &Value, out: &mut String) -> TeraResult<()> {
    if let Some(text) = value.as_str() {
        out.push(LITERAL_START);
        out.push_str(&quote(text));
        out.push(FILL_END);
    } else if let Some(items) = value.as_array() {
        out.push('[');
        for (index, item) in items.iter().enumerate() {
            out.push_str(if index == 0 { "" } else { ", " });
            write_expression(item, out)?;
        }
        out.push(']');
    } else if let Some(map) = value.as_map() {
        out.push_str("{\n");
        for (key, value) in map {
            // A key's width moves its neighbours, so it belongs to the layout and is no fill.
            out.push_str(&object_key(&key.to_string()));
            out.push_str(" = ");
            write_expression(value, out)?;
            out.push('\n');
        }
        out.push('}');
    } else if value.is_none() || value.is_undefined() {
        return Err(tera::Error::message("a value that is not there has no HCL form"));
    } else {
        out.push_str(&value.to_string());
    }
    Ok(())
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// A key of an object: bare where it is an identifier, as a person would write it.
fn object_key(key: &str) -> String {
    let bare = is_identifier(key) && !matches!(key, "for" | "true" | "false" | "null" | "if" | "in");
    if bare { key.to_owned() } else { quote(key) }
}

/// A value of any kind as JSON.
fn json_filter(value: &Value, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    match serde_json::to_string(value) {
        Ok(text) => Ok(Value::safe_string(&text)),
        Err(error) => Err(tera::Error::message(format!("no JSON form: {error}"))),
    }
}

/// A text that is a JSON document, as that document.
fn document_filter(text: &str, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => Ok(Value::safe_string(text)),
        Err(error) => Err(tera::Error::message(format!("not a JSON document: {error}"))),
    }
}
