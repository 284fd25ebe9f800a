//! A run that ends before its end leaves whole files, old or new, and the next run completes it; two
//! runs on one folder never work at the same time.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use crate::support::{Case, Files, SPEC, files};

/// Targets of the specs here: enough for a run to take a while.
const TARGETS: usize = 200;
/// Runs that are killed.
const ROUNDS: usize = 24;
/// Stands among the state while a run writes.
const UNFINISHED: &str = "unfinished";

/// A spec of many targets, the first of which are retired in one version and gone in the other.
fn spec(region: &str, retired: Option<&str>) -> String {
    let mut spec = format!(
        "version: 1\nsource: {{account_id: \"111111111111\"}}\ndefaults: {{region: {region}}}\ntargets:\n"
    );
    for number in 0..TARGETS {
        let state = match (number < TARGETS / 8, retired) {
            (true, None) => continue,
            (true, Some(state)) => format!(", state: {state}"),
            (false, _) => String::new(),
        };
        _ = writeln!(
            spec,
            "  - {{name: account-{number:04}, account_id: \"{:012}\"{state}}}",
            222_222_220_000 + number
        );
    }
    spec
}

/// Starts a run and does not wait for it.
fn start(case: &Case) -> Child {
    let mut command = case.started();
    command.args(["generate", "--quiet", "--out", "out"]).spawn().expect("the program can be started")
}

/// Waits until the run writes, and then a little; `false` if it was over before.
fn wait_until_writing(case: &Case, child: &mut Child, more: Duration) -> bool {
    while child.try_wait().expect("a child can be asked").is_none() {
        if case.state(UNFINISHED).exists() {
            std::thread::sleep(more);
            return true;
        }
    }
    false
}

/// What the folder should hold for a spec.
fn wanted(spec: &str) -> Files {
    let case = Case::new(spec);
    case.run(&["generate", "--out", "out", "--quiet"]).exits(0);
    let files = files(&case.at("out"));
    assert!(files.len() > TARGETS * 8, "only {} files", files.len());
    files
}

/// Every file that people see is one of the texts that it had or was to have.
#[track_caller]
fn is_whole(found: &Files, versions: &[&Files]) {
    for (path, text) in found.iter().filter(|(path, _)| !path.contains(".crossrole-")) {
        let known = versions.iter().any(|files| files.get(path) == Some(text));
        assert!(known, "{path} is neither old nor new:\n{text}");
    }
}

#[test]
fn a_killed_run_leaves_whole_files_and_the_next_completes_it() {
    let case = Case::new(SPEC);
    let specs = [spec("us-east-1", Some("retired")), spec("eu-west-1", None)];
    let trees = specs.each_ref().map(|spec| wanted(spec));
    let (mut killed, mut halfway) = (0, 0);
    for round in 0..ROUNDS {
        // Every other pair of rounds begins with nothing, the others with the other version.
        if round % 4 == 0 {
            _ = std::fs::remove_dir_all(case.at("out"));
        }
        let version = round % 2;
        case.write("crossrole.yaml", &specs[version]);
        let mut child = start(&case);
        let pause = Duration::from_micros((round as u64 * 7919) % 40_000);
        killed += usize::from(wait_until_writing(&case, &mut child, pause));
        _ = child.kill();
        _ = child.wait();
        let found = files(&case.at("out"));
        is_whole(&found, &[&trees[0], &trees[1]]);
        halfway += usize::from(found != trees[0] && found != trees[1]);
        case.run(&["generate", "--quiet", "--out", "out"]).exits(0);
        let after = files(&case.at("out"));
        let differing: Vec<_> = differing(&after, &trees[version]).into_iter().take(5).collect();
        assert!(differing.is_empty(), "round {round}: {differing:?}");
    }
    assert!(killed >= ROUNDS / 2, "only {killed} runs were killed while they wrote");
    assert!(halfway >= 1, "no run was killed halfway");
}

