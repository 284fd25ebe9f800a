//! The command as people and scripts meet it.

use serde_json::{Value, json};

use crate::support::{Case, Ran, SPEC, compare, files, no_complaints, repository};

const TRUST: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "WithMfa",
      "Effect": "Allow",
      "Principal": {"AWS": ["arn:aws:iam::111111111111:user/terraform", "222222222222"]},
      "Action": "sts:AssumeRole",
      "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "StringEquals": {"sts:ExternalId": "id-1"}}
    },
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::222222222222:user/local"}, "Action": "sts:AssumeRole"},
    {"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": {"StringLike": {"aws:username": "x*"}}}
  ]
}
"#;

/// The specs whose tables are in `snapshots/explain`.
const SHOWN: [&str; 7] =
    ["account-with-mfa", "existing-role", "mfa-users", "minimal", "organization", "session", "third-party"];

#[test]
fn tables_are_as_the_snapshots_show() {
    let mut complaints = Vec::new();
    for name in SHOWN {
        let folder = files(&repository("snapshots/generate").join(name));
        let case = Case::new(&folder["spec.yaml"]);
        for (path, text) in folder.iter().filter(|(path, _)| !path.starts_with("out/")) {
            case.write(path, text);
        }
        // Of a role that is there already, the policy is not.
        let code = if name == "existing-role" { 2 } else { 0 };
        let before = case.run(&["explain"]).exits(code).stdout;
        case.run(&["generate"]).exits(0);
        assert_eq!(case.run(&["explain"]).exits(code).stdout, before, "generating changes nothing");
        complaints
            .extend(compare(&repository("snapshots/explain").join(format!("{name}.txt")), &before).err());
    }
    let edited = edited();
    let ran = edited.run(&["explain"]).exits(2);
    complaints.extend(compare(&repository("snapshots/explain/edited.txt"), &ran.stdout).err());
    for (name, arguments) in [
        ("one-allowed", &["--mfa", "--external-id", "id-1"][..]),
        ("one-without-mfa", &["--external-id", "id-1"]),
        ("one-without-anything", &[]),
    ] {
        let ran = one("arn:aws:iam::111111111111:user/terraform", arguments);
        complaints
            .extend(compare(&repository("snapshots/explain").join(format!("{name}.txt")), &ran.stdout).err());
    }
    no_complaints(&complaints);
}

/// The policy of a role that is there already is given, as a document or as AWS's own program prints it.
#[test]
fn a_role_that_is_there_is_judged_by_the_policy_that_is_given() {
    let case = Case::new(&format!("{SPEC}    bootstrap: {{from: existing}}\n"));
    assert!(case.run(&["explain"]).exits(2).stdout.contains("`aws iam get-role --role-name"));
    let policy = |principal: &str| {
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": {{\"Effect\": \"Allow\", \"Principal\": {principal}, \"Action\": \"sts:AssumeRole\"}}}}"
        )
    };
    let meant = policy("{\"AWS\": \"arn:aws:iam::111111111111:root\"}");
    let printed = |policy: &str| {
        format!(
            "{{\"Role\": {{\"RoleName\": \"TerraformCrossAccount\", \"AssumeRolePolicyDocument\": {policy}}}}}"
        )
    };
    let judge = ["explain", "--target", "staging", "--policy", "role.json"];
    for text in [meant.clone(), printed(&meant)] {
        case.write("role.json", text);
        assert!(case.run(&judge).exits(0).stdout.contains("nobody else is let in"));
    }
    for text in [policy("\"*\""), printed(&policy("{\"Service\": \"ec2.amazonaws.com\"}"))] {
        case.write("role.json", text);
        assert!(case.run(&judge).exits(2).stdout.contains("wider:"));
    }
    case.write("role.json", printed("{}"));
    case.run(&judge).exits(1).says("role.json");
}

/// A file beside the role that Terraform reads and we cannot may say anything.
#[test]
fn a_file_beside_a_role_that_cannot_be_read_is_not_known() {
    for (name, bytes) in
        [("x_override.tf", &b"# caf\xe9\n"[..]), ("x:_override.tf", b"# x\n"), ("x.tf.json", b"\xff")]
    {
        let case = Case::generated(SPEC);
        std::fs::write(case.at("accounts/staging/bootstrap").join(name), bytes).expect("a file");
        let ran = case.run(&["explain"]).exits(2);
        assert!(ran.stdout.contains("not known:") && ran.stdout.contains(name), "{}", ran.stdout);
    }
    // What Terraform does not read says nothing.
    let case = Case::generated(SPEC);
    std::fs::write(case.at("accounts/staging/bootstrap/logo.png"), b"\xff").expect("a file");
    case.run(&["explain"]).exits(0);
}

