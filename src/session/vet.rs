//! The fourth stage: the gates between a plan and the disk, once and in one order.
//!
//! Targets that would go without having been retired; roots that another layout would replace; trust that
//! gets wider, where that needs a word; and trust policies that do not do what the spec says. Conflicts that
//! nobody was given to resolve stop the writing alone, so that whoever asks is still shown the plan.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::open::{Opened, as_recorded};
use super::pipelines;
use super::plan::Planned;
use super::trust_gate::refuse_other_trust;
use crate::diagnostic::words::{Count, few};
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::grants::{Together, TrustChange, together};
use crate::model::TargetName;
use crate::output::UnitName;
use crate::reconcile::{Alike, Change, Conflict, Decision, MissingRecord, Plan, alike};
use crate::store::{RECORD, record_path};

/// What the person who runs it has agreed to.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Targets that may go although they were never retired.
    pub forget: BTreeSet<String>,
    /// Whether workload roots may be replaced by those of another layout.
    pub replaces_roots: bool,
    /// Whether trust may change: what would be refused is a warning.
    pub accepts_trust_change: bool,
    /// Whether trust must not get wider unasked.
    pub refuses_wider_trust: bool,
}

/// A plan that may be carried out.
pub struct Vetted<'i> {
    pub(super) planned: Planned<'i>,
    warnings: Vec<Diagnostic>,
}

impl<'i> Planned<'i> {
    /// Holds the plan against the rules.
    ///
    /// # Errors
    /// What the rules do not allow.
    pub fn vet(self, rules: &Rules) -> Result<Vetted<'i>, Error> {
        pipelines::refuse_others(self.plan())?;
        refuse_unretired(&self.unretired(&rules.forget)?)?;
        if !rules.replaces_roots {
            self.refuse_other_layout()?;
        }
        if rules.refuses_wider_trust && !rules.accepts_trust_change {
            refuse_wider_trust(self.trust_changes()?)?;
        }
        let warnings = refuse_other_trust(&self, rules.accepts_trust_change)?;
        Ok(Vetted { planned: self, warnings })
    }

    /// Targets that the plan would delete though they were never retired. Terraform could not destroy
    /// what it made for them any more.
    fn unretired(&self, forgotten: &BTreeSet<String>) -> Result<Vec<&TargetName>, Error> {
        let mut names = Vec::new();
        for unit in self.plan().units.iter().filter(|unit| unit.is_gone()) {
            let Some(name) = unit.unit.target() else { continue };
            let retired = self.opened.workspace.base(&unit.unit)?.is_none_or(|record| record.retired);
            if !retired && !forgotten.contains(name.as_str()) {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// Records that are lost, and what that means.
    #[must_use]
    pub fn missing_records(&self) -> Vec<Diagnostic> {
        let mut lost: BTreeMap<(bool, String), Vec<&UnitName>> = BTreeMap::new();
        for (unit, why) in self.plan().missing_records() {
            let what = match why {
                MissingRecord::Missing => "missing, though listed in the lock".to_owned(),
                MissingRecord::Damaged(why) => format!("damaged: {why}"),
            };
            lost.entry((unit.is_gone(), what)).or_default().push(&unit.unit);
        }
        let warning = |((is_gone, what), units): ((bool, String), Vec<&UnitName>)| {
            let names: Vec<String> = units.iter().map(ToString::to_string).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let message = match names[..] {
                [name] => format!("the record of `{name}` is {what}"),
                _ => format!("{} are {what}: {}", Count(names.len(), "record"), few(&names)),
            };
            Diagnostic::warning(message).help(without(is_gone, &units))
        };
        lost.into_iter().map(warning).collect()
    }

    /// What a plan opens, for people to read before anything else.
    ///
    /// # Errors
    /// As [`Planned::trust_changes`].
    pub fn trust_warnings(&self) -> Result<Vec<Diagnostic>, Error> {
        let changes = together(self.trust_changes()?);
        Ok(changes.iter().map(|change| Diagnostic::warning(format!("trust widened: {change}"))).collect())
    }

    /// What was asked for that the plan has nothing to do with.
    #[must_use]
    pub fn idle_options(&self, forget: &[String]) -> Vec<Diagnostic> {
        let restore = self.opened.options.restore.iter().filter(|path| !self.is_restored(path)).map(|path| {
            Diagnostic::warning(format!("nothing of `{path}` was deleted"))
                .help("`--restore` takes the path of a file or folder, as `--dry-run` prints it")
        });
        let forget = forget.iter().filter(|name| !self.is_gone(name)).map(|name| {
            let is_in_spec = self.opened.has_target(name);
            let message = if is_in_spec {
                format!("the target `{name}` is still in the spec")
            } else {
                format!("there is no target `{name}`, neither in the spec nor in the record")
            };
            Diagnostic::warning(message)
                .help("`--forget` is for a target that was deleted from the spec and never applied")
        });
        restore.chain(forget).collect()
    }

    /// Whether the plan brings back a file or folder.
    fn is_restored(&self, path: &str) -> bool {
        let path = as_recorded(path);
        let is_meant = |change: &Change| {
            change.path.as_str() == path || change.path.folders().any(|folder| folder == path)
        };
        self.plan().changes().any(|change| change.decision == Decision::Create && is_meant(change))
    }

    /// Whether a target goes with the plan.
    fn is_gone(&self, name: &str) -> bool {
        let gone = self.plan().units.iter().filter(|plan| plan.is_gone());
        gone.filter_map(|plan| plan.unit.target()).any(|target| target.as_str() == name)
    }
}

impl Opened<'_> {
    fn has_target(&self, name: &str) -> bool {
        self.inputs.fleet.targets.iter().any(|target| target.name.as_str() == name)
    }
}

impl Vetted<'_> {
    /// What is to happen.
    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        self.planned.plan()
    }

    /// The plan with what can be asked of it.
    #[must_use]
    pub fn planned(&self) -> &Planned<'_> {
        &self.planned
    }

    /// What the gates let pass, and is worth saying.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Every conflict that nobody was given to resolve, and how to go on, if there are any.
    #[must_use]
    pub fn unresolved(&self) -> Option<Error> {
        (!self.plan().is_handed_over()).then(|| conflicts(self.plan()))
    }
}

