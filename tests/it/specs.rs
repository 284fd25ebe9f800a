//! Specs by chance: valid ones of every shape, as JSON values, which are YAML too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use crossrole::check::PolicyFiles;
use crossrole::diagnostic::{Error, Source};
use crossrole::pack::{Pack, built_in};
use crossrole::render::vocabulary;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

/// Files by unit and path.
pub(crate) type Units = BTreeMap<String, BTreeMap<String, String>>;

/// The built-in templates, compiled once.
static PACK: LazyLock<Pack> =
    LazyLock::new(|| Pack::compile("built-in", built_in(), vocabulary).expect("the built-in pack compiles"));

/// What a spec becomes, without a process and without a disk.
pub(crate) fn generate(text: &str) -> Result<Units, Error> {
    generate_with(&PACK, text)
}

/// The same with other templates.
pub(crate) fn generate_with(pack: &Pack, text: &str) -> Result<Units, Error> {
    let source = Source::new("crossrole.yaml", text);
    let generated = crossrole::generate(&Arc::clone(&source), &PolicyFiles::new(), pack)?;
    let units = generated.units.into_iter().map(|unit| {
        let files = unit.files.into_iter().map(|file| (file.path.as_str().to_owned(), file.text.to_string()));
        (unit.name.to_string(), files.collect())
    });
    Ok(units.collect())
}

/// The same, of a spec that has to be valid.
#[track_caller]
pub(crate) fn generated(spec: &Value) -> Units {
    let text = spec.to_string();
    generate(&text).unwrap_or_else(|error| panic!("{error}\n{spec:#}"))
}

/// An object of those members that are there.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let there = members.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(there.collect::<Map<_, _>>())
}

fn text(pattern: &str) -> impl Strategy<Value = Value> + use<> {
    proptest::string::string_regex(pattern).expect("a pattern").prop_map(Value::from)
}

