//! What `check` says in the end: how much differs, and the command that mends it.

use crate::support::{Case, SPEC, crossrole, run};

const PROVIDERS: &str = "accounts/staging/workload/providers.tf";
const VERIFICATION: &str = "accounts/staging/workload/verification.tf";

/// A pack of one's own beside the spec, unlike the built-in one.
fn with_a_pack(version: u32, id: &str) -> Case {
    let case = Case::new(SPEC);
    case.run(&["templates", "eject", "pack"]).exits(0);
    case.edit("pack/pack.yaml", "\nversion: 1\n", &format!("\nversion: {version}\n"));
    case.edit("pack/pack.yaml", "id: crossrole\n", &format!("id: {id}\n"));
    case.edit("pack/workload/verification.tf.tera", "#", "# Ours.\n#");
    case
}

#[test]
fn templates_that_were_not_named_are_asked_for() {
    for (version, id) in [(1, "acme"), (1, "crossrole")] {
        let case = with_a_pack(version, id);
        case.run(&["generate", "--templates", "pack"]).exits(0);
        let ran = case.run(&["check"]).exits(2).says("`--templates DIR`").says("`crossrole update --force`");
        assert!(!ran.stderr.contains("crossrole generate"), "{}", ran.stderr);
        case.run(&["check", "--templates", "pack"]).exits(0);
    }
    let case = with_a_pack(2, "crossrole");
    case.run(&["generate", "--templates", "pack"]).exits(0);
    let ran = case.run(&["check"]).exits(2).says("`--templates DIR`").says("a newer crossrole");
    assert!(!ran.stderr.contains("crossrole update"), "{}", ran.stderr);
}

#[test]
fn the_command_is_the_one_for_this_folder() {
    let case = with_a_pack(2, "crossrole");
    case.write("specs/prod.yaml", SPEC);
    // A record leads to a spec elsewhere in its repository, and no further.
    std::fs::create_dir(case.at(".git")).expect("folders can be made");
    let to = ["--spec", "specs/prod.yaml", "--out", "infra"];
    let with = |command: &str, more: &[&'static str]| {
        let arguments = [command].into_iter().chain(to).chain(more.iter().copied());
        case.run(&arguments.collect::<Vec<_>>())
    };
    with("check", &[])
        .exits(2)
        .says("run `crossrole generate --spec specs/prod.yaml --out infra` and commit");
    with("generate", &[]).exits(0);
    with("check", &["--templates", "pack"])
        .exits(2)
        .says("run `crossrole update infra --templates pack` and");
    case.run(&["update", "infra", "--templates", "pack"]).exits(0);
    case.edit("specs/prod.yaml", "222222222222\"", "222222222222\"\n    region: eu-west-1");
    with("check", &["--templates", "pack"])
        .exits(2)
        .says("run `crossrole generate --spec specs/prod.yaml --out infra --templates pack` and");
}

#[test]
fn what_only_strict_minds_needs_no_run() {
    let case = Case::generated(SPEC);
    case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"by-hand\"");
    let ran = case.run(&["check", "--strict"]).exits(2).says("1 file edited by hand in `.`; only `--strict`");
    assert!(!ran.stderr.contains("run `crossrole"), "{}", ran.stderr);
}

#[test]
fn a_deleted_file_is_called_deleted() {
    let case = Case::generated(SPEC);
    case.remove(VERIFICATION);
    case.run(&["check"]).exits(0).says(&format!("deleted  {VERIFICATION}")).says("1 file deleted by hand");
    case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"by-hand\"");
    case.run(&["check"]).exits(0).says("1 file edited and 1 deleted by hand");
    let sarif = case.run(&["check", "--format", "sarif"]).exits(0).stdout;
    assert!(sarif.contains("verification.tf`: a person deleted it"), "{sarif}");
}

