//! Reading a policy: every form that IAM accepts, and all that is wrong with any other.
//!
//! What cannot be read is left out and is a fault, so that one look finds every fault. What only a
//! run would show is left out and is none.

use std::collections::BTreeSet;

use super::condition::{Condition, Operator};
use super::fault::{FOREIGN_ELEMENT, FORM, Fault, Faults, OPERATOR, VERSION_OR_SID};
use super::node::{Member, Node, Object, Part};
use super::pattern::Pattern;
use super::principal::Named;
use super::statement::{Effect, Kind, Listed, Policy, Statement, StatementId};
use crate::diagnostic::words::{did_you_mean, excerpt, nearest};
use crate::policy::canonical::{POLICY, STATEMENT};

const PRINCIPALS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

/// The policy that a value is, as far as it can be read, and what is wrong with it.
///
/// Source: "Grammar of the IAM JSON policy language" (IAM User Guide).
pub(super) fn read<N: Node>(value: &N, kind: Kind) -> (Policy, Vec<Fault<N::Place>>) {
    let mut reader = Reader {
        kind,
        variables: true,
        sids: BTreeSet::new(),
        faults: Faults { list: Vec::new(), statement: None },
    };
    let statements = reader.policy(value);
    (Policy { statements }, reader.faults.list)
}

struct Reader<P> {
    kind: Kind,
    /// Whether the policy's version knows variables.
    variables: bool,
    sids: BTreeSet<String>,
    faults: Faults<P>,
}

impl<P: Copy> Reader<P> {
    fn form(&mut self, place: P, message: impl Into<String>) {
        self.faults.add(FORM, place, message, "");
    }

    fn policy<N: Node<Place = P>>(&mut self, value: &N) -> Vec<Statement> {
        let Some(object) = self.object(value, "a policy is a JSON object") else { return Vec::new() };
        for (key, place) in object.unexpected(&POLICY) {
            let message = format!("a policy has no key `{}`", excerpt(key));
            self.faults.add(FORM, place, message, did_you_mean(key, &POLICY));
        }
        self.variables = self.version(object.value("Version"));
        let listed = match object.value("Statement") {
            None if object.is_open() => return Vec::new(),
            Some(one) => match one.part() {
                Part::List(listed) => listed,
                Part::Object(_) => std::slice::from_ref(one),
                Part::Unknown => return Vec::new(),
                _ => return self.without_statement(one.place()),
            },
            None => return self.without_statement(object.place),
        };
        listed.iter().enumerate().filter_map(|(index, value)| self.statement(index, value)).collect()
    }

    fn without_statement(&mut self, place: P) -> Vec<Statement> {
        self.form(place, "a policy has a `Statement`: an object, or a list of objects");
        Vec::new()
    }

    /// Whether the version knows variables.
    fn version<N: Node<Place = P>>(&mut self, version: Option<&N>) -> bool {
        // Without a version it is the first, which knows none.
        let Some(version) = version else { return false };
        match version.part() {
            Part::Text("2012-10-17") | Part::Unknown => true,
            Part::Text("2008-10-17") => false,
            _ => {
                let message = "`Version` is \"2012-10-17\" or \"2008-10-17\"";
                self.faults.add(VERSION_OR_SID, version.place(), message, "");
                true
            }
        }
    }

    fn statement<N: Node<Place = P>>(&mut self, index: usize, value: &N) -> Option<Statement> {
        self.faults.statement = Some(StatementId::Index(index));
        let statement = self.object(value, "it is not an object").and_then(|object| {
            let id = self.id(index, object.value("Sid"));
            self.faults.statement = Some(id.clone());
            self.parts(&object, id)
        });
        self.faults.statement = None;
        statement
    }

    fn id<N: Node<Place = P>>(&mut self, index: usize, sid: Option<&N>) -> StatementId {
        let place = StatementId::Index(index);
        let Some(sid) = sid else { return place };
        match sid.part() {
            Part::Text("") | Part::Unknown => place,
            Part::Text(text) => {
                if !self.sids.insert(text.to_owned()) {
                    let message = format!("another statement has the `Sid` `{}`", excerpt(text));
                    let help = "give it another, or none";
                    self.faults.add(VERSION_OR_SID, sid.place(), message, help);
                }
                StatementId::Sid(text.to_owned())
            }
            _ => {
                self.form(sid.place(), "`Sid` is a text");
                place
            }
        }
    }

