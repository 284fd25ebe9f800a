//! What the scanner produces: a flat list of tokens that together cover every byte of the text.
//!
//! A token is a kind and two offsets; its text stays in the source. Between two tokens there can
//! only be blanks and tabs (and a byte order mark before the first), so a count is all that is
//! kept of them. Offsets are `u32`, which halves the memory of the list and limits a text to
//! 4 GiB.

use super::span::Span;

/// One token of HCL text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What the token is.
    pub kind: TokenKind,
    /// How many bytes lie between this token and the one before: blanks, tabs, or the byte order
    /// mark of the file.
    pub blanks: u32,
    /// The offset of the token's first byte.
    pub start: u32,
    /// The offset after the token's last byte.
    pub end: u32,
}

impl Token {
    /// The bytes of the source that are this token.
    #[must_use]
    pub fn span(self) -> Span {
        Span { start: self.start as usize, end: self.end as usize }
    }

    /// The text of this token in the source it was scanned from; empty for another, shorter
    /// source.
    #[must_use]
    pub fn text(self, source: &str) -> &str {
        source.get(self.span().range()).unwrap_or_default()
    }
}

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// `\n` or `\r\n` outside strings and heredoc text.
    Newline,
    /// `# …` or `// …`, including the line break that ends it.
    LineComment,
    /// `/* … */`, which may span lines.
    BlockComment,
    /// A name or a keyword; which of the two depends on the place.
    Identifier,
    /// A number.
    Number,
    /// The `"` that opens a string.
    OpenQuote,
    /// The `"` that closes a string.
    CloseQuote,
    /// A piece of the text of a string.
    QuotedLiteral,
    /// `<<MARKER` or `<<-MARKER`, including the line break.
    HeredocOpen,
    /// The line that ends a heredoc, without its line break.
    HeredocClose,
    /// A piece of the text of a heredoc, at most one line.
    HeredocLiteral,
    /// `${` or `${~`.
    InterpolationOpen,
    /// `%{` or `%{~`.
    DirectiveOpen,
    /// The `}` or `~}` that ends an interpolation or a directive.
    TemplateClose,
    /// `{`
    OpenBrace,
    /// `}`
    CloseBrace,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// `(`
    OpenParenthesis,
    /// `)`
    CloseParenthesis,
    /// `.`
    Dot,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `::`
    DoubleColon,
    /// `...`
    Ellipsis,
    /// `?`
    Question,
    /// `=`
    Assign,
    /// `=>`
    Arrow,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `!`
    Not,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `%`
    Percent,
    /// The end of the text; always the last token, always empty, there exactly once.
    End,
}

impl TokenKind {
    /// `1` for what opens a bracket or a template sequence, `-1` for what closes one, else `0`.
    /// Quotes and heredocs do not count.
    #[must_use]
    pub fn nesting(self) -> i32 {
        match self {
            Self::OpenBrace
            | Self::OpenBracket
            | Self::OpenParenthesis
            | Self::InterpolationOpen
            | Self::DirectiveOpen => 1,
            Self::CloseBrace | Self::CloseBracket | Self::CloseParenthesis | Self::TemplateClose => -1,
            _ => 0,
        }
    }

    /// Whether the token is a comment, on a line or not.
    #[must_use]
    pub fn is_comment(self) -> bool {
        matches!(self, Self::LineComment | Self::BlockComment)
    }

    /// Whether the token stands between two operands.
    pub(super) fn is_binary_operator(self) -> bool {
        matches!(
            self,
            Self::Plus
                | Self::Minus
                | Self::Star
                | Self::Slash
                | Self::Percent
                | Self::Equal
                | Self::NotEqual
                | Self::Less
                | Self::LessOrEqual
                | Self::Greater
                | Self::GreaterOrEqual
                | Self::And
                | Self::Or
        )
    }
}
