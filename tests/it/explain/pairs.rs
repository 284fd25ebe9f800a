//! Random pairs of trust policies, one made out of the other, and requests that lie at their edges.

use serde_json::{Map, Value, json};

use super::case::Case;
use super::kinds::{KINDS, Principals, kinds};
use super::random::{self, Key, Random, TEXT};

/// A trust policy that says who is meant, and one that may or may not lie within it.
pub(super) struct Pair {
    pub(super) declared: Value,
    pub(super) policy: Value,
}

/// A random pair, which differs in a condition at least.
pub(super) fn pair(random: &mut Random) -> Pair {
    let meant: Vec<Value> = (0..=random.below(2)).map(|_| statement(random)).collect();
    let mut list: Vec<Value> = meant.iter().filter(|_| !random.one_in(4)).cloned().collect();
    while random.one_in(8) || !list.iter().any(|statement| statement["Effect"] == "Allow") {
        list.push(statement(random));
    }
    for statement in &mut list {
        change_condition(random, statement);
        if random.one_in(2) {
            change(random, statement);
        }
    }
    let policy = |list: Vec<Value>| json!({ "Version": "2012-10-17", "Statement": list });
    Pair { declared: policy(meant), policy: policy(list) }
}

/// A statement about principals of one kind, of two, or about everybody.
fn statement(random: &mut Random) -> Value {
    let (one, two) = (kind(random), kind(random));
    let mut named = json!({ one.element: random.one_or_some(one.named) });
    if random.one_in(6) {
        named[two.element] = random.one_or_some(two.named);
    }
    let mut conditions = Map::new();
    for _ in 0..=random.below(2) {
        random::condition(random, one.keys, &mut conditions);
    }
    let mut statement = json!({
        "Effect": if random.one_in(6) { "Deny" } else { "Allow" },
        "Principal": if random.one_in(12) { json!("*") } else { named },
        "Action": random.one_or_some(one.patterns),
    });
    if !conditions.is_empty() {
        statement["Condition"] = Value::Object(conditions);
    }
    statement
}

/// AWS principals are what most policies are about.
fn kind(random: &mut Random) -> &'static Principals {
    if random.one_in(3) { &KINDS[0] } else { random.pick(&KINDS) }
}

/// Narrows a statement, or widens it, or makes another of it.
fn change(random: &mut Random, statement: &mut Value) {
    let kind = *random.pick(&kinds(statement));
    match random.below(9) {
        0 => statement["Effect"] = json!("Deny"),
        1 => statement["Action"] = json!(random.pick(kind.actions)),
        2 => statement["Action"] = random.one_or_some(kind.patterns),
        3 => statement["Principal"] = json!({ kind.element: random.one_or_some(kind.named) }),
        4 => statement["Principal"] = json!({ kind.element: random.pick(kind.named) }),
        5 | 6 => {
            let mut conditions = statement["Condition"].as_object().cloned().unwrap_or_default();
            random::condition(random, kind.keys, &mut conditions);
            statement["Condition"] = Value::Object(conditions);
        }
        _ => change_condition(random, statement),
    }
}

/// Gives a condition another operator, other values, or one value of those that it has.
fn change_condition(random: &mut Random, statement: &mut Value) {
    let all: Vec<(String, String)> =
        conditions(statement).map(|(operator, key, _)| (operator.to_owned(), key.to_owned())).collect();
    if all.is_empty() {
        return;
    }
    let (operator, key) = random.pick(&all).clone();
    let tests = statement["Condition"].as_object_mut().expect("conditions");
    let values = tests[&operator].as_object_mut().and_then(|keys| keys.shift_remove(&key)).expect("values");
    tests.retain(|_, keys| keys.as_object().is_some_and(|keys| !keys.is_empty()));
    let known = known(&key);
    let listed = values.as_array().cloned().unwrap_or_else(|| vec![values.clone()]);
    let (operator, values) = match (random.below(3), operator.as_str()) {
        (0, _) | (_, "Null") => (operator, random.pick(&listed).clone()),
        (1, _) => (operator, random.one_or_some(known.wanted)),
        _ => (other_operator(random, known, &operator), values),
    };
    tests.entry(operator).or_insert_with(|| json!({}))[&key] = values;
}

/// The same operator for a set or for a key that may be missing, or another one of the key.
fn other_operator(random: &mut Random, key: &Key, operator: &str) -> String {
    let plain = operator.rsplit(':').next().unwrap_or_default().trim_end_matches("IfExists");
    let plain = if random.one_in(2) { plain } else { random.pick(key.operators) };
    let set =
        if key.many || random.one_in(6) { *random.pick(&["ForAllValues:", "ForAnyValue:"]) } else { "" };
    format!("{set}{plain}{}", if random.one_in(2) { "IfExists" } else { "" })
}

