//! What a rendered text is made of: a skeleton that the template gave it, and slots that values filled.
//!
//! Responsible for where a slot may stand, and for telling whether the layout of a skeleton depends on
//! the values.

use std::borrow::Cow;

use crate::diagnostic::Span;
use crate::hcl::string::{escape, unquote};
use crate::hcl::{self, Token, TokenKind};
use crate::pack::{COMMENT_START, FILL_END, LITERAL_START};

/// Values on which a layout must not depend: no text, a word that `terraform fmt` rewrites in the `type`
/// of a variable, and a long one with an escape that it rewrites in labels.
const TRIAL_VALUES: [&str; 3] =
    ["", "list", "\\u0041bcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz"];

/// What begins a fill.
const STARTS: [char; 2] = [LITERAL_START, COMMENT_START];

/// A slot in which a text could be more than a text.
pub(super) struct UnsafeSlot {
    /// Its place in the plain text.
    pub(super) at: Span,
    pub(super) message: &'static str,
    pub(super) help: &'static str,
}

/// A slot, its text, and what the template wrote before it.
struct Slot<'r> {
    before: &'r str,
    start: char,
    text: &'r str,
}

/// The slots of a rendered text, in order; behind the last, `rest` is what the template wrote there.
struct Slots<'r> {
    rest: &'r str,
}

impl<'r> Iterator for Slots<'r> {
    type Item = Slot<'r>;

    fn next(&mut self) -> Option<Slot<'r>> {
        // Marks are one byte long, so bytes can be searched for them.
        let at = memchr::memchr2(LITERAL_START as u8, COMMENT_START as u8, self.rest.as_bytes())?;
        let (before, marked) = self.rest.split_at(at);
        let start = if marked.starts_with(LITERAL_START) { LITERAL_START } else { COMMENT_START };
        let marked = &marked[1..];
        let end = memchr::memchr(FILL_END as u8, marked.as_bytes()).unwrap_or(marked.len());
        self.rest = marked.get(end + 1..).unwrap_or_default();
        Some(Slot { before, start, text: &marked[..end] })
    }
}

/// A rendered text as its skeleton, each fill one mark, and its fills in order.
pub(super) fn split(rendered: &str) -> (String, Vec<&str>) {
    let mut skeleton = String::with_capacity(rendered.len());
    let mut texts = Vec::new();
    let mut slots = Slots { rest: rendered };
    for Slot { before, start, text } in slots.by_ref() {
        skeleton.push_str(before);
        skeleton.push(start);
        texts.push(text);
    }
    skeleton.push_str(slots.rest);
    (skeleton, texts)
}

/// A rendered text without the marks around its fills.
pub(super) fn plain(rendered: &str) -> String {
    rendered.replace([LITERAL_START, COMMENT_START, FILL_END], "")
}

/// Pieces with fills between them.
pub(super) fn fill<'f>(pieces: &[impl AsRef<str>], fills: impl Iterator<Item = &'f str> + Clone) -> String {
    let length = pieces.iter().map(|piece| piece.as_ref().len()).sum::<usize>()
        + fills.clone().map(str::len).sum::<usize>();
    let mut text = String::with_capacity(length);
    let mut pieces = pieces.iter().map(AsRef::as_ref);
    text.push_str(pieces.next().unwrap_or_default());
    for (fill, piece) in fills.zip(pieces) {
        text.push_str(fill);
        text.push_str(piece);
    }
    text
}

/// Leading blank lines and all but one line feed at the end come from the tags of templates.
pub(super) fn one_final_newline(text: Cow<'_, str>) -> Cow<'_, str> {
    let trimmed = text.trim_start_matches('\n').trim_end_matches('\n');
    match text.strip_suffix('\n') {
        Some(line) if line.len() == trimmed.len() => text,
        _ => Cow::Owned(format!("{trimmed}\n")),
    }
}

/// The first fill that is not what its filter made of it: a later filter turned an escape into
/// something else.
pub(super) fn altered(rendered: &str, fills: &[&str]) -> Option<UnsafeSlot> {
    let number = fills.iter().position(|fill| !is_escaped(fill))?;
    Some(UnsafeSlot {
        at: spans(rendered).nth(number)?.1,
        message: "changes a value after it was escaped",
        help: "`hcl` and `comment` come last: `{{ name | upper | hcl }}`",
    })
}

fn is_escaped(fill: &str) -> bool {
    match fill.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        // Nearly every text stands for itself.
        Some(text) => matches!(escape(text), Cow::Borrowed(_)) || unquote(fill).is_ok(),
        None => !fill.starts_with('"') && !fill.contains(char::is_control),
    }
}

