//! Every root applies, in the order that `crossrole list` gives; what is built is what the spec says,
//! it is built in Account B and nowhere else, and destroying it leaves nothing.

use serde_json::{Value, json};

use super::world::{ELSEWHERE, Environment, Listed, SOURCE, World, at_once};

const SPEC: &str = include_str!("specs/applied.yaml");
const STAGING: &str = "222222222222";
const ACME: &str = "012345678901";
const INHERITED: &str = "444444444444";
const EVERYONE: [&str; 5] = [SOURCE, STAGING, ACME, INHERITED, ELSEWHERE];
const STATES: &str = "acme-terraform-state";
const EXTERNAL_ID: &str = "7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51";

#[test]
fn every_root_applies_and_builds_only_what_the_spec_says_only_where_it_says() {
    let Some(world) = World::new(SPEC) else { return };
    let caller = populate(&world);
    let before = EVERYONE.map(|id| world.account(id).holdings());

    world.generate();
    world.root(".", &caller).run(&["fmt", "-check", "-diff", "-recursive"]).exits(0);
    let steps = world.steps();
    for step in &steps {
        at_once(step, |listed| build(&world, listed, &caller));
    }

    each_root_has_a_state_of_its_own(&world, &steps);
    callers_may_assume_the_roles(&world);
    the_plain_role_is_in_its_account(&world);
    the_full_role_is_in_its_account(&world);
    the_existing_role_is_left_alone(&world);
    sessions_name_the_external_id(&world);
    buckets_are_in_their_accounts(&world, &caller);

    for step in steps.iter().rev() {
        at_once(step, |listed| world.root(&listed.path, &caller).destroy());
    }
    assert_eq!(
        EVERYONE.map(|id| world.account(id).holdings()),
        before,
        "what is left, and what was there before"
    );
}

/// What is there before the first root is applied: callers, the bucket of states, and what the customer has.
fn populate(world: &World) -> Environment {
    let source = world.account(SOURCE);
    source.create_role("/ci/", "deployer");
    source.create_bucket(STATES);
    world.account(ACME).create_policy("Boundary");
    world.account(INHERITED).create_role("/", "MadeByOthers");
    world.profile("acme-prod", ACME, "administrator");
    world.case.write("policies/read-costs.json", read_costs().to_string());
    world.user(SOURCE, "/", "terraform")
}

fn read_costs() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{"Sid": "Costs", "Effect": "Allow", "Action": ["ce:Get*"], "Resource": "*"}],
    })
}

fn build(world: &World, listed: &Listed, caller: &Environment) {
    let root = world.root(&listed.path, caller);
    root.init();
    root.validate();
    let is_tested = listed.kind == "workload";
    if is_tested {
        root.test();
    }
    root.apply();
    root.is_up_to_date();
    if is_tested {
        root.test();
    }
}

fn each_root_has_a_state_of_its_own(world: &World, steps: &[Vec<Listed>]) {
    let mut expected: Vec<String> =
        steps.iter().flatten().map(|root| format!("roots/{}/terraform.tfstate", root.path)).collect();
    expected.sort();
    assert_eq!(expected.len(), 6);
    assert_eq!(world.account(SOURCE).objects(STATES), expected);
}

fn callers_may_assume_the_roles(world: &World) {
    let source = world.account(SOURCE);
    let arn = |caller: &str| format!("arn:aws:iam::{SOURCE}:policy/crossrole-assume-{caller}");
    assert_eq!(source.attached_to_user("terraform"), [arn("terraform")]);
    assert_eq!(source.attached_to_role("deployer"), [arn("deployer")]);
    let policy = source.managed_policy("crossrole-assume-terraform");
    assert_eq!(policy, file(world, "source/assume/terraform-1.json"));
    assert_eq!(
        source.managed_policy("crossrole-assume-deployer"),
        file(world, "source/assume/deployer-1.json")
    );
    let mut roles: Vec<Value> = policy["Statement"][0]["Resource"].as_array().expect("exact roles").clone();
    roles.sort_by_key(Value::to_string);
    assert_eq!(
        json!(roles),
        json!([
            format!("arn:aws:iam::{ACME}:role/vendors/acme/Vendor"),
            format!("arn:aws:iam::{STAGING}:role/TerraformCrossAccount"),
            format!("arn:aws:iam::{INHERITED}:role/MadeByOthers"),
        ])
    );
}

fn the_plain_role_is_in_its_account(world: &World) {
    let account = world.account(STAGING);
    let role = account.role("TerraformCrossAccount");
    assert_eq!(role["Arn"], format!("arn:aws:iam::{STAGING}:role/TerraformCrossAccount"));
    assert_eq!(role["MaxSessionDuration"], 3600);
    assert!(role.get("PermissionsBoundary").is_none(), "{role}");
    assert!(role.get("Tags").is_none_or(|tags| *tags == json!([])), "{role}");
    assert_eq!(
        account.attached_to_role("TerraformCrossAccount"),
        ["arn:aws:iam::aws:policy/PowerUserAccess"]
    );
    assert_eq!(account.inline_policies("TerraformCrossAccount"), json!([]));
    let trust = account.trust_policy("TerraformCrossAccount");
    assert_eq!(trust, file(world, "accounts/staging/bootstrap/trust-policy.json"));
    assert_eq!(
        trust["Statement"],
        json!([{
            "Sid": "AssumeRole",
            "Effect": "Allow",
            "Principal": {"AWS": callers()},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        }])
    );
}

