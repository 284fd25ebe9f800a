//! A pack of one's own may call the trust policy what it likes and write it as it likes: what is judged is
//! what its roles will have, and a role of which that cannot be told is not known.

use crate::support::{Case, SPEC};

const EVERYBODY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}"#;
const MAIN: &str = "pack/bootstrap/main.tf.tera";
const ROLE: &str = "file(\"${path.module}/trust-policy.json\")";
/// The same in the template.
const ROLE_IN_TEMPLATE: &str =
    "file(\"${path.module}{% if role.key %}/{{ role.key | identifier }}{% endif %}/trust-policy.json\")";
const MARK: &str = "  - document: trust_policy\n    id: bootstrap/trust-policy.json\n    path: accounts/{target}/bootstrap/trust-policy.json\n    for_each: role\n    when: [bootstrap_root, not role]\n";

/// A spec whose pack is our own, ejected.
fn ejected(spec: &str) -> Case {
    let case = Case::new(&format!("{spec}templates: ./pack\n"));
    case.run(&["templates", "eject", "pack"]).exits(0);
    case.edit("pack/pack.yaml", "id: crossrole", "id: mine");
    case
}

/// Replaces the marked document by a template at a path of its own.
fn with_template(case: &Case, path: &str, text: &str) {
    let entry = format!(
        "  - template: trust.json.tera\n    path: accounts/{{target}}/{path}\n    for_each: target\n"
    );
    case.edit("pack/pack.yaml", MARK, &entry);
    case.write("pack/trust.json.tera", text);
    let name = path.strip_prefix("bootstrap/").map_or_else(|| format!("../{path}"), str::to_owned);
    case.edit(MAIN, "trust-policy.json", &name);
}

#[track_caller]
fn refused(case: &Case, word: &str) {
    case.run(&["generate"]).exits(4).says(word);
    assert!(!case.at("accounts").exists(), "nothing was written");
    let ran = case.run(&["explain"]).exits(2);
    assert!(!ran.stdout.contains("ok:"), "{}", ran.stdout);
    case.run(&["generate", "--accept-trust-change"]).exits(0);
    let ran = case.run(&["explain"]).exits(2);
    assert!(!ran.stdout.contains("ok:"), "{}", ran.stdout);
}

#[test]
fn a_marked_document_may_lie_anywhere() {
    for path in ["bootstrap/trust.json", "bootstrap/policies-of-trust/role.json", "trust/role.json"] {
        let case = ejected(SPEC);
        case.edit("pack/pack.yaml", "{target}/bootstrap/trust-policy.json", &format!("{{target}}/{path}"));
        let name = path.strip_prefix("bootstrap/").map_or_else(|| format!("../{path}"), str::to_owned);
        case.edit(MAIN, "trust-policy.json", &name);
        case.run(&["generate"]).exits(0);
        let ran = case.run(&["explain"]).exits(0);
        assert!(ran.stdout.contains("ok: 1 target"), "{}", ran.stdout);
        // What a person does to it there is found there.
        case.edit(&format!("accounts/staging/{path}"), "arn:aws:iam::111111111111:root", "*");
        let ran = case.run(&["explain"]).exits(2);
        assert!(ran.stdout.contains(path), "{}", ran.stdout);
    }
}

#[test]
fn a_template_is_judged_wherever_it_lies() {
    for path in ["bootstrap/trust.json", "bootstrap/a/b.json", "trust.json"] {
        let case = ejected(SPEC);
        with_template(&case, path, EVERYBODY);
        refused(&case, "could assume the role, against the spec");
    }
}

#[test]
fn a_template_that_passes_the_document_on_is_found_right() {
    let case = ejected(SPEC);
    with_template(&case, "bootstrap/trust.json", "{{ trust_policy | document }}\n");
    case.run(&["generate"]).exits(0);
    let ran = case.run(&["explain"]).exits(0);
    assert!(ran.stdout.contains("as the templates write it"), "{}", ran.stdout);
}

