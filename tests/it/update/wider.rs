//! What an update opens is judged by what Terraform will make of the whole folder: whatever gives more,
//! in whichever file and form, needs a word for it; what gives the same or less does not.

use crate::support::{Case, GUARDED as SPEC};

const MAIN: &str = "bootstrap/main.tf.tera";
const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const ROLE: &str = "resource \"aws_iam_role\" \"cross_account\" {";
/// The same in the template.
const TEMPLATE_ROLE: &str = "resource \"aws_iam_role\" \"{{ role.label | identifier }}\" {";

/// A tree, and the templates that it is to go to.
fn case() -> Case {
    let case = Case::generated(SPEC);
    case.run(&["templates", "eject", "v2"]).exits(0);
    case.edit("v2/pack.yaml", "\nversion: 1\n", "\nversion: 2\n");
    case
}

fn append(case: &Case, path: &str, text: &str) {
    case.write(path, format!("{}\n{text}", case.read(path)));
}

/// Adds a template whose output goes into a root of every target.
fn add(case: &Case, path: &str, text: &str) {
    let name = path.replace('/', "-");
    case.write(&format!("v2/{name}.tera"), text);
    let entry =
        format!("  - template: {name}.tera\n    path: accounts/{{target}}/{path}\n    for_each: target\n");
    append(case, "v2/pack.yaml", &entry);
}

/// What is said of an update that is refused, and that nothing is written.
#[track_caller]
fn refused(case: &Case, what: &str) {
    let before = case.files();
    let ran = case.run(&["update", "--templates", "v2"]).exits(4).says("trust widened").says(what);
    assert!(ran.stderr.contains("--accept-trust-change"), "{}", ran.stderr);
    assert_eq!(case.files(), before);
}

#[track_caller]
fn written(case: &Case) {
    let ran = case.run(&["update", "--templates", "v2"]).exits(0);
    assert!(!ran.stderr.contains("trust widened"), "{}", ran.stderr);
}

fn attachment(policy: &str) -> String {
    format!(
        "resource \"aws_iam_role_policy_attachment\" \"more\" {{\n  role       = aws_iam_role.cross_account.name\n  policy_arn = {policy}\n}}\n"
    )
}

fn trusting(label: &str, rest: &str) -> String {
    let statement = "{ Effect = \"Allow\", Principal = \"*\", Action = \"sts:AssumeRole\" }";
    format!(
        "resource \"aws_iam_role\" \"{label}\" {{\n  {rest}\n  assume_role_policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{statement}] }})\n}}\n"
    )
}

/// Whatever is attached, by whichever resource and however it is named.
#[test]
fn attachments_are_found_in_every_form() {
    let admin = format!("\"{ADMIN}\"");
    let role = "aws_iam_role.cross_account.name";
    for text in [
        attachment(&admin),
        format!("locals {{\n  a = {admin}\n}}\n\n{}", attachment("local.a")),
        format!(
            "resource \"aws_iam_policy_attachment\" \"m\" {{\n  name       = \"m\"\n  roles      = [{role}]\n  policy_arn = {admin}\n}}\n"
        ),
        format!(
            "resource \"aws_iam_role_policy_attachments_exclusive\" \"m\" {{\n  role_name   = {role}\n  policy_arns = [{admin}]\n}}\n"
        ),
    ] {
        let in_main = case();
        append(&in_main, &format!("v2/{MAIN}"), &text);
        refused(&in_main, "AdministratorAccess` is attached to the role, and was not");
        let in_new_file = case();
        add(&in_new_file, "bootstrap/more.tf", &text);
        refused(&in_new_file, "AdministratorAccess` is attached to the role, and was not");
    }
    let managed = case();
    managed.edit(
        &format!("v2/{MAIN}"),
        TEMPLATE_ROLE,
        &format!("{TEMPLATE_ROLE}\n  managed_policy_arns = [\"{ADMIN}\"]"),
    );
    refused(&managed, "AdministratorAccess` is attached to the role");
    let json = case();
    let attached = format!(
        "{{\"resource\": {{\"aws_iam_role_policy_attachment\": {{\"m\": {{\"role\": \"TerraformCrossAccount\", \"policy_arn\": \"{ADMIN}\"}}}}}}}}\n"
    );
    add(&json, "bootstrap/more.tf.json", &attached);
    refused(&json, "AdministratorAccess` is attached to the role");
}

