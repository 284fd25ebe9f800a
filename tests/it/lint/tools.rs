//! Other tools that look for weak policies, run as their makers say: what each reports, by name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::oracle::oracle;
use crate::support::temporary;

/// Ids by the name of what they are about.
pub(super) type Found = BTreeMap<String, BTreeSet<String>>;

/// A policy of a name; several may have the same.
pub(super) struct Document {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) policy: Value,
}

/// What a policy says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Who can assume a role.
    Trust,
    /// What somebody may do.
    Identity,
}

/// Where the tools are.
pub(super) struct Programs {
    checkov: PathBuf,
    cfn_lint: PathBuf,
    iam_validator: PathBuf,
}

impl Programs {
    /// All of them, or none.
    pub(super) fn find() -> Option<Self> {
        let (checkov, cfn_lint, iam_validator) =
            (oracle("checkov"), oracle("cfn-lint"), oracle("iam-validator"));
        Some(Self { checkov: checkov?, cfn_lint: cfn_lint?, iam_validator: iam_validator? })
    }

    /// Terraform below a folder; the first part of a path is the name.
    pub(super) fn checkov(&self, folder: &Path) -> Found {
        let mut command = Command::new(&self.checkov);
        command.args([
            "--framework",
            "terraform",
            "--skip-download",
            "--quiet",
            "--compact",
            "--output",
            "json",
        ]);
        let report = output(command.arg("--directory").arg(folder));
        let mut found = Found::new();
        for check in list(&report["results"]["failed_checks"]) {
            let path = check["file_path"].as_str().unwrap_or_default().trim_start_matches('/');
            let name = stem(path.split('/').next().unwrap_or_default());
            found.entry(name).or_default().insert(text(&check["check_id"]));
        }
        found
    }

    /// Policies in resources of CloudFormation.
    pub(super) fn cfn_lint(&self, documents: &[Document]) -> Found {
        let folder = temporary();
        let paths: Vec<PathBuf> = documents
            .iter()
            .enumerate()
            .map(|(index, Document { name, kind, policy })| {
                let (of, argument) = match kind {
                    Kind::Trust => ("AWS::IAM::Role", "AssumeRolePolicyDocument"),
                    Kind::Identity => ("AWS::IAM::ManagedPolicy", "PolicyDocument"),
                };
                let template = json!({
                    "AWSTemplateFormatVersion": "2010-09-09",
                    "Resources": { "Own": { "Type": of, "Properties": { argument: policy } } },
                });
                let path = folder.path().join(format!("{name}.{index}.json"));
                fs::write(&path, format!("{template:#}\n")).expect("a file");
                path
            })
            .collect();
        let mut command = Command::new(&self.cfn_lint);
        let report = output(command.args(["--format", "json", "--include-checks", "I", "--"]).args(paths));
        let mut found = Found::new();
        for entry in list(&report) {
            found.entry(name_of(&entry["Filename"])).or_default().insert(text(&entry["Rule"]["Id"]));
        }
        found
    }

    /// Policies by themselves.
    pub(super) fn iam_validator(&self, documents: &[Document]) -> Found {
        let services = temporary();
        reference(services.path());
        let mut found = Found::new();
        for (kind, option) in [(Kind::Trust, "TRUST_POLICY"), (Kind::Identity, "IDENTITY_POLICY")] {
            let folder = temporary();
            for (index, document) in
                documents.iter().enumerate().filter(|(_, document)| document.kind == kind)
            {
                let path = folder.path().join(format!("{}.{index}.json", document.name));
                fs::write(path, format!("{:#}\n", document.policy)).expect("a file");
            }
            if !documents.iter().any(|document| document.kind == kind) {
                continue;
            }
            let mut command = Command::new(&self.iam_validator);
            command.args(["validate", "--policy-type", option, "--format", "json", "--aws-services-dir"]);
            let report = output(command.arg(services.path()).arg("--path").arg(folder.path()));
            for result in list(&report["results"]) {
                let issues = list(&result["issues"]);
                let ids = issues.iter().map(|issue| text(&issue["issue_type"]));
                found.entry(name_of(&result["policy_file"])).or_default().extend(ids);
            }
        }
        found
    }
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

fn output(command: &mut Command) -> Value {
    let output = command.output().expect("the tool can be started");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let start = text.find(['{', '[']).unwrap_or(text.len());
    serde_json::from_str(&text[start..])
        .unwrap_or_else(|error| panic!("{error}: {text}\n{}", String::from_utf8_lossy(&output.stderr)))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn stem(path: &str) -> String {
    Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The name of the policy in a file `NAME.INDEX.json`.
fn name_of(path: &Value) -> String {
    stem(&stem(path.as_str().unwrap_or_default()))
}
