//! The policies that a spec holds, and those that it leads to.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::{OneRole, Whole};
use crate::check::{self, PolicyFiles};
use crate::diagnostic::{Diagnostic, Span, words::excerpt};
use crate::lint::finding::Findings;
use crate::lint::policy::{Kept, Policy, guess};
use crate::model::{Bootstrap, Caller, ExternalId};
use crate::policy::{self, Document, PrintedRole};
use crate::spec::{CallerSpec, PolicySource};
use crate::value::{self, Value};

/// What was found in trust policies at places that targets share, with an `x` for every character of the external ID: the
/// policies of most targets of a fleet are the same but for that.
#[derive(Default)]
pub(super) struct Judged(Mutex<BTreeMap<Document, Vec<Diagnostic>>>);

impl Judged {
    fn of(&self, shape: &Document) -> Option<Vec<Diagnostic>> {
        self.0.lock().ok()?.get(shape).cloned()
    }

    fn add(&self, shape: Document, found: Vec<Diagnostic>) {
        // A lock that another thread left in a panic costs nothing but speed.
        _ = self.0.lock().map(|mut judged| judged.insert(shape, found));
    }
}

/// The trust policy of a target's role, each part of it at the place in the spec that it comes from.
pub(super) fn trust(of: &OneRole<'_>, found: &mut Findings) {
    let one = of.one;
    if one.target.bootstrap == Bootstrap::Existing {
        return;
    }
    let source = &one.whole.fleet.source;
    let document = || policy::trust_policy(source, &one.target.session, of.role);
    let names = names(of);
    let id = of.role.external_id.as_ref().map(ExternalId::as_str);
    let is_weak = id.is_some_and(|id| guess(id, &names).is_some());
    let shape = document().with_external_id(&"x".repeat(id.map_or(0, str::len)));
    if let Some(known) = one.whole.judged.of(&shape).filter(|_| !is_weak) {
        for diagnostic in known {
            found.push(diagnostic);
        }
        return;
    }
    let Ok(json) = serde_json::to_value(document()) else { return };
    let external_id = of.spec.external_id.get();
    let place = |text: &str| {
        if let Some(id) = external_id.filter(|id| id.value.as_str() == text) {
            return id.at;
        }
        let is_it = |caller: &&Caller| source.arn_of(caller) == text;
        let place = source.callers.iter().find(is_it).and_then(|caller| place_of(one.whole, caller));
        place.unwrap_or_else(|| one.start())
    };
    let value = Value::of_json(&json, &place);
    let Some(mut policy) = Policy::of(&value) else { return };
    policy.measured = true;
    policy.names = names;
    let before = found.count();
    policy.check(found);
    let new: Vec<Diagnostic> = found.since(before).cloned().collect();
    let is_own = |one_found: &Diagnostic| {
        let place = one_found.place.as_ref();
        place.is_none_or(|place| {
            one.target.at.start <= place.span.start && place.span.start < one.target.at.end
        })
    };
    if !is_weak && !new.iter().any(is_own) {
        one.whole.judged.add(shape, new);
    }
}

/// The trust policies of the roles in A that workloads enter through, at the place of each caller.
pub(super) fn tokens(whole: &Whole<'_>, found: &mut Findings) {
    let source = &whole.fleet.source;
    for caller in &source.callers {
        let Some(federated) = caller.federated() else { continue };
        let place = place_of(whole, caller).unwrap_or_default();
        let Ok(json) = serde_json::to_value(policy::web_identity_policy(source, federated)) else { continue };
        let value = Value::of_json(&json, &|_| place);
        if let Some(mut policy) = Policy::of(&value) {
            let mut roles = whole.fleet.roles().filter(|one| one.role.admits(caller));
            policy.only_reads = roles.all(|one| one.role.only_reads());
            policy.check(found);
        }
    }
}

/// The trust policy of a role that exists already, at its place in its own file.
pub(super) fn existing(of: &OneRole<'_>, files: &PolicyFiles, found: &mut Findings) {
    let given = of.role.trust_policy.as_ref();
    let Some(Ok(source)) = given.and_then(|given| files.get(&given.file)) else { return };
    let Ok(value) = value::parse(&source.text, 0) else { return };
    let Some(mut policy) = Policy::of(PrintedRole::of(&value).trust_policy) else { return };
    let mut inside = Findings::of(source);
    inside.about(Some(&of.one.target.name));
    // AWS has taken it at its length.
    policy.measured = true;
    policy.names = names(of);
    policy.check(&mut inside);
    found.append(inside);
}

/// Where a caller stands; callers that are a default stand where the source does.
fn place_of(whole: &Whole<'_>, caller: &Caller) -> Option<Span> {
    let source = whole.spec.source.get()?;
    let mut listed = source.value.callers.value().into_iter().flatten();
    let spec = listed.find(|spec| check::is_spec_of(&spec.value, caller));
    let place = spec.map(|spec| {
        let CallerSpec { name, permission_set, id, .. } = &spec.value;
        let named = name.get().map(|name| name.at).or_else(|| Some(permission_set.get()?.at));
        named.or_else(|| Some(id.get()?.at)).unwrap_or(spec.at)
    });
    place.or_else(|| Some(source.value.account_id.get()?.at))
}

/// What others know, and an external ID must not be.
fn names(of: &OneRole<'_>) -> Vec<String> {
    let (source, target) = (&of.one.whole.fleet.source, of.one.target);
    let organization = source.organization_id.as_ref().map(|id| id.as_str().to_owned());
    let names = [
        source.account_id.as_str(),
        source.name.as_str(),
        target.account_id.as_str(),
        target.name.as_str(),
        of.role.name.as_str(),
    ];
    names.into_iter().map(str::to_owned).chain(organization).collect()
}

/// The policies that the user wrote for a role; `part` is what stands at a place of the spec.
pub(super) fn inline(
    of: &OneRole<'_>,
    (part, files): (&dyn Fn(Span) -> Option<Value>, &PolicyFiles),
    found: &mut Findings,
) {
    let bounded = of.role.permissions_boundary.is_some();
    for written in of.spec.inline_policies.value().into_iter().flat_map(|policies| policies.values()) {
        match &written.value {
            PolicySource::Document(_) => {
                if let Some(value) = part(written.at) {
                    judge(&value, bounded, found);
                }
            }
            PolicySource::File(path) => {
                let Some(Ok(source)) = files.get(path) else { continue };
                let mut inside = Findings::of(source);
                inside.about(Some(&of.one.target.name));
                match value::parse(&source.text, 0) {
                    Ok(value) => judge(&value, bounded, &mut inside),
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

fn judge(value: &Value, bounded: bool, found: &mut Findings) {
    if let Some(mut policy) = Policy::of(value) {
        policy.bounded = bounded;
        policy.kept = Kept::Inline;
        // All inline policies together are measured by `check`.
        policy.measured = true;
        policy.check(found);
    }
}
