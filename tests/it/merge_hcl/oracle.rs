//! What a merge should come to, found by another reader of HCL: every value by its address, and
//! what both sides changed of them.

use std::collections::{BTreeMap, BTreeSet};

use hcl::{Body, Expression, Structure};

/// Values by address. A block without attributes is one, too.
pub(super) type Values = BTreeMap<String, Said>;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    One(String),
    List(Vec<String>),
}

/// All values of a file.
#[track_caller]
pub(super) fn values(text: &str) -> Values {
    let body: Body = hcl::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let mut values = Values::new();
    read(&body, "", &mut values);
    values
}

fn read(body: &Body, path: &str, values: &mut Values) {
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                expression(&attribute.expr, &format!("{path}/{}", attribute.key()), values);
            }
            Structure::Block(block) => {
                let labels: Vec<&str> = block.labels().iter().map(|label| label.as_str()).collect();
                let name = known_by(block.body());
                let path = format!("{path}/{}:{}:{name}", block.identifier(), labels.join(":"));
                assert!(
                    values.insert(path.clone(), Said::One("a block".to_owned())).is_none(),
                    "{path} twice"
                );
                read(block.body(), &path, values);
            }
        }
    }
}

/// The alias, sid or name of a block.
fn known_by(body: &Body) -> String {
    let mut attributes = body.attributes();
    let name = attributes.find(|attribute| ["alias", "sid"].contains(&attribute.key()));
    name.map_or(String::new(), |attribute| attribute.expr().to_string())
}

fn expression(value: &Expression, path: &str, values: &mut Values) {
    match value {
        Expression::Object(object) => {
            for (key, value) in object {
                expression(value, &format!("{path}/{key}"), values);
            }
            values.insert(path.to_owned(), Said::One("an object".to_owned()));
        }
        Expression::Array(list) => {
            values.insert(path.to_owned(), Said::List(list.iter().map(ToString::to_string).collect()));
        }
        other => {
            values.insert(path.to_owned(), Said::One(other.to_string()));
        }
    }
}

/// What a merge should come to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// These values.
    Clean(Values),
    /// Both sides changed the same.
    Conflict,
}

/// Base with the changes of both sides.
pub(super) fn verdict(base: &str, ours: &str, theirs: &str) -> Verdict {
    let (base, ours, theirs) = (values(base), values(ours), values(theirs));
    let addresses: BTreeSet<&String> = base.keys().chain(ours.keys()).chain(theirs.keys()).collect();
    if [(&ours, &theirs), (&theirs, &ours)].iter().any(|(one, other)| removes_changed(&base, one, other)) {
        return Verdict::Conflict;
    }
    let mut merged = Values::new();
    for address in addresses {
        let (b, o, t) = (base.get(address), ours.get(address), theirs.get(address));
        let value = if o == b || o == t {
            t.cloned()
        } else if t == b {
            o.cloned()
        } else if let (Some(Said::List(b)), Some(Said::List(o)), Some(Said::List(t))) = (b, o, t) {
            Some(Said::List(list(b, o, t)))
        } else {
            return Verdict::Conflict;
        };
        merged.extend(value.map(|value| (address.clone(), value)));
    }
    Verdict::Clean(merged)
}

/// Ours without what theirs took out, and with what theirs added at its end; compared as a set.
fn list(base: &[String], ours: &[String], theirs: &[String]) -> Vec<String> {
    let kept = ours.iter().filter(|one| !base.contains(one) || theirs.contains(one));
    let added = theirs.iter().filter(|one| !base.contains(one) && !ours.contains(one));
    kept.chain(added).cloned().collect()
}

/// Whether one side took out a block or an object in which the other changed something.
fn removes_changed(base: &Values, one: &Values, other: &Values) -> bool {
    base.keys().filter(|address| !one.contains_key(*address)).any(|address| {
        let below = |values: &Values| -> Values {
            let inside = values.iter().filter(|(inner, _)| inner.starts_with(&format!("{address}/")));
            inside.map(|(inner, said)| (inner.clone(), said.clone())).collect()
        };
        other.contains_key(address) && below(other) != below(base)
    })
}

/// Whether two say the same, lists in any order.
pub(super) fn agree(left: &Values, right: &Values) -> bool {
    let sorted = |values: &Values| -> Values {
        let values = values.iter().map(|(address, value)| {
            let mut value = value.clone();
            if let Said::List(list) = &mut value {
                list.sort();
            }
            (address.clone(), value)
        });
        values.collect()
    };
    sorted(left) == sorted(right)
}
