//! A request: who wants to do what, and what is known about it.

use std::collections::BTreeMap;

use super::principal::Principal;

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
    fn default_to(&mut self, key: &str, value: &str) {
        self.0.entry(key.to_lowercase()).or_insert_with(|| vec![value.to_owned()]);
    }
}

/// Who wants to do what with which role, and under which circumstances.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who asks.
    pub principal: Principal,
    /// What for: `sts:AssumeRole`.
    pub action: String,
    /// The ARN of the role.
    pub resource: String,
    /// What else is known.
    pub context: Context,
}

impl Request {
    /// A request whose context says what follows from the principal and the role, wherever it does
    /// not already say otherwise.
    #[must_use]
    pub fn new(
        principal: Principal,
        action: impl Into<String>,
        resource: impl Into<String>,
        mut context: Context,
    ) -> Self {
        let resource = resource.into();
        for (key, value) in principal.keys() {
            context.default_to(key, &value);
        }
        if let Some(account) = account_of(&resource) {
            context.default_to("aws:ResourceAccount", account);
        }
        Self { principal, action: action.into(), resource, context }
    }

    /// What AWS asks for in addition when a role is assumed under these circumstances, each with the
    /// reason.
    ///
    /// Sources: "Passing session tags in AWS STS" and "Monitor and control actions taken with assumed
    /// roles" (IAM User Guide).
    pub fn also_asked(&self) -> impl Iterator<Item = (Self, &'static str)> {
        let action = self.action.to_lowercase();
        let has = |start: &str| self.context.iter().any(|(key, _)| key.starts_with(start));
        let tags = ["aws:requesttag/", "aws:tagkeys", "sts:transitivetagkeys"].into_iter().any(has);
        let also = [
            (tags, "sts:TagSession", "the request has session tags"),
            (has("sts:sourceidentity"), "sts:SetSourceIdentity", "the request sets a source identity"),
        ];
        let also =
            also.into_iter().filter(move |(is_asked, ..)| *is_asked && action.starts_with("sts:assumerole"));
        also.map(|(_, action, why)| (Self { action: action.to_owned(), ..self.clone() }, why))
    }

    /// Whether the principal belongs to the role's own account.
    #[must_use]
    pub fn is_same_account(&self) -> bool {
        self.principal.account().is_some() && self.principal.account() == account_of(&self.resource)
    }
}

/// The account of an ARN.
fn account_of(arn: &str) -> Option<&str> {
    crate::model::ArnParts::split(arn).map(|parts| parts.account).filter(|account| !account.is_empty())
}
