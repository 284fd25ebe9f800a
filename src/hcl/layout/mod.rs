//! The layout: how many blanks stand before each token. Nothing else is decided here.
//!
//! Line breaks are the writer's and stay where they are. Each line is cut into at most three
//! cells, and four small passes follow one another: indentation, blanks within cells, columns of
//! `=`, columns of comments. Each pass only sets blank counts, so whatever they do, the tokens
//! come out as they went in.

mod columns;
mod indentation;
mod lines;
mod print;
mod spacing;

use super::error::SyntaxError;
use super::token::Token;

/// How many times larger than the source a text may become, and how large it may always be.
/// Indentation and columns can multiply a hostile text by thousands.
const LARGEST_GROWTH: u64 = 16;
const ALWAYS_ALLOWED: u64 = 1 << 20;

/// The text of the tokens, laid out.
///
/// # Errors
///
/// The text would be absurdly large.
pub(super) fn lay_out(source: &str, mut tokens: Vec<Token>) -> Result<String, SyntaxError> {
    let lines = lines::split(&tokens);
    indentation::indent(&mut tokens, &lines);
    spacing::space(source, &mut tokens, &lines);
    columns::align(source, &mut tokens, &lines);
    let size = print::size(&tokens);
    if size > ALWAYS_ALLOWED.max(LARGEST_GROWTH * source.len() as u64) {
        let message = format!("formatted, this text would grow to more than {LARGEST_GROWTH} times its size");
        return Err(SyntaxError::limit_exceeded(0..source.len(), message));
    }
    Ok(print::print(source, &tokens))
}
