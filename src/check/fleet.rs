//! The whole: the parts one by one, then what only shows when they are put together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::{
    Check, DEFAULT_NAME, aws_config, backend, caller, first_line, layout, literal, or_default, pipelines,
    source, stack, stack_set, state, target,
};
use crate::diagnostic::words::{Count, did_you_mean};
use crate::diagnostic::{Diagnostic, Span};
use crate::model::{
    Backend, Bootstrap, Caller, Credentials, Fleet, Partition, Role, SourceAccount, SpecName, TagKey, Target,
    TargetRole,
};
use crate::policy::{self, AssumePolicies, Reach};
use crate::spec::{Spec, WaiverSpec};

/// `None` when something that is needed was missing or broken, which has then been reported.
pub(super) fn lower(cx: &mut Check<'_>, spec: &Spec) -> Option<Fleet> {
    check_version(cx, spec);
    let name = or_default(&spec.name, || literal(DEFAULT_NAME));
    let source = cx
        .required(
            &spec.source,
            "source",
            Span::default(),
            "it names Account A: `source: {account_id: \"…\"}`",
        )
        .and_then(|source| source::lower(cx, source, &name));
    let partition = source.as_ref().map_or(Partition::Aws, |source| source.partition);
    let makes_oidc_providers = source.as_ref().is_some_and(SourceAccount::makes_oidc_providers);
    let terraform = backend::lower(cx, &spec.terraform, &name, partition, makes_oidc_providers);
    let targets = lower_targets(cx, spec, &name, source.as_ref());
    check_names(cx, spec);
    check_unique(cx, &targets, partition);
    check_waivers(cx, spec, &targets);
    let mut targets = targets;
    targets.sort_by(|left, right| left.name.cmp(&right.name));
    let backend = terraform.as_ref().map(|terraform| &terraform.backend);
    let pipelines = pipelines::lower(cx, spec, source.as_ref(), backend);
    let source = source?;
    let aws_config = aws_config::lower(cx, &spec.aws_config, &name, &source);
    let fleet = Fleet { name, source, terraform: terraform?, targets, pipelines, aws_config };
    aws_config::check(cx, &fleet);
    stack::check(cx, &fleet);
    stack_set::check(cx, spec, &fleet);
    layout::check(cx, spec, &fleet);
    state::check(cx, spec, &fleet);
    check_callers_are_used(cx, spec, &fleet);
    check_tags_of_roles(cx, &fleet);
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
    name: &SpecName,
    source: Option<&SourceAccount>,
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
        (target::lower(&mut cx, spec, name, source), cx.found)
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
        for role in &target.roles {
            // IAM compares the names of roles without regard to case, and ignores their paths.
            let name = (target.account_id.as_str(), role.name.as_str().to_lowercase());
            let Some(first) = roles.insert(name, target.at) else { continue };
            let arn = target.arn_of(role, partition);
            if first == target.at {
                let message = format!("the target `{}` has the role {arn} twice", target.name);
                let help = "an account has one role of a name, whatever its path and case: give each of `roles` a `name` of its own";
                cx.error(first_line(first), "CR003", message, help);
            } else {
                let message = format!("two targets have the role {arn}");
                let help = "an account has one role of a name, whatever its path and case: change `role.name` of one, or merge the two targets";
                twice(cx, first_line(target.at), first_line(first), message, help);
            }
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
                format!("`{}` is not the ID or name of a finding", id.value),
                "use an ID such as `CR011`, or a name such as `account-root-principal`",
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

/// Whether a word has the form of a finding's id, `CR011`, or name, `account-root-principal`.
fn is_finding(word: &str) -> bool {
    if let Some(digits) = word.strip_prefix("CR") {
        return digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit());
    }
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    word.contains('-') && word.split('-').all(is_part)
}

/// What does not fit into IAM's quotas, and a word about what barely does.
fn check_sizes(cx: &mut Check<'_>, fleet: &Fleet) {
    let created = fleet.targets.par_iter().filter(|target| target.bootstrap != Bootstrap::Existing);
    let roles = created.flat_map_iter(|target| target.roles.iter().map(move |role| (target, role)));
    let (source, quota) = (&fleet.source, policy::TRUST_QUOTA);
    let suspect =
        roles.filter(|(target, role)| policy::trust_policy_bound(source, &target.session, role) > quota);
    let sizes = suspect
        .map(|(target, role)| (target, role, policy::trust_policy(source, &target.session, role).size()));
    let too_large: Vec<_> = sizes.filter(|(.., size)| *size > quota).collect();
    for (target, role, size) in too_large {
        report_trust_size(cx, target, role, size);
    }
    let policies = policy::assume_policies(fleet);
    if let Ok(policies) = &policies {
        check_organization_reach(cx, fleet, policies);
    }
    if let Err(overflow) = policies {
        let caller =
            if fleet.source.callers.len() > 1 { format!(" of `{}`", overflow.caller) } else { String::new() };
        let at = fleet.targets.first().map_or_else(Span::default, |target| target.at);
        let room = policy::MANAGED_QUOTA * policy::ATTACHMENT_QUOTA as usize;
        let message = format!(
            "{} need at least {} characters in the policies{caller}, and {} of {} characters hold {room}",
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

/// A policy that names roles in any account of the organization lets its caller knock at roles that do not list it;
/// those that trust the whole account would let it in.
fn check_organization_reach(cx: &mut Check<'_>, fleet: &Fleet, policies: &AssumePolicies) {
    for caller in &fleet.source.callers {
        if policies.of(&caller.id).is_none_or(|policies| policies.reach == Reach::Exact) {
            continue;
        }
        let place =
            |one: &TargetRole<'_>| (one.role.path.as_str().to_owned(), one.role.name.as_str().to_lowercase());
        let (listing, others): (Vec<_>, Vec<_>) = fleet.roles().partition(|one| one.role.admits(caller));
        let named: BTreeSet<_> = listing.iter().map(place).collect();
        let is_open = |one: &TargetRole<'_>| {
            named.contains(&place(one)) && fleet.source.callers_of(one.role).any(Caller::is_account)
        };
        if let Some(open) = others.iter().find(|one| is_open(one)) {
            let message = format!(
                "`{}` could assume the role of `{open}`, which does not list it: there are too many roles to name, and this one has the name of those and trusts the whole account",
                caller.id
            );
            let help = "give the role another name, or name its callers one by one";
            cx.error(first_line(open.target.at), "CR064", message, help);
        }
    }
}

/// A caller that may assume nothing is a mistake: it was forgotten in a list, or is not needed.
fn check_callers_are_used(cx: &mut Check<'_>, spec: &Spec, fleet: &Fleet) {
    let roles = || fleet.targets.iter().flat_map(|target| &target.roles);
    let listed = spec.source.value().and_then(|source| source.callers.value());
    for caller in &fleet.source.callers {
        if fleet.targets.is_empty() || roles().any(|role| role.admits(caller)) {
            continue;
        }
        let place = listed.into_iter().flatten().find(|spec| caller::is_spec_of(&spec.value, caller));
        let place = place.map_or_else(Span::default, |spec| first_line(spec.at));
        let message = format!("the caller `{}` cannot assume any role: none lists it", caller.id);
        let help = "add it to the `callers` of a role, or remove it";
        cx.error(place, None, message, help);
    }
}

/// A role has its own tags and those of its providers; AWS counts them together.
fn check_tags_of_roles(cx: &mut Check<'_>, fleet: &Fleet) {
    const MOST: usize = 50;
    if fleet.terraform.default_tags.is_empty() && fleet.targets.iter().all(|target| target.tags.is_empty()) {
        return;
    }
    for target in &fleet.targets {
        for role in &target.roles {
            let mut tags: BTreeMap<String, &TagKey> = BTreeMap::new();
            let all = fleet.terraform.default_tags.keys().chain(target.tags.keys()).chain(role.tags.keys());
            for key in all {
                if let Some(other) =
                    tags.insert(key.as_str().to_lowercase(), key).filter(|other| *other != key)
                {
                    let message = format!(
                        "the role of `{}` would have the tags `{other}` and `{key}`, in different case",
                        target.name
                    );
                    let help = "IAM treats the two as one: write both the same way";
                    cx.error(first_line(target.at), "CR052", message, help);
                }
            }
            if tags.len() > MOST {
                let message =
                    format!("the role of `{}` would have {}", target.name, Count(tags.len(), "tag"));
                let help = format!("AWS allows at most {MOST}, those of `default_tags` and `tags` included");
                cx.error(first_line(target.at), "CR052", message, help);
            }
        }
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
                "the workspace `{name}` would have {} characters, and HCP Terraform allows {MOST}",
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

fn report_trust_size(cx: &mut Check<'_>, target: &Target, role: &Role, size: usize) {
    let (quota, most) = (policy::TRUST_QUOTA, policy::RAISED_TRUST_QUOTA);
    let whose = match &role.key {
        Some(key) => format!("`{}`, role `{key}`,", target.name),
        None => format!("`{}`", target.name),
    };
    let message =
        format!("the trust policy of {whose} has {size} non-blank characters; the quota is {quota}");
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
                        let (session, role) = (&target.session, target.roles.default());
                        let size = policy::trust_policy(source, session, role).size();
                        let bound = policy::trust_policy_bound(source, session, role);
                        assert!(bound >= size, "{size}: {text}");
                        cases += 1;
                    }
                }
            }
        }
        assert_eq!(cases, 24);
    }
}
