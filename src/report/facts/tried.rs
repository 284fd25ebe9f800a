//! What `verify` tried and saw: files of several runs as one, in which the latest step counts.

use std::collections::BTreeMap;

use super::{OutcomeCount, StepFact, TargetFact, TriedFact, Verdict};
use crate::diagnostic::words::{Count, one_line};
use crate::evidence::{Evidence, Step, StepName, StepOutcome, TargetOutcome};

/// What all files say of one target.
#[derive(Default)]
struct Tried<'e> {
    outcome: Option<TargetOutcome>,
    /// The latest of each step, by caller and role.
    steps: BTreeMap<(&'e str, &'e str, StepName), &'e Step>,
    may_exist: Vec<String>,
}

/// What was tried of these targets, which are told how it went. Files are evidence by their names; `sha256` is that of the
/// spec.
#[must_use]
pub fn tried(files: &[(String, Evidence)], sha256: &str, targets: &mut [TargetFact]) -> TriedFact {
    let mut remarks = Vec::new();
    let others = files.iter().filter(|(_, evidence)| evidence.spec.sha256 != sha256);
    let others: Vec<&str> = others.map(|(name, _)| name.as_str()).collect();
    remarks.extend(others.iter().map(|name| {
        format!("`{name}` is evidence of another spec, or of an earlier text of this one: it says nothing of the present one")
    }));
    let open = files.iter().filter(|(_, evidence)| !evidence.complete);
    remarks.extend(open.map(|(name, _)| format!("`{name}` is not complete: its run ended early")));
    let mut ordered: Vec<&Evidence> = files.iter().map(|(_, evidence)| evidence).collect();
    ordered.sort_by(|left, right| left.started.cmp(&right.started));
    let known: BTreeMap<(&str, &str), usize> = targets
        .iter()
        .enumerate()
        .map(|(at, target)| ((target.name.as_str(), target.account_id.as_str()), at))
        .collect();
    let mut tried: BTreeMap<usize, Tried<'_>> = BTreeMap::new();
    for evidence in &ordered {
        for target in &evidence.targets {
            let Some(at) = known.get(&(target.name.as_str(), target.account_id.as_str())) else { continue };
            tried.entry(*at).or_default().add(evidence, target);
        }
    }
    let outcomes: BTreeMap<usize, TargetOutcome> =
        tried.iter().map(|(at, tried)| (*at, tried.outcome())).collect();
    let names: Vec<String> = targets.iter().map(|target| target.name.clone()).collect();
    for (at, target) in targets.iter_mut().enumerate() {
        let outcome = outcomes.get(&at).copied().unwrap_or(TargetOutcome::NotTried);
        target.tried = Some(outcome.words());
        // What was seen under another spec may be as that one says.
        if outcome == TargetOutcome::NotAsDeclared && others.is_empty() {
            target.verdict = target.verdict.max(Verdict::Differs);
        }
    }
    TriedFact {
        files: files.len(),
        is_of_this_spec: others.is_empty(),
        is_complete: files.iter().all(|(_, evidence)| evidence.complete),
        started: ordered.first().map(|evidence| one_line(evidence.started.clone())).unwrap_or_default(),
        ended: ordered.iter().filter_map(|evidence| evidence.ended.clone()).max().map(one_line),
        callers: callers(&ordered),
        tools: tools(&ordered),
        remarks,
        outcomes: counts(targets),
        steps: steps(&tried, &names),
        may_exist: tried.values().flat_map(|tried| tried.may_exist.clone()).collect(),
    }
}

impl<'e> Tried<'e> {
    /// Takes over what a later run saw.
    fn add(&mut self, evidence: &'e Evidence, target: &'e crate::evidence::TargetEvidence) {
        let is_destroyed = |step: &Step| step.step == StepName::Destroy && step.outcome == StepOutcome::Ok;
        if target.steps.iter().any(is_destroyed) {
            self.may_exist.clear();
        }
        let left = target.may_exist.iter().map(|left| {
            one_line(format!("{} {} in {} ({})", left.kind, left.name, target.name, left.account_id))
        });
        self.may_exist.extend(left);
        self.may_exist.sort();
        self.may_exist.dedup();
        for step in &target.steps {
            let key = (evidence.caller.arn.as_str(), step.role_arn.as_str(), step.step);
            let known = self.steps.entry(key).or_insert(step);
            if step.started >= known.started {
                *known = step;
            }
        }
        if target.outcome != TargetOutcome::NotTried || self.outcome.is_none() {
            self.outcome = Some(target.outcome);
        }
    }