    fn parts<N: Node<Place = P>>(&mut self, object: &Object<'_, N>, id: StatementId) -> Option<Statement> {
        for (key, place) in object.unexpected(&STATEMENT) {
            let message = format!("there is no key `{}`", excerpt(key));
            self.faults.add(FORM, place, message, did_you_mean(key, &STATEMENT));
        }
        let effect = self.effect(object);
        self.foreign(object);
        let actions = self
            .either(object, ["Action", "NotAction"], true)
            .and_then(|found| self.patterns(&found, action));
        let is_named = self.kind != Kind::Identity;
        let principals = if is_named {
            self.either(object, ["Principal", "NotPrincipal"], true).and_then(|found| self.principals(&found))
        } else {
            None
        };
        let resources = if self.kind == Kind::Trust {
            None
        } else {
            // What a policy of a resource is about goes without saying for some.
            let is_needed = self.kind == Kind::Identity;
            let variables = self.variables;
            self.either(object, ["Resource", "NotResource"], is_needed)
                .and_then(|found| self.patterns(&found, |text| Pattern::resource(text, variables)))
        };
        let conditions = object.value("Condition").map_or_else(Vec::new, |value| self.conditions(value));
        let is_whole =
            (principals.is_some() || !is_named) && (resources.is_some() || self.kind != Kind::Identity);
        let (effect, actions) = (effect?, actions?);
        is_whole.then_some(Statement { id, effect, principals, actions, resources, conditions })
    }

    fn effect<N: Node<Place = P>>(&mut self, object: &Object<'_, N>) -> Option<Effect> {
        match object.value("Effect").map(|value| (value.place(), value.part())) {
            Some((_, Part::Text("Allow"))) => return Some(Effect::Allow),
            Some((_, Part::Text("Deny"))) => return Some(Effect::Deny),
            Some((_, Part::Unknown)) => {}
            Some((place, _)) => self.form(place, "`Effect` is \"Allow\" or \"Deny\""),
            None if object.is_open() => {}
            None => self.form(object.place, "it has no `Effect`, which is \"Allow\" or \"Deny\""),
        }
        None
    }

    /// Elements that only policies of another kind have.
    fn foreign<N: Node<Place = P>>(&mut self, object: &Object<'_, N>) {
        let (id, keys, what) = match self.kind {
            Kind::Trust => (FOREIGN_ELEMENT, ["Resource", "NotResource"], "a trust policy"),
            Kind::Identity => (FORM, ["Principal", "NotPrincipal"], "an identity policy"),
            Kind::Resource => return,
        };
        let help = match self.kind {
            Kind::Trust => "its resource is the role itself",
            _ => "its principal is whoever it is attached to",
        };
        for member in keys.iter().filter_map(|key| object.member(key)) {
            let key = member.key.unwrap_or_default();
            self.faults.add(id, member.place, format!("{what} has no `{key}`"), help);
        }
    }

