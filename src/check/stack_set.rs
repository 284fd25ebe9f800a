//! The stack set: that targets and Account A agree on it, and that its one template fits all of its targets.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, first_line, or_default};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::words::Count;
use crate::model::{CallAs, Fleet, PolicyArn, Role, StackSet, Target};
use crate::policy::trust_policy;
use crate::spec::{BootstrapFrom, Field, Located, Ownership, Spec, StackSetSpec, TargetSpec};

const UNITS: &str = "the units whose accounts get the roles, such as `[ou-ab12-c3d4e5f6]`, or `[r-ab12]` for the whole organization";

pub(super) fn lower(cx: &mut Check<'_>, field: &Field<StackSetSpec>) -> Option<StackSet> {
    let Located { value: spec, at, .. } = field.get()?;
    let units = cx.required(&spec.organizational_units, "organizational_units", *at, UNITS)?;
    if units.value.is_empty() {
        cx.error(units.at, None, "`organizational_units` names no unit", UNITS);
    }
    let root = units.value.iter().find(|unit| unit.value.is_root());
    if let Some(root) = root.filter(|root| units.value.iter().any(|unit| unit.value != root.value)) {
        let message = format!("`{}` already covers every unit of the organization", root.value);
        let help = "remove the other units, or the root: an account can be in one of them only";
        cx.error(root.at, None, message, help);
    }
    Some(StackSet {
        organizational_units: units.value.iter().map(|unit| unit.value.clone()).collect(),
        call_as: or_default(&spec.call_as, || CallAs::Management),
        retain_on_removal: or_default(&spec.retain_on_removal, || false),
    })
}

pub(super) fn check(cx: &mut Check<'_>, spec: &Spec, fleet: &Fleet) {
    check_is_used(cx, spec);
    for target in spec.targets.value().into_iter().flatten().filter(|target| is_of_set(&target.value)) {
        refuse_third_party(cx, &target.value);
        refuse_external_ids(cx, &target.value);
    }
    check_same_roles(cx, fleet);
}

fn is_of_set(target: &TargetSpec) -> bool {
    target.bootstrap.value().and_then(|bootstrap| bootstrap.from.value()) == Some(&BootstrapFrom::StackSet)
}

/// A set without targets would be ignored, and targets without a set would have no roles.
fn check_is_used(cx: &mut Check<'_>, spec: &Spec) {
    let Some(source) = spec.source.value() else { return };
    let mut targets = spec.targets.value().into_iter().flatten().map(|target| &target.value);
    let first = targets.find(|target| is_of_set(target));
    let asked = first.and_then(|target| target.bootstrap.value()?.from.get());
    match (source.stack_set.get(), asked) {
        (None, Some(from)) if source.stack_set.is_absent() => {
            let message = "`from: stack_set` needs `source.stack_set`, and it is missing";
            let help = "add it to `source`: `stack_set: {organizational_units: [ou-ab12-c3d4e5f6]}`";
            cx.error(from.at, None, message, help);
        }
        (Some(set), None) => {
            let message = "`stack_set` would be ignored: no target has `bootstrap: {from: stack_set}`";
            cx.error(set.at, None, message, "remove it, or set `bootstrap: {from: stack_set}` in `defaults`");
        }
        _ => {}
    }
}

/// A set with service-managed permissions reaches accounts of its organization alone.
fn refuse_third_party(cx: &mut Check<'_>, target: &TargetSpec) {
    let is_foreign = |ownership: &&Located<Ownership>| ownership.value == Ownership::ThirdParty;
    let Some(ownership) = target.ownership.get().filter(is_foreign) else { return };
    let message =
        "a stack set reaches only accounts of your own organization, and this one is a third party's";
    let help = "set `bootstrap: {from: cloudformation}` for this target: its owner creates a stack from a template of its own";
    cx.error(ownership.at, None, message, help);
}