/// The first fill that stands where its text could end what it stands in. Of a skeleton whose fills are
/// escaped, this holds for all fills or for none: no fill moves what comes after it.
pub(super) fn unsafe_slot(rendered: &str) -> Option<UnsafeSlot> {
    let text = plain(rendered);
    let tokens = hcl::scan(&text).ok()?;
    spans(rendered).find_map(|(is_literal, at)| {
        let start = at.range().start;
        let token = tokens.get(tokens.partition_point(|token| token.span().end <= start))?;
        (!may_hold(*token, is_literal, start) && !is_inside(*token, is_literal, &text, at)).then_some(UnsafeSlot {
            at,
            message: "prints a value where it could end what it stands in",
            help: "write it by itself, as in `a = {{ name }}` or `a = {{ \"by \" ~ name }}`, in a text, as in `\"a-{{ name | inside }}\"`, or in a comment up to the end of its line, as in `# {{ name | comment }}`",
        })
    })
}

/// Whether a token can hold a fill that begins at `start`, whatever its text is.
fn may_hold(token: Token, is_literal: bool, start: usize) -> bool {
    match token.kind {
        TokenKind::LineComment => true,
        TokenKind::OpenQuote => is_literal && token.span().start == start,
        TokenKind::HeredocLiteral => is_literal,
        _ => false,
    }
}

/// Whether a fill without quotes stands in a text, where nothing beside it could make more of it than a text.
fn is_inside(token: Token, is_literal: bool, text: &str, at: Span) -> bool {
    let (before, after) = (&text[..at.range().start], &text[at.range().end..]);
    token.kind == TokenKind::QuotedLiteral
        && !is_literal
        && !before.ends_with(['\\', '$', '%'])
        && !after.starts_with(['{', '$', '%'])
}

/// The places of the fills in the plain text, and whether each is a literal.
fn spans(rendered: &str) -> impl Iterator<Item = (bool, Span)> {
    let mut end = 0;
    Slots { rest: rendered }.map(move |fill| {
        let start = end + fill.before.len();
        end = start + fill.text.len();
        (fill.start == LITERAL_START, Span::new(start..end))
    })
}

/// The canonical pieces of a skeleton, if its layout does not depend on the values.
pub(super) fn layout_of(skeleton: &str) -> Option<Vec<Box<str>>> {
    let parts: Vec<&str> = skeleton.split(STARTS).collect();
    let starts: Vec<char> = skeleton.chars().filter(|c| STARTS.contains(c)).collect();
    let fills = |text: &dyn Fn(usize) -> String| -> Vec<String> {
        let fill = |(number, start): (usize, &char)| match *start {
            LITERAL_START => format!("\"{}\"", text(number)),
            _ => text(number),
        };
        starts.iter().enumerate().map(fill).collect()
    };
    let format = |fills: &[String]| {
        hcl::format(&one_final_newline(fill(&parts, fills.iter().map(String::as_str)).into())).ok()
    };
    // A mark is neither blank nor part of a name, so it can stand for the text of either fill.
    let mark = LITERAL_START.to_string();
    let marked = format(&fills(&|_| mark.clone()))?.replace(&format!("\"{mark}\""), &mark);
    let pieces: Vec<Box<str>> = marked.split(LITERAL_START).map(Box::from).collect();
    let does_not_depend_on = |trial: &dyn Fn(usize) -> String| {
        let fills = fills(trial);
        format(&fills).is_some_and(|formatted| fill(&pieces, fills.iter().map(String::as_str)) == formatted)
    };
    // Slots of one length do not show a column that is as wide as the longer of two.
    let is_fixed = TRIAL_VALUES.iter().all(|trial| does_not_depend_on(&|_| (*trial).to_owned()))
        && does_not_depend_on(&|number| "x".repeat(number + 1));
    is_fixed.then_some(pieces)
}
