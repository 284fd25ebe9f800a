//! Other tools on the same policies: `docs/lint-compared.md` is what they print today.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use crossrole::lint::rules;
use serde_json::Value;

use super::tools::{Document, Found, Kind, Programs};
use super::{compared_set, findings, ids};
use crate::support::{compare, no_complaints, repository, temporary};

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

Whether both sides fit cannot be seen in one policy, and is in no table: a provider that does not send the external ID
that the role asks for (CR026), a session longer than the role or a chain allows (CR040, CR041), tags and source identities
that one side does not allow (CR050, CR051), a caller without the right to assume the role (CR067).
";

/// What other tools report where we report nothing of the kind, and why we do not.
const REASONS: &[(&str, &str)] = &[
    (
        "CKV_AWS_61",
        "any account as a principal, whatever its conditions. CR011 is silent where an external ID, MFA, the organization or `aws:PrincipalArn` narrows it down",
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

/// Each of the thirty as what the tools read.
fn of_policies(programs: &Programs) -> [Found; 3] {
    let folder = temporary();
    let policies = policies();
    for (name, policy) in &policies {
        let text = format!(
            "resource \"aws_iam_role\" \"{name}\" {{\n  assume_role_policy = <<EOT\n{policy:#}\nEOT\n}}\n"
        );
        fs::write(folder.path().join(format!("{name}.tf")), text).expect("a file");
    }
    let trust: Vec<Document> =
        policies.into_iter().map(|(name, policy)| Document { name, kind: Kind::Trust, policy }).collect();
    [programs.checkov(folder.path()), programs.cfn_lint(&trust), programs.iam_validator(&trust)]
}

#[test]
fn the_page_says_what_the_tools_print() {
    let Some(programs) = Programs::find() else { return };
    let others = of_policies(&programs);
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
    page.push_str(&compared_set::section(&programs));
    no_complaints(
        &compare(&repository("docs/lint-compared.md"), &page).err().into_iter().collect::<Vec<_>>(),
    );
}
