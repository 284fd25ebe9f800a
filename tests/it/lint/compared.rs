//! Other tools on the same policies: `docs/lint-compared.md` is what they print today.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crossrole::lint::rules;
use serde_json::{Value, json};

use super::{findings, ids};
use crate::oracle::oracle;
use crate::support::{compare, no_complaints, repository, temporary};

/// Ids by policy.
type Found = BTreeMap<String, BTreeSet<String>>;

const INTRODUCTION: &str = "\
# What other tools find

Thirty trust policies that should not be, in `tests/it/lint/compared`, and what each tool says of them: `crossrole lint`
of the policies themselves; checkov 3.3.30 of each in an `aws_iam_role`; cfn-lint 1.51.0 of each in an `AWS::IAM::Role`;
iam-policy-validator 1.31.4 with `--policy-type TRUST_POLICY`, and with a reference that holds what these policies name,
since its own is on the network. This page is made by a test (`BLESS=1 cargo test compared`). AWS's own IAM Access Analyzer is not in it: it needs an account.

";

const DIFFERENCES: &str = "
## What they find that `crossrole lint` does not

";

const OURS: &str = "
## What only `crossrole lint` finds

Nothing above says anything of MFA that a role can never show (CR030) or that long-term keys pass without (CR031), of a
subject that every branch or pull request matches (CR082), of names that others can take over (CR085), of plans with the
rights of an apply (CR087), of claims of another host (CR088), or of external ids that can be guessed or matched (CR022,
CR025).

Whether both sides fit cannot be seen in one policy, and is in no table: a provider that does not send the external id
that the role asks for (CR026), a session longer than the role or a chain allows (CR040, CR041), tags and source identities
that one side does not allow (CR050, CR051), a caller without the right to assume the role (CR067).
";

/// What other tools report where we report nothing of the kind, and why we do not.
const REASONS: &[(&str, &str)] = &[
    (
        "CKV_AWS_61",
        "any account as a principal, whatever its conditions. CR011 is silent where an external id, MFA, the organization or `aws:PrincipalArn` narrows it down",
    ),
    (
        "missing_condition",
        "any statement without a condition. A user or role that is named needs none, and what else such a statement lacks has a finding of its own",
    ),
    ("missing_principal", "follows from `NotPrincipal`, which is CR015"),
    ("invalid_not_principal", "the form of an element that cannot be there at all, which is CR015"),
    (
        "invalid_condition_key",
        "a claim that AWS does not compare. CR080 and CR084 say what comes of it; a list of all keys would be out of date with the next service",
    ),
    (
        "forallvalues_allow_without_null_check",
        "the same as CR084: with a `Null` test beside it the operator would do no harm, and no good",
    ),
];

fn policies() -> Vec<(String, Value)> {
    let folder = fs::read_dir(repository("tests/it/lint/compared")).expect("a folder");
    let mut policies: Vec<_> = folder
        .map(|entry| {
            let path = entry.expect("a file").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, serde_json::from_str(&fs::read_to_string(path).expect("a text")).expect("JSON"))
        })
        .collect();
    policies.sort_by(|left, right| left.0.cmp(&right.0));
    policies
}

fn output(command: &mut Command) -> Value {
    let output = command.output().expect("the tool can be started");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let start = text.find(['{', '[']).unwrap_or(text.len());
    serde_json::from_str(&text[start..])
        .unwrap_or_else(|error| panic!("{error}: {text}\n{}", String::from_utf8_lossy(&output.stderr)))
}

fn stem(path: &str) -> String {
    Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn checkov(program: &Path) -> Found {
    let folder = temporary();
    for (name, policy) in policies() {
        let text = format!(
            "resource \"aws_iam_role\" \"{name}\" {{\n  assume_role_policy = <<EOT\n{policy:#}\nEOT\n}}\n"
        );
        fs::write(folder.path().join(format!("{name}.tf")), text).expect("a file");
    }
    let mut command = Command::new(program);
    command.args([
        "--framework",
        "terraform",
        "--skip-download",
        "--quiet",
        "--compact",
        "--output",
        "json",
        "--directory",
    ]);
    let report = output(command.arg(folder.path()));
    let failed = report["results"]["failed_checks"].as_array().cloned().unwrap_or_default();
    let mut found = Found::new();
    for check in failed {
        let name = stem(check["file_path"].as_str().unwrap_or_default());
        found.entry(name).or_default().insert(check["check_id"].as_str().unwrap_or_default().to_owned());
    }
    found
}

fn cfn_lint(program: &Path) -> Found {
    let folder = temporary();
    for (name, policy) in policies() {
        let template = json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": { "Role": { "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument": policy } } },
        });
        fs::write(folder.path().join(format!("{name}.json")), format!("{template:#}\n")).expect("a file");
    }
    let mut command = Command::new(program);
    command.args(["--format", "json", "--include-checks", "I", "--"]);
    command.args(policies().iter().map(|(name, _)| folder.path().join(format!("{name}.json"))));
    let mut found = Found::new();
    for entry in output(&mut command).as_array().cloned().unwrap_or_default() {
        let name = stem(entry["Filename"].as_str().unwrap_or_default());
        found.entry(name).or_default().insert(entry["Rule"]["Id"].as_str().unwrap_or_default().to_owned());
    }
    found
}

