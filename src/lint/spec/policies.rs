//! The policies that a spec holds, and those that it leads to.

use super::One;
use crate::check::PolicyFiles;
use crate::diagnostic::{Span, words::excerpt};
use crate::lint::finding::Findings;
use crate::lint::policy::{Kept, Policy};
use crate::model::{Bootstrap, Caller};
use crate::policy::{self, PrintedRole};
use crate::spec::{CallerKind, CallerSpec, Located, PolicySource};
use crate::value::{self, Value};
use crate::yaml::Node;

/// The trust policy of a target's role, each part of it at the place in the spec that it comes from.
pub(super) fn trust(one: &One<'_>, found: &mut Findings) {
    if one.target.bootstrap == Bootstrap::Existing {
        return;
    }
    let source = &one.whole.fleet.source;
    let document = policy::trust_policy(source, one.target);
    let Ok(json) = serde_json::to_value(&document) else { return };
    let external_id = one.spec.role.value().and_then(|role| role.external_id.get());
    let place = |text: &str| {
        if let Some(id) = external_id.filter(|id| id.value.as_str() == text) {
            return id.at;
        }
        let caller = source.callers.iter().find(|caller| caller.arn(source) == text);
        caller.map_or_else(|| one.start(), |caller| place_of(one, caller))
    };
    let value = Value::of_json(&json, &place);
    let Some(mut policy) = Policy::of(&value) else { return };
    policy.measured = true;
    policy.names = names(one);
    policy.check(found);
}

/// The trust policy of a role that exists already, at its place in its own file.
pub(super) fn existing(one: &One<'_>, files: &PolicyFiles, found: &mut Findings) {
    let given = one.target.role.trust_policy.as_ref();
    let Some(Ok(source)) = given.and_then(|given| files.get(&given.file)) else { return };
    let Ok(value) = value::parse(&source.text, 0) else { return };
    let Some(mut policy) = Policy::of(PrintedRole::of(&value).trust_policy) else { return };
    let mut inside = Findings::of(source);
    inside.about(Some(&one.target.name));
    // AWS has taken it at its length.
    policy.measured = true;
    policy.names = names(one);
    policy.check(&mut inside);
    found.append(inside);
}

/// Where a caller stands; callers that are a default stand where the source does.
fn place_of(one: &One<'_>, caller: &Caller) -> Span {
    let source = one.whole.spec.source.get();
    let listed = source.and_then(|source| source.value.callers.value()).into_iter().flatten();
    let is_it = |spec: &&Located<CallerSpec>| {
        let CallerSpec { kind, name, .. } = &spec.value;
        match (caller, kind.value()) {
            (Caller::Account { .. }, Some(CallerKind::Account)) => true,
            (Caller::IamUser { name: found, .. }, Some(CallerKind::IamUser))
            | (Caller::Role { name: found }, Some(CallerKind::Role)) => name.value() == Some(found),
            _ => false,
        }
    };
    let place =
        listed.into_iter().find(is_it).map(|spec| spec.value.name.get().map_or(spec.at, |name| name.at));
    let place = place.or_else(|| source.and_then(|source| Some(source.value.account_id.get()?.at)));
    place.unwrap_or_else(|| one.start())
}

/// What others know, and an external id must not be.
fn names(one: &One<'_>) -> Vec<String> {
    let (source, target) = (&one.whole.fleet.source, one.target);
    let organization = source.organization_id.as_ref().map(|id| id.as_str().to_owned());
    let names = [
        source.account_id.as_str(),
        source.name.as_str(),
        target.account_id.as_str(),
        target.name.as_str(),
        target.role.name.as_str(),
    ];
    names.into_iter().map(str::to_owned).chain(organization).collect()
}

/// The policies that the user wrote for a role.
pub(super) fn inline(one: &One<'_>, (root, files): (Option<&Node<'_>>, &PolicyFiles), found: &mut Findings) {
    let Some(role) = one.spec.role.value() else { return };
    let bounded = one.target.role.permissions_boundary.is_some();
    for written in role.inline_policies.value().into_iter().flat_map(|policies| policies.values()) {
        match &written.value {
            PolicySource::Document(_) => {
                if let Some(value) = root.and_then(|root| super::tree::at(root, written.at)) {
                    check(&value, bounded, found);
                }
            }
            PolicySource::File(path) => {
                let Some(Ok(source)) = files.get(path) else { continue };
                let mut inside = Findings::of(source);
                inside.about(Some(&one.target.name));
                match value::parse(&source.text, 0) {
                    Ok(value) => check(&value, bounded, &mut inside),
                    // Two equal keys: `check` takes the last, IAM perhaps the first.
                    Err(problem) => {
                        let message =
                            format!("`{}` is read in different ways: {}", excerpt(path), problem.message);
                        inside.add("CR000", problem.at, message, "keep one of the two");
                    }
                }
                found.append(inside);
            }
        }
    }
}

fn check(value: &Value, bounded: bool, found: &mut Findings) {
    if let Some(mut policy) = Policy::of(value) {
        policy.bounded = bounded;
        policy.kept = Kept::Inline;
        // All inline policies together are measured by `check`.
        policy.measured = true;
        policy.check(found);
    }
}
