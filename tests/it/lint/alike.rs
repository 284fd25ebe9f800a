//! Targets whose trust policies are alike: what is wrong with one of them is found, whatever was found of the others.

use std::fmt::Write as _;

use crate::support::Case;

/// Owners whose external IDs are of one length; the `odd` one's is its name.
fn spec(count: usize, odd: usize) -> String {
    let mut text = String::from(
        "version: 1\nsource:\n  account_id: \"111111111111\"\n  callers: [{kind: role, name: collector}]\n\
         defaults:\n  region: us-east-1\n  ownership: third_party\n  role: {policy_arns: [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]}\ntargets:\n",
    );
    for number in 0..count {
        let kind = if number == odd { "number" } else { "secret" };
        let account = 200_000_000_000_u64 + number as u64;
        writeln!(
            text,
            "  - {{name: customer-number-{number:05}, account_id: \"{account}\", role: {{external_id: customer-{kind}-{number:05}}}}}"
        )
        .expect("a text takes all");
    }
    text
}

#[test]
fn the_one_that_is_weaker_is_found() {
    for odd in [0, 7, 39] {
        let case = Case::new(&spec(40, odd));
        let report = case.run(&["lint", "--format", "json"]).json();
        let found = report["findings"].as_array().expect("a list");
        let guessable: Vec<_> = found.iter().filter(|finding| finding["id"] == "CR022").collect();
        let [only] = guessable[..] else { panic!("{odd}: {guessable:?}") };
        let text = case.read("crossrole.yaml");
        let line =
            text.lines().position(|line| line.contains("external_id: customer-number")).expect("it is there");
        let line = line + 1;
        assert_eq!(only["line"], line, "{only}");
        assert!(found.iter().any(|finding| finding["id"] == "CR013"), "what all share is a note: {found:?}");
        case.run(&["generate"]).exits(0).says("CR022");
    }
}
