//! All that is generated here, from every spec there is: examples, snapshots (their `out` is what comes out, as
//! `tests/it/golden` holds), and what Terraform applies in tests.

use std::collections::BTreeSet;
use std::path::Path;

use super::check::{Found, look};
use super::table::Table;
use crate::support::{Case, cases, crossrole, ends_in, files, name, repository, run};

/// Fewer specs than this, and the walk found nothing.
const LEAST_SPECS: usize = 25;
/// Fewer files of different texts than this, and the walk found nothing.
const LEAST_FILES: usize = 150;

/// What some specs name a file for.
const PERMISSIONS: &str =
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ce:Get*", "Resource": "*"}]}"#;

/// Every text in Terraform's language that comes out of a spec, once.
fn generated() -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    let mut specs = 0;
    for (folders, spec) in [("examples", "crossrole.yaml"), ("snapshots/generate", "spec.yaml")] {
        for case in cases(folders) {
            // Some examples are two specs side by side.
            let nested =
                || std::fs::read_dir(&case).expect("a folder").map(|entry| entry.expect("an entry").path());
            let all = if case.join(spec).exists() { vec![case.clone()] } else { nested().collect() };
            for folder in all {
                texts.extend(generated_from(&folder, spec));
                specs += 1;
            }
        }
    }
    for (spec, text) in files(&repository("tests/it/terraform/specs")) {
        let case = Case::new(&text);
        case.write("policies/read-costs.json", PERMISSIONS);
        assert!(ends_in(&spec, &["yaml"]));
        texts.extend(generated_from(case.root(), "crossrole.yaml"));
        specs += 1;
    }
    assert!(specs >= LEAST_SPECS, "only {specs} specs");
    texts
}

fn generated_from(folder: &Path, spec: &str) -> Vec<String> {
    let out = crate::support::temporary();
    let mut command = crossrole();
    command.current_dir(folder).args(["generate", "--spec", spec, "--out"]).arg(out.path().join("out"));
    let ran = run(&mut command);
    assert_eq!(ran.code, Some(0), "{}: {}", name(folder), ran.stderr);
    let files = files(out.path()).into_iter().filter(|(path, _)| is_terraform(path));
    files.map(|(_, text)| text).collect()
}

fn is_terraform(path: &str) -> bool {
    ends_in(path, &["tf", "tofu"]) || path.ends_with(".tftest.hcl")
}

#[test]
fn all_that_is_generated_is_known_to_the_newest_provider_and_not_deprecated() {
    let table = Table::committed();
    let texts = generated();
    assert!(texts.len() >= LEAST_FILES, "only {} different files", texts.len());
    let mut found = Found::default();
    for text in &texts {
        look(&table, text, &mut found);
    }
    let Found { complaints, seen, reads } = found;
    assert!(complaints.is_empty(), "{complaints:#?}");
    assert!(reads >= 20, "only {reads} things are read");
    let unseen = written_in_templates().into_iter().filter(|kind| !seen.contains(kind));
    assert_eq!(unseen.collect::<Vec<_>>(), [""; 0], "no spec here brings this out of the templates");
}

/// Every kind of resource and data source that stands in a template.
fn written_in_templates() -> BTreeSet<String> {
    let templates = files(&repository("templates")).into_values();
    let kinds: BTreeSet<String> = templates
        .flat_map(|text| {
            let lines = text.lines().map(str::trim_start);
            let blocks = lines.filter(|line| line.starts_with("resource \"") || line.starts_with("data \""));
            blocks
                .map(|line| line.split('"').take(2).map(str::trim).collect::<Vec<_>>().join(" "))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(kinds.len() >= 12, "only {kinds:?}");
    kinds
}