/// A tree in which a person opened one trust policy, and locked the callers out of another.
fn edited() -> Case {
    let spec = SPEC.replace("targets:", "  callers:\n    - {kind: iam_user, name: terraform}\ntargets:")
        + "  - name: production\n    account_id: \"333333333333\"\n  - name: untouched\n    account_id: \"444444444444\"\n";
    let case = Case::generated(&spec);
    let path = |name| format!("accounts/{name}/bootstrap/trust-policy.json");
    case.edit(&path("staging"), "arn:aws:iam::111111111111:user/terraform", "*");
    case.edit(&path("production"), "user/terraform", "user/terrafrom");
    case
}

/// Decides one request by [`TRUST`].
fn one(principal: &str, arguments: &[&str]) -> Ran {
    let case = Case::new(SPEC);
    case.write("trust.json", TRUST);
    case.write("own.json", r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "arn:aws:iam::*:role/Deploy"}}"#);
    case.write(
        "none.json",
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#,
    );
    let role = "arn:aws:iam::222222222222:role/Deploy";
    let fixed = ["explain", "--policy", "trust.json", "--role", role, "--principal", principal];
    case.run(&[&fixed, arguments].concat())
}

#[test]
fn one_request_is_decided() {
    let user = "arn:aws:iam::111111111111:user/terraform";
    let local = "arn:aws:iam::222222222222:user/local";
    let with_id = ["--external-id", "id-1"];
    for (principal, arguments, decision, statement) in [
        (user, &[&with_id[..], &["--mfa"]].concat()[..], "allow", json!("WithMfa")),
        (user, &with_id, "deny", Value::Null),
        (user, &["--mfa", "--external-id", "id-2"], "deny", Value::Null),
        (
            user,
            &[&with_id[..], &["--mfa", "--identity-policy", "own.json"]].concat(),
            "allow",
            json!("WithMfa"),
        ),
        (user, &[&with_id[..], &["--mfa", "--identity-policy", "none.json"]].concat(), "deny", Value::Null),
        (
            user,
            &[&with_id[..], &["--mfa", "--identity-policy", "none.json", "--identity-policy", "own.json"]]
                .concat(),
            "allow",
            json!("WithMfa"),
        ),
        (
            user,
            &[&with_id[..], &["--context", "AWS:multifactorauthpresent=true"]].concat(),
            "allow",
            json!("WithMfa"),
        ),
        (user, &[&with_id[..], &["--mfa", "--action", "sts:TagSession"]].concat(), "deny", Value::Null),
        (user, &[&with_id[..], &["--mfa", "--context", "aws:username=xavier"]].concat(), "deny", json!(2)),
        (local, &["--identity-policy", "none.json"], "allow", json!(1)),
        (
            "arn:aws:iam::222222222222:user/other",
            &["--mfa", "--external-id", "id-1", "--identity-policy", "none.json"],
            "deny",
            Value::Null,
        ),
        ("arn:aws:iam::111111111111:user/xaver", &[], "deny", json!(2)),
    ] {
        let arguments = [arguments, &["--format", "json"]].concat();
        let answer = one(principal, &arguments).exits(0).json();
        assert_eq!(answer["decision"], decision, "{principal} {arguments:?}: {answer:#}");
        assert_eq!(answer["statement"], statement, "{principal} {arguments:?}: {answer:#}");
        assert!(answer["reason"].is_string());
    }
}

/// Session tags and a source identity are actions of their own, and each has its answer.
#[test]
fn what_aws_asks_in_addition_is_answered() {
    let user = "arn:aws:iam::111111111111:user/terraform";
    let with = |more: &[&'static str]| {
        let fixed = ["--mfa", "--external-id", "id-1", "--format", "json"];
        one(user, &[&fixed, more].concat()).exits(0).json()["also"].clone()
    };
    assert_eq!(with(&[]), json!([]));
    assert_eq!(with(&["--action", "sts:TagSession", "--context", "aws:RequestTag/x=y"]), json!([]));
    for (context, action) in [
        ("aws:RequestTag/x=y", "sts:TagSession"),
        ("AWS:requesttag/x=y", "sts:TagSession"),
        ("aws:TagKeys=x", "sts:TagSession"),
        ("sts:TransitiveTagKeys=x", "sts:TagSession"),
        ("sts:SourceIdentity=me", "sts:SetSourceIdentity"),
    ] {
        let also = with(&["--context", context]);
        assert_eq!(also[0]["action"], action, "{context}: {also:#}");
        assert_eq!(also[0]["decision"], "deny", "the policy allows `sts:AssumeRole` alone");
        assert_eq!(also[1], Value::Null);
    }
    let both = ["--context", "aws:RequestTag/x=y", "--context", "sts:SourceIdentity=me"];
    assert_eq!(with(&both)[1]["action"], "sts:SetSourceIdentity");
    let text = one(user, &[&["--mfa", "--external-id", "id-1"][..], &both].concat()).exits(0).stdout;
    assert!(text.contains("also: AWS asks for `sts:TagSession` as well"), "{text}");
}

