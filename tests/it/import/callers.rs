//! Who is let in, by which role: what trust policies compare, callers of some roles alone, regions and tags.

use serde_json::{Value, json};

use super::certain::{SOURCE, arn, assuming, guard, one, role, spec};
use super::terraform::from;
use crate::support::{Case, Ran};

/// A role in B that lets in account A, or those of it whom a condition names.
fn asks(condition: &str) -> (Case, Ran) {
    let more = format!(", Condition = {{ {condition} }}");
    one(&(guard("222222222222") + &role("r", &arn("111111111111", "root"), &more)), &[])
}

fn callers(case: &Case) -> Value {
    spec(case)["source"]["callers"].clone()
}

const SETS: &str = "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com";

#[test]
fn permission_sets_are_found_in_every_usual_pattern() {
    for operator in ["ArnLike", "ArnEquals", "StringLike"] {
        for path in ["", "*", "/*", "/eu-west-1"] {
            for (end, is_wider) in [("????????????????", false), ("*", true)] {
                let pattern = format!("{SETS}{path}/AWSReservedSSO_Platform_Admin_{end}");
                let (case, ran) = asks(&format!("{operator} = {{ \"aws:PrincipalArn\" = \"{pattern}\" }}"));
                let ran = ran.exits(0);
                let wanted = json!([{ "kind": "sso", "permission_set": "Platform_Admin" }]);
                assert_eq!(callers(&case), wanted, "{pattern}");
                assert!(!ran.stderr.contains("trust widened"), "{}", ran.stderr);
                let is_said = ran.stderr.contains("will match the roles of one permission set alone");
                assert_eq!(is_said, is_wider, "{pattern}: {}", ran.stderr);
                case.run(&["generate"]).exits(0);
            }
        }
    }
}

#[test]
fn roles_that_are_compared_by_their_arn_stay_so() {
    for operator in ["ArnLike", "ArnEquals", "StringEquals"] {
        let role = "arn:aws:iam::111111111111:role/ci/deployer";
        let (case, ran) = asks(&format!("{operator} = {{ \"aws:PrincipalArn\" = [\"{role}\"] }}"));
        let ran = ran.exits(0);
        assert!(!ran.stderr.contains("trust widened") && !ran.stderr.contains("note"), "{}", ran.stderr);
        let wanted = json!([{ "kind": "role", "name": "ci/deployer", "match": "principal_arn" }]);
        assert_eq!(callers(&case), wanted, "{operator}");
        case.run(&["generate"]).exits(0);
    }
}

#[test]
fn other_conditions_on_the_caller_are_not_guessed() {
    for condition in [
        format!("StringEquals = {{ \"aws:PrincipalArn\" = \"{SETS}/*/AWSReservedSSO_Admin_*\" }}"),
        format!("ArnLike = {{ \"aws:PrincipalArn\" = \"{SETS}/*/AWSReservedSSO_Admin*\" }}"),
        "ArnLike = { \"aws:PrincipalArn\" = \"arn:aws:iam::111111111111:role/*/AWSReservedSSO_Admin_*\" }"
            .to_owned(),
        "ArnLike = { \"aws:PrincipalArn\" = \"arn:aws:iam::111111111111:role/ci-*\" }".to_owned(),
        "ArnLike = { \"aws:PrincipalArn\" = \"arn:aws:iam::111111111111:user/ana\" }".to_owned(),
        "ArnLikeIfExists = { \"aws:PrincipalArn\" = \"arn:aws:iam::111111111111:role/ci\" }".to_owned(),
        "ArnNotLike = { \"aws:PrincipalArn\" = \"arn:aws:iam::111111111111:role/ci\" }".to_owned(),
    ] {
        let (case, ran) = asks(&condition);
        ran.exits(0).says("warning: trust widened: the condition").says("on `aws:PrincipalArn`");
        assert_eq!(callers(&case), json!([{ "kind": "account" }]), "{condition}");
    }
    // A role of another account than the principal's lets nobody in.
    let foreign = "ArnEquals = { \"aws:PrincipalArn\" = \"arn:aws:iam::999999999999:role/ci\" }";
    let (case, ran) = asks(foreign);
    ran.exits(1).says("lets in principals that a spec cannot name");
    assert!(!case.at("crossrole.yaml").exists());
}

