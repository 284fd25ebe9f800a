//! What comes out of a spec is what `snapshots/generate/<case>/out` shows, to the byte, and nothing
//! there is Terraform or JSON of a kind that others would read differently.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use crate::support::{
    Files, cases, compare, crossrole, files, is_blessing, name, no_complaints, repository, run, temporary,
};

/// Fewer cases than this, and some were lost.
const LEAST_CASES: usize = 16;
/// Fewer files than this, and the walk found nothing.
const LEAST_FILES: usize = 150;
/// The case that shows the record, too.
const RECORDED: &str = "minimal";
/// The case whose targets are too many to show: of it, only these files are.
const LARGE: (&str, &str) = ("organization-wide", "source/");

#[test]
fn specs_become_what_the_snapshots_show() {
    no_complaints(complaints());
}

/// What is wrong with any case; blessed once, before any test reads what is expected.
fn complaints() -> &'static [String] {
    static COMPLAINTS: OnceLock<Vec<String>> = OnceLock::new();
    COMPLAINTS.get_or_init(|| {
        let cases = cases("snapshots/generate");
        assert!(cases.len() >= LEAST_CASES, "only {} cases", cases.len());
        cases.iter().flat_map(|case| check(case)).collect()
    })
}

/// Generates one case, and says how its files differ from those that are expected.
fn check(case: &Path) -> Vec<String> {
    let folder = temporary();
    let out = folder.path().join("out");
    let ran = run(crossrole().current_dir(case).args(["generate", "--spec", "spec.yaml", "--out"]).arg(&out));
    let stderr = ran.exits(0).stderr.replace(&*out.display().to_string(), "OUT");
    let mut found = files(&out);
    found.retain(|path, _| is_shown(&name(case), path));
    let shown = case.join("out");
    if is_blessing() && shown.exists() {
        std::fs::remove_dir_all(&shown).expect("old expectations can be deleted");
    }
    let mut complaints: Vec<String> =
        found.iter().filter_map(|(path, text)| compare(&shown.join(path), text).err()).collect();
    complaints.extend(compare(&case.join("stderr.txt"), &stderr).err());
    let lost = files(&shown).into_keys().filter(|path| !found.contains_key(path));
    complaints.extend(lost.map(|path| format!("{}: is no longer written", shown.join(path).display())));
    complaints
}

fn is_shown(case: &str, path: &str) -> bool {
    let (large, part) = LARGE;
    (case == RECORDED || !path.starts_with(".crossrole/")) && (case != large || path.starts_with(part))
}

/// Every file of every case, by its path in the repository, that ends in one of these.
fn shown(endings: &[&str]) -> Files {
    _ = complaints();
    let mut found = files(&repository("snapshots/generate"));
    found.retain(|path, _| path.contains("/out/") && endings.iter().any(|ending| path.ends_with(ending)));
    assert!(!found.is_empty());
    found
}

#[test]
fn hcl_is_read_by_others_and_formatted_for_good() {
    let files = shown(&[".tf", ".hcl"]);
    assert!(files.len() >= LEAST_FILES, "only {} files", files.len());
    for (path, text) in files {
        hcl::parse(&text).unwrap_or_else(|error| panic!("{path}: hcl-rs: {error}"));
        let formatted = crossrole::hcl::format(&text).unwrap_or_else(|error| panic!("{path}: {error:?}"));
        assert_eq!(formatted, text, "{path} is not as the formatter leaves it");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{path} ends with one newline");
    }
}

#[test]
fn json_comes_back_from_a_reader_as_it_was() {
    let files = shown(&[".json"]);
    assert!(files.len() >= LEAST_CASES, "only {} files", files.len());
    for (path, text) in files {
        let value: serde_json::Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        let again = serde_json::to_string_pretty(&value).expect("JSON can be written");
        assert_eq!(format!("{again}\n"), text, "{path} has two spaces, IAM's order and a final newline");
    }
}

/// Needs `terraform`; CI has it.
#[test]
fn terraform_formats_nothing_anew() {
    _ = complaints();
    let folder = repository("snapshots/generate");
    let formatted = Command::new("terraform")
        .args(["fmt", "-check", "-diff", "-recursive"])
        .current_dir(&folder)
        .output();
    match formatted {
        Ok(output) => {
            let (found, complaints) =
                (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(output.status.success(), "{found}\n{complaints}");
        }
        Err(error) => {
            assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "terraform: {error}");
            skipped(&error);
        }
    }
}

/// Says that something was not looked at.
#[expect(clippy::print_stderr, reason = "a test that does nothing has to say so")]
fn skipped(error: &std::io::Error) {
    eprintln!("skipped: terraform: {error}");
}

/// Scripts that people run have to be scripts.
#[test]
fn shell_scripts_are_read_by_a_shell() {
    let mut count = 0;
    for path in shown(&[".sh"]).into_keys() {
        let path = repository("snapshots/generate").join(path);
        let status = Command::new("sh").arg("-n").arg(&path).status().expect("there is a shell");
        assert!(status.success(), "{}", path.display());
        count += 1;
    }
    assert!(count >= 2, "only {count} scripts");
}

/// A person reads these folders: a case that has grown large has stopped being one.
#[test]
fn no_case_is_too_large_to_read() {
    _ = complaints();
    for case in cases("snapshots/generate") {
        let bytes: usize = files(&case).values().map(String::len).sum();
        assert!(bytes < 80_000, "{} has {bytes} bytes", name(&case));
    }
}
