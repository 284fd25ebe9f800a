//! `init` at a terminal: every question, wrong answers, the review, Ctrl-C anywhere, narrow windows.

use std::fmt::Write as _;

use super::prompts::{
    A_ROLE, ANYBODY, BY_HAND, CHOSEN, CREATED, ID, MORE_TARGETS, ORGANIZATION, POLICIES, RECREATED, REGION,
    REVIEW, ROLE, SHORT, TARGET, TARGET_ID, WHO, WHOSE, begin, empty, line, written,
};
use super::talk::{CTRL_C, DOWN, ENTER, ESCAPE, Talk, UP, shows_the_cursor};
use crate::support::{Case, crossrole, run};

#[test]
fn answers_become_the_spec_that_a_person_would_write() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answers(&SHORT).answer(REVIEW, ENTER);
    talk.answer("Generate the Terraform now?", ENTER);
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    assert!(seen.contains("Next:"), "{seen}");
    let mut output = case.output();
    output.remove(".tty");
    assert_eq!(output, Case::generated(BY_HAND).output());
    let spec = case.read("crossrole.yaml");
    assert!(spec.starts_with("version: 1\n"), "{spec}");
    case.run(&["check"]).exits(0);
}

#[test]
fn wrong_answers_are_asked_again_with_the_reason() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answer(ID, "1111\r").expect("`1111` is not an account ID: an account ID has exactly 12 digits");
    talk.answer(ID, "111111111111\r").answer(WHO, &line(A_ROLE));
    talk.answer(ROLE, "a b\r")
        .expect("is not the name")
        .answer(ROLE, "ci/deployer\r")
        .answer(RECREATED, ENTER);
    talk.answer("Another caller?", ENTER).answer(ORGANIZATION, ENTER);
    talk.answer(TARGET, "!\r").expect("is not a target name").answer(TARGET, "prod\r");
    talk.answer(TARGET_ID, "111111111111\r").expect("account A itself").answer(TARGET_ID, "222222222222\r");
    talk.answer(REGION, "mars-1\r").expect("is not a region");
    talk.answer(REGION, "us-gov-west-1\r").expect("is in partition").answer(REGION, "eu-west-1\r");
    talk.answer(WHOSE, ENTER)
        .answer(CREATED, ENTER)
        .answer(POLICIES, "arn:aws:iam::333333333333:policy/X\r")
        .expect("that is a policy of account");
    talk.answer("", "\u{15}arn:aws:iam::222222222222:policy/X\r").answer(CHOSEN, ENTER);
    talk.answer(MORE_TARGETS, "y").answer(TARGET, "prod\r").expect("already").answer(TARGET, "second\r");
    talk.answer(TARGET_ID, "222222222222\r").expect("account of target").answer(TARGET_ID, "333333333333\r");
    // The region of the first is the second's, unless it says otherwise.
    talk.answer("(eu-west-1)", ENTER);
    talk.answer(WHOSE, ENTER).answer(CREATED, &format!("{DOWN}{DOWN}{ENTER}"));
    talk.answer("Name of the profile", "second\r").answer(POLICIES, ENTER);
    talk.answers(&SHORT[12..]).answer("Target          second", ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    assert!(seen.contains("the role of `second` has no permissions yet"), "{seen}");
    let spec = case.read("crossrole.yaml");
    for words in ["{kind: role, name: ci/deployer}", "defaults:\n  region: eu-west-1\n", "profile: second"] {
        assert!(spec.contains(words), "{words}: {spec}");
    }
    case.run(&["generate"]).exits(0);
}

