//! A tree stays with the templates that made it, until somebody names others.

use super::v2_with;
use crate::support::{Case, SPEC};

/// A tree that was brought to a pack of one's own, with this name and version.
fn with_pack(id: &str, version: u32) -> Case {
    let case = Case::generated(SPEC);
    v2_with(&case, "pack.yaml", |manifest| {
        manifest.replacen("id: crossrole", &format!("id: {id}"), 1).replacen(
            "version: 2",
            &format!("version: {version}"),
            1,
        )
    });
    case.edit("v2/partials/workload-provider.tf.tera", "provider \"aws\" {", "# Ours.\nprovider \"aws\" {");
    let ran = case.run(&["update", "--templates", "v2"]).exits(0);
    ran.says("`crossrole.yaml` does not name these templates").says("write `templates: ./v2` into it");
    case
}

#[test]
fn an_update_without_them_does_not_go_back_to_the_built_in_ones() {
    for (id, version) in [("mine", 1), ("mine", 7), ("crossrole", 1), ("crossrole", 2)] {
        let case = with_pack(id, version);
        let before = case.files();
        for arguments in
            [&["update"][..], &["update", "--dry-run"], &["generate"], &["generate", "--dry-run"]]
        {
            let ran = case.run(arguments).exits(4);
            ran.says(&format!("{id} version {version}")).says("`--templates DIR`").says("--force");
            assert_eq!(case.files(), before, "{id} {version} {arguments:?}");
        }
        case.run(&["check"]).exits(2).says("--templates DIR");
        case.run(&["update", "--templates", "v2"]).exits(0).says("up to date");
        case.run(&["update", "--force", "--accept-trust-change"]).exits(0);
        case.run(&["check"]).exits(0);
    }
}

#[test]
fn what_the_spec_names_need_not_be_named_again() {
    let case = with_pack("mine", 1);
    case.write("crossrole.yaml", format!("{SPEC}templates: ./v2\n"));
    case.run(&["generate"]).exits(0).says("up to date");
    case.run(&["update"]).exits(0).says("up to date");
    case.edit("v2/partials/workload-provider.tf.tera", "# Ours.", "# Still ours.");
    case.run(&["generate"]).exits(4).says("another edition").says("`crossrole update` brings it");
    let ran = case.run(&["update", "--templates", "v2"]).exits(0);
    assert!(!ran.stderr.contains("does not name"), "{}", ran.stderr);
}

#[test]
fn what_the_spec_cannot_or_does_not_name_is_said() {
    let case = Case::generated(SPEC);
    let elsewhere = Case::new("");
    v2_with(&elsewhere, "pack.yaml", str::to_owned);
    let pack = elsewhere.at("v2").display().to_string();
    case.run(&["update", "--templates", &pack]).exits(0).says("below its own folder");
    let ran = case.run(&["update", "--templates", &pack]).exits(0).says("up to date");
    assert!(!ran.stderr.contains("does not name"), "it is said once: {}", ran.stderr);

    let case = with_pack("mine", 1);
    case.run(&["templates", "eject", "other"]).exits(0);
    case.edit("other/pack.yaml", "id: crossrole", "id: other");
    case.write("crossrole.yaml", format!("{SPEC}templates: ./v2\n"));
    let ran = case.run(&["update", "--templates", "other", "--accept-trust-change"]).exits(0);
    ran.says("names other templates than these").says("write `templates: ./other` into it");
}

/// A tree that an earlier crossrole made goes on to the templates of this one, and needs no word for it.
#[test]
fn an_earlier_edition_of_the_built_in_templates_is_brought_forward() {
    const EARLIER: &str = "ee8b5b9133768b4425cfff5457e1bde510ab91f72775b2dd9ee08c90919b807b";
    let case = Case::generated(SPEC);
    let lock = case.read(".crossrole/lock.yaml");
    let digest = lock.lines().find_map(|line| line.strip_prefix("pack: crossrole 1 ")).expect("the digest");
    case.edit(".crossrole/lock.yaml", digest, EARLIER);
    case.run(&["generate"]).exits(4).says("`crossrole update` brings it to these templates");
    case.run(&["update"]).exits(0);
    case.run(&["check"]).exits(0);
    assert_eq!(case.read(".crossrole/lock.yaml"), lock);
    // Anything else of that name and version is somebody's own.
    case.edit(".crossrole/lock.yaml", digest, &EARLIER.replace('e', "f"));
    case.run(&["update"]).exits(4).says("`--templates DIR`");
}
