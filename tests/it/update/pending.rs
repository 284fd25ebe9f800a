//! A run that waits for a person can always be undone, whenever it was cut off.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use super::{PROVIDERS, TRUST};
use crate::support::{Case, Files, SPEC};

/// What a run that waits has written down of itself, among its state.
const RUN: &str = "run.yaml";

/// A spec with this many more targets, and an edit that a change of the region contradicts.
fn edited(targets: usize) -> Case {
    let case = Case::generated(&spec(targets, "eu-west-1"));
    case.edit(PROVIDERS, "eu-west-1", "ap-south-1");
    case.write("crossrole.yaml", spec(targets, "eu-central-1"));
    case
}

fn spec(targets: usize, region: &str) -> String {
    let more = |number| {
        format!("  - {{name: t{number:03}, account_id: \"{:012}\"}}\n", 300_000_000_000_u64 + number)
    };
    let more: String = (0..targets as u64).map(more).collect();
    format!("defaults: {{region: {region}}}\n{SPEC}{more}")
}

#[test]
fn every_byte_and_mode_comes_back() {
    let case = edited(3);
    let modes = |case: &Case| -> Vec<(String, u32)> {
        let mode = |path: &String| fs::metadata(case.at(path)).expect("it is there").permissions().mode();
        case.files().into_keys().map(|path| (path.clone(), mode(&path))).collect()
    };
    fs::set_permissions(case.at(PROVIDERS), fs::Permissions::from_mode(0o600)).expect("modes can be set");
    let before = (case.files(), modes(&case));
    case.run(&["generate", "--conflict", "inline"]).exits(3);
    assert_ne!(case.files(), before.0);
    case.run(&["update", "--abort"]).exits(0);
    assert_eq!((case.files(), modes(&case)), before);
}

#[test]
fn what_was_done_since_is_not_undone_unasked() {
    let case = edited(1);
    let before = case.files();
    case.run(&["generate", "--conflict", "inline"]).exits(3);
    case.edit("accounts/t000/workload/providers.tf", "eu-central-1", "eu-north-1");
    case.run(&["update", "--abort"]).exits(4).says("accounts/t000/workload/providers.tf");
    case.run(&["update", "--abort", "--force"]).exits(0);
    assert_eq!(case.files(), before);
}

/// Markers may be left in a file that had no conflict, and in one that had the new text beside it.
#[test]
fn no_file_of_the_run_keeps_markers() {
    let marked = "<<<<<<< mine\n# a\n=======\n# b\n>>>>>>> theirs\n";
    let other = "accounts/t000/workload/providers.tf";
    let case = edited(1);
    case.run(&["generate", "--conflict", "sidecar"]).exits(3);
    case.remove(&format!("{PROVIDERS}.template-new"));
    for path in [PROVIDERS, other] {
        let text = case.read(path);
        case.write(path, format!("{text}{marked}"));
        let before = case.files();
        case.run(&["update", "--continue"]).exits(3).says(&format!("`{path}` still has conflict markers"));
        assert_eq!(case.files(), before);
        case.write(path, text);
    }
    case.run(&["update", "--continue"]).exits(0);
}

/// What people do meanwhile is an edit like any other, and is said.
#[test]
fn what_was_done_meanwhile_is_known_afterwards() {
    let (edited_too, gone) =
        ("accounts/t000/workload/providers.tf", "accounts/t000/workload/verification.tf");
    let case = edited(1);
    case.run(&["generate", "--conflict", "sidecar"]).exits(3);
    case.remove(&format!("{PROVIDERS}.template-new"));
    case.edit(edited_too, "eu-central-1", "eu-north-1");
    case.remove(gone);
    let ran = case.run(&["update", "--continue"]).exits(0);
    let ran = ran.says(&format!("`{edited_too}` was changed")).says(&format!("`{gone}` was deleted"));
    ran.says(&format!("--restore {gone}"));
    let changes = case.run(&["check", "--format", "json"]).exits(0).json()["changes"].clone();
    for path in [PROVIDERS, edited_too, gone] {
        let is_it = |change: &serde_json::Value| change["path"] == path && change["kind"] == "edited";
        assert!(changes.as_array().expect("a list").iter().any(is_it), "{path}: {changes:#}");
    }
    case.run(&["generate", "--restore", gone]).exits(0);
    assert!(case.read(gone).contains("eu-central-1"), "with the new text");
    assert!(case.read(edited_too).contains("eu-north-1"));
}

