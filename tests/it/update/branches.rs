//! Two branches of one fleet that git brings together, in real repositories: whichever way it is done,
//! and whether or not the merge driver is set up, one `generate` afterwards leaves what both did.

use std::collections::BTreeSet;
use std::process::Command;

use super::{PROVIDERS, v2_with};
use crate::support::{self, Case, Files, commit_all, git};

/// Five targets, of which one may be removed; defaults far enough from each other for git.
const FLEET: &str = r#"version: 1
source:
  account_id: "111111111111"
defaults:
  region: us-east-1
  # How long a session lasts,
  # at most.
  role:
    max_session_duration: 1h
    # Where the role lies.
    # Policies name it.
    path: /
targets:
  - {name: bravo, account_id: "222222222222"}
  - {name: golf, account_id: "333333333333"}
  - {name: mike, account_id: "444444444444", state: retired}
  - {name: staging, account_id: "555555555555"}
  - {name: yankee, account_id: "666666666666", bootstrap: {from: profile, profile: yankee}}
  # The end.
"#;

const ROLE: &str = "accounts/staging/bootstrap/main.tf";

/// What a branch does.
type Work = fn(&Case);

/// What the two branches do, and the arguments of every `generate`.
struct Story {
    name: &'static str,
    one: Work,
    two: Work,
}

/// How git brings them together.
const WAYS: [&str; 4] = ["merge", "rebase", "squash", "cherry-pick"];

const STORIES: [Story; 11] = [
    Story {
        name: "both add",
        one: |case| add(case, "targets:\n", "alpha", "777777777777"),
        two: |case| add(case, "  # The end.\n", "zulu", "888888888888"),
    },
    Story {
        name: "both add, side by side",
        one: |case| add(case, "account_id: \"222222222222\"}\n", "charlie", "777777777777"),
        two: |case| add(case, "account_id: \"333333333333\"}\n", "hotel", "888888888888"),
    },
    Story {
        name: "both add, side by side where targets are sorted",
        one: |case| add(case, "targets:\n", "hotel", "777777777777"),
        two: |case| add(case, "  # The end.\n", "india", "888888888888"),
    },
    Story {
        name: "both add what comes before all others",
        one: |case| add(case, "targets:\n", "beta", "777777777777"),
        two: |case| add(case, "  # The end.\n", "alpha", "888888888888"),
    },
    Story {
        name: "both add, each with a profile of its own",
        one: |case| add_with_profile(case, "targets:\n", "beta", "777777777777"),
        two: |case| add_with_profile(case, "  # The end.\n", "alpha", "888888888888"),
    },
    Story {
        name: "one removes, one adds",
        one: |case| {
            spec(case, "  - {name: mike, account_id: \"444444444444\", state: retired}\n", "");
        },
        two: |case| add(case, "account_id: \"555555555555\"}\n", "tango", "888888888888"),
    },
    Story {
        name: "both change defaults",
        one: |case| spec(case, "max_session_duration: 1h", "max_session_duration: 2h"),
        two: |case| spec(case, "region: us-east-1", "region: eu-west-1"),
    },
    Story {
        name: "both change defaults of one block",
        one: |case| spec(case, "max_session_duration: 1h", "max_session_duration: 2h"),
        two: |case| spec(case, "path: /\n", "path: /cross/\n"),
    },
    Story {
        name: "one changes a default, one adds",
        one: |case| spec(case, "max_session_duration: 1h", "max_session_duration: 2h"),
        two: |case| add(case, "  # The end.\n", "zulu", "888888888888"),
    },
    Story {
        name: "both edit a file",
        one: |case| case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"by-hand\""),
        two: |case| case.edit(PROVIDERS, "provider \"aws\" {", "# Ours.\nprovider \"aws\" {"),
    },
    Story {
        name: "one edits, one changes a default of the same file",
        one: |case| case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"by-hand\""),
        two: |case| spec(case, "region: us-east-1", "region: eu-west-1"),
    },
];

fn add(case: &Case, behind: &str, name: &str, account: &str) {
    add_line(case, behind, &format!("  - {{name: {name}, account_id: \"{account}\"}}\n"));
}

fn add_with_profile(case: &Case, behind: &str, name: &str, account: &str) {
    let bootstrap = format!("bootstrap: {{from: profile, profile: {name}}}");
    add_line(case, behind, &format!("  - {{name: {name}, account_id: \"{account}\", {bootstrap}}}\n"));
}

fn add_line(case: &Case, behind: &str, line: &str) {
    let both = if behind.starts_with("  #") { format!("{line}{behind}") } else { format!("{behind}{line}") };
    spec(case, behind, &both);
}

