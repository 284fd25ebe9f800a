//! Callers of new kinds, and two roles: asked, reviewed, changed, and written so that `generate` takes them.

use serde_json::{Value, json};

use super::prompts::{
    A_USER, CREATED, GITHUB, ID, MORE_TARGETS, ORGANIZATION, POLICIES, RECREATED, REGION, REVIEW, ROLES, SET,
    SIGN_IN, STATE, TARGET, TARGET_ID, USER, WHO, WHOSE, begin, empty, line,
};
use super::talk::{ENTER, Talk};
use crate::support::Case;

const ANOTHER: &str = "Another caller?";

/// From the way to sign in to the end, the shortest way; one policy where there are two roles.
#[track_caller]
fn finish(case: &Case, mut talk: Talk) -> (Value, String) {
    for prompt in [ORGANIZATION, TARGET] {
        talk.answer(prompt, ENTER);
    }
    talk.answer(TARGET_ID, "222222222222\r");
    for prompt in [REGION, WHOSE, CREATED, POLICIES, MORE_TARGETS, SIGN_IN, STATE] {
        talk.answer(prompt, ENTER);
    }
    written(case, talk)
}

#[track_caller]
fn written(case: &Case, mut talk: Talk) -> (Value, String) {
    talk.answer(REVIEW, ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    case.run(&["generate"]).exits(0);
    (serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML"), seen)
}

#[test]
fn a_workflow_of_github_gets_in_by_its_environment_and_ids() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answer(ID, "111111111111\r").answer(WHO, &line(GITHUB));
    talk.answer("Repository", "acme\r").expect("is not a repository");
    talk.answer("Repository", "git@github.com:acme/infra.git\r").expect("`acme/infra`");
    talk.answer("Enterprise", ENTER);
    talk.answer("Which of its jobs?", ENTER).answer("Name of the environment", "production\r");
    talk.expect("gh api repos/acme/infra --jq '.id, .owner.id'");
    // What the command prints, in one paste.
    talk.answer("ID of the repository", "123456\r").answer("ID of its owner", "7890\r");
    talk.expect("its ID: `ci-apply`").answer(ANOTHER, ENTER);
    let (spec, seen) = finish(&case, talk);
    let wanted = json!([{
        "kind": "github_actions",
        "id": "ci-apply",
        "repository": "acme/infra",
        "repository_id": 123_456,
        "owner_id": 7890,
        "environment": "production",
    }]);
    assert_eq!(spec["source"]["callers"], wanted);
    assert!(seen.contains("ci-apply: GitHub Actions, acme/infra, environment production"), "{seen}");
    assert!(spec.get("defaults").is_none() && !seen.contains("Which roles"), "{seen}");
}

#[test]
fn people_of_a_permission_set_are_the_first_choice() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answer(ID, "111111111111\r").answer(WHO, ENTER);
    let role = "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_PlatformAdmin_0123456789abcdef";
    talk.answer(SET, &format!("{role}\r")).expect("understood as").expect("`PlatformAdmin`");
    talk.answer(ANOTHER, ENTER);
    let (spec, seen) = finish(&case, talk);
    assert_eq!(spec["source"]["callers"], json!([{ "kind": "sso", "permission_set": "PlatformAdmin" }]));
    assert!(seen.contains("people of permission set PlatformAdmin"), "{seen}");
}

#[test]
fn other_platforms_are_found_in_what_is_pasted() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answer(ID, "111111111111\r").answer(WHO, &line(2));
    talk.answer("Project", "https://gitlab.example.com/acme/platform/infra/-/pipelines\r");
    talk.expect("`acme/platform/infra`").expect("host: `gitlab.example.com`");
    talk.answer("Which of its jobs?", ENTER).answer("Name of the branch", "refs/heads/main\r");
    talk.expect("its ID: `ci-apply`").answer(ANOTHER, "y").answer(WHO, &line(3));
    talk.answer("Organization", "https://app.terraform.io/app/acme/workspaces/aws-prod\r");
    talk.answer("Project of the workspaces", ENTER).answer("(aws-prod)", ENTER);
    talk.answer("Which of its runs?", &line(2)).expect("its ID: `hcp-plan`").answer(ANOTHER, "y");
    talk.answer(WHO, &line(4)).answer("URL of the OIDC provider", "https://oidc.example.com\r");
    talk.answer("Audience", ENTER).answer("Subject", "job:1\r");
    talk.answer("Further claims", "sub=x\r").expect("asked for");
    talk.answer("Further claims", "email=a@example.com, email=b@example.com\r").answer(ANOTHER, ENTER);
    // One role for all, though one of them only plans.
    talk.answer(ROLES, "\u{1b}[A\r");
    let (spec, seen) = finish(&case, talk);
    let wanted = json!([
        {
            "kind": "gitlab",
            "id": "ci-apply",
            "host": "gitlab.example.com",
            "project": "acme/platform/infra",
            "branch": "main",
        },
        {
            "kind": "hcp_terraform",
            "id": "hcp-plan",
            "organization": "acme",
            "project": "Default Project",
            "workspace": "aws-prod",
            "run_phase": "plan",
        },
        {
            "kind": "oidc",
            "id": "oidc",
            "issuer": "https://oidc.example.com",
            "audience": "sts.amazonaws.com",
            "subject": ["job:1"],
            "claims": { "email": ["a@example.com", "b@example.com"] },
        },
    ]);
    assert_eq!(spec["source"]["callers"], wanted);
    assert!(
        seen.contains("ci-apply: GitLab (gitlab.example.com), acme/platform/infra, branch main"),
        "{seen}"
    );
}

