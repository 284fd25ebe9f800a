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
use self::value::{Merge, Place, Side, Three};
use super::{Conflict, Labels, Merged, Resolution, Sides, lines};
use crate::policy::canonical_text;

/// Merges three JSON texts.
pub(super) fn merge(sides: Sides<'_>, resolution: Resolution, labels: &Labels) -> Merged {
    let documents = [sides.base, sides.ours, sides.theirs].map(read::read);
    let [Some(base), Some(ours), Some(theirs)] = &documents else {
        return lines::merge(sides, resolution, labels);
    };
    let documents = Documents { sides, shape: Shape::of([base, ours, theirs]), base, ours, theirs };
    documents.merge(resolution, labels)
}

struct Documents<'d> {
    sides: Sides<'d>,
    shape: Shape,
    base: &'d Value,
    ours: &'d Value,
    theirs: &'d Value,
}

impl Documents<'_> {
    fn merge(&self, resolution: Resolution, labels: &Labels) -> Merged {
        // A text that only looks different has nothing to say, and what is in another order has.
        if self.base == self.ours {
            let text = if self.base == self.theirs { self.sides.ours } else { self.sides.theirs };
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
                let form = Form::of(self.sides.ours, self.ours);
                let base = form.text(&self.decided_for(Side::Base).0);
                let (ours, theirs) = (form.text(&ours), form.text(&theirs()));
                // The three differ in nothing but the conflicts.
                let sides = Sides { base: &base, ours: &ours, theirs: &theirs };
                Merged { text: lines::mark_all(sides, style, labels), conflicts }
            }
        }
    }

    /// The document with every conflict decided for one side. A merge that cannot be proved is one
    /// conflict.
    fn decided_for(&self, side: Side) -> (Value, Vec<Conflict>) {
        let mut merge = Merge::new(side);
        let all = [self.base, self.ours, self.theirs];
        let three = Three { base: Some(self.base), ours: Some(self.ours), theirs: Some(self.theirs) };
        let place = Place::default();
        let merged = merge.value(&place, self.shape, three).unwrap_or_default();
        if merge.conflicts.is_empty() && !proof::holds(self.shape, all, &merged) {
            let whole = merge.conflict(&place, three).unwrap_or_default();
            return (whole, merge.conflicts);
        }
        (merged, merge.conflicts)
    }

    /// A document as text: ours if it says the same, the merge by lines if that says the same, and
    /// else written anew in our form.
    fn text(&self, document: &Value, labels: &Labels) -> String {
        if document == self.ours {
            return self.sides.ours.to_owned();
        }
        let form = Form::of(self.sides.ours, self.ours);
        if form.is_canonical {
            return form.text(document);
        }
        let says_the_same = |value: &Value| is_same(self.shape, Some(value), Some(document));
        let merged = lines::merge(self.sides, Resolution::Ours, labels);
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
    fn of(text: &str, document: &Value) -> Self {
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
