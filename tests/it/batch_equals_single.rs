//! A target's files are the same alone and among many. The layout of a text is worked out for the first
//! targets and filled in for the others, and nobody may notice.

use std::cell::Cell;
use std::fmt::Write as _;
use std::sync::LazyLock;

use crossrole::pack::{MANIFEST, Pack, built_in};
use crossrole::render::vocabulary;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::effort::least;
use crate::laws::holds;
use crate::specs::{Units, generate_with, settings};

/// Templates whose structure or layout depends on texts.
const TRICKS: [(&str, &str); 9] = [
    (
        "weighed.tf",
        r#"{% if session_name == "role_name" %}# By name.
{% endif -%}
{% if external_id and not retired -%}
id = {{ external_id }}
{% elif role_path != "/" -%}
path = {{ role_path }}
{% else -%}
# {{ session_name | comment }}
{% endif -%}
name = [{{ session_name }}, {{ target }}]
"#,
    ),
    (
        "filtered.tf",
        "loud = {{ role_name | upper }}\nlist = {{ policy_arns | hcl }}\nquiet = {{ role_name }}\n",
    ),
    ("counted.tf", "length = {{ role_name | length }}\nname = {{ role_name }}\n"),
    (
        "renamed.tf",
        r#"{% set role_name = session_name -%}
{% set source_name = role_description -%}
{% set state_key = target -%}
# {{ source_name | comment }}, {{ role_name | comment }}
a = {{ role_name }}
{% include "part.tf.tera" %}
"#,
    ),
    ("part.tf", "key = {{ state_key }}\n{% if state_key == \"region\" %}found = true\n{% endif %}"),
    (
        "looped.tf",
        "names = [{% for name in inline_policy_names %}{{ name }}, {% endfor %}]\nme = {{ target }}\n",
    ),
    (
        "measured.tf",
        "variable {{ role_name }} {\n  type = {{ session_name }}\n  default = {{ max_session_duration | hcl }}\n}\n",
    ),
    (
        "aligned.tf",
        "x = {\n  {{ role_name }} = 1\n  {{ session_name }} = 2\n}\na = {{ role_name }} # one\nb = {{ session_name }} # two\n",
    ),
    ("mixed.json", "{\"a\": {{ session_name }}, \"b\": {{ trust_policy | document }}}\n"),
];

/// The built-in pack and those.
static TRICKY: LazyLock<Pack> = LazyLock::new(|| {
    let mut files = built_in();
    let mut manifest = files.remove(MANIFEST).expect("a pack has a manifest");
    for (name, text) in TRICKS {
        if name != "part.tf" {
            let path = format!("accounts/{{target}}/tricks/{name}");
            _ = write!(manifest, "\n  - {{template: {name}.tera, path: \"{path}\", for_each: target}}");
        }
        drop(files.insert(format!("{name}.tera"), text.to_owned()));
    }
    files.insert(MANIFEST.to_owned(), manifest);
    Pack::compile("tricky", files, vocabulary).expect("the pack compiles")
});

/// Texts that look like names, and others.
fn words() -> impl Strategy<Value = String> {
    let names = ["role_name", "session_name", "region", "target", "list", "account_id"];
    prop_oneof![select(names.to_vec()).prop_map(str::to_owned), "[a-z]{2,12}"]
}

/// The same settings with other texts.
fn companion(settings: &Value, number: usize, words: &[String; 3], region: &str) -> Value {
    let mut target = settings.clone();
    target["name"] = format!("{}{number}", words[0].replace('_', "-")).into();
    target["account_id"] = format!("{:012}", 222_222_222_200 + number).into();
    target["region"] = region.into();
    target["session"]["session_name"] = words[1].clone().into();
    if let Some(id) = target["role"].as_object_mut().and_then(|role| role.get_mut("external_id")) {
        *id = words[2].clone().into();
    }
    target["role"]["name"] = words[2].clone().into();
    target["role"]["description"] = format!("${{{}}} \"{}\" é", words[0], words[1]).into();
    target
}

fn spec(targets: &[Value]) -> String {
    let callers = json!([{ "kind": "role", "name": "deployer" }]);
    let backend = json!({ "type": "s3", "bucket": "states", "region": "us-east-1" });
    let source = json!({ "account_id": "111111111111", "callers": callers });
    json!({ "version": 1, "source": source, "terraform": { "backend": backend }, "targets": targets })
        .to_string()
}

#[test]
fn a_batch_equals_each_target_alone() {
    let compared = Cell::new(0);
    let region = select(vec!["us-east-1", "eu-west-1"]);
    let companions = proptest::collection::vec((proptest::array::uniform3(words()), region), 7);
    holds(96, (settings(), settings(), companions), |(many, few, companions)| {
        let targets = companions.iter().enumerate().map(|(number, (words, region))| {
            companion(if number % 4 == 3 { &few } else { &many }, number, words, region)
        });
        let targets: Vec<Value> = targets.collect();
        let fail = |error: &dyn std::fmt::Display| TestCaseError::fail(format!("{error}\n{targets:#?}"));
        let together = generate_with(&TRICKY, &spec(&targets)).map_err(|error| fail(&error))?;
        for target in &targets {
            let alone =
                generate_with(&TRICKY, &spec(std::slice::from_ref(target))).map_err(|error| fail(&error))?;
            let name = target["name"].as_str().expect("a name");
            let files = |units: &Units| units.get(&format!("targets/{name}")).cloned();
            prop_assert_eq!(files(&alone), files(&together), "{}", name);
            compared.set(compared.get() + files(&alone).map_or(0, |files| files.len()));
        }
        Ok(())
    });
    assert!(compared.get() >= least(96 * 7 * 10), "only {} files were compared", compared.get());
}
