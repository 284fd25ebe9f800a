//! References, the steps behind them, and `for`.

use hcl_edit::expr::{Expression as Tree, ForExpr, Traversal, TraversalOperator};

use super::{Evaluator, one_of};
use crate::diagnostic::Span;
use crate::diagnostic::words::excerpt;
use crate::terraform::convert;
use crate::terraform::names::{Bound, Step};
use crate::value::{Data, Entries, Entry, Key, Value};

/// Collections inside collections that a reference brings along.
const DEEPEST: usize = 64;

impl Evaluator<'_> {
    pub(super) fn traversal(&self, tree: &Traversal, at: Span) -> Value {
        let steps: Vec<Step> = tree.operators.iter().map(|operator| self.step(operator.value())).collect();
        if let Tree::Variable(name) = &tree.expr {
            return self.reference(name.value(), &steps, at);
        }
        self.follow(self.value(&tree.expr), &steps, at).placed(at)
    }

    fn step(&self, operator: &TraversalOperator) -> Step {
        match operator {
            TraversalOperator::AttrSplat(_) => Step::Names,
            TraversalOperator::FullSplat(_) => Step::Splat,
            TraversalOperator::GetAttr(name) => Step::Name(name.value().to_string()),
            TraversalOperator::Index(tree) => Step::Index(self.value(tree)),
            TraversalOperator::LegacyIndex(index) => {
                Step::Index(Value::new(self.expression.at, Data::Number(index.value().to_string())))
            }
        }
    }

    /// What a name stands for, with the steps behind it.
    pub(super) fn reference(&self, name: &str, steps: &[Step], at: Span) -> Value {
        let mut bound = self.bound;
        while let Some(own) = bound {
            if own.name == name {
                self.names.work().spend(own.value.size());
                return self.follow(own.value.clone(), steps, at).placed(at);
            }
            bound = own.outer;
        }
        let (value, used) = self.names.resolve(name, steps, at);
        if value.is_deeper_than(DEEPEST) || !self.names.work().spend(value.size()) {
            return Value::unknown(at, "more than can be worked out here");
        }
        self.follow(value, steps.get(used..).unwrap_or_default(), at).placed(at)
    }

    /// What a way through members and items leads to.
    pub(super) fn follow(&self, value: Value, steps: &[Step], at: Span) -> Value {
        let mut value = value;
        for (index, step) in steps.iter().enumerate() {
            let rest = &steps[index + 1..];
            match step {
                Step::Name(name) => value = self.member(value, name, at),
                Step::Index(key) => value = self.item(value, key, at),
                Step::Splat => return self.each(value, rest, at),
                Step::Names => {
                    let names = rest.iter().take_while(|step| matches!(step, Step::Name(_))).count();
                    let list = self.each(value, &rest[..names], at);
                    return self.follow(list, &rest[names..], at);
                }
            }
        }
        value
    }

    fn member(&self, value: Value, name: &str, at: Span) -> Value {
        match value.data {
            Data::Unknown(_) => value.without_choice(),
            Data::Object(entries) => {
                let open = entries.iter().find_map(|entry| match &entry.key {
                    Key::Unknown(reason) => Some(reason.clone()),
                    Key::Known(_) => None,
                });
                match (entries.into_iter().find(|entry| entry.name() == Some(name)), open) {
                    (Some(entry), _) => entry.value,
                    (None, Some(reason)) => Value::new(at, Data::Unknown(reason)),
                    (None, None) => self.refused(at, format!("`{}`, which is not there", excerpt(name))),
                }
            }
            _ => self.refused(at, format!("`{}` of what has no such member", excerpt(name))),
        }
    }

    fn item(&self, value: Value, key: &Value, at: Span) -> Value {
        match value.data {
            Data::Unknown(_) => value.without_choice(),
            Data::Object(ref entries) => match self.key(key) {
                Key::Known(name) => self.member(value, &name, at),
                Key::Unknown(reason) => {
                    self.names.keyed(key, entries);
                    one_of(reason, entries.iter().map(|entry| &entry.value), at)
                }
            },
            Data::List(mut items) => match convert::to_whole(key) {
                Ok(index) => match usize::try_from(index) {
                    Ok(index) if index < items.len() => items.swap_remove(index),
                    _ => self.refused(at, format!("item {index} of a list that has {}", items.len())),
                },
                Err(reason) => one_of(reason, &items, at),
            },
            _ => self.refused(at, "an item of what is not a list"),
        }
    }

    fn each(&self, value: Value, rest: &[Step], at: Span) -> Value {
        let items = match value.data {
            Data::Unknown(_) => return value.without_choice(),
            Data::Null => Vec::new(),
            Data::List(items) => items,
            data => vec![Value::new(value.at, data)],
        };
        let items = items.into_iter().map(|item| self.follow(item, rest, at));
        Value::new(at, Data::List(items.collect()))
    }

    /// `[for … : …]` and `{for … : … => …}`.
    pub(super) fn for_each(&self, tree: &ForExpr, at: Span) -> Value {
        let collection = self.value(&tree.intro.collection_expr);
        let pairs = match convert::pairs(&collection) {
            Ok(pairs) => pairs,
            Err(reason) => return Value::new(at, Data::Unknown(reason)),
        };
        let (mut items, mut entries, mut groups) = (Vec::new(), Entries::default(), Vec::new());
        for (key, value) in pairs {
            let done = self.with(tree, &key, &value, |inner| {
                if let Some(condition) = &tree.cond
                    && !convert::to_bool(&inner.value(&condition.expr))?
                {
                    return Ok(());
                }
                let made = inner.value(&tree.value_expr);
                match &tree.key_expr {
                    None => items.push(made),
                    Some(key) => {
                        let key = inner.value(key);
                        let entry = Entry { key: inner.key(&key), key_at: key.at, value: made };
                        if tree.grouping { group(&mut groups, entry) } else { entries.insert(entry) }
                    }
                }
                Ok(())
            });
            if let Err(reason) = done {
                return Value::new(at, Data::Unknown(reason));
            }
        }
        let data = match &tree.key_expr {
            None => Data::List(items),
            Some(_) if tree.grouping => Data::Object(groups),
            Some(_) => Data::Object(entries.into_list()),
        };
        Value::new(at, data)
    }

    fn with<T>(
        &self,
        tree: &ForExpr,
        key: &Value,
        value: &Value,
        work: impl FnOnce(&Evaluator<'_>) -> T,
    ) -> T {
        let key_name = tree.intro.key_var.as_ref().map_or("", |name| name.value().as_str());
        self.binding(key_name, key, tree.intro.value_var.value(), value, work)
    }

    /// Does something where two more names are bound.
    pub(super) fn binding<T>(
        &self,
        key_name: &str,
        key: &Value,
        name: &str,
        value: &Value,
        work: impl FnOnce(&Evaluator<'_>) -> T,
    ) -> T {
        let outer = Bound { name: key_name, value: key, outer: self.bound };
        let bound = Bound { name, value, outer: Some(&outer) };
        work(&Evaluator { bound: Some(&bound), ..*self })
    }
}

/// Adds a value to those of the same key.
fn group(entries: &mut Vec<Entry>, entry: Entry) {
    let name = entry.name();
    let known = entries.iter_mut().find(|known| name.is_some() && known.name() == name);
    if let Some(Entry { value: Value { data: Data::List(items), .. }, .. }) = known {
        items.push(entry.value);
    } else {
        let at = entry.value.at;
        entries.push(Entry { value: Value::new(at, Data::List(vec![entry.value])), ..entry });
    }
}
