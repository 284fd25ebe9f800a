//! Whatever is answered, `generate` takes what is written.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use crossrole::answers::{
    Answers, BackendAnswer, BootstrapAnswer, CallerAnswer, GithubAt, RoleAnswer, RolesAnswer, Runs,
    SourceAnswers, TargetAnswers, Who, Workload,
};
use crossrole::model::{Credentials, Partition, RoleMatch, Text};
use crossrole::spec::{Ownership, RunPhase};

use crate::specs::generate;

fn of<T: Text>(text: &str) -> T {
    T::parse(text).unwrap_or_else(|invalid| panic!("{}", invalid.message))
}

fn github(runs: Runs, ids: bool, at: GithubAt) -> Who {
    let id = |number| NonZeroU64::new(number).expect("not nothing");
    let ids = ids.then(|| (id(123_456), id(7890)));
    Who::Workload(Workload::Github { repository: of("acme/infra"), ids, at, runs })
}

fn gitlab(runs: Runs, host: Option<&str>) -> Who {
    let project_id = NonZeroU64::new(77).filter(|_| host.is_none());
    let (project, host) = (of("acme/platform/infra"), host.map(of));
    Who::Workload(Workload::Gitlab { project, project_id, host, runs })
}

fn hcp(phase: Option<RunPhase>, workspace: &str) -> Who {
    let (organization, project, workspace) = (of("acme"), of("Default Project"), of(workspace));
    Who::Workload(Workload::HcpTerraform { organization, project, workspace, phase, host: None })
}

/// One of every kind, and of every way to say it.
fn everybody() -> Vec<Who> {
    let oidc = Workload::Oidc {
        issuer: of("https://oidc.example.com/x"),
        audience: of("sts.amazonaws.com"),
        subject: of("job:1"),
        claims: BTreeMap::from([("email".to_owned(), vec![of("a@example.com"), of("b@example.com")])]),
    };
    let host = |name: &str| GithubAt::Host(of(name));
    let role = |name: &str, match_by| Who::Role { name: of(name), match_by };
    vec![
        Who::PermissionSet { name: of("PlatformAdmin") },
        github(Runs::Environment(of("production")), true, GithubAt::Usual),
        github(Runs::Branch(of("release/*")), false, GithubAt::Enterprise(of("acme"))),
        github(Runs::Tag(of("v*")), false, host("acme.ghe.com")),
        github(Runs::PullRequests, true, GithubAt::Usual),
        github(Runs::PullRequests, false, host("github.example.com")),
        gitlab(Runs::Branch(of("main")), None),
        gitlab(Runs::Environment(of("production")), Some("gitlab.example.com")),
        hcp(None, "aws-*"),
        hcp(Some(RunPhase::Plan), "aws-prod"),
        hcp(Some(RunPhase::Apply), "aws-prod"),
        Who::Workload(oidc),
        role("ci/deployer", RoleMatch::Arn),
        // Its ID would be the other's.
        role("other/Deployer", RoleMatch::PrincipalArn),
        Who::User { name: of("terraform"), mfa: true },
        Who::Account { mfa: false },
    ]
}

fn named(all: &[Who]) -> Vec<CallerAnswer> {
    all.iter().fold(Vec::new(), |mut named, who| {
        let caller = CallerAnswer { id: None, who: who.clone() }.apart_from(&named);
        named.push(caller);
        named
    })
}

fn roles(callers: &[CallerAnswer], has_two: bool) -> RolesAnswer {
    let role = |policies: &[&str], callers: Vec<&CallerAnswer>| RoleAnswer {
        callers: callers.into_iter().filter_map(CallerAnswer::id).collect(),
        policy_arns: policies.iter().map(|arn| of(arn)).collect(),
    };
    if !has_two {
        return RolesAnswer::One(Vec::new());
    }
    let apply: Vec<&CallerAnswer> = callers.iter().filter(|caller| !caller.who.only_plans()).collect();
    let apply = if apply.is_empty() { callers.iter().collect() } else { apply };
    RolesAnswer::ApplyAndPlan {
        apply: role(&["arn:aws:iam::aws:policy/PowerUserAccess"], apply),
        plan: role(&["arn:aws:iam::aws:policy/ReadOnlyAccess"], callers.iter().collect()),
    }
}

fn target(number: usize, roles: RolesAnswer) -> TargetAnswers {
    let ways = [
        (Ownership::Organization, BootstrapAnswer::AssumeRole(None)),
        (Ownership::ThirdParty, BootstrapAnswer::Environment),
        (Ownership::Organization, BootstrapAnswer::Existing),
    ];
    let (ownership, bootstrap) = ways[number % ways.len()].clone();
    TargetAnswers {
        name: of(&format!("target-{number}")),
        account_id: of(&format!("{:012}", 222_222_222_200 + number)),
        region: of("us-east-1"),
        regions: if number == 1 { vec![of("eu-west-1")] } else { Vec::new() },
        external_id: (ownership == Ownership::ThirdParty).then(|| of("agreed-with-them")),
        ownership,
        roles,
        bootstrap,
    }
}

fn answers(callers: &[Who], has_two: bool, targets: usize) -> Answers {
    let callers = named(callers);
    let roles = roles(&callers, has_two);
    let source = SourceAnswers {
        name: None,
        account_id: of("111111111111"),
        partition: Partition::Aws,
        organization_id: None,
        callers,
        credentials: Credentials::Environment,
    };
    Answers {
        name: Some(of("platform")).filter(|_| has_two),
        source,
        backend: BackendAnswer::Local,
        default_tags: BTreeMap::from([(of("team"), of("platform"))]),
        targets: (0..targets).map(|number| target(number, roles.clone())).collect(),
    }
}

#[test]
fn every_combination_of_answers_is_taken() {
    let all = everybody();
    let mut groups: Vec<Vec<Who>> = all.iter().map(|who| vec![who.clone()]).collect();
    for (at, first) in all.iter().enumerate() {
        groups.extend(all.iter().skip(at + 1).step_by(3).map(|second| vec![first.clone(), second.clone()]));
    }
    groups.push(all);
    for group in groups {
        for (has_two, targets) in [(false, 1), (true, 1), (false, 3), (true, 3)] {
            let text = answers(&group, has_two, targets).draft().with_defaults().write();
            generate(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        }
    }
}

#[test]
fn two_roles_stand_under_defaults() {
    let group =
        [Runs::PullRequests, Runs::Branch(of("main"))].map(|runs| github(runs, false, GithubAt::Usual));
    let text = answers(&group, true, 1).draft().with_defaults().write();
    let wanted = r"
# Under every target; what a target says itself has precedence.
defaults:
  # Roles by key, each with the callers that may assume it.
  roles:
    apply:
      name: TerraformApply
      callers: [ci-apply]
      policy_arns: [arn:aws:iam::aws:policy/PowerUserAccess]
    plan:
      name: TerraformPlan
      callers: [ci-plan, ci-apply]
      policy_arns: [arn:aws:iam::aws:policy/ReadOnlyAccess]
  # The role that Terraform assumes when nothing is said.
  default_role: apply
";
    assert!(text.contains(wanted), "{text}");
    assert!(!text.contains("external_id"), "{text}");
}
