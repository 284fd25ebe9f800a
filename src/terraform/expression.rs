//! Expressions as they are written: what `hcl` found in a file, or a string of JSON, taken apart.
//!
//! `hcl` has accepted the form; hcl-edit makes a tree of it and limits its depth, which everything here
//! that follows the tree relies on.

use std::ops::Range;

use hcl_edit::expr;
use hcl_edit::template::Template;

use crate::diagnostic::Span;
use crate::value::{Data, Reason, Text, Value};

/// An expression, and the text that it was read from.
#[derive(Debug, Clone)]
pub(super) struct Expression {
    pub(super) text: Text,
    pub(super) form: Form,
    pub(super) at: Span,
}

/// The tree of an expression.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// As Terraform's own language has it.
    Native(Box<expr::Expression>),
    /// A text with `${…}`: a string of JSON, or a file for `templatefile`.
    Template(Template),
    /// Terraform as JSON, whose strings are templates.
    Json(Value),
    /// A value that is known already.
    Literal(Value),
    /// What hcl-edit does not take.
    Refused(Reason),
}

impl Expression {
    /// The expression that stands at a place of a file.
    pub(super) fn native(at: Span, written: &str) -> Self {
        if let Some(plain) = plain(written) {
            let mut text = Text::default();
            text.push(Span { start: at.start + 1, end: at.end.saturating_sub(1) }, plain);
            return Self::literal(Value::new(at, Data::Text(text)));
        }
        let text = Text::known(at, written);
        let form = match hcl_edit::parser::parse_expr(written) {
            Ok(tree) => Form::Native(Box::new(tree)),
            Err(_) => Form::Refused(Reason::new(at, "an expression that is not understood")),
        };
        Self { text, form, at }
    }

    /// A text with `${…}` in it.
    pub(super) fn template(at: Span, text: Text) -> Self {
        let form = match text.as_str().map(hcl_edit::parser::parse_template) {
            Some(Ok(tree)) => Form::Template(tree),
            Some(Err(_)) => Form::Refused(Reason::new(at, "a template that is not understood")),
            None => Form::Refused(text.reason().cloned().unwrap_or_else(|| Reason::new(at, "a template"))),
        };
        Self { text, form, at }
    }

    /// A value of a `.tf.json` file.
    pub(super) fn json(value: Value) -> Self {
        let at = value.at;
        match value.data {
            Data::Text(text) => Self::template(at, text),
            data => Self { text: Text::default(), form: Form::Json(Value::new(at, data)), at },
        }
    }

    /// A value that nothing in it is evaluated of.
    pub(super) fn literal(value: Value) -> Self {
        Self { text: Text::default(), at: value.at, form: Form::Literal(value) }
    }

    /// The place of a part of it.
    pub(super) fn place(&self, part: Option<Range<usize>>) -> Span {
        part.map_or(self.at, |part| self.text.place(part))
    }

    /// How a part of it is written.
    pub(super) fn written(&self, part: Range<usize>) -> &str {
        self.text.as_str().and_then(|text| text.get(part)).unwrap_or_default()
    }
}

/// What stands between quotes, where nothing of it is to be worked out: so are most expressions.
fn plain(written: &str) -> Option<&str> {
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    let is_plain = |byte: u8| !matches!(byte, b'"' | b'\\' | b'$' | b'%' | b'\n' | b'\r');
    inner.bytes().all(is_plain).then_some(inner)
}
