//! The whole: the parts one by one, then what only shows when they are put together.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::{Check, backend, first_line, source, target};
use crate::diagnostic::words::{Count, did_you_mean};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::{Backend, Bootstrap, Credentials, Fleet, Partition, Target};
use crate::policy;
use crate::spec::{Spec, WaiverSpec};

/// `None` when something that is needed was missing or broken, which has then been reported.
pub(super) fn lower(cx: &mut Check<'_>, spec: &Spec) -> Option<Fleet> {
    check_version(cx, spec);
    let source = cx
        .required(
            &spec.source,
            "source",
            Span::default(),
            "it names Account A: `source: {account_id: \"…\"}`",
        )
        .and_then(|source| source::lower(cx, source));
    let partition = source.as_ref().map_or(Partition::Aws, |source| source.partition);
    let terraform = backend::lower(cx, &spec.terraform, partition);
    let targets = lower_targets(cx, spec, source.as_ref());
    check_names(cx, spec);
    check_unique(cx, &targets, partition);
    check_waivers(cx, spec, &targets);
    let mut targets = targets;
    targets.sort_by(|left, right| left.name.cmp(&right.name));
    let fleet = Fleet { source: source?, terraform: terraform?, targets };
    check_sizes(cx, &fleet);
    check_workspaces(cx, &fleet);
    check_states_reachable(cx, &fleet);
    Some(fleet)
}

fn check_version(cx: &mut Check<'_>, spec: &Spec) {
    let help = "this crossrole reads version 1: `version: 1`";
    if let Some(version) = cx.required(&spec.version, "version", Span::default(), help)
        && version.value != 1
    {
        let message = format!("version {} of the spec is not known", version.value);
        cx.error(version.at, None, message, help);
    }
}

fn lower_targets(
    cx: &mut Check<'_>,
    spec: &Spec,
    source: Option<&crate::model::SourceAccount>,
) -> Vec<Target> {
    let help = "list at least one account: `targets: [{name: …, account_id: \"…\"}]`";
    let Some(list) = cx.required(&spec.targets, "targets", Span::default(), help) else {
        return Vec::new();
    };
    if list.value.is_empty() {
        cx.error(list.at, None, "there are no targets", help);
    }
    let (text, files) = (cx.source, cx.files);
    let lower = |spec| {
        let mut cx = Check::fork(text, files);
        (target::lower(&mut cx, spec, source), cx.found)
    };
    let lowered: Vec<_> = list.value.par_iter().with_min_len(64).map(lower).collect();
    let mut targets = Vec::with_capacity(lowered.len());
    for (target, found) in lowered {
        cx.found.append(found);
        targets.extend(target);
    }
    targets
}

/// Names that two targets have, whatever else is wrong with either.
fn check_names(cx: &mut Check<'_>, spec: &Spec) {
    let mut places = HashMap::with_hasher(RandomState::default());
    for name in spec.targets.value().into_iter().flatten().filter_map(|target| target.value.name.get()) {
        if let Some(first) = places.insert(name.value.as_str(), name.at) {
            let help = "every target has a folder of its own: give one of them another name";
            twice(cx, name.at, first, format!("two targets are called `{}`", name.value), help);
        }
    }
}

/// Roles and literal buckets that two targets claim.
fn check_unique(cx: &mut Check<'_>, targets: &[Target], partition: Partition) {
    let mut roles = HashMap::with_capacity_and_hasher(targets.len(), RandomState::default());
    let mut buckets = HashMap::with_capacity_and_hasher(targets.len(), RandomState::default());
    for target in targets {
        // IAM compares the names of roles without regard to case, and ignores their paths.
        let role = (target.account_id.as_str(), target.role.name.as_str().to_lowercase());
        if let Some(first) = roles.insert(role, target.at) {
            let message = format!("two targets have the role {}", target.role_arn(partition));
            let help = "an account has one role of a name, whatever its path and case: change `role.name` of one, or merge the two targets";
            twice(cx, first_line(target.at), first_line(first), message, help);
        }
        if let Some(bucket) = &target.bucket
            && let Some(first) = buckets.insert(bucket.as_str(), target.at)
        {
            let help = "bucket names are unique in a whole partition: change `verification.bucket` of one";
            let message = format!("two targets have the bucket `{bucket}`");
            twice(cx, first_line(target.at), first_line(first), message, help);
        }
    }
}

