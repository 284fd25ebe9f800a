//! `list --since` and `list --shard`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::support::{Case, commit_all, git};

/// A fleet with accounts of these numbers.
pub(super) fn fleet(numbers: impl IntoIterator<Item = u32>) -> String {
    let mut spec = String::from("version: 1\nsource: {account_id: \"111111111111\"}\ntargets:\n");
    for number in numbers {
        writeln!(spec, "  - {{name: t{number}, account_id: \"2{number:011}\"}}").expect("a text grows");
    }
    spec
}

/// A repository in which three accounts are generated and committed.
fn committed() -> Case {
    let case = Case::generated(&fleet(1..=3));
    commit_all(case.root());
    case
}

fn listed(case: &Case, arguments: &[&str]) -> Vec<String> {
    let json = case.run(&[&["list", "--format", "json"], arguments].concat()).exits(0).json();
    let roots = json["roots"].as_array().expect("a list");
    roots.iter().map(|root| root["path"].as_str().expect("a path").to_owned()).collect()
}

const MAIN: &str = "accounts/t2/workload/main.tf";

#[test]
fn a_changed_root_is_listed_alone() {
    let case = committed();
    assert!(listed(&case, &["--since", "HEAD"]).is_empty());
    // Not committed, committed, not known to git: all the same.
    case.write("accounts/t2/workload/.terraform.lock.hcl", "# new\n");
    assert_eq!(listed(&case, &["--since", "HEAD"]), ["accounts/t2/workload"]);
    git(case.root(), &["add", "--all"]);
    git(case.root(), &["commit", "--quiet", "--message", "lock"]);
    assert!(listed(&case, &["--since", "HEAD"]).is_empty());
    assert_eq!(listed(&case, &["--since", "HEAD~1"]), ["accounts/t2/workload"]);
    case.write("source/own.tf", "locals {}\n");
    case.remove("accounts/t3/bootstrap/outputs.tf");
    let all = ["source", "accounts/t3/bootstrap", "accounts/t2/workload"];
    assert_eq!(listed(&case, &["--since", "HEAD~1"]), all, "in the order to apply them");
    // Litter of Terraform's is ignored, and so are files of no root.
    case.write("accounts/t1/workload/.terraform/x.tf", "locals {}\n");
    case.write("README.md", "mine\n");
    assert_eq!(listed(&case, &["--since", "HEAD~1"]), all);
    let text = case.run(&["list", "--since", "HEAD~1"]).exits(0).stdout;
    assert!(text.contains("222222222222") || text.contains("200000000002"), "{text}");
}

#[test]
fn a_changed_module_changes_those_who_use_it() {
    let case = committed();
    case.edit("modules/verification-bucket/main.tf", "\n", "\n# new\n");
    let users: Vec<_> = (1..=3).map(|number| format!("accounts/t{number}/workload")).collect();
    assert_eq!(listed(&case, &["--since", "HEAD"]), users);
}

/// Modules of modules, files beside them, whatever names them; but nothing that only begins alike.
#[test]
fn what_a_root_uses_is_followed() {
    let case = committed();
    let module = "module \"a\" {\n  source = \"../../../own/a\"\n}\n";
    case.edit(MAIN, "\n", &format!("\n{module}"));
    case.write("own/a/main.tf", "module \"b\" {\n  source = \"./../b/\"\n}\n");
    case.write("own/b/main.tf", "locals {\n  x = file(\"${path.module}/../texts/${var.name}.json\")\n}\n");
    case.write(
        "accounts/t3/workload/more.tf.json",
        r#"{"locals": {"x": "${file(\"../../../own/t.txt\")}"}}"#,
    );
    for path in ["own/b/b.txt", "own/texts/x.json", "own/t.txt", "own/ab/main.tf", "own/loop/main.tf"] {
        case.write(path, "locals {}\n");
    }
    case.write("own/loop/main.tf", "module \"l\" {\n  source = \"../loop\"\n}\n");
    git(case.root(), &["add", "--all"]);
    git(case.root(), &["commit", "--quiet", "--message", "own"]);
    for (path, roots) in [
        ("own/a/main.tf", &["accounts/t2/workload"][..]),
        ("own/b/b.txt", &["accounts/t2/workload"]),
        ("own/b/deep/c.txt", &["accounts/t2/workload"]),
        ("own/texts/x.json", &["accounts/t2/workload"]),
        ("own/ab/main.tf", &[]),
        ("own/loop/main.tf", &[]),
        ("own/t.txt", &["accounts/t3/workload"]),
    ] {
        case.write(path, "locals {\n  changed = true\n}\n");
        assert_eq!(listed(&case, &["--since", "HEAD"]), roots, "{path}");
        git(case.root(), &["add", "--all"]);
        git(case.root(), &["commit", "--quiet", "--message", path]);
        if path == "own/a/main.tf" {
            case.write(path, "module \"b\" {\n  source = \"./../b/\"\n}\n");
            git(case.root(), &["commit", "--quiet", "--all", "--message", "back"]);
        }
        if path == "own/b/b.txt" {
            assert!(listed(&case, &["--since", "HEAD"]).is_empty());
        }
    }
}

