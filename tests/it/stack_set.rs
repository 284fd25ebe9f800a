//! A stack set creates the same roles in many accounts: its one template is judged for each of its targets, wherever it is
//! from, and who runs what is said.

use crate::support::Case;

const SPEC: &str = include_str!("../../snapshots/generate/user-stack-set/spec.yaml");
const TEMPLATE: &str = "source/roles.cfn.json";
const CALLER: &str = "arn:aws:iam::111111111111:role/deployer";
const STRANGER: &str = "arn:aws:iam::999999999999:root";
const LETS_IN: &str = "lets anyone in account 999999999999";

/// Asks about every target, and finds the stranger in those of the stack set alone.
#[track_caller]
fn opens_both_targets(case: &Case) {
    let ran = case.run(&["explain"]).exits(2);
    assert_eq!(ran.stdout.matches(LETS_IN).count(), 2, "{}", ran.stdout);
    assert!(ran.stdout.contains("trust is wider than the spec at 2 targets"), "{}", ran.stdout);
}

#[test]
fn a_template_as_generated_is_what_the_spec_says() {
    let case = Case::generated(SPEC);
    let ran = case.run(&["explain"]).exits(0);
    assert!(ran.stdout.contains("ok: 3 targets"), "{}", ran.stdout);
    case.run(&["check", "--strict"]).exits(0);
    case.run(&["generate"]).exits(0).says("is up to date");
}

#[test]
fn a_stranger_in_the_template_is_found_in_every_target() {
    let case = Case::generated(SPEC);
    case.edit(TEMPLATE, CALLER, STRANGER);
    opens_both_targets(&case);
    for target in ["old", "staging"] {
        let ran = case.run(&["explain", "--target", target]).exits(2);
        assert!(ran.stdout.contains(LETS_IN), "{}", ran.stdout);
    }
    case.run(&["explain", "--target", "partner"]).exits(0);
    case.run(&["check"]).exits(2).says("only crossrole writes it");
    case.run(&["generate"]).exits(3).says("nothing was written");
    let kept = case.run(&["generate", "--conflict", "ours"]);
    assert_eq!(kept.stderr.matches(LETS_IN).count(), 1, "the edit is kept, and said once: {kept:?}");
    case.run(&["generate", "--conflict", "theirs"]).exits(0);
    case.run(&["explain"]).exits(0);
}

/// Terraform reads an override beside the generated file, and an edit in it.
#[test]
fn another_template_is_followed_to_its_text() {
    let case = Case::generated(SPEC);
    let template = case.read(TEMPLATE).replace(CALLER, STRANGER);
    case.write("source/mine.json", template);
    let body = |body: &str| {
        format!("resource \"aws_cloudformation_stack_set\" \"roles\" {{\n  template_body = {body}\n}}\n")
    };
    case.write("source/mine_override.tf", body("file(\"${path.module}/mine.json\")"));
    opens_both_targets(&case);
    case.run(&["check"]).exits(2);
    case.write("source/mine_override.tf", body("jsonencode(jsondecode(file(\"${path.module}/mine.json\")))"));
    opens_both_targets(&case);

    case.remove("source/mine_override.tf");
    case.run(&["explain"]).exits(0);
    case.edit("source/stack-set.tf", "roles.cfn.json", "mine.json");
    opens_both_targets(&case);
    case.run(&["check"]).exits(2).says("has its template from `source/mine.json`");
}

#[test]
fn a_template_that_only_a_run_would_show_is_not_known() {
    for body in ["var.template", "file(\"${path.module}/../elsewhere.json\")", "\"Resources: {}\""] {
        let case = Case::generated(SPEC);
        case.edit("source/stack-set.tf", "file(\"${path.module}/roles.cfn.json\")", body);
        let ran = case.run(&["explain"]).exits(2);
        assert!(
            ran.stdout.contains("not known: who can assume the role of 2 targets"),
            "{body}: {}",
            ran.stdout
        );
    }
    let case = Case::generated(SPEC);
    case.edit(TEMPLATE, &format!("\"{CALLER}\""), "{\"Ref\": \"Who\"}");
    case.run(&["explain", "--target", "staging"]).exits(2);
}

/// Somebody's own stack set in A is theirs, unless it has a role of the spec.
#[test]
fn another_stack_set_matters_where_it_has_the_role() {
    let case = Case::generated(SPEC);
    let other = |name: &str| {
        let template = case.read(TEMPLATE).replace(CALLER, STRANGER).replace("TerraformCrossAccount", name);
        case.write("source/audit.json", template);
    };
    let set = "resource \"aws_cloudformation_stack_set\" \"audit\" {\n  name          = \"audit\"\n  template_body = file(\"${path.module}/audit.json\")\n}\n";
    case.write("source/audit.tf", set);
    other("Audit");
    case.run(&["explain"]).exits(0);
    other("terraformcrossaccount");
    opens_both_targets(&case);
}

