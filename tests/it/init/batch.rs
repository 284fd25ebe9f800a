//! `init` without a terminal: answers from flags and files, and everything that can be wrong with them.

use crate::support::{Case, Ran, crossrole, run, temporary};

/// The answers that no spec can do without.
const LEAST: [&str; 3] =
    ["source.account_id=111111111111", "targets[0].name=staging", "targets[0].account_id=222222222222"];

/// A folder with nothing in it.
fn empty() -> Case {
    let case = Case::new("");
    case.remove("crossrole.yaml");
    case
}

#[track_caller]
fn init(case: &Case, answers: &[&str]) -> Ran {
    let flags = answers.iter().flat_map(|answer| ["--set", *answer]);
    let arguments: Vec<&str> = ["init", "--defaults"].into_iter().chain(flags).collect();
    case.run(&arguments)
}

#[test]
fn the_least_answers_make_a_spec_that_generates() {
    let case = empty();
    let ran = init(&case, &LEAST).exits(0);
    assert!(ran.stdout.is_empty(), "{ran:?}");
    let spec = case.read("crossrole.yaml");
    let wanted = "version: 1\n\n# Account A: where the callers live and Terraform authenticates.\nsource:\n  account_id: \"111111111111\"\n\n# Accounts B: where a role is created and resources go.\ntargets:\n  - name: staging\n    account_id: \"222222222222\"\n";
    assert_eq!(spec, wanted);
    case.run(&["generate"]).exits(0);
    let by_hand = Case::generated(crate::support::SPEC);
    assert_eq!(case.output(), by_hand.output(), "and no schema");
}

#[test]
fn the_schema_comes_when_it_is_asked_for() {
    let case = empty();
    let plain = empty();
    init(&plain, &LEAST).exits(0);
    let flags = LEAST.iter().flat_map(|answer| ["--set", *answer]);
    let arguments: Vec<&str> = ["init", "--schema"].into_iter().chain(flags).collect();
    case.run(&arguments).exits(0).says("and crossrole.schema.json for editors");
    assert_eq!(case.read("crossrole.schema.json"), case.run(&["schema"]).exits(0).stdout);
    let line = "# yaml-language-server: $schema=./crossrole.schema.json\n";
    assert_eq!(case.read("crossrole.yaml"), format!("{line}{}", plain.read("crossrole.yaml")));
    case.run(&["generate"]).exits(0);
}

#[test]
fn everything_a_spec_holds_can_be_answered() {
    let case = empty();
    let more = [
        "source.callers[0].kind=iam_user",
        "source.callers[0].name=terraform",
        "source.callers[0].mfa=true",
        "terraform.backend={type: s3, bucket: acme-states, region: us-east-1, assume_role: {role_arn: \"arn:aws:iam::111111111111:role/States\"}}",
        "targets[0].role.policy_arns[0]=arn:aws:iam::aws:policy/ReadOnlyAccess",
        "targets[0].role.policy_arns[1]=arn:aws:iam::aws:policy/job-function/Billing",
        "targets[0].role.tags.\"cost center\"=12",
        "targets[0].session.transitive_tag_keys=[]",
        "targets[0].verification.enabled=false",
    ];
    let answers: Vec<&str> = LEAST.into_iter().chain(more).collect();
    init(&case, &answers).exits(0);
    let spec: serde_json::Value = serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML");
    assert_eq!(spec["targets"][0]["role"]["tags"], serde_json::json!({ "cost center": "12" }));
    assert_eq!(spec["targets"][0]["verification"]["enabled"], false);
    assert_eq!(spec["source"]["callers"][0]["mfa"], true);
    case.run(&["generate"]).exits(0);
}

