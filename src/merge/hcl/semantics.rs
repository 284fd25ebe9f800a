//! What a body or an expression says, whatever its formatting, comments and order of blocks.

use std::collections::{BTreeMap, BTreeSet};

use super::address;
use super::container::{ContainerKind, container};
use super::parsed::Parsed;
use crate::hcl::{Body, Item, Span};

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
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

impl Meaning {
    /// What a body says.
    pub(super) fn from_body(side: &Parsed<'_>, body: &Body) -> Self {
        let mut map = BTreeMap::new();
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => {
                    let value = Self::from_expression(side, attribute.expression);
                    map.insert(address::attribute_key(&attribute.name), value);
                }
                Item::Block(block) => {
                    let bag = map
                        .entry(address::block_key(&side.document, block))
                        .or_insert_with(|| Self::Bag(Vec::new()));
                    if let Self::Bag(blocks) = bag {
                        blocks.push(Self::from_body(side, &block.body));
                    }
                }
                Item::Loose(_) => {}
            }
        }
        Self::Map(map)
    }

    /// What an expression says.
    pub(super) fn from_expression(side: &Parsed<'_>, expression: Span) -> Self {
        let Some(container) = container(side, expression) else {
            return Self::Leaf(side.canonical(expression));
        };
        let elements = container.elements.iter();
        let values = elements.map(|element| (element, Self::from_expression(side, element.value)));
        match container.kind {
            ContainerKind::Object => Self::Map(
                values
                    .map(|(element, value)| {
                        (address::attribute_key(element.key.as_deref().unwrap_or_default()), value)
                    })
                    .collect(),
            ),
            ContainerKind::List => Self::List(values.map(|(_, value)| value).collect()),
            ContainerKind::Call(name) => {
                let arguments = Self::List(values.map(|(_, value)| value).collect());
                Self::Map(BTreeMap::from([(format!("{name}()"), arguments)]))
            }
        }
    }

    /// Whether both say the same.
    pub(super) fn same(&self, other: &Self) -> bool {
        self == other || self.clone().sorted() == other.clone().sorted()
    }

    /// With the blocks of each address in an order that the text does not decide.
    pub(super) fn sorted(self) -> Self {
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

    fn named(&self, name: &str) -> Option<&str> {
        match self {
            Self::Map(map) => match map.get(&address::attribute_key(name))? {
                Self::Leaf(words) => Some(words),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Tells the elements of every side apart by an attribute that all of them have and no two of a
/// side share. `None` if there is none.
pub(super) fn natural_keys<const N: usize>(sides: [&[Meaning]; N]) -> Option<[Vec<String>; N]> {
    let keys = |name: &str| {
        let mut found = [const { Vec::new() }; N];
        for (side, keys) in sides.iter().zip(&mut found) {
            *keys =
                side.iter().map(|one| one.named(name).map(str::to_owned)).collect::<Option<Vec<String>>>()?;
            let distinct: BTreeSet<&String> = keys.iter().collect();
            if distinct.len() < keys.len() {
                return None;
            }
        }
        Some(found)
    };
    if sides.iter().all(|side| side.is_empty()) {
        return None;
    }
    NATURAL.iter().find_map(|name| keys(name))
}
