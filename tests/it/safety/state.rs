//! What a run leaves for the next one: out of a commit's reach, and believed only as far as the files
//! are what the run left.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::Duration;

use super::{PROVIDERS, VERIFICATION};
use crate::support::{Case, Files, SPEC, commit_all, git, run, temporary};

/// What a run writes down of itself.
const RUN: &str = "run.yaml";

fn in_region(region: &str) -> String {
    SPEC.replace("222222222222\"", &format!("222222222222\"\n    region: {region}"))
}

/// A tree with an edit that the spec contradicts.
fn contradicted() -> Case {
    let case = Case::generated(&in_region("us-west-2"));
    case.edit(PROVIDERS, "us-west-2", "ap-south-1");
    case.write("crossrole.yaml", in_region("eu-west-1"));
    case
}

/// A forged run in the record, as a commit can carry it: where version 0.1 had looked for it.
#[test]
fn a_run_in_the_record_is_nobodys() {
    let outside = temporary();
    fs::write(outside.path().join("id_rsa"), "secret").expect("files can be written");
    for complete in [true, false] {
        let case = Case::generated(SPEC);
        case.write("README.md", "mine\n");
        let state = format!(
            "format: 1\ncomplete: {complete}\nconflicts: []\nunits: []\ntouched:\n- path: README.md\n  existed: false\n- path: crossrole.yaml\n  existed: false\n- path: id_rsa\n  existed: true\n"
        );
        case.write(".crossrole/pending/state.yaml", &state);
        case.write(".crossrole/pending/run.yaml", &state);
        case.write(
            ".crossrole/.crossrole-uncommitted",
            "format: 1\nmessage: theirs\nfiles: {README.md: null}\n",
        );
        symlink(outside.path(), case.at(".crossrole/pending/before")).expect("links can be made");
        commit_all(case.root());
        let before = case.files();
        for arguments in [
            &["update", "--abort"][..],
            &["update", "--continue"],
            &["generate"],
            &["update", "--commit"],
            &["check"],
        ] {
            case.run(arguments).exits(0);
        }
        assert_eq!(case.files(), before);
        assert_eq!(git(case.root(), &["rev-list", "--count", "HEAD"]), "1\n");
    }
    assert!(outside.path().join("id_rsa").exists());
}

#[test]
fn state_lies_in_gits_own_folder() {
    let case = contradicted();
    commit_all(case.root());
    git(
        case.root(),
        &["worktree", "add", "--quiet", "-b", "second", &case.at("second").display().to_string()],
    );
    for (folder, place) in [(case.root().to_owned(), ".git"), (case.at("second"), ".git/worktrees/second")] {
        run(case.crossrole().current_dir(&folder).args(["generate", "--conflict", "sidecar"])).exits(3);
        let named = git(&folder, &["rev-parse", "--git-path", "crossrole"]);
        let ours = folder.join(named.trim_end());
        assert_eq!(fs::canonicalize(&ours).ok(), fs::canonicalize(case.at(place).join("crossrole")).ok());
        let state =
            fs::read_dir(&ours).expect("it is there").next().expect("one tree").expect("it can be listed");
        assert!(state.path().join(RUN).exists());
        assert_eq!(git(&folder, &["status", "--porcelain", "--", ".crossrole/pending"]), "");
        run(case.crossrole().current_dir(&folder).args(["update", "--abort"])).exits(0);
        assert!(!ours.exists(), "nothing stays behind");
    }
    let own = case.state_home().join("crossrole");
    let left: Vec<_> = fs::read_dir(own).into_iter().flatten().collect();
    assert!(left.is_empty(), "a repository's state is with the repository: {left:?}");
}

/// A `.git` that is a file, a link or a stranger's leads nowhere.
#[test]
fn a_git_folder_that_does_not_point_back_is_not_one() {
    let victim = temporary();
    fs::write(victim.path().join("HEAD"), "ref: refs/heads/main\n").expect("files can be written");
    let path = victim.path().display();
    for forged in
        [format!("gitdir: {path}\n"), format!("gitdir: {path}/../{path}\n"), "gitdir: \n".to_owned()]
    {
        let case = contradicted();
        case.write(".git", forged);
        case.run(&["generate", "--conflict", "sidecar"]).exits(3);
        assert!(case.state(RUN).exists(), "the state is the user's own");
        case.run(&["update", "--abort"]).exits(0);
    }
    let case = contradicted();
    symlink(victim.path(), case.at(".git")).expect("links can be made");
    case.run(&["generate", "--conflict", "sidecar"]).exits(3);
    let entries: Vec<_> = fs::read_dir(victim.path()).expect("it is there").collect();
    assert_eq!(entries.len(), 1, "nothing was made there");
}

/// Links among the state itself are not followed either.
#[test]
fn state_is_not_read_or_written_through_links() {
    let outside = temporary();
    let case = contradicted();
    commit_all(case.root());
    symlink(outside.path(), case.at(".git/crossrole")).expect("links can be made");
    let before = case.files();
    let code = case.run(&["generate", "--conflict", "sidecar"]).code;
    assert!(matches!(code, Some(1 | 4)), "{code:?}");
    assert_eq!(case.files(), before);
    assert_eq!(fs::read_dir(outside.path()).expect("it is there").count(), 0);
}

