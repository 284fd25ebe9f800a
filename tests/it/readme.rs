//! What the README and the pages beside it tell people to type works as written.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_fs::TempDir;
use assert_fs::prelude::*;

use crate::support::temporary;

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

#[test]
fn every_example_is_generated_and_clean() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut count = 0;
    for entry in fs::read_dir(examples).expect("there are examples").flatten() {
        let spec = entry.path().join("crossrole.yaml");
        if spec.is_file() {
            let folder = temporary();
            let spec = spec.display();
            type_in(
                folder.path(),
                &format!("crossrole generate -f {spec} -o out && crossrole check -f {spec} -o out"),
            );
            count += 1;
        }
    }
    assert!(count >= 7, "{count} examples");
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
