//! What `CROSSROLE.md` says of who does what: every role in its account, who creates it, who can assume it, and what the
//! state asks of them.

use std::collections::BTreeMap;

use super::names::{Row, text};
use super::target::bootstrap_source;
use crate::model::{
    Backend, BackendRole, Bootstrap, CloudBackend, Fleet, RoleCallers, S3Backend, Target, TargetRole,
};
use crate::pack::TemplateValue;
use crate::runbook::{RunAs, few};

/// The role that AWS Organizations makes in the accounts that it creates.
const ORGANIZATION_ROLE: &str = "OrganizationAccountAccessRole";

/// A line for every role of every target.
pub(super) fn targets<'f>(fleet: &'f Fleet) -> Vec<Row<'f>> {
    let names_callers = limits_callers(fleet);
    let row = |one: TargetRole<'f>| {
        let mut row = row(fleet, one);
        if names_callers {
            row.push(("callers", text(few(&fleet.source.callers_of(one.role).collect::<Vec<_>>()))));
        }
        row
    };
    fleet.roles().map(row).collect()
}

fn row<'f>(fleet: &Fleet, one: TargetRole<'f>) -> Row<'f> {
    let TargetRole { target, role } = one;
    let regions = std::iter::once(&target.region).chain(&target.regions);
    let regions: Vec<&str> = regions.map(|region| region.as_str()).collect();
    vec![
        ("name", text(target.name.as_str())),
        ("account_id", text(target.account_id.as_str())),
        ("region", text(target.region.as_str())),
        ("role_arn", text(one.arn(fleet.source.partition))),
        ("bootstrap", text(bootstrap_source(&target.bootstrap))),
        ("bootstrap_name", text(bootstrap_name(target))),
        ("state", text(if target.retired { "retired" } else { "active" })),
        ("regions", text(regions.join(", "))),
        ("key", text(role.key.as_ref().map_or("", |key| key.as_str()))),
        ("is_default", TemplateValue::Flag(std::ptr::eq(role, target.roles.default()))),
        ("third_party", TemplateValue::Flag(target.third_party)),
    ]
}

fn bootstrap_name(target: &Target) -> &str {
    match &target.bootstrap {
        Bootstrap::AssumeRole(role) => role.as_str(),
        Bootstrap::Profile(profile) => profile.as_str(),
        Bootstrap::Environment | Bootstrap::CloudFormation | Bootstrap::StackSet | Bootstrap::Existing => "",
    }
}

/// The target that commands are shown for: the first that is not on its way out, if there is one.
pub(super) fn example(fleet: &Fleet) -> Option<&Target> {
    fleet.targets.iter().find(|target| !target.retired).or(fleet.targets.first())
}

/// Every way in which roles are created, with a target to show it for, and the name that all of these targets go it by
/// if it is one.
pub(super) fn bootstraps(fleet: &Fleet) -> Vec<Row<'_>> {
    let mut ways: BTreeMap<&'static str, Vec<&Target>> = BTreeMap::new();
    let (active, retired): (Vec<&Target>, Vec<&Target>) =
        fleet.targets.iter().partition(|target| !target.retired);
    for target in active.into_iter().chain(retired) {
        let Some(run_as) = RunAs::bootstrap(target) else { continue };
        let is_stack = target.bootstrap == Bootstrap::CloudFormation;
        let run_as = if is_stack { "cloudformation" } else { run_as.as_str() };
        ways.entry(run_as).or_default().push(target);
    }
    ways.into_iter().filter_map(|(run_as, targets)| way(run_as, &targets)).collect()
}

fn way<'f>(run_as: &'static str, targets: &[&'f Target]) -> Option<Row<'f>> {
    let first = targets.first()?;
    let name = bootstrap_name(first);
    let is_shared = targets.iter().all(|target| bootstrap_name(target) == name);
    let has_organization_role = targets.iter().any(|target| bootstrap_name(target) == ORGANIZATION_ROLE);
    Some(vec![
        ("run_as", text(run_as)),
        ("name", text(if is_shared { name } else { "" })),
        ("has_organization_role", TemplateValue::Flag(has_organization_role)),
        ("target", text(first.name.as_str())),
    ])
}

/// A target with several roles, and one that it assumes only when told to.
pub(super) fn some_choice(fleet: &Fleet) -> Option<Row<'_>> {
    let is_other = |one: &TargetRole<'_>| !std::ptr::eq(one.role, one.target.roles.default());
    let TargetRole { target, role } = fleet.roles().find(is_other)?;
    Some(vec![
        ("target", text(target.name.as_str())),
        ("assignment", text(format!("role_{}={}", target.name.label(), role.key.as_ref()?.as_str()))),
        ("key", text(role.key.as_ref()?.as_str())),
        ("default", text(target.roles.default().key.as_ref()?.as_str())),
    ])
}

/// Whether some role is not for every caller.
pub(super) fn limits_callers(fleet: &Fleet) -> bool {
    fleet.roles().any(|one| one.role.callers != RoleCallers::All)
}

pub(super) fn s3(fleet: &Fleet) -> Option<&S3Backend> {
    match &fleet.terraform.backend {
        Backend::S3(s3) => Some(s3),
        Backend::Local | Backend::Cloud(_) => None,
    }
}

pub(super) fn cloud(fleet: &Fleet) -> Option<&CloudBackend> {
    match &fleet.terraform.backend {
        Backend::Cloud(cloud) => Some(cloud),
        Backend::Local | Backend::S3(_) => None,
    }
}

pub(super) fn state_role(fleet: &Fleet) -> Option<&BackendRole> {
    s3(fleet)?.assume_role.as_ref()
}

/// Whether a role lies neither in A nor in a target of ours.
pub(super) fn is_foreign(fleet: &Fleet, role: &BackendRole) -> bool {
    let account = role.role_arn.account();
    let ours = fleet.targets.iter().filter(|target| !target.third_party);
    account != fleet.source.account_id.as_str()
        && !ours.map(|target| target.account_id.as_str()).any(|id| id == account)
}

/// Whether a root reaches the state with credentials of its target's account.
pub(super) fn state_is_reached_from_targets(fleet: &Fleet) -> bool {
    let is_run_there = |target: &Target| {
        target.bootstrap.has_root() && RunAs::bootstrap(target) == Some(RunAs::AccountAdministrator)
    };
    super::names::profile(fleet).is_none() && fleet.targets.iter().any(is_run_there)
}
