//! A page for the owner of one account has nothing of anybody else on it.

use crate::oracle::oracle;
use crate::support::{Case, commit_all};

/// Three customers, each with a caller, an id, a waiver and a finding of its own.
const CUSTOMERS: &str = r#"version: 1
source:
  name: vendor
  account_id: "111111111111"
  callers:
    - {id: for-acme, kind: role, name: collect/acme-reader}
    - {id: for-globex, kind: role, name: collect/globex-reader}
    - {id: for-initech, kind: github_actions, repository: vendor/initech-sync, environment: live}
defaults: {ownership: third_party, region: eu-west-1, verification: {enabled: false}}
targets:
  - name: acme
    account_id: "222222222222"
    role: {name: AcmeAccess, callers: [for-acme], external_id: acme-0c5f3a52-66a1}
  - name: globex
    account_id: "333333333333"
    role: {name: GlobexAccess, callers: [for-globex], external_id: globex-5a0d6f6e-0b8b}
  - name: initech
    account_id: "444444444444"
    role: {name: InitechAccess, callers: [for-initech], external_id: initech-e8f7c1de-2a75}
waivers:
  - {id: CR096, target: globex, reason: "globex decides", expires: 2090-01-01}
  - {id: CR096, target: acme, reason: "acme decides, as globex (333333333333) does", expires: 2090-01-01}
"#;

/// What only the others would have.
const OTHERS: [&str; 7] =
    ["globex", "initech", "333333333333", "444444444444", "GlobexAccess", "0d6f6e", "InitechAccess"];

#[track_caller]
fn is_for_acme_alone(text: &str) {
    assert!(text.contains("acme") && text.contains("222222222222"), "{text}");
    for other in OTHERS {
        assert!(!text.to_lowercase().contains(&other.to_lowercase()), "`{other}` is on the page:\n{text}");
    }
}

#[test]
fn no_other_customer_is_on_the_page() {
    let case = Case::generated(CUSTOMERS);
    for format in ["html", "markdown", "json"] {
        is_for_acme_alone(&case.run(&["report", "--only", "acme", "--format", format]).exits(0).stdout);
    }
    // An edit lets one customer into the account of another.
    let trust = "accounts/acme/bootstrap/trust-policy.json";
    case.edit(
        trust,
        "\"arn:aws:iam::111111111111:role/collect/acme-reader\"",
        "[\"333333333333\", \"arn:aws:iam::111111111111:role/collect/acme-reader\"]",
    );
    for format in ["html", "markdown", "json"] {
        is_for_acme_alone(&case.run(&["report", "--only", "acme", "--format", format]).exits(0).stdout);
    }
    let json = case.run(&["report", "--only", "acme", "--format", "json"]).exits(0).json();
    assert_eq!(json["verdict"], "differs", "and that somebody is let in is said");
}

#[test]
fn nor_is_one_in_what_has_changed() {
    if oracle("git").is_none() {
        return;
    }
    let case = Case::generated(CUSTOMERS);
    commit_all(case.root());
    for name in ["acme", "globex"] {
        let trust = format!("accounts/{name}/bootstrap/trust-policy.json");
        case.edit(
            &trust,
            "\"arn:aws:iam::111111111111:role/collect/",
            "\"arn:aws:iam::333333333333:role/collect/globex-",
        );
    }
    for format in ["html", "markdown", "json"] {
        let arguments = ["report", "--only", "acme", "--since", "HEAD", "--format", format];
        is_for_acme_alone(&case.run(&arguments).exits(0).stdout);
    }
}

#[test]
fn nor_is_one_in_what_was_tried() {
    let case = Case::generated(CUSTOMERS);
    let step = |arn: &str, seen: &str| {
        serde_json::json!({"step": "assume", "role_arn": arn, "expected": "allowed", "seen": seen, "outcome": "failed",
            "detail": "as in globex (333333333333)", "started": "2026-11-30T10:00:00Z", "duration_ms": 5})
    };
    let target = |name: &str, account: &str| {
        serde_json::json!({"name": name, "account_id": account, "outcome": "not_as_declared",
            "steps": [step(&format!("arn:aws:iam::{account}:role/R"), "refused, like initech")],
            "may_exist": [{"kind": "aws_s3_bucket", "name": format!("bucket-{name}"), "account_id": account}]})
    };
    let evidence = serde_json::json!({"version": 1, "crossrole": "0.1.0", "tools": {"terraform": "1.16.0", "aws": "2.0.0"},
        "spec": {"file": "crossrole.yaml", "sha256": "0"},
        "caller": {"arn": "arn:aws:iam::111111111111:role/collect/globex-reader", "account_id": "111111111111", "id": "for-globex"},
        "started": "2026-11-30T10:00:00Z", "ended": null, "complete": false,
        "targets": [target("acme", "222222222222"), target("globex", "333333333333")]});
    case.write("globex.json", evidence.to_string());
    for format in ["html", "markdown", "json"] {
        let arguments = ["report", "--only", "acme", "--evidence", "globex.json", "--format", format];
        is_for_acme_alone(&case.run(&arguments).exits(0).stdout);
    }
}
