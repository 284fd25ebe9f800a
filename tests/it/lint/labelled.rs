//! Small roots of every style, each labelled by hand as bad or good: `docs/lint-judged.md` is what comes of them.
//!
//! `labelled/STYLE.txt` says what a style is, and holds its roots: `== bad ID: WEAKNESS` or `== good: WHAT IT IS`, and below
//! that its files, each after `-- PATH --`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::{findings, ids};
use crate::support::{compare, files, no_complaints, repository, temporary};

/// A root with its label.
pub(super) struct Labelled {
    pub(super) style: String,
    /// The weakness in words, or what is good about it.
    pub(super) words: String,
    /// What is to be found in a bad one.
    pub(super) wanted: Option<String>,
    files: Vec<(String, String)>,
}

/// What became of a bad root.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Found,
    /// The linter says that it could not judge it.
    Named,
    Missed,
}

/// Every root, by style.
pub(super) fn labelled() -> Vec<Labelled> {
    let styles = files(&repository("tests/it/lint/labelled"));
    styles.iter().flat_map(|(path, text)| roots(path.trim_end_matches(".txt"), text)).collect()
}

/// What a style is, in words.
fn about(style: &str) -> String {
    let text =
        fs::read_to_string(repository(&format!("tests/it/lint/labelled/{style}.txt"))).expect("a text");
    text.lines().next().expect("a line").trim_end_matches('.').to_owned()
}

fn roots(style: &str, text: &str) -> Vec<Labelled> {
    let mut roots: Vec<Labelled> = Vec::new();
    for line in text.lines() {
        if let Some(label) = line.strip_prefix("== ") {
            let (verdict, words) = label.split_once(": ").expect("a verdict and words");
            let wanted = verdict.strip_prefix("bad ").map(str::to_owned);
            assert!(wanted.is_some() || verdict == "good", "{style}: {line}");
            roots.push(Labelled {
                style: style.to_owned(),
                words: words.to_owned(),
                wanted,
                files: Vec::new(),
            });
            continue;
        }
        let Some(root) = roots.last_mut() else { continue };
        match line.strip_prefix("-- ").and_then(|line| line.strip_suffix(" --")) {
            Some(path) => root.files.push((path.to_owned(), String::new())),
            None if root.files.is_empty() => {}
            None => _ = writeln!(root.files.last_mut().expect("a file").1, "{line}"),
        }
    }
    roots
}

impl Labelled {
    /// Its files, written to a folder.
    pub(super) fn write_to(&self, folder: &Path) {
        for (path, text) in &self.files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(path, _)| path.as_str())
    }

    /// What stands in a file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|(known, _)| known == path).map(|(_, text)| text.as_str())
    }

    /// What is linted: the folder, or the only file, where that is a policy.
    pub(super) fn path(&self) -> &str {
        match self.files.as_slice() {
            [(path, _)] if path == "policy.json" => path,
            _ => ".",
        }
    }

    pub(super) fn is_bad(&self) -> bool {
        self.wanted.is_some()
    }
}

/// What the linter says of a root.
struct Judged {
    root: Labelled,
    outcome: Option<Outcome>,
    errors: Vec<String>,
    warnings: Vec<String>,
}

impl Judged {
    fn of(root: Labelled) -> Self {
        let folder = temporary();
        root.write_to(folder.path());
        let found = findings(folder.path(), root.path());
        let of = |level: &str| {
            ids(&found.iter().filter(|found| found["level"] == level).cloned().collect::<Vec<_>>())
        };
        let all = ids(&found);
        let is_named = all.iter().any(|id| id == "CR110");
        let outcome = root.wanted.as_ref().map(|wanted| {
            if all.contains(wanted) {
                Outcome::Found
            } else if is_named {
                Outcome::Named
            } else {
                Outcome::Missed
            }
        });
        Self { outcome, errors: of("error"), warnings: of("warning"), root }
    }

    fn is(&self, outcome: Outcome) -> bool {
        self.outcome == Some(outcome)
    }
}

