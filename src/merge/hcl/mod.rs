//! Merging Terraform files by block address and attribute.
//!
//! All sides are read as trees, and their parts matched: blocks by keyword, labels and alias,
//! repeated ones by an attribute that tells them apart or else by their order, attributes and
//! entries of objects by name, elements of lists by their order. The result is our text with a few
//! spans replaced, so our comments, order and layout stay. It is then read anew and proved; what
//! cannot be proved is a conflict on the whole file.
//!
//! - The order of blocks and attributes says nothing: ours stays.
//! - Comments are merged like values: one that both sides changed in different ways is a conflict. Blank
//!   lines are as ours has them.
//! - What cannot be merged so, or not be proved, is merged by lines; that counts where it is clean and can
//!   be proved in the same way.
//! - Where ours was formatted before, the result of a merge without markers is, too.

mod address;
mod body;
mod comments;
mod conflict;
mod container;
mod edit;
mod expression;
mod insertion;
mod items;
mod named;
mod parsed;
mod proof;
mod rename;
mod renamed;
mod rows;
mod semantics;

use std::borrow::Cow;

use super::markers::Markers;
use super::{Conflict, Labels, Merged, Resolution, lines};
use crate::hcl::{self, Block, Document, Span};
use crate::sides::Sides;

use self::body::Outcome;
use self::conflict::{ConflictRegion, Pick};
use self::edit::Edit;
use self::parsed::Parsed;
use crate::merge::proof::Allowed;

/// Merges three texts by address; by lines if one of them is not HCL.
pub(super) fn merge(sides: Sides<&str>, resolution: Resolution, labels: &Labels) -> Merged {
    if let Some(text) = sides.trivial() {
        return Merged { text: (*text).to_owned(), conflicts: Vec::new() };
    }
    let is_marked = sides.ours.starts_with(MARK);
    let endings = LineEndings::from_text(sides.ours);
    let plain = sides.map(plain);
    let plain = plain.as_ref().map(|text| &**text);
    let merged = match plain.trivial() {
        Some(text) => Some(Merged { text: (*text).to_owned(), conflicts: Vec::new() }),
        None => by_address(plain, plain, resolution, labels),
    };
    let Some(merged) = merged else { return lines::merge(sides, resolution, labels) };
    let text = if endings == LineEndings::Windows { merged.text.replace('\n', "\r\n") } else { merged.text };
    let text = if is_marked { format!("{MARK}{text}") } else { text };
    Merged { text, ..merged }
}

/// The byte order mark.
const MARK: char = '\u{feff}';

/// How the lines of a text end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineEndings {
    /// Every line as on Windows.
    Windows,
    /// As elsewhere, or mixed.
    Other,
}

impl LineEndings {
    fn from_text(text: &str) -> Self {
        let all = text.matches('\n').count();
        let windows = text.matches("\r\n").count();
        if all > 0 && all == windows { Self::Windows } else { Self::Other }
    }
}

/// A text as all sides are compared: no mark at its start, and lines that end in `\n` alone if all
/// of them end otherwise.
fn plain(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix(MARK).unwrap_or(text);
    match LineEndings::from_text(text) {
        LineEndings::Windows => Cow::Owned(text.replace("\r\n", "\n")),
        LineEndings::Other => Cow::Borrowed(text),
    }
}

/// Merges sides in which some names may stand in for those of the original texts, `None` if one is not HCL.
fn by_address(
    sides: Sides<&str>,
    originals: Sides<&str>,
    resolution: Resolution,
    labels: &Labels,
) -> Option<Merged> {
    let parsed = sides.map(Parsed::parse).all()?;
    let sides = parsed.as_ref();
    let moved = rename::followed(sides);
    let moved = moved.map(|[base, ours]| Sides { base, ours, theirs: sides.theirs.text().to_owned() });
    let followed = moved.or_else(|| renamed::in_place(sides));
    // Each round leaves fewer names that only one side has.
    let by_name = followed
        .and_then(|texts| by_address(texts.as_ref().map(String::as_str), originals, resolution, labels));
    Some(by_name.unwrap_or_else(|| merged(sides, originals, resolution, labels)))
}