fn twice(cx: &mut Check<'_>, at: Span, first: Span, message: String, help: &str) {
    cx.found.push(
        Diagnostic::error(message)
            .id("CR003")
            .at(cx.source, at)
            .label("second")
            .related(cx.source, first, "first")
            .help(help),
    );
}

fn check_waivers(cx: &mut Check<'_>, spec: &Spec, targets: &[Target]) {
    for waiver in spec.waivers.value().into_iter().flatten() {
        let WaiverSpec { id, target, reason, expires } = &waiver.value;
        let help = "a waiver says which finding, why, and until when: `{id: CR011, reason: \"…\", expires: 2027-06-30}`";
        let id = cx.required(id, "id", waiver.at, help);
        if let Some(id) = id.filter(|id| !is_finding(&id.value)) {
            cx.error(
                id.at,
                None,
                format!("`{}` is not the id of a finding", id.value),
                "ids look like `CR011`",
            );
        }
        let reason = cx.required(reason, "reason", waiver.at, help);
        if let Some(reason) = reason.filter(|reason| reason.value.trim().is_empty()) {
            cx.error(reason.at, None, "a waiver needs a reason", help);
        }
        cx.required(expires, "expires", waiver.at, help);
        if let Some(target) = target.get()
            && !targets.is_empty()
            && targets.iter().all(|known| known.name != target.value)
        {
            let names: Vec<_> = targets.iter().take(100).map(|known| known.name.as_str()).collect();
            let message = format!("there is no target `{}`", target.value);
            cx.error(target.at, None, message, did_you_mean(target.value.as_str(), &names));
        }
    }
}