#[test]
fn any_answer_can_be_changed_and_what_follows_is_found_anew() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answers(&SHORT);
    talk.answer(REVIEW, &line(1)).answer(ID, "999999999999\r");
    talk.answer(REVIEW, &line(2)).answer("Name of account A", "management\r");
    talk.answer(REVIEW, &line(3)).answer("Partition", &line(2));
    talk.expect("aws-us-gov").expect("us-gov-west-1");
    talk.answer(REVIEW, &line(4)).answer("Replace this caller", &line(1)).answer(WHO, &line(ANYBODY));
    talk.answer("Require MFA?", "n");
    // The account becomes a third party's, so an external ID and another way to create the role follow.
    talk.answer(REVIEW, &line(12)).expect("external ID   none").answer("more regions", &line(4));
    talk.answer(WHOSE, &line(1))
        .expect("owner         a third party")
        .expect("role created  with credentials");
    talk.answer("more regions", &line(5))
        .answer("External ID", "agreed-by-letter\r")
        .expect("external ID   agreed-by-letter");
    talk.answer("more regions", &line(6)).answer(POLICIES, "ReadOnlyAccess\r").answer(CHOSEN, ENTER);
    talk.answer("more regions", ENTER).answer(REVIEW, &line(17));
    talk.answers(&[
        (TARGET, "other\r"),
        (TARGET_ID, "333333333333\r"),
        ("(us-gov-west-1)", ENTER),
        (WHOSE, ENTER),
    ]);
    talk.answer(CREATED, &line(4)).expect("already exists");
    // Two targets fill more than one page of the review.
    talk.answer("Target          other", &line(17)).answer("Remove this target", &line(9));
    talk.answer(REVIEW, ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    let spec: serde_json::Value = serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML");
    let wanted = serde_json::json!({
        "version": 1,
        "source": {
            "name": "management",
            "account_id": "999999999999",
            "partition": "aws-us-gov",
            "callers": [{ "kind": "account" }],
        },
        "targets": [{
            "name": "staging",
            "account_id": "222222222222",
            "region": "us-gov-west-1",
            "ownership": "third_party",
            "role": {
                "external_id": "agreed-by-letter",
                "policy_arns": ["arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess"],
            },
        }],
    });
    assert_eq!(spec, wanted);
    case.run(&["generate"]).exits(0);
}

#[test]
fn answers_that_do_not_go_together_are_not_written() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answers(&SHORT[..11]).answer(POLICIES, "arn:aws:iam::222222222222:policy/X\r").answer(CHOSEN, ENTER);
    talk.answers(&SHORT[12..]);
    talk.answer(REVIEW, &line(3)).answer("Partition", &line(1)).expect("CR004");
    talk.answer(REVIEW, ENTER).expect("CR004").answer(REVIEW, &line(3)).answer("Partition", ENTER);
    talk.answer(REVIEW, CTRL_C);
    let (code, seen) = talk.end();
    assert_eq!((code, written(&case).len()), (130, 0), "{seen}");
}

