//! What comes out of a spec is what `snapshots/generate/<case>` shows, to the byte, and nothing there is Terraform
//! or JSON of a kind that others would read differently.

mod stored;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use assert_fs::TempDir;

use self::stored::{DIFFERENCES, IN_FULL, LISTING, Named, restore, store};
use crate::oracle::oracle;
use crate::support::{
    Files, cases, compare, crossrole, difference, files, is_blessing, name, no_complaints, run, temporary,
};

/// Fewer cases than this, and some were lost.
const LEAST_CASES: usize = 16;
/// Fewer files than this, and the walk found nothing.
const LEAST_FILES: usize = 380;
/// Fewer files of Terraform than this, and the walk found nothing.
const LEAST_TERRAFORM: usize = 270;
/// The case that comes before all others, and shows the record, too.
const FIRST: &str = "minimal";
/// The case whose targets are too many to show: of it, only these files are.
const LARGE: (&str, &str) = ("organization-wide", "source/");

/// One case, and what came of it.
struct Generated {
    folder: PathBuf,
    stderr: String,
}

/// Every case and its files, the one first that the others are shown as differences from.
static GENERATED: LazyLock<(Vec<Generated>, Vec<Named>)> = LazyLock::new(|| {
    let mut cases = cases("snapshots/generate");
    assert!(cases.len() >= LEAST_CASES, "only {} cases", cases.len());
    cases.sort_by_key(|case| name(case) != FIRST);
    cases.into_iter().map(|case| generate(&case)).unzip()
});

/// What is wrong with any case; blessed once, before any test reads what is expected.
static COMPLAINTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let (cases, named) = &*GENERATED;
    let mut complaints: Vec<String> = cases
        .iter()
        .filter_map(|case| compare(&case.folder.join("stderr.txt"), &case.stderr).err())
        .collect();
    let wanted = store(named);
    if is_blessing() {
        for (case, files) in cases.iter().zip(&wanted) {
            bless(&case.folder, files);
        }
    }
    complaints.extend(differences(named));
    if complaints.is_empty() {
        complaints
            .extend(cases.iter().zip(&wanted).filter_map(|(case, files)| misplaced(&case.folder, files)));
    }
    complaints
});

/// Every file that is expected, by its case and path.
static EXPECTED: LazyLock<Result<Files, String>> = LazyLock::new(|| {
    let cases = GENERATED.0.iter().map(|case| (name(&case.folder), on_disk(&case.folder)));
    restore(&cases.collect::<Vec<_>>())
});

#[test]
fn specs_become_what_the_snapshots_show() {
    no_complaints(&COMPLAINTS);
}

fn generate(case: &Path) -> (Generated, Named) {
    let folder = temporary();
    let out = folder.path().join("out");
    let ran = run(crossrole().current_dir(case).args(["generate", "--spec", "spec.yaml", "--out"]).arg(&out));
    let stderr = ran.exits(0).stderr.replace(&*out.display().to_string(), "OUT");
    let mut found = files(&out);
    found.retain(|path, _| is_shown(&name(case), path));
    (Generated { folder: case.to_owned(), stderr }, (name(case), found))
}

fn is_shown(case: &str, path: &str) -> bool {
    let (large, part) = LARGE;
    (case == FIRST || !path.starts_with(".crossrole/")) && (case != large || path.starts_with(part))
}

/// What is stored in a case's folder, without the spec and the files beside it.
fn on_disk(case: &Path) -> Files {
    let mut stored = files(case);
    stored.retain(|path, _| [LISTING, DIFFERENCES].contains(&&**path) || path.starts_with(IN_FULL));
    stored
}

fn bless(case: &Path, stored: &Files) {
    for path in on_disk(case).into_keys() {
        fs::remove_file(case.join(path)).expect("old expectations can be deleted");
    }
    for (path, text) in stored {
        compare(&case.join(path), text).expect("it is written, not compared");
    }
}

/// Where files that were generated are not those that are expected.
fn differences(generated: &[Named]) -> Vec<String> {
    let expected = match &*EXPECTED {
        Ok(expected) => expected,
        Err(problem) => return vec![problem.clone()],
    };
    let generated: Files = generated
        .iter()
        .flat_map(|(case, files)| {
            files.iter().map(move |(path, text)| (format!("{case}/{path}"), text.clone()))
        })
        .collect();
    let paths: BTreeSet<&String> = expected.keys().chain(generated.keys()).collect();
    let text = |files: &Files, path: &str| files.get(path).cloned().unwrap_or_default();
    let mut complaints = Vec::new();
    for path in paths {
        match (expected.contains_key(path), generated.contains_key(path)) {
            (true, false) => complaints.push(format!("{path}: is no longer written")),
            (false, true) => complaints.push(format!("{path}: is not expected")),
            _ => complaints.extend(difference(path, &text(expected, path), &text(&generated, path)).err()),
        }
    }
    complaints
}

/// The right texts, stored otherwise than a blessing would store them.
fn misplaced(case: &Path, wanted: &Files) -> Option<String> {
    (on_disk(case) != *wanted).then(|| format!("{}: stored in another form", case.display()))
}

/// Every expected file that ends in one of these.
fn shown(endings: &[&str]) -> Files {
    LazyLock::force(&COMPLAINTS);
    let expected = EXPECTED.as_ref().expect("it can be read");
    assert!(expected.len() >= LEAST_FILES, "only {} files", expected.len());
    let is_asked_for = |path: &String| endings.iter().any(|ending| path.ends_with(ending));
    let shown = expected.iter().filter(|(path, _)| is_asked_for(path));
    shown.map(|(path, text)| (path.clone(), text.clone())).collect()
}

/// The same files, written into a folder.
fn written(endings: &[&str]) -> (TempDir, Files) {
    let (folder, files) = (temporary(), shown(endings));
    for (path, text) in &files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }
    (folder, files)
}

#[test]
fn hcl_is_read_by_others_and_formatted_for_good() {
    let files = shown(&[".tf", ".hcl"]);
    assert!(files.len() >= LEAST_TERRAFORM, "only {} files", files.len());
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

/// Needs `terraform`.
#[test]
fn terraform_formats_nothing_anew() {
    let Some(terraform) = oracle("terraform") else { return };
    let (folder, files) = written(&[".tf", ".hcl"]);
    assert!(files.len() >= LEAST_TERRAFORM, "only {} files", files.len());
    let mut command = Command::new(terraform);
    let output = command.args(["fmt", "-check", "-diff", "-recursive"]).current_dir(folder.path()).output();
    let output = output.expect("terraform runs");
    let (found, complaints) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{found}\n{complaints}");
}

/// Scripts that people run have to be scripts.
#[test]
fn shell_scripts_are_read_by_a_shell() {
    let (folder, files) = written(&[".sh"]);
    assert!(files.len() >= 2, "only {} scripts", files.len());
    for path in files.into_keys() {
        let status = Command::new("sh").arg("-n").arg(folder.path().join(&path)).status();
        assert!(status.expect("there is a shell").success(), "{path}");
    }
}

/// A person reads these folders: a case that has grown large has stopped being one.
#[test]
fn no_case_is_too_large_to_read() {
    LazyLock::force(&COMPLAINTS);
    for Generated { folder: case, .. } in &GENERATED.0 {
        let limit = if name(case) == FIRST { 40_000 } else { 30_000 };
        let bytes: usize = files(case).values().map(String::len).sum();
        assert!(bytes < limit, "{} has {bytes} bytes", name(case));
    }
}
