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

use super::token::Token;

/// The text of the tokens, laid out.
pub(super) fn lay_out(source: &str, mut tokens: Vec<Token>) -> String {
    let lines = lines::split(&tokens);
    indentation::indent(&mut tokens, &lines);
    spacing::space(source, &mut tokens, &lines);
    columns::align(source, &mut tokens, &lines);
    print::print(source, &tokens)
}