/// Decides one request by a policy with one statement for account 111111111111, and another one.
fn two(second: &str, principal: &str, arguments: &[&str]) -> Ran {
    let case = Case::new(SPEC);
    let first = r#"{"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole"}"#;
    case.write("two.json", format!(r#"{{"Version": "2012-10-17", "Statement": [{first}, {second}]}}"#));
    let role = "arn:aws:iam::222222222222:role/Deploy";
    let fixed = ["explain", "--policy", "two.json", "--role", role, "--principal", principal];
    case.run(&[&fixed, arguments].concat())
}

/// What is not given and could turn the answer is said.
#[test]
fn a_key_that_matters_and_is_not_given_is_named() {
    let user = "arn:aws:iam::111111111111:user/terraform";
    let deny = |condition: &str| {
        format!(r#"{{"Effect": "Deny", "Principal": "*", "Action": "sts:*", "Condition": {{{condition}}}}}"#)
    };
    for (condition, given, keys) in [
        (r#""DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}"#, "", json!(["aws:CurrentTime"])),
        (r#""NumericGreaterThan": {"aws:EpochTime": "1577836800"}"#, "", json!(["aws:EpochTime"])),
        (r#""IpAddress": {"aws:SourceIp": "203.0.113.0/24"}"#, "", json!(["aws:SourceIp"])),
        (r#""IpAddress": {"aws:SourceIp": "203.0.113.0/24"}"#, "aws:SourceIp=198.51.100.7", json!([])),
        // Of two that must both hold, neither decides alone.
        (
            r#""DateLessThan": {"aws:CurrentTime": "2020-01-01"}, "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}"#,
            "aws:SourceIp=198.51.100.7",
            json!([]),
        ),
        // A user's request carries no source.
        (r#""StringEquals": {"aws:SourceAccount": "333333333333"}"#, "", json!([])),
    ] {
        let context = if given.is_empty() { vec![] } else { vec!["--context", given] };
        let answer = two(&deny(condition), user, &[&context[..], &["--format", "json"]].concat());
        let answer = answer.exits(0).json();
        assert_eq!(answer["decision"], "allow", "{condition}");
        assert_eq!(answer["depends_on"], keys, "{condition}");
    }
    let time = deny(r#""DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}"#);
    let text = two(&time, user, &[]).exits(0).stdout;
    assert!(text.contains("open: `aws:CurrentTime` is not given"), "{text}");
    let denied = two(&time, user, &["--context", "aws:CurrentTime=2026-01-01T00:00:00Z"]).exits(0).stdout;
    assert!(denied.starts_with("deny:"), "{denied}");
}

/// The role of a permission set has a path that its sessions do not say.
#[test]
fn the_path_of_a_permission_set_is_as_open_as_its_region() {
    let session = "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/alice";
    let deny = r#"{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"ArnNotLike": {"aws:PrincipalArn": "PATTERN"}}}"#;
    let start = "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com";
    for (path, decision, keys) in [
        ("*/AWSReservedSSO_Admin_*", "allow", json!([])),
        ("/*/AWSReservedSSO_Admin_*", "allow", json!(["aws:PrincipalArn"])),
        ("/AWSReservedSSO_ReadOnly_*", "deny", json!([])),
    ] {
        let statement = deny.replace("PATTERN", &format!("{start}{path}"));
        let answer = two(&statement, session, &["--format", "json"]).exits(0).json();
        assert_eq!((&answer["decision"], &answer["depends_on"]), (&json!(decision), &keys), "{path}");
    }
}

#[test]
fn what_iam_refuses_is_not_decided_by() {
    let statement = r#"{"Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::111111111111:user/terraform"}, "Action": "sts:AssumeRole"}"#;
    let ran = two(statement, "arn:aws:iam::111111111111:user/terraform", &[]).exits(1);
    assert!(ran.stderr.contains("a trust policy cannot hold `NotPrincipal`"), "{}", ran.stderr);
}

#[test]
fn the_nearest_miss_is_named() {
    let user = "arn:aws:iam::111111111111:user/terraform";
    let reason = |arguments: &[&str]| {
        let answer = one(user, &[arguments, &["--format", "json"]].concat()).exits(0).json();
        answer["reason"].as_str().expect("a text").to_owned()
    };
    assert!(reason(&["--external-id", "id-1"]).ends_with("would be allowed with MFA"));
    assert!(reason(&["--mfa"]).ends_with("would be allowed with the external ID `id-1`"));
    assert!(reason(&[]).ends_with("would be allowed with MFA and the external ID `id-1`"));
    assert!(reason(&["--mfa", "--external-id", "id-1"]).contains("taken as allowing"));
}

#[test]
fn a_matrix_tells_what_differs() {
    let case = edited();
    let answer = case.run(&["explain", "--format", "json"]).exits(2).json();
    assert_eq!(answer["ok"], false);
    let ok = |name: &str| {
        let targets = answer["targets"].as_array().expect("a list");
        targets.iter().find(|target| target["target"] == name).expect("a target")["ok"] == true
    };
    assert!(!ok("staging") && !ok("production") && ok("untouched"));
    case.run(&["explain", "--target", "untouched"]).exits(0);
    let ran = case.run(&["explain", "--target", "production", "--format", "json"]).exits(2).json();
    let rows = ran["targets"][0]["rows"].as_array().expect("rows").clone();
    let declared = rows.iter().find(|row| row["who"] == "user terraform").expect("a declared caller");
    assert_eq!((&declared["decision"], &declared["expected"]), (&json!("deny"), &json!("allow")));
}

/// A spec that moved on is judged by the text that `generate` would write, not by yesterday's.
#[test]
fn what_would_be_written_is_judged() {
    let case = Case::generated(SPEC);
    let spec =
        case.read("crossrole.yaml") + "    role: {external_id: 7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51}\n";
    case.write("crossrole.yaml", spec);
    assert!(case.run(&["explain"]).exits(0).stdout.contains("no external ID"));
}

#[test]
fn of_many_targets_only_the_surprising_are_shown() {
    let targets =
        (0..30).map(|n| format!("  - name: t-{n}\n    account_id: \"{:012}\"\n", 300_000_000_000_u64 + n));
    let spec = SPEC.split("targets:").next().expect("a start").to_owned()
        + "targets:\n"
        + &targets.collect::<String>();
    let case = Case::generated(&spec);
    let ran = case.run(&["explain"]).exits(0);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    assert!(case.run(&["explain", "-v"]).exits(0).stdout.lines().count() > 100);
    case.edit("accounts/t-7/bootstrap/trust-policy.json", "111111111111", "999999999999");
    let ran = case.run(&["explain"]).exits(2);
    assert!(
        ran.stdout.starts_with("t-7 (") && ran.stdout.contains("29 targets are as it should be"),
        "{}",
        ran.stdout
    );
}

#[test]
fn errors_say_where() {
    let case = Case::new(SPEC);
    let role = "arn:aws:iam::222222222222:role/Deploy";
    let user = "arn:aws:iam::111111111111:user/terraform";
    let explain = |policy: &str, more: &[&str]| {
        case.write("trust.json", policy);
        let fixed = ["explain", "--policy", "trust.json", "--role", role, "--principal", user];
        case.run(&[&fixed, more].concat())
    };
    explain("{\n  \"Version\": nonsense\n}", &[]).exits(1).says("trust.json:2:");
    explain("{\"Version\": \"2012-10-17\",\n \"Version\": \"2012-10-17\"}", &[])
        .exits(1)
        .says("stands here twice");
    explain("{\"Statement\": [{\"Sid\": \"A\", \"Effect\": \"allow\"}]}", &[])
        .exits(1)
        .says("statement `A`: `Effect`");
    let wrong = r#"{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:*", "Condition": {"StringEqual": {}}}]}"#;
    explain(wrong, &[]).exits(1).says("did you mean `StringEquals`?");
    explain(&TRUST.replace("\"Action\": \"*\"", "\"Action\": \"*\", \"Resource\": \"*\""), &[])
        .exits(1)
        .says("has no `Resource`");
    explain(TRUST, &["--identity-policy", "trust.json"]).exits(1).says("has no `Principal`");
    explain(TRUST, &["--identity-policy", "nowhere.json"])
        .exits(1)
        .says("cannot read the policy `nowhere.json`");
    for wrong in [
        &["--context", "no-value"][..],
        &["--action", "AssumeRole"],
        &["--format", "xml"],
        &["--spec", "crossrole.yaml"],
        &["--target", "staging"],
    ] {
        explain(TRUST, wrong).exits(64);
    }
    for wrong in [
        &["explain", "--policy", "trust.json"][..],
        &["explain", "--policy", "trust.json", "--role", role, "--principal", "terraform"],
        &["explain", "--policy", "trust.json", "--role", "Deploy", "--principal", user],
        &["explain", "--mfa"],
        &["explain", "--target", "nobody"],
    ] {
        case.run(wrong).exits(64);
    }
    case.run(&["explain", "-f", "nowhere.yaml"]).exits(1).says("cannot read the spec");
}
