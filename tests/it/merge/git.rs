//! `crossrole merge` as git's merge driver, in real repositories.

use std::process::{Command, Output};

use serde_json::json;

use crate::oracle::oracle;
use crate::support::{Case, program};

/// A repository whose merge driver is this program, as the help says.
struct Repository(Case);

impl Repository {
    /// Needs `git`.
    fn new(driver: &str) -> Option<Self> {
        oracle("git")?;
        let repository = Self(Case::new(""));
        repository.does(&["init", "-q", "-b", "main"]);
        repository.does(&["config", "merge.crossrole.driver", driver]);
        repository.0.write(".gitattributes", "*.tf merge=crossrole\n*.json merge=crossrole\n");
        Some(repository)
    }

    fn git(&self, arguments: &[&str]) -> Output {
        let folder = program().parent().expect("a program has a folder").to_owned();
        let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
        let mut git = Command::new("git");
        git.current_dir(self.0.root()).args(arguments).env("PATH", path);
        for name in ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"] {
            git.env(name, "/dev/null");
        }
        for name in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"] {
            git.env(name, "test");
        }
        git.output().expect("git runs")
    }

    #[track_caller]
    fn does(&self, arguments: &[&str]) -> String {
        let output = self.git(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Commits three versions of a file: one on both branches, and one on each.
    fn branches(&self, path: &str, [base, ours, theirs]: [&str; 3]) {
        self.commit(path, base);
        self.does(&["checkout", "-q", "-b", "feature"]);
        self.commit(path, theirs);
        self.does(&["checkout", "-q", "main"]);
        self.commit(path, ours);
    }

    fn commit(&self, path: &str, text: &str) {
        self.0.write(path, text);
        self.does(&["add", "-A"]);
        self.does(&["commit", "-q", "-m", "x"]);
    }
}

const PLAIN: &str = "crossrole merge --path=%P --output=%A %O %A %B";

fn policy(actions: &[&str], id: &str) -> String {
    let statement = json!({
        "Sid": "Callers", "Effect": "Allow", "Action": actions,
        "Condition": {"StringEquals": {"sts:ExternalId": id}},
    });
    crossrole::policy::canonical_text(&json!({"Version": "2012-10-17", "Statement": [statement]}))
}

#[test]
fn actions_of_two_branches_come_together() {
    let versions = [
        policy(&["a:a", "m:m"], "1"),
        policy(&["a:a", "m:m", "x:x"], "1"),
        policy(&["a:a", "m:m", "y:y"], "1"),
    ];
    let versions = versions.each_ref().map(String::as_str);
    let path = "a b/trust's.json";
    let Some(plain) = Repository::new("false") else { return };
    plain.does(&["config", "--unset", "merge.crossrole.driver"]);
    plain.branches(path, versions);
    assert!(!plain.git(&["merge", "-q", "feature"]).status.success(), "git alone has a conflict");
    let Some(repository) = Repository::new(PLAIN) else { return };
    repository.branches(path, versions);
    repository.does(&["merge", "-q", "--no-edit", "feature"]);
    assert_eq!(repository.0.read(path), policy(&["a:a", "m:m", "y:y", "x:x"], "1"));
    assert_eq!(repository.does(&["status", "--porcelain"]), "");
}

#[test]
fn a_conflict_stays_to_be_resolved() {
    let labelled = format!("{PLAIN} --base-label=%S --ours-label=%X --theirs-label=%Y");
    let Some(repository) = Repository::new(&labelled) else { return };
    let versions = [policy(&["a:a"], "1"), policy(&["a:a"], "2"), policy(&["a:a", "b:b"], "3")];
    repository.branches("trust.json", versions.each_ref().map(String::as_str));
    let output = repository.git(&["merge", "feature"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    let named = "conflict: statement Callers: Condition.StringEquals.sts:ExternalId changed on both sides";
    assert!(said.contains(named), "{said}");
    assert_eq!(repository.does(&["status", "--porcelain"]), "UU trust.json\n");
    let text = repository.0.read("trust.json");
    let marked = "          \"sts:ExternalId\": ";
    assert!(text.contains(&format!("<<<<<<< HEAD\n{marked}\"2\"\n|||||||")), "{text}");
    assert!(text.contains(&format!("{marked}\"1\"\n=======\n{marked}\"3\"\n>>>>>>> feature\n")), "{text}");
    assert!(text.contains("\"b:b\""), "what goes together is merged: {text}");
}

/// Below 129, git would take our side for one with markers in it.
#[test]
fn an_error_ends_the_merge() {
    let Some(repository) = Repository::new("crossrole merge --nonsense %O %A %B") else { return };
    let versions = [policy(&["a:a"], "1"), policy(&["a:a"], "2"), policy(&["a:a"], "3")];
    repository.branches("trust.json", versions.each_ref().map(String::as_str));
    let output = repository.git(&["merge", "feature"]);
    assert!(!output.status.success() && output.status.code() != Some(1), "{output:?}");
}

#[test]
fn a_path_may_begin_with_a_dash() {
    let versions = ["a = 1\nb = 1\n", "a = 1\nb = 3\n", "a = 2\nb = 1\n"];
    for path in ["-x.tf", "--output.tf", "folder/-x.tf"] {
        let Some(repository) = Repository::new(PLAIN) else { return };
        repository.branches(path, versions);
        repository.does(&["merge", "-q", "--no-edit", "feature"]);
        assert_eq!(repository.0.read(path), "a = 2\nb = 3\n", "{path}");
        assert_eq!(repository.does(&["status", "--porcelain"]), "");
    }
}

#[test]
fn the_driver_is_set_up_and_taken_back() {
    let Some(repository) = Repository::new("false") else { return };
    let case = &repository.0;
    repository.does(&["config", "--unset", "merge.crossrole.driver"]);
    let own = "*.md text\n*.tf merge=crossrole";
    case.write(".gitattributes", own);
    case.run(&["merge", "--install"]).exits(0).says("6 lines of `.gitattributes`");
    let attributes = case.read(".gitattributes");
    assert!(attributes.starts_with(&format!("{own}\n*.tofu merge=crossrole\n")), "{attributes}");
    case.run(&["merge", "--install"]).exits(0).says("was before");
    assert_eq!(case.read(".gitattributes"), attributes);
    // As an earlier version set it up.
    case.write(".gitattributes", attributes.replace("CROSSROLE.md merge=crossrole\n", ""));
    case.run(&["merge", "--install"]).exits(0).says("1 line of `.gitattributes`");
    assert!(case.read(".gitattributes").ends_with("\nCROSSROLE.md merge=crossrole\n"));
    repository.branches("-x.tf", ["a = 1\nb = 1\n", "a = 1\nb = 3\n", "a = 2\nb = 1\n"]);
    repository.does(&["merge", "-q", "--no-edit", "feature"]);
    assert_eq!(case.read("-x.tf"), "a = 2\nb = 3\n");
    for _ in 0..2 {
        case.run(&["merge", "--uninstall"]).exits(0);
        assert_eq!(case.read(".gitattributes"), "*.md text\n");
        assert!(!repository.does(&["config", "--list"]).contains("merge.crossrole"));
    }
    case.run(&["merge", "--install", "base"]).exits(129);
}

#[test]
fn the_driver_is_not_set_up_through_a_link_or_outside_a_repository() {
    Case::new("").run(&["merge", "--install"]).exits(129).says("not in a git repository").says("git init");
    #[cfg(unix)]
    {
        let Some(repository) = Repository::new("false") else { return };
        let outside = Case::new("");
        outside.write("target", "mine\n");
        repository.0.remove(".gitattributes");
        std::os::unix::fs::symlink(outside.at("target"), repository.0.at(".gitattributes")).expect("a link");
        repository.0.run(&["merge", "--install"]).exits(129).says("`.gitattributes` is not a regular file");
        assert_eq!(outside.read("target"), "mine\n");
        let driver = repository.does(&["config", "merge.crossrole.driver"]);
        assert_eq!(driver, "false\n", "nothing was changed");
    }
}
