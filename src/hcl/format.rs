//! The formatter as a whole: check, rewrite until nothing is left to rewrite, lay out.
//!
//! It returns a text or refuses; it never repairs and never guesses. A text it returns is always
//! valid, and formatting it again changes nothing.

use std::borrow::Cow;

use super::edit::Edit;
use super::error::{ErrorKind, SyntaxError};
use super::outline::Outline;
use super::token::Token;
use super::{grammar, layout, rewrite, scan};

/// How often terraform itself may have to be run until nothing changes. One round is enough for
/// almost every file; each further one takes off a layer of `"${"${…}"}"`.
const MOST_ROUNDS: usize = 8;

/// Formats a text as `terraform fmt` does with a file.
///
/// Line endings and the presence of a final line break stay as they are; a byte order mark is
/// dropped. Where terraform's own result would change if formatted again, the final result is
/// returned.
///
/// ```
/// use crossrole::hcl;
///
/// let text = "role \"reader\" {\nname=\"${var.name}\"\npath   = \"/\"\n}\n";
/// assert_eq!(
///     hcl::format(text).unwrap(),
///     "role \"reader\" {\n  name = var.name\n  path = \"/\"\n}\n",
/// );
/// ```
///
/// # Errors
///
/// The first place that is not HCL; with [`ErrorKind::WouldLoseData`], a place where terraform
/// would delete or break something; with [`ErrorKind::LimitExceeded`], what would become absurdly
/// large.
pub fn format(source: &str) -> Result<String, SyntaxError> {
    let tokens = scan(source)?;
    let outline = grammar::outline(source, &tokens)?;
    format_parsed(source, Cow::Owned(tokens), &outline)
}

/// Formats a text that the grammar has accepted.
///
/// # Errors
///
/// As [`format()`] has them.
pub(super) fn format_parsed(
    source: &str,
    tokens: Cow<'_, [Token]>,
    outline: &Outline,
) -> Result<String, SyntaxError> {
    let edits = find_edits(source, &tokens, outline)?;
    if edits.is_empty() {
        return layout::lay_out(source, tokens.into_owned());
    }
    format_edited(source, edits)
}

/// Makes these edits and those that they give rise to, and lays out what comes of it.
fn format_edited(source: &str, edits: Vec<Edit>) -> Result<String, SyntaxError> {
    let mut text = rewrite::apply(source, &edits);
    let mut rounds = vec![edits];
    loop {
        let (tokens, edits) = read(&text).map_err(|error| in_source(error, &rounds))?;
        let Some(first) = edits.first() else {
            return layout::lay_out(&text, tokens);
        };
        if rounds.len() == MOST_ROUNDS {
            return Err(in_source(too_deep(first), &rounds));
        }
        text = rewrite::apply(&text, &edits);
        rounds.push(edits);
    }
}

fn read(text: &str) -> Result<(Vec<Token>, Vec<Edit>), SyntaxError> {
    let tokens = scan(text)?;
    let outline = grammar::outline(text, &tokens)?;
    let edits = find_edits(text, &tokens, &outline)?;
    Ok((tokens, edits))
}

fn find_edits(text: &str, tokens: &[Token], outline: &Outline) -> Result<Vec<Edit>, SyntaxError> {
    match &outline.damage {
        Some(damage) => Err(damage.clone()),
        None => rewrite::edits(text, tokens, &outline.marks),
    }
}

fn too_deep(edit: &Edit) -> SyntaxError {
    SyntaxError::limit_exceeded(edit.span, "`\"${…}\"` is nested too deeply here to be taken off")
        .hinted("write the inner expression alone")
}

/// Tells an error about an edited text in terms of the source. That the edited text is invalid is
/// then no mistake of the source, but damage terraform would do to it.
fn in_source(error: SyntaxError, rounds: &[Vec<Edit>]) -> SyntaxError {
    let span = rounds.iter().rev().fold(error.span, |span, edits| rewrite::before(edits, span));
    if error.kind != ErrorKind::Invalid {
        return SyntaxError { span, ..error };
    }
    let message = format!("`terraform fmt` would make this invalid by taking off `\"${{…}}\"`: {error}");
    SyntaxError::would_lose_data(span, message)
        .hinted("take off the quotes by hand, and put what spans lines in parentheses")
}
