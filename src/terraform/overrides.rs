//! Override files: what `override.tf` and `*_override.tf` change in the other files of a folder.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/files/override>.

use std::sync::Arc;

use super::syntax::{Attribute, Block, Body};

/// Changes the blocks of a folder as those of an override file say; what there is nothing to change
/// of is returned.
pub(super) fn apply(blocks: &mut Vec<Arc<Block>>, over: &[Arc<Block>]) -> Vec<Arc<Block>> {
    let mut without_base = Vec::new();
    for block in over {
        match block.keyword.as_str() {
            "locals" => without_base.extend(locals(blocks, block).map(Arc::new)),
            "terraform" => settings(blocks, block),
            _ => match blocks.iter_mut().find(|base| is_meant(base, block)) {
                Some(base) => merge(&mut Arc::make_mut(base).body, &block.body),
                None => without_base.push(Arc::clone(block)),
            },
        }
    }
    without_base
}

/// Whether both are the same resource, provider or variable. An alias is part of a provider's name.
fn is_meant(base: &Block, over: &Block) -> bool {
    let alias = |block: &Block| {
        let alias = block.body.attribute("alias").filter(|_| block.keyword == "provider");
        alias.map(|alias| alias.written.clone())
    };
    base.keyword == over.keyword && base.labels == over.labels && alias(base) == alias(over)
}

fn merge(base: &mut Body, over: &Body) {
    over.attributes.iter().for_each(|attribute| replace(base, attribute.clone()));
    let (settings, others): (Vec<_>, Vec<_>) =
        over.blocks.iter().cloned().partition(|block| block.keyword == "lifecycle");
    // Arguments of `lifecycle` are merged one by one.
    for block in settings {
        match base.blocks.iter_mut().find(|known| known.keyword == "lifecycle") {
            Some(known) => merge(&mut Arc::make_mut(known).body, &block.body),
            None => base.blocks.push(block),
        }
    }
    base.blocks.retain(|known| !others.iter().any(|block| kind(block) == kind(known)));
    base.blocks.extend(others);
}

/// The kind of block that it is, or makes.
fn kind(block: &Block) -> &str {
    match block.labels.first() {
        Some(label) if block.keyword == "dynamic" => label,
        _ => &block.keyword,
    }
}

fn replace(base: &mut Body, attribute: Attribute) {
    match base.attributes.iter_mut().find(|known| known.name == attribute.name) {
        Some(known) => *known = attribute,
        None => base.attributes.push(attribute),
    }
}

/// Each local by itself, in whichever block it stands; returns those that are new.
fn locals(blocks: &mut [Arc<Block>], over: &Block) -> Option<Block> {
    let mut rest = Block { body: Body::default(), ..over.clone() };
    for attribute in over.body.attributes.iter().cloned() {
        let mut known = blocks.iter_mut().filter(|block| block.keyword == "locals");
        match known.find(|block| block.body.attribute(&attribute.name).is_some()) {
            Some(block) => replace(&mut Arc::make_mut(block).body, attribute),
            None => rest.body.attributes.push(attribute),
        }
    }
    (!rest.body.attributes.is_empty()).then_some(rest)
}

/// `terraform`: providers one by one, and a backend or a cloud in place of either.
fn settings(blocks: &mut Vec<Arc<Block>>, over: &Block) {
    let is_state = |block: &Arc<Block>| matches!(block.keyword.as_str(), "backend" | "cloud");
    let mut rest = over.body.clone();
    for base in blocks.iter_mut().filter(|block| block.keyword == "terraform") {
        let base = Arc::make_mut(base);
        if rest.blocks.iter().any(is_state) {
            base.body.blocks.retain(|block| !is_state(block));
        }
        rest.attributes.retain(|attribute| {
            let is_there = base.body.attribute(&attribute.name).is_some();
            if is_there {
                replace(&mut base.body, attribute.clone());
            }
            !is_there
        });
        for block in rest.blocks.iter_mut().filter(|block| block.keyword == "required_providers") {
            let known = base.body.blocks.iter_mut().find(|known| known.keyword == block.keyword);
            if let Some(known) = known {
                for attribute in std::mem::take(&mut Arc::make_mut(block).body.attributes) {
                    replace(&mut Arc::make_mut(known).body, attribute);
                }
            }
        }
    }
    rest.blocks.retain(|block| block.keyword != "required_providers" || !block.body.attributes.is_empty());
    if !rest.attributes.is_empty() || !rest.blocks.is_empty() {
        blocks.push(Arc::new(Block { body: rest, ..over.clone() }));
    }
}
