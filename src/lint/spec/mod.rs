//! A spec: what `check` reports, the policies it leads to, and what only a reader would notice.

mod external_id;
mod permissions;
mod policies;
mod role;
mod session;
mod tree;
mod versions;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::finding::{Finding, Findings, in_order};
use super::waiver::{Report, Waivers};
use crate::check::{self, PolicyFiles};
use crate::diagnostic::{Diagnostic, Diagnostics, Error, Kind, Level, Source, Span};
use crate::model::{Date, Fleet, Role, Target, TargetRole};
use crate::spec::{Parsed, RoleSpec, Spec, TargetSpec};
use crate::value::Value;
use crate::yaml;

/// A spec without errors, as it is written and as it is meant.
struct Whole<'s> {
    source: &'s Arc<Source>,
    spec: &'s Spec,
    fleet: &'s Fleet,
    /// Whether notes are of interest.
    with_notes: bool,
    /// What was found in trust policies.
    judged: policies::Judged,
}

/// One target of it.
struct One<'s> {
    whole: &'s Whole<'s>,
    spec: &'s TargetSpec,
    target: &'s Target,
}

/// One role of a target.
struct OneRole<'s> {
    one: &'s One<'s>,
    spec: &'s RoleSpec,
    role: &'s Role,
}

impl<'s> Whole<'s> {
    fn of(source: &'s Arc<Source>, (spec, fleet): (&'s Spec, &'s Fleet), with_notes: bool) -> Self {
        Self { source, spec, fleet, with_notes, judged: policies::Judged::default() }
    }
}

impl OneRole<'_> {
    /// What it is called in messages: its target, and its key where it has one.
    fn name(&self) -> TargetRole<'_> {
        TargetRole { target: self.one.target, role: self.role }
    }
}

impl One<'_> {
    /// The place to point at for what the target leaves out.
    fn start(&self) -> Span {
        first(self.target.at)
    }
}

fn first(at: Span) -> Span {
    Span { start: at.start, end: at.start + 1 }
}

const WHOLE: &[fn(&Whole<'_>, &mut Findings)] = &[
    external_id::shared,
    role::unknown_backend_region,
    session::no_prompt,
    session::hidden_chain,
    policies::tokens,
    versions::too_old,
];

const EACH: &[fn(&One<'_>, &mut Findings)] = &[
    role::unknown_region,
    role::opt_in_region,
    role::guessable_bucket,
    role::foreign_organization,
    permissions::unknown_session_policy,
    session::shared_name,
];

const EACH_ROLE: &[fn(&OneRole<'_>, &mut Findings)] = &[
    role::too_long_for_the_console,
    role::administrator,
    role::many_policies,
    role::without_tags,
    permissions::unknown_policy,
    permissions::nothing,
    permissions::no_bucket,
    external_id::missing,
    external_id::unneeded,
    session::maximum_for_nobody,
    session::mfa_of_the_role,
    policies::trust,
];

/// What there is to say about a spec on a day.
///
/// # Errors
/// Why there is nothing to look at: the text is not YAML, or empty.
pub fn spec(parsed: Parsed, files: &PolicyFiles, today: Date) -> Result<Report, Error> {
    let source = Arc::clone(&parsed.source);
    if !parsed.is_yaml {
        let ((), _) = parsed.diagnostics.finish(())?;
        return Err(Error::bug("a text that is not YAML has no problem"));
    }
    let spec = Arc::clone(&parsed.spec);
    let waivers = Waivers::of(&spec, today);
    match check::lower(parsed, files) {
        Ok((fleet, warnings)) => {
            let whole = Whole::of(&source, (&spec, &fleet), true);
            let mut found = located(warnings, &waivers);
            found.extend(rules(&whole, files));
            Ok(waivers.report(found, &source))
        }
        Err(error) if error.kind == Kind::Input => {
            Ok(Report { findings: in_order(located(error.diagnostics, &waivers)), ..Report::default() })
        }
        Err(error) => Err(error),
    }
}

/// The warnings about a spec without errors beside those that `check` has for it, on a day.
#[must_use]
pub fn spec_warnings(
    source: &Arc<Source>,
    (spec, fleet): (&Spec, &Fleet),
    files: &PolicyFiles,
    today: Date,
) -> Vec<Diagnostic> {
    let mut found = rules(&Whole::of(source, (spec, fleet), false), files);
    found.retain(|finding| finding.diagnostic.level == Level::Warning);
    let report = Waivers::of(spec, today).report(found, source);
    let diagnostics = report.findings.into_iter().map(|finding| finding.diagnostic);
    // Whether a waiver is of use is seen by all findings alone.
    diagnostics.filter(|found| found.level == Level::Warning && found.id != Some("CR099")).collect()
}

/// What `check` said, each with its target.
fn located(diagnostics: Vec<Diagnostic>, waivers: &Waivers) -> Vec<Finding> {
    let finding = |diagnostic: Diagnostic| {
        let target = waivers.target(&diagnostic);
        let id = diagnostic.id.unwrap_or("CR000");
        Finding { diagnostic: diagnostic.id(id), target }
    };
    diagnostics.into_iter().map(finding).collect()
}

fn rules(whole: &Whole<'_>, files: &PolicyFiles) -> Vec<Finding> {
    // Few specs hold policies themselves, and reading them twice takes as long as all the rules.
    let root = LazyLock::new(|| yaml::load(whole.source, &mut Diagnostics::default()));
    let part = |place: Span| tree::at(root.as_ref()?, place);
    let mut found = Findings::of(whole.source);
    for rule in WHOLE {
        rule(whole, &mut found);
    }
    let written = whole.spec.targets.value().into_iter().flatten();
    let written: BTreeMap<&str, &TargetSpec> =
        written.filter_map(|target| Some((target.value.name.value()?.as_str(), &target.value))).collect();
    let of_target = |target: &Target| {
        let spec = written.get(target.name.as_str())?;
        Some(rules_of_target(&One { whole, spec, target }, (&part, files)))
    };
    let of_targets: Vec<Findings> = whole.fleet.targets.par_iter().filter_map(of_target).collect();
    for one in of_targets {
        found.append(one);
    }
    found.into_list()
}

fn rules_of_target(one: &One<'_>, written: (&dyn Fn(Span) -> Option<Value>, &PolicyFiles)) -> Findings {
    let mut found = Findings::of(one.whole.source).with_notes(one.whole.with_notes);
    found.about(Some(&one.target.name));
    for rule in EACH {
        rule(one, &mut found);
    }
    for role in &one.target.roles {
        let nothing = RoleSpec::default();
        let spec = role.key.as_ref().map_or_else(
            || one.spec.role.value().map(AsRef::as_ref),
            |key| one.spec.roles.value().and_then(|roles| Some(&roles.get(key.as_str())?.value)),
        );
        let role = OneRole { one, spec: spec.unwrap_or(&nothing), role };
        for rule in EACH_ROLE {
            rule(&role, &mut found);
        }
        policies::existing(&role, written.1, &mut found);
        policies::inline(&role, written, &mut found);
    }
    found
}
