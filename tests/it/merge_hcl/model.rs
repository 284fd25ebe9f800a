//! Random Terraform files as values: blocks that are almost alike, ways to change them, and ways to
//! write them.

use std::fmt::Write as _;

/// Random numbers that follow from a seed.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let limit = u64::try_from(limit).expect("a small number");
        usize::try_from((self.0 >> 20) % limit).expect("a small number")
    }

    pub(super) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// A block, with what it is called and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) header: String,
    pub(super) attributes: Vec<(String, Value)>,
    pub(super) blocks: Vec<Block>,
    pub(super) comment: Option<String>,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Plain(String),
    List(Vec<String>),
    Object(Vec<(String, String)>),
}

/// A file.
pub(super) type Document = Vec<Block>;

/// Who changes a file: what they add has names of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Ours,
    Theirs,
}

impl Who {
    fn word(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Theirs => "theirs",
        }
    }
}

/// Four to twelve providers that differ in a word, and a few roles with blocks of their own.
pub(super) fn document(random: &mut Random) -> Document {
    let providers = 4 + random.below(9);
    let roles = random.below(4);
    (0..providers).map(|number| provider(&format!("a{number}"))).chain((0..roles).map(role)).collect()
}

fn plain(name: &str, value: &str) -> (String, Value) {
    (name.to_owned(), Value::Plain(value.to_owned()))
}

fn block(header: &str, attributes: Vec<(String, Value)>, blocks: Vec<Block>) -> Block {
    Block { header: header.to_owned(), attributes, blocks, comment: None }
}

/// A provider of this alias.
pub(super) fn provider(alias: &str) -> Block {
    let assume =
        block("assume_role", vec![plain("role_arn", "var.role"), plain("duration", "\"1h\"")], vec![]);
    let attributes = vec![
        plain("alias", &format!("\"{alias}\"")),
        plain("region", "\"eu-central-1\""),
        plain("max_retries", "5"),
    ];
    block("provider \"aws\"", attributes, vec![assume])
}

fn role(number: usize) -> Block {
    let words = |words: &[&str]| Value::List(words.iter().map(|word| format!("\"{word}\"")).collect());
    let statement = |name: &str| {
        let attributes = vec![
            plain("sid", &format!("\"{name}\"")),
            plain("effect", "\"Allow\""),
            ("actions".to_owned(), words(&["s3:GetObject", "s3:PutObject", "s3:ListBucket"])),
        ];
        block("statement", attributes, vec![])
    };
    let tags = ["Project", "Owner", "Stage"].map(|key| (key.to_owned(), "\"none\"".to_owned()));
    let attributes = vec![
        plain("path", "\"/\""),
        plain("max_session_duration", "3600"),
        ("tags".to_owned(), Value::Object(tags.to_vec())),
        ("layers".to_owned(), words(&["one", "two", "three"])),
    ];
    let names = ["Read", "Write", "List"];
    block(&format!("resource \"aws_x\" \"r{number}\""), attributes, names.map(statement).to_vec())
}

/// Makes one change, in any block at any depth.
pub(super) fn change(document: &mut Document, who: Who, random: &mut Random) {
    let word = who.word();
    let number = random.below(1000);
    match random.below(12) {
        0 => {
            let at = random.below(document.len() + 1);
            document.insert(at, provider(&format!("{word}{number}")));
        }
        1 if document.len() > 2 => {
            let at = random.below(document.len());
            document.remove(at);
        }
        2 if document.len() > 1 => {
            let (from, to) = (random.below(document.len()), random.below(document.len()));
            document.swap(from, to);
        }
        _ => {
            let at = random.below(document.len().max(1));
            if let Some(block) = document.get_mut(at) {
                change_block(block, word, number, random);
            }
        }
    }
}

