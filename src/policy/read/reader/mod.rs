//! Reading a policy: every form that IAM accepts, and all that is wrong with any other.
//!
//! What cannot be read is left out and is a fault, so that one look finds every fault. What only a run would show is no
//! fault, and unknown.

mod condition;
mod list;
mod refused;

use std::collections::BTreeSet;

use crate::diagnostic::Span;
use crate::diagnostic::words::{did_you_mean, excerpt};
use crate::policy::canonical::{POLICY, STATEMENT};
use crate::policy::read::fault::{Fault, FaultKind, Faults};
use crate::policy::read::part::{Listed, Part};
use crate::policy::read::pattern::Pattern;
use crate::policy::read::principal::PrincipalPattern;
use crate::policy::read::statement::{Effect, Kind, Statement, StatementId};
use crate::value::{Data, Entry, Key, Reason, Value};

/// A policy as far as it can be read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The statements that are objects, in order.
    pub statements: Vec<Statement>,
    /// Why there may be statements besides these.
    pub unknown: Vec<Reason>,
    /// All for which IAM would refuse it.
    pub faults: Vec<Fault>,
}

/// Reads a policy of a kind.
///
/// Source: "Grammar of the IAM JSON policy language" (IAM User Guide).
#[must_use]
pub fn read(value: &Value, kind: Kind) -> Reading {
    let mut reader = Reader {
        kind,
        variables: true,
        sids: BTreeSet::new(),
        unknown: Vec::new(),
        faults: Faults::default(),
    };
    let statements = reader.policy(value);
    Reading { statements, unknown: reader.unknown, faults: reader.faults.list }
}

struct Reader {
    kind: Kind,
    /// Whether the policy's version knows variables.
    variables: bool,
    sids: BTreeSet<String>,
    unknown: Vec<Reason>,
    faults: Faults,
}

impl Reader {
    fn form(&mut self, at: Span, message: impl Into<String>) {
        self.faults.add(FaultKind::Form, at, message, "");
    }

    fn policy(&mut self, value: &Value) -> Vec<Statement> {
        let Part::Known(entries) = self.object(value, "a policy is a JSON object") else { return Vec::new() };
        for (key, at) in unexpected(entries, &POLICY) {
            let message = format!("a policy has no key `{}`", excerpt(key));
            self.faults.add(FaultKind::Form, at, message, did_you_mean(key, &POLICY));
        }
        self.variables = self.version(value.get("Version"));
        let listed = match value.get("Statement") {
            None => match open(entries) {
                Some(reason) => {
                    self.unknown.push(reason.clone());
                    return Vec::new();
                }
                None => return self.without_statement(value),
            },
            Some(one) => match &one.data {
                Data::List(listed) => {
                    if listed.is_empty() {
                        self.form(place(one), "a policy has at least one statement");
                    }
                    listed
                }
                Data::Object(_) => std::slice::from_ref(one),
                Data::Unknown(reason) => {
                    self.unknown.push(reason.clone());
                    return Vec::new();
                }
                _ => return self.without_statement(one),
            },
        };
        listed.iter().enumerate().filter_map(|(index, value)| self.statement(index, value)).collect()
    }

    fn without_statement(&mut self, value: &Value) -> Vec<Statement> {
        self.form(place(value), "a policy has a `Statement`: an object, or a list of objects");
        Vec::new()
    }

    /// Whether the version knows variables.
    fn version(&mut self, version: Option<&Value>) -> bool {
        // Without a version it is the first, which knows none.
        let Some(version) = version else { return false };
        match (version.text(), unknown(version)) {
            (Some("2012-10-17"), _) | (_, Some(_)) => true,
            (Some("2008-10-17"), _) => false,
            _ => {
                let message = "`Version` is \"2012-10-17\" or \"2008-10-17\"";
                self.faults.add(FaultKind::Version, place(version), message, "");
                true
            }
        }
    }

    fn statement(&mut self, index: usize, value: &Value) -> Option<Statement> {
        self.faults.statement = Some(StatementId::Index(index));
        let statement = match self.object(value, "it is not an object") {
            Part::Known(entries) => {
                let id = self.id(index, value.get("Sid"));
                self.faults.statement = Some(id.clone());
                Some(self.parts(value, entries, id))
            }
            Part::Unknown(reason) => {
                self.unknown.push(reason);
                None
            }
            Part::Absent | Part::Refused => None,
        };
        self.faults.statement = None;
        statement
    }

