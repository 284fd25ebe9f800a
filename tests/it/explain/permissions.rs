//! What a role may do beyond the spec, by edits and by files of people's own: `explain` says it, too.

use serde_json::Value;

use crate::support::Case;

const SPEC: &str = r#"version: 1
source:
  account_id: "111111111111"
  callers: [{kind: iam_user, name: terraform, mfa: true}]
targets:
  - name: staging
    account_id: "222222222222"
    role:
      permissions_boundary: arn:aws:iam::222222222222:policy/Boundary
      policy_arns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
      inline_policies:
        logs: {Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::logs/*"}]}
  - name: untouched
    account_id: "333333333333"
"#;
const BOOTSTRAP: &str = "accounts/staging/bootstrap";

fn found(case: &Case, what: &str) {
    let json = case.run(&["explain", "--format", "json"]).exits(2).json();
    let target = |name: &str| -> &Value {
        let targets = json["targets"].as_array().expect("a list");
        targets.iter().find(|target| target["target"] == name).expect("a target")
    };
    let said = target("staging")["permissions"].as_array().expect("a list");
    let is_said = |said: &Value| said["message"].as_str().is_some_and(|message| message.contains(what));
    assert!(said.iter().any(is_said), "{what}: {said:#?}");
    assert_eq!(target("untouched")["ok"], true);
    let text = case.run(&["explain"]).exits(2).stdout;
    assert!(text.contains("more: `accounts/staging/") && text.contains(what), "{text}");
    assert!(text.contains("the role has more than the spec gives it at 1 target"), "{text}");
    case.run(&["explain", "--target", "untouched"]).exits(0);
}

#[test]
fn edits_that_give_the_role_more_are_found() {
    for (path, from, to, what) in [
        ("main.tf", "max_session_duration = 3600", "max_session_duration = 43200", "1h → 12h"),
        ("main.tf", "\"arn:aws:iam::222222222222:policy/Boundary\"", "null", "boundary"),
        ("main.tf", "policy/ReadOnlyAccess", "policy/AdministratorAccess", "AdministratorAccess"),
        ("policies/logs.json", "s3:GetObject", "s3:*", "may `s3:*`"),
    ] {
        let case = Case::generated(SPEC);
        case.edit(&format!("{BOOTSTRAP}/{path}"), from, to);
        found(&case, what);
    }
}

#[test]
fn a_file_beside_the_role_that_gives_it_more_is_found() {
    let case = Case::generated(SPEC);
    case.write(
        &format!("{BOOTSTRAP}/more.tf"),
        "resource \"aws_iam_role_policy_attachment\" \"more\" {\n  role       = \"TerraformCrossAccount\"\n  policy_arn = \"arn:aws:iam::aws:policy/AdministratorAccess\"\n}\n",
    );
    found(&case, "AdministratorAccess");
}

#[test]
fn edits_that_give_the_role_less_are_nobodys_business() {
    let case = Case::generated(SPEC);
    case.edit(&format!("{BOOTSTRAP}/policies/logs.json"), "logs/*", "logs/a/*");
    case.edit(&format!("{BOOTSTRAP}/main.tf"), "# ", "# of ours: ");
    case.run(&["explain"]).exits(0);
}
