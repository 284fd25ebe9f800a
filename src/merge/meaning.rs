//! What a part of a file says, whatever language it is in and however it is written.
//!
//! Responsible for when two parts say the same, what tells parts of one address apart, and whether one
//! may have become the other. Refuses to know any text.

use std::collections::{BTreeMap, BTreeSet};

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::merge) enum Meaning {
    /// Words that are not looked into.
    Leaf(String),
    /// Attributes and blocks of a body, entries of an object.
    Map(BTreeMap<String, Meaning>),
    /// Elements in an order that matters.
    List(Vec<Meaning>),
    /// Blocks of one address, in the order of the text, which does not matter.
    Bag(Vec<Meaning>),
}

/// Names of attributes that tell apart what has the same address, the best first.
const NATURAL: [&str; 13] =
    ["alias", "sid", "Sid", "id", "Id", "name", "Name", "key", "Key", "from", "to", "identifier", "path"];

/// How many digits the number of an account has.
const ACCOUNT: usize = 12;

impl Meaning {
    /// Whether both say the same.
    pub(in crate::merge) fn same(&self, other: &Self) -> bool {
        self == other || self.clone().sorted() == other.clone().sorted()
    }

    /// With the blocks of each address in an order that the text does not decide.
    pub(in crate::merge) fn sorted(self) -> Self {
        match self {
            Self::Leaf(_) => self,
            Self::Map(map) => Self::Map(map.into_iter().map(|(key, value)| (key, value.sorted())).collect()),
            Self::List(list) => Self::List(list.into_iter().map(Self::sorted).collect()),
            Self::Bag(bag) => {
                let mut bag: Vec<Self> = bag.into_iter().map(Self::sorted).collect();
                bag.sort_unstable();
                Self::Bag(bag)
            }
        }
    }

    /// Whether one may have become the other: half of the larger, at least, is in both.
    pub(in crate::merge) fn resembles(&self, other: &Self) -> bool {
        self == other || 2 * self.common(other) >= self.size().max(other.size()).max(1)
    }

    /// Whether one is the other but for little: three quarters of the larger are in both.
    pub(in crate::merge) fn is_mostly(&self, other: &Self) -> bool {
        self == other || 4 * self.common(other) >= 3 * self.size().max(other.size()).max(1)
    }

    /// Whether one may have become the other under another name: it resembles it, or half of the names in
    /// the larger, at least, are in both.
    pub(in crate::merge) fn is_shaped_like(&self, other: &Self) -> bool {
        let has_names = |map: &BTreeMap<String, Self>, other: &BTreeMap<String, Self>| {
            let both = map.keys().filter(|key| other.contains_key(*key)).count();
            2 * both >= map.len().max(other.len()).max(1)
        };
        match (self, other) {
            (Self::Map(map), Self::Map(other)) if has_names(map, other) => true,
            _ => self.resembles_under_other_names(other),
        }
    }

