//! Random HCL files: a grammar that writes instead of reading, with random layout.
//!
//! Everything follows from a seed, so a failing file can be written again from its number. The
//! files are mostly valid; [`corrupted`] makes mostly invalid ones of them.

mod expression;
mod random;
mod text;

pub(crate) use self::random::Random;

use std::fmt;

use crossrole::hcl;

/// A random file.
pub(crate) fn file(seed: u64) -> String {
    let mut writer = Writer::new(seed);
    if writer.random.one_in(40) {
        writer.text.push('\u{feff}');
    }
    writer.body(0);
    writer.end_of_file();
    let text = writer.text;
    match writer.random.below(12) {
        0 => text.replace('\n', "\r\n"),
        1 => mixed_line_breaks(&text, &mut writer.random),
        _ => text,
    }
}

/// Text that would like to be code.
pub(super) fn awkward_text(seed: u64) -> String {
    text::awkward(&mut Random::new(seed))
}

/// A file with a few tokens or characters dropped, repeated, swapped or replaced.
pub(crate) fn corrupted(seed: u64) -> String {
    let mut random = Random::new(seed ^ 0x5bd1_e995);
    let mut text = file(seed);
    for _ in 0..=random.below(3) {
        text = match random.below(4) {
            0 => text::corrupt_characters(&text, &mut random),
            _ => corrupt_tokens(&text, &mut random),
        };
    }
    text
}

fn corrupt_tokens(text: &str, random: &mut Random) -> String {
    let Ok(tokens) = hcl::scan(text) else {
        return text::corrupt_characters(text, random);
    };
    let index = random.below(tokens.len());
    let other = tokens[random.below(tokens.len())].text(text);
    let span = tokens[index].span();
    let replacement = match random.below(5) {
        0 => String::new(),
        1 => text[span].repeat(2),
        2 => other.to_owned(),
        3 => format!("{} {other}", &text[span]),
        _ => text::PUNCTUATION[random.below(text::PUNCTUATION.len())].to_owned(),
    };
    format!("{}{replacement}{}", &text[..span.start], &text[span.end..])
}

fn mixed_line_breaks(text: &str, random: &mut Random) -> String {
    let lines = text.split_inclusive('\n');
    lines
        .map(|line| match line.strip_suffix('\n') {
            Some(line) if random.one_in(2) => format!("{line}\r\n"),
            _ => line.to_owned(),
        })
        .collect()
}

/// Whether a line break ends what is being written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    Matter,
    DoNotMatter,
}

/// Writes one file.
pub(super) struct Writer {
    text: String,
    random: Random,
    /// How much nesting is left.
    fuel: usize,
    /// Counts names and heredoc markers, to make them differ.
    count: usize,
}

impl Writer {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let fuel = 1 + random.below(4);
        Self { text: String::new(), random, fuel, count: 0 }
    }

    fn write(&mut self, text: fmt::Arguments<'_>) {
        self.text.push_str(&text.to_string());
    }

    fn body(&mut self, depth: usize) {
        for _ in 0..self.random.below(6) {
            match self.random.below(10) {
                0 => self.text.push('\n'),
                1 => self.comment_lines(),
                2 | 3 if depth < 4 => self.block(depth),
                _ => self.argument(),
            }
        }
    }

    fn comment_lines(&mut self) {
        for _ in 0..=self.random.below(2) {
            self.blanks();
            self.line_comment();
        }
    }

    fn argument(&mut self) {
        self.argument_without_end();
        self.end_of_line();
    }

    fn argument_without_end(&mut self) {
        self.blanks();
        self.inline_comment();
        self.argument_name();
        self.gap(Lines::Matter);
        self.text.push('=');
        self.gap(Lines::Matter);
        if self.random.one_in(4) {
            self.lone_interpolation();
        } else {
            self.expression(Lines::Matter);
        }
    }

    fn argument_name(&mut self) {
        self.count += 1;
        let name = match self.random.below(12) {
            0 => "type".to_owned(),
            1 => format!("日本{}", self.count),
            2 => format!("name-{}", "x".repeat(self.random.below(9))),
            _ => format!("{}{}", self.random.pick(text::NAMES), self.count),
        };
        self.text.push_str(&name);
    }

    fn block(&mut self, depth: usize) {
        self.blanks();
        let keyword = self.random.pick(text::KEYWORDS);
        self.text.push_str(keyword);
        for _ in 0..self.random.below(4) {
            self.label();
        }
        self.gap(Lines::Matter);
        self.text.push('{');
        match self.random.below(8) {
            0 => self.gap(Lines::Matter),
            1 => {
                self.gap(Lines::Matter);
                self.argument_without_end();
                self.gap(Lines::Matter);
            }
            _ => {
                self.end_of_line();
                self.body(depth + 1);
                self.blanks();
            }
        }
        self.text.push('}');
        self.end_of_line();
    }

    fn label(&mut self) {
        self.text.push(' ');
        if self.random.one_in(12) {
            self.gap(Lines::Matter);
        }
        match self.random.below(8) {
            0 | 1 => {
                let name = self.random.pick(text::NAMES);
                self.text.push_str(name);
                self.text.push(' ');
            }
            2 => {
                let label = self.random.pick(text::ODD_LABELS);
                self.text.push_str(label);
            }
            _ => {
                let name = self.random.pick(text::NAMES);
                self.write(format_args!("\"{name}\""));
            }
        }
    }

    /// `"${…}"` and near misses, which `terraform fmt` takes apart.
    fn lone_interpolation(&mut self) {
        let layers = match self.random.below(8) {
            0 => 2,
            1 => 3,
            _ => 1,
        };
        for _ in 0..layers {
            let open = self.random.pick(&["\"${", "\"${", "\"${~"]);
            self.text.push_str(open);
            self.gap(Lines::DoNotMatter);
        }
        self.expression(Lines::DoNotMatter);
        let strange = self.random.one_in(8);
        for _ in 0..layers {
            self.gap(Lines::DoNotMatter);
            let closes = if strange {
                ["} \"", "}${x}\"", "}%{if x}%{endif}\"", "}\".y"]
            } else {
                ["}\"", "}\"", "}\"", "~}\""]
            };
            let close = self.random.pick(&closes);
            self.text.push_str(close);
        }
    }

    fn end_of_line(&mut self) {
        self.gap(Lines::Matter);
        if self.random.one_in(4) {
            self.line_comment();
        } else {
            self.text.push('\n');
        }
    }

    fn end_of_file(&mut self) {
        match self.random.below(8) {
            0 => self.text.truncate(self.text.trim_end().len()),
            1 => self.text.push_str("  \t "),
            2 => self.text.push_str("# end"),
            3 => self.text.push_str("/* end */"),
            4 => self.text.push_str("\n\n\n"),
            _ => {}
        }
    }
}
