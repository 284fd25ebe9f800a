//! Conditions of a manifest: whether a name has a value, and whether that is a certain word.
//!
//! That is all there is: whatever more a pack wants to decide stands in a template.

use super::Values;
use super::values::TemplateValue;
use crate::diagnostic::Diagnostic;

/// How a condition is written, for messages.
const FORMS: &str = "a condition is `name`, `not name`, `name == word` or `name != word`, without quotes; where several have to hold, write a list of them";

/// What has to hold for a file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) name: String,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// The value is something, or is not.
    Something { wanted: bool },
    /// The value is this word, or is not.
    Equals { word: String, wanted: bool },
}

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// Anything else, with the way to write it.
    pub(super) fn parse(text: &str) -> Result<Self, Diagnostic> {
        Self::read(text).ok_or_else(|| {
            let help = rewritten(text).unwrap_or_else(|| FORMS.to_owned());
            Diagnostic::error(format!("`{text}` is not a condition")).help(help)
        })
    }

    fn read(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (name, asked) = match words[..] {
            [name] => (name, Test::Something { wanted: true }),
            ["not", name] => (name, Test::Something { wanted: false }),
            [name, sign @ ("==" | "!="), word] if is_word(word) => {
                (name, Test::Equals { word: word.to_owned(), wanted: sign == "==" })
            }
            _ => return None,
        };
        is_name(name).then(|| Self { name: name.to_owned(), test: asked })
    }

    /// Whether it holds. A name without a value equals nothing.
    ///
    /// # Errors
    /// A list or a map that is compared with a word.
    pub(super) fn holds(&self, values: &Values<'_>) -> Result<bool, Diagnostic> {
        let name = &self.name;
        match &self.test {
            Test::Something { wanted } => Ok(values.is_something(name) == *wanted),
            Test::Equals { word, wanted } => {
                let value = values.get(name).map(|value| value.plain().ok_or(value)).transpose();
                let value = value.map_err(|value| compared(name, value))?;
                Ok((value.as_deref() == Some(word)) == *wanted)
            }
        }
    }
}

fn compared(name: &str, value: &TemplateValue<'_>) -> Diagnostic {
    let what = if matches!(value, TemplateValue::Map(_)) { "a map" } else { "a list" };
    Diagnostic::error(format!("`{name}` is {what}, which cannot be compared with a word"))
        .help(format!("ask whether it holds anything: `{name}` or `not {name}`"))
}

/// Whether a text can be a name of a value.
pub(super) fn is_name(text: &str) -> bool {
    text != "not"
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:".contains(c))
}

/// The way to write a condition that is an expression of the templates' language.
fn rewritten(text: &str) -> Option<String> {
    let terms = text.split(" and ").map(|term| term.trim().replace(['"', '\''], ""));
    let terms: Vec<String> = terms.map(|term| Condition::read(&term).map(|_| term)).collect::<Option<_>>()?;
    Some(match &terms[..] {
        [term] => format!("write it without quotes: `when: {term}`"),
        terms => format!("write a list of what has to hold: `when: [{}]`", terms.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{IntoTemplateValue, TemplateContext};
    use super::*;

    struct Things;

    impl TemplateContext<'static> for Things {
        const NAMES: &'static [&'static str] =
            &["yes", "no", "text", "empty", "zero", "many", "list", "nothing_in_it", "absent"];

        fn values(self) -> Vec<Option<TemplateValue<'static>>> {
            let list = |texts: &[&'static str]| {
                TemplateValue::Texts(texts.iter().map(|text| (*text).into()).collect())
            };
            vec![
                true.into_template_value(),
                false.into_template_value(),
                "local".into_template_value(),
                "".into_template_value(),
                0.into_template_value(),
                3600.into_template_value(),
                Some(list(&["a"])),
                Some(list(&[])),
                None,
            ]
        }
    }

    fn holds(text: &str) -> Result<bool, String> {
        let condition = Condition::parse(text).map_err(|problem| problem.message)?;
        condition.holds(&Values::new(Things)).map_err(|problem| problem.message)
    }

    #[test]
    fn a_name_asks_for_a_value_and_a_sign_for_this_value() {
        let true_ones =
            ["yes", "text", "many", "list", "text == local", "text != s3", "many == 3600", "no == false"];
        for text in true_ones {
            assert_eq!(holds(text), Ok(true), "{text}");
        }
        for text in ["no", "empty", "zero", "nothing_in_it", "absent", "unknown"] {
            assert_eq!((holds(text), holds(&format!("not  {text} "))), (Ok(false), Ok(true)), "{text}");
        }
        for text in ["absent", "empty", "text", "zero"] {
            let (same, other) = (holds(&format!("{text} == word")), holds(&format!("{text} != word")));
            assert_eq!((same, other), (Ok(false), Ok(true)), "{text}");
        }
        assert!(holds("list == a").is_err_and(|message| message.contains("is a list")));
    }

    #[test]
    fn what_is_more_is_not_a_condition() {
        let texts = "a or b;a.b;not a == x;a | length > 1;(a);a in b;not not a;not;;a ==;== a;a==b;A;a == b c;a = b;{a};{{ a }}";
        for text in texts.split(';') {
            assert!(
                Condition::parse(text).is_err_and(|problem| problem.help.as_deref() == Some(FORMS)),
                "{text}"
            );
        }
    }

    #[test]
    fn expressions_are_shown_as_conditions() {
        for (old, new) in [
            ("a == \"x\"", "`when: a == x`"),
            ("a != 'x'", "`when: a != x`"),
            ("not a and b != \"x\" and c", "`when: [not a, b != x, c]`"),
        ] {
            let problem = Condition::parse(old).expect_err("it is refused");
            assert!(problem.help.is_some_and(|help| help.contains(new)), "{old}");
        }
    }
}
