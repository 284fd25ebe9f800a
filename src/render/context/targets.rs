//! What files see that are written once: every target, every caller.

use super::callers;
use super::names::{names, state_key, workspace};
use super::pipelines;
use super::steps;
use crate::model::{Bootstrap, CallerIdentity, Fleet, Region, SINGLE_ROOT, SourceAccount};
use crate::pack::{TemplateContext, TemplateValue};
use crate::policy::{AssumePolicies, Reach};

names! {
    /// Known to files that are written once.
    struct Everything<'f> {
        targets: TemplateValue<'f>,
        callers: TemplateValue<'f>,
        oidc_providers: TemplateValue<'f>,
        has_federated: bool,
        makes_oidc_providers: bool,
        identity_center_arn: Option<&'f str>,
        identity_center_region: Option<&'f str>,
        attached: bool,
        has_account: bool,
        has_principals: bool,
        several_roles: bool,
        reach: &'static str,
        bootstraps: TemplateValue<'f>,
        some_target: Option<&'f str>,
        some_choice: TemplateValue<'f>,
        limits_callers: bool,
        has_third_party: bool,
        has_stacks: bool,
        has_verification: bool,
        has_further_regions: bool,
        single_state_key: String,
        single_workspace: String,
        state_state_key: String,
        state_role_name: Option<&'f str>,
        state_role_path: Option<&'f str>,
        backend_key_prefix: Option<&'f str>,
        backend_workspace_prefix: Option<&'f str>,
        backend_role_account: Option<&'f str>,
        backend_role_is_foreign: bool,
        state_reached_from_targets: bool,
        roots: Option<String>,
        github_actions: TemplateValue<'f>,
        gitlab: TemplateValue<'f>,
        atlantis: TemplateValue<'f>,
        install: Option<&'f str>,
    }
}

pub(in crate::render) fn everything<'f>(
    fleet: &'f Fleet,
    assume: &AssumePolicies,
) -> impl TemplateContext<'f> {
    let source = &fleet.source;
    Everything {
        targets: TemplateValue::Rows(steps::targets(fleet)),
        callers: TemplateValue::Rows(callers::rows(fleet, assume)),
        oidc_providers: TemplateValue::Rows(callers::providers(fleet)),
        has_federated: source.callers.iter().any(|caller| caller.federated().is_some()),
        makes_oidc_providers: source.makes_oidc_providers(),
        identity_center_arn: source.identity_center.as_ref().map(|arn| arn.as_str()),
        identity_center_region: source
            .identity_center
            .as_ref()
            .and_then(|_| abroad(source))
            .map(Region::as_str),
        attached: source.callers.iter().any(|caller| !caller.is_account()),
        has_account: source.callers.iter().any(crate::model::Caller::is_account),
        has_principals: source.callers.iter().any(|one| !one.is_account() && one.federated().is_none()),
        several_roles: fleet.targets.iter().any(|target| target.roles.are_several()),
        reach: match assume.reach() {
            Reach::Exact => "exact",
            Reach::Organization => "organization",
        },
        bootstraps: TemplateValue::Rows(steps::bootstraps(fleet)),
        some_target: steps::example(fleet).map(|target| target.name.as_str()),
        some_choice: TemplateValue::Rows(steps::some_choice(fleet).into_iter().collect()),
        limits_callers: steps::limits_callers(fleet),
        has_third_party: fleet.targets.iter().any(|target| target.third_party),
        has_stacks: fleet.targets.iter().any(|target| target.bootstrap == Bootstrap::CloudFormation),
        has_verification: fleet.targets.iter().any(|target| target.bucket.is_some() && !target.retired),
        has_further_regions: fleet.targets.iter().any(|target| !target.regions.is_empty()),
        single_state_key: state_key(fleet, SINGLE_ROOT),
        single_workspace: workspace(fleet, SINGLE_ROOT),
        state_state_key: state_key(fleet, "state"),
        state_role_name: steps::state_role(fleet).map(|role| role.name()),
        state_role_path: steps::state_role(fleet).map(|role| role.path()),
        backend_key_prefix: steps::s3(fleet).map(|s3| s3.key_prefix.as_str()),
        backend_workspace_prefix: steps::cloud(fleet).map(|cloud| cloud.workspace_prefix.as_str()),
        backend_role_account: steps::state_role(fleet).map(|role| role.role_arn.account()),
        backend_role_is_foreign: steps::state_role(fleet).is_some_and(|role| steps::is_foreign(fleet, role)),
        state_reached_from_targets: steps::state_is_reached_from_targets(fleet),
        roots: pipelines::roots(fleet),
        github_actions: TemplateValue::Rows(pipelines::engine(
            fleet,
            fleet.pipelines.github_actions.as_ref(),
        )),
        gitlab: TemplateValue::Rows(pipelines::engine(fleet, fleet.pipelines.gitlab.as_ref())),
        atlantis: TemplateValue::Rows(pipelines::projects(fleet)),
        install: fleet.pipelines.install.as_ref().map(|command| command.as_str()),
    }
}

/// The region of Identity Center, where it is another than that of the root in A.
fn abroad(source: &SourceAccount) -> Option<&Region> {
    source.callers.iter().find_map(|caller| match &caller.identity {
        CallerIdentity::PermissionSet { region: Some(region), .. } if *region != source.region => {
            Some(region)
        }
        _ => None,
    })
}
