//! Values of expressions, as far as a text tells them: literals, templates, locals, defaults of
//! variables, policy documents. Everything else stays unknown, with the words that are to blame.

use serde_json::{Map, Number, Value, json};

use crate::hcl::{self, Token, TokenKind, string};

/// Why a value cannot be told: what it depends on.
pub(super) type Unknown = String;

/// Expressions in expressions are read this deep; what people write is not half of it.
const MOST_NESTED: usize = 64;
/// References that lead to references end here.
const DEEPEST: usize = 32;

/// What the names in an expression stand for.
pub(super) trait Names {
    /// The value of a reference, so many references away from where it began.
    fn resolve(&self, words: &[&str], depth: usize) -> Result<Value, Unknown>;

    /// The text of a file that `file("${path.module}/…")` names.
    fn file(&self, path: &str) -> Option<&str>;
}

/// The value of an expression.
pub(super) fn value(names: &dyn Names, text: &str) -> Result<Value, Unknown> {
    value_with(names, text, None, 0)
}

/// The same inside a block of `for_each`, where `each` has a key and a value.
pub(super) fn value_for(names: &dyn Names, text: &str, each: &(String, Value)) -> Result<Value, Unknown> {
    value_with(names, text, Some(each), 0)
}

/// The same, so many references away from where it began.
pub(super) fn value_with(
    names: &dyn Names,
    text: &str,
    each: Option<&(String, Value)>,
    depth: usize,
) -> Result<Value, Unknown> {
    if depth > DEEPEST {
        return Err("a value that refers to itself".to_owned());
    }
    // A heredoc ends with a line of its own.
    let text = &format!("{text}\n");
    let tokens = hcl::scan(text).map_err(|error| error.to_string())?;
    let is_code = |token: &&Token| {
        !matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment | TokenKind::End)
    };
    let tokens: Vec<Token> = tokens.iter().filter(is_code).copied().collect();
    let mut reader = Reader { names, text, tokens: &tokens, at: 0, each, depth, nested: 0 };
    let value = reader.operand()?;
    reader.skip_lines();
    if reader.at == tokens.len() { Ok(value) } else { Err(reader.blame()) }
}

struct Reader<'r> {
    names: &'r dyn Names,
    text: &'r str,
    tokens: &'r [Token],
    at: usize,
    each: Option<&'r (String, Value)>,
    depth: usize,
    nested: usize,
}

