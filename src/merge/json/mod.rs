//! Merging JSON: policies by what they mean, other documents by their keys.
//!
//! The result is our text where nothing has to change, and else in our form: its indentation, its
//! order, its line breaks. A text that cannot be written again without loss is merged by lines.

mod proof;
mod read;
mod set;
mod shape;
mod statement;
mod value;

use serde_json::Value;

use self::shape::{Shape, is_same};
use self::value::{Merge, Place};
use super::{Conflict, Labels, Merged, Resolution, lines};
use crate::policy::canonical_text;
use crate::sides::{Side, Sides};

/// Merges three JSON texts.
pub(super) fn merge(sides: Sides<&str>, resolution: Resolution, labels: &Labels) -> Merged {
    let Some(documents) = sides.map(read::read).all() else {
        return lines::merge(sides, resolution, labels);
    };
    let values = documents.as_ref();
    Documents { texts: sides, shape: Shape::from_documents(values.into_array()), values }
        .merge(resolution, labels)
}

struct Documents<'d> {
    texts: Sides<&'d str>,
    shape: Shape,
    values: Sides<&'d Value>,
}

impl Documents<'_> {
    fn merge(&self, resolution: Resolution, labels: &Labels) -> Merged {
        // A text that only looks different has nothing to say, and what is in another order has.
        if self.values.base == self.values.ours {
            let is_quiet = self.values.base == self.values.theirs;
            let text = if is_quiet { self.texts.ours } else { self.texts.theirs };
            return Merged { text: text.to_owned(), conflicts: Vec::new() };
        }
        let (ours, conflicts) = self.decided_for(Side::Ours);
        let by_ours = || Merged { text: self.text(&ours, labels), conflicts: conflicts.clone() };
        if conflicts.is_empty() {
            return by_ours();
        }
        let theirs = || self.decided_for(Side::Theirs).0;
        match resolution {
            Resolution::Ours => by_ours(),
            Resolution::Theirs => Merged { text: self.text(&theirs(), labels), conflicts },
            Resolution::Mark(style) => {
                let form = Form::new(self.texts.ours, self.values.ours);
                // The three differ in nothing but the conflicts.
                let sides = Sides { base: self.decided_for(Side::Base).0, ours, theirs: theirs() };
                let texts = sides.map(|document| form.text(&document));
                let texts = texts.as_ref().map(String::as_str);
                Merged { text: lines::mark_all(texts, style, labels), conflicts }
            }
        }
    }

    /// The document with every conflict decided for one side. A merge that cannot be proved is one
    /// conflict.
    fn decided_for(&self, side: Side) -> (Value, Vec<Conflict>) {
        let mut merge = Merge::new(side);
        let three = self.values.map(Some);
        let place = Place::default();
        let merged = merge.value(&place, self.shape, three).unwrap_or_default();
        if merge.conflicts.is_empty() && !proof::holds(self.shape, self.values, &merged) {
            let whole = merge.conflict(&place, three).unwrap_or_default();
            return (whole, merge.conflicts);
        }
        (merged, merge.conflicts)
    }

    /// A document as text: ours if it says the same, the merge by lines if that says the same, and
    /// else written anew in our form.
    fn text(&self, document: &Value, labels: &Labels) -> String {
        if document == self.values.ours {
            return self.texts.ours.to_owned();
        }
        let form = Form::new(self.texts.ours, self.values.ours);
        if form.is_canonical {
            return form.text(document);
        }
        let says_the_same = |value: &Value| is_same(self.shape, Some(value), Some(document));
        let merged = lines::merge(self.texts, Resolution::Ours, labels);
        if merged.conflicts.is_empty() && read::read(&merged.text).is_some_and(|value| says_the_same(&value))
        {
            return merged.text;
        }
        form.text(document)
    }
}

/// How a text is written.
struct Form {
    is_canonical: bool,
    /// What one level is indented by; None for a text on one line.
    indent: Option<String>,
    crlf: bool,
    is_ended: bool,
}

impl Form {
    fn new(text: &str, document: &Value) -> Self {
        let crlf = text.contains("\r\n");
        let is_canonical = canonical_text(document).lines().eq(text.lines()) && text.ends_with('\n');
        let blanks = |line: &str| line[..line.len() - line.trim_start().len()].to_owned();
        let indent = text.lines().skip(1).map(blanks).find(|blanks| !blanks.is_empty());
        let is_one_line = text.trim_end().lines().count() <= 1;
        let indent = indent.or_else(|| (!is_one_line).then(String::new));
        Self { is_canonical, indent, crlf, is_ended: text.ends_with('\n') }
    }

    fn text(&self, document: &Value) -> String {
        let mut text = match &self.indent {
            _ if self.is_canonical => canonical_text(document),
            None => format!("{document}\n"),
            Some(indent) => indented(document, indent) + "\n",
        };
        if !self.is_ended {
            text.pop();
        }
        if self.crlf { text.replace('\n', "\r\n") } else { text }
    }
}

fn indented(document: &Value, indent: &str) -> String {
    use serde::Serialize;
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(indent.as_bytes());
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    // Values have text keys, and memory takes what it is given: there is nothing that could fail.
    _ = document.serialize(&mut serializer);
    String::from_utf8(bytes).unwrap_or_default()
}
