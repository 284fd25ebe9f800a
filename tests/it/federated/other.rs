//! Tokens of any other issuer, whose subjects have the form that it likes.

use serde_json::{Value, json};

use super::names::{alike, changed_case, filled, other_id};
use super::token::{Caller, Claims, Token, with, without};
use crate::hcl::generator::Random;

/// A workload with tokens of some issuer.
#[derive(Debug, Clone)]
pub(crate) struct Workload<'c> {
    /// The issuer's URL.
    pub(crate) issuer: &'c str,
    pub(crate) audience: &'c str,
    /// Its subjects, any one of which will do; a `*` stands for any text.
    pub(crate) subjects: &'c [&'c str],
    /// Further claims that AWS compares, each with the values of which it has one.
    pub(crate) claims: &'c [(&'c str, &'c [&'c str])],
}

impl Caller for Workload<'_> {
    fn subjects(&self) -> Vec<String> {
        self.subjects.iter().map(|subject| (*subject).to_owned()).collect()
    }

    fn own(&self, random: &mut Random) -> Claims {
        let subject = one_of(self.subjects, random);
        let Value::Object(mut claims) = json!({
            "iss": self.issuer, "aud": self.audience, "sub": filled(subject, random),
            "exp": 1_796_000_000 + random.below(9_999), "jti": random.below(1_000_000).to_string(),
        }) else {
            unreachable!("an object is written here")
        };
        for (claim, values) in self.claims {
            claims.insert((*claim).to_owned(), json!(one_of(values, random)));
        }
        claims
    }

    /// Each part of a subject in turn is somebody else's.
    fn strangers(&self, random: &mut Random) -> Vec<Token> {
        let mut tokens = Vec::new();
        for subject in self.subjects {
            let subject = filled(subject, random);
            let is_separator = |c: char| ":/|".contains(c);
            for (at, part) in parts(&subject, is_separator) {
                let changed = |part: &str| {
                    format!(
                        "{}{part}{}",
                        &subject[..at],
                        &subject[at + part_length(&subject[at..], is_separator)..]
                    )
                };
                for (why, part) in [
                    ("a part of the subject is another", alike(part, random)),
                    ("a part of the subject is another", alike(part, random)),
                    ("a part of the subject is a star", "*".to_owned()),
                    ("a part of the subject is empty", String::new()),
                ] {
                    tokens.push(Token::wrong(why, with(&self.own(random), "sub", changed(&part))));
                }
                if part.contains(|c: char| c.is_ascii_alphabetic()) {
                    let part = changed_case(part, random);
                    tokens.push(Token::wrong(
                        "a part in other case",
                        with(&self.own(random), "sub", changed(&part)),
                    ));
                }
            }
        }
        tokens
    }

    fn impostors(&self, random: &mut Random) -> Vec<Token> {
        let mut tokens = Vec::new();
        for (claim, values) in self.claims {
            let value = one_of(values, random);
            tokens.push(Token::wrong("a claim is missing", without(&self.own(random), claim)));
            for other in [
                alike(value, random),
                other_id(value, random),
                value.to_uppercase(),
                "*".to_owned(),
                String::new(),
            ] {
                if !values.contains(&other.as_str()) {
                    tokens.push(Token::wrong("a claim is another's", with(&self.own(random), claim, other)));
                }
            }
        }
        tokens
    }
}

fn one_of<'c>(texts: &[&'c str], random: &mut Random) -> &'c str {
    texts[random.below(texts.len())]
}

/// The parts of a text between separators, with where they begin.
fn parts(text: &str, is_separator: impl Fn(char) -> bool) -> Vec<(usize, &str)> {
    let mut at = 0;
    let mut parts = Vec::new();
    for part in text.split(is_separator) {
        parts.push((at, part));
        at += part.len() + 1;
    }
    parts.retain(|(_, part)| !part.is_empty());
    parts
}

fn part_length(text: &str, is_separator: impl Fn(char) -> bool) -> usize {
    text.find(is_separator).unwrap_or(text.len())
}
