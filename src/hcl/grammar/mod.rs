//! The grammar: accepts a list of tokens exactly if terraform's parser does, and outlines it.
//!
//! HCL's grammar needs no tree to be checked. An expression alternates between two expectations,
//! an operand or what may follow one, and whatever brackets, strings and bodies are open forms a
//! stack. That stack is a vector, so text nested a million deep costs a few megabytes and cannot
//! exhaust the call stack. Operator precedence does not matter here: it changes what an expression
//! means, not whether it is one.

mod body;
mod complaint;
mod damage;
mod operand;
mod operator;
mod template;

use self::damage::Term;
use super::error::SyntaxError;
use super::outline::Outline;
use super::token::{Token, TokenKind};

/// Checks the tokens of `source`, as [`scan`](fn@super::scan) returned them.
///
/// # Errors
///
/// The first place where the tokens are not HCL.
pub(super) fn outline(source: &str, tokens: &[Token]) -> Result<Outline, SyntaxError> {
    let mut parser = Parser::new(source, tokens);
    let mut expectation = Expectation::Item;
    loop {
        expectation = match expectation {
            Expectation::Item => parser.item()?,
            Expectation::Operand => parser.operand()?,
            Expectation::Operator => parser.operator()?,
            Expectation::ObjectItem => parser.object_item(),
            Expectation::Text => parser.template_text()?,
            Expectation::Nothing => return Ok(parser.outline),
        }
    }
}

/// What must come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expectation {
    /// An argument or a block of a body, or the body's end.
    Item,
    /// The start of an expression.
    Operand,
    /// What may follow an operand: an operator, an accessor, or the end of what is open.
    Operator,
    /// A key of an object, or the object's end.
    ObjectItem,
    /// The text of a string or heredoc, or its end.
    Text,
    /// Nothing: the text is complete.
    Nothing,
}

/// Something open.
#[derive(Clone, Copy, Debug)]
struct Frame {
    kind: FrameKind,
    /// The index of the token that opened it.
    opened: u32,
    /// Whether a line break means something directly inside it.
    lines: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FrameKind {
    /// The body of a file or a block.
    Body,
    /// The body of a block on one line.
    Inline,
    Parentheses,
    Call,
    Tuple,
    /// `[…]` after a term; `plain` if the term stays a plain reference with it.
    Index {
        plain: bool,
    },
    /// An object, before and after the `=` of an item.
    ObjectKey,
    ObjectValue,
    /// Between `?` and `:`.
    Conditional,
    /// The parts of a `for` expression: before `:`, before `=>`, after it, after `if`.
    ForSource(Collection),
    ForKey,
    ForValue(Collection),
    ForCondition(Collection),
    /// A string or heredoc.
    Template,
    /// `${ … }`
    Interpolation,
    /// `%{ if … }` and `%{ for … in … }`, until their `}`.
    IfHeader,
    ForHeader,
    /// The text governed by such a directive.
    IfText,
    ElseText,
    ForText,
}

/// What a `for` expression makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Collection {
    Tuple,
    Object,
}

struct Parser<'source> {
    source: &'source str,
    tokens: &'source [Token],
    /// The index of the next token.
    position: usize,
    /// The index after the last token that was not skipped.
    consumed: usize,
    frames: Vec<Frame>,
    /// The argument whose expression is being read: its name and first token.
    argument: (usize, usize),
    /// The names of the arguments of all open bodies, and where each body's begin.
    names: Vec<usize>,
    bodies: Vec<usize>,
    /// What kind of term the last operand is.
    term: Term,
    outline: Outline,
}

impl<'source> Parser<'source> {
    fn new(source: &'source str, tokens: &'source [Token]) -> Self {
        Self {
            source,
            tokens,
            position: 0,
            consumed: 0,
            frames: vec![Frame { kind: FrameKind::Body, opened: 0, lines: true }],
            argument: (0, 0),
            names: Vec::new(),
            bodies: vec![0],
            term: Term::Other,
            outline: Outline::default(),
        }
    }

    /// The next token that means something here: comments never do, line breaks only in some
    /// frames, and there a line comment stands for the break it ends with.
    fn peek(&mut self) -> TokenKind {
        let lines = self.top().lines;
        loop {
            let kind = self.kind(self.position);
            match kind {
                TokenKind::BlockComment => self.position += 1,
                TokenKind::LineComment if lines => return TokenKind::Newline,
                TokenKind::LineComment | TokenKind::Newline if !lines => self.position += 1,
                _ => return kind,
            }
        }
    }

    fn advance(&mut self) {
        self.position = (self.position + 1).min(self.tokens.len());
        self.consumed = self.position;
    }

    /// Moves past the next token if it is of this kind.
    fn accept(&mut self, kind: TokenKind) -> bool {
        let found = self.peek() == kind;
        if found {
            self.advance();
        }
        found
    }

    /// Moves past the next token, which must be of this kind; `wanted` describes it.
    fn expect(&mut self, kind: TokenKind, wanted: &str) -> Result<(), SyntaxError> {
        if self.accept(kind) {
            return Ok(());
        }
        Err(self.expected(wanted))
    }

    fn kind(&self, index: usize) -> TokenKind {
        self.tokens.get(index).map_or(TokenKind::End, |token| token.kind)
    }

    fn text(&self, index: usize) -> &'source str {
        self.tokens.get(index).map_or("", |token| token.text(self.source))
    }

    fn push(&mut self, kind: FrameKind, opened: usize, lines: bool) {
        self.frames.push(Frame { kind, opened: u32::try_from(opened).unwrap_or(u32::MAX), lines });
    }

    /// The innermost frame. The file's own body is never closed, so there is one.
    fn top(&self) -> Frame {
        self.frames.last().copied().unwrap_or(Frame { kind: FrameKind::Body, opened: 0, lines: true })
    }

    /// Turns the innermost frame into another.
    fn become_kind(&mut self, kind: FrameKind) {
        if let Some(frame) = self.frames.last_mut() {
            frame.kind = kind;
        }
    }

    /// Closes the innermost frame with the next token, which makes an operand of it.
    fn close(&mut self, term: Term) -> Expectation {
        self.advance();
        self.frames.pop();
        self.term = term;
        Expectation::Operator
    }
}
