//! One root for all accounts: what it asks of callers, what cannot run it yet, and how far it goes.

use super::{Check, first_line};
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Span};
use crate::model::{Caller, Fleet};
use crate::spec::Spec;

/// Providers up to which one root is comfortable. Terraform starts a process for each and keeps all of them until the run
/// ends: 20 of provider 5.100.0 took 1.9 GB, beside 0.2 GB of Terraform 1.11.4 (`docs/how-to.md`).
const MANY: usize = 20;

pub(super) fn check(cx: &mut Check<'_>, spec: &Spec, fleet: &Fleet) {
    if !fleet.has_single_root() {
        return;
    }
    let terraform = spec.terraform.value();
    let at =
        terraform.and_then(|terraform| terraform.layout.get()).map_or(Span::default(), |layout| layout.at);
    check_callers(cx, fleet, at);
    check_pipelines(cx, spec, fleet);
    warn_of_many(cx, fleet, at);
}

/// Who runs the root needs a role in every account.
fn check_callers(cx: &mut Check<'_>, fleet: &Fleet, at: Span) {
    let runs = |caller: &Caller| fleet.targets.iter().all(|target| target.roles.default().admits(caller));
    if fleet.targets.is_empty() || fleet.source.callers.iter().any(runs) {
        return;
    }
    let message = "no caller can run the one root of `layout: single`: none can assume the default role of every target";
    let help = "list one caller in every target's default role; or use `layout: roots`, where each target's callers run a root of its own";
    cx.error(at, None, message, help);
}

fn check_pipelines(cx: &mut Check<'_>, spec: &Spec, fleet: &Fleet) {
    if !fleet.pipelines.is_any() {
        return;
    }
    let at = spec.pipelines.get().map_or(Span::default(), |pipelines| first_line(pipelines.at));
    let message = "`pipelines` cannot run the one root of `layout: single`";
    let help = "use `layout: roots`, whose roots pipelines share among their jobs by account; or remove `pipelines`, and run the root `workload` in one of your own";
    cx.error(at, None, message, help);
}

fn warn_of_many(cx: &mut Check<'_>, fleet: &Fleet, at: Span) {
    let providers: usize = fleet.targets.iter().map(|target| 1 + target.regions.len()).sum();
    if providers <= MANY {
        return;
    }
    let message = format!(
        "the one root of `layout: single` starts {} at once: allow about 100 MB of memory for each",
        Count(providers, "AWS provider")
    );
    let help = format!(
        "beyond about {MANY} accounts, use `layout: roots`; one account that cannot be reached also fails the plan of all"
    );
    cx.found.push(Diagnostic::warning(message).at(cx.source, at).help(help));
}