    /// Whether one may have become the other, where parts of more than a word have other names in it.
    pub(in crate::merge) fn resembles_under_other_names(&self, other: &Self) -> bool {
        let (Self::Map(left), Self::Map(right)) = (self, other) else { return self.resembles(other) };
        let alone = |map: &'_ BTreeMap<String, Self>, other: &BTreeMap<String, Self>| {
            let is_alone =
                |key: &String, value: &Self| !matches!(value, Self::Leaf(_)) && !other.contains_key(key);
            let values =
                map.iter().filter(|(key, value)| is_alone(key, value)).map(|(_, value)| value.clone());
            values.collect::<Vec<Self>>()
        };
        let renamed = common_of_all(&alone(left, right), &alone(right, left));
        2 * (self.common(other) + renamed) >= self.size().max(other.size()).max(1)
    }

    /// How many words are in both, each at its own place.
    fn common(&self, other: &Self) -> usize {
        match (self, other) {
            (Self::Leaf(left), Self::Leaf(right)) => usize::from(left == right),
            (Self::Map(left), Self::Map(right)) => {
                let both = left.iter().filter_map(|(key, value)| Some((value, right.get(key)?)));
                both.map(|(left, right)| left.common(right)).sum()
            }
            (Self::List(left), Self::List(right)) | (Self::Bag(left), Self::Bag(right)) => {
                common_of_all(left, right)
            }
            _ => 0,
        }
    }

    /// How many words there are.
    fn size(&self) -> usize {
        match self {
            Self::Leaf(_) => 1,
            Self::Map(map) => map.values().map(Self::size).sum(),
            Self::List(all) | Self::Bag(all) => all.iter().map(Self::size).sum(),
        }
    }

    /// Whether both have one name, or differ in nothing but that: what has another name and says something
    /// else is another.
    pub(in crate::merge) fn is_called_like(&self, other: &Self) -> bool {
        let (Self::Map(left), Self::Map(right)) = (self, other) else { return true };
        let name = |one: &Self| NATURAL.iter().find(|name| one.named(name).is_some());
        let Some(name) = name(self).or_else(|| name(other)) else { return true };
        let rest = |map: &BTreeMap<String, Self>| -> Vec<(String, Self)> {
            let others = map.iter().filter(|(key, _)| **key != attribute_key(name));
            others.map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        self.named(name) == other.named(name) || rest(left) == rest(right)
    }

    /// Whether both are of one thing as far as that can be told from its name and from the accounts in it.
    pub(in crate::merge) fn is_of_the_same(&self, other: &Self) -> bool {
        let name = |one: &Self| NATURAL.iter().find_map(|name| one.named(name).map(str::to_owned));
        name(self) == name(other) && self.accounts() == other.accounts()
    }

    /// Takes out a named value.
    pub(in crate::merge) fn forget(&mut self, name: &str) {
        if let Self::Map(map) = self {
            map.remove(&attribute_key(name));
        }
    }

    /// Numbers of accounts, in what is said and in the names of it.
    fn accounts(&self) -> BTreeSet<&str> {
        match self {
            Self::Leaf(words) => accounts(words).collect(),
            Self::Map(map) => {
                let below = map.values().flat_map(Self::accounts);
                map.keys().flat_map(|key| accounts(key)).chain(below).collect()
            }
            Self::List(all) | Self::Bag(all) => all.iter().flat_map(Self::accounts).collect(),
        }
    }

    /// How many words are on one side only.
    pub(in crate::merge) fn distance(&self, other: &Self) -> usize {
        self.size() + other.size() - 2 * self.common(other)
    }

    fn named(&self, name: &str) -> Option<&str> {
        match self {
            Self::Map(map) => match map.get(&attribute_key(name))? {
                Self::Leaf(words) => Some(words),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Numbers of twelve digits.
fn accounts(text: &str) -> impl Iterator<Item = &str> {
    let is_account = |word: &&str| word.len() == ACCOUNT && word.bytes().all(|byte| byte.is_ascii_digit());
    text.split(|c: char| !c.is_alphanumeric()).filter(is_account)
}

/// Whether two names hold the numbers of different accounts.
pub(in crate::merge) fn name_other_accounts(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|name| accounts(name).collect::<BTreeSet<_>>());
    !one.is_empty() && !other.is_empty() && one != other
}

/// How many words are in both: those of equal elements, and those that others have in common by their order.
fn common_of_all(left: &[Meaning], right: &[Meaning]) -> usize {
    let mut counts: BTreeMap<&Meaning, usize> = BTreeMap::new();
    for one in right {
        *counts.entry(one).or_default() += 1;
    }
    let mut common = 0;
    let mut changed = Vec::new();
    for one in left {
        match counts.get_mut(one).filter(|count| **count > 0) {
            Some(count) => {
                *count -= 1;
                common += one.size();
            }
            None => changed.push(one),
        }
    }
    let others = right.iter().filter(|one| counts.get(one).is_some_and(|count| *count > 0));
    common + changed.into_iter().zip(others).map(|(left, right)| left.common(right)).sum::<usize>()
}

/// The key of a named value, unlike that of any block.
pub(in crate::merge) fn attribute_key(name: &str) -> String {
    format!("={name}")
}

/// Tells the elements of every side apart by an attribute that all of them have and no two of a
/// side share. `None` if there is none.
pub(in crate::merge) fn natural_keys<const N: usize>(sides: [&[Meaning]; N]) -> Option<[Vec<String>; N]> {
    natural(sides).map(|(_, keys)| keys)
}

/// The same, with the name of that attribute.
pub(in crate::merge) fn natural<const N: usize>(
    sides: [&[Meaning]; N],
) -> Option<(&'static str, [Vec<String>; N])> {
    let keys = |name: &'static str| {
        let mut found = [const { Vec::new() }; N];
        for (side, keys) in sides.iter().zip(&mut found) {
            *keys =
                side.iter().map(|one| one.named(name).map(str::to_owned)).collect::<Option<Vec<String>>>()?;
            let distinct: BTreeSet<&String> = keys.iter().collect();
            if distinct.len() < keys.len() {
                return None;
            }
        }
        Some((name, found))
    };
    if sides.iter().all(|side| side.is_empty()) {
        return None;
    }
    NATURAL.into_iter().find_map(keys)
}