#[test]
fn a_second_policy_beside_the_document_is_judged_too() {
    let case = ejected(SPEC);
    case.edit("pack/pack.yaml", MARK, &format!("{MARK}  - {{template: open.json.tera, path: \"accounts/{{target}}/bootstrap/open.json\", for_each: target}}\n"));
    case.write("pack/open.json.tera", EVERYBODY);
    refused(&case, "could assume the role, against the spec");
    // One that lets in fewer than the spec does takes nothing from the document.
    let case = ejected(SPEC);
    case.edit("pack/pack.yaml", MARK, &format!("{MARK}  - {{template: few.json.tera, path: \"accounts/{{target}}/bootstrap/few.json\", for_each: target}}\n"));
    let few = EVERYBODY.replace("\"*\"", "{\"AWS\": \"arn:aws:iam::222222222222:root\"}");
    let never = "\"Condition\": {\"StringEquals\": {\"aws:PrincipalArn\": \"none\"}}, \"Action\"";
    case.write("pack/few.json.tera", few.replace("\"Action\"", never));
    case.run(&["generate"]).exits(0);
    case.run(&["explain"]).exits(0);
}

#[test]
fn policies_of_resources_are_no_concern() {
    let case = ejected(SPEC);
    let bucket = EVERYBODY.replace("sts:AssumeRole\"", "s3:GetObject\", \"Resource\": \"arn:aws:s3:::x/*\"");
    case.edit("pack/pack.yaml", MARK, &format!("{MARK}  - {{template: bucket.json.tera, path: \"accounts/{{target}}/workload/bucket.json\", for_each: target}}\n"));
    case.write("pack/bucket.json.tera", bucket);
    case.run(&["generate"]).exits(0);
    case.run(&["explain"]).exits(0);
}

#[test]
fn a_role_that_is_not_followed_is_not_known() {
    for expression in [
        "file(\"${path.module}/other.json\")",
        "local.trust",
        "data.aws_iam_policy_document.trust.json",
        "var.trust",
    ] {
        let case = ejected(SPEC);
        case.edit(MAIN, ROLE_IN_TEMPLATE, expression);
        refused(&case, "not known who can assume the role");
    }
}

/// A role is followed as Terraform follows it, to the document or away from it.
#[test]
fn a_role_is_followed_as_terraform_follows_it() {
    for same in [
        "templatefile(\"${path.module}/trust-policy.json\", {})",
        "file(\"${path.root}/trust-policy.json\")",
        "file(\"./trust-policy.json\")",
    ] {
        let case = ejected(SPEC);
        case.edit(MAIN, ROLE_IN_TEMPLATE, same);
        case.run(&["generate"]).exits(0);
        case.run(&["explain"]).exits(0);
    }
    let everybody = "jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Principal = \"*\", Action = \"sts:AssumeRole\" }] })";
    for other in [
        everybody,
        "replace(file(\"${path.module}/trust-policy.json\"), \"arn:aws:iam::111111111111:root\", \"*\")",
    ] {
        let case = ejected(SPEC);
        case.edit(MAIN, ROLE_IN_TEMPLATE, other);
        refused(&case, "anyone in AWS could assume the role, against the spec");
    }
    // A policy under which nobody gets in is not what the spec says either.
    let case = ejected(SPEC);
    case.edit(MAIN, ROLE_IN_TEMPLATE, &everybody.replace("sts:AssumeRole", "sts:TagSession"));
    refused(&case, "would be denied, against the spec");
}

#[test]
fn a_second_role_is_not_known() {
    let role = "resource \"aws_iam_role\" \"other\" {\n  name               = \"other\"\n  assume_role_policy = var.x\n}\n";
    let entry =
        |path: &str, rest: &str| format!("{MARK}  - {{template: x.tf.tera, path: \"{path}\"{rest}}}\n");
    for (path, rest) in [
        ("accounts/{target}/bootstrap/x.tf", ", for_each: target"),
        ("accounts/{target}/workload/x.tf", ", for_each: target"),
        ("modules/role/x.tf", ""),
    ] {
        let case = ejected(SPEC);
        case.edit("pack/pack.yaml", MARK, &entry(path, rest));
        case.write("pack/x.tf.tera", role);
        refused(&case, "`aws_iam_role.other`");
    }
    let case = ejected(SPEC);
    case.edit(
        "pack/pack.yaml",
        MARK,
        &entry("accounts/{target}/bootstrap/x.tf.json", ", for_each: target")
            .replace("x.tf.tera,", "x.json.tera,"),
    );
    case.write("pack/x.json.tera", "{\"resource\": {\"aws_iam_role\": {\"other\": {}}}}\n");
    refused(&case, "`aws_iam_role.other` has no `assume_role_policy`");
}

