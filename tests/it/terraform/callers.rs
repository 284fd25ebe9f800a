//! Every kind of caller gets to the role that lists it, by the way that it has: its provider and its role in A are built as
//! generated, a token or a session opens A, and from there the workload root assumes the role that is chosen.
//!
//! The stand-in asks no trust policy: that each role refuses the others' callers is decided by an independent evaluator, about
//! the documents that have been found built. It knows too little of Identity Center to attach a policy to a permission set.

use serde_json::{Value, json};

use super::world::{Environment, SOURCE, World, at_once};
use crate::explain::simulator::{simulated, simulator};
use crate::support::Case;

const SPEC: &str = include_str!("specs/callers.yaml");
const STAGING: &str = "222222222222";
const PROD: &str = "333333333333";
const STATES: &str = "acme-terraform-state";
const EXTERNAL_ID: &str = "7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51";
/// A role that Identity Center would make in A for its people.
const PEOPLE: &str = "aws-reserved/sso.amazonaws.com/us-east-1/AWSReservedSSO_PlatformAdmin_0123456789abcdef";

/// A caller, who it is in A, and the roles that list it.
struct Listed {
    id: &'static str,
    principal: &'static str,
    roles: &'static [&'static str],
}

const CALLERS: &[Listed] = &[
    Listed { id: "ada", principal: "user/people/ada", roles: &["TerraformApply", "TerraformPlan"] },
    Listed { id: "runner", principal: "role/ci/runner", roles: &["TerraformApply"] },
    Listed { id: "deployer", principal: "role/ci/deployer", roles: &["TerraformPlan"] },
    Listed {
        id: "platformadmin",
        principal: "role/aws-reserved/sso.amazonaws.com/us-east-1/AWSReservedSSO_PlatformAdmin_0123456789abcdef",
        roles: &["TerraformApply"],
    },
    Listed { id: "ci-plan", principal: "role/platform-ci-plan", roles: &["TerraformPlan"] },
    Listed { id: "ci-apply", principal: "role/platform-ci-apply", roles: &["TerraformApply"] },
    Listed { id: "gitlab", principal: "role/platform-gitlab", roles: &["TerraformApply"] },
    Listed { id: "hcp", principal: "role/platform-hcp", roles: &["TerraformPlan"] },
    Listed { id: "buildkite", principal: "role/platform-buildkite", roles: &["TerraformPlan"] },
];

impl Listed {
    fn arn(&self) -> String {
        format!("arn:aws:iam::{SOURCE}:{}", self.principal)
    }

    /// Whether it enters A by a token.
    fn is_federated(&self) -> bool {
        self.principal.starts_with("role/platform-")
    }

    /// The environment in which it works.
    fn environment(&self, world: &World, ada: &Environment) -> Environment {
        match self.id {
            "ada" => ada.clone(),
            _ if self.is_federated() => world.web_identity(&self.arn()),
            _ => world.session(SOURCE, &self.arn()),
        }
    }
}

#[test]
fn every_caller_gets_to_its_role_and_to_no_other() {
    let Some(world) = World::new(SPEC) else { return };
    let administrator = world.user(SOURCE, "/", "administrator");
    let ada = world.user(SOURCE, "/people/", "ada");
    let source = world.account(SOURCE);
    source.create_role("/ci/", "runner");
    source.create_role("/ci/", "deployer");
    let (path, name) = PEOPLE.rsplit_once('/').expect("a path and a name");
    source.create_role(&format!("/{path}/"), name);
    source.create_bucket(STATES);
    let before = source.holdings();

    world.generate();
    let roots: Vec<_> = world.steps().concat().into_iter().filter(|root| root.kind != "workload").collect();
    let build = |path: &str| {
        let root = world.root(path, &administrator);
        root.init();
        root.apply();
    };
    build("source");
    at_once(&roots[1..], |listed| build(&listed.path));

    providers_and_roles_are_in_a(&world);
    callers_have_their_policies(&world);
    both_roles_are_in_each_account(&world);
    each_caller_assumes_what_it_is_listed_for(&world, &ada);
    a_role_is_chosen_by_a_variable(&world, &ada);

    world.root("source", &administrator).destroy();
    assert_eq!(world.account(SOURCE).holdings(), before, "what is left in A, and what was there before");
}

