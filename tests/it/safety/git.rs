//! Git is asked about the repository that holds the folder, and runs nothing that one names.

use std::fs;
use std::path::Path;

use super::{PROVIDERS, trap};
use crate::support::{Case, SPEC, commit_all, git, run};

/// A tree whose spec asks for another region than was generated.
fn behind() -> Case {
    let case = Case::generated(SPEC);
    case.edit("crossrole.yaml", "222222222222\"", "222222222222\"\n    region: eu-west-1");
    case
}

/// A repository's own files, committed like any others, are no repository.
#[test]
fn an_embedded_repository_is_not_asked() {
    let case = Case::generated(SPEC);
    let (program, ran) = trap(&case, "monitor");
    commit_all(case.root());
    for path in ["HEAD", "index"] {
        fs::copy(case.at(".git").join(path), case.at(path)).expect("it can be copied");
    }
    for folder in ["objects", "refs/heads"] {
        fs::create_dir_all(case.at(folder)).expect("folders can be made");
    }
    let config =
        format!("[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = \"{program}\"\n\thooksPath = hooks\n");
    case.write("config", config);
    fs::remove_dir_all(case.at(".git")).expect("it can be removed");
    for arguments in [&["update", "--dry-run"][..], &["update"], &["generate"], &["update", "--commit"]] {
        case.run(arguments);
    }
    // In a repository around it, it is that one's.
    let outer = Case::new("");
    let inner = outer.at("customers/acme");
    fs::create_dir_all(inner.parent().expect("a folder above")).expect("folders can be made");
    assert!(
        std::process::Command::new("cp")
            .args(["-R"])
            .arg(case.root())
            .arg(&inner)
            .status()
            .is_ok_and(|status| status.success())
    );
    commit_all(outer.root());
    for arguments in [&["update", "--dry-run", "customers"][..], &["update", "customers", "--commit"]] {
        outer.run(arguments);
    }
    assert!(!ran.exists(), "{}", fs::read_to_string(ran).unwrap_or_default());
}

/// Hooks, monitors and programs that the repository's own settings name are not run, by any command.
#[test]
fn programs_of_the_repository_are_not_run() {
    let case = behind();
    let (program, ran) = trap(&case, "program");
    commit_all(case.root());
    for hook in [
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
        "post-checkout",
        "reference-transaction",
        "post-index-change",
    ] {
        let hook = case.at(".git/hooks").join(hook);
        fs::create_dir_all(hook.parent().expect("a folder above")).expect("folders can be made");
        fs::copy(&program, hook).expect("it can be copied");
    }
    for setting in [
        "core.fsmonitor",
        "core.editor",
        "core.pager",
        "diff.external",
        "diff.x.textconv",
        "gpg.program",
        "gpg.ssh.program",
    ] {
        git(case.root(), &["config", setting, &program]);
    }
    git(case.root(), &["config", "gpg.format", "ssh"]);
    case.run(&["update", "--dry-run", "--diff"]).exits(2);
    case.run(&["list", "--since", "HEAD"]).exits(0);
    case.run(&["update", "--branch", "next", "--commit"]).exits(0).says("committed");
    assert!(!ran.exists(), "{}", fs::read_to_string(ran).unwrap_or_default());
    assert_eq!(git(case.root(), &["-c", "core.fsmonitor=false", "rev-list", "--count", "next"]), "2\n");
}

/// What a filter would change is not committed as it stands: it may be there to encrypt.
#[test]
fn a_filter_is_neither_run_nor_ignored() {
    let case = behind();
    let (program, ran) = trap(&case, "filter=odd");
    case.write(".gitattributes", "accounts/** filter=a=b\n");
    commit_all(case.root());
    git(case.root(), &["config", "filter.a=b.clean", &program]);
    git(case.root(), &["config", "filter.a=b.process", &program]);
    let before = case.files();
    case.run(&["list", "--since", "HEAD"]).exits(0);
    case.run(&["update", "--commit"]).exits(4).says("filter `a=b`").says("yourself");
    assert_eq!(case.files(), before);
    case.run(&["update"]).exits(0);
    assert!(!ran.exists());
}

/// Variables that a hook's environment has, or an attacker would like, lead git nowhere.
#[test]
fn the_environment_names_no_other_repository() {
    let other = Case::new("");
    commit_all(other.root());
    let elsewhere = other.at(".git").display().to_string();
    let index = other.at(".git/index").display().to_string();
    let (program, ran) = trap(&other, "program");
    let trace = other.state_home().join("trace").display().to_string();
    for (name, value) in [
        ("GIT_DIR", &elsewhere),
        ("GIT_WORK_TREE", &elsewhere),
        ("GIT_INDEX_FILE", &index),
        ("GIT_COMMON_DIR", &elsewhere),
        ("GIT_OBJECT_DIRECTORY", &elsewhere),
        ("GIT_EXTERNAL_DIFF", &program),
        ("GIT_EDITOR", &program),
        ("GIT_TRACE", &trace),
        ("GIT_NAMESPACE", &"other".to_owned()),
    ] {
        let case = behind();
        commit_all(case.root());
        case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"mine\"");
        let update = |arguments: &[&str]| run(case.crossrole().env(name, value).args(arguments));
        let before = case.files();
        update(&["update", "--commit"]).exits(4).says(PROVIDERS);
        assert_eq!(case.files(), before, "{name}");
        git(case.root(), &["commit", "--quiet", "--all", "--message", "mine"]);
        update(&["update", "--commit"]).exits(0).says("committed");
        assert_eq!(git(case.root(), &["rev-list", "--count", "HEAD"]), "3\n", "{name}");
        assert_eq!(git(other.root(), &["rev-list", "--count", "HEAD"]), "1\n", "{name}");
    }
    assert!(!ran.exists() && !Path::new(&trace).exists());
}

/// A repository with a work tree of its own elsewhere, and a submodule, are found as git finds them.
#[test]
fn work_trees_are_those_that_git_knows() {
    let case = behind();
    commit_all(case.root());
    let second = case.state_home().join("second");
    git(case.root(), &["worktree", "add", "--quiet", "-b", "second", &second.display().to_string()]);
    let mut command = case.crossrole();
    run(command.current_dir(&second).args(["update", "--commit"])).exits(0).says("committed");
    assert_eq!(git(&second, &["rev-list", "--count", "second"]), "2\n");
    assert_eq!(git(case.root(), &["rev-list", "--count", "main"]), "1\n");
    let outer = Case::new("");
    commit_all(outer.root());
    let source = case.root().display().to_string();
    let add = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "--branch", "main"];
    git(outer.root(), &[&add[..], &[&source, "inner"]].concat());
    git(&outer.at("inner"), &["config", "user.name", "Test"]);
    git(&outer.at("inner"), &["config", "user.email", "test@example.com"]);
    outer.run(&["update", "inner", "--commit"]).exits(0).says("committed");
    assert_eq!(git(&outer.at("inner"), &["rev-list", "--count", "HEAD"]), "2\n");
}
