//! A record that the lock knows and that is gone or damaged: said at once, and not at the next change.

use super::PROVIDERS;
use crate::support::{Case, SPEC};

const RECORD: &str = ".crossrole/units/targets/staging.yaml";
const UNIT: &str = "the record of `targets/staging`";

#[test]
fn a_lost_record_is_noticed_and_written_again() {
    for (damage, why) in [(None, "missing"), (Some("<<<<<<< ours\n"), "damaged"), (Some(""), "damaged")] {
        let case = Case::generated(SPEC);
        let whole = case.files();
        match damage {
            None => case.remove(RECORD),
            Some(text) => case.write(RECORD, text),
        }
        let before = case.files();
        let ran = case.run(&["check"]).exits(2).says(UNIT).says(why).says(RECORD);
        ran.says("1 lost record in `.`; run `crossrole generate` and commit");
        let json = case.run(&["check", "--format", "json"]).exits(2).json();
        assert_eq!((&json["clean"], &json["changes"]), (&false.into(), &serde_json::json!([])));
        assert!(json["warnings"][0]["message"].as_str().is_some_and(|text| text.contains(UNIT)), "{json:#}");
        case.run(&["generate", "--dry-run"]).exits(2).says(UNIT);
        case.run(&["update", "--dry-run"]).exits(2).says(UNIT);
        assert_eq!(case.files(), before);
        case.run(&["generate"]).exits(0).says(UNIT).says(why);
        assert_eq!(case.files(), whole, "the record is as it was");
        case.run(&["check"]).exits(0);
    }
}

/// Without a record an edit cannot be told from somebody else's file, and the way out is named.
#[test]
fn a_lost_record_of_edited_files_is_to_be_restored() {
    let case = Case::generated(SPEC);
    case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"by-hand\"");
    case.run(&["generate"]).exits(0);
    let record = case.read(RECORD);
    case.remove(RECORD);
    case.run(&["check"]).exits(2).says("1 file and 1 lost record");
    let before = case.files();
    case.run(&["generate"]).exits(3).says(PROVIDERS).says("from version control");
    assert_eq!(case.files(), before);
    case.write(RECORD, record);
    case.run(&["generate"]).exits(0);
    case.run(&["check"]).exits(0);
}

#[test]
fn a_lost_record_of_a_target_that_is_gone_is_said_too() {
    let case = Case::generated(&format!("{SPEC}  - {{name: b, account_id: \"333333333333\"}}\n"));
    case.write("crossrole.yaml", SPEC);
    case.remove(".crossrole/units/targets/b.yaml");
    case.run(&["generate"]).exits(0).says("the record of `targets/b` is missing").says("all of them stay");
    assert!(case.at("accounts/b/bootstrap/main.tf").exists());
    case.run(&["check"]).exits(0);
}