    /// What it came to: a step that failed and was not taken again since counts, whoever came last.
    fn outcome(&self) -> TargetOutcome {
        if self.steps.values().any(|step| step.outcome == StepOutcome::Failed) {
            return TargetOutcome::NotAsDeclared;
        }
        self.outcome.unwrap_or(TargetOutcome::NotTried)
    }
}

fn callers(all: &[&Evidence]) -> Vec<String> {
    let mut callers: Vec<String> = all
        .iter()
        .map(|evidence| one_line(format!("{} ({})", evidence.caller.id, evidence.caller.arn)))
        .collect();
    callers.sort();
    callers.dedup();
    callers
}

fn tools(all: &[&Evidence]) -> Vec<String> {
    let mut tools: Vec<String> = all
        .iter()
        .flat_map(|evidence| {
            let tools = &evidence.tools;
            let provider = tools.aws_provider.iter().map(|version| format!("AWS provider {version}"));
            let own = [format!("Terraform {}", tools.terraform), format!("AWS CLI {}", tools.aws)];
            own.into_iter().chain(provider)
        })
        .map(one_line)
        .collect();
    tools.sort();
    tools.dedup();
    tools
}

fn counts(targets: &[TargetFact]) -> Vec<OutcomeCount> {
    use TargetOutcome::{AsDeclared, Interrupted, NotAsDeclared, NotTried, Running};
    let count = |outcome: TargetOutcome| {
        let count = targets.iter().filter(|target| target.tried == Some(outcome.words())).count();
        (count > 0).then(|| OutcomeCount { outcome: outcome.words(), targets: count })
    };
    [AsDeclared, NotAsDeclared, Interrupted, Running, NotTried].into_iter().filter_map(count).collect()
}

/// Steps that read the same together; what failed first.
fn steps(tried: &BTreeMap<usize, Tried<'_>>, names: &[String]) -> Vec<StepFact> {
    let mut groups: BTreeMap<(usize, StepName, String, &'static str), Vec<String>> = BTreeMap::new();
    for (at, tried) in tried {
        for step in tried.steps.values() {
            let is_ok = step.outcome == StepOutcome::Ok;
            let detail = step.detail.as_ref().filter(|_| !is_ok);
            let seen = [step.seen.as_ref(), detail].into_iter().flatten().cloned().collect::<Vec<_>>();
            let seen = if seen.is_empty() { "nothing".to_owned() } else { one_line(seen.join(": ")) };
            let key = (rank(step.outcome), step.step, seen, step.expected.as_str());
            groups.entry(key).or_default().push(names[*at].clone());
        }
    }
    let fact = |((rank, step, seen, expected), mut targets): ((usize, StepName, String, _), Vec<String>)| {
        targets.sort();
        targets.dedup();
        StepFact { step: step.words(), expected: words(expected), seen, outcome: OUTCOMES[rank], targets }
    };
    groups.into_iter().map(fact).collect()
}

/// The outcomes of steps, worst first.
const OUTCOMES: [&str; 4] = ["failed", "interrupted", "skipped", "ok"];

fn rank(outcome: StepOutcome) -> usize {
    match outcome {
        StepOutcome::Failed => 0,
        StepOutcome::Interrupted => 1,
        StepOutcome::Skipped => 2,
        StepOutcome::Ok => 3,
    }
}

fn words(expected: &'static str) -> &'static str {
    match expected {
        "not_found" => "not found",
        other => other,
    }
}

impl TriedFact {
    /// What it came to, in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let counts =
            self.outcomes.iter().map(|count| format!("{} {}", Count(count.targets, "target"), count.outcome));
        format!("{}.", counts.collect::<Vec<_>>().join(", "))
    }
}