#[test]
fn ctrl_c_at_any_prompt_writes_nothing_and_restores_the_terminal() {
    let mut steps = SHORT.to_vec();
    steps.push((REVIEW, ENTER));
    let mut complaints = String::new();
    for stop in 0..steps.len() {
        let case = empty();
        let mut talk = begin(&case);
        talk.answers(&steps[..stop]).answer(steps[stop].0, CTRL_C);
        let (code, seen) = talk.end();
        let is_right = code == 130 && written(&case).is_empty() && shows_the_cursor(&seen);
        if !is_right || !seen.contains("nothing was written") {
            _ = writeln!(complaints, "at `{}`: exit {code}\n{seen}", steps[stop].0);
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

#[test]
fn ctrl_c_before_generating_leaves_the_spec() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answers(&SHORT).answer(REVIEW, ENTER);
    talk.answer("Generate the Terraform now?", CTRL_C);
    let (code, seen) = talk.end();
    assert!(code == 130 && seen.contains("`crossrole.yaml` was written, nothing was generated"), "{seen}");
    assert_eq!(written(&case).into_keys().collect::<Vec<_>>(), ["crossrole.yaml"]);
}

#[test]
fn narrow_and_changing_windows_are_no_hindrance() {
    let case = empty();
    let mut talk = Talk::begin(case.root(), &[("WIDE", "30")]);
    talk.answers(&SHORT[..6]);
    talk.expect(TARGET).resize(case.root(), 200);
    talk.answer("", ENTER).answers(&SHORT[7..10]);
    talk.expect(CREATED).resize(case.root(), 24);
    talk.answer("", ENTER).answer("44 of 44", ENTER).answer("target?", ENTER).answers(&SHORT[13..]);
    talk.answer(REVIEW, ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    assert!(case.read("crossrole.yaml").contains("name: staging"));
}

#[test]
fn without_colour_nothing_is_coloured() {
    let case = empty();
    let mut talk = Talk::begin(case.root(), &[("NO_COLOR", "1")]);
    talk.answers(&SHORT).answer(REVIEW, ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    let colours: Vec<&str> = seen.split("\u{1b}[").skip(1).filter(|rest| is_colour(rest)).collect();
    assert!(colours.is_empty(), "{colours:?}");
}

/// Whether what follows `ESC [` sets a colour or a style.
fn is_colour(sequence: &str) -> bool {
    sequence.find(|c: char| c.is_ascii_alphabetic()).is_some_and(|end| sequence[end..].starts_with('m'))
}

#[test]
fn screen_readers_get_lines_that_stay() {
    for variable in [("TERM", "dumb"), ("ACCESSIBLE", "1")] {
        let case = empty();
        let mut talk = Talk::begin(case.root(), &[variable, ("NO_COLOR", "1")]);
        talk.answer(ID, "111\n").expect("is not an account ID").answer(ID, "1111 1111 1111\n");
        talk.expect("understood as").expect("`111111111111`");
        talk.answer("(1 to 8) [1]", "9\n").expect("a number from 1 to 8").answer("(1 to 8) [1]", "8\n");
        talk.answer("Require MFA? [Y/n]", "maybe\n").expect("`y` or `n`").answer("[Y/n]", "n\n");
        talk.answer(ORGANIZATION, "\n")
            .answer(TARGET, "\n")
            .answer(TARGET_ID, "222222222222\n")
            .answer("Region [us-east-1]", "\n");
        talk.answer("Whose account is it?", "2\n").answer("External ID", "\n").answer("be created?", "\n");
        talk.answer("(Enter when done)", "?s3\n").expect("2 of 44 match").expect("5. AmazonS3FullAccess: ");
        talk.answer("(Enter when done)", "1, arn:aws:iam::222222222222:policy/Own\n").expect("2 chosen");
        talk.answer("(Enter when done)", "\n").answer(MORE_TARGETS, "\n");
        talk.answer("sign in", "<\n").answer(MORE_TARGETS, "\n");
        talk.answer("sign in", "\n").answer("keep its state?", "\n");
        talk.expect("Review, 18 choices").answer("(1 to 18) [1]", "\n").answer("Generate", "n\n");
        let (code, seen) = talk.end();
        assert_eq!(code, 0, "{seen}");
        assert!(!seen.contains('\u{1b}'), "{seen:?}");
        let spec = case.read("crossrole.yaml");
        assert!(spec.contains("ownership: third_party") && spec.contains("external_id:"), "{spec}");
        assert!(spec.contains("policy/ReadOnlyAccess"), "{spec}");
        let case = empty();
        let mut talk = Talk::begin(case.root(), &[variable]);
        talk.answer(ID, CTRL_C);
        assert_eq!((talk.end().0, written(&case).len()), (130, 0));
    }
}

#[test]
fn a_spec_that_is_there_is_added_to_and_changed_in_place() {
    let spec = "# Ours.\nversion: 1\nsource: {account_id: \"111111111111\"}   # A\ndefaults:\n  role:\n    policy_arns: [arn:aws:iam::aws:policy/ReadOnlyAccess]\n\ntargets:\n- name: staging   # first\n  account_id: \"222222222222\"\n  region:   us-east-1   # near\n\n# The end.\n";
    let case = Case::new(spec);
    let mut talk = begin(&case);
    talk.answer("Leave it as it is", ENTER)
        .answer(TARGET, "staging\r")
        .expect("already")
        .answer(TARGET, "b\r");
    talk.answers(&[
        (TARGET_ID, "333333333333\r"),
        ("(us-east-1)", "eu-west-1\r"),
        (WHOSE, ENTER),
        (CREATED, ENTER),
    ]);
    talk.answers(&[(POLICIES, "ReadOnlyAccess\r"), (CHOSEN, ENTER)]);
    talk.answer("Write 1 change", &format!("\u{1b}[A{ENTER}")).answer("Which target?", "stag\r");
    talk.answer("Remove this target", ENTER).answer("(us-east-1)", "eu-central-1\r");
    talk.answer("Write 2 changes", ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    let added = "\n- name: b\n  account_id: \"333333333333\"\n  region: eu-west-1\n  ownership: organization\n  role:\n    policy_arns: [arn:aws:iam::aws:policy/ReadOnlyAccess]\n  bootstrap:\n    from: assume_role\n    role: OrganizationAccountAccessRole\n\n# The end.\n";
    let wanted =
        spec.replace("us-east-1   # near", "eu-central-1   # near").replace("\n\n# The end.\n", added);
    assert_eq!(case.read("crossrole.yaml"), wanted);
    case.run(&["generate"]).exits(0);
    let mut talk = begin(&case);
    talk.answer("Leave it as it is", &format!("{DOWN}{DOWN}{ENTER}")).expect("nothing was changed");
    assert_eq!(talk.end().0, 0);
    assert_eq!(case.read("crossrole.yaml"), wanted);
    let mut talk = begin(&case);
    talk.answer("Leave it as it is", CTRL_C);
    assert_eq!(talk.end().0, 130);
    case.write("crossrole.yaml", "version: 2\n");
    assert_eq!(begin(&case).end().0, 1, "a broken spec is mended first");
}

#[test]
fn permissions_and_regions_change_and_targets_go_in_place() {
    let spec = "version: 1\nsource: {account_id: \"111111111111\"}\ntargets:\n  - name: a # first\n    account_id: \"222222222222\"\n    role:\n      policy_arns: [arn:aws:iam::aws:policy/ReadOnlyAccess]\n  - {name: b, account_id: \"333333333333\"}\n";
    let case = Case::new(spec);
    let mut talk = begin(&case);
    talk.answer("Leave it as it is", &line(1)).answer("Which target?", "a\r");
    talk.answer("Remove this target", &line(3)).answer("1 chosen: ReadOnlyAccess", " ");
    talk.answer("none chosen", "S3Full\r").answer(CHOSEN, ENTER);
    talk.answer("Write 1 change", &format!("{UP}{ENTER}")).answer("Which target?", "a\r");
    talk.answer("Remove this target", &line(1)).answer("Further regions", "eu-west-1\r");
    talk.answer("Write 2 changes", &format!("{UP}{ENTER}")).answer("Which target?", "b\r");
    talk.answer("Remove this target", &line(4)).answer("Remove `b`?", "y");
    // What was last done is taken back, and done again.
    talk.answer("Write 3 changes", ESCAPE).answer("Remove `b`?", ENTER).answer("Write 3 changes", ENTER);
    talk.answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    let changed = spec.replace("ReadOnlyAccess]\n", "AmazonS3FullAccess]\n    regions: [eu-west-1]\n");
    assert_eq!(
        case.read("crossrole.yaml"),
        changed.replace("  - {name: b, account_id: \"333333333333\"}\n", "")
    );
    case.run(&["generate"]).exits(0);
}

#[test]
fn lines_are_read_from_anywhere_where_lines_are_wanted() {
    let lines = "111111111111\n7\nterraform\n\n\n\n\n222222222222\n\n\n\n1,3\n\n\n\n\n1\nn\n";
    let case = empty();
    let mut command = crossrole();
    command.current_dir(case.root()).env("ACCESSIBLE", "1").arg("init").write_stdin(lines);
    run(&mut command).exits(0).says("2 chosen: ReadOnlyAccess, SecurityAudit\n").says("done: wrote");
    case.run(&["generate"]).exits(0);
    // Without that wish nobody is asked.
    let case = empty();
    let mut command = crossrole();
    command.current_dir(case.root()).env("TERM", "dumb").arg("init").write_stdin(lines);
    run(&mut command).exits(64).says("not a terminal");
}

#[test]
fn ctrl_c_ends_a_dialogue_in_two_rows_at_once() {
    let case = empty();
    let mut talk = Talk::begin(case.root(), &[("TALL", "2")]);
    talk.answer(ID, "111111111111\n").answer("(1 to 8) [1]", CTRL_C);
    let (code, seen) = talk.end();
    assert_eq!((code, written(&case).len()), (130, 0), "{seen}");
}
