//! Texts of policies that stand for others: wildcards, policy variables, ARNs part by part.

use std::borrow::Cow;

use super::context::Context;
use super::glob::{Case, Glyph, glob, includes};

/// A part of a pattern that holds policy variables.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Glyphs(Vec<Glyph>),
    Variable { key: String, default: Option<String> },
}

/// A text of a policy, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    form: Form,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// Nothing in it stands for anything else. Nearly all are, and compare at once.
    Literal,
    Glob(Vec<Glyph>),
    Variables(Vec<Piece>),
}

impl Pattern {
    /// A text in which `*` and `?` are wildcards; with `variables`, `${…}` is replaced, too.
    pub(super) fn wild(text: &str, variables: bool) -> Self {
        Self::new(text, variables, true)
    }

    /// An action: wildcards and no variables.
    pub(super) fn action(text: &str) -> Self {
        Self::wild(text, false)
    }

    /// The ARN of resources: wildcards, and variables behind the fifth colon.
    ///
    /// Source: "You can't use a variable to replace parts of the ARN before the fifth colon" (IAM User
    /// Guide, variables and tags).
    pub(super) fn resource(text: &str, variables: bool) -> Self {
        let before_variables = text.split("${").next().unwrap_or(text);
        Self::wild(text, variables && before_variables.matches(':').count() >= 5)
    }

    /// A text in which `*` and `?` are themselves; with `variables`, `${…}` is replaced.
    pub(super) fn exact(text: &str, variables: bool) -> Self {
        Self::new(text, variables, false)
    }

    fn new(text: &str, variables: bool, wildcards: bool) -> Self {
        let is_special = wildcards && text.contains(['*', '?']) || variables && text.contains("${");
        let form = match pieces(text, variables, wildcards) {
            _ if !is_special => Form::Literal,
            pieces if pieces.iter().any(|piece| matches!(piece, Piece::Variable { .. })) => {
                Form::Variables(pieces)
            }
            pieces => Form::Glob(without_variables(pieces)),
        };
        Self { text: text.to_owned(), form }
    }

