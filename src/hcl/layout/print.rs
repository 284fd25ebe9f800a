//! The end of the layout: blanks and tokens become text.

use std::iter;

use super::super::token::Token;

/// The tokens as text. Stretches that already have the right blanks are copied as a whole, so a
/// file that is formatted already costs little.
pub(super) fn print(source: &str, tokens: &[Token]) -> String {
    let mut text = String::with_capacity(source.len() + source.len() / 8);
    let mut copied = 0;
    let mut covered = 0;
    for token in tokens {
        let span = token.span();
        let gap = &source[covered..span.start];
        let blanks = token.blanks as usize;
        if gap.len() != blanks || gap.bytes().any(|byte| byte != b' ') {
            text.push_str(&source[copied..covered]);
            text.extend(iter::repeat_n(' ', blanks));
            copied = span.start;
        }
        covered = span.end;
    }
    text.push_str(&source[copied..]);
    text
}

/// How many bytes the text of the tokens will have.
pub(super) fn size(tokens: &[Token]) -> u64 {
    tokens.iter().map(|token| u64::from(token.blanks) + u64::from(token.end - token.start)).sum()
}
