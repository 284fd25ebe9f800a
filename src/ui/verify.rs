//! What a verification came to, for people and for CI; and how far it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Detail, Ui, Verbosity};
use crate::diagnostic::words::Count;
use crate::evidence::{Evidence, Step, StepName, StepOutcome, TargetEvidence, TargetOutcome};

/// Names in a list that is cut.
const FEW: usize = 5;

/// How far a verification is: on a terminal a bar that names the last step begun, and everywhere a line per target.
pub struct VerifyProgress {
    ui: Ui,
    bar: ProgressBar,
}

impl VerifyProgress {
    /// Progress over so many targets.
    #[must_use]
    pub fn new(ui: &Ui, targets: usize) -> Self {
        let bar = ProgressBar::new(targets as u64);
        let is_visible = ui.verbosity > Verbosity::Quiet && io::stderr().is_terminal();
        bar.set_draw_target(if is_visible {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        });
        if let Ok(style) = ProgressStyle::with_template("{pos}/{len} [{bar:30}] {wide_msg}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { ui: ui.clone(), bar }
    }

    /// A step begins.
    pub fn begins(&self, target: &str, step: StepName) {
        self.bar.set_message(format!("{target}: {}", step.words()));
    }

    /// A step has ended.
    pub fn ends(&self, target: &str, step: &Step) {
        if self.ui.is_verbose() {
            let detail = step.detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
            self.line(&format!("{target}: {}: {}{detail}", step.step.words(), outcome(step)));
        }
    }

    /// A target has been tried.
    pub fn tried(&self, target: &TargetEvidence) {
        self.bar.inc(1);
        let taken = target.steps.iter().filter(|step| step.outcome != StepOutcome::Skipped);
        let (count, seconds) = (Count(taken.count(), "step"), seconds(target));
        self.line(&format!("{}: {} ({count}, {seconds:.1} s)", target.name, target.outcome.words()));
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn line(&self, text: &str) {
        self.bar.suspend(|| self.ui.say(text));
    }
}

fn seconds(target: &TargetEvidence) -> f64 {
    Duration::from_millis(target.steps.iter().map(|step| step.duration_ms).sum()).as_secs_f64()
}

fn outcome(step: &Step) -> String {
    match step.outcome {
        StepOutcome::Ok => "ok".to_owned(),
        StepOutcome::Failed => unexpected(step),
        StepOutcome::Skipped => "skipped".to_owned(),
        StepOutcome::Interrupted => "interrupted".to_owned(),
    }
}

fn unexpected(step: &Step) -> String {
    format!("expected {}, got {}", step.expected.as_str(), step.seen.as_deref().unwrap_or("nothing"))
}

/// What a verification came to, in words: what is not as declared, what was not tried, what may be left.
#[must_use]
pub fn evidence_text(evidence: &Evidence, detail: Detail) -> String {
    let mut text = String::new();
    for places in failures(evidence).values() {
        push_failures(&mut text, places, detail);
    }
    for (reason, names) in not_tried(evidence) {
        _ = writeln!(text, "not tried: {}: {reason}", few(&names, detail));
    }
    for ((step, reason), names) in skipped(evidence) {
        _ = writeln!(text, "skipped: {}: {}: {reason}", step.words(), few(&names, detail));
    }
    for leftover in evidence.may_exist() {
        let (name, account) = (&leftover.name, &leftover.account_id);
        _ = writeln!(
            text,
            "may still exist: bucket `{name}`, built for account {account}; `aws s3 rb s3://{name} --force` deletes it"
        );
    }
    text.push_str(&summary(evidence));
    text
}

/// A step and the target that it is of.
type Place<'e> = (&'e TargetEvidence, &'e Step);

/// Steps that failed, in the same way together: by what was tried, and what was seen.
fn failures(evidence: &Evidence) -> BTreeMap<(StepName, Option<&str>), Vec<Place<'_>>> {
    let mut failures: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for target in &evidence.targets {
        for step in target.failures() {
            failures.entry((step.step, step.seen.as_deref())).or_default().push((target, step));
        }
    }
    failures
}

fn push_failures(text: &mut String, places: &[Place<'_>], detail: Detail) {
    let shown = if detail == Detail::All || places.len() <= FEW + 1 { places.len() } else { FEW };
    for (index, (target, step)) in places[..shown].iter().enumerate() {
        if index == 0 {
            _ = writeln!(text, "not as declared: {}: {}", step.step.words(), unexpected(step));
        }
        _ = writeln!(text, "  {} ({}): {}", target.name, target.account_id, step.role_arn);
        step.detail.iter().for_each(|detail| _ = writeln!(text, "    {detail}"));
    }
    if shown < places.len() {
        _ = writeln!(text, "  and {} more", places.len() - shown);
    }
}

/// Targets that were not tried, or not to the end, by reason.
fn not_tried(evidence: &Evidence) -> BTreeMap<&str, Vec<&str>> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for target in &evidence.targets {
        let reason = target.reason.as_deref().unwrap_or("for no reason that is known");
        if matches!(target.outcome, TargetOutcome::NotTried | TargetOutcome::Interrupted) {
            by_reason.entry(reason).or_default().push(&target.name);
        }
    }
    by_reason
}

/// Steps that were skipped though nothing failed before, by what and why.
fn skipped(evidence: &Evidence) -> BTreeMap<(StepName, &str), Vec<&str>> {
    let mut by_reason: BTreeMap<(StepName, &str), Vec<&str>> = BTreeMap::new();
    let entered = evidence.targets.iter().filter(|target| target.outcome == TargetOutcome::AsDeclared);
    for (target, step) in entered.flat_map(|target| target.steps.iter().map(move |step| (target, step))) {
        if let (StepOutcome::Skipped, Some(reason)) = (step.outcome, &step.detail) {
            let names = by_reason.entry((step.step, reason)).or_default();
            if names.last() != Some(&target.name.as_str()) {
                names.push(&target.name);
            }
        }
    }
    by_reason
}

fn few(names: &[&str], detail: Detail) -> String {
    if detail == Detail::All || names.len() <= FEW + 1 {
        return names.join(", ");
    }
    format!("{} and {} more", names[..FEW].join(", "), names.len() - FEW)
}

fn summary(evidence: &Evidence) -> String {
    let (all, right) = (evidence.targets.len(), evidence.count(TargetOutcome::AsDeclared));
    let verb = if all == 1 { "is" } else { "are" };
    let mut summary = format!("{right} of {} {verb} as declared", Count(all, "target"));
    for other in [TargetOutcome::NotAsDeclared, TargetOutcome::NotTried, TargetOutcome::Interrupted] {
        match evidence.count(other) {
            0 => {}
            count => _ = write!(summary, ", {count} {}", other.words()),
        }
    }
    summary + "\n"
}

/// What a verification came to, as CI systems read results of tests: a suite per target, a case per step.
#[must_use]
pub fn evidence_junit(evidence: &Evidence) -> String {
    let mut text =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"crossrole verify\">\n");
    evidence.targets.iter().for_each(|target| push_suite(&mut text, target));
    text.push_str("</testsuites>\n");
    text
}

