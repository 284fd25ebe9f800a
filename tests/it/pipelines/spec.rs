//! What a spec says of pipelines: mistakes at their places, and files that are never somebody else's.

use std::fs;

use super::run::piped;
use crate::support::{Case, commit_all};

/// A spec whose pipelines are these, with callers of every kind.
fn with(pipelines: &str) -> Case {
    Case::new(&format!(
        r#"version: 1
source:
  account_id: "111111111111"
  callers:
    - {{id: prs, kind: github_actions, repository: acme/infra, pull_request: true}}
    - {{id: prod, kind: github_actions, repository: acme/infra, environment: production}}
    - {{id: main, kind: github_actions, repository: acme/infra, branch: trunk}}
    - {{id: other, kind: github_actions, repository: acme/other, branch: main}}
    - {{id: any, kind: github_actions, repository: acme/infra, environment: "*"}}
    - {{id: gl, kind: gitlab, project: acme/infra, branch: "*"}}
    - {{id: glmain, kind: gitlab, project: acme/infra, branch: main}}
    - {{id: user, kind: iam_user, name: terraform, mfa: true}}
    - {{id: server, kind: role, name: atlantis}}
terraform: {{backend: {{type: s3, bucket: example-state, region: us-east-1}}}}
targets: [{{name: t, account_id: "222222222222"}}]
pipelines: {pipelines}
"#
    ))
}

#[test]
fn callers_that_cannot_run_somewhere_are_named() {
    for (pipelines, message) in [
        ("{}", "`pipelines` names no engine"),
        ("{jenkins: {}}", "unknown key `jenkins`"),
        ("{github_actions: {apply: prod}}", "`plan` is missing"),
        ("{github_actions: {plan: prs}}", "`apply` is missing"),
        ("{github_actions: {plan: pr, apply: prod}}", "no caller has the ID `pr`"),
        ("{github_actions: {plan: gl, apply: prod}}", "`gl` cannot run in GitHub Actions: it is GitLab"),
        ("{github_actions: {plan: main, apply: prod}}", "`main` cannot plan proposals"),
        ("{github_actions: {plan: prs, apply: prs}}", "`prs` cannot apply the main branch"),
        ("{github_actions: {plan: prs, apply: other}}", "of two repositories"),
        ("{github_actions: {plan: prs, apply: any}}", "a job cannot be given the environment `*`"),
        (
            "{github_actions: {plan: prs, apply: main, branch: main}}",
            "`main` can only run on the branch `trunk`",
        ),
        ("{github_actions: {plan: prs, apply: prod, shards: 257}}", "GitHub Actions runs 1 to 256"),
        ("{github_actions: {plan: prs, apply: prod, shards: 0}}", "`shards` is 0"),
        ("{gitlab: {plan: gl, apply: glmain, shards: 201}}", "GitLab runs 1 to 200"),
        ("{gitlab: {plan: glmain, apply: glmain}}", "`glmain` cannot plan proposals"),
        ("{gitlab: {plan: gl, apply: gl}}", "`gl` cannot apply the main branch"),
        ("{atlantis: {}}", "`apply` is missing"),
        ("{atlantis: {apply: user}}", "`user` cannot be the caller of Atlantis: it needs MFA"),
        ("{atlantis: {apply: prod}}", "only jobs of another engine have its tokens"),
        ("{atlantis: {apply: server, plan: user}}", "Atlantis plans and applies as one caller"),
    ] {
        let case = with(pipelines);
        let ran = case.run(&["generate"]).exits(1).says(message);
        assert!(ran.stderr.contains("crossrole.yaml:16:"), "{pipelines}\n{}", ran.stderr);
    }
    for pipelines in [
        "{github_actions: {plan: prs, apply: prod}, gitlab: {plan: gl, apply: glmain}, atlantis: {apply: server}}",
        "{github_actions: {plan: prs, apply: main}, install: pipx install crossrole}",
    ] {
        with(pipelines).run(&["generate"]).exits(0);
    }
    let local = piped(1..=1)
        .replace("terraform: {backend: {type: s3, bucket: example-state, region: us-east-1}}\n", "");
    Case::new(&local).run(&["generate"]).exits(0).says("state of every root is a local file");
}