#[test]
fn every_key_of_callers_and_roles_can_be_answered() {
    let case = empty();
    let more = [
        "name=platform",
        "source.region=eu-west-1",
        "source.oidc_providers=existing",
        "source.callers[0].kind=github_actions",
        "source.callers[0].id=ci-apply",
        "source.callers[0].repository=acme/infra",
        "source.callers[0].repository_id=123456",
        "source.callers[0].owner_id=7890",
        "source.callers[0].environment=production",
        "source.callers[1].kind=github_actions",
        "source.callers[1].id=ci-plan",
        "source.callers[1].repository=acme/infra",
        "source.callers[1].pull_request=true",
        "source.callers[2]={kind: sso, permission_set: PlatformAdmin}",
        "source.callers[3].kind=oidc",
        "source.callers[3].id=own",
        "source.callers[3].issuer=https://oidc.example.com",
        "source.callers[3].audience=sts",
        "source.callers[3].subject=job:1",
        "source.callers[4].kind=oidc",
        "source.callers[4].id=other",
        "source.callers[4].issuer=https://oidc.example.com",
        "source.callers[4].audience=sts",
        "source.callers[4].subject=[job:2, job:3]",
        "source.callers[5].kind=hcp_terraform",
        "source.callers[5].id=hcp",
        "source.callers[5].organization=acme",
        "source.callers[5].project=Default Project",
        "source.callers[5].workspace=aws-*",
        "source.callers[5].run_phase=plan",
        "terraform.default_tags.team=platform",
        "defaults.regions=[us-west-2]",
        "defaults.tags.env=prod",
        "defaults.roles.apply.name=TerraformApply",
        "defaults.roles.plan.callers[0]=ci-plan",
        "defaults.roles.plan.name=TerraformPlan",
        "defaults.default_role=apply",
    ];
    let answers: Vec<&str> = LEAST.into_iter().chain(more).collect();
    init(&case, &answers).exits(0);
    let spec: serde_json::Value = serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML");
    assert_eq!(spec["source"]["callers"][3]["subject"], "job:1");
    assert_eq!(spec["source"]["callers"][4]["subject"], serde_json::json!(["job:2", "job:3"]));
    assert_eq!(spec["source"]["callers"][1]["pull_request"], true);
    assert_eq!(spec["defaults"]["roles"]["plan"]["callers"], serde_json::json!(["ci-plan"]));
    case.run(&["generate"]).exits(0);
}

#[test]
fn every_role_of_a_third_party_gets_the_external_id() {
    let case = empty();
    let more = [
        "targets[0].ownership=third_party",
        "defaults.roles.apply.name=A",
        "defaults.roles.plan.name=P",
        "defaults.default_role=apply",
    ];
    let answers: Vec<&str> = LEAST.into_iter().chain(more).collect();
    let ran = init(&case, &answers).exits(0).says("generated external ID");
    assert_eq!(ran.stderr.matches("generated external ID").count(), 1, "{}", ran.stderr);
    let spec: serde_json::Value = serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML");
    let roles = &spec["targets"][0]["roles"];
    assert!(roles["apply"]["external_id"].is_string() && roles["apply"] == roles["plan"], "{spec}");
    assert!(spec["targets"][0].get("role").is_none(), "{spec}");
    case.run(&["generate"]).exits(0);
}

#[test]
fn answers_come_from_a_file_and_flags_are_stronger() {
    let case = empty();
    case.write("answers.yaml", "source: {account_id: \"111111111111\"}\ntargets:\n  - name: staging\n    account_id: \"222222222222\"\n    region: eu-west-1\n");
    case.run(&["init", "--answers", "answers.yaml", "--set", "targets[0].name=production"]).exits(0);
    let spec = case.read("crossrole.yaml");
    assert!(spec.contains("name: production") && spec.contains("region: eu-west-1"), "{spec}");
    let folder = temporary();
    let mut command = crossrole();
    command.current_dir(folder.path()).args(["init", "--answers", "-", "-f", "new.yaml"]);
    run(command.write_stdin(case.read("answers.yaml"))).exits(0).says("crossrole generate -f new.yaml");
}

