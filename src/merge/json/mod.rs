//! Merging JSON: policies by what they mean, other documents by their keys and elements.
//!
//! The result is our text where nothing has to change: its indentation, its order, its line breaks, its
//! escapes. What cannot be read, or compared, is merged by lines; so is what cannot be told apart, where
//! that is clean and can be proved.

mod keys;
mod list;
mod located;
mod named;
mod proof;
mod renamed;
mod said;
mod set;
mod shape;
mod statement;
mod value;
mod written;

use serde_json::Value;

use self::located::Document;
use self::shape::{Shape, is_same};
use self::value::{Merge, Place};
use self::written::Form;
use super::{Conflict, Labels, Merged, Resolution, lines};
use crate::sides::{Side, Sides};

/// Merges three JSON texts.
pub(super) fn merge(sides: Sides<&str>, resolution: Resolution, labels: &Labels) -> Merged {
    if let Some(text) = sides.trivial() {
        return Merged { text: (*text).to_owned(), conflicts: Vec::new() };
    }
    let Some(documents) = sides.map(Document::read).all() else {
        return lines::merge(sides, resolution, labels);
    };
    let originals = Originals { texts: sides, is_canonical: written::is_canonical(&documents.ours) };
    by_name(documents.as_ref(), originals, resolution, labels)
}

/// The three texts as people wrote them.
#[derive(Clone, Copy)]
struct Originals<'o> {
    texts: Sides<&'o str>,
    /// Whether ours is as we would write it.
    is_canonical: bool,
}

/// Merges documents in which some names may stand in for those of the original texts.
fn by_name(
    documents: Sides<&Document<'_>>,
    originals: Originals<'_>,
    resolution: Resolution,
    labels: &Labels,
) -> Merged {
    let texts = renamed::in_place(documents);
    let followed = texts.as_ref().and_then(|texts| texts.as_ref().map(|text| Document::read(text)).all());
    match followed {
        // Each round leaves fewer names that only one side has.
        Some(followed) => by_name(followed.as_ref(), originals, resolution, labels),
        None => Documents::new(documents, originals).merge(resolution, labels),
    }
}

struct Documents<'d> {
    originals: Originals<'d>,
    texts: Sides<&'d str>,
    shape: Shape,
    values: Sides<&'d Value>,
    form: Form<'d>,
}

impl<'d> Documents<'d> {
    fn new(documents: Sides<&'d Document<'d>>, originals: Originals<'d>) -> Self {
        let values = documents.map(|document| &document.value);
        Self {
            originals,
            texts: documents.map(|document| document.text),
            shape: Shape::from_documents(values.into_array()),
            values,
            form: Form::new(documents, originals.is_canonical),
        }
    }

    fn merge(&self, resolution: Resolution, labels: &Labels) -> Merged {
        let whole = |text: String| Merged { text, conflicts: Vec::new() };
        // A text that only looks different has nothing to say, and what is in another order has.
        if self.values.base == self.values.theirs {
            return whole(self.text(self.values.ours, labels));
        }
        if self.values.base == self.values.ours {
            return whole(self.text(self.values.theirs, labels));
        }
        let (ours, conflicts) = self.decided_for(Side::Ours);
        let by_ours = || Merged { text: self.text(&ours, labels), conflicts: conflicts.clone() };
        if conflicts.is_empty() {
            return by_ours();
        }
        if let Some(text) = self.by_line(labels) {
            return whole(text);
        }
        let theirs = || self.decided_for(Side::Theirs).0;
        match resolution {
            Resolution::Ours => by_ours(),
            Resolution::Theirs => Merged { text: self.text(&theirs(), labels), conflicts },
            Resolution::Mark(style) => {
                // The three differ in nothing but the conflicts.
                let sides = Sides { base: self.decided_for(Side::Base).0, ours, theirs: theirs() };
                let texts = sides.map(|document| self.form.text(&document));
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

    /// The merge by lines, where it has no conflict and can be proved. What two right changes of a policy
    /// come to is not for lines to say.
    fn by_line(&self, labels: &Labels) -> Option<String> {
        let is_right = |value: &Value| proof::holds(self.shape, self.values, value);
        self.by_lines(labels, is_right).filter(|_| self.shape == Shape::Plain)
    }

    /// A clean merge by lines, under the old names or the new ones, if it says what is wanted.
    fn by_lines(&self, labels: &Labels, is_right: impl Fn(&Value) -> bool) -> Option<String> {
        let merged = |texts| lines::merge(texts, Resolution::Ours, labels);
        let clean = [self.originals.texts, self.texts].into_iter().map(merged);
        let mut texts = clean.filter(|merged| merged.conflicts.is_empty()).map(|merged| merged.text);
        texts.find(|text| Document::read(text).is_some_and(|found| is_right(&found.value)))
    }

    /// A document as text: ours if it says the same, the merge by lines if that says the same, and
    /// else written into ours.
    fn text(&self, document: &Value, labels: &Labels) -> String {
        let is_ours = document == self.values.ours;
        if is_ours && self.texts == self.originals.texts {
            return self.texts.ours.to_owned();
        }
        if self.form.is_canonical() {
            return self.form.text(document);
        }
        let says_the_same = |value: &Value| is_same(self.shape, Some(value), Some(document));
        self.by_lines(labels, says_the_same).unwrap_or_else(|| self.form.text(document))
    }
}