#[test]
fn files_of_others_are_never_written_over() {
    for (path, pipelines) in [
        (".github/workflows/crossrole.yml", "{github_actions: {plan: prs, apply: prod}}"),
        (".gitlab-ci.yml", "{gitlab: {plan: gl, apply: glmain}}"),
        ("atlantis.yaml", "{atlantis: {apply: server}}"),
    ] {
        let case = with(pipelines);
        case.write(path, "mine\n");
        for conflict in ["abort", "inline", "sidecar", "theirs"] {
            let ran = case.run(&["generate", "--conflict", conflict]).exits(4);
            ran.says("already exists and is not managed by crossrole").says("nothing was written");
            assert_eq!(case.read(path), "mine\n");
            assert!(!case.at("source").exists());
        }
        case.run(&["generate", "--conflict", "ours"]).exits(0);
        assert_eq!(case.read(path), "mine\n");
        // One of ours keeps what people add to it.
        let case = with(pipelines);
        case.run(&["generate"]).exits(0);
        case.write(path, format!("# mine\n{}", case.read(path)));
        case.edit("crossrole.yaml", "222222222222", "333333333333");
        case.run(&["generate"]).exits(0);
        assert!(case.read(path).starts_with("# mine\n"));
    }
}

#[test]
fn pipelines_are_at_the_top_of_a_repository() {
    let case = Case::new(&piped(1..=1));
    commit_all(case.root());
    for out in ["infra", "infra/aws"] {
        case.run(&["generate", "-o", out]).exits(4).says("needs the top of the repository").says("--out");
        assert!(!case.at(out).exists());
        fs::create_dir_all(case.at(out)).expect("folders can be made");
        case.run(&["generate", "-o", out]).exits(4);
    }
    case.run(&["generate"]).exits(0);
    // A spec may be below it.
    let case = Case::new("");
    case.write("spec/aws.yaml", piped(1..=1));
    commit_all(case.root());
    case.run(&["generate", "-f", "spec/aws.yaml", "-o", "."]).exits(0);
    assert!(case.at(".gitlab-ci.yml").exists());
}

