//! A block that is new meets one of its address that a person wrote into another file: Terraform
//! would refuse the folder, so nothing is doubled and nothing of a person's is changed.

use super::{PROVIDERS, v2_with};
use crate::support::{Case, SPEC, files};

const OWN: &str = "accounts/staging/workload/own.tf";
const LOGS: &str = "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"logs\"\n}\n";
const MINE: &str = "# Mine.\n\nresource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"mine\"\n}\n";

/// A tree whose next templates add a bucket to the file with the provider, and change that as well.
fn with_a_new_bucket() -> Case {
    let case = Case::generated(SPEC);
    v2_with(&case, "partials/workload-provider.tf.tera", |text| {
        format!("{}\n{LOGS}", text.replace("  region", "  max_retries = 9\n  region"))
    });
    case
}

fn buckets(case: &Case) -> usize {
    let texts = files(&case.at("accounts/staging/workload")).into_values();
    texts.map(|text| text.matches("resource \"aws_s3_bucket\" \"logs\"").count()).sum()
}

#[test]
fn another_block_of_that_address_is_a_conflict() {
    let case = with_a_new_bucket();
    case.write(OWN, MINE);
    let before = case.files();
    for more in [&[][..], &["--conflict", "theirs"], &["--dry-run"]] {
        let arguments: Vec<_> = ["update", "--templates", "v2"].iter().chain(more).copied().collect();
        let ran = case.run(&arguments).exits(3).says(PROVIDERS).says("resource.aws_s3_bucket.logs");
        ran.says(&format!("`{OWN}`, line 3, and would be in line 17 here"));
    }
    case.run(&["check", "--templates", "v2"]).exits(2).says(&format!("`{OWN}`, line 3"));
    let json = case.run(&["check", "--templates", "v2", "--format", "json"]).exits(2).json();
    let change = json["changes"].as_array().and_then(|all| all.iter().find(|one| one["path"] == PROVIDERS));
    let change = change.expect("the file is listed");
    assert_eq!(change["kind"], "conflict");
    assert_eq!(change["conflicts"][0]["at"], "resource.aws_s3_bucket.logs");
    let sarif = case.run(&["check", "--templates", "v2", "--format", "sarif"]).exits(2).stdout;
    assert!(sarif.contains("resource.aws_s3_bucket.logs is in"), "{sarif}");
    assert_eq!(case.files(), before);
}

#[test]
fn json_and_opentofus_files_count_as_well() {
    let json = "{\"resource\": {\"aws_s3_bucket\": {\n  \"logs\": {\"bucket\": \"mine\"}\n}}}\n";
    for (name, text, line) in [("own.tf.json", json, 2), ("own.tofu", MINE, 3)] {
        let case = with_a_new_bucket();
        let path = format!("accounts/staging/workload/{name}");
        case.write(&path, text);
        let ran = case.run(&["update", "--templates", "v2"]).exits(3).says("resource.aws_s3_bucket.logs");
        ran.says(&format!("`{path}`, line {line}, and would be in line 17 here"));
        // Another bucket, or a file that Terraform does not read, is in nobody's way.
        case.write(&path, text.replace("logs", "others"));
        case.write("accounts/staging/workload/notes.json", json);
        case.run(&["update", "--templates", "v2"]).exits(0);
        assert_eq!(buckets(&case), 1);
    }
}

#[test]
fn ones_own_may_be_kept_instead() {
    let case = with_a_new_bucket();
    case.write(OWN, MINE);
    case.run(&["update", "--templates", "v2", "--conflict", "ours"]).exits(0);
    assert_eq!((case.read(OWN), buckets(&case)), (MINE.to_owned(), 1));
    assert!(case.read(PROVIDERS).contains("max_retries = 9"), "what else is new comes");
    let after = case.files();
    case.run(&["check", "--templates", "v2"]).exits(0);
    case.run(&["update", "--templates", "v2"]).exits(0).says("up to date");
    assert_eq!(case.files(), after);
}

#[test]
fn it_may_be_decided_in_the_folder() {
    let case = with_a_new_bucket();
    case.write(OWN, MINE);
    let before = case.files();
    let sidecar = ["update", "--templates", "v2", "--conflict", "sidecar"];
    case.run(&sidecar).exits(3);
    let beside = format!("{PROVIDERS}.template-new");
    assert!(case.read(&beside).contains(LOGS));
    assert!(case.read(PROVIDERS).contains("max_retries = 9"));
    assert_eq!(case.read(OWN), MINE);
    case.run(&["update", "--abort"]).exits(0);
    assert_eq!(case.files(), before);
    case.run(&sidecar).exits(3);
    case.run(&["update", "--continue"]).exits(3).says(&beside);
    case.remove(&beside);
    case.run(&["update", "--continue"]).exits(0);
    case.run(&["check", "--templates", "v2"]).exits(0);
    assert_eq!(buckets(&case), 1);
}

