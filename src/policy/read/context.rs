//! What is known about a request: the values that conditions and variables are compared with.

use std::collections::BTreeMap;

/// The condition keys of a request with their values. Names of keys have no case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context(BTreeMap<String, Vec<String>>);

impl Context {
    /// Adds a value to a key; several make it a multivalued one.
    pub fn add(&mut self, key: &str, value: impl Into<String>) {
        self.0.entry(key.to_lowercase()).or_default().push(value.into());
    }

    /// Gives a key these values and no others.
    pub fn set<V: Into<String>>(&mut self, key: &str, values: impl IntoIterator<Item = V>) {
        self.0.insert(key.to_lowercase(), values.into_iter().map(Into::into).collect());
    }

    /// Takes a key out of the request.
    pub fn remove(&mut self, key: &str) {
        self.0.remove(&key.to_lowercase());
    }

    /// The values of a key; `None` when the request does not carry it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[String]> {
        self.lower(&key.to_lowercase())
    }

    /// Every key with its values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(key, values)| (key.as_str(), values.as_slice()))
    }

    /// The same for a name in lower case.
    pub(super) fn lower(&self, key: &str) -> Option<&[String]> {
        self.0.get(key).map(Vec::as_slice)
    }

    /// The value of a key in lower case that has exactly one: a policy variable has no other.
    pub(super) fn single(&self, key: &str) -> Option<&str> {
        match self.lower(key) {
            Some([only]) => Some(only),
            _ => None,
        }
    }

    /// Adds a value to a key that is not there yet.
    pub(in crate::policy) fn default_to(&mut self, key: &str, value: &str) {
        self.0.entry(key.to_lowercase()).or_insert_with(|| vec![value.to_owned()]);
    }
}