/// What people did stays, so a diff of what comes leaves it out; `check` shows it.
#[test]
fn a_diff_does_not_take_back_what_people_did() {
    let case = Case::generated(SPEC);
    case.remove(VERIFICATION);
    case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"by-hand\"");
    let checked = case.run(&["check", "--diff"]).exits(0).stdout;
    assert!(checked.contains(&format!("File {VERIFICATION} was deleted, and stays so\n")), "{checked}");
    assert!(checked.contains("by-hand"), "{checked}");
    let coming = case.run(&["generate", "--diff"]).exits(0).stdout;
    assert!(coming.is_empty(), "{coming}");
    case.edit("crossrole.yaml", "222222222222\"", "222222222222\"\n    region: eu-west-1");
    let coming = case.run(&["generate", "--diff"]).exits(0).stdout;
    assert!(coming.contains("+  region = \"eu-west-1\""), "{coming}");
    assert!(!coming.contains(VERIFICATION) && !coming.contains("-      session_name"), "{coming}");
}

#[test]
fn a_target_to_forget_that_never_was_is_said_to_be_none() {
    let case = Case::generated(SPEC);
    case.run(&["generate", "--forget", "nosuch"]).exits(0).says("there is no target `nosuch`");
    case.run(&["generate", "--forget", "staging"]).exits(0).says("`staging` is still in the spec");
}

/// What came from stdin is nowhere to be found again, whatever lies where it could be.
#[test]
fn a_spec_from_stdin_is_asked_for_again() {
    let case = Case::new(&SPEC.replace("222222222222", "333333333333"));
    let piped =
        |arguments: &[&str]| run(crossrole().current_dir(case.root()).args(arguments).write_stdin(SPEC));
    piped(&["generate", "-f", "-"]).exits(0);
    let before = case.files();
    case.run(&["update"]).exits(1).says("from a spec on stdin").says("--spec -");
    piped(&["update", "--spec", "-"]).exits(0).says("up to date");
    assert_eq!(case.files(), before);
}

#[test]
fn a_run_that_waits_is_to_be_ended_first() {
    let case = Case::generated(SPEC);
    case.edit(PROVIDERS, "us-east-1", "ap-south-1");
    case.edit("crossrole.yaml", "222222222222\"", "222222222222\"\n    region: eu-west-1");
    case.run(&["generate", "--conflict", "sidecar"]).exits(3);
    let ran = case.run(&["check"]).exits(2);
    let ran = ran.says("run `crossrole update --continue`, or undo the run with `crossrole update --abort`");
    assert!(!ran.stderr.contains("crossrole generate"), "{}", ran.stderr);
}

/// A key of which everything behind it was commented out is not taken for a wish.
#[test]
fn an_empty_role_that_takes_protection_away_is_said() {
    let defaults = "defaults:\n  role: {external_id: some-id, require_mfa: false, policy_arns: []}\n";
    let spec = |role: &str| format!("{defaults}{SPEC}    {role}\n");
    let said = "this empty value removes `external_id` of `defaults.role`";
    for role in ["role:", "role: ~", "role: null", "role: {external_id: }", "role:\n      external_id:"] {
        let case = Case::new(&spec(role));
        case.run(&["generate", "--dry-run"]).exits(2).says(said);
        assert!(case.run(&["lint"]).exits(0).stdout.contains(said), "{role}");
    }
    for role in ["region: us-east-1", "role: {external_id: null}", "role: {policy_arns: }", "session:"] {
        let ran = Case::new(&spec(role)).run(&["generate", "--dry-run"]).exits(2);
        assert!(!ran.stderr.contains("takes away"), "{role}: {}", ran.stderr);
    }
}

/// The default is the whole account, and nobody asks for that by commenting out every caller.
#[test]
fn callers_with_nothing_behind_them_are_not_the_whole_account() {
    for callers in ["", " null", " ~", " []"] {
        let spec = SPEC.replace("targets:", &format!("  callers:{callers}\ntargets:"));
        Case::new(&spec).run(&["generate"]).exits(1).says("`callers` is empty");
    }
}