fn change_block(block: &mut Block, word: &str, number: usize, random: &mut Random) {
    if !block.blocks.is_empty() && random.one_in(3) {
        let at = random.below(block.blocks.len());
        return change_block(&mut block.blocks[at], word, number, random);
    }
    // The first attribute is what the block is known by.
    let at = 1 + random.below(block.attributes.len().max(2) - 1);
    match random.below(7) {
        0 => block.attributes.push(plain(&format!("{word}_{number}"), "true")),
        1 if at < block.attributes.len() => {
            block.attributes.remove(at);
        }
        2 => block.comment = Some(format!("# A note of {word}, {number}.")),
        3 if block.header.starts_with("resource") => {
            let sid = plain("sid", &format!("\"{word}{number}\""));
            block.blocks.push(self::block("statement", vec![sid, plain("effect", "\"Deny\"")], vec![]));
        }
        4 if block.blocks.len() > 1 => {
            let at = random.below(block.blocks.len());
            block.blocks.remove(at);
        }
        _ => {
            if let Some((_, value)) = block.attributes.get_mut(at) {
                change_value(value, word, number, random);
            }
        }
    }
}

fn change_value(value: &mut Value, word: &str, number: usize, random: &mut Random) {
    let new = format!("\"{word}{number}\"");
    match value {
        Value::Plain(text) => *text = new,
        Value::List(words) => match random.below(3) {
            0 if words.len() > 1 => {
                let at = random.below(words.len());
                words.remove(at);
            }
            _ => {
                let at = random.below(words.len() + 1);
                words.insert(at, new);
            }
        },
        Value::Object(entries) => match random.below(3) {
            0 if entries.len() > 1 => {
                let at = random.below(entries.len());
                entries.remove(at);
            }
            1 if !entries.is_empty() => {
                let at = random.below(entries.len());
                entries[at].1 = new;
            }
            _ => {
                let at = random.below(entries.len() + 1);
                entries.insert(at, (format!("{word}{number}"), "\"new\"".to_owned()));
            }
        },
    }
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// As the formatter leaves it.
    Canonical,
    /// Somehow, with this seed.
    Odd(u64),
}

/// Writes a file.
pub(super) fn written(document: &Document, layout: Layout) -> String {
    let mut text = String::new();
    let mut random = Random::new(match layout {
        Layout::Canonical => 1,
        Layout::Odd(seed) => seed,
    });
    let is_odd = layout != Layout::Canonical;
    for (number, block) in document.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        write_block(block, 0, is_odd, &mut random, &mut text);
    }
    if is_odd { text } else { crossrole::hcl::format(&text).expect("the file can be formatted") }
}

fn write_block(block: &Block, depth: usize, is_odd: bool, random: &mut Random, text: &mut String) {
    let to = "  ".repeat(depth);
    if let Some(comment) = &block.comment {
        _ = writeln!(text, "{to}{comment}");
    }
    _ = writeln!(text, "{to}{} {{", block.header);
    for (name, value) in &block.attributes {
        let gap = " ".repeat(if is_odd { 1 + random.below(4) } else { 1 });
        let inner = if is_odd && random.one_in(4) { "\t" } else { "  " };
        let is_long = matches!(value, Value::Object(_)) || name == "layers";
        let value = write_value(value, is_long, &format!("{to}  "));
        _ = writeln!(text, "{to}{inner}{name}{gap}={gap}{value}");
    }
    for inner in &block.blocks {
        text.push('\n');
        write_block(inner, depth + 1, is_odd, random, text);
    }
    _ = writeln!(text, "{to}}}");
}

fn write_value(value: &Value, is_long: bool, to: &str) -> String {
    match value {
        Value::Plain(text) => text.clone(),
        Value::List(words) if is_long => {
            let lines: Vec<String> = words.iter().map(|word| format!("{to}  {word},\n")).collect();
            format!("[\n{}{to}]", lines.concat())
        }
        Value::List(words) => format!("[{}]", words.join(", ")),
        Value::Object(entries) => {
            let lines: Vec<String> =
                entries.iter().map(|(key, value)| format!("{to}  {key} = {value}\n")).collect();
            format!("{{\n{}{to}}}", lines.concat())
        }
    }
}
