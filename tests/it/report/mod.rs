//! The report as people and machines meet it.

mod browser;
mod hostile;
mod map;
mod owner;
mod since;
mod tried;

use crate::effort::scaled;
use crate::support::{Case, SPEC, compare, no_complaints, repository};

/// Examples whose reports are in `snapshots/report`.
const SHOWN: [&str; 3] = ["mfa", "sso-github", "vendor"];

/// A report on a shipped example, without what is of the day and of the version.
fn report(example: &str, format: &str) -> String {
    let folder = repository("examples").join(example);
    let spec = folder.join("crossrole.yaml").display().to_string();
    let case = Case::new(SPEC);
    steady(&case.run(&["report", "--spec", &spec, "--format", format]).exits(0).stdout)
}

fn steady(text: &str) -> String {
    let text = text.replace(&today(text), "DATE");
    text.replace(concat!("crossrole ", env!("CARGO_PKG_VERSION")), "crossrole VERSION")
        .replace(&format!("\"crossrole\": \"{}\"", env!("CARGO_PKG_VERSION")), "\"crossrole\": \"VERSION\"")
}

/// The day that a report says it was made on.
fn today(text: &str) -> String {
    let at = |before: &str| text.find(before).map(|at| at + before.len());
    let place = at("\"made\": \"").or_else(|| at(", on ")).or_else(|| {
        let version = at("Made by crossrole ")?;
        Some(version + text[version..].find(" on ")? + 4)
    });
    let place = place.expect("a report says when it was made");
    text[place..place + 10].to_owned()
}

#[test]
fn markdown_and_json_are_as_the_snapshots_show() {
    let mut complaints = Vec::new();
    for example in SHOWN {
        let golden = repository("snapshots/report").join(format!("{example}.md"));
        complaints.extend(compare(&golden, &report(example, "markdown")).err());
    }
    let golden = repository("snapshots/report/mfa.json");
    complaints.extend(compare(&golden, &report("mfa", "json")).err());
    no_complaints(&complaints);
}

/// The look is left out: it is a file of its own.
#[test]
fn the_page_is_as_the_snapshot_shows() {
    let page = report("mfa", "html");
    let (before, rest) = page.split_once("<style>").expect("a style");
    let (_, after) = rest.split_once("</style>").expect("its end");
    let golden = repository("snapshots/report/mfa.html");
    no_complaints(
        &compare(&golden, &format!("{before}<style></style>{after}")).err().into_iter().collect::<Vec<_>>(),
    );
}

/// Nothing is loaded, and nothing runs.
#[test]
fn a_page_stands_alone() {
    for example in SHOWN {
        let page = report(example, "html");
        for word in ["<script", "<link", "<img", "<iframe", "@import", "url(", "src=", "http:", " on"] {
            let is_there = match word {
                // An event handler, and not a word of a sentence.
                " on" => ["onload=", "onclick=", "onerror="].iter().any(|handler| page.contains(handler)),
                word => page.contains(word),
            };
            assert!(!is_there, "{example}: `{word}`");
        }
        assert!(page.contains("default-src 'none'") || page.contains("default-src &#39;none&#39;"));
        assert!(page.starts_with("<!doctype html>"));
    }
}

#[test]
fn many_accounts_with_the_same_trust_are_one_row() {
    let number: usize = scaled(10_000);
    let target = |at: usize| {
        format!("  - {{name: account-{at:05}, account_id: \"{}\"}}\n", 200_000_000_000_u64 + at as u64)
    };
    let targets = (0..number).map(target).collect::<Vec<_>>().concat();
    let spec = format!(
        "version: 1\nsource:\n  account_id: \"111111111111\"\n  organization_id: o-a1b2c3d4e5\ntargets:\n{targets}"
    );
    let case = Case::new(&spec);
    let mut command = case.crossrole();
    command.timeout(std::time::Duration::from_mins(5)).args(["report", "--to", "page.html"]);
    crate::support::run(&mut command).exits(0).says("as declared: the report is in `page.html`");
    let page = case.read("page.html");
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
    assert_eq!(page.matches("<tbody>").count(), page.matches("</tbody>").count());
    let rows = page.split("Who may enter</h2>").nth(1).and_then(|rest| rest.split("</tbody>").next());
    assert_eq!(rows.expect("the table").matches("<tr").count(), 2, "a header and one row");
    assert!(page.contains(&format!("account-{:05} (", number - 1)), "every account is in it");
}

#[test]
fn what_is_not_known_is_never_called_good() {
    let case = Case::generated(SPEC);
    case.edit(
        "accounts/staging/bootstrap/main.tf",
        "file(\"${path.module}/trust-policy.json\")",
        "var.trust",
    );
    let json = case.run(&["report", "--format", "json"]).exits(0).json();
    assert_eq!(json["verdict"], "not_known", "{json:#}");
    assert_eq!(json["targets"][0]["verdict"], "not_known");
    let page = case.run(&["report"]).exits(0).stdout;
    assert!(page.contains("Not known") && !page.contains("✓</span> As declared"), "{page}");
}

#[test]
fn whoever_is_let_in_beyond_the_spec_is_named() {
    let case = Case::generated(SPEC);
    let trust = "accounts/staging/bootstrap/trust-policy.json";
    case.edit(trust, "arn:aws:iam::111111111111", "arn:aws:iam::999999999999");
    let json = case.run(&["report", "--format", "json"]).exits(0).json();
    assert_eq!(json["verdict"], "differs", "{json:#}");
    let entrants = json["roles"][0]["entrants"].as_array().expect("a list");
    assert!(entrants.iter().any(|entrant| entrant["is_declared"] == false), "{json:#}");
    let markdown = case.run(&["report", "--format", "markdown"]).exits(0).stdout;
    assert!(markdown.contains("**not in the spec:**") && markdown.contains("999999999999"), "{markdown}");
}

#[test]
fn terraform_of_ones_own_is_reported_on() {
    let case = Case::generated(SPEC);
    let json = case.run(&["report", "--terraform", ".", "--format", "json"]).exits(0).json();
    assert_eq!(json["subject"]["kind"], "terraform");
    assert_eq!(json["verdict"], "read", "{json:#}");
    case.run(&["report", "--terraform", "accounts", "--only", "staging"]).exits(64);
    case.run(&["report", "--var", "a=b"]).exits(64).says("add `--terraform DIR`");
    case.run(&["report", "--only", "nobody"]).exits(64).says("the spec has no target `nobody`");
    case.run(&["report", "--to", "no/such/folder.html"]).exits(1).says("cannot write");
}