#[test]
fn what_the_dialogue_asks_can_be_answered_by_a_file() {
    let case = empty();
    let answers = "source:\n  account_id: \"111111111111\"\n  organization_id: o-a1b2c3d4e5\n  callers: [{kind: role, name: ci/deployer}]\n  credentials: {from: profile, profile: management}\nterraform:\n  backend: {type: cloud, organization: acme, hostname: tfe.example.com, project: platform}\ntargets:\n  - {name: staging, account_id: \"222222222222\"}\n";
    case.write("answers.yaml", answers);
    let ran = case.run(&["init", "--answers", "answers.yaml"]).exits(0);
    assert!(!ran.stderr.contains("no callers are named"), "{}", ran.stderr);
    let spec: serde_json::Value = serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML");
    let wanted: serde_json::Value = serde_yaml::from_str(answers).expect("YAML");
    assert_eq!(spec["source"], wanted["source"]);
    assert_eq!(spec["terraform"], wanted["terraform"]);
    case.run(&["generate"]).exits(0);
}

#[test]
fn a_caller_that_is_everyone_is_not_chosen_silently() {
    let case = empty();
    init(&case, &LEAST).exits(0).says("note: no callers are named");
    let named = ["source.callers[0].kind=account"];
    let answers: Vec<&str> = LEAST.into_iter().chain(named).collect();
    let ran = init(&empty(), &answers).exits(0);
    assert!(!ran.stderr.contains("no callers are named"), "{}", ran.stderr);
}

#[test]
fn whatever_is_missing_is_listed_with_its_flag() {
    let case = empty();
    let ran = case.run(&["init", "--defaults"]).exits(64);
    for flag in ["--set source.account_id=…", "--set 'targets[0].name=…'", "--set 'targets[0].account_id=…'"]
    {
        assert!(ran.stderr.contains(flag), "{flag}: {}", ran.stderr);
    }
    let ran = init(&case, &["source.account_id=111111111111", "targets[1].name=b"]).exits(64);
    for flag in ["targets[0].name", "targets[0].account_id", "targets[1].account_id"] {
        assert!(ran.stderr.contains(flag), "{flag}: {}", ran.stderr);
    }
    assert!(!ran.stderr.contains("targets[1].name"), "{}", ran.stderr);
    case.write("answers.yaml", "source: {callers: [{name: x}]}\n");
    case.run(&["init", "--answers", "answers.yaml"]).exits(64).says("source.callers[0].kind");
    assert_eq!(case.files().len(), 1, "nothing was written");
}

#[test]
fn nobody_is_asked_where_nobody_is() {
    let case = empty();
    let ran = case.run(&["init"]).exits(64);
    for flag in ["--defaults", "--set", "--answers"] {
        assert!(ran.stderr.contains(flag), "{flag}: {}", ran.stderr);
    }
    assert!(case.files().is_empty());
}

#[test]
fn what_is_no_answer_is_refused() {
    let case = empty();
    for (answer, words) in [
        ("source.acount_id=1", "did you mean `account_id`?"),
        ("sources.account_id=1", "did you mean `source`?"),
        ("targets.name=a", "targets[0].name"),
        ("source[0].name=a", "`source` is not a list"),
        ("source.account_id", "has no `=`"),
        ("=a", "a key is missing"),
        ("targets[0.name=a", "never closed"),
        ("targets[99999999].name=a", "lists end"),
        ("source.callers[0].mfa=maybe", "`true` or `false`"),
        ("source=x", "set one of its keys"),
        ("source.name.first=x", "`source.name` has no keys"),
        ("targets[0].role.policy_arns=a", "expected a list"),
    ] {
        let ran = init(&case, &[answer]).exits(64);
        assert!(ran.stderr.contains(words), "{answer}: {}", ran.stderr);
    }
    case.write("answers.yaml", "source: {acount_id: \"1\"}\n");
    let ran = case.run(&["init", "--answers", "answers.yaml"]).exits(1);
    assert!(ran.stderr.contains("answers.yaml:1:") && ran.stderr.contains("did you mean"), "{}", ran.stderr);
    case.write("answers.yaml", "source: {account_id: \"111111111111\", token: abc}\n");
    let ran = case.run(&["init", "--answers", "answers.yaml"]).exits(1).says("CR070");
    assert!(!ran.stderr.contains("abc"), "{}", ran.stderr);
    case.run(&["init", "--answers", "nowhere.yaml"]).exits(1).says("nowhere.yaml");
    assert_eq!(case.files().len(), 1, "nothing was written");
}