#[test]
fn bad_roots_are_found_or_named_and_good_ones_have_no_errors() {
    let judged: Vec<Judged> = labelled().into_iter().map(Judged::of).collect();
    let bad = judged.iter().filter(|judged| judged.root.is_bad()).count();
    assert!(bad >= 60 && judged.len() - bad >= 60, "{bad} of {} are bad", judged.len());
    let mut complaints = Vec::new();
    for Judged { root, outcome, errors, warnings } in &judged {
        let of = format!("{}: {}", root.style, root.words);
        match (&root.wanted, outcome) {
            (Some(wanted), Some(Outcome::Missed)) => {
                complaints.push(format!("{of}: {wanted} is not among {errors:?} {warnings:?}"));
            }
            (None, _) if !errors.is_empty() => complaints.push(format!("{of}: good, and {errors:?}")),
            _ => {}
        }
    }
    complaints.extend(compare(&repository("docs/lint-judged.md"), &page(&judged)).err());
    no_complaints(&complaints);
}

const INTRODUCTION: &str = "\
# What the linter makes of a labelled set

Small roots in every style in which people write roles, trust policies and providers, labelled by hand: `tests/it/lint/labelled` holds
them. A bad one is **found** if the finding for its very weakness is among those of `crossrole lint`, **named** if that is missing and
the linter says that it could not judge a part (CR110, an error with `--strict`), and else **missed**. A good one should have no
error. Where this set showed the linter wrong, the linter was mended: the figures say what holds, and are not a forecast.

This page is made by a test (`BLESS=1 cargo test labelled`), which fails where a bad root is missed or a good one has an error.
[lint-compared.md](lint-compared.md) shows what other tools make of the same set.

| style | what it is | bad | found | named | missed | good | with errors |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
";

/// How many roots are what.
#[derive(Default)]
struct Count {
    bad: usize,
    found: usize,
    named: usize,
    missed: usize,
    good: usize,
    with_errors: usize,
}

impl Count {
    fn of<'j>(judged: impl IntoIterator<Item = &'j Judged>) -> Self {
        let mut count = Self::default();
        for one in judged {
            count.bad += usize::from(one.root.is_bad());
            count.found += usize::from(one.is(Outcome::Found));
            count.named += usize::from(one.is(Outcome::Named));
            count.missed += usize::from(one.is(Outcome::Missed));
            count.good += usize::from(!one.root.is_bad());
            count.with_errors += usize::from(!one.root.is_bad() && !one.errors.is_empty());
        }
        count
    }

    fn row(&self, title: &str, words: &str) -> String {
        let Self { bad, found, named, missed, good, with_errors } = self;
        format!("| {title} | {words} | {bad} | {found} | {named} | {missed} | {good} | {with_errors} |\n")
    }
}

fn page(judged: &[Judged]) -> String {
    let mut page = INTRODUCTION.to_owned();
    let mut styles: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    for one in judged {
        styles.entry(&one.root.style).or_default().push(one);
    }
    for (style, all) in styles {
        page.push_str(&Count::of(all).row(&format!("`{style}`"), &about(style)));
    }
    let all = Count::of(judged);
    page.push_str(&all.row("**all**", ""));
    let percent = |part: usize, of: usize| 100 * part / of;
    _ = writeln!(
        page,
        "\nPrecision, of what is found and of good roots with errors: {} %. Recall: {} % are found, {} % found or named.",
        percent(all.found, all.found + all.with_errors),
        percent(all.found, all.bad),
        percent(all.found + all.named, all.bad),
    );
    page.push_str("\n## Named, and not found\n\n");
    for Judged { root, .. } in judged.iter().filter(|one| one.is(Outcome::Named)) {
        let wanted = root.wanted.as_deref().unwrap_or_default();
        _ = writeln!(page, "- `{}`: {} ({wanted})", root.style, root.words);
    }
    page.push_str("\n## Good, with a warning\n\n");
    for Judged { root, warnings, .. } in
        judged.iter().filter(|one| one.outcome.is_none() && !one.warnings.is_empty())
    {
        _ = writeln!(page, "- `{}`: {} ({})", root.style, root.words, warnings.join(", "));
    }
    page
}
