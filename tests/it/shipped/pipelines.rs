//! GitHub's action and GitLab's component: their scripts, run as a runner would, and the how-tos' tables of inputs.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde::Deserialize as _;
use serde_yaml::Value;

use super::{path_with, program_folder, succeed};
use crate::oracle::oracle;
use crate::support::{Case, GUARDED, ends_in, files, git, repository};

/// Inputs of a run by name.
type Inputs = BTreeMap<String, String>;

/// An action's step, as far as ours have them.
#[derive(Debug, serde::Deserialize)]
struct Step {
    run: String,
    #[serde(rename = "if", default)]
    condition: String,
    #[serde(default)]
    env: BTreeMap<String, String>,
}

/// What GitHub's runner has: a program that takes what is uploaded.
const GH: &str = "#!/bin/sh\nfor word; do case $word in sarif=@*) base64 -d <\"${word#sarif=@}\" | gunzip >uploaded;; esac; done\necho \"$@\" >asked\n";

#[test]
fn the_action_checks_lints_and_uploads() {
    let case = Case::generated(GUARDED);
    let given = [("upload", "true"), ("paths", "crossrole.yaml accounts")];
    assert_eq!(act(&case, &given), [0, 0, 0, 0]);
    assert!(
        case.read("uploaded").contains("\"version\": \"2.1.0\"")
            || case.read("uploaded").contains("\"2.1.0\"")
    );
    assert!(case.read("asked").contains("repos/acme/infra/code-scanning/sarifs"), "{}", case.read("asked"));

    case.edit("crossrole.yaml", "name: staging", "name: production");
    assert_eq!(act(&case, &[]), [0, 2, 0], "out of date");
    case.edit("crossrole.yaml", "222222222222", "111111111111");
    assert_eq!(act(&case, &[("check", "false")]), [0, 2], "an error");
    case.write("other.yaml", GUARDED);
    assert_eq!(act(&case, &[("check", "false"), ("spec", "other.yaml")]), [0, 0], "another spec");
}

/// Runs the steps of the action, as a runner does that goes on after a failure; their exit codes.
fn act(case: &Case, given: &[(&str, &str)]) -> Vec<i32> {
    let action: Value = serde_yaml::from_str(&read("action.yml")).expect("YAML");
    let inputs = with_defaults(&action["inputs"], given);
    let steps = Vec::<Step>::deserialize(action["runs"]["steps"].clone()).expect("steps");
    case.write("bin/gh", GH);
    succeed(Command::new("chmod").arg("+x").arg(case.at("bin/gh")));
    let mut codes = Vec::new();
    for step in steps.into_iter().filter(|step| is_met(&step.condition, &inputs)) {
        let ran = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &step.run])
            .envs(step.env.iter().map(|(name, text)| (name, filled_in(text, &inputs, case))))
            .env("PATH", path_with(&[&case.at("bin"), program_folder()]))
            .envs([
                ("GITHUB_REPOSITORY", "acme/infra"),
                ("GITHUB_SHA", "0123"),
                ("GITHUB_REF", "refs/heads/main"),
            ])
            .env("RUNNER_TEMP", case.root())
            .env("GITHUB_OUTPUT", case.at("output"))
            .current_dir(case.root())
            .output()
            .expect("bash runs");
        codes.push(ran.status.code().expect("it ends by itself"));
    }
    codes
}

/// Whether every input that a condition compares is as it wants.
fn is_met(condition: &str, inputs: &Inputs) -> bool {
    condition.split("inputs.").skip(1).all(|rest| {
        let (name, rest) = rest.split_once(" == '").expect("a comparison");
        inputs[name] == rest.split('\'').next().unwrap_or_default()
    })
}

/// The value of `${{ … }}`: the first of the inputs that is not empty, or what a step has put out.
fn filled_in(text: &str, inputs: &Inputs, case: &Case) -> String {
    let expression = text.trim_start_matches("${{ ").trim_end_matches(" }}");
    if expression == "steps.lint.outputs.sarif" {
        return case.read("output").trim().strip_prefix("sarif=").expect("an output").to_owned();
    }
    let values =
        expression.split(" || ").map(|name| &inputs[name.strip_prefix("inputs.").expect("an input")]);
    values.into_iter().find(|value| !value.is_empty()).cloned().unwrap_or_default()
}

