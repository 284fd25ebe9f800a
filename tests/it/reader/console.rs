//! The values that we say are known are those that `terraform console` shows.
//!
//! Each folder of `snapshots/terraform` that needs no provider is asked for every local in it, as JSON.
//! Needs `terraform`.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crossrole::terraform::Terraform;

use super::read_files;
use crate::oracle::oracle;
use crate::support::{Files, cases, ends_in, files, name, temporary};

/// Fewer locals than these, and nothing much was compared.
const LEAST_LOCALS: usize = 150;

/// What the console shows instead of such a value.
const LATER: &str = "(known after apply)";

#[test]
fn known_values_are_those_of_terraform() {
    let Some(terraform) = oracle("terraform") else { return };
    let mut complaints = Vec::new();
    let mut compared = 0;
    for case in cases("snapshots/terraform") {
        let mut input = files(&case);
        input.remove("read.txt");
        let read = read_files(&input);
        let locals = known_locals(&read);
        if locals.is_empty() || !read.problems.is_empty() || !needs_no_provider(&input) {
            continue;
        }
        let shown = match ask(&terraform, &input, &locals) {
            Ok(shown) => shown,
            // What Terraform itself knows only later, because a variable has no value, it does not tell.
            Err(refused) if refused.trim() == LATER && asks_for_values(&read) => continue,
            Err(refused) => {
                complaints.push(format!("{}: terraform refuses it: {refused}", name(&case)));
                continue;
            }
        };
        for ((local, ours), theirs) in locals.iter().zip(&shown) {
            compared += 1;
            if ours != theirs {
                complaints.push(format!(
                    "{}: local.{local}\n  ours:      {ours}\n  terraform: {theirs}",
                    name(&case)
                ));
            }
        }
        if shown.len() != locals.len() {
            complaints.push(format!("{}: {} answers for {} locals", name(&case), shown.len(), locals.len()));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(compared >= LEAST_LOCALS, "only {compared} locals were compared");
}

/// Whether a variable has no value.
fn asks_for_values(read: &Terraform) -> bool {
    let root = read.roots.iter().find(|root| root.folder.is_empty());
    root.is_some_and(|root| root.named("variable").any(|block| block.argument("default").is_none()))
}

/// Without a provider at hand, only what names none can be asked about.
fn needs_no_provider(files: &Files) -> bool {
    let words =
        ["resource \"", "data \"", "provider \"", "module \"", "\"resource\"", "\"provider\"", "backend"];
    files.values().all(|text| words.iter().all(|word| !text.contains(word)))
        && files
            .keys()
            .all(|path| !(ends_in(path, &["tofu"]) || ends_in(path, &["tf"]) && path.contains('/')))
}

/// The locals of the topmost folder whose values are known as a whole, as JSON.
fn known_locals(read: &Terraform) -> Vec<(String, serde_json::Value)> {
    let Some(root) = read.roots.iter().find(|root| root.folder.is_empty()) else { return Vec::new() };
    let arguments = root.named("locals").flat_map(|block| &block.arguments);
    let known = arguments.filter_map(|argument| Some((argument.key.clone(), argument.value.to_json()?)));
    known.collect()
}

/// What Terraform says of each local.
fn ask(
    terraform: &Path,
    files: &Files,
    locals: &[(String, serde_json::Value)],
) -> Result<Vec<serde_json::Value>, String> {
    let folder = temporary();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }
    // Only the last answer of a script is shown, so there is one question.
    let locals: Vec<String> = locals.iter().map(|(local, _)| format!("local.{local}")).collect();
    let answer = console(terraform, folder.path(), &format!("jsonencode([{}])\n", locals.join(", ")))?;
    let text: Option<String> = serde_json::from_str(answer.trim()).ok();
    text.and_then(|text| serde_json::from_str(&text).ok()).ok_or(answer)
}

fn console(terraform: &Path, folder: &Path, question: &str) -> Result<String, String> {
    let mut child = Command::new(terraform)
        .arg("console")
        .current_dir(folder)
        .env("CHECKPOINT_DISABLE", "1")
        .env("NO_COLOR", "1")
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("terraform runs");
    child.stdin.take().expect("a pipe").write_all(question.as_bytes()).expect("terraform listens");
    let output = child.wait_with_output().expect("terraform ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}
