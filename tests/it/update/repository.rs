//! Updates in a real git repository.

use super::{PROVIDERS, generated};
use crate::support::{self, Case, SPEC, commit_all};

/// Runs git in a case, and returns what it prints.
#[track_caller]
fn git(case: &Case, arguments: &[&str]) -> String {
    support::git(case.root(), arguments)
}

#[test]
fn an_update_can_be_a_commit_on_a_branch() {
    let case = generated();
    commit_all(case.root());
    case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"mine\"");
    git(&case, &["commit", "--quiet", "--all", "--message", "mine"]);
    case.write("notes.txt", "not part of it\n");
    case.write("staged.txt", "not part of it either\n");
    git(&case, &["add", "staged.txt"]);
    case.run(&["update", "--templates", "v2", "--branch", "to-v2", "--commit"]).exits(0).says("committed");
    assert_eq!(git(&case, &["branch", "--show-current"]), "to-v2\n");
    assert_eq!(git(&case, &["status", "--porcelain"]), "A  staged.txt\n?? notes.txt\n");
    let changed = git(&case, &["show", "--stat=200", "--format=%s", "HEAD"]);
    assert!(changed.starts_with("crossrole: update templates crossrole 1 to crossrole 2\n"), "{changed}");
    for path in [
        "workload/{verification.tf => proof.tf}",
        ".crossrole/lock.yaml",
        "staging.yaml",
        "placement.tftest.hcl",
    ] {
        assert!(changed.contains(path), "{path}:\n{changed}");
    }
    assert!(!changed.contains("staged.txt"));
    case.run(&["update", "--templates", "v2", "--branch", "again", "--commit"]).exits(0).says("up to date");
    assert_eq!(git(&case, &["branch", "--show-current"]), "to-v2\n", "no branch where nothing changes");
}

#[test]
fn what_is_not_committed_is_not_written_over() {
    let case = generated();
    commit_all(case.root());
    case.edit("accounts/staging/bootstrap/main.tf", "3600", "3000");
    let before = case.files();
    case.run(&["update", "--templates", "v2"]).exits(4).says("bootstrap/main.tf").says("--force");
    assert_eq!(case.files(), before);
    case.run(&["update", "--templates", "v2", "--force"]).exits(0);
    assert!(case.read("accounts/staging/bootstrap/main.tf").contains("3000"));
}

/// A commit that failed is made by the next run, of what is as it was written still.
#[test]
fn a_commit_that_failed_is_made_up_for() {
    let case = generated();
    case.write(".gitignore", "/v2/\n");
    commit_all(case.root());
    // Another git is at work there.
    let busy = ".git/index.lock";
    case.write(busy, "");
    let update = ["update", "--templates", "v2", "--commit"];
    case.run(&update).exits(1).says("written, but not committed").says("crossrole update --commit");
    case.run(&update).exits(1).says("written, but not committed");
    case.run(&update[..3]).exits(0).says("up to date");
    case.remove(busy);
    let edited = "accounts/staging/workload/proof.tf";
    case.write(edited, format!("{}\n# Mine.\n", case.read(edited)));
    case.write("notes.txt", "not part of it\n");
    case.run(&update).exits(0).says("committed: `.`");
    let changed = git(&case, &["show", "--stat=200", "--format=%s", "HEAD"]);
    assert!(changed.starts_with("crossrole: update templates crossrole 1 to crossrole 2\n"), "{changed}");
    assert!(changed.contains("bootstrap/main.tf") && changed.contains("lock.yaml"), "{changed}");
    assert!(!changed.contains("proof.tf") && !changed.contains("notes.txt"), "{changed}");
    assert!(git(&case, &["status", "--porcelain"]).contains("proof.tf"));
    case.run(&update).exits(0).says("up to date");
    assert_eq!(git(&case, &["rev-list", "--count", "HEAD"]), "2\n");
}

/// Who committed by hand meanwhile has nothing left to do.
#[test]
fn a_commit_that_was_made_by_hand_is_not_made_again() {
    let case = generated();
    commit_all(case.root());
    // Another git is at work there.
    let busy = ".git/index.lock";
    case.write(busy, "");
    let update = ["update", "--templates", "v2", "--commit"];
    case.run(&update).exits(1);
    case.remove(busy);
    git(&case, &["add", "--all"]);
    git(&case, &["commit", "--quiet", "--message", "by hand"]);
    case.run(&update).exits(0).says("up to date");
    assert_eq!(git(&case, &["rev-list", "--count", "HEAD"]), "2\n");
}

