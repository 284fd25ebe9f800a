//! The role in B, its region and its bucket.

use super::{One, OneRole, Whole};
use crate::diagnostic::Level;
use crate::diagnostic::words::Count;
use crate::lint::finding::Findings;
use crate::lint::known;
use crate::model::{Bootstrap, Region};
use crate::spec::Located;

/// Regions that are off until somebody enables them. Source: AWS Account Management, "Enable or
/// disable AWS Regions in your account", as of 2026.
const OPT_IN: [&str; 17] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];
/// Characters of path and name that Switch Role takes. Source: IAM User Guide.
const CONSOLE: usize = 64;
/// Managed policies of a role before the quota is raised. Source: IAM quotas.
const ATTACHED: usize = 10;
/// Managed policies with which a role can do everything, or give itself every right.
const ALL_RIGHTS: [(&str, &str, &str); 2] = [
    ("policy/AdministratorAccess", "CR060", "`AdministratorAccess` allows all actions on all resources"),
    ("policy/IAMFullAccess", "CR061", "`IAMFullAccess` lets the role escalate its own permissions"),
];

/// CR005, where the form is right and the region is not known.
pub(super) fn unknown_region(one: &One<'_>, found: &mut Findings) {
    one.spec.region.get().into_iter().for_each(|region| judge_region(region, found));
}

/// CR005 of the bucket of states.
pub(super) fn unknown_backend_region(whole: &Whole<'_>, found: &mut Findings) {
    let backend = whole.spec.terraform.value().and_then(|terraform| terraform.backend.value());
    backend
        .and_then(|backend| backend.region.get())
        .into_iter()
        .for_each(|region| judge_region(region, found));
}

fn judge_region(region: &Located<Region>, found: &mut Findings) {
    known::region(region.at, &region.value, found);
}

/// CR006
pub(super) fn opt_in_region(one: &One<'_>, found: &mut Findings) {
    let Some(region) = one.spec.region.get() else { return };
    let name = region.value.as_str();
    if OPT_IN.contains(&name) {
        let message = format!("region `{name}` is disabled by default and must be enabled in both accounts");
        found.add(
            "CR006",
            region.at,
            message,
            "enable it in the source and the target account, or use a region that is enabled by default",
        );
    }
}

/// CR008
pub(super) fn too_long_for_the_console(of: &OneRole<'_>, found: &mut Findings) {
    let (role, spec) = (of.role, of.spec);
    let length = role.path.as_str().len() + role.name.as_str().len();
    let at = spec.path.get().map(|path| path.at).or_else(|| Some(spec.name.get()?.at));
    if length > CONSOLE {
        let message = format!("path and name have {length} characters; Switch Role accepts {CONSOLE}");
        let help = "shorten the path or the name if people need to switch to the role in the console";
        found.add("CR008", at.unwrap_or_else(|| of.one.start()), message, help);
    }
}

/// CR060 and CR061
pub(super) fn administrator(of: &OneRole<'_>, found: &mut Findings) {
    for arn in of.spec.policy_arns.value().into_iter().flatten() {
        for (policy, id, message) in ALL_RIGHTS {
            let is_bounded = id == "CR061" && of.role.permissions_boundary.is_some();
            if arn.value.account() == "aws" && arn.value.as_str().ends_with(policy) && !is_bounded {
                found.add(
                    id,
                    arn.at,
                    message,
                    "attach only what is needed, or set `role.permissions_boundary`",
                );
            }
        }
    }
}

/// CR062
pub(super) fn many_policies(of: &OneRole<'_>, found: &mut Findings) {
    let count = of.role.policy_arns.len();
    if let Some(list) = of.spec.policy_arns.get().filter(|_| count > ATTACHED) {
        let message = format!(
            "{} are attached, and an account allows {ATTACHED} unless the quota is raised",
            Count(count, "managed policy")
        );
        found.add_as(
            Level::Warning,
            "CR062",
            list.at,
            message,
            "combine several into one policy, or request a quota of up to 20",
        );
    }
}

/// CR097
pub(super) fn without_tags(of: &OneRole<'_>, found: &mut Findings) {
    let target = of.one.target;
    let inherited = !target.tags.is_empty() || !of.one.whole.fleet.terraform.default_tags.is_empty();
    let is_ours = target.bootstrap != Bootstrap::Existing && !target.retired;
    if of.role.tags.is_empty() && !inherited && is_ours {
        found.add(
            "CR097",
            of.one.start(),
            format!("role in `{}` has no owner tag", of.name()),
            "set `role.tags`, for example `{owner: platform}`; under `defaults` it applies to all targets",
        );
    }
}

/// CR091
pub(super) fn guessable_bucket(one: &One<'_>, found: &mut Findings) {
    let bucket = one.spec.verification.value().and_then(|verification| verification.bucket.get());
    let is_unguarded = |name: &str| !name.contains(one.target.account_id.as_str());
    if let Some(bucket) =
        bucket.filter(|bucket| one.target.bucket.is_some() && is_unguarded(bucket.value.as_str()))
    {
        found.add(
            "CR091",
            bucket.at,
            format!("anyone can register `{}` first: it does not contain the account ID", bucket.value),
            "omit `bucket`: the name is then derived from prefix, account and region",
        );
    }
}

/// CR096
pub(super) fn foreign_organization(one: &One<'_>, found: &mut Findings) {
    if let Some(ownership) = one.spec.ownership.get().filter(|_| one.target.third_party) {
        found.add(
            "CR096",
            ownership.at,
            "a resource control policy of the owner's organization can deny outsiders, whatever the role allows",
            "if access is denied for no other reason, ask the owner about resource control policies",
        );
    }
}
