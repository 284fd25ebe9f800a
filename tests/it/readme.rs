//! What the README and the pages beside it tell people to type works as written.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use assert_fs::prelude::*;
use serde_yaml::Value;

use crate::support::{files, repository, temporary};

/// Commands that would build or test this very project again, which other tests do.
const NOT_HERE: [&str; 7] =
    ["cargo test", "cargo install", "cargo fuzz", "cargo build", "pip ", "pipx ", "uvx "];

/// Functions of a shell that stand in for programs of others, as far as commands with them need an answer.
const STAND_INS: &str = r#"
aws() { if [ "$1" = organizations ]; then cat accounts.json; fi; }
jq() { sed 's/"Status"/"OrganizationalUnit": "Workloads", &/' accounts.json; }
terraform() { true; }
"#;

/// Terraform that is there already.
const INFRA: &str = r#"
provider "aws" {
  allowed_account_ids = ["111111111111"]
}

provider "aws" {
  alias = "staging"
  assume_role {
    role_arn = "arn:aws:iam::222222222222:role/ci"
  }
}
"#;

#[test]
fn every_command_can_be_typed() {
    let mut typed = 0;
    for (page, text) in pages() {
        let folder = prepare();
        for shown in format!("\n{}", blocks(&text, "console").concat()).split("\n$ ").skip(1) {
            let (command, answer) = shown.split_once('\n').unwrap_or((shown, ""));
            if NOT_HERE.iter().any(|start| command.starts_with(start)) {
                continue;
            }
            let said = type_in(folder.path(), &command.replace("cargo run --release --", "crossrole"));
            for line in answer.lines().map(str::trim_end).filter(|line| *line != "…") {
                assert!(said.contains(line), "{page}: $ {command}\n{line}\nis not in\n{said}");
            }
            typed += 1;
        }
    }
    assert!(typed >= 60, "{typed} commands");
}

/// Commands for which people need an account or a browser, with stand-ins for the programs that do; each line
/// for itself.
#[test]
fn every_command_with_programs_of_others_can_be_typed() {
    let mut typed = 0;
    for (page, text) in pages() {
        for command in blocks(&text, "sh").concat().lines() {
            let folder = temporary();
            let accounts = repository("examples/organization/accounts.json");
            fs::copy(accounts, folder.child("accounts.json").path()).expect("a list is copied");
            fs::create_dir(folder.child("infra").path()).expect("a folder is made");
            folder.child("infra/main.tf").write_str(INFRA).expect("a file is written");
            assert!(!command.is_empty(), "{page}: a line of `sh` is a command");
            type_in(folder.path(), &format!("{STAND_INS}{command}"));
            typed += 1;
        }
    }
    assert!(typed >= 6, "{typed} commands");
}

#[test]
fn the_readme_shows_what_comes_of_its_spec() {
    let readme = read("README.md");
    let (spec, shown) = (blocks(&readme, "yaml"), blocks(&readme, "hcl"));
    let folder = temporary();
    folder.child("crossrole.yaml").write_str(&spec[0]).expect("a spec is written");
    type_in(folder.path(), "crossrole generate");
    let file = "accounts/staging/workload/providers.tf";
    assert!(readme.contains(file));
    assert_eq!(fs::read_to_string(folder.path().join(file)).expect("it is generated"), shown[0]);
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

/// The pages that people read, with their texts.
fn pages() -> impl Iterator<Item = (String, String)> {
    let mut pages: Vec<String> =
        files(&repository("docs")).into_keys().map(|page| format!("docs/{page}")).collect();
    pages.push("README.md".to_owned());
    pages.into_iter().map(|page| (page.clone(), read(&page)))
}

/// The fenced blocks of a language, those inside of lists, too.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let indent = line.len() - line.trim_start().len();
        if line.trim_start().strip_prefix("```") == Some(language) {
            let block = lines.by_ref().take_while(|line| line.trim_start() != "```");
            blocks
                .push(block.fold(String::new(), |block, line| {
                    block + line.get(indent..).unwrap_or_default() + "\n"
                }));
        }
    }
    blocks
}