fn providers_and_roles_are_in_a(world: &World) {
    let source = world.account(SOURCE);
    for (host, client_id) in [
        ("token.actions.githubusercontent.com", "sts.amazonaws.com"),
        ("gitlab.com", "https://gitlab.com"),
        ("app.terraform.io", "aws.workload.identity"),
        ("agent.buildkite.com", "sts.amazonaws.com"),
    ] {
        let provider = source.oidc_provider(host);
        assert_eq!(provider["Url"].as_str().map(|url| url.trim_start_matches("https://")), Some(host));
        assert_eq!(provider["ClientIDList"], json!([client_id]), "{host}");
    }
    for caller in CALLERS.iter().filter(|caller| caller.is_federated()) {
        let name = format!("platform-{}", caller.id);
        assert_eq!(source.role(&name)["Arn"], caller.arn());
        let trust = source.trust_policy(&name);
        assert_eq!(trust, file(&world.case, &format!("source/callers/{}.json", caller.id)));
        assert_eq!(trust["Statement"][0]["Action"], "sts:AssumeRoleWithWebIdentity");
    }
}

fn callers_have_their_policies(world: &World) {
    let source = world.account(SOURCE);
    for caller in CALLERS {
        let policy = format!("platform-assume-{}", caller.id);
        let document = source.managed_policy(&policy);
        assert_eq!(document, file(&world.case, &assume(caller)));
        let roles = json!(
            [STAGING, PROD]
                .iter()
                .flat_map(|account| caller
                    .roles
                    .iter()
                    .map(move |role| format!("arn:aws:iam::{account}:role/{role}")))
                .collect::<Vec<_>>()
        );
        assert_eq!(document["Statement"][0]["Resource"], roles, "{}", caller.id);
        let name = caller.principal.rsplit('/').next().expect("a name");
        let attached = match caller.principal.split_once('/') {
            Some(("user", _)) => source.attached_to_user(name),
            _ => source.attached_to_role(name),
        };
        // To the people's role it is for the permission set to attach it.
        let wanted = (caller.id != "platformadmin").then(|| format!("arn:aws:iam::{SOURCE}:policy/{policy}"));
        assert_eq!(attached, Vec::from_iter(wanted), "{}", caller.id);
    }
}

fn both_roles_are_in_each_account(world: &World) {
    for (target, id) in [("staging", STAGING), ("prod", PROD)] {
        let account = world.account(id);
        for (key, name, policy) in
            [("apply", "TerraformApply", "PowerUserAccess"), ("plan", "TerraformPlan", "ReadOnlyAccess")]
        {
            let trust = file(&world.case, &format!("accounts/{target}/bootstrap/{key}/trust-policy.json"));
            assert_eq!(account.trust_policy(name), trust, "{target}, {key}");
            assert_eq!(account.attached_to_role(name), [format!("arn:aws:iam::aws:policy/{policy}")]);
        }
        assert_eq!(account.inline_policies("TerraformPlan"), json!([]));
    }
    let costs = file(&world.case, "accounts/prod/bootstrap/apply/policies/read-costs.json");
    assert_eq!(world.account(PROD).inline_policy("TerraformApply", "read-costs"), costs);
}

/// A pipeline builds in the account; everybody else plans there, each by a role that lists it.
fn each_caller_assumes_what_it_is_listed_for(world: &World, ada: &Environment) {
    // The bucket alone: what belongs to it takes a minute.
    let bucket = "-target=module.verification_bucket.aws_s3_bucket.verification";
    let builder = CALLERS.iter().find(|caller| caller.id == "ci-apply").expect("a pipeline");
    let workload = |environment: &Environment| world.root("accounts/staging/workload", environment);
    workload(&builder.environment(world, ada)).init();
    for caller in CALLERS {
        let mut environment = caller.environment(world, ada);
        let role = caller.roles[0];
        let key = role.trim_start_matches("Terraform").to_lowercase();
        environment.push(("TF_VAR_role", key));
        let before = world.assumed().len();
        let arguments: &[&str] =
            if caller.id == builder.id { &["apply", "-auto-approve", bucket] } else { &["plan"] };
        workload(&environment).run(arguments).exits(0);
        let mut wanted = vec![format!("arn:aws:iam::{STAGING}:role/{role}")];
        wanted.extend(caller.is_federated().then(|| caller.arn()));
        assert_eq!(assumed_since(world, before), wanted, "{}", caller.id);
    }
    assert_eq!(world.account(STAGING).buckets().len(), 1);
    assert_eq!(world.account(SOURCE).buckets(), [STATES]);
}