fn push_suite(text: &mut String, target: &TargetEvidence) {
    // A target without steps would not be seen at all.
    let untried = target.steps.is_empty();
    let of = |wanted| target.steps.iter().filter(|step| step.outcome == wanted).count();
    let skipped = of(StepOutcome::Skipped) + of(StepOutcome::Interrupted) + usize::from(untried);
    let (name, time) = (xml(&target.name), seconds(target));
    let (tests, failures) = (target.steps.len() + usize::from(untried), of(StepOutcome::Failed));
    _ = writeln!(
        text,
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" skipped=\"{skipped}\" time=\"{time:.3}\">"
    );
    if untried {
        let reason = xml(target.reason.as_deref().unwrap_or_default());
        _ = writeln!(
            text,
            "    <testcase classname=\"{name}\" name=\"verify\"><skipped message=\"{reason}\"/></testcase>"
        );
    }
    target.steps.iter().for_each(|step| push_case(text, &name, step));
    text.push_str("  </testsuite>\n");
}

fn push_case(text: &mut String, target: &str, step: &Step) {
    let role = step.role_arn.rsplit('/').next().unwrap_or_default();
    let name = xml(&format!("{} ({role})", step.step.words()));
    let time = Duration::from_millis(step.duration_ms).as_secs_f64();
    let detail = xml(step.detail.as_deref().unwrap_or_default());
    let result = match step.outcome {
        StepOutcome::Ok => String::new(),
        StepOutcome::Failed => format!("<failure message=\"{}\">{detail}</failure>", xml(&unexpected(step))),
        StepOutcome::Skipped => format!("<skipped message=\"{detail}\"/>"),
        StepOutcome::Interrupted => "<skipped message=\"interrupted\"/>".to_owned(),
    };
    _ = writeln!(
        text,
        "    <testcase classname=\"{target}\" name=\"{name}\" time=\"{time:.3}\">{result}</testcase>"
    );
}

/// A text as XML holds it, between tags and in quotes; characters that XML has no place for are left out.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')) {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            other => escaped.push(other),
        }
    }
    escaped
}