/// What runs elsewhere is named with the reason, and no pipeline runs it.
#[test]
fn roots_that_others_run_are_left_out() {
    let case = with("{atlantis: {apply: server}}");
    case.edit("crossrole.yaml", "region: us-east-1}", "region: us-east-1, create: true}");
    let more = r#"targets:
  - {name: ours, account_id: "222222222222"}
  - {name: profile, account_id: "333333333333", bootstrap: {from: profile, profile: p}}
  - {name: theirs, account_id: "444444444444", ownership: third_party, role: {external_id: 7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51}}
  - {name: there, account_id: "555555555555", bootstrap: {from: existing}}
  - {name: gone, account_id: "666666666666", state: retired}
  - {name: people, account_id: "777777777777", role: {callers: [user]}}
  - {name: stack, account_id: "888888888888", bootstrap: {from: cloudformation}}
  - {name: gone-stack, account_id: "999999999999", bootstrap: {from: cloudformation}, state: retired}"#;
    case.edit("crossrole.yaml", "targets: [{name: t, account_id: \"222222222222\"}]", more);
    case.run(&["generate"]).exits(0);
    let roots: serde_json::Value = serde_json::from_str(&case.read("pipelines/roots.json")).expect("JSON");
    let entry = |path: &str| {
        let mut all = roots.as_array().expect("a list").iter();
        all.find(|root| root["path"] == path).unwrap_or_else(|| panic!("no {path}"))
    };
    for (path, why) in [
        ("accounts/profile/bootstrap", "whoever has the profile `p` runs it"),
        ("accounts/theirs/bootstrap", "the owner of the account runs it"),
        ("accounts/gone/bootstrap", "its roles are destroyed by hand"),
        ("state", "an administrator of Account A runs it"),
        ("accounts/stack/bootstrap", "an administrator of the account runs it"),
        ("accounts/gone-stack/bootstrap", "an administrator of the account runs it"),
    ] {
        assert_eq!(entry(path)["left_out"], why, "{path}");
    }
    for root in ["source", "accounts/stack/workload"] {
        assert!(entry(root)["left_out"].is_null(), "{root}");
    }
    assert_eq!(entry("accounts/ours/workload")["needs"][0], "accounts/ours/bootstrap");
    for path in ["theirs", "profile", "there", "gone", "stack", "gone-stack"] {
        assert_eq!(entry(&format!("accounts/{path}/workload"))["needs"][0], "source");
    }
    let atlantis: serde_yaml::Value = serde_yaml::from_str(&case.read("atlantis.yaml")).expect("YAML");
    let dirs: Vec<&str> = atlantis["projects"]
        .as_sequence()
        .expect("a list")
        .iter()
        .filter_map(|one| one["dir"].as_str())
        .collect();
    assert_eq!(
        dirs,
        [
            "source",
            "accounts/ours/bootstrap",
            "accounts/people/bootstrap",
            "accounts/gone/workload",
            "accounts/gone-stack/workload",
            "accounts/ours/workload",
            "accounts/profile/workload",
            "accounts/stack/workload",
            "accounts/theirs/workload",
            "accounts/there/workload",
        ]
    );
}

/// Atlantis's documented keys, and the same roots in the same order as the list.
#[test]
fn projects_of_atlantis_are_the_list() {
    const TOP: [&str; 5] =
        ["version", "parallel_plan", "parallel_apply", "abort_on_execution_order_fail", "projects"];
    const PROJECT: [&str; 5] = ["name", "dir", "execution_order_group", "depends_on", "autoplan"];
    let case = with("{atlantis: {apply: server}}");
    case.run(&["generate"]).exits(0);
    let atlantis: serde_yaml::Value = serde_yaml::from_str(&case.read("atlantis.yaml")).expect("YAML");
    let keys = |value: &serde_yaml::Value| -> Vec<String> {
        value
            .as_mapping()
            .expect("a map")
            .keys()
            .map(|key| key.as_str().expect("a text").to_owned())
            .collect()
    };
    assert_eq!(keys(&atlantis), TOP);
    assert_eq!(atlantis["version"], serde_yaml::Value::from(3));
    let json = case.run(&["list", "--format", "json"]).exits(0).json();
    let listed = json["roots"].as_array().expect("a list");
    let projects = atlantis["projects"].as_sequence().expect("a list");
    assert_eq!(projects.len(), listed.len());
    let mut names = Vec::new();
    for (project, root) in projects.iter().zip(listed) {
        assert!(keys(project).iter().all(|key| PROJECT.contains(&key.as_str())), "{project:?}");
        assert_eq!(project["dir"].as_str(), root["path"].as_str());
        assert_eq!(project["execution_order_group"].as_u64(), root["step"].as_u64().map(|step| step - 1));
        let needs = project["depends_on"].as_sequence().into_iter().flatten();
        for need in needs.map(|need| need.as_str().expect("a name")) {
            assert!(names.contains(&need), "{need} is before {project:?}");
        }
        assert!(case.at(project["dir"].as_str().expect("a path")).is_dir());
        names.push(project["name"].as_str().expect("a name"));
    }
    let modified = &projects[2]["autoplan"]["when_modified"];
    assert!(
        modified.as_sequence().expect("a list").iter().any(|one| one == "../../../modules/**/*"),
        "{modified:?}"
    );
}