#[test]
fn plans_and_applies_get_roles_of_their_own() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answer(ID, "111111111111\r").answer(WHO, &line(GITHUB)).answer("Repository", "acme/infra\r");
    talk.answer("Enterprise", "https://github.com/enterprises/acme\r").expect("`acme`");
    talk.answer("Which of its jobs?", &line(3));
    talk.expect("its ID: `ci-plan`").answer(ANOTHER, "y").answer(WHO, &line(A_USER));
    talk.answer(USER, "ana\r").answer("Require MFA?", ENTER).answer(ANOTHER, ENTER);
    talk.answer(ROLES, ENTER).expect("`ci-plan` assume?").answer("only apply", ENTER);
    talk.expect("`ana` assume?").answer("only apply", &line(1));
    talk.expect("no caller can assume `apply`").answer("only apply", ENTER).answer("only apply", ENTER);
    let (spec, seen) = finish(&case, talk);
    let role = |name: &str, callers: &[&str]| json!({ "name": name, "callers": callers });
    let mut plan = role("TerraformPlan", &["ci-plan", "ana"]);
    plan["policy_arns"] = json!(["arn:aws:iam::aws:policy/ReadOnlyAccess"]);
    let wanted = json!({ "apply": role("TerraformApply", &["ana"]), "plan": plan });
    assert_eq!(spec["defaults"]["roles"], wanted);
    assert_eq!(spec["defaults"]["default_role"], "apply");
    assert!(spec["targets"][0].get("role").is_none() && spec["targets"][0].get("roles").is_none(), "{spec}");
    assert!(seen.contains("apply (ana), plan (ci-plan, ana)"), "{seen}");
    assert!(seen.contains("apply: none; plan: ReadOnlyAccess"), "{seen}");
    assert!(seen.contains("role `apply` of `staging` has no permissions yet; set `roles.apply.policy_arns`"));
}

#[test]
fn callers_names_tags_and_regions_are_changed_in_the_review() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answers(&super::prompts::SHORT);
    // A second caller whose ID would be the first one's.
    talk.answer(REVIEW, &line(5)).answer(WHO, &line(super::prompts::A_ROLE));
    talk.answer(super::prompts::ROLE, "ci/terraform\r").answer(RECREATED, "y");
    talk.expect("its ID: `terraform-2`");
    talk.answer(REVIEW, &line(5)).answer("Remove this caller", &line(2));
    talk.answer("ID of this caller", "terraform\r").expect("another caller already has");
    talk.answer("ID of this caller", "pipeline\r").expect("pipeline: role ci/terraform, also when recreated");
    talk.answer(REVIEW, &line(4)).answer("Remove this caller", &line(3));
    talk.answer(REVIEW, &line(10)).answer("Name", "platform\r").expect("Name            platform");
    talk.answer(REVIEW, &line(11)).answer("Default tags", "team\r").expect("has no `=`");
    talk.answer("Default tags", "team=platform, env=prod\r").expect("env=prod, team=platform");
    talk.answer(REVIEW, &line(12)).answer("more regions", &line(8));
    talk.answer("Further regions", "us-east-1, us-west-2, Europe (Ireland)\r");
    talk.answer("eu-west-1, us-west-2", ENTER);
    let (spec, _) = written(&case, talk);
    assert_eq!(spec["name"], "platform");
    assert_eq!(spec["terraform"]["default_tags"], json!({ "team": "platform", "env": "prod" }));
    assert_eq!(spec["targets"][0]["regions"], json!(["eu-west-1", "us-west-2"]));
    let wanted =
        json!([{ "kind": "role", "id": "pipeline", "name": "ci/terraform", "match": "principal_arn" }]);
    assert_eq!(spec["source"]["callers"], wanted);
}

#[test]
fn a_new_target_has_the_roles_of_the_defaults() {
    let spec = "version: 1\nsource: {account_id: \"111111111111\"}\ndefaults:\n  roles:\n    apply: {name: Apply}\n    plan: {name: Plan}\n  default_role: apply\ntargets:\n  - name: staging\n    account_id: \"222222222222\"\n";
    let case = Case::new(spec);
    let mut talk = begin(&case);
    talk.answer("Leave it as it is", ENTER).answer(TARGET, "acme\r").answer(TARGET_ID, "333333333333\r");
    talk.answer(REGION, ENTER)
        .answer(WHOSE, &line(1))
        .answer("External ID", "agreed\r")
        .answer(CREATED, ENTER);
    // Of several roles it is asked whose external ID changes.
    talk.answer("Write 1 change", "\u{1b}[A\r").answer("Which target?", "acme\r");
    talk.answer("Its permissions", &line(2)).answer("Of which role?", &line(1));
    talk.answer("External ID", "another\r").answer("Write 2 changes", ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    let found: Value = serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML");
    let wanted = json!({ "apply": { "external_id": "agreed" }, "plan": { "external_id": "another" } });
    assert_eq!(found["targets"][1]["roles"], wanted);
    assert!(found["targets"][1].get("role").is_none());
    assert!(seen.contains("role `plan` of `acme` and `staging` has no permissions yet"), "{seen}");
    case.run(&["generate"]).exits(0);
    assert!(case.at("accounts/acme/bootstrap/plan/trust-policy.json").exists());
}