fn refuse_external_ids(cx: &mut Check<'_>, target: &TargetSpec) {
    for id in target.role_specs().filter_map(|role| role.external_id.get()) {
        let message = "an external ID cannot be in a stack set: its template is the same in every account, so all of them would share the ID and it would protect none";
        let help = "remove it, and set `source.organization_id` or list the callers; or use `bootstrap: {from: cloudformation}`, with a template for each target";
        cx.error(id.at, None, message, help);
    }
}

/// Targets whose roles are not those of the first one, by what differs.
fn check_same_roles(cx: &mut Check<'_>, fleet: &Fleet) {
    // What should not be in the set at all has been said.
    let belongs =
        |target: &&Target| !target.third_party && target.roles.iter().all(|role| role.external_id.is_none());
    let mut targets = fleet.stack_set_targets().filter(belongs);
    let Some(first) = targets.next() else { return };
    let mut differing: BTreeMap<String, Vec<&Target>> = BTreeMap::new();
    for target in targets {
        if let Some(what) = difference(fleet, first, target) {
            differing.entry(what).or_default().push(target);
        }
    }
    for (what, targets) in differing {
        let [other, more @ ..] = targets.as_slice() else { continue };
        let more = match more.len() {
            0 => String::new(),
            count => format!(" (and of {})", Count(count, "other target")),
        };
        let message = format!(
            "the stack set creates the same roles in every account, but `{what}` of `{}`{more} is not that of `{}`",
            other.name, first.name
        );
        let help = "give every target of the stack set the same (policies of its own account with the same path and name); or use `bootstrap: {from: cloudformation}`, with a template for each target";
        cx.found.push(
            Diagnostic::error(message)
                .at(cx.source, first_line(other.at))
                .label("differs")
                .related(cx.source, first_line(first.at), "from this target")
                .help(help),
        );
    }
}

/// The first key in which the roles of two targets differ.
fn difference(fleet: &Fleet, one: &Target, other: &Target) -> Option<String> {
    let keys = |target: &Target| target.roles.iter().map(|role| role.key.clone()).collect::<Vec<_>>();
    if keys(one) != keys(other) {
        return Some("roles".to_owned());
    }
    if one.tags != other.tags {
        return Some("tags".to_owned());
    }
    let mut pairs = one.roles.iter().zip(&other.roles);
    pairs.find_map(|(role, its)| {
        let prefix = role.key.as_ref().map_or_else(|| "role".to_owned(), |key| format!("roles.{key}"));
        if let Some(key) = differing_key(role, its) {
            return Some(format!("{prefix}.{key}"));
        }
        let trust = |target: &Target, role| trust_policy(&fleet.source, &target.session, role).to_text();
        (trust(one, role) != trust(other, its)).then(|| {
            match (role.callers == its.callers, role.mfa == its.mfa) {
                (false, _) => format!("{prefix}.callers"),
                (_, false) => format!("{prefix}.require_mfa"),
                _ => "session".to_owned(),
            }
        })
    })
}

fn differing_key(one: &Role, other: &Role) -> Option<&'static str> {
    let everywhere = |arn: &PolicyArn| arn.in_each_account().unwrap_or_else(|| arn.to_string());
    let attached = |role: &Role| role.policy_arns.iter().map(everywhere).collect::<BTreeSet<_>>();
    let boundary = |role: &Role| role.permissions_boundary.as_ref().map(everywhere);
    let compared = [
        ("name", one.name != other.name),
        ("path", one.path != other.path),
        ("description", one.description != other.description),
        ("max_session_duration", one.max_session_duration != other.max_session_duration),
        ("policy_arns", attached(one) != attached(other)),
        ("inline_policies", one.inline_policies != other.inline_policies),
        ("permissions_boundary", boundary(one) != boundary(other)),
        ("tags", one.tags != other.tags),
    ];
    compared.into_iter().find_map(|(key, differs)| differs.then_some(key))
}