fn is_finding(id: &str) -> bool {
    id.strip_prefix("CR")
        .is_some_and(|digits| digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// What does not fit into IAM's quotas, and a word about what barely does.
fn check_sizes(cx: &mut Check<'_>, fleet: &Fleet) {
    let created = fleet.targets.par_iter().filter(|target| target.bootstrap != Bootstrap::Existing);
    let suspect =
        created.filter(|target| policy::trust_policy_bound(&fleet.source, target) > policy::TRUST_QUOTA);
    let sizes = suspect.map(|target| (target, policy::trust_policy(&fleet.source, target).size()));
    let too_large: Vec<_> = sizes.filter(|(_, size)| *size > policy::TRUST_QUOTA).collect();
    for (target, size) in too_large {
        report_trust_size(cx, target, size);
    }
    if let Err(overflow) = policy::assume_policies(fleet) {
        let at = fleet.targets.first().map_or_else(Span::default, |target| target.at);
        let room = policy::MANAGED_QUOTA * policy::ATTACHMENT_QUOTA as usize;
        let message = format!(
            "{} need at least {} characters in the callers' policies, and {} of {} characters hold {room}",
            Count(overflow.exact_roles, "role"),
            overflow.characters,
            Count(policy::ATTACHMENT_QUOTA as usize, "managed policy"),
            policy::MANAGED_QUOTA,
        );
        let help = if overflow.organization_would_help {
            "set `source.organization_id`, so that the roles of the organization's accounts are covered by their common path and name; or split the spec"
        } else {
            "third parties' roles are always named one by one: split the spec, with callers of its own in each part"
        };
        cx.error(first_line(at), "CR064", message, help);
    }
}

/// Names of workspaces are made of the prefix, the target and the root.
fn check_workspaces(cx: &mut Check<'_>, fleet: &Fleet) {
    const MOST: usize = 90;
    let Backend::Cloud(cloud) = &fleet.terraform.backend else { return };
    for target in &fleet.targets {
        let name = format!("{}-{}-bootstrap", cloud.workspace_prefix, target.name);
        if name.len() > MOST {
            let message = format!(
                "the workspace `{name}` would have {} characters, and HCP Terraform takes {MOST}",
                name.len()
            );
            cx.error(
                first_line(target.at),
                None,
                message,
                "shorten the target's name or `terraform.backend.workspace_prefix`",
            );
        }
    }
}

/// A backend uses the environment too, and there a bootstrap root may have B's credentials.
fn check_states_reachable(cx: &mut Check<'_>, fleet: &Fleet) {
    let Backend::S3(s3) = &fleet.terraform.backend else { return };
    if s3.assume_role.is_some() || fleet.source.credentials != Credentials::Environment {
        return;
    }
    let mut affected = fleet.targets.iter().filter(|target| target.bootstrap == Bootstrap::Environment);
    if let Some(first) = affected.next() {
        let more = match affected.count() {
            0 => String::new(),
            count => format!(" (and of {})", Count(count, "other target")),
        };
        let message = format!(
            "the bootstrap root of `{}`{more} would reach the state bucket with B's credentials",
            first.name
        );
        let help = "both it and its backend take what is in the environment: name a profile (`bootstrap.from: profile`, or `source.credentials`), let the bucket admit B, or leave `backend.tf` out of a folder that is handed over";
        cx.found
            .push(Diagnostic::warning(message).id("CR076").at(cx.source, first_line(first.at)).help(help));
    }
}

fn report_trust_size(cx: &mut Check<'_>, target: &Target, size: usize) {
    let (quota, most) = (policy::TRUST_QUOTA, policy::RAISED_TRUST_QUOTA);
    let message = format!(
        "the trust policy of `{}` has {size} non-blank characters; the quota is {quota}",
        target.name
    );
    let found = if size > most { Diagnostic::error(message) } else { Diagnostic::warning(message) };
    let help = format!(
        "name fewer callers, or `kind: account`; AWS raises the quota on request, to {most} at the most"
    );
    cx.found.push(found.id("CR063").at(cx.source, first_line(target.at)).help(help));
}

#[cfg(test)]
mod tests {
    use crate::check::{PolicyFiles, lower};
    use crate::diagnostic::Source;
    use crate::{policy, spec};

    /// Whatever a spec holds, the bound that spares building a policy is no smaller than the policy.
    #[test]
    fn no_trust_policy_exceeds_its_bound() {
        let callers =
            "[{kind: account, mfa: true}, {kind: iam_user, name: a/b}, {kind: role, name: ci/deployer}]";
        let role = "{external_id: 7f0c2b1e-5d0e-4f43}";
        let session =
            "{source_identity: me, tags: {team: platform, stage: x}, transitive_tag_keys: [team, stage]}";
        let mut cases = 0;
        for organization in ["", ", organization_id: o-a1b2c3d4e5"] {
            for callers in ["[{kind: account}]", callers] {
                for role in ["{}", role] {
                    for session in ["{}", "{tags: {team: a}}", session] {
                        let text = format!(
                            "version: 1\nsource: {{account_id: \"111111111111\", callers: {callers}{organization}}}\ntargets: [{{name: b, account_id: \"222222222222\", role: {role}, session: {session}}}]\n"
                        );
                        let parsed = spec::parse(&Source::new("spec", text.clone()));
                        let (fleet, _) = lower(parsed, &PolicyFiles::new()).expect(&text);
                        let (source, target) = (&fleet.source, &fleet.targets[0]);
                        let size = policy::trust_policy(source, target).size();
                        assert!(policy::trust_policy_bound(source, target) >= size, "{size}: {text}");
                        cases += 1;
                    }
                }
            }
        }
        assert_eq!(cases, 24);
    }
}
