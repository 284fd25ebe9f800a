//! What a body or an expression says, whatever its formatting, comments and order of blocks.

use std::collections::BTreeMap;

use super::address;
use super::container::{ContainerKind, container};
use super::parsed::Parsed;
use crate::hcl::{Body, Item, Span};
use crate::merge::meaning::{Meaning, attribute_key};

impl Meaning {
    /// What a body says.
    pub(super) fn from_body(side: &Parsed<'_>, body: &Body) -> Self {
        let mut map = BTreeMap::new();
        for item in &body.items {
            match item {
                Item::Attribute(attribute) => {
                    let value = Self::from_expression(side, attribute.expression);
                    map.insert(attribute_key(&attribute.name), value);
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
                        (attribute_key(element.key.as_deref().unwrap_or_default()), value)
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
}
