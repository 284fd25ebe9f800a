//! What a review sees of the records: few lines, in whichever form they were written before.

use crate::support::{Case, SPEC, commit_all, git};

const RECORD: &str = ".crossrole/units/targets/staging.yaml";

fn fleet() -> String {
    let more = |number| format!("  - {{name: t{number:02}, account_id: \"3000000000{number:02}\"}}\n");
    let more: String = (0..39).map(more).collect();
    format!("{SPEC}{more}")
}

/// The lines of the records, and of everything, that a change of the spec adds and removes.
fn lines(from: &str, to: &str) -> [usize; 2] {
    let case = Case::generated(from);
    commit_all(case.root());
    case.write("crossrole.yaml", to);
    case.run(&["generate"]).exits(0);
    git(case.root(), &["add", "--all"]);
    let counts = git(case.root(), &["diff", "--cached", "--numstat"]);
    let count = |line: &str| line.split('\t').take(2).map(|count| count.parse().unwrap_or(0)).sum::<usize>();
    let sum = |of: &dyn Fn(&&str) -> bool| counts.lines().filter(|line| of(line)).map(count).sum();
    [sum(&|line| line.contains("\t.crossrole/")), sum(&|_| true)]
}

#[test]
fn one_more_account_is_few_lines_of_record() {
    let [record, all] =
        lines(&fleet(), &format!("{}  - {{name: u, account_id: \"444444444444\"}}\n", fleet()));
    assert!(record <= 20 && record * 6 < all, "{record} of {all} lines");
}

#[test]
fn one_changed_default_is_one_line_of_record_for_each_account() {
    let from = format!("defaults: {{role: {{max_session_duration: 1h}}}}\n{}", fleet());
    let [record, all] = lines(&from, &from.replace("1h", "2h"));
    assert!(record <= 82 && record * 2 <= all, "{record} of {all} lines");
}

/// The same record, each text as a block of lines.
fn in_blocks(record: &str) -> String {
    let read: serde_yaml::Value = serde_yaml::from_str(record).expect("a record");
    let blocks = serde_yaml::to_string(&read).expect("a record");
    assert!(blocks.contains("text: |"), "{blocks}");
    blocks
}

#[test]
fn a_record_in_another_form_is_read_and_stays_until_its_unit_is_written() {
    let case = Case::generated(SPEC);
    let (new, old) = (case.read(RECORD), in_blocks(&case.read(RECORD)));
    case.write(RECORD, &old);
    let lock =
        case.read(".crossrole/lock.yaml").replace("/staging\n", &format!("/staging {}\n", "0".repeat(32)));
    case.write(".crossrole/lock.yaml", &lock);
    let before = case.files();
    case.run(&["check"]).exits(0);
    case.run(&["generate"]).exits(0).says("is up to date");
    assert_eq!(case.files(), before);
    case.write("crossrole.yaml", SPEC.replace("222222222222\"", "222222222222\"\n    region: eu-west-1"));
    case.run(&["generate"]).exits(0);
    case.write("crossrole.yaml", SPEC);
    case.run(&["generate"]).exits(0);
    assert_eq!(case.read(RECORD), new);
}

#[test]
fn a_record_that_a_merge_made_is_written_again() {
    for merged in [
        |text: &str| format!("<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> other\n"),
        |text: &str| format!("{text}{text}"),
        |text: &str| text.replacen("files:\n", "<<<<<<< HEAD\n=======\n>>>>>>> other\nfiles:\n", 1),
    ] {
        for path in [RECORD, ".crossrole/lock.yaml"] {
            let case = Case::generated(SPEC);
            let whole = case.files();
            let text = merged(&case.read(path));
            if text == whole[path] {
                continue;
            }
            case.write(path, text);
            case.run(&["generate"]).exits(0);
            assert_eq!(case.files(), whole);
        }
    }
}