#[test]
fn the_component_checks_and_lints() {
    let case = Case::generated(GUARDED);
    assert_eq!(jobs(&case, &[]), [true, true]);
    assert_eq!(jobs(&case, &[("paths", "crossrole.yaml accounts source")]), [true, true]);
    assert_eq!(jobs(&case, &[("spec", "nowhere.yaml")]), [false, false]);
    case.edit("crossrole.yaml", "name: staging", "name: production");
    assert_eq!(jobs(&case, &[]), [false, true], "out of date");
}

/// Runs the jobs of the component; whether each succeeds.
fn jobs(case: &Case, given: &[(&str, &str)]) -> Vec<bool> {
    let text = read("ci/gitlab/crossrole.yml");
    let (head, body) = text.split_once("\n---\n").expect("a head and jobs");
    let head: Value = serde_yaml::from_str(head).expect("YAML");
    let mut body = body.to_owned();
    let given: Vec<_> = given.iter().copied().chain([("install", "command -v crossrole")]).collect();
    for (name, value) in with_defaults(&head["spec"]["inputs"], &given) {
        body = body.replace(&format!("$[[ inputs.{name} ]]"), &value);
    }
    assert!(!body.contains("$[["), "{body}");
    let jobs: BTreeMap<String, Value> = serde_yaml::from_str(&body).expect("YAML");
    let run = |job: &Value| {
        let lines = Vec::<String>::deserialize(job["script"].clone()).expect("a script");
        let shell = Command::new("sh")
            .args(["-ec", &lines.join("\n")])
            .env("PATH", path_with(&[program_folder()]))
            .current_dir(case.root())
            .output();
        shell.expect("a shell runs").status.success()
    };
    jobs.values().map(run).collect()
}

/// Inputs as declared, with those that are given.
fn with_defaults(declared: &Value, given: &[(&str, &str)]) -> Inputs {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let declared = declared.as_mapping().expect("inputs");
    let mut inputs: Inputs =
        declared.iter().map(|(name, input)| (text(name), text(&input["default"]))).collect();
    for (name, value) in given {
        assert!(inputs.insert((*name).to_owned(), (*value).to_owned()).is_some(), "{name} is declared");
    }
    inputs
}

/// A workflow that uses the action with every input is one, and so is the action.
#[test]
fn actionlint_finds_nothing_in_the_action() {
    let Some(actionlint) = oracle("actionlint") else { return };
    let case = Case::new("");
    case.write("action.yml", read("action.yml"));
    let action: Value = serde_yaml::from_str(&read("action.yml")).expect("YAML");
    let inputs = with_defaults(&action["inputs"], &[]);
    let inputs = inputs.keys().flat_map(|name| ["          ", name, ": x\n"]).collect::<String>();
    let workflow = format!(
        "on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./\n        id: crossrole\n        with:\n{inputs}      - run: cat \"$SARIF\"\n        env:\n          SARIF: ${{{{ steps.crossrole.outputs.sarif }}}}\n"
    );
    case.write(".github/workflows/crossrole.yml", workflow);
    git(case.root(), &["init", "-q"]);
    succeed(Command::new(actionlint).arg("-no-color").current_dir(case.root()));
}

/// Other people's actions run with our users' tokens: ours uses none.
#[test]
fn the_action_uses_no_other() {
    assert!(!read("action.yml").contains("uses:"));
}

/// The how-tos list every input with its default.
#[test]
fn the_how_to_has_every_input() {
    let page = read("docs/how-to.md");
    let action: Value = serde_yaml::from_str(&read("action.yml")).expect("YAML");
    let component = read("ci/gitlab/crossrole.yml");
    let head = component.split("\n---\n").next().expect("a head");
    let head: Value = serde_yaml::from_str(head).expect("YAML");
    for inputs in [&action["inputs"], &head["spec"]["inputs"]] {
        for (name, default) in with_defaults(inputs, &[]) {
            let default = match (&*name, &*default) {
                ("install", _) => "required".to_owned(),
                ("paths", "") => "the spec".to_owned(),
                _ => format!("`{}`", default.trim_start_matches("${{ ").trim_end_matches(" }}")),
            };
            assert!(page.contains(&format!("| `{name}` | {default} |")), "{name}: {default}");
        }
    }
}

/// The embedded pack is what generates files, and nothing that another tool looks for in `templates/`.
#[test]
fn nothing_but_templates_is_embedded() {
    let others: Vec<String> = files(&repository("templates"))
        .into_keys()
        .filter(|path| path != "pack.yaml" && !ends_in(path, &["tera"]))
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

fn read(path: &str) -> String {
    fs::read_to_string(repository(path)).expect("a file of the repository")
}
