//! The parts of a statement, each with its place.

use crate::diagnostic::Span;
use crate::model::ArnParts;
use crate::value::{Data, Entry, Value};

/// A text in a policy.
#[derive(Debug, Clone, Copy)]
pub(in crate::lint) struct Word<'v> {
    pub(in crate::lint) text: &'v str,
    pub(in crate::lint) at: Span,
}

impl Word<'_> {
    pub(in crate::lint) fn lower(&self) -> String {
        self.text.to_lowercase()
    }
}

/// Someone a statement is about.
#[derive(Debug, Clone, Copy)]
pub(in crate::lint) struct Principal<'v> {
    /// `AWS`, `Federated`, `Service`, `CanonicalUser`; `*` for `"Principal": "*"`.
    pub(in crate::lint) kind: &'v str,
    pub(in crate::lint) text: &'v str,
    pub(in crate::lint) at: Span,
}

impl Principal<'_> {
    pub(in crate::lint) fn is_anyone(&self) -> bool {
        matches!(self.kind, "*" | "AWS") && self.text == "*"
    }

    /// The account that it stands for as a whole.
    pub(in crate::lint) fn whole_account(&self) -> Option<&str> {
        let is_account = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if self.kind != "AWS" {
            return None;
        }
        if is_account(self.text) {
            return Some(self.text);
        }
        let parts = ArnParts::split(self.text)?;
        (parts.service == "iam" && parts.resource == "root").then_some(parts.account)
    }

    /// Service and resource of its ARN: `("iam", "role/ci/deployer")`.
    pub(in crate::lint) fn resource(&self) -> Option<(&str, &str)> {
        let parts = ArnParts::split(self.text).filter(|_| self.kind == "AWS")?;
        Some((parts.service, parts.resource))
    }

    /// Whether its credentials can only be a session without MFA.
    pub(in crate::lint) fn never_has_mfa(&self) -> bool {
        let is_role = self.resource().is_some_and(|(service, resource)| {
            service == "sts" || (service == "iam" && resource.starts_with("role/"))
        });
        is_role || matches!(self.kind, "Federated" | "Service")
    }
}

/// One key under one operator of `Condition`.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Condition<'v> {
    /// The operator as it is written.
    pub(in crate::lint) written: &'v str,
    /// The operator in lower case, without what stands before and behind it.
    pub(in crate::lint) operator: String,
    pub(in crate::lint) for_all: bool,
    pub(in crate::lint) if_exists: bool,
    pub(in crate::lint) operator_at: Span,
    /// The key as it is written.
    pub(in crate::lint) key: &'v str,
    /// The key in lower case.
    pub(in crate::lint) name: String,
    pub(in crate::lint) key_at: Span,
    pub(in crate::lint) values: Vec<Word<'v>>,
    /// Whether all values are known.
    pub(in crate::lint) is_known: bool,
}

impl Condition<'_> {
    /// Whether it holds for chosen values only: a key that is absent or of another value fails it.
    pub(in crate::lint) fn demands(&self) -> bool {
        const POSITIVE: [&str; 6] =
            ["stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "bool"];
        let is_open = self.values.iter().any(|value| !value.text.is_empty() && is_all(value.text));
        POSITIVE.contains(&&*self.operator) && !self.for_all && !self.if_exists && !is_open
    }

    pub(in crate::lint) fn is_pattern(&self) -> bool {
        matches!(&*self.operator, "stringlike" | "arnlike" | "arnequals")
    }

    pub(in crate::lint) fn is_equality(&self) -> bool {
        matches!(&*self.operator, "stringequals" | "stringequalsignorecase" | "stringlike")
    }
}

fn is_all(text: &str) -> bool {
    text.chars().all(|c| c == '*')
}

/// One statement.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Statement<'v> {
    pub(in crate::lint) start: Span,
    pub(in crate::lint) value: &'v Value,
    pub(in crate::lint) effect: Option<&'v str>,
    pub(in crate::lint) has_principal: bool,
    pub(in crate::lint) principals: Vec<Principal<'v>>,
    pub(in crate::lint) actions: Vec<Word<'v>>,
    pub(in crate::lint) resources: Vec<Word<'v>>,
    pub(in crate::lint) conditions: Vec<Condition<'v>>,
    /// Whether `Condition` holds nothing that only a run would show.
    pub(in crate::lint) is_closed: bool,
}

