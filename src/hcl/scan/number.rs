//! Numbers: a maximal run of digits, dots and exponents, then judged as a whole.

use std::ops::Range;

use super::super::error::SyntaxError;
use super::super::token::TokenKind;
use super::Scanner;

/// Beyond this exponent terraform can no longer represent the number.
const LARGEST_EXPONENT: u32 = 2_000_000_000;

impl Scanner<'_> {
    pub(super) fn number(&mut self) -> Result<(), SyntaxError> {
        let length = length(&self.bytes[self.position..]);
        let span = self.position..self.position + length;
        judge(&self.source[span.clone()], span)?;
        self.push(TokenKind::Number, length);
        Ok(())
    }
}

/// The length of the longest number-like text; it never ends in a dot, so that `1...` is a number
/// and an ellipsis.
fn length(bytes: &[u8]) -> usize {
    let byte = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let mut position = 0;
    let mut end = 0;
    loop {
        match byte(position) {
            b'0'..=b'9' => position += 1,
            b'.' => {
                position += 1;
                continue;
            }
            b'e' | b'E' => match (byte(position + 1), byte(position + 2)) {
                (b'0'..=b'9', _) => position += 2,
                (b'+' | b'-', b'0'..=b'9') => position += 3,
                _ => return end,
            },
            _ => return end,
        }
        end = position;
    }
}

fn judge(text: &str, span: Range<usize>) -> Result<(), SyntaxError> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let dots = mantissa.bytes().filter(|&byte| byte == b'.').count();
    let digits = exponent.trim_start_matches(['+', '-']);
    if dots > 1 || digits.contains(['.', 'e', 'E']) {
        let message = "this is not a number: too many dots or exponents";
        return Err(SyntaxError::invalid(span, message));
    }
    match digits.trim_start_matches('0') {
        "" => Ok(()),
        digits if digits.parse().is_ok_and(|exponent: u32| exponent <= LARGEST_EXPONENT) => Ok(()),
        _ => Err(SyntaxError::invalid(span, "the exponent of this number is too large")),
    }
}
