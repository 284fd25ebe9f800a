//! Types of variables: what a value becomes that is given to one.

use hcl_edit::expr::{Expression as Tree, FuncCall, ObjectKey};

use super::convert;
use super::expression::{Expression, Form};
use crate::value::{Data, Entries, Entry, Reason, Value};

/// A type, as far as it changes values.
#[derive(Debug, Clone)]
pub(super) enum Type {
    Any,
    Text,
    Number,
    Bool,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Debug, Clone)]
pub(super) struct Member {
    name: String,
    of: Type,
    is_optional: bool,
    /// What it is when it is left out.
    default: Option<Expression>,
}

impl Type {
    /// The type that an expression names; `None` for what is none.
    pub(super) fn read(expression: &Expression) -> Option<Self> {
        match &expression.form {
            Form::Native(tree) => of(expression, tree),
            // Before Terraform 0.12 types were texts.
            Form::Literal(name) => named(name.text()?),
            _ => None,
        }
    }

    /// Whether a text is meant as one, and not as an expression.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Self::Text | Self::Number | Self::Bool)
    }
}

fn of(whole: &Expression, tree: &Tree) -> Option<Type> {
    match tree {
        Tree::Variable(name) => named(name.value()),
        Tree::String(name) => named(name.value()),
        Tree::FuncCall(call) => constructed(whole, call),
        Tree::Parenthesis(inner) => of(whole, inner.inner()),
        _ => None,
    }
}

fn named(name: &str) -> Option<Type> {
    let any = || Box::new(Type::Any);
    Some(match name {
        "any" => Type::Any,
        "string" => Type::Text,
        "number" => Type::Number,
        "bool" => Type::Bool,
        "list" => Type::List(any()),
        "set" => Type::Set(any()),
        "map" => Type::Map(any()),
        _ => return None,
    })
}

fn constructed(whole: &Expression, call: &FuncCall) -> Option<Type> {
    let inner = call.args.iter().next()?;
    let boxed = || of(whole, inner).map(Box::new);
    Some(match call.name.name.value().as_str() {
        "list" => Type::List(boxed()?),
        "set" => Type::Set(boxed()?),
        "map" => Type::Map(boxed()?),
        "tuple" => {
            let Tree::Array(items) = inner else { return None };
            Type::Tuple(items.iter().map(|item| of(whole, item)).collect::<Option<_>>()?)
        }
        "object" => {
            let Tree::Object(members) = inner else { return None };
            let member = |(key, value): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
                let name = match key {
                    ObjectKey::Ident(name) | ObjectKey::Expression(Tree::Variable(name)) => {
                        name.value().to_string()
                    }
                    ObjectKey::Expression(Tree::String(name)) => name.value().clone(),
                    ObjectKey::Expression(_) => return None,
                };
                optional(whole, name, value.expr())
            };
            Type::Object(members.iter().map(member).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

fn optional(whole: &Expression, name: String, tree: &Tree) -> Option<Member> {
    let call = match tree {
        Tree::FuncCall(call) if call.name.name.value().as_str() == "optional" => call,
        _ => return Some(Member { name, of: of(whole, tree)?, is_optional: false, default: None }),
    };
    let mut arguments = call.args.iter();
    let inner = of(whole, arguments.next()?)?;
    let default = arguments
        .next()
        .map(|tree| Expression { form: Form::Native(Box::new(tree.clone())), ..whole.clone() });
    Some(Member { name, of: inner, is_optional: true, default })
}

/// A value as a type has it. `evaluate` is asked for the defaults of what is left out.
pub(super) fn converted(
    value: Value,
    to: &Type,
    evaluate: &dyn Fn(&Expression) -> Value,
) -> Result<Value, Reason> {
    let at = value.at;
    if matches!(value.data, Data::Null | Data::Unknown(_)) {
        return Ok(value);
    }
    let data = match to {
        Type::Any => return Ok(value),
        Type::Text => convert::to_text(&value).map(Data::Text).map_err(|why| Reason::new(at, why))?,
        Type::Number if value.text().is_some() || matches!(value.data, Data::Number(_)) => {
            Data::Number(convert::to_number(&value)?)
        }
        Type::Bool if value.text().is_some() || matches!(value.data, Data::Bool(_)) => {
            Data::Bool(convert::to_bool(&value)?)
        }
        Type::List(inner) => Data::List(items(value, inner, evaluate)?),
        Type::Set(inner) => Data::List(convert::to_set(items(value, inner, evaluate)?)?),
        Type::Map(inner) => map(value, inner, evaluate)?,
        Type::Tuple(types) => {
            let Data::List(items) = value.data else { return Err(another(&value)) };
            if items.len() != types.len() {
                return Err(Reason::new(at, "a value of another type than its variable"));
            }
            let pairs = items.into_iter().zip(types);
            Data::List(pairs.map(|(item, to)| converted(item, to, evaluate)).collect::<Result<_, _>>()?)
        }
        Type::Object(members) => object(value, members, evaluate)?,
        Type::Number | Type::Bool => return Err(another(&value)),
    };
    Ok(Value::new(at, data))
}

fn another(value: &Value) -> Reason {
    convert::not(value, "a value of another type than its variable")
}

fn items(value: Value, to: &Type, evaluate: &dyn Fn(&Expression) -> Value) -> Result<Vec<Value>, Reason> {
    let Data::List(items) = value.data else { return Err(another(&value)) };
    let items = items.into_iter().map(|item| converted(item, to, evaluate)).collect::<Result<Vec<_>, _>>()?;
    if matches!(to, Type::Any) { convert::of_one_type(items) } else { Ok(items) }
}

fn map(value: Value, to: &Type, evaluate: &dyn Fn(&Expression) -> Value) -> Result<Data, Reason> {
    let Data::Object(entries) = value.data else { return Err(another(&value)) };
    let (keys, values): (Vec<_>, Vec<_>) =
        entries.into_iter().map(|entry| ((entry.key, entry.key_at), entry.value)).unzip();
    let list = Value::new(value.at, Data::List(values));
    let values = items(list, to, evaluate)?;
    let entry = |((key, key_at), value)| Entry { key, key_at, value };
    Ok(Data::Object(keys.into_iter().zip(values).map(entry).collect()))
}

/// An object with the members of its type, and no others.
fn object(value: Value, members: &[Member], evaluate: &dyn Fn(&Expression) -> Value) -> Result<Data, Reason> {
    let at = value.at;
    let Data::Object(entries) = value.data else { return Err(another(&value)) };
    if let Some(reason) =
        entries.iter().find(|entry| entry.name().is_none()).and_then(|_| value_reason(&entries))
    {
        return Err(reason);
    }
    let mut made = Entries::default();
    for member in members {
        let given = entries.iter().find(|entry| entry.name() == Some(&member.name));
        let given = given.filter(|entry| !(entry.value.is_null() && member.is_optional));
        let (key_at, value) = match (given, &member.default) {
            (Some(entry), _) => (entry.key_at, entry.value.clone()),
            (None, Some(default)) => (at, evaluate(default)),
            (None, None) if member.is_optional => (at, Value::new(at, Data::Null)),
            (None, None) => return Err(Reason::new(at, format!("a value without `{}`", member.name))),
        };
        made.insert(Entry::new(member.name.as_str(), key_at, converted(value, &member.of, evaluate)?));
    }
    Ok(Data::Object(made.into_list()))
}

fn value_reason(entries: &[Entry]) -> Option<Reason> {
    Value::new(entries.first()?.key_at, Data::Object(entries.to_vec())).reason().cloned()
}