impl<'r> Reader<'r> {
    fn kind(&self) -> Option<TokenKind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    fn take(&mut self) -> &'r str {
        let token = self.tokens.get(self.at).map_or("", |token| token.text(self.text));
        self.at += 1;
        token
    }

    fn skip_lines(&mut self) {
        while self.kind() == Some(TokenKind::Newline) {
            self.at += 1;
        }
    }

    /// The whole expression, shortened: what cannot be told is shown as it is written.
    fn blame(&self) -> Unknown {
        let line = self.text.lines().next().unwrap_or_default().trim();
        format!("`{}`", crate::diagnostic::words::excerpt(line))
    }

    fn expect(&mut self, kind: TokenKind) -> Result<(), Unknown> {
        self.skip_lines();
        if self.kind() == Some(kind) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.blame())
        }
    }

    /// A value, and those in it: each takes some of the stack.
    fn operand(&mut self) -> Result<Value, Unknown> {
        if self.nested == MOST_NESTED {
            return Err("an expression that is nested too deep".to_owned());
        }
        self.nested += 1;
        let value = self.one();
        self.nested -= 1;
        value
    }

    fn one(&mut self) -> Result<Value, Unknown> {
        self.skip_lines();
        match self.kind() {
            Some(TokenKind::OpenQuote) => self.template(TokenKind::CloseQuote),
            Some(TokenKind::HeredocOpen) => self.template(TokenKind::HeredocClose),
            Some(TokenKind::Number) => {
                let text = self.take();
                text.parse::<Number>().map(Value::Number).map_err(|_| self.blame())
            }
            Some(TokenKind::OpenBracket) => self.list(),
            Some(TokenKind::OpenBrace) => self.object(),
            Some(TokenKind::OpenParenthesis) => {
                self.at += 1;
                let value = self.operand()?;
                self.expect(TokenKind::CloseParenthesis)?;
                Ok(value)
            }
            Some(TokenKind::Identifier) => self.name(),
            _ => Err(self.blame()),
        }
    }

    fn template(&mut self, end: TokenKind) -> Result<Value, Unknown> {
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.kind() {
                Some(kind) if kind == end => break,
                Some(TokenKind::QuotedLiteral) => {
                    let piece = format!("\"{}\"", self.take());
                    text.push_str(&string::unquote(&piece).map_err(|error| error.to_string())?);
                }
                Some(TokenKind::HeredocLiteral) => {
                    text.push_str(&self.take().replace("$${", "${").replace("%%{", "%{"));
                }
                Some(TokenKind::InterpolationOpen) => {
                    self.at += 1;
                    match self.operand()? {
                        Value::String(piece) => text.push_str(&piece),
                        Value::Object(_) | Value::Array(_) | Value::Null => return Err(self.blame()),
                        scalar => text.push_str(&scalar.to_string()),
                    }
                    self.expect(TokenKind::TemplateClose)?;
                }
                _ => return Err(self.blame()),
            }
        }
        self.at += 1;
        Ok(Value::String(text))
    }

    fn list(&mut self) -> Result<Value, Unknown> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_lines();
            if self.kind() == Some(TokenKind::CloseBracket) {
                self.at += 1;
                return Ok(Value::Array(items));
            }
            items.push(self.operand()?);
            self.skip_lines();
            if self.kind() != Some(TokenKind::CloseBracket) {
                self.expect(TokenKind::Comma)?;
            }
        }
    }

    fn object(&mut self) -> Result<Value, Unknown> {
        self.at += 1;
        let mut members = Map::new();
        loop {
            while matches!(self.kind(), Some(TokenKind::Newline | TokenKind::Comma)) {
                self.at += 1;
            }
            match self.kind() {
                Some(TokenKind::CloseBrace) => {
                    self.at += 1;
                    return Ok(Value::Object(members));
                }
                Some(TokenKind::Identifier | TokenKind::OpenQuote | TokenKind::OpenParenthesis) => {}
                _ => return Err(self.blame()),
            }
            let key = match self.kind() {
                Some(TokenKind::Identifier) => self.take().to_owned(),
                _ => self.operand()?.as_str().map(str::to_owned).ok_or_else(|| self.blame())?,
            };
            if !matches!(self.kind(), Some(TokenKind::Assign | TokenKind::Colon)) {
                return Err(self.blame());
            }
            self.at += 1;
            let value = self.operand()?;
            members.insert(key, value);
        }
    }

    /// A word, a call, or a reference with all that is behind it.
    fn name(&mut self) -> Result<Value, Unknown> {
        let name = self.take();
        if self.kind() == Some(TokenKind::OpenParenthesis) {
            return self.call(name);
        }
        match name {
            "true" => return Ok(Value::Bool(true)),
            "false" => return Ok(Value::Bool(false)),
            "null" => return Ok(Value::Null),
            _ => {}
        }
        let mut steps = vec![name.to_owned()];
        loop {
            match self.kind() {
                Some(TokenKind::Dot) => {
                    self.at += 1;
                    if self.kind() != Some(TokenKind::Identifier) {
                        return Err(self.blame());
                    }
                    steps.push(self.take().to_owned());
                }
                Some(TokenKind::OpenBracket) => {
                    self.at += 1;
                    let index = self.operand()?;
                    self.expect(TokenKind::CloseBracket)?;
                    steps.push(index.as_str().map_or_else(|| index.to_string(), str::to_owned));
                }
                _ => break,
            }
        }
        self.resolve(&steps)
    }

    fn resolve(&self, steps: &[String]) -> Result<Value, Unknown> {
        let words: Vec<&str> = steps.iter().map(String::as_str).collect();
        match (words.as_slice(), self.each) {
            (["each", "key"], Some((key, _))) => Ok(Value::from(key.as_str())),
            (["each", "value", rest @ ..], Some((_, value))) => {
                within(value, rest).ok_or_else(|| self.blame())
            }
            _ => self.names.resolve(&words, self.depth + 1),
        }
    }

    fn call(&mut self, name: &str) -> Result<Value, Unknown> {
        self.at += 1;
        let mut arguments = Vec::new();
        loop {
            self.skip_lines();
            if self.kind() == Some(TokenKind::CloseParenthesis) {
                self.at += 1;
                break;
            }
            arguments.push(self.operand()?);
            self.skip_lines();
            if self.kind() != Some(TokenKind::CloseParenthesis) {
                self.expect(TokenKind::Comma)?;
            }
        }
        match (name, arguments.as_slice()) {
            ("jsonencode", [value]) => Ok(Value::String(value.to_string())),
            ("jsondecode", [Value::String(text)]) => serde_json::from_str(text).map_err(|_| self.blame()),
            ("toset" | "tolist" | "tomap" | "tostring", [value]) => Ok(value.clone()),
            ("format", [Value::String(template), arguments @ ..]) => {
                super::format::format(template, arguments).map(Value::from).ok_or_else(|| self.blame())
            }
            ("lower", [Value::String(text)]) => Ok(text.to_lowercase().into()),
            ("upper", [Value::String(text)]) => Ok(text.to_uppercase().into()),
            ("join", [Value::String(between), Value::Array(items)]) => {
                let items: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                items.map(|items| json!(items.join(between))).ok_or_else(|| self.blame())
            }
            ("concat", lists) => Ok(lists.iter().filter_map(Value::as_array).flatten().cloned().collect()),
            ("merge", maps) => Ok(Value::Object(
                maps.iter()
                    .filter_map(Value::as_object)
                    .flatten()
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect(),
            )),
            ("file", [Value::String(path)]) => {
                self.names.file(path).map(Value::from).ok_or_else(|| self.blame())
            }
            _ => Err(format!("`{name}(…)`")),
        }
    }
}

/// What a way through members and items leads to.
pub(super) fn within(value: &Value, steps: &[&str]) -> Option<Value> {
    let step = |value: &Value, step: &&str| match value {
        Value::Array(items) => step.parse::<usize>().ok().and_then(|index| items.get(index).cloned()),
        other => other.get(*step).cloned(),
    };
    steps.iter().try_fold(value.clone(), |value, name| step(&value, name))
}