fn merged(
    sides: Sides<&Parsed<'_>>,
    originals: Sides<&str>,
    resolution: Resolution,
    labels: &Labels,
) -> Merged {
    let texts = sides.map(|side| side.text());
    let mut outcome = body::merge(sides);
    outcome.conflicts.sort_by_key(|conflict| conflict.span.start);
    let by_block = proved(sides, &outcome, resolution, texts, labels);
    if let Some(clean) = by_block.as_ref().filter(|_| outcome.conflicts.is_empty()) {
        return clean.clone();
    }
    let is_right =
        |merged: &Merged| merged.conflicts.is_empty() && proof::holds(sides, &merged.text, Allowed::Neither);
    let by_line = lines::merge(texts, resolution, labels);
    if is_right(&by_line) {
        return by_line;
    }
    // A line with another name in it may be what kept two changes apart.
    let as_they_were = Some(originals).filter(|originals| *originals != texts);
    let as_they_were = as_they_were.map(|originals| lines::merge(originals, resolution, labels));
    let right = as_they_were.filter(is_right).or(by_block);
    right.unwrap_or_else(|| unproved(texts, resolution, by_line, labels))
}

/// The result, if it can be shown to keep the changes of both sides.
fn proved(
    sides: Sides<&Parsed<'_>>,
    outcome: &Outcome,
    resolution: Resolution,
    texts: Sides<&str>,
    labels: &Labels,
) -> Option<Merged> {
    let settled = |pick: Pick<'_>, allowed: Allowed| {
        let text = formatted_as(sides.ours, written(sides.ours, outcome, pick)?);
        proof::holds(sides, &text, allowed).then_some(text)
    };
    let is_clean = outcome.conflicts.is_empty();
    let text = match resolution {
        _ if is_clean => settled(Pick::Ours, Allowed::Neither)?,
        Resolution::Ours => settled(Pick::Ours, Allowed::Ours)?,
        Resolution::Theirs => settled(Pick::Theirs, Allowed::Theirs)?,
        Resolution::Mark(style) => {
            // Whichever side a person takes, the rest has to be right.
            let results = [settled(Pick::Ours, Allowed::Ours)?, settled(Pick::Theirs, Allowed::Theirs)?];
            proof::share_comments(sides, results.each_ref().map(String::as_str)).then_some(())?;
            written(sides.ours, outcome, Pick::Marks(&Markers::new(texts, labels, style)))?
        }
    };
    Some(Merged { text, conflicts: outcome.conflicts.iter().map(ConflictRegion::report).collect() })
}

/// Our text with all edits.
fn written(side: &Parsed<'_>, outcome: &Outcome, pick: Pick<'_>) -> Option<String> {
    let settled = outcome.conflicts.iter().flat_map(|conflict| conflict.edits(side, pick));
    let edits: Vec<Edit> = outcome.edits.iter().cloned().chain(settled).collect();
    edit::apply(side.text(), Span::from(0..side.text().len()), &edits)
}

/// A result in canonical form, if ours is.
fn formatted_as(ours: &Parsed<'_>, result: String) -> String {
    let is_formatted = || ours.document.format().is_ok_and(|formatted| formatted == ours.text());
    if result == ours.text() || !is_formatted() {
        return result;
    }
    hcl::format(&result).unwrap_or(result)
}

/// The whole file as one conflict: by lines if that marks it, else all of it.
fn unproved(sides: Sides<&str>, resolution: Resolution, by_line: Merged, labels: &Labels) -> Merged {
    if !by_line.conflicts.is_empty() {
        return by_line;
    }
    let text = match resolution {
        Resolution::Ours => sides.ours.to_owned(),
        Resolution::Theirs => sides.theirs.to_owned(),
        Resolution::Mark(style) => Markers::new(sides, labels, style).marked(sides),
    };
    let conflict = Conflict { at: "the whole file".to_owned(), what: "changed on both sides".to_owned() };
    Merged { text, conflicts: vec![conflict] }
}

/// The blocks of a file that are the same block in whatever file of a folder they stand, by address.
pub(super) fn followed(document: &Document<'_>) -> Vec<(String, Span)> {
    // The values in `locals` are known by their own names, whatever block they stand in.
    let blocks = document.body().blocks().filter(|block| block.keyword != "locals");
    blocks.map(|block| (address::block_key(document, block), block.span)).collect()
}

/// What people call a block of the outermost level.
pub(super) fn addressed(document: &Document<'_>, block: &Block) -> String {
    address::readable("", &address::block_key(document, block))
}