/// The same policy, said in another way, in another file, or by a name.
#[test]
fn what_is_attached_already_may_be_written_otherwise() {
    let read_only = "\"arn:aws:iam::aws:policy/ReadOnlyAccess\"";
    for text in
        [attachment(read_only), format!("locals {{\n  a = {read_only}\n}}\n\n{}", attachment("local.a"))]
    {
        let case = case();
        add(&case, "bootstrap/more.tf", &text);
        written(&case);
    }
}

#[test]
fn policies_are_judged_by_their_text() {
    let star = "jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }] })";
    let argument = "file(\"${path.module}{% if role.key %}/{{ role.key | identifier }}{% endif %}/policies/${each.value}.json\")";
    let replaced = case();
    replaced.edit(&format!("v2/{MAIN}"), argument, star);
    refused(&replaced, "may `*`");
    let inline = case();
    let block =
        format!("{TEMPLATE_ROLE}\n  inline_policy {{\n    name   = \"m\"\n    policy = {star}\n  }}\n");
    inline.edit(&format!("v2/{MAIN}"), TEMPLATE_ROLE, &block);
    refused(&inline, "may `*`");
    let unknown = case();
    unknown.edit(&format!("v2/{MAIN}"), argument, "var.policy");
    append(&unknown, &format!("v2/{MAIN}"), "variable \"policy\" {\n  type = string\n}\n");
    refused(&unknown, "what the role may do is not known");
    let narrower = case();
    let one = "jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"arn:aws:s3:::logs/a\" }] })";
    narrower.edit(&format!("v2/{MAIN}"), argument, one);
    written(&narrower);
}

#[test]
fn roles_are_judged_as_overrides_leave_them() {
    let trust = case();
    add(&trust, "bootstrap/x_override.tf", &trusting("cross_account", ""));
    refused(&trust, "anyone in AWS may assume the role, and could not");
    let session = case();
    let longer = format!("{ROLE}\n  max_session_duration = 43200\n}}\n");
    add(&session, "bootstrap/x_override.tf", &longer);
    refused(&session, "maximum session duration 1h → 12h");
    let boundary = case();
    add(&boundary, "bootstrap/x_override.tf", &format!("{ROLE}\n  permissions_boundary = null\n}}\n"));
    refused(&boundary, "no longer has the permissions boundary");
}

#[test]
fn other_identities_are_found() {
    let second = case();
    append(&second, &format!("v2/{MAIN}"), &trusting("second", "name = \"second\""));
    refused(&second, "the role `second` is new: anyone in AWS may assume the role");
    let relabelled = case();
    relabelled.edit(&format!("v2/{MAIN}"), TEMPLATE_ROLE, "resource \"aws_iam_role\" \"other\" {");
    relabelled.edit(&format!("v2/{MAIN}"), "{{ role.max_session_duration | hcl }}", "43200");
    refused(&relabelled, "maximum session duration 1h → 12h");
    let user = case();
    let key = "resource \"aws_iam_user\" \"u\" {\n  name = \"u\"\n}\n\nresource \"aws_iam_access_key\" \"k\" {\n  user = aws_iam_user.u.name\n}\n";
    add(&user, "bootstrap/user.tf", key);
    refused(&user, "`aws_iam_access_key.k` (user `u`) is new");
    let module = case();
    add(&module, "bootstrap/module.tf", "module \"m\" {\n  source = \"example/iam/aws\"\n}\n");
    refused(&module, "what `module.m` from `example/iam/aws` grants is not known");
    let ordinary = case();
    add(&ordinary, "workload/queue.tf", "resource \"aws_sqs_queue\" \"q\" {\n  name = \"q\"\n}\n");
    written(&ordinary);
}

