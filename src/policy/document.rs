//! A policy document: statements in IAM's own order of keys.

use std::collections::{BTreeMap, BTreeSet};

use serde::ser::{Serialize, SerializeMap, Serializer};

/// A policy document of version 2012-10-17. Every statement in it allows.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Document {
    /// The statements, in order.
    pub statements: Vec<Statement>,
}

/// Who a statement of a trust policy is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    /// An AWS account, user or role, by ARN.
    Aws(String),
    /// An OIDC provider, by ARN.
    Federated(String),
}

/// Condition values by operator and key.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conditions(BTreeMap<&'static str, BTreeMap<String, BTreeSet<String>>>);

/// One statement that allows. Without principals it belongs to an identity policy, without
/// resources to a trust policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Statement {
    /// Its id, unique in the document: letters and digits.
    pub sid: String,
    /// Whom it allows.
    pub principals: BTreeSet<Principal>,
    /// What it allows.
    pub actions: &'static [&'static str],
    /// On what.
    pub resources: BTreeSet<String>,
    /// Under which conditions, all of which must hold.
    pub conditions: Conditions,
}

impl Conditions {
    /// Adds values of which the key must have one.
    pub fn require<V: Into<String>>(
        &mut self,
        operator: &'static str,
        key: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) {
        let values = values.into_iter().map(Into::into);
        self.0.entry(operator).or_default().entry(key.into()).or_default().extend(values);
    }

    /// Takes over what other conditions say about whole sets of keys, and nothing about values.
    pub(super) fn widen_to_keys(&mut self, other: &Self) {
        for (operator, keys) in other.0.iter().filter(|(operator, _)| operator.starts_with("ForAllValues:")) {
            for (key, values) in keys {
                self.require(operator, key.clone(), values.iter().cloned());
            }
        }
    }

    /// Lets the key have this value alone, where it is required already.
    fn replace(&mut self, operator: &str, key: &str, value: &str) {
        if let Some(values) = self.0.get_mut(operator).and_then(|keys| keys.get_mut(key)) {
            *values = BTreeSet::from([value.to_owned()]);
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Document {
    /// The text that is written: two blanks of indentation, a line feed at the end.
    #[must_use]
    pub fn to_text(&self) -> String {
        super::canonical::pretty(self)
    }

    /// The same for callers that send another external ID, where they have to send one.
    #[must_use]
    pub(crate) fn with_external_id(mut self, id: &str) -> Self {
        for statement in &mut self.statements {
            statement.conditions.replace("StringEquals", "sts:ExternalId", id);
        }
        self
    }

    /// The characters that IAM counts.
    #[must_use]
    pub fn size(&self) -> usize {
        super::non_blank_characters(&super::canonical::compact(self))
    }
}

/// A list as IAM prints it: one value stands alone.
struct OneOrMany<'a, T>(&'a BTreeSet<T>);

impl<T: Serialize + Ord> Serialize for OneOrMany<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.first() {
            Some(only) if self.0.len() == 1 => only.serialize(serializer),
            _ => serializer.collect_seq(self.0),
        }
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("Version", "2012-10-17")?;
        map.serialize_entry("Statement", &self.statements)?;
        map.end()
    }
}

impl Serialize for Statement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("Sid", &self.sid)?;
        map.serialize_entry("Effect", "Allow")?;
        if !self.principals.is_empty() {
            map.serialize_entry("Principal", &Principals(&self.principals))?;
        }
        map.serialize_entry("Action", &OneOrMany(&self.actions.iter().copied().collect()))?;
        if !self.resources.is_empty() {
            map.serialize_entry("Resource", &OneOrMany(&self.resources))?;
        }
        if !self.conditions.is_empty() {
            map.serialize_entry("Condition", &self.conditions)?;
        }
        map.end()
    }
}

/// Principals by their kind.
struct Principals<'a>(&'a BTreeSet<Principal>);

impl Serialize for Principals<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut kinds: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for principal in self.0 {
            let (kind, arn) = match principal {
                Principal::Aws(arn) => ("AWS", arn),
                Principal::Federated(arn) => ("Federated", arn),
            };
            kinds.entry(kind).or_default().insert(arn);
        }
        serializer.collect_map(kinds.iter().map(|(kind, arns)| (kind, OneOrMany(arns))))
    }
}

impl Serialize for Conditions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(operator, keys)| (operator, Keys(keys))))
    }
}

/// The keys that one operator compares.
struct Keys<'a>(&'a BTreeMap<String, BTreeSet<String>>);

impl Serialize for Keys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, values)| (key, OneOrMany(values))))
    }
}
