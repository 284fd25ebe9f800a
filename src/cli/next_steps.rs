//! What to do after `generate`: the roots that changed, in order, by who runs them.

use std::path::Path;

use crate::diagnostic::words::Count;
use crate::model::{Caller, CallerIdentity, Credentials, Fleet};
use crate::runbook::{Root, RunAs, needs_mfa, profile_of, roots};
use crate::session::Plan;
use crate::shell;
use crate::ui::NextSteps;

/// Roots that are named, if there are many.
const SHOWN: usize = 6;

/// What to run in the roots that changed, in order; the first few by name.
pub(super) fn next_steps(fleet: &Fleet, plan: &Plan, spec: &Path, out: &Path) -> Vec<NextSteps> {
    let changed = plan.changed_folders();
    let changed: Vec<_> = roots(fleet).into_iter().filter(|root| changed.contains(&*root.path)).collect();
    // The place of "and so on" is as good for one more.
    let shown = if changed.len() > SHOWN + 1 { SHOWN } else { changed.len() };
    let place = Place { out };
    let mut steps: Vec<NextSteps> =
        changed[..shown].chunk_by(is_same_group).map(|group| place.group(fleet, group)).collect();
    let mut last = Vec::new();
    if shown < changed.len() {
        last.push(format!(
            "and {}: `{}` prints all roots in order, and who runs each",
            Count(changed.len() - shown, "more root"),
            list_command(spec)
        ));
    }
    last.push(format!(
        "{} says how everyone gets credentials, and how to retire a target",
        place.at("CROSSROLE.md")
    ));
    steps.push(NextSteps { who: None, lines: last });
    steps
}

/// The command that lists the roots of a spec.
fn list_command(spec: &Path) -> String {
    match spec.to_str() {
        Some("crossrole.yaml") => "crossrole list".to_owned(),
        _ => format!("crossrole list --spec={}", shell::word(&spec.display().to_string())),
    }
}

/// Whether two roots are run by the same people at the same time.
fn is_same_group(one: &Root<'_>, next: &Root<'_>) -> bool {
    one.step == next.step && one.run_as == next.run_as
}

/// Where the output folder lies, seen from where the user stands.
struct Place<'p> {
    out: &'p Path,
}

impl Place<'_> {
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

    fn group(&self, fleet: &Fleet, roots: &[Root<'_>]) -> NextSteps {
        let Some(first) = roots.first() else { return NextSteps { who: None, lines: Vec::new() } };
        let sign_in = (first.run_as == RunAs::Callers).then(|| self.sign_in(fleet, roots)).flatten();
        let takes_code = sign_in.as_ref().is_some_and(|command| command.ends_with("123456)\""));
        let who =
            who(fleet, roots) + if takes_code { ", with the code of an MFA device for 123456" } else { "" };
        let lines = sign_in.into_iter().chain(roots.iter().map(|root| self.line(root))).collect();
        NextSteps { who: Some(who), lines }
    }

    fn line(&self, root: &Root<'_>) -> String {
        if root.run_as == RunAs::AccountOwner {
            return format!("{} says what to do there", self.at(&format!("{}/README.md", root.path)));
        }
        let folder = self.at(&root.path);
        format!("terraform -chdir={folder} init && terraform -chdir={folder} {}", root.action.as_str())
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
