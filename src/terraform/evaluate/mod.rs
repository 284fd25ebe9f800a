//! What expressions come to: each value where it is written, or unknown for a reason.
//!
//! Follows Terraform's rules of conversion, not those of another evaluator, because a value that is
//! said to be known has to be the one that Terraform would have. Where it would refuse, the value is
//! unknown, too, and `try` and `can` are told.

mod collection;
mod operator;
mod template;
mod template_file;

use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::{self, ObjectKey};

use super::compare::equal;
use super::expression::{Expression, Form};
use super::names::{Bound, Names};
use super::{convert, functions, number};
use crate::diagnostic::Span;
use crate::value::{Data, Entries, Entry, Key, Reason, Text, Value};

/// Where an expression is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Evaluator<'e> {
    pub(super) names: &'e dyn Names,
    pub(super) bound: Option<&'e Bound<'e>>,
    pub(super) expression: &'e Expression,
}

/// The value of an expression.
pub(super) fn evaluate(names: &dyn Names, bound: Option<&Bound<'_>>, expression: &Expression) -> Value {
    let evaluator = Evaluator { names, bound, expression };
    match &expression.form {
        Form::Native(tree) => evaluator.value(tree),
        Form::Template(tree) => evaluator.template(tree, expression.at, true),
        Form::Json(value) => evaluator.json(value),
        Form::Literal(value) => value.clone(),
        Form::Refused(reason) => Value::new(expression.at, Data::Unknown(reason.clone())),
    }
}

/// One of several values, of which only a run would show which.
pub(super) fn one_of<'v>(reason: Reason, values: impl IntoIterator<Item = &'v Value>, at: Span) -> Value {
    let may_be_nothing = values.into_iter().any(Value::may_be_nothing);
    Value::new(at, Data::Unknown(Reason { may_be_nothing, ..reason }))
}

