//! JSON with places, also where it is put together from pieces of which some are unknown.
//!
//! `serde_json` forgets places and keeps the last of two equal keys in silence; here the second is
//! a problem, because IAM and a reader could take different ones.

use std::ops::Range;

use super::{Data, Entries, Entry, Key, Reason, Text, Value};
use crate::diagnostic::Span;
use crate::diagnostic::words::excerpt;

/// Collections inside collections; a policy needs six.
const DEEPEST: usize = 64;

/// Why a text is not JSON.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Where.
    pub at: Span,
    /// What is wrong there.
    pub message: String,
}

/// Reads a text as JSON; places are counted from where it begins.
///
/// # Errors
/// The first place that is not JSON, or a key that stands there twice.
pub fn parse(text: &str, begins: u32) -> Result<Value, Problem> {
    let start = begins as usize;
    read(&Text::known(Span::new(start..start + text.len()), text))
}

/// Reads a text as JSON. An unknown piece may stand for a value, for part of a string, or for keys with
/// their values.
pub(super) fn read(text: &Text) -> Result<Value, Problem> {
    let (known, gaps) = text.with_gaps();
    let mut reader = Reader { whole: text, text: known, gaps: &gaps, at: 0, depth: 0 };
    if reader.peek() == Some('\u{feff}') {
        return Err(reader.problem("it begins with a byte-order mark; save the file without it"));
    }
    reader.blanks();
    let value = reader.value()?;
    reader.blanks();
    if reader.at < known.len() || reader.gap().is_some() {
        return Err(reader.problem("something follows the JSON value"));
    }
    Ok(value)
}

