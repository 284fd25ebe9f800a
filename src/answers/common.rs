//! What all targets have in common, said once: `defaults`.

use serde_json::{Map, Value};

/// Keys that belong to one target alone, or that are better said where they hold.
const OWN: [&str; 3] = ["name", "account_id", "state"];
/// The parts of a target that are compared key by key, and what in each belongs to one target.
const PARTS: [(&str, &[&str]); 4] =
    [("role", &["external_id"]), ("session", &[]), ("verification", &["bucket"]), ("bootstrap", &[])];

/// Moves what every target says alike under `defaults`, where there are two targets at least and no
/// defaults yet.
pub(super) fn hoist(root: &mut Value) {
    if root.get("defaults").is_some_and(|defaults| !defaults.is_null()) {
        return;
    }
    let Some(targets) = root.get("targets").and_then(Value::as_array) else { return };
    let targets: Vec<&Map<String, Value>> = targets.iter().filter_map(Value::as_object).collect();
    if targets.len() < 2 {
        return;
    }
    let common = common(&targets);
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
        match PARTS.iter().find(|(part, _)| part == key) {
            None => shared.extend(equal(targets, &[key])),
            Some((part, own)) => {
                let parts: Option<Vec<_>> =
                    targets.iter().map(|target| target.get(*part).and_then(Value::as_object)).collect();
                let Some(parts) = parts else { continue };
                let keys: Vec<&String> = parts[0].keys().filter(|key| !own.contains(&key.as_str())).collect();
                let inner: Map<_, _> = keys.iter().flat_map(|key| equal(&parts, &[key])).collect();
                if !inner.is_empty() {
                    shared.insert((*part).to_owned(), Value::Object(inner));
                }
            }
        }
    }
    shared
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
