//! What the README and the pages beside it tell people to type works as written.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use assert_fs::prelude::*;
use serde_yaml::Value;

use crate::support::{files, repository, temporary};

/// Commands that would build or test this very project again.
const NOT_HERE: [&str; 2] = ["cargo test", "cargo install --path ."];

/// The pages whose commands are typed.
const PAGES: [&str; 8] = [
    "README.md",
    "docs/templates.md",
    "docs/formatting.md",
    "docs/explain.md",
    "docs/lint.md",
    "docs/updates.md",
    "docs/how-to.md",
    "docs/article.md",
];

#[test]
fn every_command_can_be_typed() {
    let mut typed = 0;
    for page in PAGES {
        let text = read(page);
        let folder = prepare();
        // Blocks inside of lists are for people who have more installed.
        let blocks = blocks(&text, "console").into_iter().filter(|block| block.starts_with("$ "));
        let blocks: String = blocks.collect();
        for shown in format!("\n{blocks}").split("\n$ ").skip(1) {
            let (command, answer) = shown.split_once('\n').unwrap_or((shown, ""));
            if NOT_HERE.contains(&command) {
                continue;
            }
            let said = type_in(folder.path(), &command.replace("cargo run --release --", "crossrole"));
            for line in answer.lines().map(str::trim_end).filter(|line| *line != "…") {
                assert!(said.contains(line), "{page}: $ {command}\n{line}\nis not in\n{said}");
            }
            typed += 1;
        }
    }
    assert!(typed >= 10, "{typed} commands");
}

#[test]
fn every_spec_in_the_readme_is_one() {
    let specs = blocks(&read("README.md"), "yaml");
    assert!(!specs.is_empty());
    for spec in specs {
        let folder = temporary();
        folder.child("crossrole.yaml").write_str(&spec).expect("a spec is written");
        type_in(folder.path(), "crossrole generate");
    }
}

/// What the how-tos show of specs is taken, where the rest of a spec is added.
#[test]
fn every_part_of_a_spec_in_the_how_tos_is_one() {
    let is_spec =
        |text: &String| ["source:", "terraform:", "defaults:"].iter().any(|key| text.starts_with(key));
    let parts: Vec<String> = blocks(&read("docs/how-to.md"), "yaml").into_iter().filter(is_spec).collect();
    assert!(parts.len() >= 7, "{parts:#?}");
    for part in parts {
        let mut spec: Value = serde_yaml::from_str(REST).expect("the rest of a spec");
        add(&mut spec, serde_yaml::from_str(&part).expect("YAML"));
        let folder = temporary();
        let text = serde_yaml::to_string(&spec).expect("YAML");
        folder.child("crossrole.yaml").write_str(&text).expect("a spec is written");
        type_in(folder.path(), "crossrole generate");
    }
}

/// What a part of a spec is added to.
const REST: &str = r#"
version: 1
source:
  account_id: "111111111111"
  callers: [{kind: role, name: ci-plan}, {kind: role, name: ci-apply}]
targets: [{name: staging, account_id: "222222222222"}]
"#;

/// Puts one mapping over another; anything else is replaced.
fn add(to: &mut Value, from: Value) {
    match (to, from) {
        (Value::Mapping(to), Value::Mapping(from)) => {
            for (key, value) in from {
                add(to.entry(key).or_insert(Value::Null), value);
            }
        }
        (to, from) => *to = from,
    }
}

#[test]
fn every_example_is_generated_and_clean() {
    let specs = files(&repository("examples")).into_keys().filter(|path| path.ends_with("crossrole.yaml"));
    let mut count = 0;
    for spec in specs {
        let folder = temporary();
        let spec = repository("examples").join(spec).display().to_string();
        type_in(
            folder.path(),
            &format!("crossrole generate -f {spec} -o out && crossrole check -f {spec} -o out"),
        );
        count += 1;
    }
    assert!(count >= 12, "{count} examples");
}

/// What two specs make in the account that they share, and where they keep their states, has two names.
#[test]
fn two_specs_over_one_source_account_never_meet() {
    let names = |team: &str| {
        let folder = temporary();
        let spec = repository(&format!("examples/two-specs/{team}/crossrole.yaml"));
        type_in(folder.path(), &format!("crossrole generate -f {} -o out", spec.display()));
        let written = files(folder.path()).into_values();
        let lines =
            written.flat_map(|text| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>());
        lines.filter(|line| line.starts_with("name ") || line.starts_with("key ")).collect::<BTreeSet<_>>()
    };
    let (network, logging) = (names("network"), names("logging"));
    assert!(network.len() > 5, "{network:?}");
    assert!(network.is_disjoint(&logging), "{network:?} {logging:?}");
}

/// Links between the pages lead somewhere.
#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut links = 0;
    for page in PAGES.into_iter().chain(["docs/security.md", "docs/ARCHITECTURE.md"]) {
        let folder = root.join(page).parent().expect("a page has a folder").to_owned();
        for target in read(page).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !target.contains("://") && !target.starts_with('#') {
                let path = folder.join(target.split('#').next().unwrap_or_default());
                assert!(path.exists(), "{page} links to {target}");
                links += 1;
            }
        }
    }
    assert!(links > 5, "{links} links");
}

/// A folder as the README leaves its reader in: the spec it shows, generated once, and some files
/// to format and to merge.
fn prepare() -> TempDir {
    let folder = temporary();
    let spec = blocks(&read("README.md"), "yaml").remove(0);
    folder.child("crossrole.yaml").write_str(&spec).expect("a spec is written");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    folder.child("examples").symlink_to_dir(examples).expect("a link is made");
    folder.child("infra").create_dir_all().expect("a folder is made");
    folder.child("main.tf").write_str("a = 1\n").expect("a file is written");
    folder.child("prod.tfvars").write_str("b = 2\n").expect("a file is written");
    for name in ["base", "mine", "theirs"] {
        folder.child(format!("{name}.tf")).write_str("a = 1\n").expect("a file is written");
        folder.child(format!("{name}.json")).write_str("{}\n").expect("a file is written");
    }
    folder.child("customers/acme/crossrole.yaml").write_str(&spec).expect("a spec is written");
    type_in(folder.path(), "git init -q && crossrole generate");
    type_in(folder.path(), "crossrole generate -f customers/acme/crossrole.yaml");
    folder
}

/// Types a command into a shell that knows `crossrole`; it has to succeed. What it says.
fn type_in(folder: &Path, command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_crossrole")).parent().expect("a program has a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let run = Command::new("sh")
        .args(["-c", command])
        .env("PATH", format!("{}:{path}", program.display()))
        .current_dir(folder)
        .output()
        .expect("a shell runs");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "$ {command}\n{said}");
    format!("{}{said}", String::from_utf8_lossy(&run.stdout))
}

fn read(page: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).expect(page)
}

/// The fenced blocks of a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let after = page.split(&*fence).skip(1);
    after.filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
}
