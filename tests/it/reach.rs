//! Fleets too large to name their roles: what a caller's policy then covers beyond those that list it.

use std::fmt::Write as _;

use crate::support::Case;

/// Two thousand accounts whose role lists a user, and one whose role is everybody's of the source account.
fn fleet(everybodys: &str) -> String {
    let mut spec = String::from(
        "version: 1\nsource:\n  account_id: \"111111111111\"\n  organization_id: o-a1b2c3d4e5\n  callers:\n    - {kind: iam_user, name: terraform}\n    - {kind: account}\ndefaults:\n  role: {callers: [terraform]}\ntargets:\n",
    );
    for number in 0..2000 {
        _ = writeln!(spec, "  - {{name: a{number}, account_id: \"{}\"}}", 222_222_220_000_u64 + number);
    }
    _ = writeln!(
        spec,
        "  - {{name: open, account_id: \"333333333333\", role: {{name: {everybodys}, callers: [account]}}}}"
    );
    spec
}

#[test]
fn a_caller_does_not_reach_a_role_that_does_not_list_it() {
    let case = Case::new(&fleet("terraformcrossaccount"));
    let ran =
        case.run(&["generate"]).exits(1).says("CR064").says("`terraform` could assume the role of `open`");
    assert!(ran.stderr.contains(":2011:"), "{}", ran.stderr);
    assert!(!case.at("accounts").exists(), "nothing was written");
    case.write("crossrole.yaml", fleet("OfTheWholeAccount"));
    case.run(&["generate", "--dry-run"]).exits(2);
}