#[test]
fn a_pack_cannot_open_the_roles() {
    let case = Case::new(&format!("{SPEC}templates: ./pack\n"));
    case.run(&["templates", "eject", "pack"]).exits(0);
    let policy = "\"AssumeRolePolicyDocument\": {{ role.trust_policy | document }}";
    let open = r#""AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999999999999:root"}, "Action": "sts:AssumeRole"}]}"#;
    case.edit("pack/cloudformation/roles.cfn.json.tera", policy, open);
    let ran = case.run(&["generate"]).exits(4).says("would not match the spec");
    assert!(ran.stderr.contains(TEMPLATE) && ran.stderr.contains(LETS_IN), "{}", ran.stderr);
    assert!(!case.at("source").exists(), "nothing was written");
}

/// What a spec opens later is said, as it is where Terraform creates the role.
#[test]
fn what_opens_is_said() {
    let case = Case::generated(SPEC);
    case.edit(
        "crossrole.yaml",
        "policy_arns: [arn:aws:iam::aws:policy/PowerUserAccess]",
        "policy_arns: [arn:aws:iam::aws:policy/AdministratorAccess]\n    max_session_duration: 4h",
    );
    let ran = case.run(&["generate"]).exits(0);
    for words in ["a session may last longer", "policy/AdministratorAccess` is attached"] {
        assert!(ran.stderr.contains(words) || ran.stdout.contains(words), "{words}: {ran:?}");
    }
}

/// The root in A creates the roles: nothing is run in a target before its workload.
#[test]
fn there_is_no_root_that_creates_the_roles() {
    let pipelines = "pipelines: {atlantis: {apply: deployer}}\n";
    let case = Case::generated(&format!("{SPEC}{pipelines}"));
    let listed = case.run(&["list", "--format", "json"]).exits(0).json();
    let roots: Vec<&str> =
        listed["roots"].as_array().expect("roots").iter().filter_map(|root| root["path"].as_str()).collect();
    let workloads = ["accounts/old/workload", "accounts/partner/workload", "accounts/staging/workload"];
    assert_eq!(roots, [&["source", "accounts/partner/bootstrap"][..], &workloads].concat());
    let index: serde_json::Value = serde_json::from_str(&case.read("pipelines/roots.json")).expect("JSON");
    let staging = index.as_array().into_iter().flatten().find(|root| root["path"] == workloads[2]);
    assert_eq!(staging.expect("the workload")["needs"], serde_json::json!(["source"]));
}

/// A role in A that a token enters through has to exist before a trust policy names it.
#[test]
fn the_stack_set_waits_for_the_callers_that_it_names() {
    let spec = SPEC.replace(
        "{kind: role, name: deployer}",
        "{kind: github_actions, id: ci, repository: acme/infra, environment: production}",
    );
    let case = Case::generated(&spec);
    assert!(case.read("source/stack-set.tf").contains("depends_on = [\n    aws_iam_role.ci,\n  ]"));
}

/// An account in the units that is not a target gets the role, too.
#[test]
fn what_else_gets_the_roles_is_said() {
    let case = Case::generated(SPEC);
    let text = case.read("CROSSROLE.md");
    assert!(
        text.contains("An account in those units that is not a target here gets the roles, too"),
        "{text}"
    );
}

/// CloudFormation takes no template above 51,200 bytes in a request.
#[test]
fn a_template_that_is_too_large_is_refused() {
    let resources: Vec<String> =
        (0..200).map(|number| format!("\"arn:aws:s3:::bucket-{number}/folder/*\"")).collect();
    let policy = format!(
        "{{Version: \"2012-10-17\", Statement: [{{Effect: Allow, Action: \"s3:*\", Resource: [{}]}}]}}",
        resources.join(", ")
    );
    let role =
        |number| format!("    role-{number}: {{name: Role{number}, inline_policies: {{files: {policy}}}}}\n");
    let spec = |roles: usize| {
        let roles: String = (0..roles).map(role).collect();
        format!(
            "version: 1\nsource:\n  account_id: \"111111111111\"\n  stack_set: {{organizational_units: [r-ab12]}}\ndefaults:\n  bootstrap: {{from: stack_set}}\n  default_role: role-0\n  roles:\n{roles}targets:\n  - {{name: one, account_id: \"222222222222\"}}\n  - {{name: two, account_id: \"333333333333\"}}\n"
        )
    };
    let case = Case::new(&spec(6));
    let ran = case.run(&["generate"]).exits(1).says("and CloudFormation takes 51200");
    assert_eq!(ran.stderr.matches("the template of the stack set").count(), 1, "{}", ran.stderr);
    let case = Case::generated(&spec(2));
    assert!(case.read(TEMPLATE).len() < 51_200);
}