/// Paths whose text differs, or that only one of the two has.
fn differing<'f>(left: &'f Files, right: &'f Files) -> BTreeSet<&'f String> {
    left.keys().chain(right.keys()).filter(|path| left.get(*path) != right.get(*path)).collect()
}

#[test]
fn ctrl_c_ends_a_run_in_good_order() {
    let case = Case::new(&spec("us-east-1", Some("active")));
    let tree = wanted(&spec("us-east-1", Some("active")));
    let mut interrupted = 0;
    for _ in 0..30 {
        _ = std::fs::remove_dir_all(case.at("out"));
        let mut child = start(&case);
        if !wait_until_writing(&case, &mut child, Duration::ZERO) {
            continue;
        }
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(sent.is_ok_and(|sent| sent.success()) || child.try_wait().expect("a child").is_some());
        let code = child.wait().expect("it ends").code();
        assert!(code == Some(130) || code == Some(0), "{code:?}");
        is_whole(&files(&case.at("out")), &[&tree]);
        case.run(&["generate", "--quiet", "--out", "out"]).exits(0);
        assert_eq!(differing(&files(&case.at("out")), &tree), BTreeSet::new());
        interrupted += usize::from(code == Some(130));
        if interrupted == 3 {
            return;
        }
    }
    panic!("only {interrupted} runs were interrupted");
}

#[test]
fn a_folder_that_is_held_is_refused() {
    let case = Case::generated(SPEC);
    let folder = File::open(case.root()).expect("folders can be opened");
    folder.try_lock().expect("nobody else holds it");
    let before = case.files();
    case.write("crossrole.yaml", SPEC.replace("staging", "production"));
    case.run(&["generate"]).exits(4).says("another crossrole");
    case.write("crossrole.yaml", SPEC);
    assert_eq!(case.files(), before);
    case.run(&["check"]).exits(0);
    folder.unlock().expect("it is ours");
    case.run(&["generate"]).exits(0);
}

#[test]
fn runs_at_the_same_time_end_with_one_whole_tree() {
    let text = spec("us-east-1", Some("active"));
    let tree = wanted(&text);
    for round in 0..4 {
        let case = Case::new(&text);
        if round % 2 == 0 {
            std::fs::create_dir(case.at("out")).expect("folders can be made");
        }
        let children: Vec<Child> = (0..4).map(|_| start(&case)).collect();
        let codes: Vec<_> =
            children.into_iter().map(|mut child| child.wait().expect("it ends").code()).collect();
        assert!(codes.contains(&Some(0)), "{codes:?}");
        assert!(codes.iter().all(|code| matches!(code, Some(0 | 4))), "{codes:?}");
        assert_eq!(differing(&files(&case.at("out")), &tree), BTreeSet::new());
    }
}

/// What a killed run left is swept, and what only looks like it is somebody's own.
#[test]
fn left_overs_are_swept_and_nothing_else() {
    let case = Case::generated(SPEC);
    let tree = case.files();
    // What a run that is killed leaves there, too.
    std::fs::create_dir_all(case.state_of_root()).expect("folders can be made");
    std::fs::write(case.state_of_root().join(UNFINISHED), "").expect("files can be written");
    case.write("accounts/.crossrole-staging/workload/providers.tf", "half");
    case.write("accounts/staging/workload/.crossrole-Xy12", "half");
    case.write("accounts/staging/workload/.terraform/.crossrole-of-a-provider", "kept");
    case.write(".git/.crossrole-branch", "kept");
    std::os::unix::fs::symlink(Path::new("/nowhere"), case.at("accounts/.crossrole-link"))
        .expect("links can be made");
    case.edit("crossrole.yaml", "222222222222\"", "222222222222\"\n    region: eu-west-1");
    case.run(&["generate"]).exits(0);
    let found = case.files();
    let more: Vec<_> = found.keys().filter(|path| !tree.contains_key(*path)).collect();
    assert_eq!(
        more,
        [".git/.crossrole-branch", "accounts/staging/workload/.terraform/.crossrole-of-a-provider"]
    );
}
