//! The pages of `docs/` as a book: complete, built without a warning, and no link in them leads nowhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::oracle::oracle;
use crate::support::{ends_in, files, no_complaints, repository, temporary};

/// The table of contents.
const SUMMARY: &str = "SUMMARY.md";

#[test]
fn the_summary_names_every_page() {
    let mut pages: BTreeSet<String> = files(&repository("docs")).into_keys().collect();
    assert!(pages.remove(SUMMARY), "there is a summary");
    let summary = fs::read_to_string(repository("docs").join(SUMMARY)).expect("the summary");
    let named: BTreeSet<String> = links(&summary).into_iter().collect();
    assert_eq!(named, pages);
}

#[test]
fn every_link_leads_somewhere() {
    let (mut complaints, mut followed) = (Vec::new(), 0);
    let pages = files(&repository("docs")).into_keys().map(|page| format!("docs/{page}"));
    for page in pages.chain(["README.md".to_owned(), "CHANGELOG.md".to_owned()]) {
        let file = repository(&page);
        let text = fs::read_to_string(&file).expect("a page");
        for link in links(&text).into_iter().filter(|link| !link.contains("://")) {
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = if path.is_empty() { file.clone() } else { file.with_file_name(path) };
            // A folder has no anchors, and is as good as its page.
            let found = if target.is_dir() { Some(String::new()) } else { fs::read_to_string(&target).ok() };
            if !found.is_some_and(|text| anchor.is_empty() || anchors(&text).contains(anchor)) {
                complaints.push(format!("{page} links to {link}"));
            }
            followed += 1;
        }
    }
    no_complaints(&complaints);
    assert!(followed > 100, "{followed} links");
}

#[test]
fn the_book_is_built_without_a_warning() {
    let Some(mdbook) = oracle("mdbook") else { return };
    let book = temporary();
    let built = Command::new(mdbook)
        .arg("build")
        .args([Path::new("--dest-dir"), book.path()])
        .arg(repository(""))
        .output()
        .expect("mdbook runs");
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
    assert!(!said.contains("WARN") && !said.contains("ERROR"), "{said}");
    let mut complaints = Vec::new();
    for page in files(&repository("docs")).into_keys().filter(|page| page != SUMMARY) {
        let name = if page == "README.md" { "index.html".to_owned() } else { page.replace(".md", ".html") };
        let html = fs::read_to_string(book.path().join(&name)).unwrap_or_default();
        let content = html.split("<main>").nth(1).and_then(|rest| rest.split("</main>").next());
        let Some(content) = content else {
            complaints.push(format!("{name} is not there"));
            continue;
        };
        for link in content.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = link.split('#').next().unwrap_or_default();
            if !link.contains("://") && !path.is_empty() && !book.path().join(path).is_file() {
                complaints.push(format!("{name} links to {link}"));
            }
        }
    }
    no_complaints(&complaints);
}

/// The targets of links, in the order of a text; code holds none.
fn links(text: &str) -> Vec<String> {
    let prose = outside_code(text);
    prose.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(str::to_owned).collect()
}

/// The anchors of a page: of each heading its words in lower case, joined by dashes.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#').trim())).collect()
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|char| char.is_alphanumeric() || [' ', '-', '_'].contains(char));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// A page without its fenced blocks and without code in its lines.
fn outside_code(text: &str) -> String {
    let mut is_code = false;
    let mut prose = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            prose.extend(line.split('`').step_by(2));
            prose.push('\n');
        }
    }
    prose
}

#[test]
fn pages_are_markdown() {
    let pages = files(&repository("docs"));
    let others: Vec<&String> = pages.keys().filter(|page| !ends_in(page, &["md"])).collect();
    assert!(others.is_empty(), "{others:?} would be copied into the book");
}
