//! How often a resource, a data source or a module is made: `count` and `for_each`.

use super::block::{Made, iteration};
use super::names::{Bound, Names};
use super::{convert, evaluate, syntax};
use crate::value::{Data, Entry, Reason, Value};

/// What makes more than these is not followed one by one.
const MOST: usize = 1000;

/// One of the things that a block makes: what it is made for, and what `each` and `count` are in it.
pub(super) struct Instance {
    pub(super) made: Made,
    pub(super) name: &'static str,
    pub(super) value: Value,
}

/// All that a block makes. What is not made, or nobody knows how often, is there once, to be looked at.
pub(super) fn of(names: &dyn Names, block: &syntax::Block) -> Vec<Instance> {
    if !matches!(block.keyword.as_str(), "resource" | "data" | "module" | "ephemeral") {
        return vec![once(block)];
    }
    let value = |name: &str| {
        let attribute = block.body.attribute(name)?;
        Some(evaluate::evaluate(names, None, &attribute.expression))
    };
    if let Some(count) = value("count") {
        return counted(block, &count);
    }
    value("for_each").map_or_else(|| vec![once(block)], |each| for_each(block, &each))
}

fn once(block: &syntax::Block) -> Instance {
    Instance { made: Made::Once, name: "", value: Value::new(block.at, Data::Null) }
}

fn counted(block: &syntax::Block, count: &Value) -> Vec<Instance> {
    let instance = |made: Made, index: Value| {
        let value = Value::new(block.at, Data::Object(vec![Entry::new("index", block.at, index)]));
        Instance { made, name: "count", value }
    };
    let number = |index: usize| Value::new(block.at, Data::Number(index.to_string()));
    match convert::to_whole(count).map(usize::try_from) {
        Ok(Ok(0)) => vec![instance(Made::Never, number(0))],
        Ok(Ok(count @ 1..=MOST)) => {
            (0..count).map(|index| instance(Made::For(number(index)), number(index))).collect()
        }
        Ok(_) => vec![unknown(block, "count", &Reason::new(count.at, "a large or negative `count`"))],
        Err(reason) => vec![unknown(block, "count", &reason)],
    }
}

fn for_each(block: &syntax::Block, each: &Value) -> Vec<Instance> {
    let pairs = match convert::pairs(each) {
        Ok(pairs) if pairs.len() <= MOST => pairs,
        Ok(_) => return vec![unknown(block, "each", &Reason::new(each.at, "a large `for_each`"))],
        Err(reason) => return vec![unknown(block, "each", &reason)],
    };
    let is_list = matches!(each.data, Data::List(_));
    let instance = |(key, value): (Value, Value)| {
        // The keys of a set are its items.
        let key = if is_list { value.clone() } else { key };
        Instance { made: Made::For(key.clone()), name: "each", value: iteration(block.at, key, value) }
    };
    if pairs.is_empty() {
        let reason = Reason::new(each.at, "an empty `for_each`");
        return vec![Instance { made: Made::Never, ..unknown(block, "each", &reason) }];
    }
    pairs.into_iter().map(instance).collect()
}

fn unknown(block: &syntax::Block, name: &'static str, reason: &Reason) -> Instance {
    let part = || Value::new(block.at, Data::Unknown(reason.clone()));
    let value = match name {
        "count" => Value::new(block.at, Data::Object(vec![Entry::new("index", block.at, part())])),
        _ => iteration(block.at, part(), part()),
    };
    Instance { made: Made::Unknown(reason.clone()), name, value }
}

impl Instance {
    /// The name that it binds.
    pub(super) fn bound(&self) -> Bound<'_> {
        Bound { name: self.name, value: &self.value, outer: None }
    }

    /// Whether it is the one for a key.
    pub(super) fn is_for(&self, key: &Value) -> bool {
        match (&self.made, convert::to_text(key)) {
            (Made::For(own), Ok(key)) => {
                let own = convert::to_text(own).ok();
                key.as_str().is_some() && own.as_ref().and_then(|own| own.as_str()) == key.as_str()
            }
            _ => false,
        }
    }
}