#[test]
fn a_spec_that_generate_refuses_is_not_written() {
    let case = empty();
    for (answer, id) in [
        ("targets[0].account_id=111111111111", "CR002"),
        ("targets[0].region=mars-1", "CR005"),
        ("targets[0].role.require_mfa=true", "CR030"),
        ("targets[0].role.inline_policies.a=nowhere.json", "nowhere.json"),
    ] {
        let callers = ["source.callers[0].kind=role", "source.callers[0].name=ci"];
        let answers: Vec<&str> = LEAST.into_iter().chain(callers).chain([answer]).collect();
        init(&case, &answers).exits(1).says(id);
    }
    assert!(case.files().is_empty());
}

#[test]
fn what_is_there_is_not_written_over() {
    let case = Case::new("mine\n");
    init(&case, &LEAST).exits(4).says("--force");
    assert_eq!(case.read("crossrole.yaml"), "mine\n");
    assert_eq!(case.files().len(), 1);
    let flags: Vec<&str> = LEAST.into_iter().flat_map(|answer| ["--set", answer]).collect();
    let arguments: Vec<&str> = ["init", "--force"].into_iter().chain(flags).collect();
    case.run(&arguments).exits(0);
    assert!(case.read("crossrole.yaml").contains("staging"));
}

#[test]
fn third_parties_get_external_ids_of_their_own() {
    let case = empty();
    let more = [
        "targets[0].ownership=third_party",
        "targets[1].name=b",
        "targets[1].account_id=333333333333",
        "targets[1].ownership=third_party",
        "targets[2].name=c",
        "targets[2].account_id=444444444444",
        "targets[2].ownership=third_party",
        "targets[2].role.external_id=agreed-with-them-by-letter",
        "targets[3].name=d",
        "targets[3].account_id=555555555555",
    ];
    let answers: Vec<&str> = LEAST.into_iter().chain(more).collect();
    init(&case, &answers).exits(0);
    let spec: serde_json::Value = serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML");
    let id = |target: usize| spec["targets"][target]["role"]["external_id"].as_str();
    let (first, second) = (id(0).expect("an id"), id(1).expect("an id"));
    assert!(first != second && first.len() == 36 && first.as_bytes()[14] == b'4', "{first} {second}");
    assert_eq!(id(2), Some("agreed-with-them-by-letter"));
    assert_eq!(id(3), None, "our own accounts need none");
}

#[test]
fn the_next_command_can_be_pasted_and_warnings_have_a_line_each() {
    let case = Case::new("");
    let answers =
        ["source.account_id=111111111111", "targets[0].name=a", "targets[0].account_id=222222222222"];
    let flags = answers.into_iter().flat_map(|answer| ["--set", answer]);
    let arguments: Vec<&str> = ["init", "-f", "new spec.yaml"].into_iter().chain(flags).collect();
    let ran = case.run(&arguments).exits(0).says("next: run `crossrole generate -f 'new spec.yaml'`\n");
    let lines: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("warning")).collect();
    assert!(
        lines.len() == 1 && lines[0].starts_with("warning[CR011 account-root-principal]: any principal"),
        "{}",
        ran.stderr
    );
    // Nothing points at a file: what was written is named after it was.
    let written = ran.stderr.find("done: wrote").expect("it is said");
    assert!(ran.stderr[..written].lines().all(|line| line.starts_with("note: ")), "{}", ran.stderr);
}
