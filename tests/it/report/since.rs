//! What has changed since a commit, in real repositories.

use crate::oracle::oracle;
use crate::support::{Case, GUARDED, SPEC, commit_all};

/// The trust policy of the one target.
const TRUST: &str = "accounts/staging/bootstrap/trust-policy.json";

fn words(json: &serde_json::Value, key: &str) -> String {
    json["changes"][key].to_string()
}

#[test]
fn wider_and_narrower_are_told_apart() {
    if oracle("git").is_none() {
        return;
    }
    let case = Case::generated(GUARDED);
    commit_all(case.root());
    let json = case.run(&["report", "--since", "HEAD", "--format", "json"]).exits(0).json();
    assert_eq!([words(&json, "widened"), words(&json, "narrowed")], ["[]", "[]"], "{json:#}");

    case.edit(TRUST, "\"aws:MultiFactorAuthPresent\": \"true\"", "\"aws:MultiFactorAuthPresent\": \"false\"");
    let json = case.run(&["report", "--since", "HEAD", "--format", "json"]).exits(0).json();
    assert!(words(&json, "widened").contains("MFA"), "{json:#}");
    assert!(words(&json, "widened").contains("staging"), "{json:#}");

    commit_all(case.root());
    case.edit(TRUST, "\"aws:MultiFactorAuthPresent\": \"false\"", "\"aws:MultiFactorAuthPresent\": \"true\"");
    let json = case.run(&["report", "--since", "HEAD", "--format", "json"]).exits(0).json();
    assert!(words(&json, "narrowed").contains("MFA"), "{json:#}");
}

#[test]
fn new_targets_and_callers_are_named() {
    if oracle("git").is_none() {
        return;
    }
    let case = Case::generated(SPEC);
    commit_all(case.root());
    let more = "  - {name: production, account_id: \"333333333333\"}\n";
    case.write(
        "crossrole.yaml",
        format!("{SPEC}{more}").replace(
            "  account_id: \"111111111111\"\n",
            "  account_id: \"111111111111\"\n  callers: [{kind: role, name: ci}]\n",
        ),
    );
    case.run(&["generate", "--accept-trust-change"]);
    let json = case.run(&["report", "--since", "HEAD", "--format", "json"]).exits(0).json();
    assert_eq!(json["changes"]["added"][0], "production", "{json:#}");
    assert!(words(&json, "callers_added").contains("role ci"), "{json:#}");
    let limited = case.run(&["report", "--since", "HEAD", "--only", "staging"]).exits(0).stdout;
    assert!(!limited.contains("production") && !limited.contains("333333333333"), "{limited}");
}

/// Nothing is checked out, no program of the repository runs, and a name of a commit is no option.
#[test]
fn a_repository_is_only_read() {
    if oracle("git").is_none() {
        return;
    }
    let case = Case::generated(SPEC);
    commit_all(case.root());
    let before = case.files();
    for name in ["--output=x", "-x", "HEAD:crossrole.yaml", "nobody", "HEAD^{tree}"] {
        let since = format!("--since={name}");
        case.run(&["report", &since]).exits(64).says("there is no commit");
    }
    case.run(&["report", "--since", "HEAD"]).exits(0);
    assert_eq!(case.files(), before);
    let outside = Case::generated(SPEC);
    outside.run(&["report", "--since", "HEAD"]).exits(64).says("is not in a git repository");
}
