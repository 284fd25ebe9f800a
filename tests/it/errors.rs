//! Every mistake in a spec has one message, and this is what it looks like: the cases of
//! `snapshots/error`, each a spec and the whole of stderr behind a line with the exit code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::{Ran, cases, compare, crossrole, name, no_complaints, repository, run, temporary};

/// Fewer cases than this, and some were lost.
const LEAST_CASES: usize = 90;

/// Specs that are better made than kept.
fn made() -> Vec<(&'static str, String)> {
    let head = "version: 1\nsource: {account_id: \"111111111111\"}\ntargets:\n";
    let many = |count: usize, item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<String>();
    let callers = many(60, &|n| {
        format!("    - {{kind: role, name: deployers-of-the-platform-team/role-number-{n}}}\n")
    });
    let callers_200 = many(200, &|n| {
        format!("    - {{kind: role, name: deployers-of-the-platform-team/role-number-{n}}}\n")
    });
    let targets =
        many(1500, &|n| format!("  - {{name: account-{n}, account_id: \"{:012}\"}}\n", 222_222_220_000 + n));
    let policies = many(21, &|n| format!("        - arn:aws:iam::aws:policy/Policy{n}\n"));
    let narrow = many(11, &|n| format!("        - arn:aws:iam::aws:policy/Policy{n}\n"));
    let actions = many(600, &|n| format!("              - service:ActionNumber{n}\n"));
    let role = format!("{head}  - name: staging\n    account_id: \"222222222222\"\n    role:\n");
    let session = format!("{head}  - name: staging\n    account_id: \"222222222222\"\n    session:\n");
    let policy = |actions: &str| {
        format!(
            "Statement:\n            - Effect: Allow\n              Resource: \"*\"\n              Action:\n{actions}"
        )
    };
    vec![
        ("nested-100000-deep", format!("{head}  - name: {}", "[".repeat(100_000))),
        ("nested-block-deep", many(100, &|n| format!("{}a:\n", " ".repeat(n)))),
        ("CR062-too-many-policies", format!("{role}      policy_arns:\n{policies}")),
        ("CR053-too-many-session-policies", format!("{session}      policy_arns:\n{narrow}")),
        (
            "CR053-session-policy-too-long",
            format!("{session}      policy:\n        {}", policy(&actions).replace("\n    ", "\n")),
        ),
        (
            "CR064-inline-policies-too-long",
            format!("{role}      inline_policies:\n        everything:\n          {}", policy(&actions)),
        ),
        (
            "CR063-trust-too-long",
            format!(
                "version: 1\nsource:\n  account_id: \"111111111111\"\n  callers:\n{callers_200}targets:\n  - {{name: staging, account_id: \"222222222222\"}}\n"
            ),
        ),
        (
            "CR063-trust-long",
            format!(
                "version: 1\nsource:\n  account_id: \"111111111111\"\n  callers:\n{callers}targets:\n  - {{name: staging, account_id: \"222222222222\"}}\n"
            ),
        ),
        ("CR064-too-many-roles", format!("{head}{targets}")),
        (
            "CR052-too-many-tags",
            format!("{role}      tags:\n{}", many(51, &|n| format!("        key-{n}: value\n"))),
        ),
    ]
}

#[test]
fn every_mistake_has_its_message() {
    let made = made();
    let kept = cases("snapshots/error");
    let kept = kept.iter().filter(|case| !made.iter().any(|(made, _)| *made == name(case)));
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    for case in kept {
        seen.insert(name(case));
        complaints.extend(check(case, case));
    }
    for (name, spec) in &made {
        let folder = temporary();
        fs::write(folder.path().join("spec.yaml"), spec).expect("a spec");
        seen.insert((*name).to_owned());
        complaints.extend(check(&repository("snapshots/error").join(name), folder.path()));
    }
    no_complaints(&complaints);
    assert!(seen.len() >= LEAST_CASES, "only {} cases", seen.len());
}

/// Runs one case in its folder, and says how what it said differs from what was expected.
fn check(case: &Path, folder: &Path) -> Option<String> {
    let out = temporary();
    let target = out.path().join("out");
    let arguments = fs::read_to_string(case.join("args.txt"));
    let arguments = arguments.unwrap_or_else(|_| "generate -f spec.yaml".to_owned());
    let mut command = crossrole();
    command.current_dir(folder).args(arguments.split_whitespace()).arg("--out").arg(&target);
    let Ran { code, stderr, .. } = run(&mut command);
    let code = code.expect("no signal ended it");
    let stderr = stderr.replace(&*target.display().to_string(), "OUT");
    let compared = compare(&case.join("stderr.txt"), &format!("exit {code}\n{stderr}"));
    if target.exists() != (code == 0) {
        return Some(format!("{}: exit {code}, and yet something was written, or nothing", case.display()));
    }
    let riddle = format!("\n{stderr}")
        .split("\nerror")
        .skip(1)
        .find(|message| !is_helpful(message))
        .map(str::to_owned);
    compared
        .err()
        .or(riddle.map(|message| format!("{}: no place and no way out: error{message}", case.display())))
}

/// An error without a place and without a way out is a riddle.
fn is_helpful(message: &str) -> bool {
    (message.contains("--> ") || message.contains("help: ")) && !message.contains("panicked")
}
