//! The words random files are made of, and what stands between them.

use super::random::Random;
use super::{Lines, Writer};

pub(super) const NAMES: &[&str] = &[
    "a",
    "name",
    "for",
    "in",
    "if",
    "else",
    "true",
    "null",
    "list",
    "map",
    "set",
    "string",
    "type",
    "x-y",
    "_",
    "über",
    "e5",
    "E-5",
    "longer_name_here",
    "नमस्ते",
    "क्षि",
];

pub(super) const KEYWORDS: &[&str] =
    &["resource", "variable", "variable", "module", "locals", "in", "for", "x", "type"];

pub(super) const ODD_LABELS: &[&str] = &[
    "\"\"",
    "\"$\"",
    "\"%\"",
    "\"$${\"",
    "\"a$b\"",
    "\"50%\"",
    "\"\\u0041\"",
    "\"\\u0024{\"",
    "\"a\\nb\"",
    "\"\\\"\"",
    "\"\\\\\"",
    "\"é\"",
    "\"e\u{301}\"",
    "\"日本\"",
    "\"\u{200b}\"",
    "\"\u{a0}\"",
    "\"\\u0007\"",
    "\"a b\"",
    "\"ż\"",
    "\"Ω\"",
    "\"Ωμέγα\"",
    "\"한국\"",
    "\"\u{7f}\"",
    "\"\\U0001f600\"",
    "\"a.b/c\"",
    "\"\u{2028}\"",
    "\"$${~\"",
    "\"$$${\"",
    "\"«»\"",
    "\"\u{ad}\"",
    "\"дом\"",
    "\"\\t\"",
    "\"%%{\"",
    "\"\\u0025{\"",
    "\"‰…\"",
];

pub(super) const PUNCTUATION: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ".",
    ",",
    ":",
    "::",
    "...",
    "?",
    "=",
    "=>",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "&&",
    "||",
    "!",
    "+",
    "-",
    "*",
    "/",
    "%",
    "\"",
    "${",
    "%{",
    "~}",
    "<<E\n",
    "\nE\n",
    "\n",
    "\r\n",
    "\r",
    "#",
    "//",
    "/*",
    "*/",
    "\\",
    "1",
    "1.5",
    "e5",
    ".5",
    "for",
    "in",
    "if",
    "true",
    "null",
    "~",
    "$",
    "'",
    ";",
    "&",
    "|",
    "\u{feff}",
    "\0",
    "é",
    "\t",
    " ",
    "[*]",
    ".*",
    "%{endif}",
    "%{else}",
    "%{for x in y}",
    "%{endfor}",
    "%{if x}",
    "${x}",
    "$${",
    "%%{",
];

/// Text that is inert in strings and heredocs, but not always one column a character.
const PLAIN_TEXT: &[&str] = &[
    "text",
    " ",
    "a b",
    "é",
    "e\u{301}",
    "日本",
    "👨‍👩‍👧",
    "🇩🇪🇫🇷",
    "क्षि",
    "नमस्ते",
    "각",
    "\u{1100}\u{1161}",
    "$",
    "%",
    "$$",
    "%%",
    "$ {",
    "$${",
    "%%{",
    "$${~",
    "$$${x}",
    "{",
    "}",
    "~",
    "'",
    "#",
    "//",
    "\u{200b}",
    "\u{a0}",
    "\t",
    "=",
    "= {",
    "\u{0}",
    "\u{7f}",
    "☕\u{fe0f}",
    "\u{85}",
    "\u{2028}",
];

const ESCAPES: &[&str] = &["\\n", "\\t", "\\r", "\\\"", "\\\\", "\\u00e9", "\\U0001f600", "\\u000A"];

impl Writer {
    /// What may stand between two tokens.
    pub(crate) fn gap(&mut self, lines: Lines) {
        match self.random.below(24) {
            0..=13 => self.text.push(' '),
            18 | 19 => self.blanks(),
            20 => self.inline_comment(),
            21 if lines == Lines::DoNotMatter => self.line_comment(),
            22 | 23 if lines == Lines::DoNotMatter => {
                self.blanks();
                self.text.push('\n');
                self.blanks();
            }
            _ => {}
        }
    }

    pub(crate) fn blanks(&mut self) {
        for _ in 0..self.random.below(5) {
            let blank = self.random.pick(&[" ", " ", " ", "\t"]);
            self.text.push_str(blank);
        }
    }

    pub(crate) fn inline_comment(&mut self) {
        let comment = match self.random.below(16) {
            0 => "/* c */",
            1 => "/**/",
            2 => "/* é日本 */",
            3 => "/* a\n b */",
            4 => " /* /* \"${ */ ",
            _ => "",
        };
        self.text.push_str(comment);
    }