fn spec(case: &Case, from: &str, to: &str) {
    case.edit("crossrole.yaml", from, to);
    generate(case);
}

#[track_caller]
fn generate(case: &Case) {
    case.run(&["generate"]).exits(0);
}

fn begin(with_driver: bool) -> Case {
    let case = Case::generated(FLEET);
    commit_all(case.root());
    if with_driver {
        case.run(&["merge", "--install"]).exits(0);
        commit(&case, "driver");
        let driver = format!("{} merge --path=%P --output=%A %O %A %B", support::program().display());
        git(case.root(), &["config", "merge.crossrole.driver", &driver]);
    }
    case
}

/// A branch with what was done there.
fn branch(case: &Case, name: &str, work: impl Fn(&Case)) {
    git(case.root(), &["switch", "--quiet", "--create", name, "main"]);
    work(case);
    commit(case, name);
}

fn commit(case: &Case, message: &str) {
    git(case.root(), &["add", "--all"]);
    git(case.root(), &["commit", "--quiet", "--allow-empty", "--message", message]);
}

/// Brings branch `two` to `one`; whatever git could not decide is committed with its markers.
fn bring_together(case: &Case, way: &str) -> bool {
    let run = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(case.root()).args(arguments).env("GIT_EDITOR", "true");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.output().expect("git is there").status.success()
    };
    git(case.root(), &["switch", "--quiet", if way == "rebase" { "two" } else { "one" }]);
    let is_clean = match way {
        "merge" => run(&["merge", "--no-edit", "two"]),
        "rebase" => run(&["rebase", "one"]),
        "squash" => run(&["merge", "--squash", "two"]),
        _ => run(&["cherry-pick", "two"]),
    };
    git(case.root(), &["add", "--all"]);
    if !is_clean && way != "squash" && way != "merge" {
        run(&[way, "--continue"]);
    }
    git(case.root(), &["commit", "--quiet", "--allow-empty", "--message", "both"]);
    is_clean
}

/// Everything but what git keeps, and is told.
fn tree(case: &Case) -> Files {
    let mut files = case.files();
    files.retain(|path, _| !path.starts_with(".git/") && path != ".gitattributes");
    files
}

/// What the tree is when one did its work after the other.
fn in_a_row(story: &Story) -> Files {
    let case = Case::generated(FLEET);
    (story.one)(&case);
    (story.two)(&case);
    generate(&case);
    tree(&case)
}

#[track_caller]
fn is_settled(case: &Case, generate: &[&str], what: &str) {
    let ran = case.run(generate);
    assert_eq!(ran.code, Some(0), "{what}: {}", ran.stderr);
    let after = case.files();
    let marked: Vec<_> =
        after.iter().filter(|(path, text)| !path.starts_with(".git/") && is_marked(text)).collect();
    assert!(marked.is_empty(), "{what}: {marked:?}");
    let mut check = generate.to_vec();
    check[0] = "check";
    let ran = case.run(&check);
    assert_eq!(ran.code, Some(0), "{what}: {}{}", ran.stdout, ran.stderr);
    case.run(generate).exits(0).says("is up to date");
    assert_eq!(case.files(), after, "{what}: a second run writes nothing");
}

fn is_marked(text: &str) -> bool {
    ["<<<<<<<", "=======\n", ">>>>>>>"].iter().any(|marker| text.contains(marker))
}

#[test]
fn what_both_branches_did_is_there_after_one_run() {
    for story in &STORIES {
        let wanted = in_a_row(story);
        for with_driver in [true, false] {
            for way in WAYS {
                let what = format!("{}, {way}, driver: {with_driver}", story.name);
                let case = begin(with_driver);
                branch(&case, "one", story.one);
                branch(&case, "two", story.two);
                let is_clean = bring_together(&case, way);
                assert!(!is_marked(&case.read("crossrole.yaml")), "{what}");
                assert!(is_clean || !with_driver, "{what}");
                is_settled(&case, &["generate"], &what);
                let complaint = differing(&wanted, &tree(&case));
                assert!(complaint.is_empty(), "{what}: {complaint}");
            }
        }
    }
}

fn differing(wanted: &Files, found: &Files) -> String {
    let paths: BTreeSet<_> = wanted.keys().chain(found.keys()).collect();
    let text = |files: &Files, path: &str| in_order(path, files.get(path).map_or("", |text| text));
    let complaint = |path: &String| support::difference(path, &text(wanted, path), &text(found, path)).err();
    paths.into_iter().filter_map(complaint).collect()
}

