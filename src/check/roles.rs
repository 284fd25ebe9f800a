//! The roles of a target: one, or several by key.

use std::collections::BTreeMap;

use super::place::Place;
use super::{Check, first_line, role};
use crate::diagnostic::Span;
use crate::diagnostic::words::did_you_mean;
use crate::model::{Bootstrap, RoleKey, Roles, Text as _};
use crate::spec::{Located, RoleSpec, TargetSpec};

/// `None` where there are several and it cannot be told which one is the default.
pub(super) fn lower(
    cx: &mut Check<'_>,
    spec: &TargetSpec,
    at: Span,
    place: &Place<'_>,
    bootstrap: Option<&Bootstrap>,
) -> Option<Roles> {
    let one = spec.role.get();
    match spec.roles.get() {
        // What stands at the target itself counts before what `defaults` holds.
        Some(several) if one.is_none_or(|one| one.inherited || !several.inherited) => {
            if let Some(one) = one.filter(|one| one.inherited == several.inherited && !one.inherited) {
                let help = "move it into one of `roles`";
                cx.error(first_line(one.at), None, "a target has either `role` or `roles`", help);
            }
            lower_several(cx, spec, (several, at), place, bootstrap)
        }
        _ => {
            if let Some(default) = spec.default_role.get().filter(|default| !default.inherited) {
                let help = "remove it, or name the roles by key under `roles`";
                cx.error(default.at, None, "`default_role` would be ignored: there is one role", help);
            }
            let empty = RoleSpec::default();
            Some(Roles::one(role::lower(cx, None, one.map_or(&empty, |one| &one.value), place, bootstrap)))
        }
    }
}

fn lower_several(
    cx: &mut Check<'_>,
    spec: &TargetSpec,
    (several, at): (&Located<BTreeMap<String, Located<RoleSpec>>>, Span),
    place: &Place<'_>,
    bootstrap: Option<&Bootstrap>,
) -> Option<Roles> {
    let mut roles = Vec::with_capacity(several.value.len());
    for (key, role) in &several.value {
        match RoleKey::parse(key) {
            Ok(key) => roles.push(role::lower(cx, Some(key), &role.value, place, bootstrap)),
            Err(invalid) if !role.inherited => {
                cx.error(first_line(role.at), None, invalid.message, invalid.help);
            }
            Err(_) => {}
        }
    }
    let keys: Vec<&str> = several.value.keys().map(String::as_str).collect();
    let default = match (spec.default_role.get(), roles.as_slice()) {
        (Some(default), _) if keys.contains(&default.value.as_str()) => default.value.clone(),
        (Some(default), _) => {
            let message = format!("there is no role `{}`", default.value);
            cx.error(default.at, None, message, did_you_mean(default.value.as_str(), &keys));
            return None;
        }
        (None, [one]) => one.key.clone()?,
        (None, _) => {
            let message = if keys.is_empty() { "`roles` names no role" } else { "`default_role` is missing" };
            let help =
                "it names the role that Terraform assumes when nothing is said, as in `default_role: apply`";
            let at = if several.inherited { at } else { several.at };
            cx.error(first_line(at), None, message, help);
            return None;
        }
    };
    Roles::several(roles, &default)
}