/// The roles that were assumed after some, each once.
fn assumed_since(world: &World, before: usize) -> Vec<String> {
    let mut arns: Vec<String> = world.assumed().into_iter().skip(before).map(|(arn, _)| arn).collect();
    arns.sort_by(|one, other| other.cmp(one));
    arns.dedup();
    arns
}

/// With the external ID of that role and of no other, and without a choice it is the default; nothing is done for a role that
/// there is not.
fn a_role_is_chosen_by_a_variable(world: &World, ada: &Environment) {
    let with = |role: Option<&str>| {
        let mut environment = ada.clone();
        environment.extend(role.map(|role| ("TF_VAR_role", role.to_owned())));
        world.root("accounts/prod/workload", &environment)
    };
    with(None).init();
    for (key, name, external_id) in
        [(Some("plan"), "TerraformPlan", Value::Null), (None, "TerraformApply", json!(EXTERNAL_ID))]
    {
        let before = world.assumed().len();
        with(key).test();
        let mut since: Vec<_> = world.assumed().into_iter().skip(before).collect();
        since.dedup();
        assert_eq!(since, [(format!("arn:aws:iam::{PROD}:role/{name}"), external_id)], "{key:?}");
    }
    let before = world.assumed().len();
    for role in ["admin", ""] {
        with(Some(role)).run(&["plan"]).exits(1).says("The role must be one of: apply, plan.");
    }
    assert_eq!(world.assumed().len(), before, "no role is assumed");
}

/// Also where the caller's own policy would let it: then it is the role's that refuses.
#[test]
fn each_role_refuses_the_callers_of_the_other() {
    let Some(mut evaluator) = simulator() else { return };
    let case = Case::generated(SPEC);
    let all = json!({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}],
    });
    let mut lines = Vec::new();
    let mut wanted = Vec::new();
    for (key, role) in [("apply", "TerraformApply"), ("plan", "TerraformPlan")] {
        let trust = file(&case, &format!("accounts/prod/bootstrap/{key}/trust-policy.json"));
        for caller in CALLERS {
            for identity in [file(&case, &assume(caller)), all.clone()] {
                for action in ["sts:AssumeRole", "sts:SetSourceIdentity"] {
                    lines.push(request(role, &caller.arn(), action, &trust, &identity).to_string());
                    let is_listed = caller.roles.contains(&role);
                    wanted.push((caller.id, role, action, if is_listed { "allow" } else { "deny" }));
                }
            }
        }
        for stranger in ["role/platform-ci-plan2", "role/runner", "user/ada", "role/ci/other"] {
            let arn = format!("arn:aws:iam::{SOURCE}:{stranger}");
            lines.push(request(role, &arn, "sts:AssumeRole", &trust, &all).to_string());
            wanted.push((stranger, role, "sts:AssumeRole", "deny"));
        }
    }
    let found = simulated(&mut evaluator, &lines);
    assert_eq!(found.len(), wanted.len(), "one decision per request");
    for ((wanted, found), line) in wanted.iter().zip(&found).zip(&lines) {
        assert_eq!(wanted.3, found, "{wanted:?}: {line}");
    }
}

/// The path of a caller's policy.
fn assume(caller: &Listed) -> String {
    format!("source/assume/{}-1.json", caller.id)
}

fn request(role: &str, principal: &str, action: &str, trust: &Value, identity: &Value) -> Value {
    let mut context = json!({
        "aws:PrincipalArn": principal, "aws:PrincipalAccount": SOURCE, "sts:SourceIdentity": "terraform",
    });
    if role == "TerraformApply" && action == "sts:AssumeRole" {
        context["sts:ExternalId"] = json!(EXTERNAL_ID);
    }
    json!({
        "principal": principal, "action": action, "resource": format!("arn:aws:iam::{PROD}:role/{role}"),
        "context": context, "trust": trust, "identity": [identity],
    })
}

fn file(case: &Case, path: &str) -> Value {
    serde_json::from_str(&case.read(path)).expect("policies are JSON")
}