impl Evaluator<'_> {
    fn place(&self, tree: &impl hcl_edit::Span) -> Span {
        self.expression.place(tree.span())
    }

    /// What Terraform would refuse.
    pub(super) fn refused(&self, at: Span, why: impl Into<std::sync::Arc<str>>) -> Value {
        self.names.work().fail();
        Value::unknown(at, why)
    }

    pub(super) fn value(&self, tree: &expr::Expression) -> Value {
        let at = self.place(tree);
        let value = self.names.work().deeper(|| self.form(tree, at));
        value.unwrap_or_else(|| Value::unknown(at, "more than can be worked out here"))
    }

    fn form(&self, tree: &expr::Expression, at: Span) -> Value {
        use expr::Expression as Tree;
        match tree {
            Tree::Null(_) => Value::new(at, Data::Null),
            Tree::Bool(value) => Value::new(at, Data::Bool(*value.value())),
            Tree::Number(written) => self.number(written.span(), at),
            Tree::String(_) => Value::new(at, Data::Text(self.quoted(tree.span(), at))),
            Tree::StringTemplate(template) => self.string_template(template, at),
            Tree::HeredocTemplate(heredoc) => self.heredoc(heredoc, tree.span(), at),
            Tree::Array(items) => {
                Value::new(at, Data::List(items.iter().map(|item| self.value(item)).collect()))
            }
            Tree::Object(members) => self.object(members, at),
            Tree::Parenthesis(inner) => self.value(inner.inner()).placed(at),
            Tree::Variable(name) => self.reference(name.value(), &[], at),
            Tree::Traversal(traversal) => self.traversal(traversal, at),
            Tree::Conditional(conditional) => self.conditional(conditional, at),
            Tree::UnaryOp(operation) => self.unary(operation, at),
            Tree::BinaryOp(operation) => self.binary(operation, at),
            Tree::FuncCall(call) => self.call(call, at),
            Tree::ForExpr(each) => self.for_each(each, at),
        }
    }

    fn number(&self, part: Option<std::ops::Range<usize>>, at: Span) -> Value {
        let written = part.map(|part| self.expression.written(part)).unwrap_or_default();
        match number::canonical(written.trim()) {
            Some(number) => Value::new(at, Data::Number(number)),
            None => Value::unknown(at, "a number of more digits than are counted here"),
        }
    }

    fn object(&self, members: &expr::Object, at: Span) -> Value {
        let mut entries = Entries::default();
        for (key, value) in members {
            let key_at = match key {
                ObjectKey::Ident(name) => self.place(name),
                ObjectKey::Expression(tree) => self.place(tree),
            };
            let key = match key {
                ObjectKey::Ident(name) => Key::Known(name.value().to_string()),
                // A bare word is a key; in parentheses it would be a name.
                ObjectKey::Expression(expr::Expression::Variable(name)) => {
                    Key::Known(name.value().to_string())
                }
                ObjectKey::Expression(tree) => self.key(&self.value(tree)),
            };
            entries.insert(Entry { key, key_at, value: self.value(value.expr()) });
        }
        Value::new(at, Data::Object(entries.into_list()))
    }

    pub(super) fn key(&self, value: &Value) -> Key {
        match convert::to_text(value) {
            Ok(text) => match (text.as_str(), text.reason()) {
                (Some(key), _) => Key::Known(key.to_owned()),
                (None, reason) => {
                    Key::Unknown(reason.cloned().unwrap_or_else(|| Reason::new(value.at, "a key")))
                }
            },
            Err(why) => {
                self.names.work().fail();
                Key::Unknown(Reason::new(value.at, why))
            }
        }
    }

    fn conditional(&self, tree: &expr::Conditional, at: Span) -> Value {
        let condition = self.value(&tree.cond_expr);
        let work = self.names.work();
        let chosen = match convert::to_bool(&condition) {
            Ok(true) => (&tree.true_expr, &tree.false_expr),
            Ok(false) => (&tree.false_expr, &tree.true_expr),
            Err(reason) => {
                let both = (self.value(&tree.true_expr), self.value(&tree.false_expr));
                // Whichever it is, it is the same.
                return match equal(&both.0, &both.1) {
                    Some(true) => both.0.placed(at),
                    _ => chosen_later(both, at, reason),
                };
            }
        };
        let value = self.value(chosen.0);
        let (other, _) = work.attempt(|| self.value(chosen.1));
        convert::like_both(value, &other).placed(at)
    }

    fn call(&self, call: &expr::FuncCall, at: Span) -> Value {
        let name = call.name.name.value().as_str();
        if call.name.is_namespaced() {
            let namespace: Vec<&str> = call.name.namespace.iter().map(|part| part.value().as_str()).collect();
            if namespace != ["core"] {
                return Value::unknown(at, format!("`{}::{name}(…)`", namespace.join("::")));
            }
        }
        let arguments: Vec<&expr::Expression> = call.args.iter().collect();
        match name {
            "try" => return self.first_that_works(&arguments, at),
            "can" => return self.works(&arguments, at),
            "templatefile" => return self.template_file(&arguments, at),
            _ => {}
        }
        let mut values: Vec<Value> = arguments.iter().map(|tree| self.value(tree)).collect();
        if call.args.expand_final()
            && let Some(last) = values.pop()
        {
            match last.data {
                Data::List(items) => values.extend(items),
                Data::Unknown(reason) => return Value::new(at, Data::Unknown(reason)),
                _ => return self.refused(at, "`...` behind what is not a list"),
            }
        }
        functions::call(self.names, name, &values, at)
    }

    fn first_that_works(&self, arguments: &[&expr::Expression], at: Span) -> Value {
        for tree in arguments {
            let (value, failed) = self.names.work().attempt(|| self.value(tree));
            if let (false, Data::Unknown(reason)) = (failed, &value.data) {
                // Where this one fails in a run, it is another.
                let all: Vec<Value> =
                    arguments.iter().map(|tree| self.names.work().attempt(|| self.value(tree)).0).collect();
                return one_of(reason.clone(), &all, at);
            }
            if !failed {
                return value.placed(at);
            }
        }
        self.refused(at, "`try(…)`, of which nothing works")
    }

    fn works(&self, arguments: &[&expr::Expression], at: Span) -> Value {
        let [tree] = arguments else { return self.refused(at, "`can(…)` of more than one value") };
        let (value, failed) = self.names.work().attempt(|| self.value(tree));
        match value.reason() {
            _ if failed => Value::new(at, Data::Bool(false)),
            Some(reason) => Value::new(at, Data::Unknown(reason.clone())),
            None => Value::new(at, Data::Bool(true)),
        }
    }

    /// Terraform as JSON: every string in it is a template, and every key.
    fn json(&self, value: &Value) -> Value {
        let of_text =
            |text: &Text, at: Span| evaluate(self.names, self.bound, &Expression::template(at, text.clone()));
        let data = match &value.data {
            Data::Text(text) => return of_text(text, value.at),
            Data::List(items) => Data::List(items.iter().map(|item| self.json(item)).collect()),
            Data::Object(entries) => {
                let mut read = Entries::default();
                for entry in entries {
                    let key = match entry.name() {
                        Some(name) => self.key(&of_text(&Text::known(entry.key_at, name), entry.key_at)),
                        None => entry.key.clone(),
                    };
                    read.insert(Entry { key, key_at: entry.key_at, value: self.json(&entry.value) });
                }
                Data::Object(read.into_list())
            }
            other => other.clone(),
        };
        Value::new(value.at, data)
    }
}

/// One of two values, which only a run would show. Where one of them is `null`, the other is kept.
fn chosen_later((left, right): (Value, Value), at: Span, reason: Reason) -> Value {
    let unknown = one_of(reason, [&left, &right], at);
    let other = match (left.is_null(), right.is_null()) {
        (true, _) => Some(right),
        (_, true) => Some(left),
        _ => None,
    };
    let other = other.and_then(|other| match &other.unless_null {
        Some(inner) => Some(Arc::clone(inner)),
        None => other.reason().is_none().then(|| Arc::new(other)),
    });
    Value { unless_null: other, ..unknown }
}
