//! Indentation: one step for each line that opens more than it closes, however much more.
//!
//! Only the balance of a whole line counts. So `}, {` is indented like what it stands between, and
//! `))` that closes what two lines opened returns by two steps. This is terraform's way, with its
//! odd moments; being the same is worth more here than being prettier.

use super::super::token::{Token, TokenKind};
use super::lines::Line;

const STEP: usize = 2;

/// Sets the blanks before the first token of each line.
pub(super) fn indent(tokens: &mut [Token], lines: &[Line]) {
    let mut levels = Levels::default();
    for line in lines {
        let lead = &tokens[line.lead()];
        let Some(first) = lead.first() else { continue };
        let blanks = match first.kind {
            TokenKind::Newline => 0,
            _ => levels.enter(balance(lead)),
        };
        tokens[line.lead().start].blanks = u32::try_from(blanks).unwrap_or(u32::MAX);
    }
}

/// How many more brackets are opened than closed. The rest of a line after a heredoc's beginning
/// is text, and its sequences are not counted; the assign cell is always balanced.
fn balance(lead: &[Token]) -> i32 {
    lead.iter()
        .take_while(|token| token.kind != TokenKind::HeredocOpen)
        .map(|token| token.kind.nesting())
        .sum()
}

/// The lines still open, each with the number of brackets it has left to be closed.
#[derive(Default)]
struct Levels(Vec<i32>);

impl Levels {
    /// The indentation of a line with this balance.
    fn enter(&mut self, balance: i32) -> usize {
        let before = STEP * self.0.len();
        if balance > 0 {
            self.0.push(balance);
            return before;
        }
        self.close(-balance);
        STEP * self.0.len()
    }

    fn close(&mut self, mut brackets: i32) {
        while brackets > 0
            && let Some(open) = self.0.last_mut()
        {
            let closed = brackets.min(*open);
            *open -= closed;
            brackets -= closed;
            if *open == 0 {
                self.0.pop();
            }
        }
    }
}
