//! The JSON Schema says what the program does: it is one, it accepts what the program accepts, and
//! type by type the two agree on any text. The judge is a validator of somebody else's.

use std::fmt::Write as _;

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use crossrole::model::{self, Text};
use crossrole::spec::json_schema;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::specs::spec;
use crate::support::{Case, cases, files, repository};

/// A compiled schema.
struct Judge(Schemas, SchemaIndex);

impl Judge {
    fn new(schema: Value) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.set_default_draft(Draft::V2020_12);
        compiler.add_resource("crossrole.json", schema).expect("the schema can be taken");
        let index =
            compiler.compile("crossrole.json", &mut schemas).unwrap_or_else(|error| panic!("{error:#}"));
        Self(schemas, index)
    }

    fn complaint(&self, value: &Value) -> Option<String> {
        self.0.validate(value, self.1).err().map(|error| format!("{error:#}"))
    }

    #[track_caller]
    fn accepts(&self, text: &str) {
        let value: Value = serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        if let Some(complaint) = self.complaint(&unmerged(value)) {
            panic!("{complaint}\n{text}");
        }
    }
}

/// Merge keys are YAML's; JSON Schema never sees them.
fn unmerged(value: Value) -> Value {
    match value {
        Value::Object(mut members) => {
            if let Some(Value::Object(base)) = members.shift_remove("<<") {
                for (key, value) in base {
                    members.entry(key).or_insert(value);
                }
            }
            members.into_iter().map(|(key, value)| (key, unmerged(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(unmerged).collect(),
        scalar => scalar,
    }
}

#[test]
fn the_schema_is_one() {
    let schema = json_schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let draft = compiler
        .compile("https://json-schema.org/draft/2020-12/schema", &mut schemas)
        .expect("boon knows it");
    assert!(schemas.validate(&schema, draft).is_ok());
    let printed: Value = Case::new("").run(&["schema"]).exits(0).json();
    assert_eq!(printed, schema);
}

#[test]
fn every_snapshot_and_every_example_is_valid() {
    let judge = Judge::new(json_schema());
    let mut count = 0;
    for case in cases("snapshots/generate") {
        judge.accepts(&std::fs::read_to_string(case.join("spec.yaml")).expect("a spec"));
        count += 1;
    }
    for (path, text) in files(&repository("examples")) {
        if path.ends_with("crossrole.yaml") {
            judge.accepts(&text);
            count += 1;
        }
    }
    assert!(count >= 16, "only {count} specs");
}

#[test]
fn specs_by_chance_are_valid() {
    let judge = Judge::new(json_schema());
    let config = Config { cases: 256, failure_persistence: None, ..Config::default() };
    let law = |spec: Value| {
        let complaint = judge.complaint(&spec);
        prop_assert!(complaint.is_none(), "{:?}\n{:#}", complaint, spec);
        Ok(())
    };
    if let Err(error) = TestRunner::new(config).run(&spec(), law) {
        panic!("{error}");
    }
}

#[test]
fn what_is_no_spec_is_not_valid() {
    let valid = json!({
        "version": 1,
        "source": { "account_id": "111111111111" },
        "targets": [{ "name": "staging", "account_id": "222222222222" }],
    });
    let judge = Judge::new(json_schema());
    assert_eq!(judge.complaint(&valid), None);
    let broken = [
        ("/version", json!(2)),
        ("/version", json!("1")),
        ("/source", json!("management")),
        ("/source/account_id", json!(111_111_111_111_u64)),
        ("/source/account_id", json!("11111111111")),
        ("/source/callers", json!([])),
        ("/source/callers", json!([{ "kind": "group" }])),
        ("/source/callers", json!([{ "name": "terraform" }])),
        ("/source/partition", json!("aws-moon")),
        ("/source/credentials", json!({ "from": "vault" })),
        ("/source/token", json!("x")),
        ("/targets", json!([])),
        ("/targets", json!({})),
        ("/targets/0/name", json!("Staging")),
        ("/targets/0/regoin", json!("us-east-1")),
        ("/targets/0/region", json!("mars-1")),
        ("/targets/0/ownership", json!("ours")),
        ("/targets/0/state", json!("gone")),
        ("/targets/0/role", json!({ "name": "a b" })),
        ("/targets/0/role", json!({ "external_id": "x" })),
        ("/targets/0/role", json!({ "require_mfa": "yes" })),
        ("/targets/0/role", json!({ "policy_arns": ["ReadOnlyAccess"] })),
        ("/targets/0/session", json!({ "duration": "1 hour" })),
        ("/targets/0/session", json!({ "tags": { "a": 1 } })),
        ("/targets/0/verification", json!({ "bucket": "A" })),
        ("/targets/0/bootstrap", json!({ "from": "magic" })),
        ("/terraform", json!({ "backend": { "type": "gcs" } })),
        ("/terraform", json!({ "required_version": 1.7 })),
        ("/defaults", json!({ "account_id": "333333333333" })),
        ("/waivers", json!([{ "id": "CR011" }])),
        ("/more", json!(1)),
    ];
    for (field, value) in broken {
        let (parent, key) = field.rsplit_once('/').expect("a pointer");
        let mut spec = valid.clone();
        match spec.pointer_mut(parent).expect("a parent") {
            Value::Object(members) => drop(members.insert(key.to_owned(), value.clone())),
            other => panic!("{other} is no object"),
        }
        assert!(judge.complaint(&spec).is_some(), "{field} = {value} is accepted");
        assert!(crate::specs::generate(&spec.to_string()).is_err(), "the program accepts {field} = {value}");
    }
    for missing in ["version", "source", "targets"] {
        let mut spec = valid.clone();
        spec.as_object_mut().expect("an object").shift_remove(missing);
        assert!(judge.complaint(&spec).is_some(), "{missing} may be left out");
    }
}

/// How a pattern relates to the rule in the code.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fit {
    /// The two are the same.
    Exact,
    /// The pattern lets through what only the program can judge.
    Looser,
}

/// Texts near the rules' edges: pieces of valid values, and characters that some rule treats apart.
fn near() -> impl Strategy<Value = String> {
    let valid = [
        "111111111111",
        "aws",
        "aws-cn",
        "o-a1b2c3d4e5",
        "us-east-1",
        "us-gov-west-1",
        "eusc-de-east-1",
        "ap-southeast-2",
        "staging",
        "a-b",
        "ci/deployer",
        "/",
        "/vendors/",
        "//",
        "arn:aws:iam::aws:policy/",
        "arn:aws:iam::222222222222:policy/a/B",
        "arn:aws-us-gov:iam::222222222222:role/a/B",
        "arn:aws:kms:us-east-1:111111111111:key/abc",
        "arn:aws:kms:us-east-1:111111111111:alias/x",
        "arn:",
        "1h",
        "90m",
        "15m",
        "1h30m",
        "12h",
        "900s",
        "0h",
        ">= 1.7.0",
        "~> 5.0",
        ", ",
        "1.2.3-beta1",
        "acme-bucket",
        "xn--",
        "-an",
        "..",
        "aws:",
        "terraform.example.com",
        ":8443",
        "Name of something",
        "crossrole",
        "teams/platform",
        "a_b",
        "ab",
    ];
    let piece = prop_oneof![
        6 => proptest::sample::select(valid.to_vec()).prop_map(str::to_owned),
        3 => "[ -~]{1}",
        2 => "[a-z0-9]{1,3}",
        1 => "[\t\n\r\u{b}\u{c}\u{1c}\u{7f}\u{85}\u{a0}\u{ad}\u{e9}\u{ff}\u{100}\u{2003}\u{2028}\u{3000}\u{200b}\u{ff10}\u{1f600}]",
        1 => any::<char>().prop_map(String::from),
        1 => (proptest::sample::select(vec!["a", "1", "-", "é"]), 1_usize..1300).prop_map(|(text, times)| text.repeat(times)),
    ];
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// Asks the rule and the pattern of a type about many texts; says where they do not fit.
fn compare<T: Text + schemars::JsonSchema>(fit: Fit) -> Vec<String> {
    let schema = schemars::schema_for!(T).to_value();
    let judge = Judge::new(schema.clone());
    let (mut complaints, mut accepted) = (Vec::new(), 0);
    let mut runner = TestRunner::deterministic();
    let strategy = near();
    for _ in 0..3000 {
        let text = strategy.new_tree(&mut runner).expect("texts can be made").current();
        let (program, pattern) = (T::parse(&text).is_ok(), judge.complaint(&Value::from(&*text)).is_none());
        accepted += usize::from(program);
        let fits = program == pattern || fit == Fit::Looser && pattern;
        if !fits && complaints.len() < 3 {
            let shown: String = text.chars().take(80).collect();
            complaints.push(format!(
                "{}: {shown:?} ({} characters): program {program}, schema {pattern}",
                T::WHAT,
                text.chars().count()
            ));
        }
    }
    if accepted == 0 {
        complaints.push(format!("{}: no text was ever accepted", T::WHAT));
    }
    complaints
}

#[test]
fn types_and_patterns_agree_on_any_text() {
    let complaints = [
        compare::<model::AccountId>(Fit::Exact),
        compare::<model::OrganizationId>(Fit::Exact),
        compare::<model::Partition>(Fit::Exact),
        compare::<model::Region>(Fit::Exact),
        compare::<model::TargetName>(Fit::Exact),
        compare::<model::SourceName>(Fit::Exact),
        compare::<model::RoleName>(Fit::Exact),
        compare::<model::RolePath>(Fit::Exact),
        compare::<model::PrincipalName>(Fit::Exact),
        compare::<model::Description>(Fit::Exact),
        compare::<model::ExternalId>(Fit::Exact),
        compare::<model::SessionName>(Fit::Exact),
        compare::<model::SourceIdentity>(Fit::Exact),
        compare::<model::PolicyName>(Fit::Exact),
        compare::<model::ProfileName>(Fit::Exact),
        compare::<model::CloudName>(Fit::Exact),
        compare::<model::ProjectName>(Fit::Exact),
        compare::<model::Hostname>(Fit::Exact),
        compare::<model::VersionConstraint>(Fit::Exact),
        compare::<model::TagKey>(Fit::Looser),
        compare::<model::TagValue>(Fit::Looser),
        compare::<model::KeyPrefix>(Fit::Exact),
        compare::<model::BucketName>(Fit::Looser),
        compare::<model::BucketPrefix>(Fit::Looser),
        compare::<model::Duration>(Fit::Looser),
        compare::<model::PolicyArn>(Fit::Looser),
        compare::<model::RoleArn>(Fit::Looser),
        compare::<model::KeyArn>(Fit::Looser),
    ];
    let mut text = String::new();
    for complaint in complaints.iter().flatten() {
        _ = writeln!(text, "{complaint}");
    }
    assert!(text.is_empty(), "{text}");
}
