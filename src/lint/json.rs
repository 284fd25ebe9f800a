//! JSON with places. It stands in files of its own and inside HCL, where `${…}` may interrupt it.
//!
//! `serde_json` forgets places and keeps the last of two equal keys in silence; here the second is
//! a problem, because IAM and a reader could take different ones.

use std::ops::Range;

use super::value::{Data, Entry, Value};
use crate::diagnostic::Span;
use crate::diagnostic::words::excerpt;

/// Collections inside collections; a policy needs six.
const DEEPEST: usize = 64;

/// Why a text is not JSON.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) at: Span,
    pub(super) message: String,
}

/// Reads a part of a text as JSON. In a template, `${…}` is a value that cannot be known.
pub(super) fn read(text: &str, part: Range<usize>, template: bool) -> Result<Value, Problem> {
    let end = part.end.min(text.len());
    let mut reader = Reader { text: text.get(..end).unwrap_or_default(), at: part.start, template, depth: 0 };
    reader.blanks();
    let value = reader.value()?;
    reader.blanks();
    if reader.at < end { Err(reader.problem("something follows the JSON value")) } else { Ok(value) }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    template: bool,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, c: char) -> bool {
        let is_next = self.peek() == Some(c);
        if is_next {
            self.at += c.len_utf8();
        }
        is_next
    }

    fn blanks(&mut self) {
        let blanks = self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\n', '\r']).len();
        self.at += blanks;
    }

    fn problem(&self, message: impl Into<String>) -> Problem {
        let length = self.peek().map_or(0, char::len_utf8);
        Problem { at: Span::new(self.at..self.at + length), message: message.into() }
    }

    fn value(&mut self) -> Result<Value, Problem> {
        let start = self.at;
        let data = match self.peek() {
            Some('{') => self.nested(Self::object)?,
            Some('[') => self.nested(Self::list)?,
            Some('"') => match self.string()? {
                Some(text) => Data::Text(text),
                None => Data::Unknown,
            },
            Some('$' | '%') if self.template && self.rest()[1..].starts_with('{') => {
                self.sequence()?;
                Data::Unknown
            }
            _ => self.word()?,
        };
        Ok(Value::new(Span::new(start..self.at), data))
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Data, Problem>) -> Result<Data, Problem> {
        if self.depth == DEEPEST {
            return Err(self.problem(format!("collections are nested more than {DEEPEST} deep")));
        }
        self.depth += 1;
        self.at += 1;
        self.blanks();
        let data = read(self)?;
        self.depth -= 1;
        Ok(data)
    }

    fn object(&mut self) -> Result<Data, Problem> {
        let mut entries: Vec<Entry> = Vec::new();
        if self.take('}') {
            return Ok(Data::Object(entries));
        }
        loop {
            let start = self.at;
            if self.peek() != Some('"') {
                return Err(self.problem("a key in double quotes belongs here"));
            }
            // A key that only a run would show is nobody's key.
            let key = self.string()?.unwrap_or_default();
            let key_at = Span::new(start..self.at);
            if !key.is_empty() && entries.iter().any(|entry| entry.key == key) {
                let message = format!("the key `{}` stands here twice", excerpt(&key));
                return Err(Problem { at: key_at, message });
            }
            self.blanks();
            if !self.take(':') {
                return Err(self.problem("a `:` belongs behind the key"));
            }
            self.blanks();
            let value = self.value()?;
            entries.push(Entry { key, key_at, value });
            self.blanks();
            if self.take('}') {
                return Ok(Data::Object(entries));
            }
            if !self.take(',') {
                return Err(self.problem("a `,` or `}` belongs here"));
            }
            self.blanks();
        }
    }

    fn list(&mut self) -> Result<Data, Problem> {
        let mut items = Vec::new();
        if self.take(']') {
            return Ok(Data::List(items));
        }
        loop {
            items.push(self.value()?);
            self.blanks();
            if self.take(']') {
                return Ok(Data::List(items));
            }
            if !self.take(',') {
                return Err(self.problem("a `,` or `]` belongs here"));
            }
            self.blanks();
        }
    }

    /// A string; `None` for one that a template completes.
    fn string(&mut self) -> Result<Option<String>, Problem> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        let mut is_known = true;
        loop {
            let Some(c) = self.peek() else {
                let at = Span::new(start..self.at);
                return Err(Problem { at, message: "this string is never closed".to_owned() });
            };
            match c {
                '"' => {
                    self.at += 1;
                    return Ok(is_known.then_some(text));
                }
                '\\' => text.push(self.escape()?),
                '$' | '%' if self.template && self.rest()[1..].starts_with('{') => {
                    self.sequence()?;
                    is_known = false;
                }
                // What a template writes twice stands there once.
                '$' | '%' if self.template && is_doubled(self.rest(), c) => {
                    text.push(c);
                    text.push('{');
                    self.at += 3;
                }
                c if c < ' ' => return Err(self.problem("a control character stands in a string")),
                c => {
                    text.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Problem> {
        let rest = self.rest();
        let simple = match rest.as_bytes().get(1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_point(),
            _ => return Err(self.problem("no such escape in JSON")),
        };
        self.at += 2;
        Ok(simple)
    }

    fn code_point(&mut self) -> Result<char, Problem> {
        let unit = |text: &str| {
            let digits = text.strip_prefix("\\u")?.get(..4)?;
            digits
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit())
                .then(|| u32::from_str_radix(digits, 16).ok())?
        };
        let Some(first) = unit(self.rest()) else {
            return Err(self.problem("four hexadecimal digits belong behind `\\u`"));
        };
        let second = self.rest().get(6..).and_then(unit);
        let (code, length) = match (first, second) {
            (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                (0x1_0000 + ((first - 0xd800) << 10) + (low - 0xdc00), 12)
            }
            _ => (first, 6),
        };
        self.at += length;
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// Skips `${…}`, with the braces and strings in it.
    fn sequence(&mut self) -> Result<(), Problem> {
        let start = self.at;
        let mut open = 0_usize;
        let mut in_string = false;
        let mut characters = self.rest().char_indices();
        while let Some((offset, c)) = characters.next() {
            match c {
                '\\' if in_string => drop(characters.next()),
                '"' => in_string = !in_string,
                '{' if !in_string => open += 1,
                '}' if !in_string => {
                    open -= 1;
                    if open == 0 {
                        self.at = start + offset + 1;
                        return Ok(());
                    }
                }
                _ => {}
            }
        }
        Err(Problem { at: Span::new(start..start + 2), message: "this `${` is never closed".to_owned() })
    }

    /// `true`, `false`, `null` or a number.
    fn word(&mut self) -> Result<Data, Problem> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        let rest = self.rest();
        let word = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        let data = match word {
            "true" => Data::Bool(true),
            "false" => Data::Bool(false),
            "null" => Data::Null,
            number if serde_json::from_str::<serde_json::Number>(number).is_ok() => {
                Data::Number(number.to_owned())
            }
            _ => return Err(self.problem("a JSON value belongs here")),
        };
        self.at += word.len();
        Ok(data)
    }
}

fn is_doubled(rest: &str, c: char) -> bool {
    let mut characters = rest.chars();
    characters.next() == Some(c) && characters.next() == Some(c) && characters.next() == Some('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_what_serde_json_reads() {
        for text in [
            r#"{"a": [1, -2.5e3, true, null, "x\n\u00e9\ud83d\ude00"], "b": {}, "c": []}"#,
            r#""plain""#,
            " [ ] ",
        ] {
            let ours = read(text, 0..text.len(), false).expect(text).to_json();
            assert_eq!(ours, serde_json::from_str(text).ok(), "{text}");
        }
    }

    #[test]
    fn it_refuses_what_is_no_json() {
        for text in
            ["", "{", "[1,]", "{\"a\" 1}", "\"", "nul", "01", "{} {}", "{\"a\":1,\"a\":2}", "'a'", "\"\\x\""]
        {
            assert!(read(text, 0..text.len(), false).is_err(), "{text}");
        }
        let deep = "[".repeat(1000);
        assert!(read(&deep, 0..deep.len(), false).is_err());
    }

    #[test]
    fn templates_hide_what_they_fill_in() {
        let text = r#"{"a": "x${f("}")}y", "b": ${c}, "d": "$${e}"}"#;
        let value = read(text, 0..text.len(), true).expect(text);
        assert!(!value.get("a").expect("a").is_known() && !value.get("b").expect("b").is_known());
        assert_eq!(value.get("d").and_then(Value::text), Some("${e}"));
    }
}