/// The name beside a file may be somebody's own.
#[test]
fn what_stands_beside_already_is_not_overwritten() {
    let case = edited(0);
    let beside = format!("{PROVIDERS}.template-new");
    case.write(&beside, "precious\n");
    let before = case.files();
    case.run(&["generate", "--conflict", "sidecar"]).exits(4).says("already exists");
    assert_eq!(case.files(), before);
}

/// A conflict in a block that a person moved waits like any other.
#[test]
fn a_conflict_in_a_moved_block_is_not_forgotten() {
    let case = Case::generated(&spec(0, "eu-west-1"));
    let own = "accounts/staging/workload/own.tf";
    std::fs::rename(case.at(PROVIDERS), case.at(own)).expect("it can be renamed");
    case.edit(own, "eu-west-1", "ap-south-1");
    case.write("crossrole.yaml", spec(0, "eu-central-1"));
    case.run(&["generate", "--conflict", "inline"]).exits(3);
    assert!(case.read(own).contains("<<<<<<<"), "{}", case.read(own));
    case.run(&["check"]).exits(2);
    case.run(&["update", "--abort"]).exits(0);
    case.run(&["generate"]).exits(3);
}

#[test]
fn a_waiting_run_lets_nothing_else_begin() {
    let case = edited(0);
    case.run(&["generate", "--conflict", "sidecar"]).exits(3);
    let before = case.files();
    for arguments in [&["generate"][..], &["generate", "--dry-run"], &["update"], &["update", "--dry-run"]] {
        case.run(arguments).exits(4).says("--continue").says("--abort");
    }
    assert_eq!(case.files(), before);
    assert_eq!(case.run(&["check", "--format", "json"]).exits(2).json()["clean"], false);
}

#[test]
fn a_state_that_makes_no_sense_is_refused() {
    let case = edited(0);
    case.run(&["generate", "--conflict", "sidecar"]).exits(3);
    let run = case.state(RUN);
    let text = fs::read_to_string(&run).expect("the run is written down");
    let newer = text.replace("format: 1\n", "format: 9\n");
    let begin = "format: 1\ncomplete: true\nconflicts: []\nunits: []\ntouched:\n- existed: false\n  path: ";
    let lies = ["../victim", ".git/config", "x/.git/hooks/pre-commit", ".crossrole/policy.yaml"];
    let lies = lies.map(|path| (format!("{begin}{path}\n"), "is not a path that a run writes"));
    for (lie, says) in [("{".to_owned(), "cannot be used"), (newer, "newer")].into_iter().chain(lies) {
        fs::write(&run, lie).expect("it can be written");
        let before = case.files();
        case.run(&["update", "--abort"]).exits(4).says(says);
        case.run(&["generate"]).exits(4).says(says);
        assert_eq!(case.files(), before);
    }
}

#[test]
fn both_sides_may_be_taken() {
    for (side, region) in [("ours", "ap-south-1"), ("theirs", "eu-central-1")] {
        let case = edited(0);
        case.run(&["generate", "--conflict", side]).exits(0);
        assert!(case.read(PROVIDERS).contains(&format!("region = \"{region}\"")), "{side}");
        assert!(
            case.read("accounts/staging/workload/verification.tf").contains("eu-central-1")
                || side == "ours"
                || case.read(PROVIDERS).contains(region)
        );
        case.run(&["check"]).exits(0);
        case.run(&["generate"]).exits(0).says(if side == "ours" { "keeps its edits" } else { "up to date" });
    }
}

