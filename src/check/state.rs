//! The bucket of the states, where a root creates it: what can be created in Account A, and who can reach it.

use super::{Check, first_line};
use crate::diagnostic::Diagnostic;
use crate::model::{Backend, Bootstrap, Fleet};
use crate::spec::{Field, Spec};

pub(super) fn check(cx: &mut Check<'_>, spec: &Spec, fleet: &Fleet) {
    let Backend::S3(s3) = &fleet.terraform.backend else { return };
    if !s3.create {
        return;
    }
    let Some(role) = &s3.assume_role else { return };
    let source = &fleet.source.account_id;
    if role.role_arn.account() != source.as_str() {
        let backend = spec.terraform.value().and_then(|terraform| terraform.backend.value());
        let given = backend.and_then(|backend| backend.assume_role.value());
        let Some(at) = given.map(|role| &role.role_arn).and_then(Field::get).map(|arn| arn.at) else {
            return;
        };
        let message = format!(
            "`create: true` makes the role in account {source}, and `{}` is in another",
            role.role_arn
        );
        let help = "name a role of Account A; or remove `create`, and make bucket and role where they belong";
        cx.error(at, None, message, help);
    }
    // The role lets in principals of A alone.
    let from_environment =
        |target: &&crate::model::Target| target.bootstrap == Bootstrap::Environment && !target.third_party;
    if let Some(target) = fleet.targets.iter().find(from_environment) {
        let message = format!(
            "the bootstrap root of `{}` cannot reach the states: it has credentials of its own account",
            target.name
        );
        let help = "set `bootstrap: {from: profile}`, so that its backend uses credentials of A";
        let warning = Diagnostic::warning(message).id("CR076");
        cx.found.push(warning.at(cx.source, first_line(target.at)).help(help));
    }
}