    fn id(&mut self, index: usize, sid: Option<&Value>) -> StatementId {
        let by_place = StatementId::Index(index);
        let Some(sid) = sid.filter(|sid| unknown(sid).is_none()) else { return by_place };
        match sid.text() {
            Some("") => by_place,
            Some(text) => {
                if !self.sids.insert(text.to_owned()) {
                    let message = format!("another statement has the `Sid` `{}`", excerpt(text));
                    self.faults.add(FaultKind::Sid, place(sid), message, "give it another, or none");
                }
                self.judge_sid(text, place(sid));
                StatementId::Sid(text.to_owned())
            }
            None => {
                self.form(place(sid), "`Sid` is a text");
                by_place
            }
        }
    }

    fn parts(&mut self, value: &Value, entries: &[Entry], id: StatementId) -> Statement {
        for (key, at) in unexpected(entries, &STATEMENT) {
            let message = format!("there is no key `{}`", excerpt(key));
            self.faults.add(FaultKind::Form, at, message, did_you_mean(key, &STATEMENT));
        }
        let effect = self.effect(value);
        let actions = self.either(value, ["Action", "NotAction"], true);
        let actions = self.listed(actions, |reader, found| reader.patterns(found, Pattern::action));
        self.judge_actions(&actions);
        let principals = self.principals_of_statement(value);
        self.judge_principals(&principals);
        let resources = self.resources(value);
        self.judge_resources(&resources);
        let conditions = self.conditions(value.get("Condition"), open(entries));
        Statement { id, at: value.start(), effect, principals, actions, resources, conditions }
    }

    fn effect(&mut self, statement: &Value) -> Part<Effect> {
        match statement.get("Effect") {
            None => match open(statement.entries()) {
                Some(reason) => return Part::Unknown(reason.clone()),
                None => self.form(place(statement), "it has no `Effect`, which is \"Allow\" or \"Deny\""),
            },
            Some(effect) => match (effect.text(), unknown(effect)) {
                (Some("Allow"), _) => return Part::Known(Effect::Allow),
                (Some("Deny"), _) => return Part::Known(Effect::Deny),
                (None, Some(reason)) => return Part::Unknown(reason.clone()),
                _ => self.form(place(effect), "`Effect` is \"Allow\" or \"Deny\""),
            },
        }
        Part::Refused
    }

    fn principals_of_statement(&mut self, statement: &Value) -> Part<Listed<PrincipalPattern>> {
        const KEYS: [&str; 2] = ["Principal", "NotPrincipal"];
        if self.kind == Kind::Identity {
            let help = "its principal is whoever it is attached to";
            return self.foreign(statement, KEYS, FaultKind::Form, "an identity policy", help);
        }
        if let Some(entry) = statement.entry(KEYS[1]).filter(|_| self.kind == Kind::Trust) {
            let help = "say whom you mean with `Principal`, and whom not with a `Deny`";
            let message = "a trust policy cannot hold `NotPrincipal`";
            self.faults.add(FaultKind::NotInTrust, entry.key_at, message, help);
        }
        let found = self.either(statement, KEYS, true);
        self.listed(found, Self::principals)
    }

    fn resources(&mut self, statement: &Value) -> Part<Listed<Pattern>> {
        const KEYS: [&str; 2] = ["Resource", "NotResource"];
        if self.kind == Kind::Trust {
            let help = "its resource is the role itself";
            return self.foreign(statement, KEYS, FaultKind::NotInTrust, "a trust policy", help);
        }
        let variables = self.variables;
        // What a policy of a resource is about goes without saying for some.
        let found = self.either(statement, KEYS, self.kind == Kind::Identity);
        self.listed(found, |reader, found| reader.patterns(found, |text| Pattern::resource(text, variables)))
    }

    /// Elements that only policies of another kind have.
    fn foreign<T>(
        &mut self,
        statement: &Value,
        keys: [&str; 2],
        kind: FaultKind,
        what: &str,
        help: &str,
    ) -> Part<T> {
        let mut part = Part::Absent;
        for (key, entry) in keys.iter().filter_map(|key| Some((key, statement.entry(key)?))) {
            self.faults.add(kind, entry.key_at, format!("{what} has no `{key}`"), help);
            part = Part::Refused;
        }
        part
    }