#[test]
fn json_that_does_not_go_together_never_holds_markers() {
    let case = Case::generated(&format!("{SPEC}    role: {{external_id: first-id}}\n"));
    case.edit(TRUST, "first-id", "edited-id");
    case.edit("crossrole.yaml", "first-id", "second-id");
    case.run(&["generate", "--conflict", "inline"]).exits(3);
    let json: serde_json::Value = serde_json::from_str(&case.read(TRUST)).expect("JSON");
    assert!(json.to_string().contains("edited-id"));
    serde_json::from_str::<serde_json::Value>(&case.read(&format!("{TRUST}.template-new"))).expect("JSON");
}

/// Killed at any moment: files are old, new or marked, and `--abort` or the next run gets back.
#[test]
fn a_killed_run_can_be_undone() {
    const TARGETS: usize = 60;
    const ROUNDS: usize = 24;
    let case = edited(TARGETS);
    let before = case.files();
    let (mut cut_off, mut undone) = (0, 0);
    for round in 0..ROUNDS {
        let mut command = case.started();
        command.args(["generate", "-q", "--conflict", "inline"]);
        let mut child = command.spawn().expect("it can be started");
        while child.try_wait().expect("a child can be asked").is_none() && !case.state("before").exists() {}
        std::thread::sleep(Duration::from_micros((round as u64 * 7919) % 12_000));
        _ = child.kill();
        _ = child.wait();
        let run = fs::read_to_string(case.state(RUN)).ok();
        let is_complete = run.as_ref().is_some_and(|run| run.contains("complete: true"));
        cut_off += usize::from(!is_complete);
        if !is_complete && run.is_some() {
            case.run(&["update", "--continue"]).exits(4).says("interrupted");
        }
        if round % 2 == 0 {
            case.run(&["update", "--abort"]).exits(0);
        } else {
            // The next run undoes what is half done by itself; what is complete waits.
            let code = if is_complete { 4 } else { 3 };
            case.run(&["generate", "--conflict", "inline"]).exits(code);
            case.run(&["update", "--abort"]).exits(0);
        }
        undone += usize::from(without_leftovers(case.files()) == before);
        assert_eq!(undone, round + 1, "round {round}: {:?}", differing(&case.files(), &before));
    }
    assert!(cut_off >= 3, "only {cut_off} runs were killed before they had written everything");
}

/// An update that moves edited files, killed at any moment: run again, it comes to the same end.
#[test]
fn a_killed_update_converges() {
    const TARGETS: usize = 40;
    const ROUNDS: usize = 16;
    let case = Case::generated(&spec(TARGETS, "eu-west-1"));
    super::second_version(&case);
    for number in (0..TARGETS).step_by(3) {
        let path = format!("accounts/t{number:03}/workload/verification.tf");
        case.edit(&path, "module \"", "# Mine.\nmodule \"");
    }
    let update = ["update", "-q", "--templates", "v2"];
    let before = case.files();
    case.run(&update).exits(0);
    let wanted = case.files();
    assert_eq!(wanted.values().filter(|text| text.contains("# Mine.")).count(), TARGETS.div_ceil(3));
    let mut halfway = 0;
    for round in 0..ROUNDS {
        for path in case.files().keys().filter(|path| !before.contains_key(*path)) {
            case.remove(path);
        }
        for (path, text) in &before {
            case.write(path, text);
        }
        let mut child = case.started().args(update).spawn().expect("it can be started");
        while child.try_wait().expect("a child can be asked").is_none() && !case.state("unfinished").exists()
        {
        }
        std::thread::sleep(Duration::from_micros((round as u64 * 7919) % 9_000));
        _ = child.kill();
        _ = child.wait();
        let found = without_leftovers(case.files());
        halfway += usize::from(found != wanted && found != before);
        case.run(&update).exits(0);
        assert_eq!(differing(&case.files(), &wanted), Vec::<String>::new(), "round {round}");
    }
    assert!(halfway >= 2, "only {halfway} runs were killed halfway");
}

fn without_leftovers(mut files: Files) -> Files {
    files.retain(|path, _| !path.contains(".crossrole-"));
    files
}

fn differing(left: &Files, right: &Files) -> Vec<String> {
    let all = left.keys().chain(right.keys());
    all.filter(|path| left.get(*path) != right.get(*path)).take(4).cloned().collect()
}
