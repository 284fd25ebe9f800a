//! `pipelines/roots.json`: every root as a pipeline needs to know it.

use serde_json::{Map, Value, json};

use crate::model::{CallerId, Fleet, Target};
use crate::runbook::{Action, Root, RunAs, roots};

/// Every root in the order to run them: its path, its step, its account, the roots that must be up to date before it, for
/// workloads the role of each caller, and, where no pipeline runs it, why not.
#[must_use]
pub fn index(fleet: &Fleet) -> Value {
    let callers = fleet.pipelines.callers();
    roots(fleet).iter().map(|root| entry(fleet, &callers, root)).collect()
}

fn entry(fleet: &Fleet, callers: &[&CallerId], root: &Root<'_>) -> Value {
    let mut entry = json!({
        "path": root.path,
        "step": root.kind,
        "account_id": root.account_id,
        "needs": needs(root),
    });
    if let Some(why) = left_out(fleet, root) {
        entry["left_out"] = why.into();
    } else if let Some(target) = root.target.filter(|_| root.kind == "workload") {
        let roles = roles(fleet, callers, target);
        let is_said = target.roles.are_several() || roles.len() < callers.len();
        if is_said {
            entry["roles"] = Value::Object(roles);
        }
    }
    entry
}

/// What has to be there before a root can be planned.
fn needs(root: &Root<'_>) -> Vec<String> {
    match (root.kind, root.target) {
        ("workload", Some(target)) if runs_bootstrap(target) => {
            vec![format!("accounts/{}/bootstrap", target.name)]
        }
        ("state" | "source", _) => Vec::new(),
        _ => vec!["source".to_owned()],
    }
}

/// Whether a pipeline creates the roles of a target: it signs in to Account A, and goes on from there.
fn runs_bootstrap(target: &Target) -> bool {
    !target.retired && matches!(RunAs::bootstrap(target), Some(RunAs::BootstrapRole(_)))
}

fn left_out(fleet: &Fleet, root: &Root<'_>) -> Option<String> {
    let by_hand = root.run_as != RunAs::SourceAdministrator && root.run_as != RunAs::Callers;
    match root.target {
        _ if root.action == Action::Destroy => Some("its roles are destroyed by hand".to_owned()),
        // Its first state is a local one, and only a person can move that.
        None if root.kind == "state" => Some("an administrator of Account A runs it".to_owned()),
        Some(target) if by_hand && !runs_bootstrap(target) => {
            Some(format!("{} runs it", root.run_as.described(fleet)))
        }
        _ => None,
    }
}

/// The role of each caller that may assume one: the default role where it may, or else the first.
fn roles(fleet: &Fleet, callers: &[&CallerId], target: &Target) -> Map<String, Value> {
    let role = |id: &&CallerId| {
        let caller = fleet.source.caller(id)?;
        let default = Some(target.roles.default()).filter(|role| role.admits(caller));
        let role = default.or_else(|| target.roles.iter().find(|role| role.admits(caller)))?;
        Some((id.to_string(), role.key.as_ref().map_or("", |key| key.as_str()).into()))
    };
    callers.iter().filter_map(role).collect()
}
