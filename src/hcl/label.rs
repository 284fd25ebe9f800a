//! Block labels as terraform rewrites them: always quoted, escapes decoded and encoded anew.
//!
//! Terraform deletes a label with a `$` or `%` next to anything else, and comments before and
//! between labels. Those are refused here, like labels whose Unicode normal form may differ.

use super::edit::Edit;
use super::error::SyntaxError;
use super::span::Span;
use super::string;
use super::token::{Token, TokenKind};

/// Adds the edits for the tokens between a block's keyword and its brace.
///
/// # Errors
///
/// A label or a comment that would not survive.
pub(super) fn quote_all(source: &str, header: &[Token], edits: &mut Vec<Edit>) -> Result<(), SyntaxError> {
    let Some(last) = header.iter().rposition(|token| !token.kind.is_comment()) else {
        return Ok(());
    };
    let mut labels = &header[..=last];
    while let [label, rest @ ..] = labels {
        labels = rest;
        match label.kind {
            TokenKind::Identifier => {
                edits.push(Edit { span: label.span(), text: format!("\"{}\"", label.text(source)) });
            }
            TokenKind::OpenQuote => {
                let is_piece = |token: &&Token| token.kind == TokenKind::QuotedLiteral;
                let pieces = labels.iter().take_while(is_piece).count();
                edits.extend(encoded_anew(source, &labels[..pieces])?);
                labels = &labels[pieces..];
            }
            TokenKind::BlockComment => return Err(deleted_comment(*label)),
            _ => {}
        }
    }
    Ok(())
}

/// The edit for the text of a quoted label, if it is not written as terraform would.
fn encoded_anew(source: &str, pieces: &[Token]) -> Result<Option<Edit>, SyntaxError> {
    let span = match pieces {
        [] => return Ok(None),
        [piece] => piece.span(),
        [first, .., last] => {
            return Err(deleted_label(Span { start: first.span().start, end: last.span().end }));
        }
    };
    let text = &source[span];
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\') {
        return Ok(None);
    }
    let decoded = string::decode(text);
    if let Some(unstable) = decoded.chars().find(|&character| !is_stable(character)) {
        return Err(unstable_label(span, unstable));
    }
    let encoded = string::encode(&decoded);
    if encoded.contains(['$', '%']) && !is_one_token(&encoded) {
        return Err(deleted_label(span));
    }
    let edit = Edit { span, text: encoded };
    Ok((edit.text != text).then_some(edit))
}

/// Whether a label with a `$` or `%` scans as one token, which is what terraform keeps.
fn is_one_token(encoded: &str) -> bool {
    matches!(encoded, "$" | "%" | "$${" | "%%{" | "$${~" | "%%{~")
}

/// Whether a character is its own normal form, whatever stands around it, and printable by
/// terraform's measure exactly if it is by ours. The scripts in use are covered; a complete answer
/// would need the Unicode tables for a case that names of resources do not have.
fn is_stable(character: char) -> bool {
    matches!(
        character,
        '\u{0}'..='\u{24f}'
            | '\u{391}'..='\u{3a1}'
            | '\u{3a3}'..='\u{3ce}'
            | '\u{400}'..='\u{481}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2010}'..='\u{202e}'
            | '\u{3041}'..='\u{3096}'
            | '\u{30a1}'..='\u{30fa}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7a3}'
    )
}

fn deleted_label(label: Span) -> SyntaxError {
    SyntaxError::would_lose_data(
        label,
        "`terraform fmt` would delete this label, because it contains `$` or `%`",
    )
    .hinted("use a label without these characters")
}

fn deleted_comment(comment: Token) -> SyntaxError {
    SyntaxError::would_lose_data(
        comment.span(),
        "`terraform fmt` would delete this comment, because it stands before a label",
    )
    .hinted("move the comment to a line of its own")
}

fn unstable_label(label: Span, character: char) -> SyntaxError {
    SyntaxError::would_lose_data(
        label,
        format!("`terraform fmt` may replace the character U+{:04X} in this label", u32::from(character)),
    )
    .hinted("use letters, digits, `_` and `-` in labels")
}