    /// The entry of the one of two keys that is there.
    fn either<'v>(
        &mut self,
        statement: &'v Value,
        [plain, negated]: [&'static str; 2],
        is_needed: bool,
    ) -> Part<Either<'v>> {
        let found = |key, negated, entry: &'v Entry| {
            Part::Known(Either { key, negated, key_at: entry.key_at, value: &entry.value })
        };
        match (statement.entry(plain), statement.entry(negated)) {
            (Some(entry), None) => found(plain, false, entry),
            (None, Some(entry)) => found(negated, true, entry),
            (None, None) => match open(statement.entries()) {
                Some(reason) => Part::Unknown(reason.clone()),
                None if is_needed => {
                    self.form(place(statement), format!("it has neither `{plain}` nor `{negated}`"));
                    Part::Refused
                }
                None => Part::Absent,
            },
            (Some(_), Some(second)) => {
                let message = format!("it has `{plain}` and `{negated}`");
                self.faults.add(FaultKind::Form, second.key_at, message, "one of the two has to go");
                Part::Refused
            }
        }
    }

    fn object<'v>(&mut self, value: &'v Value, message: impl Into<String>) -> Part<&'v [Entry]> {
        if let Data::Object(entries) = &value.data {
            return Part::Known(entries);
        }
        if let Some(reason) = unknown(value) {
            return Part::Unknown(reason.clone());
        }
        self.form(place(value), message);
        Part::Refused
    }
}

/// One of two keys that exclude each other.
struct Either<'v> {
    key: &'static str,
    negated: bool,
    key_at: Span,
    value: &'v Value,
}

/// The keys that nobody expects, with their places.
fn unexpected<'v>(entries: &'v [Entry], expected: &[&str]) -> impl Iterator<Item = (&'v str, Span)> {
    let keys = entries.iter().filter_map(|entry| Some((entry.name()?, entry.key_at)));
    keys.filter(|(key, _)| !expected.contains(key))
}

/// Why a value, or a text in part, is not known.
fn unknown(value: &Value) -> Option<&Reason> {
    value.reason().filter(|_| !value.is_known())
}

/// Why a key could stand here that only a run would show.
fn open(entries: &[Entry]) -> Option<&Reason> {
    entries.iter().find_map(|entry| match &entry.key {
        Key::Unknown(reason) => Some(reason),
        Key::Known(_) => None,
    })
}

/// The place to point at: of a collection, where it begins.
fn place(value: &Value) -> Span {
    match value.data {
        Data::List(_) | Data::Object(_) => value.start(),
        _ => value.at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Text;

    /// The value of a JSON text in which something unknown stands for each `~`.
    fn value(json: &str) -> Value {
        let mut text = Text::default();
        for (index, piece) in json.split('~').enumerate() {
            if index > 0 {
                text.push_unknown(Reason::new(Span::default(), "`var.x`, which has no default"));
            }
            text.push(Span::default(), piece);
        }
        Value::decode(&text).expect("JSON")
    }

    fn statement(more: &str) -> String {
        let rest = r#""Principal": {"AWS": ["arn:aws:iam::~:root", "*"]}, "Action": ["sts:AssumeRole", ~]"#;
        format!(r#"{{"Version": "2012-10-17", "Statement": [{{{rest}, {more}}}]}}"#)
    }

    #[test]
    fn what_is_unknown_hides_nothing_else() {
        let value =
            value(&statement(r#""Effect": "Allow", "Condition": {"Bool": {"a:B": ~}, ~: {"c:D": "e"}}"#));
        let Reading { statements, unknown, faults } = read(&value, Kind::Trust);
        assert!(unknown.is_empty() && faults.is_empty(), "{faults:?}");
        assert_eq!(statements.len(), 1);
        let statement = &statements[0];
        assert!(statement.allows() && statement.names_action("sts:AssumeRole"));
        let principals = statement.principals.known().expect("principals");
        assert_eq!(principals.values().map(|who| &*who.text).collect::<Vec<_>>(), ["*"]);
        assert_eq!(principals.unknown[0].arn(), (None, Some("root")));
        assert_eq!(statement.conditions.list.len(), 1);
        assert!(!statement.conditions.are_all_read());
        assert_eq!(statement.unknown().count(), 4);
    }

    #[test]
    fn what_is_refused_hides_nothing_else_either() {
        let value = value(&statement(r#""Effect": "allow", "Condition": {"Bol": {"a:B": "true"}}"#));
        let Reading { statements, faults, .. } = read(&value, Kind::Trust);
        let kinds: Vec<_> = faults.iter().map(|fault| fault.kind).collect();
        assert_eq!(kinds, [FaultKind::Form, FaultKind::Operator]);
        assert!(matches!(statements[0].effect, Part::Refused));
        assert!(statements[0].names_action("sts:AssumeRole") && !statements[0].conditions.are_all_read());
    }
}
