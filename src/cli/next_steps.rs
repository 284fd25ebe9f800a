//! What to do after `generate`: the roots that changed, in order, by who runs them.

use std::path::Path;

use super::scaffold::flag;
use crate::diagnostic::words::Count;
use crate::model::{Caller, CallerIdentity, Credentials, Fleet};
use crate::runbook::{Root, RunAs, needs_mfa, profile_of, roots};
use crate::session::{Change, ChangeKind, Plan};
use crate::shell;
use crate::ui::NextSteps;

/// Roots that are all named.
const ALL: usize = 7;

/// Roots of a group that are named, where there are more than can all be.
const FEW: usize = 2;

/// Groups that are shown, where there are more.
const GROUPS: usize = 6;

/// What to run in the roots that changed, in order; the first few of each group, if there are many.
pub(super) fn next_steps(fleet: &Fleet, plan: &Plan, spec: &Path, out: &Path) -> Vec<NextSteps> {
    let changed = plan.changed_folders();
    let mut changed: Vec<_> = roots(fleet).into_iter().filter(|root| changed.contains(&*root.path)).collect();
    // What the same people run at the same time stands together.
    changed.sort_by_key(|root| (root.step, root.run_as));
    let shown = if changed.len() > ALL { FEW } else { ALL };
    let place = Place { plan, spec, out };
    let groups: Vec<&[Root<'_>]> =
        changed.chunk_by(|one, next| (one.step, one.run_as) == (next.step, next.run_as)).collect();
    let mut steps: Vec<NextSteps> =
        groups.iter().take(GROUPS).map(|group| place.group(fleet, group, shown)).collect();
    let more: usize = groups.iter().skip(GROUPS).map(|group| group.len()).sum();
    let further = (more > 0).then(|| {
        format!("then {}: `{}` shows who runs them", Count(more, "more root"), place.list_command())
    });
    let index =
        format!("{} explains how to get credentials and how to retire a target", place.at("CROSSROLE.md"));
    steps.push(NextSteps { who: None, lines: further.into_iter().chain([index]).collect() });
    steps
}

/// Where spec and output folder lie, seen from where the user stands.
struct Place<'p> {
    plan: &'p Plan,
    spec: &'p Path,
    out: &'p Path,
}

impl Place<'_> {
    /// The command that lists the roots of the spec.
    fn list_command(&self) -> String {
        format!("crossrole list{}", flag(self.spec))
    }

    /// A path below the folder, as a word of a shell.
    fn at(&self, path: &str) -> String {
        let path = if self.out == Path::new(".") {
            path.to_owned()
        } else {
            self.out.join(path).display().to_string()
        };
        // Terraform, the shell and `cat` would take it for an option.
        shell::word(&if path.starts_with('-') { format!("./{path}") } else { path })
    }

    /// The steps of those who run these roots, the first of which are named.
    fn group(&self, fleet: &Fleet, roots: &[Root<'_>], shown: usize) -> NextSteps {
        let Some(first) = roots.first() else { return NextSteps { who: None, lines: Vec::new() } };
        let sign_in = (first.run_as == RunAs::Callers).then(|| self.sign_in(fleet, roots)).flatten();
        let takes_code = sign_in.as_ref().is_some_and(|command| command.ends_with("123456)\""));
        let who =
            who(fleet, roots) + if takes_code { ", with the code of an MFA device for 123456" } else { "" };
        let (named, others) = roots.split_at(shown.min(roots.len()));
        let others = (!others.is_empty()).then(|| {
            format!(
                "the same for {}: `{}` prints them in order",
                Count(others.len(), "more root"),
                self.list_command()
            )
        });
        let lines =
            sign_in.into_iter().chain(named.iter().map(|root| self.line(root))).chain(others).collect();
        NextSteps { who: Some(who), lines }
    }

    fn line(&self, root: &Root<'_>) -> String {
        if root.run_as == RunAs::AccountOwner || root.action.tool() != "terraform" {
            return format!("{} explains what to do", self.at(&format!("{}/README.md", root.path)));
        }
        if root.kind == "state" && !self.was_there(root) {
            return format!("{} shows how to create the bucket of the states", self.at("CROSSROLE.md"));
        }
        let folder = self.at(&root.path);
        let init = if self.moves_state(root) { "init -migrate-state" } else { "init" };
        format!("terraform -chdir={folder} {init} && terraform -chdir={folder} {}", root.action.as_str())
    }

    /// Whether the state of a root that was there is to be kept elsewhere: Terraform then refuses a plain `init`.
    fn moves_state(&self, root: &Root<'_>) -> bool {
        self.changes(root, "backend.tf", Change::is_write) && self.was_there(root)
    }

    /// Whether a root is not new.
    fn was_there(&self, root: &Root<'_>) -> bool {
        !self.changes(root, "versions.tf", |change| change.kind() == Some(ChangeKind::Missing))
    }

    /// Whether a file of a root has such a change.
    fn changes(&self, root: &Root<'_>, name: &str, is_such: fn(&Change) -> bool) -> bool {
        let path = format!("{}/{name}", root.path);
        self.plan.changes().any(|change| change.path.as_str() == path && is_such(change))
    }

    /// The command that all callers sign in with, if it is one.
    fn sign_in(&self, fleet: &Fleet, roots: &[Root<'_>]) -> Option<String> {
        let mut commands =
            roots.iter().flat_map(|root| root.callers(fleet)).map(|caller| self.command(fleet, caller));
        let first = commands.next()??;
        commands.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }

    fn command(&self, fleet: &Fleet, caller: &Caller) -> Option<String> {
        match (&caller.identity, &fleet.source.credentials) {
            (CallerIdentity::PermissionSet { .. }, Credentials::Profile(_)) => {
                let profile = profile_of(fleet, caller)?;
                Some(format!("aws sso login --profile {}", shell::word(&profile)))
            }
            (_, Credentials::Environment) if needs_mfa(fleet, caller) => {
                Some(format!("eval \"$({} 123456)\"", self.at("source/mfa-session.sh")))
            }
            _ => None,
        }
    }
}

/// Who runs a group of roots, by name.
fn who(fleet: &Fleet, roots: &[Root<'_>]) -> String {
    let names: Vec<String> = roots.iter().map(|root| root.who(fleet)).collect();
    let [first, rest @ ..] = names.as_slice() else { return String::new() };
    match roots.first().map(|root| root.run_as) {
        Some(RunAs::Callers) if rest.iter().any(|other| other != first) => {
            "the callers of each target".to_owned()
        }
        Some(RunAs::AccountOwner) => format!("{first}, who is given the folder"),
        _ => first.clone(),
    }
}