#[test]
fn a_pack_without_any_trust_policy_is_not_known() {
    let case = ejected(SPEC);
    case.edit("pack/pack.yaml", MARK, "");
    refused(&case, "not known who can assume the role");
    // Where the pack makes no role either, there is nothing to refuse, and nothing to call right.
    let case = Case::new(&format!("{SPEC}templates: ./pack\n"));
    case.write(
        "pack/pack.yaml",
        "id: mine\nversion: 1\nfiles:\n  - {template: x.tf.tera, path: \"{target}/x.tf\", for_each: target}\n",
    );
    case.write("pack/x.tf.tera", "# x\n");
    case.run(&["generate"]).exits(0);
    let ran = case.run(&["explain"]).exits(2);
    assert!(ran.stdout.contains("not known"), "{}", ran.stdout);
    let report = case.run(&["explain", "--format", "json"]).exits(2).json();
    assert_eq!((&report["ok"], &report["targets"][0]["ok"]), (&false.into(), &false.into()));
}

#[test]
fn a_role_that_exists_needs_no_document_and_is_not_known() {
    let case = ejected(&format!("{SPEC}    bootstrap: {{from: existing}}\n"));
    case.run(&["generate"]).exits(0);
    let ran = case.run(&["explain"]).exits(2);
    assert!(ran.stdout.contains("the role exists already"), "{}", ran.stdout);
}

#[test]
fn an_update_to_another_pack_is_judged_by_what_stays_as_well() {
    let case = Case::generated(SPEC);
    case.run(&["templates", "eject", "pack"]).exits(0);
    case.edit("pack/pack.yaml", "version: 1", "version: 2");
    case.edit(MAIN, "# Who can assume", "# Who in A may assume");
    // Only `main.tf` is written; the policy it leads to stays.
    case.run(&["update", "--templates", "pack"]).exits(0);
    case.edit("pack/pack.yaml", "version: 2", "version: 3");
    case.edit(MAIN, ROLE_IN_TEMPLATE, "local.trust");
    case.run(&["update", "--templates", "pack"]).exits(4);
}

#[test]
fn an_edited_role_is_not_known() {
    let case = Case::generated(SPEC);
    case.edit("accounts/staging/bootstrap/main.tf", ROLE, "local.trust");
    let ran = case.run(&["explain"]).exits(2);
    assert!(ran.stdout.contains("not known: who can assume the role of 1 target"), "{}", ran.stdout);
    let case = Case::generated(SPEC);
    case.remove("accounts/staging/bootstrap/trust-policy.json");
    case.run(&["explain"]).exits(2);
}

#[test]
fn a_file_is_a_template_or_a_document() {
    let refused = |entry: &str, word: &str| {
        let case = Case::new(SPEC);
        case.write("pack/pack.yaml", format!("id: mine\nversion: 1\nfiles:\n  - {entry}\n"));
        case.write("pack/x.json.tera", "{}\n");
        case.run(&["generate", "--templates", "pack"]).exits(1).says(word).says("pack/pack.yaml:4:");
    };
    let path = "path: \"{target}/x.json\"";
    refused(
        &format!("{{template: x.json.tera, document: trust_policy, {path}}}"),
        "either a `template` or a `document`",
    );
    refused(&format!("{{document: trust, {path}}}"), "trust_policy");
    refused(&format!("{{document: trust_policy, {path}, for_each: assume_policy}}"), "for_each: role");
    refused("{document: trust_policy, path: \"{target}/x.tf\"}", "cannot become");
    refused("{document: trust_policy, path: x.json}", "again and again");
}