fn word(words: &[&'static str]) -> impl Strategy<Value = Value> + use<> {
    select(words.to_vec()).prop_map(Value::from)
}

fn policy() -> impl Strategy<Value = Value> {
    let action = subsequence(vec!["s3:Get*", "ec2:*", "iam:PassRole"], 1..=3);
    (action, any::<bool>()).prop_map(|(actions, listed)| {
        let statement = json!({ "Resource": "*", "Action": actions, "Effect": "Allow" });
        json!({ "Statement": if listed { json!([statement]) } else { statement }, "Version": "2012-10-17" })
    })
}

fn tags() -> impl Strategy<Value = Value> {
    proptest::collection::btree_map("[a-z]{1,6}", "[A-Za-z0-9 _.:/=+@-]{0,12}", 0..4)
        .prop_map(|tags| json!(tags))
}

fn policy_arns() -> impl Strategy<Value = Value> {
    let known = ["ReadOnlyAccess", "PowerUserAccess", "job-function/Billing"];
    subsequence(known.map(|name| format!("arn:aws:iam::aws:policy/{name}")).to_vec(), 0..=3)
        .prop_map(|arns| json!(arns))
}

/// A role's keys; its name is left to the target, where it has to be unique.
fn role() -> impl Strategy<Value = Value> {
    let inline = proptest::collection::btree_map("[A-Za-z0-9_+=,.@-]{1,12}", policy(), 0..3);
    let one_case = |policies: BTreeMap<String, Value>| {
        let lowered: BTreeMap<_, _> =
            policies.into_iter().map(|(name, policy)| (name.to_lowercase(), policy)).collect();
        json!(lowered)
    };
    (
        of(text("/([a-z]{1,8}/){0,3}")),
        of(text("[ -~\u{a1}-\u{ff}]{0,40}")),
        of(text("[A-Za-z0-9_+=,.@:/-]{2,40}")),
        of(word(&["1h", "90m", "2h30m", "12h"])),
        of(policy_arns()),
        of(inline.prop_map(one_case)),
        of(tags()),
    )
        .prop_map(|(path, description, external_id, duration, policy_arns, inline_policies, tags)| {
            object([
                ("path", path),
                ("description", description),
                ("external_id", external_id),
                ("max_session_duration", duration),
                ("policy_arns", policy_arns),
                ("inline_policies", inline_policies),
                ("tags", tags),
            ])
        })
}

fn session() -> impl Strategy<Value = Value> {
    (
        of(text("[A-Za-z0-9_+=,.@-]{2,20}")),
        of(word(&["15m", "1h", "45m30s"])),
        of(policy()),
        of(policy_arns()),
        of(text("[A-Za-z0-9_+=,.@-]{2,20}")),
        of(tags()),
    )
        .prop_map(|(session_name, duration, policy, policy_arns, source_identity, tags)| {
            object([
                ("session_name", session_name),
                ("duration", duration),
                ("policy", policy),
                ("policy_arns", policy_arns),
                ("source_identity", source_identity),
                ("tags", tags),
            ])
        })
}

/// What a target may inherit.
pub(crate) fn settings() -> impl Strategy<Value = Value> {
    let verification = (of(any::<bool>()), of(text("[a-z][a-z0-9]{0,9}"))).prop_map(|(enabled, prefix)| {
        object([("enabled", enabled.map(Value::from)), ("bucket_prefix", prefix)])
    });
    (
        of(word(&["us-east-1", "eu-west-1", "ap-southeast-2"])),
        of(word(&["organization", "third_party"])),
        of(role()),
        of(session()),
        of(verification),
    )
        .prop_map(|(region, ownership, role, session, verification)| {
            object([
                ("region", region),
                ("ownership", ownership),
                ("role", role),
                ("session", session),
                ("verification", verification),
            ])
        })
}

fn callers() -> impl Strategy<Value = Value> {
    let caller = prop_oneof![
        Just(json!({ "kind": "account" })),
        (text("([a-z]{1,5}/)?[A-Za-z0-9]{1,10}"), any::<bool>())
            .prop_map(|(name, mfa)| json!({ "kind": "iam_user", "name": name, "mfa": mfa })),
        text("([a-z]{1,5}/)?[A-Za-z0-9]{1,10}").prop_map(|name| json!({ "kind": "role", "name": name })),
    ];
    vec(caller, 1..5).prop_map(|mut callers| {
        callers.sort_by_key(|caller| (caller["kind"].to_string(), caller["name"].to_string()));
        // Callers without an id are known by the last part of their name, whatever its case.
        let mut known = BTreeSet::new();
        callers.retain(|caller| {
            let name = caller["name"].as_str().unwrap_or("account").to_lowercase();
            known.insert(name.rsplit('/').next().unwrap_or_default().to_owned())
        });
        json!(callers)
    })
}

fn backend() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({ "type": "local" })),
        (text("[a-z][a-z0-9]{4,12}"), of(text("[a-z]{1,5}(/[a-z]{1,5})?"))).prop_map(|(bucket, prefix)| {
            object([
                ("type", Some("s3".into())),
                ("bucket", Some(bucket)),
                ("region", Some("us-east-1".into())),
                ("key_prefix", prefix),
            ])
        }),
        (text("[A-Za-z0-9_-]{1,12}"), of(text("[A-Za-z0-9 _-]{3,12}"))).prop_map(
            |(organization, project)| object([
                ("type", Some("cloud".into())),
                ("organization", Some(organization)),
                ("project", project),
            ])
        ),
    ]
}

/// A valid spec: Account A, and up to six targets, with or without defaults.
pub(crate) fn spec() -> impl Strategy<Value = Value> {
    let targets = vec((settings(), any::<bool>()), 1..6);
    let organization = of(text("o-[a-z0-9]{10}"));
    (callers(), backend(), organization, of(settings()), targets, any::<bool>()).prop_map(
        |(callers, backend, organization_id, defaults, targets, profile)| {
            let target = |(number, (mut settings, retired)): (usize, (Value, bool))| {
                settings["name"] = format!("target-{number}").into();
                settings["account_id"] = format!("{:012}", 222_222_222_200 + number).into();
                settings["state"] = if retired { "retired" } else { "active" }.into();
                settings
            };
            let credentials = profile.then(|| json!({ "from": "profile", "profile": "management" }));
            let source = object([
                ("account_id", Some("111111111111".into())),
                ("organization_id", organization_id),
                ("callers", Some(callers)),
                ("credentials", credentials),
            ]);
            object([
                ("version", Some(1.into())),
                ("source", Some(source)),
                ("terraform", Some(json!({ "backend": backend }))),
                ("defaults", defaults),
                ("targets", Some(targets.into_iter().enumerate().map(target).collect())),
            ])
        },
    )
}