#[test]
fn of_several_those_are_carried_over_that_a_spec_can_name() {
    let user = "arn:aws:iam::111111111111:user/ana";
    let (case, ran) = asks(&format!(
        "ArnLike = {{ \"aws:PrincipalArn\" = [\"{SETS}/*/AWSReservedSSO_Admin_*\", \"{user}\"] }}"
    ));
    let ran = ran.exits(0).says(&format!("a principal that a spec cannot name will be locked out: `{user}`"));
    assert!(!ran.stderr.contains("trust widened"), "{}", ran.stderr);
    assert_eq!(callers(&case), json!([{ "kind": "sso", "permission_set": "Admin" }]));

    // Everyone who has that ARN is one role.
    let condition =
        ", Condition = { ArnEquals = { \"aws:PrincipalArn\" = \"arn:aws:iam::111111111111:role/ci\" } }";
    let (case, ran) = one(&(guard("222222222222") + &role("r", "\"*\"", condition)), &[]);
    assert!(!ran.exits(0).stderr.contains("warning"));
    assert_eq!(callers(&case), json!([{ "kind": "role", "name": "ci", "match": "principal_arn" }]));
}

#[test]
fn a_role_lets_in_those_it_let_in_before() {
    let text = |account: &str, name: &str, principals: &str| guard(account) + &role(name, principals, "");
    let (a, b) = (arn("111111111111", "user/a"), arn("111111111111", "role/a"));
    let both = text("444444444444", "third", &format!("[{a}, {b}]"));
    let texts = [
        ("a/main.tf", &*text("222222222222", "first", &a)),
        ("b/main.tf", &*text("333333333333", "second", &b)),
        ("c/main.tf", &*both),
    ];
    let (case, ran) = from(&texts, &[]);
    let ran = ran.exits(0);
    assert!(!ran.stderr.contains("warning") && !ran.stderr.contains("note"), "{}", ran.stderr);
    let found = spec(&case);
    let wanted = json!([
        { "kind": "iam_user", "name": "a" },
        { "kind": "role", "id": "a-2", "name": "a" },
    ]);
    assert_eq!(found["source"]["callers"], wanted);
    let own: Vec<&Value> = (0..3).map(|at| &found["targets"][at]["role"]["callers"]).collect();
    assert_eq!(own, [&json!(["a"]), &json!(["a-2"]), &Value::Null]);
    case.run(&["generate"]).exits(0);
    let trust = case.read("accounts/a/bootstrap/trust-policy.json");
    assert!(trust.contains("user/a") && !trust.contains("role/a"), "{trust}");
}

#[test]
fn the_narrower_of_two_ways_to_name_a_role_is_taken() {
    let condition = "ArnEquals = { \"aws:PrincipalArn\" = \"arn:aws:iam::111111111111:role/ci\" }";
    let first = guard("222222222222")
        + &role("r", &arn("111111111111", "root"), &format!(", Condition = {{ {condition} }}"));
    let second = guard("333333333333") + &role("r", &arn("111111111111", "role/ci"), "");
    for order in
        [[("a/main.tf", &*first), ("b/main.tf", &*second)], [("a/main.tf", &*second), ("b/main.tf", &*first)]]
    {
        let (case, ran) = from(&order, &[]);
        ran.exits(0).says("named by `aws:PrincipalArn` here and by its ARN elsewhere");
        assert_eq!(callers(&case), json!([{ "kind": "role", "name": "ci" }]));
        case.run(&["generate"]).exits(0);
    }
}

#[test]
fn providers_that_differ_in_more_than_the_region_are_left_out() {
    let provider = |alias: &str, region: &str, more: &str| {
        let block = assuming(alias, &arn("222222222222", "role/Deploy"));
        block.replace("  assume_role {", &format!("  region = \"{region}\"\n{more}  assume_role {{"))
    };
    let first = provider("a", "us-east-1", "");
    for (second, is_taken) in [
        (provider("b", "eu-west-1", ""), true),
        (provider("b", "us-east-1", ""), false),
        (provider("b", "eu-west-1", "  profile = \"other\"\n"), false),
        (provider("b", "eu-west-1", "  default_tags {\n    tags = { a = \"b\" }\n  }\n"), false),
        (
            provider("b", "eu-west-1", "").replace("    role_arn", "    session_name = \"x\"\n    role_arn"),
            false,
        ),
        (assuming("b", &arn("222222222222", "role/Deploy")), false),
    ] {
        let (case, ran) = one(&(first.clone() + &second), &SOURCE);
        let ran = ran.exits(0);
        let regions = if is_taken { json!(["eu-west-1"]) } else { Value::Null };
        assert_eq!(spec(&case)["targets"][0]["regions"], regions, "{second}");
        assert_ne!(ran.stderr.contains("another provider assumes this role"), is_taken, "{second}");
        case.run(&["generate"]).exits(0);
    }
}
