//! The hooks, run by pre-commit itself on commits that are fine and on such that are not.

use std::process::Command;

use serde_yaml::Value;

use super::succeed;
use super::wheel::wheel;
use crate::oracle::oracle;
use crate::support::{Case, GUARDED, commit_all, git, repository, temporary};

/// A build backend whose wheel is there already: pre-commit builds every repository anew.
const BACKEND: &str = "
import os, shutil

def build_wheel(directory, config_settings=None, metadata_directory=None):
    return os.path.basename(shutil.copy(os.environ['WHEEL'], directory))
";

#[test]
fn pre_commit_takes_the_hooks() {
    let (Some(pre_commit), Some(wheel)) = (oracle("pre-commit"), wheel()) else { return };
    let hooks = Case::new("");
    let manifest = std::fs::read_to_string(repository(".pre-commit-hooks.yaml")).expect("the hooks");
    hooks.write(".pre-commit-hooks.yaml", manifest);
    hooks.write("backend.py", BACKEND);
    hooks.write(
        "pyproject.toml",
        "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n",
    );
    git(hooks.root(), &["init", "-q"]);
    commit_all(hooks.root());

    let case = Case::generated(GUARDED);
    case.write("main.tf", "locals {\n  a = 1\n}\n");
    git(case.root(), &["init", "-q"]);
    commit_all(case.root());
    let home = temporary();
    let run = |hook: &str| {
        let ran = Command::new(&pre_commit)
            .arg("try-repo")
            .arg(hooks.root())
            .args([hook, "--all-files", "--verbose"])
            .env("PRE_COMMIT_HOME", home.path())
            .env("WHEEL", wheel)
            .current_dir(case.root())
            .output()
            .expect("pre-commit runs");
        (ran.status.success(), String::from_utf8_lossy(&ran.stdout).into_owned())
    };
    for hook in ["crossrole-check", "crossrole-lint", "crossrole-fmt"] {
        let (is_fine, said) = run(hook);
        assert!(is_fine && said.contains("Passed"), "{hook}\n{said}");
    }

    case.write("main.tf", "locals {\n a = 1\n}\n");
    case.edit("crossrole.yaml", "name: staging", "name: production");
    for (hook, word) in [("crossrole-check", "exit code: 2"), ("crossrole-fmt", "files were modified")] {
        let (is_fine, said) = run(hook);
        assert!(!is_fine && said.contains(word), "{hook}\n{said}");
    }
    assert_eq!(case.read("main.tf"), "locals {\n  a = 1\n}\n");
    case.edit("crossrole.yaml", "222222222222", "111111111111");
    let (is_fine, said) = run("crossrole-lint");
    assert!(!is_fine && said.contains("CR002"), "{said}");
}

/// The snippet in the how-tos names hooks that there are.
#[test]
fn the_hooks_are_those_of_the_how_to() {
    let read = |path: &str| std::fs::read_to_string(repository(path)).expect("a file");
    let hooks: Vec<Value> = serde_yaml::from_str(&read(".pre-commit-hooks.yaml")).expect("YAML");
    let page = read("docs/how-to.md");
    assert_eq!(hooks.len(), 3);
    for hook in hooks {
        let id = hook["id"].as_str().expect("a hook has an id");
        assert!(page.contains(&format!("- id: {id}")), "{id}");
        let name =
            hook["entry"].as_str().and_then(|entry| entry.strip_prefix("crossrole ")).expect("a command");
        succeed(Command::new(env!("CARGO_BIN_EXE_crossrole")).args([name, "--help"]));
    }
}