fn conflicts(plan: &Plan) -> Error {
    let places = |change: &Change| -> Vec<String> {
        change.details.iter().map(|found| format!("{} {}", found.at, found.what)).collect()
    };
    let same = alike(plan, |_, change| Some((change.conflict()?, places(change))));
    let error = |same: &Alike<'_, (Conflict, Vec<String>)>| {
        let (conflict, places) = &same.key;
        let places = if places.is_empty() { String::new() } else { format!(": {}", places.join("; ")) };
        let targets = same.several().map(|several| format!(", in {several}")).unwrap_or_default();
        let message = format!("`{}` {}{places}{targets}", same.path, conflict.as_str());
        Diagnostic::error(message).help(conflict.help())
    };
    let mut diagnostics: Vec<_> = same.iter().map(error).collect();
    let count = Count(plan.conflicts().count(), "conflict");
    diagnostics.push(Diagnostic::warning(format!("{count}; nothing was written")));
    Error::new(Kind::Conflict, diagnostics)
}

/// What follows from lost records, and what to do about it.
fn without(is_gone: bool, units: &[&UnitName]) -> String {
    let record = match units {
        [only] => record_path(only),
        _ => format!("{RECORD}/units"),
    };
    let without = if is_gone {
        "without it, the files that were generated are not known, and all of them stay"
    } else {
        "if it cannot be restored, `crossrole generate` rebuilds it: unchanged files are adopted, edited files are reported as conflicts"
    };
    format!("restore `{record}` from version control; {without}")
}

/// The refusal to delete targets that were not retired.
fn refuse_unretired(names: &[&TargetName]) -> Result<(), Error> {
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    let (message, them, forget) = match names[..] {
        [] => return Ok(()),
        [name] => {
            let message = format!("target `{name}` was removed from the spec without being retired first");
            (message, "it", format!("--forget {name}"))
        }
        _ => {
            let targets = format!("{} ({})", Count(names.len(), "target"), few(&names));
            let message = format!("{targets} were removed from the spec without being retired first");
            (message, "them", "--forget NAME".to_owned())
        }
    };
    let help = format!(
        "Terraform could no longer destroy what was built there: put {them} back with `state: retired` and follow CROSSROLE.md, or use `{forget}` if nothing was ever applied"
    );
    Err(Error::one(Kind::Refused, message, help))
}

fn refuse_wider_trust(trust: &[TrustChange]) -> Result<(), Error> {
    if trust.is_empty() {
        return Ok(());
    }
    let error = |change: &Together<'_>| Diagnostic::error(format!("trust widened: {change}"));
    let mut diagnostics: Vec<_> = together(trust).iter().map(error).collect();
    let help = "nothing was written; to allow this, use `--accept-trust-change`";
    diagnostics.push(
        Diagnostic::error(format!("the update would widen trust in {}", Count(trust.len(), "place")))
            .help(help),
    );
    Err(Error::new(Kind::Refused, diagnostics))
}
