//! Random specs, read: as anywhere else, and every second one with callers of every kind and several roles, each of which
//! lists some of them.

use crossrole::check::{self, PolicyFiles};
use crossrole::diagnostic::Source;
use crossrole::model::Fleet;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use super::random::Random;
use crate::specs::spec;

/// Valid specs, read; the same in every run.
pub(super) fn fleets(count: usize) -> Vec<Fleet> {
    let mut runner = TestRunner::deterministic();
    let mut random = Random(41);
    let strategy = spec();
    let read = |number: usize| {
        let mut spec = strategy.new_tree(&mut runner).expect("a spec").current();
        if number % 2 == 1 {
            with_many_callers(&mut spec, &mut random);
        }
        let parsed = crossrole::spec::parse(&Source::new("crossrole.yaml", spec.to_string()));
        check::lower(parsed, &PolicyFiles::new()).unwrap_or_else(|error| panic!("{error}\n{spec:#}")).0
    };
    (0..count).map(read).collect()
}

/// Those of the specs that have callers of every kind.
pub(super) fn fleets_with_many_callers(count: usize) -> Vec<Fleet> {
    fleets(2 * count).into_iter().skip(1).step_by(2).collect()
}

/// Adds callers of the kinds that enter A otherwise than by a key, and lets roles list some of them all.
fn with_many_callers(spec: &mut Value, random: &mut Random) {
    let callers = spec["source"]["callers"].as_array_mut().expect("a list");
    callers.retain(|caller| caller["kind"] != "account" || random.one_in(2));
    callers.extend(further(random));
    let ids: Vec<String> = (0..callers.len()).map(|number| format!("caller-{number}")).collect();
    for (caller, id) in callers.iter_mut().zip(&ids) {
        caller["id"] = json!(id);
    }
    let targets = spec["targets"].as_array().map_or(0, Vec::len);
    if let Some(defaults) = spec["defaults"].as_object_mut() {
        defaults.remove("role");
    }
    for number in 0..targets {
        give_roles(&mut spec["targets"][number], &ids, number == 0, random);
    }
}

/// Callers with tokens, with a permission set, and a role that is named by its ARN's text.
fn further(random: &mut Random) -> Vec<Value> {
    let github = json!({"kind": "github_actions", "repository": "acme/infra"});
    let with = |caller: &Value, more: Value| {
        let mut caller = caller.clone();
        caller.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        caller
    };
    let ids = json!({"environment": "production", "repository_id": "123456", "owner_id": "7890"});
    let hcp = json!({"kind": "hcp_terraform", "organization": "acme", "project": "Platform Team"});
    let mut all = vec![
        json!({"kind": "sso", "permission_set": "PlatformAdmin"}),
        json!({"kind": "sso", "permission_set": "PlatformAdmin_x"}),
        json!({"kind": "role", "name": "ci/deploy-er", "match": "principal_arn"}),
        json!({"kind": "iam_user", "name": "ops/terra-form", "mfa": random.one_in(2)}),
        with(&github, ids),
        with(&github, json!({"pull_request": true})),
        with(&github, json!({"branch": "release/*"})),
        with(&github, json!({"branch": "main", "enterprise": "acme"})),
        with(&github, json!({"tag": "v1", "host": "acme.ghe.com"})),
        json!({"kind": "gitlab", "project": "acme/platform/infra", "project_id": "77", "branch": "main"}),
        json!({"kind": "gitlab", "project": "acme/infra", "environment": "production", "host": "gitlab.acme.example"}),
        with(&hcp, json!({"workspace": "aws-*", "run_phase": "apply"})),
        with(&hcp, json!({"workspace": "net"})),
        json!({"kind": "oidc", "issuer": "https://oidc.example.com/x", "audience": "sts", "subject": ["job:1", "task:*"]}),
    ];
    for _ in 0..random.below(all.len() - 2) {
        all.swap_remove(random.below(all.len()));
    }
    all
}

/// One role or several, each with the keys that the one had, and with callers of its own.
fn give_roles(target: &mut Value, ids: &[String], lists_all: bool, random: &mut Random) {
    let target = target.as_object_mut().expect("an object");
    let role = target.remove("role").unwrap_or_else(|| json!({}));
    let of = |name: &str, callers: Option<Vec<&String>>, role: &Value| {
        let mut role = role.as_object().cloned().unwrap_or_default();
        role.insert("name".to_owned(), json!(name));
        if let Some(callers) = callers {
            role.insert("callers".to_owned(), json!(callers));
        }
        Value::Object(role)
    };
    let mut roles = Map::new();
    if lists_all {
        // Nobody is a caller for nothing.
        roles.insert("all".to_owned(), of("Everybody", None, &role));
    }
    for key in ["apply", "plan"].iter().take(1 + random.below(2)) {
        let first = random.below(ids.len());
        let some = ids.iter().enumerate().filter(|(number, _)| *number == first || random.one_in(3));
        let some = some.map(|(_, id)| id).collect();
        roles.insert((*key).to_owned(), of(&format!("Terraform-{key}"), Some(some), &role));
    }
    let default = roles.keys().next().cloned();
    target.insert("roles".to_owned(), Value::Object(roles));
    target.insert("default_role".to_owned(), json!(default));
}