    /// The text as it stands in the policy.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text, where it stands for itself alone.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        (self.form == Form::Literal).then_some(&*self.text)
    }

    /// Whether a policy variable stands in it.
    pub(super) fn has_variables(&self) -> bool {
        matches!(self.form, Form::Variables(_))
    }

    /// Whether it stands for a text.
    #[must_use]
    pub fn matches(&self, text: &str, case: Case, context: &Context) -> bool {
        match (&self.form, case) {
            (Form::Literal, Case::Sensitive) => self.text == text,
            _ => self.glyphs(context).is_some_and(|glyphs| glob(&glyphs, text, case)),
        }
    }

    /// Whether it stands for a text under any circumstances: a variable, which needs some, stands for nothing.
    #[must_use]
    pub fn covers(&self, text: &str, case: Case) -> bool {
        self.matches(text, case, &Context::default())
    }

    /// Whether it stands for a resource under any circumstances.
    #[must_use]
    pub fn covers_resource(&self, arn: &str) -> bool {
        self.is_all() || self.matches_resource(arn, &Context::default())
    }

    /// Whether it stands for whatever another stands for, as far as that can be told: never `true` where it
    /// does not.
    #[must_use]
    pub fn includes(&self, other: &Self, case: Case) -> bool {
        match (&self.form, self.glyphs(&Context::default())) {
            _ if self == other => true,
            (Form::Variables(_), _) | (_, None) => false,
            (_, Some(outer)) => includes(&outer, &other.open_glyphs(), case),
        }
    }

    /// The same for ARNs, part by part.
    pub(super) fn includes_arns(&self, other: &Self) -> bool {
        let nothing = Context::default();
        let (Some(outer), false) = (self.glyphs(&nothing), self.has_variables() || other.has_variables())
        else {
            return self == other;
        };
        let inner = other.open_glyphs();
        let parts = |glyphs: &[Glyph]| -> Vec<Vec<Glyph>> {
            glyphs.splitn(6, |glyph| *glyph == Glyph::Char(':')).map(<[Glyph]>::to_vec).collect()
        };
        let (outer, inner) = (parts(&outer), parts(&inner));
        outer.len() == 6
            && inner.len() == 6
            && outer.iter().zip(&inner).all(|(outer, inner)| includes(outer, inner, Case::Sensitive))
    }

    /// The same for resources.
    #[must_use]
    pub fn includes_resource(&self, other: &Self) -> bool {
        self.text == other.text || self.can_be_compared(other) && self.covers_resource(&other.text)
    }

    /// A `*` or a variable of the other is longer than the one character that a `?` stands for; a `*` here covers them
    /// like any text.
    fn can_be_compared(&self, other: &Self) -> bool {
        other.literal().is_some() || !self.text.contains('?')
    }

    /// Whether it is `*`, and so stands for everything.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.text == "*"
    }

    /// Whether it stands for an ARN: each of the six parts between colons is compared with its own,
    /// and only the last holds further colons.
    ///
    /// Source: "Each of the six colon-delimited components of the ARN is checked separately" (IAM
    /// User Guide, condition operators).
    #[must_use]
    pub fn matches_arn(&self, arn: &str, context: &Context) -> bool {
        if self.form == Form::Literal {
            return self.text == arn;
        }
        let Some(glyphs) = self.glyphs(context) else { return false };
        let wanted: Vec<&[Glyph]> = glyphs.splitn(6, |glyph| *glyph == Glyph::Char(':')).collect();
        let found: Vec<&str> = arn.splitn(6, ':').collect();
        wanted.len() == 6
            && found.len() == 6
            && wanted.iter().zip(found).all(|(wanted, found)| glob(wanted, found, Case::Sensitive))
    }

    /// Whether it stands for the ARN of a resource: as [`Self::matches_arn`], and a last part that ends in
    /// `*` stands for all that follows, too.
    #[must_use]
    pub fn matches_resource(&self, arn: &str, context: &Context) -> bool {
        if self.form == Form::Literal {
            return self.text == arn;
        }
        let Some(glyphs) = self.glyphs(context) else { return false };
        let wanted: Vec<&[Glyph]> = glyphs.splitn(6, |glyph| *glyph == Glyph::Char(':')).collect();
        let found: Vec<&str> = arn.splitn(wanted.len(), ':').collect();
        (wanted.len() == 6 || glyphs.last() == Some(&Glyph::Run))
            && wanted.len() == found.len()
            && wanted.iter().zip(found).all(|(wanted, found)| glob(wanted, found, Case::Sensitive))
    }

    /// The places of the pattern, where a variable can be any text.
    fn open_glyphs(&self) -> Vec<Glyph> {
        match &self.form {
            Form::Literal => self.text.chars().map(Glyph::Char).collect(),
            Form::Glob(glyphs) => glyphs.clone(),
            Form::Variables(pieces) => pieces
                .iter()
                .flat_map(|piece| match piece {
                    Piece::Glyphs(glyphs) => glyphs.clone(),
                    Piece::Variable { .. } => vec![Glyph::Run],
                })
                .collect(),
        }
    }

    /// A text that it stands for, where no variable is in it: wildcards are filled.
    pub(super) fn sample(&self) -> Option<String> {
        let filled = |glyph: &Glyph| match glyph {
            Glyph::Char(c) => *c,
            Glyph::One | Glyph::Run => 'x',
        };
        (!self.has_variables())
            .then(|| self.glyphs(&Context::default()))?
            .map(|glyphs| glyphs.iter().map(filled).collect())
    }

    /// The places of the pattern; `None` when a variable has no value, since then nothing is equal
    /// to it.
    ///
    /// Source: "Policy variables with no value" (IAM User Guide, variables and tags).
    fn glyphs(&self, context: &Context) -> Option<Cow<'_, [Glyph]>> {
        match &self.form {
            Form::Literal => Some(Cow::Owned(self.text.chars().map(Glyph::Char).collect())),
            Form::Glob(glyphs) => Some(Cow::Borrowed(glyphs)),
            Form::Variables(pieces) => {
                let mut glyphs = Vec::new();
                for piece in pieces {
                    match piece {
                        Piece::Glyphs(more) => glyphs.extend(more),
                        Piece::Variable { key, default } => {
                            let value = context.single(key).or(default.as_deref())?;
                            glyphs.extend(value.chars().map(Glyph::Char));
                        }
                    }
                }
                Some(Cow::Owned(glyphs))
            }
        }
    }
}