/// A text; of a policy, in which lists are sets, its lines in order.
fn in_order(path: &str, text: &str) -> String {
    if !support::ends_in(path, &["json"]) {
        return text.to_owned();
    }
    let mut lines: Vec<_> = text.lines().map(|line| line.trim_end_matches(',')).collect();
    lines.sort_unstable();
    lines.join("\n")
}

/// A default on the line beside an edit: git marks it, and nobody can tell a stale line from an edited
/// one. The file stays, and so does everything else.
#[test]
fn an_edit_beside_a_change_is_a_conflict_where_git_marks_it() {
    let edit = |case: &Case| case.edit(PROVIDERS, "us-east-1\"\n", "us-east-1\"\n  profile = \"mine\"\n");
    let case = begin(false);
    branch(&case, "one", edit);
    branch(&case, "two", |case| spec(case, "region: us-east-1", "region: eu-west-1"));
    bring_together(&case, "merge");
    let before = case.files();
    assert!(is_marked(&before[PROVIDERS]), "{}", before[PROVIDERS]);
    case.run(&["generate"]).exits(3).says(PROVIDERS).says("conflict that was not resolved");
    assert_eq!(case.files(), before);
    let case = begin(true);
    branch(&case, "one", edit);
    branch(&case, "two", |case| spec(case, "region: us-east-1", "region: eu-west-1"));
    assert!(bring_together(&case, "merge"));
    is_settled(&case, &["generate"], "with the driver");
    let merged = case.read(PROVIDERS);
    assert!(merged.contains("eu-west-1") && merged.contains("profile = \"mine\""), "{merged}");
}

/// Both branches wrote the same line, one of them has an edit elsewhere in what git marked.
#[test]
fn an_edit_in_what_both_branches_generated_is_kept() {
    for way in WAYS {
        let case = begin(false);
        branch(&case, "one", |case| {
            spec(case, "region: us-east-1", "region: eu-west-1");
            case.edit(PROVIDERS, "eu-west-1\"\n", "eu-west-1\"\n  profile = \"mine\"\n");
        });
        branch(&case, "two", |case| spec(case, "region: us-east-1", "region: eu-north-1"));
        bring_together(&case, way);
        let marked = case.read("crossrole.yaml");
        let (before, rest) = marked.split_once("<<<<<<<").expect("both changed one line of the spec");
        let (_, after) = rest.split_once(">>>>>>>").expect("its end");
        let after = after.split_once('\n').expect("a line").1;
        case.write("crossrole.yaml", format!("{before}  region: eu-south-1\n{after}"));
        is_settled(&case, &["generate"], way);
        let merged = case.read(PROVIDERS);
        assert!(merged.contains("eu-south-1") && merged.contains("profile = \"mine\""), "{way}: {merged}");
    }
}

/// Newer templates on one branch, an edit and another default on the other.
#[test]
fn an_update_on_one_branch_meets_an_edit_on_the_other() {
    for (way, with_driver) in WAYS.into_iter().flat_map(|way| [(way, true), (way, false)]) {
        let case = begin(with_driver);
        v2_with(&case, "workload/providers.tf.tera", |text| {
            format!("{}\n# Second version.\n", text.trim_end())
        });
        commit(&case, "templates");
        branch(&case, "one", |case| {
            case.run(&["update", "--templates", "v2"]).exits(0);
        });
        branch(&case, "two", |case| {
            case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"by-hand\"");
        });
        let is_clean = bring_together(&case, way);
        assert!(is_clean || !with_driver, "{way}");
        is_settled(&case, &["generate", "--templates", "v2"], way);
        let merged = case.read(PROVIDERS);
        assert!(merged.contains("by-hand") && merged.contains("# Second version."), "{way}: {merged}");
    }
}

/// Somebody resolved a file to something that holds neither branch's text whole: whether a line of one
/// branch was left out on purpose cannot be told, so the file stays until a person says.
#[test]
fn what_cannot_be_told_is_a_persons() {
    let case = begin(false);
    branch(&case, "one", |case| spec(case, "max_session_duration: 1h", "max_session_duration: 2h"));
    branch(&case, "two", |case| spec(case, "path: /\n", "path: /cross/\n"));
    bring_together(&case, "merge");
    // The duration of one branch, the path from before, and an edit.
    case.edit(ROLE, "\"/cross/\"", "\"/\"");
    case.edit(ROLE, "resource \"aws_iam_role\"", "# Mine.\nresource \"aws_iam_role\"");
    let before = case.files();
    case.run(&["generate"]).exits(3).says(ROLE).says("cannot be told");
    assert_eq!(case.files(), before);
    case.run(&["generate", "--conflict", "ours"]).exits(0);
    assert!(case.read(ROLE).contains("# Mine."), "an edit is never lost");
}