/// The folder may lie anywhere in the repository, and what it uses beside it.
#[test]
fn a_folder_in_a_repository_is_compared_as_well() {
    let case = Case::new(&fleet(1..=2));
    case.run(&["generate", "-o", "infra/aws"]).exits(0);
    case.write(
        "infra/aws/accounts/t1/workload/own.tf",
        "module \"a\" {\n  source = \"../../../../../shared\"\n}\n",
    );
    case.write("shared/main.tf", "locals {}\n");
    commit_all(case.root());
    case.write("shared/main.tf", "# new\n");
    case.write("accounts/t2/workload/main.tf", "# another tree\n");
    assert_eq!(listed(&case, &["-o", "infra/aws", "--since", "HEAD"]), ["accounts/t1/workload"]);
}

#[test]
fn what_is_not_a_commit_is_refused() {
    let case = committed();
    case.run(&["list", "--since", "nowhere"]).exits(1).says("`nowhere` is not a commit").says("--unshallow");
    case.run(&["list", "--since=--output=x"]).exits(1).says("is not a commit");
    case.run(&["list", "--since", "HEAD", "--changed"]).exits(64);
    let alone = Case::generated(&fleet(1..=1));
    alone.run(&["list", "--since", "HEAD"]).exits(1).says("not in a git repository");
}

#[test]
fn shards_are_disjoint_and_stable() {
    let case = Case::new(&fleet(1..=30));
    let all: BTreeSet<String> = listed(&case, &[]).into_iter().collect();
    assert_eq!(all.len(), 61);
    let parts: Vec<Vec<String>> =
        (1..=4).map(|number| listed(&case, &["--shard", &format!("{number}/4")])).collect();
    assert_eq!(parts.iter().flatten().cloned().collect::<BTreeSet<_>>(), all);
    assert_eq!(parts.iter().map(Vec::len).sum::<usize>(), all.len());
    assert!(parts.iter().all(|part| part.len() >= 10), "{parts:?}");
    // An account is where it was, when others come; and all of it is in one part.
    case.write("crossrole.yaml", fleet(1..=50));
    for (number, before) in parts.iter().enumerate() {
        let now = listed(&case, &["--shard", &format!("{}/4", number + 1)]);
        assert!(before.iter().all(|path| now.contains(path)), "{before:?}\n{now:?}");
        let target = |path: &String| path.split('/').nth(1).map(str::to_owned);
        let targets: BTreeSet<_> = now.iter().filter_map(target).collect();
        assert_eq!(now.iter().filter(|path| *path != "source").count(), targets.len() * 2);
    }
}

#[test]
fn a_shard_is_a_number_of_a_number() {
    let case = Case::new(&fleet(1..=1));
    for wrong in ["0/4", "5/4", "1/0", "1", "1/257", "a/b", "-1/4", "1/4/4", "+1/4", "01/4", "", "1/ 4"] {
        case.run(&["list", &format!("--shard={wrong}")]).exits(64);
    }
    case.run(&["list", "--shard", "5/4"]).says("I/N");
}