/// A preview says what would come of the run, its refusal included.
#[test]
fn a_dry_run_foresees_the_refusal() {
    let case = generated();
    commit_all(case.root());
    let dry = ["update", "--templates", "v2", "--dry-run"];
    let refused = "would be refused";
    assert!(!case.run(&dry).exits(2).stderr.contains(refused), "nothing is in the way yet");
    case.edit("accounts/staging/bootstrap/main.tf", "3600", "3000");
    case.run(&dry).exits(2).says("bootstrap/main.tf").says(refused).says("--force");
    let json = case.run(&[&dry[..], &["--format", "json"]].concat()).exits(2).json();
    let warning = &json["repositories"][0]["warnings"][0]["message"];
    assert!(warning.as_str().is_some_and(|text| text.contains(refused)), "{json:#}");
    assert!(!case.run(&[&dry[..], &["--force"]].concat()).exits(2).stderr.contains(refused));
}

#[test]
fn a_change_elsewhere_is_no_obstacle() {
    let case = generated();
    case.write("README.md", "mine\n");
    commit_all(case.root());
    case.write("README.md", "mine, and more\n");
    case.run(&["update", "--templates", "v2"]).exits(0);
}

#[test]
fn without_a_repository_there_is_no_branch() {
    let case = generated();
    let before = case.files();
    for option in [&["--branch", "x"][..], &["--commit"]] {
        let arguments: Vec<_> = ["update", "--templates", "v2"].iter().chain(option).copied().collect();
        let mut command = support::crossrole();
        command.current_dir(case.root()).args(arguments).env("GIT_CEILING_DIRECTORIES", "/");
        support::run(&mut command).exits(64).says("git repository");
    }
    assert_eq!(case.files(), before);
}

/// Two branches that each add an account merge without a word, and the result is what one run over
/// both would have written.
#[test]
fn two_branches_that_add_an_account_merge() {
    let target = |name: &str, digit: char| {
        format!("  - {{name: {name}, account_id: \"{}\"}}\n", digit.to_string().repeat(12))
    };
    let (before, after) = (target("alpha", '3'), target("omega", '9'));
    let begin = SPEC.replace("targets:\n", "targets:\n  # first\n");
    let case = Case::generated(&begin);
    commit_all(case.root());
    for (branch, spec) in [
        ("alpha", begin.replace("  # first\n", &format!("  # first\n{before}"))),
        ("omega", format!("{begin}{after}")),
    ] {
        git(&case, &["switch", "--quiet", "--create", branch, "main"]);
        case.write("crossrole.yaml", spec);
        case.run(&["generate"]).exits(0);
        git(&case, &["add", "--all"]);
        git(&case, &["commit", "--quiet", "--message", branch]);
    }
    // What lists all accounts is written by both; it is ours, so any side will do for git.
    git(&case, &["merge", "--quiet", "--no-edit", "-X", "ours", "alpha"]);
    case.run(&["generate"]).exits(0);
    let both = begin.replace("  # first\n", &format!("  # first\n{before}")) + &after;
    assert_eq!(case.read("crossrole.yaml"), both);
    assert_eq!(git_free(&case), git_free(&Case::generated(&both)));
}

/// With the driver, an edit on one branch and a change of the spec on the other merge where lines would
/// not, and the tree is clean afterwards.
#[test]
fn the_driver_merges_edits_and_generated_changes() {
    let case = Case::generated(SPEC);
    case.write(".gitattributes", "*.tf merge=crossrole\n*.json merge=crossrole\n");
    commit_all(case.root());
    let driver = format!("{} merge --path=%P --output=%A %O %A %B", support::program().display());
    git(&case, &["config", "merge.crossrole.driver", &driver]);
    git(&case, &["switch", "--quiet", "--create", "edits"]);
    case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"by-hand\"");
    git(&case, &["commit", "--quiet", "--all", "--message", "edit"]);
    git(&case, &["switch", "--quiet", "main"]);
    case.edit(
        "crossrole.yaml",
        "222222222222\"",
        "222222222222\"\n    role: {name: Other, external_id: some-external-id}",
    );
    case.run(&["generate"]).exits(0);
    git(&case, &["add", "--all"]);
    git(&case, &["commit", "--quiet", "--message", "spec"]);
    git(&case, &["merge", "--quiet", "--no-edit", "edits"]);
    let providers = case.read(PROVIDERS);
    assert!(
        providers.contains("by-hand")
            && providers.contains("role/Other")
            && providers.contains("some-external-id"),
        "{providers}"
    );
    assert_eq!(case.run(&["check", "--format", "json"]).exits(0).json()["changes"][0]["kind"], "edited");
    case.run(&["generate"]).exits(0);
    assert_eq!(git(&case, &["status", "--porcelain"]), "");
}

fn git_free(case: &Case) -> support::Files {
    let mut files = case.files();
    files.retain(|path, _| !path.starts_with(".git/"));
    files
}