/// The tool asks AWS for a reference of all services; here it gets what these policies name.
fn reference(folder: &Path) {
    let keys = ["sts:ExternalId", "sts:RoleSessionName", "sts:SourceIdentity", "sts:TransitiveTagKeys"];
    let action =
        |name: &str| json!({ "Name": name, "ActionConditionKeys": keys, "Resources": [{ "Name": "role" }] });
    let actions = ["AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"].map(action);
    let key = |name: &str| json!({ "Name": name, "Types": ["String"] });
    let services = ["sts", "iam", "s3", "ec2", "lambda"];
    let list =
        services.map(|name| json!({ "service": name, "url": format!("https://localhost/{name}.json") }));
    fs::write(folder.join("_services.json"), Value::from(list.to_vec()).to_string()).expect("a file");
    for name in services {
        let actions = if name == "sts" { actions.to_vec() } else { Vec::new() };
        let text = json!({ "Name": name, "Version": "v1.4", "Actions": actions, "Resources": [{
            "Name": "role", "ARNFormats": ["arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}"],
        }], "ConditionKeys": keys.map(key) });
        fs::write(folder.join(format!("{name}.json")), text.to_string()).expect("a file");
    }
}

fn iam_validator(program: &Path) -> Found {
    let folder = temporary();
    reference(folder.path());
    let mut command = Command::new(program);
    command.args(["validate", "--policy-type", "TRUST_POLICY", "--format", "json", "--aws-services-dir"]);
    command.arg(folder.path()).arg("--path").arg(repository("tests/it/lint/compared"));
    let report = output(&mut command);
    let mut found = Found::new();
    for result in report["results"].as_array().cloned().unwrap_or_default() {
        let name = stem(result["policy_file"].as_str().unwrap_or_default());
        for issue in result["issues"].as_array().cloned().unwrap_or_default() {
            let id = issue["issue_type"].as_str().unwrap_or_default();
            found.entry(name.clone()).or_default().insert(id.to_owned());
        }
    }
    found
}

#[test]
fn the_page_says_what_the_tools_print() {
    let checkov_program = oracle("checkov");
    let cfn_program = oracle("cfn-lint");
    let validator_program = oracle("iam-validator");
    let (Some(checkov_program), Some(cfn_program), Some(validator_program)) =
        (checkov_program, cfn_program, validator_program)
    else {
        return;
    };
    let others = [checkov(&checkov_program), cfn_lint(&cfn_program), iam_validator(&validator_program)];
    let mut page = INTRODUCTION.to_owned();
    page.push_str("| policy | crossrole | checkov | cfn-lint | iam-policy-validator |\n| --- | --- | --- | --- | --- |\n");
    let list = |ids: Option<&BTreeSet<String>>| match ids {
        Some(ids) if !ids.is_empty() => ids.iter().cloned().collect::<Vec<_>>().join(", "),
        _ => "-".to_owned(),
    };
    let folder = repository("tests/it/lint/compared");
    for (name, _) in policies() {
        let ours: BTreeSet<String> = ids(&findings(&folder, &format!("{name}.json"))).into_iter().collect();
        let theirs: Vec<String> = others.iter().map(|found| list(found.get(&name))).collect();
        _ = writeln!(page, "| {name} | {} | {} |", list(Some(&ours)), theirs.join(" | "));
    }
    page.push_str(DIFFERENCES);
    for (what, why) in REASONS {
        _ = writeln!(page, "- `{what}`: {why}.");
    }
    let reported: BTreeSet<&String> = others.iter().flat_map(BTreeMap::values).flatten().collect();
    for id in reported {
        let is_ours = rules().iter().any(|rule| rule.see.iter().any(|(_, other)| other == id));
        assert!(is_ours || REASONS.iter().any(|(what, _)| what == id), "{id} is neither ours nor explained");
    }
    page.push_str(OURS);
    no_complaints(
        &compare(&repository("docs/lint-compared.md"), &page).err().into_iter().collect::<Vec<_>>(),
    );
}
