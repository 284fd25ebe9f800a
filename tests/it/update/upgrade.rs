//! From the first version of the templates to the second, with every edit that people usually make.

use super::{PROVIDERS, generated};
use crate::support::Case;

const BOOTSTRAP: &str = "accounts/staging/bootstrap/main.tf";
const PROOF: &str = "accounts/staging/workload/proof.tf";
const VERIFICATION: &str = "accounts/staging/workload/verification.tf";
const VARIABLES: &str = "modules/verification-bucket/variables.tf";

/// An edit: the file, what is replaced by what, and the file and text that show it afterwards.
type Edit = (&'static str, &'static str, &'static str, &'static str, &'static str);

const EDITS: [Edit; 9] = [
    (
        PROVIDERS,
        "session_name = \"terraform\"",
        "session_name = \"mine\"",
        PROVIDERS,
        "session_name = \"mine\"",
    ),
    (
        PROVIDERS,
        "provider \"aws\" {",
        "# Mine.\nprovider \"aws\" {",
        PROVIDERS,
        "# Mine.\nprovider \"aws\" {",
    ),
    (PROVIDERS, "\n}\n", "\n\n  max_retries = 9\n}\n", PROVIDERS, "max_retries = 9"),
    (
        BOOTSTRAP,
        "max_session_duration = 3600",
        "max_session_duration = 3000",
        BOOTSTRAP,
        "max_session_duration = 3000",
    ),
    (
        BOOTSTRAP,
        "  description ",
        "  force_detach_policies = true\n  description ",
        BOOTSTRAP,
        "force_detach_policies = true",
    ),
    (VERIFICATION, "module \"", "# Mine.\nmodule \"", PROOF, "# Mine.\nmodule \""),
    (VARIABLES, "variable \"", "variable \"mine\" {}\n\nvariable \"", VARIABLES, "variable \"mine\" {}"),
    (VARIABLES, "description", "nullable    = false\n  description", VARIABLES, "nullable    = false"),
    ("source/.gitignore", "\n", "\n*.mine\n", "source/.gitignore", "*.mine"),
];

/// What the second version brought, wherever nobody edited it away.
#[track_caller]
fn is_second(case: &Case) {
    assert!(!case.at(VERIFICATION).exists() && case.at(PROOF).exists(), "the file has its new name");
    assert!(!case.at("accounts/staging/workload/tests/placement.tftest.hcl").exists(), "the file is dropped");
    assert!(case.read(VARIABLES).contains("variable \"change_ticket\""), "the block is there");
    let role = case.read(BOOTSTRAP);
    assert!(
        role.contains("resource \"aws_iam_role\" \"assumed\"")
            && !role.contains("\"aws_iam_role\" \"cross_account\""),
        "{role}"
    );
    assert!(role.contains("from = aws_iam_role.cross_account"), "{role}");
}

#[test]
fn each_edit_alone_survives() {
    for (path, from, to, at, shows) in EDITS {
        let case = generated();
        case.edit(path, from, to);
        case.run(&["update", "--templates", "v2"]).exits(0);
        is_second(&case);
        assert!(case.read(at).contains(shows), "{shows} is not in {at}:\n{}", case.read(at));
        let after = case.files();
        case.run(&["update", "--templates", "v2"]).exits(0).says("up to date");
        assert_eq!(case.files(), after, "a second update changes nothing");
        case.run(&["check", "--templates", "v2"]).exits(0);
    }
}

#[test]
fn all_edits_together_survive() {
    let case = generated();
    for (path, from, to, _, _) in EDITS {
        case.edit(path, from, to);
    }
    case.run(&["update", "--templates", "v2"]).exits(0);
    is_second(&case);
    for (_, _, _, at, shows) in EDITS {
        assert!(case.read(at).contains(shows), "{shows} is not in {at}:\n{}", case.read(at));
    }
}

#[test]
fn an_untouched_tree_becomes_what_the_second_version_writes() {
    let case = generated();
    case.run(&["update", "--templates", "v2"]).exits(0);
    is_second(&case);
    case.run(&["generate", "--templates", "v2", "--out", "fresh"]).exits(0);
    let mut fresh = crate::support::files(&case.at("fresh"));
    fresh.remove(".crossrole/lock.yaml");
    for (path, text) in fresh {
        assert_eq!(case.read(&path), text, "{path}");
    }
}

#[test]
fn an_edited_file_that_is_dropped_is_a_conflict() {
    let dropped = "accounts/staging/workload/tests/placement.tftest.hcl";
    let case = generated();
    case.edit(dropped, "\n", "\n# Mine.\n");
    let before = case.files();
    case.run(&["update", "--templates", "v2"]).exits(3).says(dropped).says("no longer part of the output");
    assert_eq!(case.files(), before);
    case.run(&["update", "--templates", "v2", "--conflict", "ours"]).exits(0);
    assert!(case.read(dropped).contains("# Mine."));
    case.run(&["check", "--templates", "v2"]).exits(0);
}

#[test]
fn with_nothing_new_an_update_changes_nothing() {
    let case = Case::generated(crate::support::SPEC);
    case.edit(PROVIDERS, "session_name = \"terraform\"", "session_name = \"mine\"");
    case.run(&["generate"]).exits(0);
    let before = case.files();
    case.run(&["update"]).exits(0).says("up to date");
    assert_eq!(case.files(), before);
}

#[test]
fn an_older_version_is_refused() {
    let case = generated();
    case.run(&["update", "--templates", "v2"]).exits(0);
    let before = case.files();
    case.run(&["update"]).exits(4).says("version 2");
    assert_eq!(case.files(), before);
    case.run(&["update", "--force", "--accept-trust-change"]).exits(0);
    case.run(&["check"]).exits(0);
}

/// Templates may keep a file in another unit of the record than before: it is the same file.
#[test]
fn a_file_of_another_unit_is_the_same_file() {
    let path = "source/providers.tf";
    for edit in [None, Some(("provider \"aws\" {", "# Mine.\nprovider \"aws\" {"))] {
        let case = Case::generated(crate::support::SPEC);
        case.run(&["templates", "eject", "v2"]).exits(0);
        case.edit("v2/pack.yaml", "\nversion: 1\n", "\nversion: 2\n");
        case.edit(
            "v2/pack.yaml",
            "    path: source/providers.tf\n    unit: source\n",
            "    path: source/providers.tf\n",
        );
        if let Some((from, to)) = edit {
            case.edit(path, from, to);
        }
        let text = case.read(path);
        case.run(&["update", "--templates", "v2"]).exits(0);
        assert_eq!(case.read(path), text);
        let files = case.files();
        case.run(&["update", "--templates", "v2"]).exits(0).says("up to date");
        assert_eq!(case.files(), files);
        case.run(&["check", "--templates", "v2"]).exits(0);
        case.edit("v2/source/providers.tf.tera", "region", "# Which region.\n  region");
        case.run(&["update", "--templates", "v2"]).exits(0);
        assert!(case.read(path).contains("# Which region."), "what is new still comes");
        assert_eq!(edit.is_some(), case.read(path).contains("# Mine."));
    }
}

/// A person puts a whole file's blocks elsewhere: they are followed again and again.
#[test]
fn a_file_that_a_person_renamed_is_followed_every_time() {
    let case = Case::generated(crate::support::SPEC);
    std::fs::rename(case.at(BOOTSTRAP), case.at("accounts/staging/bootstrap/role.tf"))
        .expect("it can be renamed");
    for hours in [2, 3, 4] {
        let spec = format!("{}    role: {{max_session_duration: {hours}h}}\n", crate::support::SPEC);
        case.write("crossrole.yaml", spec);
        case.run(&["generate"]).exits(0);
        let role = case.read("accounts/staging/bootstrap/role.tf");
        assert!(role.contains(&format!("max_session_duration = {}", hours * 3600)), "{role}");
        assert!(!case.at(BOOTSTRAP).exists());
        case.run(&["check"]).exits(0);
    }
}

/// A block that a person moved goes when the templates drop it, and is a conflict if it was edited.
#[test]
fn a_moved_block_that_is_dropped_goes() {
    let outputs = "accounts/staging/workload/outputs.tf";
    let own = "accounts/staging/workload/own.tf";
    for is_edited in [false, true] {
        let case = Case::generated(crate::support::SPEC);
        case.run(&["templates", "eject", "v2"]).exits(0);
        case.edit("v2/pack.yaml", "\nversion: 1\n", "\nversion: 2\n");
        let template = case.read("v2/workload/outputs.tf.tera");
        let start = template.find("output \"verification_bucket_arn\"").expect("the block");
        let end = start + template[start..].find("\n}\n").expect("its end") + 3;
        case.write("v2/workload/outputs.tf.tera", format!("{}{}", &template[..start], &template[end..]));
        let text = case.read(outputs);
        let start = text.find("output \"verification_bucket_arn\"").expect("the block");
        let block = text[start..].replace("ARN of", if is_edited { "My" } else { "ARN of" });
        case.write(own, format!("# My own file.\n\nlocals {{\n  mine = 1\n}}\n\n{block}"));
        case.write(outputs, format!("{}\n", text[..start].trim_end()));
        let code = if is_edited { 3 } else { 0 };
        case.run(&["update", "--templates", "v2"]).exits(code);
        assert!(case.read(own).contains("mine = 1"));
        assert_eq!(case.read(own).contains("verification_bucket_arn"), is_edited, "{}", case.read(own));
    }
}