struct Reader<'t> {
    whole: &'t Text,
    text: &'t str,
    /// The unknown pieces that are still ahead.
    gaps: &'t [(usize, &'t Reason)],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The unknown piece that stands here.
    fn gap(&self) -> Option<Reason> {
        self.gaps.first().filter(|(at, _)| *at == self.at).map(|(_, reason)| (*reason).clone())
    }

    fn take_gap(&mut self) -> Option<Reason> {
        let gap = self.gap()?;
        self.gaps = &self.gaps[1..];
        Some(gap)
    }

    /// The next character, if nothing unknown stands before it.
    fn peek(&self) -> Option<char> {
        if self.gap().is_some() { None } else { self.rest().chars().next() }
    }

    fn take(&mut self, c: char) -> bool {
        let is_next = self.peek() == Some(c);
        if is_next {
            self.at += c.len_utf8();
        }
        is_next
    }

    fn blanks(&mut self) {
        while let Some(' ' | '\t' | '\n' | '\r') = self.peek() {
            self.at += 1;
        }
    }

    fn place(&self, part: Range<usize>) -> Span {
        self.whole.place(part)
    }

    fn problem(&self, message: impl Into<String>) -> Problem {
        let length = self.peek().map_or(0, char::len_utf8);
        Problem { at: self.place(self.at..self.at + length), message: message.into() }
    }

    fn value(&mut self) -> Result<Value, Problem> {
        if let Some(reason) = self.take_gap() {
            return Ok(Value::new(reason.at, Data::Unknown(reason)));
        }
        let start = self.at;
        let data = match self.peek() {
            Some('{') => self.nested(Self::object)?,
            Some('[') => self.nested(Self::list)?,
            Some('"') => Data::Text(self.string()?),
            _ => self.word()?,
        };
        Ok(Value::new(self.place(start..self.at), data))
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
        let mut entries = Entries::default();
        if self.take('}') {
            return Ok(Data::Object(Vec::new()));
        }
        loop {
            let is_part = self.gap().is_some();
            let entry = self.entry(&entries)?;
            entries.insert(entry);
            self.blanks();
            if self.take('}') {
                return Ok(Data::Object(entries.into_list()));
            }
            // A template that makes part of an object may bring its comma along.
            if !self.take(',') && !is_part && self.gap().is_none() {
                return Err(self.problem("a `,` or `}` belongs here"));
            }
            self.blanks();
            if (is_part || self.gap().is_some()) && self.take('}') {
                return Ok(Data::Object(entries.into_list()));
            }
        }
    }

    fn entry(&mut self, before: &Entries) -> Result<Entry, Problem> {
        if let Some(reason) = self.take_gap() {
            self.blanks();
            let key_at = reason.at;
            let value = if self.take(':') {
                self.blanks();
                self.value()?
            } else {
                Value::new(reason.at, Data::Unknown(reason.clone()))
            };
            return Ok(Entry { key: Key::Unknown(reason), key_at, value });
        }
        let start = self.at;
        if self.peek() != Some('"') {
            return Err(self.problem("a key in double quotes belongs here"));
        }
        let key = self.string()?;
        let key_at = self.place(start..self.at);
        let key = match (key.as_str(), key.reason()) {
            (Some(key), _) if before.contains(key) => {
                let message = format!("the key `{}` stands here twice", excerpt(key));
                return Err(Problem { at: key_at, message });
            }
            (Some(key), _) => Key::Known(key.to_owned()),
            (None, reason) => Key::Unknown(reason.cloned().unwrap_or_else(|| Reason::new(key_at, "a key"))),
        };
        self.blanks();
        if !self.take(':') {
            return Err(self.problem("a `:` belongs behind the key"));
        }
        self.blanks();
        Ok(Entry { key, key_at, value: self.value()? })
    }

    fn list(&mut self) -> Result<Data, Problem> {
        let mut items = Vec::new();
        if self.take(']') {
            return Ok(Data::List(items));
        }
        loop {
            let is_part = self.gap().is_some();
            items.push(self.value()?);
            self.blanks();
            if self.take(']') {
                return Ok(Data::List(items));
            }
            if !self.take(',') && !is_part && self.gap().is_none() {
                return Err(self.problem("a `,` or `]` belongs here"));
            }
            self.blanks();
            if is_part && self.take(']') {
                return Ok(Data::List(items));
            }
        }
    }

    fn string(&mut self) -> Result<Text, Problem> {
        let start = self.at;
        self.at += 1;
        let mut text = Text::default();
        loop {
            if let Some(reason) = self.take_gap() {
                text.push_unknown(reason);
                continue;
            }
            let piece = self.at;
            match self.peek() {
                None => {
                    let at = self.place(start..self.at);
                    return Err(Problem { at, message: "this string is never closed".to_owned() });
                }
                Some('"') => {
                    self.at += 1;
                    return Ok(if piece == start + 1 && text.as_str() == Some("") {
                        Text::known(self.place(start..self.at), "")
                    } else {
                        text
                    });
                }
                Some('\\') => {
                    let c = self.escape()?;
                    text.push(self.place(piece..self.at), c.encode_utf8(&mut [0; 4]));
                }
                Some(c) if c < ' ' => return Err(self.problem("a control character stands in a string")),
                Some(_) => {
                    self.at += self.plain();
                    text.push(self.place(piece..self.at), &self.text[piece..self.at]);
                }
            }
        }
    }

    /// How long the text is that stands for itself.
    fn plain(&self) -> usize {
        let rest = self.rest();
        let length = rest.find(|c: char| c < ' ' || c == '"' || c == '\\').unwrap_or(rest.len());
        self.gaps.first().map_or(length, |(gap, _)| length.min(gap - self.at))
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
            let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_hex.then(|| u32::from_str_radix(digits, 16).ok())?
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

    /// `true`, `false`, `null` or a number.
    fn word(&mut self) -> Result<Data, Problem> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        let rest = self.rest();
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let length = self.gaps.first().map_or(length, |(gap, _)| length.min(gap - self.at));
        let word = &rest[..length];
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
        // A number that goes on with something unknown is another number.
        match self.take_gap().filter(|_| matches!(data, Data::Number(_))) {
            Some(reason) => Ok(Data::Unknown(reason)),
            None => Ok(data),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_what_serde_json_reads() {
        for text in [
            r#"{"a": [1, -2.5e3, true, null, "x\n\u00e9\ud83d\ude00"], "b": {}, "c": [], "": ""}"#,
            r#""plain""#,
            " [ ] ",
        ] {
            let ours = parse(text, 0).expect(text).to_json();
            assert_eq!(ours, serde_json::from_str(text).ok(), "{text}");
        }
    }

    #[test]
    fn it_refuses_what_is_not_json() {
        for text in
            ["", "{", "[1,]", "{\"a\" 1}", "\"", "nul", "01", "{} {}", "{\"a\":1,\"a\":2}", "'a'", "\"\\x\""]
        {
            assert!(parse(text, 0).is_err(), "{text}");
        }
        assert!(parse(&"[".repeat(1000), 0).is_err());
    }

    #[test]
    fn places_are_counted_from_where_the_text_begins() {
        let value = parse(r#"{"a": ["b"]}"#, 100).expect("JSON");
        assert_eq!(value.at, Span::new(100..112));
        let item = &value.get("a").expect("a").items()[0];
        assert_eq!(item.at, Span::new(107..110));
    }

    /// Cuts a text at `~`, where something unknown is to stand.
    fn with_gaps(text: &str) -> Text {
        let mut whole = Text::default();
        for (index, piece) in text.split('~').enumerate() {
            if index > 0 {
                whole.push_unknown(Reason::new(Span::default(), "`var.x`"));
            }
            whole.push(Span::default(), piece);
        }
        whole
    }

    #[test]
    fn what_is_unknown_may_stand_anywhere() {
        let value = read(&with_gaps(r#"{"a": "x~y", "b": ~, "~c": 1, ~ "d": [~], ~}"#)).expect("JSON");
        let Some(Data::Text(a)) = value.get("a").map(|value| &value.data) else { panic!("no text") };
        assert_eq!(a.ends(), ("x", "y"));
        assert!(!value.get("b").expect("b").is_known());
        assert_eq!(value.get("d").expect("d").items().len(), 1);
        assert_eq!(value.entries().iter().filter(|entry| entry.name().is_none()).count(), 3);
        for text in ["{\"a\": 1 \"b\": ~}", "{~", "[~", "~ x", "{\"a\" ~ 1}"] {
            assert!(read(&with_gaps(text)).is_err(), "{text}");
        }
    }
}
