//! What people meet, told from beginning to end: each story is a text in `snapshots/update`.

use std::os::unix::fs::symlink;

use super::story::Story;
use super::{PROVIDERS, TRUST};
use crate::support::{Case, SPEC};

const V2: [&str; 3] = ["update", "--templates", "v2"];
const BOOTSTRAP: &str = "accounts/staging/bootstrap/main.tf";
const VARIABLES: &str = "modules/verification-bucket/variables.tf";

/// A call of `update` to the second version.
fn v2(more: &[&'static str]) -> Vec<&'static str> {
    V2.iter().chain(more).copied().collect()
}

/// An edit that the second version of the bucket's variables contradicts.
fn contradict(story: &mut Story) {
    let mine = "\nvariable \"change_ticket\" {\n  type = number\n}\n";
    story.act("a variable of one's own has the name of a new one", |case| {
        case.write(VARIABLES, format!("{}{mine}", case.read(VARIABLES)));
    });
}

#[test]
fn an_edit_is_kept() {
    let mut story = Story::begin(
        "kept-edit",
        "Edits stay at their own place, though the block around them has another address now.",
    );
    story.edit(
        BOOTSTRAP,
        "max_session_duration = 3600",
        "max_session_duration = 7200 # agreed with security",
    );
    story.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"by-hand\"");
    story.run(&v2(&[]), 0);
    // A longer session is more than the spec says, and stays that.
    story.run(&["check", "--templates", "v2"], 2);
    story.run(&v2(&[]), 0);
    story.end();
}

#[test]
fn a_conflict_is_marked_resolved_and_settled() {
    let mut story =
        Story::begin("conflict-inline", "Both sides are marked; nothing is settled while markers remain.");
    contradict(&mut story);
    story.run(&v2(&[]), 3);
    story.run(&v2(&["--conflict", "inline"]), 3);
    story.run(&["update", "--continue"], 3);
    story.run(&["generate", "--templates", "v2"], 4);
    story.act("the person takes the new text", |case| {
        let text = case.read(VARIABLES);
        let start = text.find("<<<<<<<").expect("a marker");
        let theirs = text.find("=======\n").expect("a marker") + "=======\n".len();
        let end = text.find(">>>>>>>").expect("a marker");
        let rest = text[end..].find('\n').map_or("", |newline| &text[end + newline + 1..]);
        case.write(VARIABLES, format!("{}{}{rest}", &text[..start], &text[theirs..end]));
    });
    story.run(&["update", "--continue"], 0);
    story.run(&["check", "--templates", "v2"], 0);
    story.end();
}

#[test]
fn a_conflict_is_undone() {
    let mut story =
        Story::begin("abort", "Undoing restores every byte, of files that had no conflict as well.");
    contradict(&mut story);
    let before = story.case.files();
    story.run(&v2(&["--conflict", "inline"]), 3);
    story.run(&["update", "--abort"], 0);
    assert_eq!(story.case.files(), before);
    story.run(&["update", "--abort"], 0);
    story.end();
}

#[test]
fn json_is_never_marked() {
    let case = Case::generated(&format!("{SPEC}    role: {{external_id: first-id}}\n"));
    let mut story =
        Story::begin_with("sidecar-json", "The new text of a policy stands beside the edited one.", case);
    story.edit(TRUST, "first-id", "edited-id");
    story.edit("crossrole.yaml", "first-id", "second-id");
    story.run(&["generate", "--conflict", "inline"], 3);
    story.run(&["update", "--continue"], 3);
    story.act("the person decides, and deletes what stood beside", |case| {
        case.edit(TRUST, "edited-id", "second-id");
        case.remove(&format!("{TRUST}.template-new"));
    });
    story.run(&["update", "--continue"], 0);
    story.run(&["check"], 0);
    story.end();
}

#[test]
fn a_deleted_file_stays_deleted() {
    let mut story = Story::begin(
        "deleted-file",
        "What a person deleted stays deleted, and is said when it would be new.",
    );
    story.act("delete the module's variables", |case| case.remove(VARIABLES));
    story.run(&v2(&[]), 0);
    story.run(&["generate", "--templates", "v2", "--restore", VARIABLES], 0);
    story.end();
}

#[test]
fn a_foreign_file_is_not_overwritten() {
    let mut story = Story::begin("foreign-file", "A file of one's own stands where the new templates write.");
    story.act("write a file of one's own", |case| {
        case.write("accounts/staging/workload/proof.tf", "# mine\n");
    });
    story.run(&v2(&[]), 3);
    story.run(&v2(&["--conflict", "theirs"]), 3);
    story.run(&v2(&["--conflict", "ours"]), 0);
    story.run(&["check", "--templates", "v2"], 0);
    story.end();
}

#[test]
fn a_renamed_file_takes_its_edits_along() {
    let mut story =
        Story::begin("renamed-file", "The templates give a file another name; the edit moves with it.");
    story.edit("accounts/staging/workload/verification.tf", "\n}", "\n\n  tags = { owner = \"me\" }\n}");
    story.run(&v2(&[]), 0);
    story.run(&["check", "--templates", "v2"], 0);
    story.end();
}

#[test]
fn a_block_that_moved_is_followed() {
    let mut story =
        Story::begin("moved-block", "A block that a person put into another file is changed there.");
    story.act("the role moves to a file of its own", |case| {
        let text = case.read(BOOTSTRAP);
        let start = text.find("resource \"aws_iam_role\" ").expect("the role");
        let end = start + text[start..].find("\n}\n").expect("its end") + "\n}\n".len();
        case.write("accounts/staging/bootstrap/role.tf", &text[start..end]);
        case.write(BOOTSTRAP, format!("{}{}", &text[..start], text[end..].trim_start()));
    });
    story.edit("crossrole.yaml", "222222222222\"", "222222222222\"\n    role: {max_session_duration: 2h}");
    story.run(&["generate"], 0);
    story.run(&["check"], 0);
    story.end();
}

#[test]
fn a_removed_target_with_edits_is_a_conflict() {
    let production = "  - {name: production, account_id: \"333333333333\", state: retired}\n";
    let case = Case::generated(&format!("{SPEC}{production}"));
    let mut story = Story::begin_with(
        "removed-target",
        "The target is gone from the spec, and one of its files was edited.",
        case,
    );
    story.edit(
        "accounts/production/workload/providers.tf",
        "session_name = \"terraform\"",
        "session_name = \"by-hand\"",
    );
    story.edit("crossrole.yaml", production, "");
    story.run(&["generate"], 3);
    story.run(&["generate", "--conflict", "sidecar"], 3);
    story.run(&["update", "--continue"], 0);
    story.run(&["check"], 0);
    story.end();
}

#[test]
fn formatting_is_no_edit() {
    let mut story = Story::begin(
        "reformatted-file",
        "A file that was only laid out otherwise is replaced as if it were untouched.",
    );
    story.act("indent the role by four blanks", |case| {
        case.write(BOOTSTRAP, case.read(BOOTSTRAP).replace("\n  ", "\n    "));
    });
    story.run(&v2(&[]), 0);
    story.end();
}

#[test]
fn a_link_is_not_followed() {
    let mut story = Story::begin(
        "symlinked-parent",
        "A folder is a link that leads elsewhere: nothing is written through it.",
    );
    story.act("put a link in the folder's place", |case| {
        std::fs::rename(case.at("accounts/staging"), case.at("elsewhere")).expect("folders can be moved");
        symlink("../elsewhere", case.at("accounts/staging")).expect("links can be made");
    });
    story.run(&v2(&[]), 4);
    story.end();
}

#[test]
fn a_record_that_was_edited_is_believed_where_it_can_be() {
    let mut story = Story::begin(
        "edited-record",
        "The record says that another text was generated: the edit is seen against that.",
    );
    let (from, to) = (r#"region = \"us-east-1\""#, r#"region = \"us-west-2\""#);
    story.edit(".crossrole/units/targets/staging.yaml", from, to);
    story.run(&["check"], 0);
    story.run(&["generate"], 0);
    story.run(&["check"], 0);
    story.end();
}

#[test]
fn half_a_record_is_none() {
    let what =
        "One side of a marked record is empty, so it is nobody's; the lock says the same on its other side.";
    let mut story = Story::begin("conflicted-record", what);
    story.act("a merge goes wrong", |case| {
        let record = ".crossrole/units/targets/staging.yaml";
        case.write(record, format!("<<<<<<< HEAD\n{}=======\n>>>>>>> other\n", case.read(record)));
    });
    story.run(&["check"], 2);
    story.run(&v2(&[]), 3);
    story.act("the markers reach the lock", |case| {
        let lock = ".crossrole/lock.yaml";
        case.write(lock, format!("<<<<<<< HEAD\n{}=======\n>>>>>>> other\n", case.read(lock)));
    });
    story.run(&v2(&[]), 3);
    story.end();
}

#[test]
fn a_record_of_a_newer_crossrole_is_refused() {
    let mut story =
        Story::begin("newer-record", "A newer crossrole wrote the record: this one leaves it alone.");
    story.edit(".crossrole/units/targets/staging.yaml", "format: 1", "format: 2");
    story.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"by-hand\"");
    story.run(&v2(&[]), 4);
    story.end();
}

#[test]
fn the_repository_sets_policies() {
    let mut story =
        Story::begin("policy", "`.crossrole/policy.yaml` says what may be edited, against the templates.");
    story.act("write policies", |case| {
        case.write(".crossrole/policy.yaml", "\"**/providers.tf\": managed\nsource/**: once\n");
    });
    story.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"by-hand\"");
    story.edit("source/outputs.tf", "description", "# Mine.\n  description");
    story.run(&v2(&[]), 3);
    story.run(&v2(&["--force"]), 0);
    story.end();
}

