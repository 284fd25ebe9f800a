//! What holds for every edit and every change of the spec: edits stay or are reported, nothing is half
//! done, and a second run changes nothing.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::sample::subsequence;

use crate::effort::{least, scaled};
use crate::support::{Case, Files};

const TARGETS: [&str; 3] = ["alpha", "beta", "gamma"];

/// What a person may do to the files of one target: the file, what is replaced by what, and what
/// shows it afterwards.
const EDITS: [(&str, &str, &str, &str); 8] = [
    (
        "workload/providers.tf",
        "session_name = \"terraform\"",
        "session_name = \"mine\"",
        "session_name = \"mine\"",
    ),
    (
        "workload/providers.tf",
        "provider \"aws\" {",
        "# Mine.\nprovider \"aws\" {",
        "# Mine.\nprovider \"aws\" {",
    ),
    ("workload/providers.tf", "\n}\n", "\n\n  max_retries = 9\n}\n", "max_retries = 9"),
    ("bootstrap/main.tf", "3600", "3000", "3000"),
    (
        "bootstrap/main.tf",
        "resource \"aws_iam_role\"",
        "locals {\n  mine = 1\n}\n\nresource \"aws_iam_role\"",
        "mine = 1",
    ),
    (
        "bootstrap/trust-policy.json",
        "\"Sid\": \"AssumeRole\"",
        "\"Sid\": \"AssumeRoleMine\"",
        "AssumeRoleMine",
    ),
    ("bootstrap/outputs.tf", "description = \"", "description = \"Mine: ", "description = \"Mine: "),
    ("workload/verification.tf", "module \"", "# Mine.\nmodule \"", "# Mine.\nmodule \""),
];

/// What may change in the spec of each target, in any combination. Nothing here drops a file: an edit
/// of such a file is a conflict of its own, told in the stories.
const CHANGES: [&str; 4] = [
    "    region: eu-west-1\n",
    "    session: {session_name: ci}\n",
    "    ownership: third_party\n",
    "    role: {external_id: some-external-id-0001, max_session_duration: 2h, tags: {a: b}}\n",
];

fn spec(changes: &[Vec<&str>]) -> String {
    let mut spec = "version: 1\nsource: {account_id: \"111111111111\"}\ntargets:\n".to_owned();
    for (number, (name, changes)) in TARGETS.iter().zip(changes).enumerate() {
        let account = (number + 2).to_string().repeat(12);
        spec.extend(["  - name: ", name, "\n    account_id: \"", &account, "\"\n", &changes.concat()]);
    }
    spec
}

/// The edits of a case, by target and place in [`EDITS`].
type Edited = Vec<Vec<usize>>;

fn apply(case: &Case, edited: &Edited) {
    for (target, edits) in TARGETS.iter().zip(edited) {
        for edit in edits {
            let (path, from, to, _) = EDITS[*edit];
            case.edit(&format!("accounts/{target}/{path}"), from, to);
        }
    }
}

/// Edits that are not to be seen in the file, or in the wrong one.
fn lost(case: &Case, edited: &Edited) -> Vec<String> {
    let files: Files = case.output();
    let mut lost = Vec::new();
    for (target, edits) in TARGETS.iter().zip(edited) {
        for (number, (path, _, _, shows)) in EDITS.iter().enumerate() {
            let is_there =
                files.get(&format!("accounts/{target}/{path}")).is_some_and(|text| text.contains(shows));
            if is_there != edits.contains(&number) {
                lost.push(format!("{target}: edit {number} of {path}, seen: {is_there}"));
            }
        }
    }
    lost
}

#[test]
fn edits_stay_in_their_own_target_or_are_reported() {
    let clean = Cell::new(0);
    let conflicts = Cell::new(0);
    let edits = prop::collection::vec(subsequence((0..EDITS.len()).collect::<Vec<_>>(), 0..4), 3);
    let changes = || prop::collection::vec(subsequence(CHANGES.to_vec(), 0..3), 3);
    let cases = scaled(300);
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases, ..ProptestConfig::default() });
    let law = |(before, edited, after): (Vec<Vec<&str>>, Edited, Vec<Vec<&str>>)| {
        let case = Case::new(&spec(&before));
        case.run(&["generate", "--quiet"]).exits(0);
        let edited: Edited = edited
            .into_iter()
            .zip(TARGETS)
            .map(|(edits, target)| edits.into_iter().filter(|edit| applies(&case, target, *edit)).collect())
            .collect();
        apply(&case, &edited);
        prop_assert_eq!(lost(&case, &edited), Vec::<String>::new(), "the edits are there to begin with");
        case.write("crossrole.yaml", spec(&after));
        let files = case.files();
        let ran = case.run(&["generate", "--quiet"]);
        match ran.code {
            Some(0) => {
                clean.set(clean.get() + 1);
                prop_assert_eq!(lost(&case, &edited), Vec::<String>::new());
                let files = case.files();
                case.run(&["generate", "--quiet"]).exits(0);
                prop_assert_eq!(&case.files(), &files, "a second run changes nothing");
                case.run(&["check", "--quiet"]).exits(0);
            }
            Some(3) => {
                conflicts.set(conflicts.get() + 1);
                prop_assert_eq!(&case.files(), &files, "nothing was written");
                case.run(&["generate", "--quiet", "--conflict", "inline"]).exits(3);
                case.run(&["update", "--quiet", "--abort"]).exits(0);
                prop_assert_eq!(&case.files(), &files, "undone");
                case.run(&["generate", "--quiet", "--conflict", "ours"]).exits(0);
                prop_assert_eq!(lost(&case, &edited), Vec::<String>::new(), "ours keeps edits");
            }
            _ => prop_assert!(false, "{ran:?}"),
        }
        Ok(())
    };
    runner.run(&(changes(), edits, changes()), law).unwrap_or_else(|error| panic!("{error}"));
    assert!(
        clean.get() >= least(40) && conflicts.get() >= least(3),
        "{} clean, {} conflicts",
        clean.get(),
        conflicts.get()
    );
}

fn applies(case: &Case, target: &str, edit: usize) -> bool {
    let (path, from, _, _) = EDITS[edit];
    case.files().get(&format!("accounts/{target}/{path}")).is_some_and(|text| text.contains(from))
}
