//! What is tried, what is judged of it, and what is kept: with stand-ins for `aws` and `terraform`.

use super::stand_in::{SPEC, StandIn, of, steps};
use crate::support::{Case, run};

/// A user of whom the role demands MFA.
const MFA: &str = r#"version: 1
source:
  account_id: "111111111111"
  callers: [{kind: iam_user, name: terraform, mfa: true}]
targets: [{name: staging, account_id: "222222222222", role: {name: ByMfa}}]
"#;

#[test]
fn a_right_fleet_is_as_declared() {
    let fleet = StandIn::new(SPEC);
    let before = fleet.case.files();
    let ran = fleet.verify(&["--apply", "--format", "json", "--evidence", "evidence.json"]).exits(0);
    let evidence = ran.json();
    assert_eq!(fleet.case.read("evidence.json"), ran.stdout, "the file is what is printed");
    assert_eq!(of(&evidence, "staging")["outcome"], "as_declared");
    assert_eq!(of(&evidence, "theirs")["outcome"], "not_tried");
    assert_eq!(of(&evidence, "theirs")["reason"], "none of its roles lists this caller");
    assert_eq!(steps(&evidence, "theirs", "ok"), ["not_listed"]);
    let apply =
        ["assume", "identity", "without_external_id", "other_external_id", "undeclared_tag", "stranger"];
    let plan = ["assume", "identity", "undeclared_tag", "stranger", "read_only", "not_listed"];
    let root = ["init", "test", "apply", "found_in_target", "not_found_in_source", "destroy"];
    assert_eq!(steps(&evidence, "staging", "ok"), [apply, plan, root].concat());
    assert_eq!(evidence["complete"], true);
    assert_eq!(evidence["tools"]["terraform"], "1.11.4");
    assert_eq!(evidence["tools"]["aws_provider"], "6.1.0");
    assert_eq!(of(&evidence, "staging")["steps"][0]["request_id"], "request-1");
    assert_eq!(of(&evidence, "staging")["may_exist"], serde_json::json!([]));
    let calls = fleet.calls();
    assert!(calls.contains("backend \"local\" {}"), "{calls}");
    assert!(calls.contains("bucket = \"crossrole-verify-222222222222-"), "{calls}");
    assert!(calls.contains("terraform test -no-color -var=role=apply"), "{calls}");
    assert!(!calls.contains("-lockfile"), "{calls}");
    let mut after = fleet.case.files();
    after.remove("evidence.json");
    assert_eq!(after, before, "nothing of the repository was touched");
}

#[test]
fn the_schema_describes_the_evidence() {
    let fleet = StandIn::new(SPEC);
    let evidence = fleet.verify(&["--format", "json"]).exits(0).json();
    let schema = fleet.case.run(&["schema", "--evidence"]).exits(0).json();
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("evidence.json", schema).expect("it is a schema");
    let index = compiler.compile("evidence.json", &mut schemas).expect("it is a schema");
    schemas.validate(&evidence, index).expect("evidence is what the schema says");
    let mut other = evidence.clone();
    other["targets"][0]["outcome"] = "fine".into();
    assert!(schemas.validate(&other, index).is_err());
}

#[test]
fn every_fault_is_found_by_its_step() {
    for (fault, found) in [
        ("assume", "assume"),
        ("throttled", "assume"),
        ("identity", "identity"),
        ("without_external_id", "without_external_id"),
        ("other_external_id", "other_external_id"),
        ("undeclared_tag", "undeclared_tag"),
        ("stranger", "stranger"),
        ("read_only", "read_only"),
        ("not_listed", "not_listed"),
        ("init", "init"),
        ("test", "test"),
        ("apply", "apply"),
        ("found_in_target", "found_in_target"),
        ("not_found_in_source", "not_found_in_source"),
        ("destroy", "destroy"),
    ] {
        let fleet = StandIn::with(SPEC, fault);
        let ran = fleet.verify(&["--apply", "--only", "staging", "--format", "json"]).exits(2);
        let evidence = ran.json();
        assert_eq!(of(&evidence, "staging")["outcome"], "not_as_declared", "{fault}");
        let mut failed = steps(&evidence, "staging", "failed");
        failed.dedup();
        // Both roles have the fault, or the one that is about it.
        assert!(failed.iter().all(|step| *step == found), "{fault}: {failed:?}");
        assert!(!failed.is_empty(), "{fault}");
        let left = of(&evidence, "staging")["may_exist"].as_array().expect("a list").len();
        assert_eq!(left, usize::from(fault == "destroy"), "{fault} leaves something");
    }
}