/// A trust policy and another policy have new paths at once, and the trust policy opens.
#[test]
fn a_moved_policy_is_compared_with_its_own_text() {
    let spec = SPEC.replace(
        "222222222222\"\n",
        "222222222222\"\n    role:\n      inline_policies:\n        logs: {Statement: [{Effect: Allow, Action: \"s3:GetObject\", Resource: \"*\"}]}\n",
    );
    let case = Case::generated(&spec);
    case.run(&["templates", "eject", "v2"]).exits(0);
    case.edit("v2/pack.yaml", "\nversion: 1\n", "\nversion: 2\n");
    let id = "\n    id: bootstrap/trust-policy.json";
    let (document, template) = ("- document: trust_policy", "- template: bootstrap/trust-policy.json.tera");
    case.edit("v2/pack.yaml", &format!("{document}{id}"), &format!("{template}{id}"));
    let statement =
        "{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"*\"}, \"Action\": \"sts:AssumeRole\"}";
    case.write(
        "v2/bootstrap/trust-policy.json.tera",
        format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}\n"),
    );
    let bootstrap = "path: accounts/{target}/bootstrap/";
    case.edit("v2/pack.yaml", &format!("{bootstrap}trust-policy.json"), &format!("{bootstrap}trust.json"));
    case.edit("v2/pack.yaml", &format!("{bootstrap}policies/"), &format!("{bootstrap}inline/"));
    case.edit("v2/bootstrap/main.tf.tera", "/trust-policy.json", "/trust.json");
    case.edit("v2/bootstrap/main.tf.tera", "/policies/", "/inline/");
    let mut story =
        Story::begin_with("moved-policies", "Policies move; each is compared with its own text.", case);
    story.run(&v2(&["--dry-run"]), 2);
    story.run(&v2(&[]), 4);
    story.end();
}
