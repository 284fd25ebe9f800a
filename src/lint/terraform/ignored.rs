//! Waivers in comments: `# crossrole:ignore CR076 2027-06-30 the state is in an account of its own`.
//!
//! A comment is about the argument or block that it stands directly above, or at whose end it stands;
//! inside an expression, about its own line or the next. It says what a waiver of a spec does: which
//! finding, up to and including which day, and why.

use std::sync::Arc;

use crate::diagnostic::{Source, Span};
use crate::hcl::{self, Body, Document, Item, TokenKind};
use crate::lint::finding::{Finding, Findings};
use crate::lint::waiver::Waivers;
use crate::model::{Date, Text};

const MARK: &str = "crossrole:ignore";

/// The waivers of a file, and comments that are meant to be some.
pub(super) fn waivers(source: &Arc<Source>, today: Date) -> (Waivers, Vec<Finding>) {
    let mut waivers = Waivers::default();
    let mut found = Findings::of(source);
    let text = source.text.as_str();
    // Most files have none, and a second look costs as much as the first.
    let document = if text.contains(MARK) { Document::parse(text).ok() } else { None };
    let Some(document) = document else { return (waivers, Vec::new()) };
    let comments = document.tokens().iter().filter(|token| token.kind == TokenKind::LineComment);
    for comment in comments {
        let written = comment.text(text).trim_end();
        let Some(said) = written.trim_start_matches(['#', '/']).trim_start().strip_prefix(MARK) else {
            continue;
        };
        let start = comment.start as usize;
        let at = Span::new(start..start + written.len());
        let Some((id, expires, reason)) = parts(said) else {
            let help =
                "write which finding, until when, and why: `# crossrole:ignore CR076 2027-06-30 the reason`";
            found.add("CR099", at, "this waiver cannot be parsed, so it has no effect", help);
            continue;
        };
        waivers.add(id, expires, reason, (at, reach(text, document.body(), start)), today);
    }
    (waivers, found.into_list())
}

fn parts(said: &str) -> Option<(&str, Date, &str)> {
    let (id, rest) = said.strip_prefix([' ', '\t'])?.trim_start().split_once([' ', '\t'])?;
    let (expires, reason) = rest.trim_start().split_once([' ', '\t'])?;
    let reason = reason.trim();
    let expires = Date::parse(expires).ok()?;
    (!reason.is_empty()).then_some((id, expires, reason))
}

/// What a comment is about.
fn reach(text: &str, body: &Body, comment: usize) -> Span {
    for item in &body.items {
        let is_in = |span: hcl::Span| span.contains(comment);
        match item {
            Item::Attribute(attribute) if is_in(attribute.leading) || is_in(attribute.trailing) => {
                return Span::new(attribute.span.range());
            }
            Item::Block(block) if is_in(block.leading) => return Span::new(block.span.range()),
            Item::Block(block) if is_in(block.body.span) => return reach(text, &block.body, comment),
            // What stands for itself is about nothing.
            Item::Loose(span) if is_in(*span) => return Span::default(),
            _ => {}
        }
    }
    line(text, comment)
}

/// The line that a comment ends, or the next that is more than a comment.
fn line(text: &str, comment: usize) -> Span {
    let start = text[..comment].rfind('\n').map_or(0, |newline| newline + 1);
    let ends = |from: usize| text[from..].find('\n').map_or(text.len(), |length| from + length + 1);
    if !text[start..comment].trim().is_empty() {
        return Span::new(start..ends(start));
    }
    let mut next = ends(start);
    while next < text.len() {
        let end = ends(next);
        let written = text[next..end].trim_start();
        if !written.starts_with('#') && !written.starts_with("//") {
            return Span::new(next..end);
        }
        next = end;
    }
    Span::default()
}