/// Modules may lie anywhere in the repository, and a lock file is followed and never written.
#[test]
fn a_root_of_a_larger_repository_is_mirrored_in_it() {
    let fleet = StandIn::new(SPEC);
    let git = |arguments: &[&str]| {
        let run = std::process::Command::new("git").args(arguments).current_dir(fleet.case.root()).output();
        assert!(run.expect("there is git").status.success());
    };
    git(&["init", "-q"]);
    fleet.case.write("infra/crossrole.yaml", SPEC);
    fleet.case.write("shared/main.tf", "# Everybody's.\n");
    fleet.case.run(&["generate", "-q", "-f", "infra/crossrole.yaml"]).exits(0);
    fleet.case.write("infra/accounts/staging/workload/.terraform.lock.hcl", "# locked\n");
    let before = fleet.case.files();
    let arguments = ["-f", "infra/crossrole.yaml", "--only", "staging"];
    let looks_for = "../../../../shared/main.tf";
    run(fleet.command(&arguments).env("LOOKS_FOR", looks_for)).exits(0);
    assert!(fleet.calls().contains("-lockfile=readonly"));
    assert_eq!(fleet.case.files(), before);
    run(fleet.command(&arguments).env("LOOKS_FOR", "../../../../../shared/main.tf")).exits(2);
}

/// A refusal proves nothing of a role that lets nobody in.
#[test]
fn what_would_prove_nothing_is_skipped() {
    let fleet = StandIn::with(SPEC, "assume");
    let evidence = fleet.verify(&["--format", "json"]).exits(2).json();
    assert!(steps(&evidence, "staging", "skipped").contains(&"without_external_id"));
    assert!(steps(&evidence, "staging", "skipped").contains(&"test"));
    assert!(!fleet.calls().contains("terraform init"));
}

#[test]
fn a_role_that_iam_has_not_heard_of_is_tried_again() {
    let fleet = StandIn::with(SPEC, "late");
    run(&mut fleet.command(&["--wait", "30"])).exits(0);
    let fleet = StandIn::with(SPEC, "late");
    fleet.verify(&[]).exits(2);
}

#[test]
fn results_are_told_to_people_and_to_ci() {
    let fleet = StandIn::with(SPEC, "without_external_id");
    let ran = fleet.verify(&[]).exits(2);
    let found = "not as declared: refused without the external ID: expected refused, got allowed\n  staging (222222222222): arn:aws:iam::222222222222:role/Apply\n";
    assert!(ran.stdout.contains(found), "{}", ran.stdout);
    let summary = "0 of 2 targets are as declared, 1 not as declared, 1 not tried\n";
    assert!(ran.stdout.ends_with(summary), "{}", ran.stdout);
    assert!(ran.stderr.contains("staging: not as declared ("), "{}", ran.stderr);
    assert_eq!(fleet.verify(&["-q"]).exits(2).stderr, "");
    let ran = fleet.verify(&["--format", "junit"]).exits(2);
    let suite = "<testsuite name=\"staging\" tests=\"14\" failures=\"1\" skipped=\"1\"";
    assert!(ran.stdout.contains(suite), "{}", ran.stdout);
    assert!(ran.stdout.contains("<failure message=\"expected refused, got allowed\">"), "{}", ran.stdout);
}

/// What is wrong of many is said once.
#[test]
fn the_same_failure_of_many_targets_is_one() {
    let target = |n| format!("  - {{name: t{n}, account_id: \"222222222{n}\"}}\n");
    let targets = (100..140).map(target).collect::<Vec<_>>().concat();
    let spec = format!(
        "version: 1\nsource:\n  account_id: \"111111111111\"\n  callers: [{{kind: iam_user, name: terraform}}]\ntargets:\n{targets}"
    );
    let ran = StandIn::with(&spec, "assume").verify(&["--jobs", "8", "--evidence", "e.json"]).exits(2);
    assert!(ran.stdout.contains("\n  and 35 more\n"), "{}", ran.stdout);
    assert!(ran.stdout.lines().count() < 20, "{}", ran.stdout);
}

