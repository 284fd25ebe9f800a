//! What all targets have in common, said once: `defaults`.

use serde_json::{Map, Value};

/// Keys that belong to one target alone, or that are better said where they hold.
const OWN: [&str; 3] = ["name", "account_id", "state"];
/// The parts of a target that are compared key by key, and what in each belongs to one target.
const PARTS: [(&str, &[&str]); 4] =
    [("role", &["external_id"]), ("session", &[]), ("verification", &["bucket"]), ("bootstrap", &[])];
/// Several roles, each compared as one is.
const ROLES: &str = "roles";
/// What is said under `defaults` for the sake of targets to come.
const SHARED: [&str; 2] = [ROLES, "default_role"];

/// Moves what every target says alike under `defaults`, where there are no defaults yet. Of a target that is alone only
/// its several roles are moved.
pub(super) fn hoist(root: &mut Value) {
    if root.get("defaults").is_some_and(|defaults| !defaults.is_null()) {
        return;
    }
    let Some(targets) = root.get("targets").and_then(Value::as_array) else { return };
    let targets: Vec<&Map<String, Value>> = targets.iter().filter_map(Value::as_object).collect();
    let mut common = common(&targets);
    if targets.len() < 2 {
        common.retain(|key, _| SHARED.contains(&key.as_str()));
    }
    if common.is_empty() {
        return;
    }
    let targets = root.get_mut("targets").and_then(Value::as_array_mut);
    for target in targets.into_iter().flatten().filter_map(Value::as_object_mut) {
        remove(target, &common);
    }
    if let Some(root) = root.as_object_mut() {
        root.insert("defaults".to_owned(), Value::Object(common));
    }
}

fn common(targets: &[&Map<String, Value>]) -> Map<String, Value> {
    let Some(first) = targets.first() else { return Map::new() };
    let mut shared = Map::new();
    for key in first.keys().filter(|key| !OWN.contains(&key.as_str())) {
        let part = PARTS.iter().find(|(part, _)| part == key);
        let inner = match part {
            None if key == ROLES => part_of(targets, key).map(|roles| roles_in_common(&roles)),
            None => {
                shared.extend(equal(targets, &[key]));
                None
            }
            Some((_, own)) => part_of(targets, key).map(|parts| all_but(&parts, own)),
        };
        if let Some(inner) = inner.filter(|inner| !inner.is_empty()) {
            shared.insert(key.clone(), Value::Object(inner));
        }
    }
    shared
}

/// A part that all of them have.
fn part_of<'p>(all: &[&'p Map<String, Value>], key: &str) -> Option<Vec<&'p Map<String, Value>>> {
    all.iter().map(|map| map.get(key).and_then(Value::as_object)).collect()
}

/// What all parts say alike, but for what belongs to one target.
fn all_but(parts: &[&Map<String, Value>], own: &[&str]) -> Map<String, Value> {
    let first = parts.first().into_iter().flat_map(|part| part.keys());
    first.filter(|key| !own.contains(&key.as_str())).flat_map(|key| equal(parts, &[key])).collect()
}

fn roles_in_common(roles: &[&Map<String, Value>]) -> Map<String, Value> {
    let keys = roles.first().into_iter().flat_map(|first| first.keys());
    let common =
        keys.filter_map(|key| Some((key.clone(), all_but(&part_of(roles, key)?, PARTS[0].1).into())));
    common
        .filter(|(_, role): &(String, Value)| role.as_object().is_some_and(|role| !role.is_empty()))
        .collect()
}

/// The members of these keys that all mappings have, with one and the same value.
fn equal(all: &[&Map<String, Value>], keys: &[&String]) -> Vec<(String, Value)> {
    let of_all = |key: &&&String| {
        let value = all.first()?.get(key.as_str()).filter(|value| !value.is_null())?;
        all.iter().all(|map| map.get(key.as_str()) == Some(value)).then(|| ((**key).clone(), value.clone()))
    };
    keys.iter().filter_map(|key| of_all(&key)).collect()
}

fn remove(target: &mut Map<String, Value>, common: &Map<String, Value>) {
    for (key, value) in common {
        let emptied = match (target.get_mut(key), value) {
            (Some(Value::Object(own)), Value::Object(common)) => {
                remove(own, common);
                own.is_empty()
            }
            _ => true,
        };
        if emptied {
            target.shift_remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::hoist;

    #[test]
    fn roles_are_said_under_defaults_even_for_one_target() {
        let roles =
            |id: &str| json!({ "apply": { "name": "A", "external_id": id }, "plan": { "name": "P" } });
        let target = |name: &str, id: &str| json!({ "name": name, "region": "eu-west-1", "roles": roles(id), "default_role": "apply" });
        let common = json!({ "apply": { "name": "A" }, "plan": { "name": "P" } });
        let mut one = json!({ "targets": [target("a", "x")] });
        hoist(&mut one);
        let own = json!({ "apply": { "external_id": "x" } });
        let wanted = json!({
            "targets": [{ "name": "a", "region": "eu-west-1", "roles": own }],
            "defaults": { "roles": common, "default_role": "apply" },
        });
        assert_eq!(one, wanted);
        let mut two = json!({ "targets": [target("a", "x"), target("b", "x")] });
        hoist(&mut two);
        assert_eq!(two["defaults"]["roles"], common);
        assert_eq!(two["targets"][1], json!({ "name": "b", "roles": own }));
    }

    #[test]
    fn what_targets_share_is_said_once() {
        let role = |id: &str| json!({ "name": "T", "external_id": id, "tags": { "a": "1" } });
        let target =
            |name: &str, region: &str, id: &str| json!({ "name": name, "region": region, "role": role(id) });
        let mut spec =
            json!({ "targets": [target("a", "eu-west-1", "same"), target("b", "eu-west-1", "same")] });
        hoist(&mut spec);
        let wanted = json!({
            "targets": [{ "name": "a", "role": { "external_id": "same" } }, { "name": "b", "role": { "external_id": "same" } }],
            "defaults": { "region": "eu-west-1", "role": { "name": "T", "tags": { "a": "1" } } },
        });
        assert_eq!(spec, wanted);
        let mut one = json!({ "targets": [target("a", "eu-west-1", "x")] });
        let before = one.clone();
        hoist(&mut one);
        assert_eq!(one, before);
    }
}