    pub(crate) fn line_comment(&mut self) {
        let comment = self.random.pick(&[
            "# c\n",
            "// c\n",
            "#\n",
            "//\n",
            "# é 日本 👨‍👩‍👧\n",
            "# /* \"${\n",
            "# a\tb  \n",
            "# x\ry\n",
        ]);
        self.text.push_str(comment);
    }

    /// A string or its beginning and end around template sequences.
    pub(crate) fn string(&mut self) {
        self.text.push('"');
        for _ in 0..self.random.below(4) {
            match self.random.below(6) {
                0 => {
                    let escape = self.random.pick(ESCAPES);
                    self.text.push_str(escape);
                }
                1 | 2 => self.sequence(Writer::string_text),
                _ => self.string_text(),
            }
        }
        self.text.push('"');
    }

    fn string_text(&mut self) {
        let text = self.random.pick(PLAIN_TEXT);
        self.text.push_str(text);
    }

    /// A heredoc with its closing line; the line break after that is what follows.
    pub(crate) fn heredoc(&mut self) {
        self.count += 1;
        let marker = format!("{}{}", self.random.pick(&["EOT", "E", "X-Y", "é"]), self.count);
        let dash = self.random.pick(&["", "-"]);
        self.write(format_args!("<<{dash}{marker}\n"));
        for _ in 0..self.random.below(4) {
            self.heredoc_line(&marker);
        }
        self.blanks();
        self.text.push_str(&marker);
        self.blanks();
        self.text.push('\n');
    }

    fn heredoc_line(&mut self, marker: &str) {
        for _ in 0..self.random.below(4) {
            match self.random.below(10) {
                0 | 1 => self.sequence(Writer::string_text),
                2 => self.write(format_args!("{marker},")),
                3 => self.blanks(),
                4 => self.text.push_str("\\q\""),
                _ => self.string_text(),
            }
        }
        self.text.push('\n');
    }

    /// An interpolation, or a directive around some text.
    fn sequence(&mut self, inner: fn(&mut Writer)) {
        let strip = self.random.pick(&["", "", "", "~"]);
        let close = self.random.pick(&["}", "}", "}", "~}"]);
        match self.random.below(8) {
            0 => {
                self.directive(strip, "if", close);
                inner(self);
                if self.random.one_in(2) {
                    self.write(format_args!("%{{{strip} else {close}"));
                    inner(self);
                }
                self.write(format_args!("%{{{strip} endif {close}"));
            }
            1 => {
                let names = self.random.pick(&["for x in", "for k,v in", "for in in"]);
                self.directive(strip, names, close);
                inner(self);
                self.write(format_args!("%{{{strip}endfor{close}"));
            }
            _ => {
                self.write(format_args!("${{{strip}"));
                self.gap(Lines::DoNotMatter);
                self.expression(Lines::DoNotMatter);
                self.gap(Lines::DoNotMatter);
                self.text.push_str(close);
            }
        }
    }

    fn directive(&mut self, strip: &str, words: &str, close: &str) {
        self.write(format_args!("%{{{strip}"));
        self.gap(Lines::DoNotMatter);
        self.text.push_str(words);
        self.text.push(' ');
        self.expression(Lines::DoNotMatter);
        self.gap(Lines::DoNotMatter);
        self.text.push_str(close);
    }
}

/// Text full of what means something in strings, in Unicode form NFC.
pub(super) fn awkward(random: &mut Random) -> String {
    let pieces = [
        "$",
        "$",
        "%",
        "{",
        "{",
        "}",
        "~",
        "\\",
        "\"",
        "\n",
        "\r",
        "\t",
        "n",
        "u0041",
        "é",
        " ",
        "\u{0}",
        "\u{200b}",
        "\u{202e}",
        "\u{feff}",
        "\u{e0041}",
        "\u{1f600}",
        "\u{85}",
        "\u{2028}",
        "日",
    ];
    (0..random.below(9)).map(|_| random.pick(&pieces)).collect()
}

/// Drops, repeats or inserts a character.
pub(super) fn corrupt_characters(text: &str, random: &mut Random) -> String {
    let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
    let start = starts.get(random.below(starts.len())).copied().unwrap_or(0);
    let (before, after) = text.split_at(start);
    let mut rest = after.chars();
    let character = rest.next().unwrap_or(' ');
    match random.below(3) {
        0 => format!("{before}{}", rest.as_str()),
        1 => format!("{before}{character}{after}"),
        _ => format!("{before}{}{after}", random.pick(PUNCTUATION)),
    }
}
