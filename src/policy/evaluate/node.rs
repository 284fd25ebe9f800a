//! What a policy is read from: JSON, or a value of any other kind that knows its places.

use serde_json::Value;

/// A part of a policy.
pub trait Node: Sized {
    /// Where a part stands.
    type Place: Copy;

    /// Where it stands, or begins.
    fn place(&self) -> Self::Place;

    /// What it holds.
    fn part(&self) -> Part<'_, Self>;
}

/// What a part of a policy holds.
pub enum Part<'n, N: Node> {
    /// Keys with their values.
    Object(Vec<Member<'n, N>>),
    /// Values in order.
    List(&'n [N]),
    /// A text.
    Text(&'n str),
    /// A number or a boolean, as a text.
    Scalar(String),
    /// No value at all.
    Null,
    /// What only a run would show; nothing is wrong with it.
    Unknown,
}

/// A key with its value.
pub struct Member<'n, N: Node> {
    /// The key; `None` for one that only a run would show.
    pub key: Option<&'n str>,
    /// Where the key stands.
    pub place: N::Place,
    /// The value.
    pub value: &'n N,
}

impl Node for Value {
    type Place = ();

    fn place(&self) {}

    fn part(&self) -> Part<'_, Self> {
        match self {
            Self::Object(members) => {
                let member = |(key, value)| Member { key: Some(String::as_str(key)), place: (), value };
                Part::Object(members.iter().map(member).collect())
            }
            Self::Array(items) => Part::List(items),
            Self::String(text) => Part::Text(text),
            Self::Bool(_) | Self::Number(_) => Part::Scalar(self.to_string()),
            Self::Null => Part::Null,
        }
    }
}

/// The members of an object, by key.
pub(super) struct Object<'n, N: Node> {
    pub(super) place: N::Place,
    members: Vec<Member<'n, N>>,
}

impl<'n, N: Node> Object<'n, N> {
    pub(super) fn new(node: &'n N, members: Vec<Member<'n, N>>) -> Self {
        Self { place: node.place(), members }
    }

    pub(super) fn member(&self, key: &str) -> Option<&Member<'n, N>> {
        self.members.iter().find(|member| member.key == Some(key))
    }

    pub(super) fn value(&self, key: &str) -> Option<&'n N> {
        self.member(key).map(|member| member.value)
    }

    /// Whether a key could stand here that only a run would show.
    pub(super) fn is_open(&self) -> bool {
        self.members.iter().any(|member| member.key.is_none())
    }

    /// The keys, as far as they are known, with their members.
    pub(super) fn known(&self) -> impl Iterator<Item = (&'n str, &Member<'n, N>)> {
        self.members.iter().filter_map(|member| Some((member.key?, member)))
    }

    /// The keys that nobody expects, with their places.
    pub(super) fn unexpected(&self, expected: &[&str]) -> impl Iterator<Item = (&'n str, N::Place)> {
        let keys = self.known().map(|(key, member)| (key, member.place));
        keys.filter(|(key, _)| !expected.contains(key))
    }
}
