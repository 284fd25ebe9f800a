//! A provider that works in the wrong account builds nothing there. Without its guards it would: the last
//! test here shows the accident that they prevent.

use super::world::{ELSEWHERE, Root, SOURCE, World};

/// States are beside the roots, for nothing here is kept.
const SPEC: &str = r#"version: 1
source:
  account_id: "111111111111"
targets:
  - name: staging
    account_id: "222222222222"
    verification: {bucket: crossrole-guarded-bucket}
"#;
const STAGING: &str = "222222222222";
const PROVIDERS: &str = "accounts/staging/workload/providers.tf";
const ROLE: &str = r#""arn:aws:iam::222222222222:role/TerraformCrossAccount""#;
const ALLOWED: &str = r#"  allowed_account_ids = ["222222222222"]"#;

#[test]
fn a_provider_in_the_wrong_account_builds_nothing() {
    let Some(world) = World::new(SPEC) else { return };
    let caller = world.user(SOURCE, "/", "terraform");
    world.generate();
    let root = world.root("accounts/staging/workload", &caller);
    root.init();

    // The account is not the one that is allowed.
    with(&world, &[(ALLOWED, r#"  allowed_account_ids = ["333333333333"]"#)], || {
        fails(&root, "AWS account ID not allowed: 222222222222");
    });
    // The role was lost: Terraform itself would only warn.
    with(&world, &[(ROLE, r#""""#)], || {
        fails(&root, "AWS account ID not allowed: 111111111111");
    });
    // The role was lost, and the provider's guard with it: the module has guards of its own.
    with(&world, &[(ROLE, r#""""#), (ALLOWED, "")], || {
        fails(&root, "The provider works in account 111111111111, not in 222222222222");
    });
    for account in [SOURCE, STAGING, ELSEWHERE] {
        assert_eq!(world.account(account).buckets(), Vec::<String>::new(), "in {account}");
    }

    the_accident_does_happen_without_guards(&world, &root);
}

/// The same mistake, with every guard gone.
fn the_accident_does_happen_without_guards(world: &World, root: &Root<'_>) {
    let module = "accounts/staging/workload/verification.tf";
    world.case.edit(module, r#"account_id = "222222222222""#, r#"account_id = "111111111111""#);
    with(world, &[(ROLE, r#""""#), (ALLOWED, "")], || {
        // The bucket alone: what belongs to it takes a minute.
        let bucket = "-target=module.verification_bucket.aws_s3_bucket.verification";
        root.run(&["apply", "-auto-approve", bucket]).exits(0);
    });
    assert_eq!(world.account(SOURCE).buckets(), ["crossrole-guarded-bucket"]);
    assert_eq!(world.account(STAGING).buckets(), Vec::<String>::new());
}

/// Does something while the provider's file has been edited.
fn with(world: &World, edits: &[(&str, &str)], work: impl FnOnce()) {
    let original = world.case.read(PROVIDERS);
    for (from, to) in edits {
        world.case.edit(PROVIDERS, from, to);
    }
    work();
    world.case.write(PROVIDERS, original);
}

#[track_caller]
fn fails(root: &Root<'_>, message: &str) {
    root.run(&["plan"]).exits(1).says(message);
    root.run(&["apply", "-auto-approve"]).exits(1).says(message);
    root.run(&["test"]).exits(1).says(message);
}
