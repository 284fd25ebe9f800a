//! Updates of trees that people have edited: stories to read, transactions, trust, git, many
//! folders at once.

mod behind;
mod branches;
mod foreign;
mod laws;
mod lost;
mod many;
mod own_pack;
mod pending;
mod plainly;
mod repository;
mod review;
mod specs;
mod stories;
mod story;
mod taken;
mod trust;
mod upgrade;
mod wider;

use crate::support::{Case, SPEC};

/// A file that people edit.
const PROVIDERS: &str = "accounts/staging/workload/providers.tf";
/// The trust policy of the one target.
const TRUST: &str = "accounts/staging/bootstrap/trust-policy.json";

/// The built-in pack as a second version: it renames a file, drops one, adds a block, and gives a
/// resource another address.
fn second_version(case: &Case) {
    case.run(&["templates", "eject", "v2"]).exits(0);
    case.edit("v2/pack.yaml", "\nversion: 1\n", "\nversion: 2\n");
    let target = "path: accounts/{target}/workload/";
    case.edit("v2/pack.yaml", &format!("{target}verification.tf"), &format!("{target}proof.tf"));
    let dropped = "  - template: workload/placement.tftest.hcl.tera\n    path: accounts/{target}/workload/tests/placement.tftest.hcl\n    for_each: target\n    when: [layout == roots, not retired]\n";
    case.edit("v2/pack.yaml", dropped, "");
    case.remove("v2/workload/placement.tftest.hcl.tera");
    let role = case.read("v2/bootstrap/main.tf.tera");
    let role =
        role.replace("\"aws_iam_role\" \"{{ role.label | identifier }}\"", "\"aws_iam_role\" \"assumed\"");
    let role = role.replace("aws_iam_role.{{ role.label | identifier }}", "aws_iam_role.assumed");
    let moved = "moved {\n  from = aws_iam_role.cross_account\n  to   = aws_iam_role.assumed\n}\n";
    case.write("v2/bootstrap/main.tf.tera", format!("{role}\n{moved}"));
    let outputs = case
        .read("v2/bootstrap/outputs.tf.tera")
        .replace("aws_iam_role.{{ role.label | identifier }}", "aws_iam_role.assumed");
    case.write("v2/bootstrap/outputs.tf.tera", outputs);
    let limits = "\n\nvariable \"change_ticket\" {\n  description = \"Why this is applied.\"\n  type        = string\n  default     = \"none\"\n}\n";
    let module = case.read("v2/modules/verification-bucket/variables.tf.tera");
    case.write("v2/modules/verification-bucket/variables.tf.tera", format!("{}{limits}", module.trim_end()));
}

/// A tree of the first version, with the second one beside it.
fn generated() -> Case {
    let case = Case::generated(SPEC);
    second_version(&case);
    case
}

/// The built-in pack as a second version that has another text in one template.
fn v2_with(case: &Case, template: &str, change: impl FnOnce(&str) -> String) {
    case.run(&["templates", "eject", "v2"]).exits(0);
    case.edit("v2/pack.yaml", "\nversion: 1\n", "\nversion: 2\n");
    let template = format!("v2/{template}");
    case.write(&template, change(&case.read(&template)));
}