#[test]
fn credentials_are_neither_kept_nor_shown() {
    let fleet = StandIn::with(SPEC, "test").and("AWS_SECRET_ACCESS_KEY", "secret-of-the-user");
    let ran = fleet.verify(&["-v", "--apply", "--format", "json", "--evidence", "e.json"]).exits(2);
    let everything = [ran.stdout, ran.stderr, fleet.case.read("e.json"), fleet.calls()].concat();
    assert!(everything.contains("it is in the wrong place"), "{everything}");
    for secret in ["secret-of", "token-of-the-session", "THESESSION", "THEKEYOFTHEUSER", "IOSFODNN7EXAMPLE"] {
        assert!(!everything.contains(secret), "{secret}: {everything}");
    }
}

#[test]
fn only_declared_callers_verify() {
    let stranger = "arn:aws:iam::111111111111:user/ada";
    let ran = StandIn::new(SPEC).and("ARN", stranger).verify(&["--evidence", "e.json"]).exits(4);
    let ran = ran.says("is not a caller that the spec declares").says("terraform (the user's access key");
    assert_eq!(ran.stdout, "");
    let elsewhere = StandIn::new(SPEC).and("ACCOUNT", "999999999999");
    elsewhere.verify(&[]).exits(4);
}

#[test]
fn a_key_without_mfa_is_to_be_refused() {
    let fleet = StandIn::new(MFA);
    let ran = fleet.verify(&["--format", "json"]).exits(2);
    let evidence = ran.json();
    assert_eq!(of(&evidence, "staging")["outcome"], "not_tried", "it was not entered");
    assert_eq!(steps(&evidence, "staging", "ok"), ["without_mfa"]);
    let fleet = StandIn::with(MFA, "without_mfa");
    let evidence = fleet.verify(&["--format", "json"]).exits(2).json();
    assert_eq!(steps(&evidence, "staging", "failed"), ["without_mfa"]);
    let fleet = StandIn::new(MFA).and("AWS_ACCESS_KEY_ID", "ASIAX").and("AWS_SESSION_TOKEN", "with-mfa");
    let evidence = fleet.verify(&["--format", "json"]).exits(0).json();
    assert_eq!(steps(&evidence, "staging", "skipped"), ["without_mfa"]);
}

#[test]
fn programs_are_those_of_path_and_never_of_the_repository() {
    let case = Case::generated(SPEC);
    for name in ["aws", "terraform"] {
        case.write(&format!("bin/{name}"), "#!/bin/sh\necho taken >taken\n");
        std::process::Command::new("chmod")
            .arg("+x")
            .arg(case.at(&format!("bin/{name}")))
            .status()
            .expect("it runs");
    }
    let ran = run(case.crossrole().arg("verify").env("PATH", "bin:.")).exits(1);
    ran.says("`aws` was not found on PATH");
    assert!(!case.at("taken").exists());
}

#[test]
fn only_evidence_is_replaced() {
    let fleet = StandIn::new(SPEC);
    fleet.verify(&["--evidence", "crossrole.yaml"]).exits(4).says("is not evidence of `crossrole verify`");
    assert_eq!(fleet.case.read("crossrole.yaml"), SPEC);
    fleet.verify(&["--evidence", "e.json"]).exits(0);
    fleet.verify(&["--evidence", "e.json", "--only", "staging"]).exits(0);
    assert!(!fleet.case.read("e.json").contains("theirs"));
}

#[test]
fn the_bucket_can_be_kept() {
    let fleet = StandIn::new(SPEC);
    let ran = fleet.verify(&["--apply", "--keep", "--evidence", "e.json"]).exits(0);
    assert!(ran.stdout.contains("may still exist: bucket `crossrole-verify-222222222222-"), "{}", ran.stdout);
    assert!(!fleet.calls().contains("terraform destroy"));
    fleet.verify(&["--keep"]).exits(64);
}