fn known(key: &str) -> &'static Key {
    let mut all = KINDS.iter().flat_map(|kind| kind.keys);
    all.find(|known| known.name.eq_ignore_ascii_case(key)).expect("a known key")
}

fn statements(policy: &Value) -> &[Value] {
    policy["Statement"].as_array().map_or(&[], Vec::as_slice)
}

/// Operator, key and values of each condition.
fn conditions(statement: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let operators = statement["Condition"].as_object().into_iter().flatten();
    operators.flat_map(|(operator, keys)| {
        keys.as_object()
            .into_iter()
            .flatten()
            .map(move |(key, values)| (operator.as_str(), key.as_str(), values))
    })
}

/// A request that one of the statements is about, with values that policies name and such as lie beside them.
pub(super) fn request(random: &mut Random, pair: &Pair) -> Case {
    let allowing: Vec<&Value> =
        statements(&pair.policy).iter().filter(|one| one["Effect"] == "Allow").collect();
    let statement = *random.pick(&allowing);
    let kind = *random.pick(&kinds(statement));
    let caller = caller(random, kind, &statement["Principal"].to_string());
    let action = random.pick(kind.actions);
    let mut case = Case {
        principal: caller,
        action,
        context: Map::new(),
        trust: pair.policy.clone(),
        identity: if random.one_in(3) { Vec::new() } else { vec![random::everything()] },
    };
    // What the statement itself asks for counts more than what others do.
    let all = [&pair.policy, &pair.declared].into_iter().flat_map(statements);
    let named: Vec<&Value> = [statement; 3].into_iter().chain(all).collect();
    for key in kind.keys {
        let is_said = named
            .iter()
            .any(|statement| conditions(statement).any(|(_, name, _)| name.eq_ignore_ascii_case(key.name)));
        if !key.found.is_empty() && is_supplied(key, action) && !random.one_in(if is_said { 4 } else { 2 }) {
            case.context.insert(key.name.to_owned(), value(random, key, &named));
        }
    }
    // Nothing follows from a canonical user, who never calls STS.
    if kind.element != "CanonicalUser" {
        case.request();
    }
    case
}

/// Somebody of a kind; mostly of an account that a statement names.
fn caller(random: &mut Random, kind: &Principals, named: &str) -> &'static str {
    let is_near = |caller: &&str| caller.split(':').nth(4).is_none_or(|account| named.contains(account));
    let near: Vec<&str> = kind.callers.iter().copied().filter(is_near).collect();
    let pool = if near.is_empty() || random.one_in(5) { kind.callers.to_vec() } else { near };
    pool[random.below(pool.len())]
}

/// STS gives its own keys to the call that yields a session.
fn is_supplied(key: &Key, action: &str) -> bool {
    action.starts_with("sts:AssumeRole") || !key.name.starts_with("sts:")
}

/// A value of a key: one that a policy names, one beside it, or any.
fn value(random: &mut Random, key: &Key, named: &[&Value]) -> Value {
    let is_meant = |(_, name, _): &(&str, &str, &Value)| name.eq_ignore_ascii_case(key.name);
    let wanted = named.iter().flat_map(|statement| conditions(statement)).filter(is_meant);
    let mut pool: Vec<String> = wanted
        .filter(|(operator, ..)| *operator != "Null")
        .flat_map(|(.., values)| values.as_array().map_or(std::slice::from_ref(values), Vec::as_slice))
        .flat_map(|value| around(value.as_str().expect("a text"), key.operators == TEXT))
        .collect();
    pool.extend(key.found.iter().map(|found| (*found).to_owned()));
    if key.many {
        return (0..=random.below(2)).map(|_| json!(random.pick(&pool))).collect();
    }
    json!(random.pick(&pool))
}

/// A text that fits a pattern, and where texts are compared, some that just do not.
fn around(pattern: &str, is_text: bool) -> Vec<String> {
    let sample = pattern.replace(['*', '?'], "7");
    if !is_text {
        return vec![sample];
    }
    let shorter = sample.chars().take(sample.chars().count().saturating_sub(1)).collect();
    vec![
        sample.clone(),
        sample.clone(),
        sample.to_uppercase(),
        format!("{sample}7"),
        shorter,
        pattern.replace('*', ""),
    ]
}
