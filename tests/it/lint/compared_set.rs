//! Other tools on the labelled set: how many bad roots each reports, and how many good ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use crossrole::diagnostic::Source;
use crossrole::terraform::{self, Input};
use serde_json::Value;

use super::findings;
use super::labelled::{Labelled, labelled};
use super::tools::{Document, Found, Kind, Programs};
use crate::support::temporary;

const INTRODUCTION: &str = "
## On the labelled set

The same tools on the roots of [lint-judged.md](lint-judged.md): how many bad ones each reports anything about, and how many good
ones, whatever it says. The set is ours, and in the styles and about the weaknesses that `crossrole lint` looks at, so this shows
where the tools differ, and not which is best:

- **crossrole lint** looks at nothing but roles, policies, providers and backends, and follows Terraform to the text that AWS will get.
  Errors and warnings count here, notes do not.
- **checkov** has more than a thousand checks for whole clouds and many languages, and follows variables and local modules in part.
  Whoever wants one tool for buckets, networks and images has it there. What it says of other things than access is not counted.
- **cfn-lint** says whether CloudFormation is valid. It is not made to find weak trust, and finds none.
- **iam-policy-validator** knows what AWS's reference says of each action, key and ARN, and finds typing mistakes in all services, for
  which it wants the network; here it has a small reference, and what it says of unknown actions is not counted. It reports every
  statement without a condition.

The last two read no Terraform: they were handed each policy that `crossrole` knows in full before a run. ";

const HEAD: &str = "\
| style | bad | crossrole | checkov | cfn-lint | validator | good | crossrole | checkov | cfn-lint | validator |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
";

/// What is reported about instances, networks, buckets and modules, or follows from the small reference.
const OTHER_THINGS: [&str; 16] = [
    "CKV2_AWS_11",
    "CKV2_AWS_12",
    "CKV2_AWS_41",
    "CKV2_AWS_6",
    "CKV2_AWS_61",
    "CKV2_AWS_62",
    "CKV_AWS_126",
    "CKV_AWS_135",
    "CKV_AWS_144",
    "CKV_AWS_145",
    "CKV_AWS_18",
    "CKV_AWS_21",
    "CKV_AWS_79",
    "CKV_AWS_8",
    "CKV_TF_1",
    "invalid_action",
];

/// Arguments that hold policies.
const HOLDERS: [(&str, &str, Kind); 5] = [
    ("aws_iam_role", "assume_role_policy", Kind::Trust),
    ("aws_iam_role_policy", "policy", Kind::Identity),
    ("aws_iam_policy", "policy", Kind::Identity),
    ("aws_iam_user_policy", "policy", Kind::Identity),
    ("aws_iam_group_policy", "policy", Kind::Identity),
];

/// The policies of a root that are known before a run.
fn documents(name: &str, root: &Labelled) -> Vec<Document> {
    let source = |path: &str| root.text(path).map(|text| Source::new(path, text));
    let code = root.paths().filter(|path| terraform::is_read(path));
    let files: BTreeMap<String, Arc<Source>> =
        code.filter_map(|path| Some((path.to_owned(), source(path)?))).collect();
    let read = terraform::read(Input { files: &files, lookup: &source, given: &[], only: None });
    let mut found = Vec::new();
    let mut add = |kind: Kind, text: &str| {
        if let Ok(policy) = serde_json::from_str::<Value>(text) {
            found.push(Document { name: name.to_owned(), kind, policy });
        }
    };
    for module in read.modules() {
        for (resource, argument, kind) in HOLDERS {
            module
                .resources(resource)
                .filter_map(|block| block.text(argument))
                .for_each(|text| add(kind, text));
        }
    }
    if let Some(text) = root.text("policy.json") {
        add(Kind::Identity, text);
    }
    found
}

/// The part of the page.
pub(super) fn section(programs: &Programs) -> String {
    let roots: Vec<(String, Labelled)> =
        labelled().into_iter().enumerate().map(|(index, root)| (format!("root-{index:03}"), root)).collect();
    let folder = temporary();
    let mut policies = Vec::new();
    for (name, root) in &roots {
        root.write_to(&folder.path().join(name));
        policies.extend(documents(name, root));
    }
    let ours = roots.iter().map(|(name, root)| (name.clone(), reported(&folder.path().join(name), root)));
    let found: [Found; 4] = [
        ours.collect(),
        programs.checkov(folder.path()),
        programs.cfn_lint(&policies),
        programs.iam_validator(&policies),
    ];
    let judgeable: BTreeSet<&str> = policies.iter().map(|document| document.name.as_str()).collect();
    format!(
        "{INTRODUCTION}{} of the {} roots hold such a policy.\n\n{}",
        judgeable.len(),
        roots.len(),
        table(&roots, &found)
    )
}

/// How many roots of each style each tool reports.
fn table(roots: &[(String, Labelled)], found: &[Found; 4]) -> String {
    let mut table = HEAD.to_owned();
    let styles: BTreeSet<&str> = roots.iter().map(|(_, root)| root.style.as_str()).collect();
    for style in styles.into_iter().map(Some).chain([None]) {
        let is_of = |root: &Labelled| style.is_none_or(|style| root.style == style);
        let title = style.map_or("**all**".to_owned(), |style| format!("`{style}`"));
        _ = write!(table, "| {title} |");
        for bad in [true, false] {
            let all = || roots.iter().filter(|(_, root)| root.is_bad() == bad && is_of(root));
            _ = write!(table, " {} |", all().count());
            for found in found {
                let is_reported =
                    |(name, _): &&(String, Labelled)| found.get(name).is_some_and(is_about_access);
                _ = write!(table, " {} |", all().filter(is_reported).count());
            }
        }
        table.push('\n');
    }
    table
}

fn is_about_access(ids: &BTreeSet<String>) -> bool {
    ids.iter().any(|id| !OTHER_THINGS.contains(&id.as_str()))
}

/// Errors and warnings of ours.
fn reported(folder: &Path, root: &Labelled) -> BTreeSet<String> {
    let all = findings(folder, root.path());
    let told = all.iter().filter(|found| found["level"] != "note");
    told.map(|found| found["id"].as_str().expect("an id").to_owned()).collect()
}
