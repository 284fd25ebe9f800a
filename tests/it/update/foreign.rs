//! A record that somebody edited deletes nothing that crossrole cannot have written.

use std::fmt::Write as _;

use super::v2_with;
use crate::support::{Case, SPEC};

const RECORD: &str = ".crossrole/units/shared.yaml";

/// Adds a file with its very text to the record of what all share.
fn listed(case: &Case, path: &str) {
    let text = serde_json::Value::from(case.read(path));
    let mut record = case.read(RECORD);
    _ = write!(record, "  - path: {path}\n    template: x\n    policy: merge\n    text: {text}\n");
    case.write(RECORD, record);
}

#[test]
fn what_is_not_ours_is_not_deleted() {
    let policies = "    role:\n      inline_policies:\n        read: accounts/staging/bootstrap/outputs.tf\n";
    let policies = policies.replace("accounts/staging/bootstrap/outputs.tf", "source/main.json");
    let statement = r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#;
    let policy = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}\n");
    let case = Case::new(&format!("{SPEC}{policies}"));
    case.write("source/main.json", policy);
    case.write("README.md", "mine\n");
    case.write("accounts/staging/workload/own.tf", "# Mine.\n");
    case.run(&["generate"]).exits(0);
    let record = case.read(RECORD);
    for path in ["crossrole.yaml", "source/main.json", "README.md", "accounts/staging/workload/own.tf"] {
        case.write(RECORD, &record);
        listed(&case, path);
        let before = case.files();
        for command in ["generate", "check", "update"] {
            let ran = case.run(&[command]).exits(4);
            ran.says(&format!("lists `{path}`, which crossrole did not write")).says(RECORD);
        }
        case.run(&["generate", "--conflict", "theirs"]).exits(4);
        assert_eq!(case.files(), before);
    }
}

/// Even templates that may have written anything did not write what is read to render them.
#[test]
fn what_is_read_is_kept_from_other_templates_too() {
    let case = Case::generated(SPEC);
    v2_with(&case, "workload/providers.tf.tera", |text| format!("# New.\n{text}"));
    for path in ["crossrole.yaml", "v2/pack.yaml"] {
        let record = case.read(RECORD);
        listed(&case, path);
        case.run(&["update", "--templates", "v2"]).exits(4).says(path);
        case.write(RECORD, record);
    }
    case.run(&["update", "--templates", "v2"]).exits(0);
}
