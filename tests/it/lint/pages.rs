//! `docs/findings.md` says what the rules say, and every id that the code uses has a rule.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crossrole::lint::{rule, rules};

use crate::support::{compare, files, no_complaints, repository};

const INTRODUCTION: &str = "\
# Findings

Everything that `crossrole lint` looks for. `crossrole lint --explain` prints the same for one finding, by its ID (`CR011`) or its
name (`account-root-principal`). Errors in a spec are also what `generate` refuses it for. IDs and names never change and are never
reused. This page is generated from the rules.
";

#[test]
fn the_page_is_the_catalogue_in_words() {
    let mut page = INTRODUCTION.to_owned();
    page.push_str("\n| ID | name | level | looks at | finds |\n| --- | --- | --- | --- | --- |\n");
    for rule in rules() {
        let on: Vec<&str> = rule.on.iter().map(|subject| subject.as_str()).collect();
        let anchor = rule.id.to_lowercase();
        _ = writeln!(
            page,
            "| [{}](#{anchor}) | {} | {} | {} | {} |",
            rule.id,
            rule.name,
            rule.level.as_str(),
            on.join(", "),
            rule.title
        );
    }
    for rule in rules() {
        _ = write!(
            page,
            "\n## {}\n\n`{}`: **{}**, {}.\n\n{}\n\nFix: {}\n\nSource: {}\n",
            rule.id,
            rule.name,
            rule.level.as_str(),
            rule.title,
            rule.rationale,
            rule.fix,
            rule.source
        );
        if !rule.see.is_empty() {
            let see: Vec<String> = rule.see.iter().map(|(tool, id)| format!("{tool} `{id}`")).collect();
            _ = write!(page, "\nElsewhere: {}\n", see.join(", "));
        }
    }
    page.push_str(&not_covered());
    no_complaints(&compare(&repository("docs/findings.md"), &page).err().into_iter().collect::<Vec<_>>());
}

/// Ideas for findings that are none, and why.
fn not_covered() -> String {
    const REASONS: [(&str, &str); 2] = [
        (
            "CR016, a principal of an account nobody declared",
            "it needs to be known which accounts are meant: a spec's trust policies name its source alone, and a policy by itself does not name its account",
        ),
        (
            "CR092, an account-regional bucket name with an old provider",
            "such names are not generated; a spec that holds one is refused with CR090",
        ),
    ];
    let mut page = "\n## Not looked for\n\n".to_owned();
    for (what, why) in REASONS {
        _ = writeln!(page, "- {what}: {why}.");
    }
    page
}

/// An id in the code without a rule would be a finding that nobody can look up; a rule that no code
/// mentions would never find anything.
#[test]
fn the_code_and_the_catalogue_know_the_same_ids() {
    let mut used = BTreeSet::new();
    for (path, text) in files(&repository("src")) {
        if path.contains("catalogue/") {
            continue;
        }
        for part in text.split("\"CR").skip(1) {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            if digits.len() == 3 && part[3..].starts_with('"') {
                used.insert(format!("CR{digits}"));
            }
        }
    }
    let known: BTreeSet<String> = rules().iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(used, known);
    assert!(rules().windows(2).all(|pair| pair[0].id < pair[1].id), "each id once");
    assert!(rule("cr011").is_some() && rule("CR11").is_none());
}

/// A name is one word for a shell, for one finding only, and leads to it as its id does.
#[test]
fn every_finding_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = rules().iter().map(|found| found.name).collect();
    assert_eq!(names.len(), rules().len());
    for found in rules() {
        let is_kebab = found.name.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        assert!(is_kebab && found.name.contains('-') && found.name.len() <= 32, "{}", found.name);
        assert_eq!(rule(found.name).map(|other| other.id), Some(found.id));
    }
}

/// Titles are words for a table: short, without a full stop.
#[test]
fn titles_fit_into_a_table() {
    for rule in rules() {
        assert!(
            rule.title.len() <= 90 && !rule.title.ends_with('.') && !rule.title.contains('|'),
            "{}",
            rule.title
        );
        assert!(
            rule.rationale.ends_with('.') && rule.fix.ends_with('.') && !rule.on.is_empty(),
            "{}",
            rule.id
        );
    }
}