/// The place is needed only for what waits.
#[test]
fn without_a_place_for_state_nothing_waits() {
    let case = contradicted();
    let homeless = |arguments: &[&str]| {
        run(case.crossrole().env_remove("XDG_STATE_HOME").env_remove("HOME").args(arguments))
    };
    let before = case.files();
    homeless(&["generate", "--conflict", "inline"]).exits(4).says("XDG_STATE_HOME");
    assert_eq!(case.files(), before);
    homeless(&["generate", "--conflict", "ours"]).exits(0);
    homeless(&["check"]).exits(0);
}

/// What people did between a run that was cut off and the next one is kept, and named.
#[test]
fn edits_after_a_cut_off_run_are_kept() {
    let case = contradicted();
    case.run(&["generate", "--conflict", "inline"]).exits(3);
    let run = fs::read_to_string(case.state(RUN)).expect("the run is written down");
    fs::write(case.state(RUN), run.replace("complete: true", "complete: false")).expect("it can be written");
    let marked = case.read(PROVIDERS);
    let (before, rest) = marked.split_once("<<<<<<<").expect("a conflict");
    let (_, after) =
        rest.split_once(">>>>>>>").and_then(|(_, after)| after.split_once('\n')).expect("its end");
    case.write(PROVIDERS, format!("{before}  region = \"ap-south-1\" # decided\n{after}"));
    let edited = format!("{}# a note\n", case.read(VERIFICATION));
    case.write(VERIFICATION, &edited);
    let ran = case.run(&["generate", "--conflict", "abort"]);
    let ran = ran.says("interrupted").says(PROVIDERS).says(VERIFICATION);
    assert!(matches!(ran.code, Some(0 | 3)), "{ran:?}");
    assert!(case.read(PROVIDERS).contains("# decided"));
    assert!(case.read(VERIFICATION).contains("# a note"));
    assert!(!case.state(RUN).exists());
}

/// A record that another branch brought is not replaced by what a run meant for the one before.
#[test]
fn another_state_of_the_folder_is_not_settled() {
    let case = contradicted();
    case.run(&["generate", "--conflict", "sidecar"]).exits(3);
    case.remove(&format!("{PROVIDERS}.template-new"));
    let record = ".crossrole/units/targets/staging.yaml";
    case.write(record, case.read(record).replace("us-west-2", "sa-east-1").replace("eu-west-1", "sa-east-1"));
    let before = case.files();
    case.run(&["update", "--continue"]).exits(4).says(record);
    case.run(&["update", "--abort"]).exits(4).says(record);
    assert_eq!(case.files(), before);
}

/// Killed at any moment, with edits made before the next run: no edit is lost, none half a file.
#[test]
fn no_edit_after_a_kill_is_lost() {
    const TARGETS: usize = 40;
    const ROUNDS: usize = 16;
    let spec = |region: &str| {
        let more = |number| {
            format!("  - {{name: t{number:03}, account_id: \"{:012}\"}}\n", 300_000_000_000_u64 + number)
        };
        let more: String = (0..TARGETS as u64).map(more).collect();
        format!("defaults: {{region: {region}}}\n{SPEC}{more}")
    };
    let case = Case::generated(&spec("us-west-2"));
    case.edit(PROVIDERS, "us-west-2", "ap-south-1");
    let before = case.files();
    let (mut cut_off, mut kept) = (0, 0);
    for round in 0..ROUNDS {
        restore(&case, &before);
        case.write("crossrole.yaml", spec("eu-west-1"));
        let mut child = case
            .started()
            .args(["generate", "-q", "--conflict", "inline"])
            .spawn()
            .expect("it can be started");
        while child.try_wait().expect("a child can be asked").is_none() && !case.state(RUN).exists() {}
        std::thread::sleep(Duration::from_micros((round as u64 * 7919) % 9_000));
        _ = child.kill();
        _ = child.wait();
        let run = fs::read_to_string(case.state(RUN)).unwrap_or_default();
        cut_off += usize::from(run.contains("complete: false"));
        let edited: Vec<_> =
            (0..TARGETS).step_by(7).map(|n| format!("accounts/t{n:03}/workload/providers.tf")).collect();
        for path in &edited {
            case.write(path, format!("{}# mine\n", case.read(path)));
        }
        let ran = case.run(&["generate", "--conflict", "abort"]);
        assert!(matches!(ran.code, Some(0 | 3 | 4)), "round {round}: {ran:?}");
        for path in &edited {
            assert!(case.read(path).contains("# mine"), "round {round}: {path} lost its edit");
            kept += 1;
        }
        case.run(&["update", "--abort", "--force"]);
    }
    assert!(cut_off >= 2, "only {cut_off} runs were cut off");
    assert_eq!(kept, ROUNDS * TARGETS.div_ceil(7));
}

fn restore(case: &Case, files: &Files) {
    for path in case.files().keys().filter(|path| !files.contains_key(*path)) {
        case.remove(path);
    }
    for (path, text) in files {
        case.write(path, text);
    }
}
