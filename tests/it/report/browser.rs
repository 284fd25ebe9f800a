//! The page in a real browser: `chromium`, driven by puppeteer and looked at by axe, both from npm.

use std::process::Command;

use serde_json::Value;

use super::hostile;
use crate::oracle::oracle;
use crate::support::{Case, repository};

/// Opens pages in every mode, and returns what was found.
fn looked_at(case: &Case, pages: &[&str]) -> Option<Value> {
    let (node, chromium, packages) = (oracle("node")?, oracle("chromium")?, oracle("puppeteer-core")?);
    let mut command = Command::new(node);
    command.arg(repository("tests/it/report/browser.mjs")).arg(packages).arg(chromium);
    command.args(pages.iter().map(|page| case.at(page)));
    let output = command.output().expect("node can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

#[test]
fn pages_are_sound_in_a_browser() {
    if oracle("chromium").is_none() {
        return;
    }
    let case = hostile::case();
    let mut pages = vec!["hostile.html".to_owned(), "terraform.html".to_owned()];
    for (arguments, page) in hostile::REPORTS.iter().zip(&pages) {
        case.run(&[arguments, &["--to", page][..]].concat()).exits(0);
    }
    for example in super::SHOWN {
        let page = format!("{example}.html");
        let spec = repository("examples").join(example).join("crossrole.yaml").display().to_string();
        case.run(&["report", "--spec", &spec, "--to", &page]).exits(0);
        pages.push(page);
    }
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let Some(found) = looked_at(&case, &pages) else { return };
    let visits = found.as_array().expect("a list");
    assert_eq!(visits.len(), 4 * pages.len(), "light, dark, narrow and on paper");
    for visit in visits {
        assert_eq!(visit["problems"], serde_json::json!([]), "{visit:#}");
    }
}