    /// The value of the one of two keys that is there.
    fn either<'n, N: Node<Place = P>>(
        &mut self,
        object: &Object<'n, N>,
        [plain, negated]: [&'static str; 2],
        is_needed: bool,
    ) -> Option<Either<'n, N>> {
        match (object.value(plain), object.member(negated)) {
            (Some(value), None) => return Some(Either { key: plain, negated: false, value }),
            (None, Some(member)) => return Some(Either { key: negated, negated: true, value: member.value }),
            (None, None) if object.is_open() || !is_needed => {}
            (None, None) => self.form(object.place, format!("it has neither `{plain}` nor `{negated}`")),
            (Some(_), Some(member)) => {
                let message = format!("it has `{plain}` and `{negated}`");
                self.faults.add(FORM, member.place, message, "one of the two has to go");
            }
        }
        None
    }

    fn patterns<N: Node<Place = P>>(
        &mut self,
        found: &Either<'_, N>,
        read: impl Fn(&str) -> Pattern,
    ) -> Option<Listed<Pattern>> {
        let entries = self.texts(found.key, found.value)?.into_iter().map(read).collect();
        Some(Listed { negated: found.negated, entries })
    }

    fn principals<N: Node<Place = P>>(&mut self, found: &Either<'_, N>) -> Option<Listed<Named>> {
        let Either { key, negated, value } = *found;
        let entries = match value.part() {
            Part::Text("*") => vec![Named::Everyone],
            Part::Object(kinds) => kinds.iter().filter_map(|kind| self.named(key, kind)).flatten().collect(),
            Part::Unknown => return None,
            _ => {
                self.form(value.place(), format!("`{key}` is `*` or an object like {{\"AWS\": …}}"));
                return None;
            }
        };
        Some(Listed { negated, entries })
    }

    fn named<N: Node<Place = P>>(&mut self, key: &str, member: &Member<'_, N>) -> Option<Vec<Named>> {
        let kind = member.key?;
        let named = match kind {
            "AWS" => Named::aws,
            "Service" => |text: &str| Named::Service(text.to_owned()),
            "Federated" => |text: &str| Named::Federated(text.to_owned()),
            "CanonicalUser" => |text: &str| Named::Nobody(text.to_owned()),
            _ => {
                let message = format!("`{key}` knows no `{}`", excerpt(kind));
                self.faults.add(FORM, member.place, message, did_you_mean(kind, &PRINCIPALS));
                return None;
            }
        };
        Some(self.texts(kind, member.value)?.into_iter().map(named).collect())
    }

    fn conditions<N: Node<Place = P>>(&mut self, value: &N) -> Vec<Condition> {
        let Some(operators) = self.object(value, "`Condition` is an object of operators") else {
            return Vec::new();
        };
        let mut conditions = Vec::new();
        // How a key under an operator is spelled where it is met first.
        let mut spelled: Vec<(String, String, String)> = Vec::new();
        for (name, operator) in operators.known() {
            let Some(read) = self.operator(name, operator.place) else { continue };
            let message = format!("`{}` is an object of condition keys", excerpt(name));
            let Some(keys) = self.object(operator.value, message) else { continue };
            for (key, member) in keys.known() {
                let meaning = (read.to_string(), key.to_lowercase());
                let written = format!("{name} {key}");
                match spelled.iter().find(|(operator, key, _)| (operator, key) == (&meaning.0, &meaning.1)) {
                    Some((.., first)) if *first != written => {
                        let shown = excerpt(key);
                        let message = format!("`{shown}` stands twice under `{read}`, in different case");
                        self.form(member.place, message);
                    }
                    Some(_) => {}
                    None => spelled.push((meaning.0, meaning.1, written)),
                }
                if let Some(values) = self.scalars(key, member.value) {
                    conditions.push(Condition::new(read, key, &values, self.variables));
                }
            }
        }
        conditions
    }

    fn operator(&mut self, name: &str, place: P) -> Option<Operator> {
        Operator::parse(name)
            .map_err(|known| {
                let message = format!("there is no condition operator `{}`", excerpt(name));
                let help = nearest(name, &known).map(|near| format!("did you mean `{near}`?"));
                let known =
                    "`ForAllValues:` or `ForAnyValue:` go before one, and `IfExists` behind all but `Null`";
                self.faults.add(OPERATOR, place, message, help.unwrap_or_else(|| known.to_owned()));
            })
            .ok()
    }

    fn object<'n, N: Node<Place = P>>(
        &mut self,
        value: &'n N,
        message: impl Into<String>,
    ) -> Option<Object<'n, N>> {
        match value.part() {
            Part::Object(members) => return Some(Object::new(value, members)),
            Part::Unknown => {}
            _ => self.form(value.place(), message),
        }
        None
    }

    /// The texts of a text or of a list of texts.
    fn texts<'n, N: Node<Place = P>>(&mut self, key: &str, value: &'n N) -> Option<Vec<&'n str>> {
        let items = match value.part() {
            Part::List(items) if !items.is_empty() => items,
            _ => std::slice::from_ref(value),
        };
        let (mut texts, mut is_known) = (Vec::new(), true);
        for item in items {
            match item.part() {
                Part::Text(text) if !text.is_empty() => texts.push(text),
                Part::Unknown => is_known = false,
                _ => {
                    self.form(item.place(), format!("`{}` is a text or a list of texts", excerpt(key)));
                    return None;
                }
            }
        }
        is_known.then_some(texts)
    }

    /// The values of a condition key: texts, numbers and booleans, one or a list.
    fn scalars<N: Node<Place = P>>(&mut self, key: &str, value: &N) -> Option<Vec<String>> {
        let items = match value.part() {
            Part::List(items) => items,
            _ => std::slice::from_ref(value),
        };
        let (mut texts, mut is_known) = (Vec::new(), true);
        for item in items {
            match item.part() {
                Part::Text(text) => texts.push(text.to_owned()),
                Part::Scalar(text) => texts.push(text),
                Part::Unknown => is_known = false,
                _ => {
                    let shown = excerpt(key);
                    let message = format!("`{shown}` is compared with texts, numbers or booleans");
                    self.form(item.place(), message);
                    return None;
                }
            }
        }
        is_known.then_some(texts)
    }
}

/// One of two keys that exclude each other.
struct Either<'n, N> {
    key: &'static str,
    negated: bool,
    value: &'n N,
}

fn action(text: &str) -> Pattern {
    Pattern::wild(text, false)
}