fn the_full_role_is_in_its_account(world: &World) {
    let account = world.account(ACME);
    let role = account.role("Vendor");
    assert_eq!(role["Arn"], format!("arn:aws:iam::{ACME}:role/vendors/acme/Vendor"));
    assert_eq!(role["Description"], "For ${those} who ask");
    assert_eq!(role["MaxSessionDuration"], 7200);
    let boundary = &role["PermissionsBoundary"]["PermissionsBoundaryArn"];
    assert_eq!(*boundary, format!("arn:aws:iam::{ACME}:policy/Boundary"));
    let tags = json!([{"Key": "note", "Value": "Größe: 1/2 @ +1"}, {"Key": "owner", "Value": "platform"}]);
    assert_eq!(sorted(&role["Tags"]), sorted(&tags));
    let mut attached = account.attached_to_role("Vendor");
    attached.sort();
    assert_eq!(
        attached,
        ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/job-function/Billing"]
    );
    assert_eq!(sorted(&account.inline_policies("Vendor")), sorted(&json!(["leave-logs", "read-costs"])));
    let costs = account.inline_policy("Vendor", "read-costs");
    assert_eq!(costs, file(world, "accounts/acme-prod/bootstrap/policies/read-costs.json"));
    assert_eq!(costs["Statement"][0]["Sid"], "Costs");
    let logs = &account.inline_policy("Vendor", "leave-logs")["Statement"][0];
    assert_eq!(logs["Resource"], "arn:aws:logs:*:*:log-group:${aws:PrincipalTag/team}");
    let trust = account.trust_policy("Vendor");
    assert_eq!(trust, file(world, "accounts/acme-prod/bootstrap/trust-policy.json"));
    let condition = |sid: &str| {
        let statements = trust["Statement"].as_array().expect("a list of statements");
        let statement = statements.iter().find(|one| one["Sid"] == sid).expect("a statement of this name");
        assert_eq!(statement["Principal"], json!({"AWS": callers()}));
        statement["Condition"]["StringEquals"].clone()
    };
    assert_eq!(condition("AssumeRole")["sts:ExternalId"], EXTERNAL_ID);
    assert_eq!(condition("TagSession")["aws:RequestTag/team"], "platform");
    assert_eq!(condition("SetSourceIdentity")["sts:SourceIdentity"], "terraform");
}

fn the_existing_role_is_left_alone(world: &World) {
    let account = world.account(INHERITED);
    assert_eq!(account.trust_policy("MadeByOthers")["Statement"], json!([]));
    assert_eq!(account.attached_to_role("MadeByOthers"), Vec::<String>::new());
}

fn sessions_name_the_external_id(world: &World) {
    let assumed = world.assumed();
    let external_ids = |account: &str, path: &str| {
        let role = format!("arn:aws:iam::{account}:role/{path}");
        let mut found: Vec<&Value> =
            assumed.iter().filter(|(arn, _)| *arn == role).map(|(_, id)| id).collect();
        found.dedup();
        found
    };
    assert_eq!(external_ids(ACME, "vendors/acme/Vendor"), [&json!(EXTERNAL_ID)]);
    for (account, path) in [(STAGING, "OrganizationAccountAccessRole"), (STAGING, "TerraformCrossAccount")] {
        let found = external_ids(account, path);
        assert_eq!(found.len(), 1, "{path} is assumed, always in the same way: {found:?}");
        assert_ne!(found[0], EXTERNAL_ID);
    }
}

fn buckets_are_in_their_accounts(world: &World, caller: &Environment) {
    assert_eq!(world.account(SOURCE).buckets(), [STATES]);
    assert_eq!(world.account(ELSEWHERE).buckets(), Vec::<String>::new());
    assert_eq!(world.account(ACME).buckets(), ["acme-prod-crossrole-check"]);
    assert_eq!(world.account(ACME).region_of("acme-prod-crossrole-check").as_deref(), Some("eu-west-1"));
    for (target, account) in [("staging", STAGING), ("inherited", INHERITED)] {
        let buckets = world.account(account).buckets();
        assert_eq!(buckets.len(), 1, "{target}: {buckets:?}");
        assert!(buckets[0].starts_with(&format!("crossrole-verify-{account}-us-east-1-")), "{buckets:?}");
        let root = world.root(&format!("accounts/{target}/workload"), caller);
        assert_eq!(root.output("account_id"), account);
        assert_eq!(root.output("verification_bucket_arn"), format!("arn:aws:s3:::{}", buckets[0]));
    }
}

fn callers() -> Value {
    json!([
        format!("arn:aws:iam::{SOURCE}:role/ci/deployer"),
        format!("arn:aws:iam::{SOURCE}:user/terraform")
    ])
}

fn file(world: &World, path: &str) -> Value {
    serde_json::from_str(&world.case.read(path)).expect("policies are JSON")
}

fn sorted(list: &Value) -> Vec<String> {
    let mut texts: Vec<String> = list.as_array().expect("a list").iter().map(Value::to_string).collect();
    texts.sort();
    texts
}