impl<'v> Statement<'v> {
    pub(super) fn of(value: &'v Value) -> Self {
        let condition = value.get("Condition");
        let (conditions, is_closed) = condition.map_or((Vec::new(), true), conditions);
        // What a template fills in between the keys may be a condition.
        let is_closed = is_closed && value.entries().iter().all(|entry| entry.name().is_some());
        Self {
            start: value.start(),
            value,
            effect: value.get("Effect").and_then(Value::text),
            has_principal: value.entry("Principal").is_some() || value.entry("NotPrincipal").is_some(),
            principals: value.entry("Principal").map(principals).unwrap_or_default(),
            actions: words(value.get("Action")),
            resources: words(value.get("Resource")),
            conditions,
            is_closed,
        }
    }

    pub(in crate::lint) fn allows(&self) -> bool {
        self.effect == Some("Allow")
    }

    /// Whether it allows an action, by name or by pattern.
    pub(in crate::lint) fn covers_action(&self, action: &str) -> bool {
        let action = action.to_lowercase();
        self.actions.iter().any(|word| matches(&word.lower(), &action))
    }

    /// Whether a key must have chosen values for the statement to count.
    pub(in crate::lint) fn demands(&self, names: &[&str]) -> bool {
        self.conditions
            .iter()
            .any(|condition| condition.demands() && names.iter().any(|name| condition.name.starts_with(name)))
    }

    pub(in crate::lint) fn conditions_on(&self, name: &str) -> impl Iterator<Item = &Condition<'v>> {
        self.conditions.iter().filter(move |condition| condition.name == name)
    }
}

/// Whether a pattern with `*` and `?` covers a text.
pub(in crate::lint) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut retry = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((star, from)) => {
                    retry = Some((star, from + 1));
                    p = star + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

fn words(value: Option<&Value>) -> Vec<Word<'_>> {
    let items = value.map(Value::items).unwrap_or_default();
    items.iter().filter_map(|item| Some(Word { text: item.text()?, at: item.at })).collect()
}

fn principals(entry: &Entry) -> Vec<Principal<'_>> {
    if let Some(text) = entry.value.text() {
        return vec![Principal { kind: "*", text, at: entry.value.at }];
    }
    entry.value.entries().iter().flat_map(of_kind).collect()
}

fn of_kind(kind: &Entry) -> Vec<Principal<'_>> {
    let words = words(Some(&kind.value)).into_iter();
    // A kind that only a run would show is nobody's.
    let kind = kind.name().unwrap_or_default();
    words.map(|word| Principal { kind, text: word.text, at: word.at }).collect()
}

fn conditions(value: &Value) -> (Vec<Condition<'_>>, bool) {
    let mut list = Vec::new();
    let mut is_closed = matches!(value.data, Data::Object(_));
    for operator in value.entries() {
        is_closed &= matches!(operator.value.data, Data::Object(_)) && operator.name().is_some();
        for key in operator.value.entries() {
            is_closed &= key.name().is_some();
            list.push(condition(operator, key));
        }
    }
    (list, is_closed)
}

fn condition<'v>(operator: &'v Entry, key: &'v Entry) -> Condition<'v> {
    // What only a run would show is no operator and no key that a rule is about.
    let (written, name) = (operator.name().unwrap_or_default(), key.name().unwrap_or_default());
    let lower = written.to_lowercase();
    let for_all = lower.starts_with("forallvalues:");
    let plain = lower.split_once(':').map_or(&*lower, |(_, plain)| plain);
    let if_exists = plain.ends_with("ifexists");
    let values = key.value.items();
    Condition {
        written,
        operator: plain.trim_end_matches("ifexists").to_owned(),
        for_all,
        if_exists,
        operator_at: operator.key_at,
        key: name,
        name: name.to_lowercase(),
        key_at: key.key_at,
        values: values.iter().filter_map(word).collect(),
        is_known: values.iter().all(Value::is_known),
    }
}

/// Values are compared as texts, whatever JSON takes them for.
fn word(value: &Value) -> Option<Word<'_>> {
    let text = match &value.data {
        Data::Text(text) => text.as_str()?,
        Data::Number(text) => text,
        Data::Bool(true) => "true",
        Data::Bool(false) => "false",
        _ => return None,
    };
    Some(Word { text, at: value.at })
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_cover_texts() {
        for (pattern, text, is_covered) in [
            ("sts:*", "sts:assumerole", true),
            ("*", "", true),
            ("a*b*c", "axxbyyc", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a*b", "a", false),
        ] {
            assert_eq!(matches(pattern, text), is_covered, "{pattern} {text}");
        }
    }
}
