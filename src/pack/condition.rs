//! Conditions that need no engine: names and comparisons joined by `and`, which is what manifests say.
//!
//! They mean what they mean to the engine; a test asks both.

use super::Values;

/// `not retired and backend != "local"`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition(Vec<Term>);

/// A part of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    /// The value of a name is something, or is not.
    Is { name: String, wanted: bool },
    /// The value of a name is this text, or is not.
    Equals { name: String, text: String, wanted: bool },
}

impl Condition {
    /// Takes a condition apart; `None` where there is more to it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        text.split(" and ").map(|term| Term::parse(term.trim())).collect::<Option<_>>().map(Self)
    }

    /// The names in it, and whether their values are compared.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, bool)> {
        self.0.iter().map(|term| match term {
            Term::Is { name, .. } => (name.as_str(), false),
            Term::Equals { name, .. } => (name.as_str(), true),
        })
    }

    /// Whether it holds; `None` where only the engine can tell.
    pub(super) fn holds(&self, values: &Values<'_>) -> Option<bool> {
        for term in &self.0 {
            if !term.holds(values)? {
                return Some(false);
            }
        }
        Some(true)
    }
}

impl Term {
    fn parse(text: &str) -> Option<Self> {
        for (sign, wanted) in [(" == ", true), (" != ", false)] {
            if let Some((name, literal)) = text.split_once(sign) {
                let literal = literal.trim().strip_prefix('"')?.strip_suffix('"')?;
                let is_plain = !literal.contains(['"', '\\', '{', '}']);
                let text = is_plain.then(|| literal.to_owned())?;
                return Some(Self::Equals { name: name_of(name)?, text, wanted });
            }
        }
        match text.strip_prefix("not ") {
            Some(rest) => Some(Self::Is { name: name_of(rest)?, wanted: false }),
            None => Some(Self::Is { name: name_of(text)?, wanted: true }),
        }
    }

    fn holds(&self, values: &Values<'_>) -> Option<bool> {
        match self {
            Self::Is { name, wanted } => Some(values.is_something(name) == *wanted),
            Self::Equals { name, text, wanted } => Some((values.text(name)? == text) == *wanted),
        }
    }
}

/// A name, and no word of the engine's language.
pub(super) fn name_of(text: &str) -> Option<String> {
    const WORDS: [&str; 10] = ["and", "or", "not", "in", "is", "true", "false", "if", "none", "null"];
    let text = text.trim();
    let is_name = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !WORDS.contains(&text);
    is_name.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use tera::Tera;

    use super::super::{IntoWord, Named, Word};
    use super::*;

    struct Things;

    impl Named<'static> for Things {
        const NAMES: &'static [&'static str] =
            &["yes", "no", "text", "empty", "zero", "list", "nothing_in_it", "absent"];

        fn words(self) -> Vec<Option<Word<'static>>> {
            let list =
                |texts: &[&'static str]| Word::Texts(texts.iter().map(|text| (*text).into()).collect());
            vec![
                Some(Word::Flag(true)),
                Some(Word::Flag(false)),
                "local".into_word(),
                "".into_word(),
                Some(Word::Number(0)),
                Some(list(&["a"])),
                Some(list(&[])),
                None,
            ]
        }
    }

    #[test]
    fn conditions_mean_what_they_mean_to_the_engine() {
        let values = Values::new(Things);
        let names = Things::NAMES.iter().chain([&"unknown"]);
        let mut terms: Vec<String> =
            names.flat_map(|name| [(*name).to_owned(), format!("not {name}")]).collect();
        terms.extend(
            ["text == \"local\"", "text != \"local\"", "text == \"s3\"", "empty != \"s3\""]
                .map(str::to_owned),
        );
        let mut asked = 0;
        for left in &terms {
            for right in &terms {
                let when = format!("{left} and {right}");
                let condition = Condition::parse(&when).unwrap_or_else(|| panic!("{when}"));
                let found = condition.holds(&values);
                let template = format!("{{% if {when} %}}yes{{% endif %}}");
                let wanted = Tera::one_off(&template, values.context(), false).expect("the engine can tell");
                assert_eq!(found, Some(wanted == "yes"), "{when}");
                asked += 1;
            }
        }
        assert!(asked >= 400, "{asked}");
    }

    #[test]
    fn what_is_more_is_left_to_the_engine() {
        for when in [
            "a or b",
            "a.b",
            "not a == \"x\"",
            "a == b",
            "a | length > 1",
            "(a)",
            "a in b",
            "not not a",
            "true",
            "",
        ] {
            assert_eq!(Condition::parse(when), None, "{when}");
        }
        let unknown = Condition::parse("a == \"x\"").expect("a comparison");
        assert_eq!(unknown.holds(&Values::default()), None);
    }
}