#[test]
fn providers_keep_their_guards() {
    let providers = "v2/partials/workload-provider.tf.tera";
    let gone = case();
    add(&gone, "workload/override.tf", "provider \"aws\" {\n  allowed_account_ids = null\n}\n");
    refused(&gone, "provider `aws` no longer has `allowed_account_ids`");
    let unknown = case();
    unknown.edit(providers, "[{{ account_id }}]", "var.accounts");
    append(&unknown, providers, "variable \"accounts\" {\n  type = list(string)\n}\n");
    refused(&unknown, "may work in accounts that are not known");
    let role = case();
    role.edit(providers, "= {{ role_arn }}", "= var.role");
    append(&role, providers, "variable \"role\" {\n  type = string\n}\n");
    refused(&role, "assumes a role that is not known");
    let region = case();
    add(&region, "workload/override.tf", "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n");
    written(&region);
    let fewer = case();
    fewer.edit(providers, "[{{ account_id }}]", "[{{ account_id }}, {{ account_id }}]");
    written(&fewer);
}

#[test]
fn callers_gain_the_roles_of_targets_and_nothing_else() {
    let admin = case();
    let attached = format!(
        "resource \"aws_iam_user_policy_attachment\" \"admin\" {{\n  user       = \"terraform\"\n  policy_arn = \"{ADMIN}\"\n}}\n"
    );
    append(&admin, "v2/source/main.tf.tera", &attached);
    refused(&admin, "AdministratorAccess` is attached to the user `terraform`, and was not");
    let star = case();
    star.edit(
        "v2/source/main.tf.tera",
        "file(\"${path.module}/assume/{{ caller.id | inside }}-{{ caller.number | inside }}.json\")",
        "jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }] })",
    );
    refused(&star, "may `*`");
    let other = case();
    other.edit("v2/pack.yaml", "- document: assume_policy", "- template: assume.json.tera");
    let roles = "[\"arn:aws:iam::222222222222:role/TerraformCrossAccount\", \"arn:aws:iam::999999999999:role/Other\"]";
    let statement =
        format!("{{\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRole\", \"Resource\": {roles}}}");
    other.write(
        "v2/assume.json.tera",
        format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}\n"),
    );
    refused(&other, "on `arn:aws:iam::999999999999:role/Other`");
    let target = case();
    append(&target, "crossrole.yaml", "  - {name: prod, account_id: \"333333333333\"}\n");
    written(&target);
}

/// What goes with a file is missed as well as what comes with one.
#[test]
fn a_file_that_goes_may_have_kept_something_narrow() {
    let case = case();
    let limit = format!("{ROLE}\n  permissions_boundary = \"arn:aws:iam::aws:policy/ReadOnlyAccess\"\n}}\n");
    add(&case, "bootstrap/x_override.tf", &limit);
    case.run(&["update", "--templates", "v2", "--accept-trust-change"]).exits(0);
    case.edit("v2/pack.yaml", "\nversion: 2\n", "\nversion: 3\n");
    let pack = case.read("v2/pack.yaml");
    let (kept, _) = pack.split_once("  - template: bootstrap-x_override").expect("the entry");
    case.write("v2/pack.yaml", kept);
    case.remove("v2/bootstrap-x_override.tf.tera");
    refused(&case, "permissions boundary");
}

/// A person's own files are part of the folder, before and after.
#[test]
fn files_of_ones_own_count_on_both_sides() {
    let own = attachment(&format!("\"{ADMIN}\""));
    let given = case();
    given.write("accounts/staging/bootstrap/own.tf", own);
    append(&given, &format!("v2/{MAIN}"), "# A comment.\n");
    written(&given);
    let local = case();
    local.write("accounts/staging/bootstrap/own.tf", format!("locals {{\n  a = \"{ADMIN}\"\n}}\n"));
    append(&local, &format!("v2/{MAIN}"), &attachment("local.a"));
    refused(&local, "AdministratorAccess` is attached to the role");
}

#[test]
fn ordinary_updates_need_no_word() {
    let case = case();
    append(&case, &format!("v2/{MAIN}"), "# A comment.\n");
    append(&case, "v2/source/main.tf.tera", "# A comment.\n");
    case.edit("v2/pack.yaml", "/bootstrap/outputs.tf", "/bootstrap/results.tf");
    case.edit("v2/pack.yaml", "/bootstrap/main.tf", "/bootstrap/role.tf");
    written(&case);
    case.run(&["check", "--templates", "v2"]).exits(0);
}