#[test]
fn an_equal_block_is_taken_over_where_it_stands() {
    let case = with_a_new_bucket();
    let own = format!("# Mine.\n\n{}", LOGS.replace(" = ", "  =   "));
    case.write(OWN, &own);
    case.run(&["update", "--templates", "v2"]).exits(0);
    assert_eq!((case.read(OWN), buckets(&case)), (own, 1));
    case.run(&["check", "--templates", "v2"]).exits(0);
    case.edit("v2/pack.yaml", "\nversion: 2\n", "\nversion: 3\n");
    case.edit("v2/partials/workload-provider.tf.tera", "\"logs\"\n}", "\"logs\"\n  force_destroy = true\n}");
    case.run(&["update", "--templates", "v2"]).exits(0);
    assert!(case.read(OWN).contains("force_destroy"), "what is new later comes to where it stands");
    assert_eq!(buckets(&case), 1);
}

/// The spec alone can bring blocks, and files.
#[test]
fn a_change_of_the_spec_meets_them_too() {
    let without = format!("{SPEC}    verification: {{enabled: false}}\n");
    let case = Case::generated(&without);
    case.write(OWN, "module \"verification_bucket\" {\n  source = \"./mine\"\n}\n");
    case.write("crossrole.yaml", SPEC);
    let before = case.files();
    case.run(&["generate"]).exits(3).says("module.verification_bucket").says(&format!("`{OWN}`, line 1"));
    assert_eq!(case.files(), before);
    case.run(&["check"]).exits(2).says("module.verification_bucket");
    case.run(&["generate", "--conflict", "ours"]).exits(0);
    assert!(case.at("accounts/staging/workload/outputs.tf").exists());
    assert!(!case.at("accounts/staging/workload/verification.tf").exists(), "nothing would be in it");
    case.run(&["generate"]).exits(0);
    case.run(&["check"]).exits(0);
}

/// A person may have put their block into a file of ours.
#[test]
fn a_block_added_to_a_generated_file_counts() {
    let outputs = "accounts/staging/workload/outputs.tf";
    let case = with_a_new_bucket();
    case.write(outputs, format!("{}\n{}", case.read(outputs), MINE));
    case.run(&["update", "--templates", "v2"]).exits(3).says(&format!("is in `{outputs}`"));
    case.edit(outputs, "\"mine\"", "\"logs\"");
    case.run(&["update", "--templates", "v2"]).exits(0);
    assert_eq!(buckets(&case), 1);
}

/// Files that Terraform reads as overrides double nothing, and neither does another folder.
#[test]
fn what_doubles_nothing_is_no_conflict() {
    let case = with_a_new_bucket();
    case.write("accounts/staging/workload/mine_override.tf", MINE);
    case.write("accounts/staging/workload/below/own.tf", MINE);
    case.write("accounts/staging/workload/own.tf.bak", MINE);
    case.write("accounts/staging/bootstrap/own.tf", MINE);
    case.write("accounts/staging/workload/broken.tf", format!("{MINE}}}"));
    case.run(&["update", "--templates", "v2"]).exits(0);
    assert!(case.read(PROVIDERS).contains(LOGS));
}

/// Two units may write into one folder, and a block may go from one to the other.
#[test]
fn a_block_of_another_unit_is_not_somebody_elses() {
    let case = Case::generated(SPEC);
    v2_with(&case, "source/outputs.tf.tera", |text| format!("{text}\noutput \"same\" {{\n  value = 1\n}}\n"));
    case.write("v2/source/more.tf.tera", "# More.\n");
    let more = "\n  - template: source/more.tf.tera\n    path: source/more.tf\n";
    case.write("v2/pack.yaml", format!("{}{more}", case.read("v2/pack.yaml").trim_end()));
    case.run(&["update", "--templates", "v2"]).exits(0);
    case.edit("v2/pack.yaml", "\nversion: 2\n", "\nversion: 3\n");
    case.edit("v2/source/outputs.tf.tera", "\noutput \"same\" {\n  value = 1\n}\n", "");
    case.write("v2/source/more.tf.tera", "# More.\n\noutput \"same\" {\n  value = 2\n}\n");
    case.run(&["update", "--templates", "v2"]).exits(0);
    assert!(case.read("source/more.tf").contains("output \"same\""));
    assert!(!case.read("source/outputs.tf").contains("output \"same\""));
}

/// Who deleted a file, and kept its block elsewhere, gets no second one back.
#[test]
fn a_file_that_is_wanted_back_doubles_nothing() {
    let verification = "accounts/staging/workload/verification.tf";
    let case = Case::generated(SPEC);
    std::fs::rename(case.at(verification), case.at(OWN)).expect("it can be renamed");
    let before = case.files();
    case.run(&["generate", "--restore", verification]).exits(3).says("module.verification_bucket").says(OWN);
    assert_eq!(case.files(), before);
    case.remove(OWN);
    case.run(&["generate", "--restore", verification]).exits(0);
    case.run(&["check", "--strict"]).exits(0);
}
