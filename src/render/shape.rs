//! What a rendered text is made of: a shape that the template gave it, and fills that came from values.
//!
//! Responsible for where a fill may stand, and for telling whether the layout of a shape depends on
//! what is filled in.

use std::borrow::Cow;

use crate::diagnostic::Span;
use crate::hcl::string::{escape, unquote};
use crate::hcl::{self, Token, TokenKind};
use crate::pack::{COMMENT_START, FILL_END, LITERAL_START};

/// Fills that a layout must not feel: no text, a word that `terraform fmt` rewrites in the `type`
/// of a variable, and a long one with an escape that it rewrites in labels.
const PROBES: [&str; 3] =
    ["", "list", "\\u0041bcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz"];

/// What begins a fill.
const STARTS: [char; 2] = [LITERAL_START, COMMENT_START];

/// A fill that could be more than a text.
pub(super) struct Misplaced {
    /// Its place in the plain text.
    pub(super) at: Span,
    pub(super) message: &'static str,
    pub(super) help: &'static str,
}

/// A fill, and what the template wrote before it.
struct Fill<'r> {
    before: &'r str,
    start: char,
    text: &'r str,
}

/// The fills of a rendered text, in order; behind the last, `rest` is what the template wrote there.
struct Fills<'r> {
    rest: &'r str,
}

impl<'r> Iterator for Fills<'r> {
    type Item = Fill<'r>;

    fn next(&mut self) -> Option<Fill<'r>> {
        // Marks are one byte long, so bytes can be searched for them.
        let at = memchr::memchr2(LITERAL_START as u8, COMMENT_START as u8, self.rest.as_bytes())?;
        let (before, marked) = self.rest.split_at(at);
        let (text, rest) = marked[1..].split_once(FILL_END).unwrap_or((&marked[1..], ""));
        self.rest = rest;
        let start = if marked.starts_with(LITERAL_START) { LITERAL_START } else { COMMENT_START };
        Some(Fill { before, start, text })
    }
}

/// A rendered text as its shape, each fill one mark, and its fills in order.
pub(super) fn split(rendered: &str) -> (String, Vec<&str>) {
    let mut shape = String::with_capacity(rendered.len());
    let mut texts = Vec::new();
    let mut fills = Fills { rest: rendered };
    for Fill { before, start, text } in fills.by_ref() {
        shape.push_str(before);
        shape.push(start);
        texts.push(text);
    }
    shape.push_str(fills.rest);
    (shape, texts)
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
pub(super) fn altered(rendered: &str, fills: &[&str]) -> Option<Misplaced> {
    let number = fills.iter().position(|fill| !is_escaped(fill))?;
    Some(Misplaced {
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

/// The first fill that stands where its text could end what it stands in. Of a shape whose fills are
/// escaped, this holds for all fills or for none: no fill moves what comes after it.
pub(super) fn misplaced(rendered: &str) -> Option<Misplaced> {
    let tokens = hcl::scan(&plain(rendered)).ok()?;
    spans(rendered).find_map(|(is_literal, at)| {
        let start = at.range().start;
        let token = tokens.get(tokens.partition_point(|token| token.span().end <= start))?;
        (!may_hold(*token, is_literal, start)).then_some(Misplaced {
            at,
            message: "prints a value where it could end what it stands in",
            help: "write it by itself, as in `a = {{ name }}` or `a = {{ \"by \" ~ name }}`, or in a comment up to the end of its line, as in `# {{ name | comment }}`",
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

/// The places of the fills in the plain text, and whether each is a literal.
fn spans(rendered: &str) -> impl Iterator<Item = (bool, Span)> {
    let mut end = 0;
    Fills { rest: rendered }.map(move |fill| {
        let start = end + fill.before.len();
        end = start + fill.text.len();
        (fill.start == LITERAL_START, Span::new(start..end))
    })
}

/// The canonical pieces of a shape, if its layout does not feel any of the probes.
pub(super) fn layout_of(shape: &str) -> Option<Vec<Box<str>>> {
    let parts: Vec<&str> = shape.split(STARTS).collect();
    let starts: Vec<char> = shape.chars().filter(|c| STARTS.contains(c)).collect();
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
    let feels_not = |probe: &dyn Fn(usize) -> String| {
        let fills = fills(probe);
        format(&fills).is_some_and(|probed| fill(&pieces, fills.iter().map(String::as_str)) == probed)
    };
    // Fills of one length do not show a column that is as wide as the longer of two.
    let is_fixed = PROBES.iter().all(|probe| feels_not(&|_| (*probe).to_owned()))
        && feels_not(&|number| "x".repeat(number + 1));
    is_fixed.then_some(pieces)
}