fn without_variables(pieces: Vec<Piece>) -> Vec<Glyph> {
    let glyphs = |piece| match piece {
        Piece::Glyphs(glyphs) => glyphs,
        Piece::Variable { .. } => Vec::new(),
    };
    pieces.into_iter().flat_map(glyphs).collect()
}

fn pieces(text: &str, variables: bool, wildcards: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut glyphs = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((inner, after)) = variables.then(|| variable(rest)).flatten() {
            match inner {
                "*" | "?" | "$" => glyphs.extend(inner.chars().map(Glyph::Char)),
                _ => {
                    pieces.push(Piece::Glyphs(std::mem::take(&mut glyphs)));
                    pieces.push(named(inner));
                }
            }
            rest = after;
            continue;
        }
        glyphs.push(match c {
            '*' if wildcards => Glyph::Run,
            '?' if wildcards => Glyph::One,
            c => Glyph::Char(c),
        });
        rest = &rest[c.len_utf8()..];
    }
    pieces.push(Piece::Glyphs(glyphs));
    pieces
}

/// What stands between `${` and the next `}` outside of single quotes, and what follows.
fn variable(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix("${")?;
    let mut quoted = false;
    for (at, c) in inner.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '}' if !quoted => return Some((&inner[..at], &inner[at + 1..])),
            _ => {}
        }
    }
    None
}

/// `key` or `key, 'default'`.
fn named(inner: &str) -> Piece {
    let (key, default) = match inner.split_once(',') {
        Some((key, default)) => (key, default.trim().strip_prefix('\'').and_then(|d| d.strip_suffix('\''))),
        None => (inner, None),
    };
    Piece::Variable { key: key.trim().to_lowercase(), default: default.map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::wild(pattern, true).matches(text, Case::Sensitive, &Context::default())
    }

    #[test]
    fn wildcards_stand_for_runs_and_single_characters() {
        assert!(matches("a*c", "abbbc") && matches("a*c", "ac") && matches("*", ""));
        assert!(matches("a?c", "aéc") && !matches("a?c", "ac") && !matches("a*c", "acb"));
        assert!(matches("*a*b*", "xxaxxbxx") && matches("a**", "a"));
    }

    #[test]
    fn escapes_are_the_characters_themselves() {
        assert!(matches("a${*}b", "a*b") && !matches("a${*}b", "axb"));
        assert!(matches("${?}${$}", "?$") && matches("${", "${"));
    }

    #[test]
    fn variables_without_a_value_equal_nothing() {
        let mut context = Context::default();
        assert!(!matches("${aws:username}", "") && matches("${aws:username, 'd}e'}", "d}e"));
        context.add("aws:UserName", "b*b");
        let pattern = Pattern::wild("u/${aws:username}/*", true);
        assert!(pattern.matches("u/b*b/x", Case::Sensitive, &context));
        assert!(!pattern.matches("u/bob/x", Case::Sensitive, &context), "a value is no pattern");
    }

    #[test]
    fn a_pattern_includes_what_it_surely_stands_for() {
        let includes = |pattern: &str, other: &str| {
            Pattern::action(pattern).includes(&Pattern::action(other), Case::Ignored)
        };
        assert!(includes("s3:*", "s3:Get*") && includes("S3:G*t", "s3:Get") && includes("s3:?", "s3:?"));
        assert!(!includes("s3:Get?", "s3:Get*") && !includes("s3:Get*", "s3:*") && !includes("s3:G", "s3:*"));
        let resource = |pattern: &str, other: &str| {
            Pattern::resource(pattern, true).includes_resource(&Pattern::resource(other, true))
        };
        assert!(
            resource("arn:aws:s3:::a*", "arn:aws:s3:::a/${aws:username}") && resource("*", "arn:aws:s3:::*")
        );
        assert!(!resource("arn:*:a", "arn:aws:s3:::a"));
    }

    #[test]
    fn arns_are_compared_part_by_part() {
        let like =
            |pattern: &str, arn: &str| Pattern::wild(pattern, true).matches_arn(arn, &Context::default());
        assert!(like("arn:aws:iam::*:role/ci/*", "arn:aws:iam::111111111111:role/ci/a:b"));
        assert!(!like("arn:aws:*:role/x", "arn:aws:iam::111111111111:role/x"));
        assert!(!like("*", "no arn"));
    }
}
