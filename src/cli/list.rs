//! `crossrole list`.

use std::collections::BTreeSet;

use serde_json::json;

use super::Done;
use super::interrupt::{Unseen, Watched};
use super::options::{Format, OutArgs, SpecArgs, open_folder};
use crate::diagnostic::Error;
use crate::model::{Bootstrap, Fleet, Target, TargetName};
use crate::session::{Inputs, Options, Purpose, Session};
use crate::ui::Ui;

/// List the Terraform roots in the order to apply them
///
/// Each with what to do there: apply, or destroy for the role of a retired target. Roots with the
/// same step do not depend on each other. As JSON, the list serves as the matrix of a
/// CI pipeline.
#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    out: OutArgs,
    /// Only roots whose files differ from what the spec says
    #[arg(long)]
    changed: bool,
    /// How the list is printed
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

/// A folder in which Terraform runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Root {
    /// Its path in the output folder.
    pub(super) path: String,
    /// Its place in the order, counted from 1.
    step: u8,
    /// `source`, `bootstrap` or `workload`.
    kind: &'static str,
    /// What Terraform does there: `apply`, or `destroy` for the role of a retired target.
    pub(super) action: &'static str,
    /// The account it works in.
    account_id: String,
    /// The target it belongs to.
    target: Option<TargetName>,
    retired: bool,
}

/// Every root, in the order to apply them.
pub(super) fn roots(fleet: &Fleet) -> Vec<Root> {
    let mut roots = vec![Root {
        path: "source".to_owned(),
        step: 1,
        kind: "source",
        action: "apply",
        account_id: fleet.source.account_id.to_string(),
        target: None,
        retired: false,
    }];
    let root = |target: &Target, step, kind, action| Root {
        path: format!("accounts/{}/{kind}", target.name),
        step,
        kind,
        action,
        account_id: target.account_id.to_string(),
        target: Some(target.name.clone()),
        retired: target.retired,
    };
    let created = fleet.targets.iter().filter(|target| target.bootstrap != Bootstrap::Existing);
    let (retired, active): (Vec<_>, Vec<_>) = created.partition(|target| target.retired);
    roots.extend(active.into_iter().map(|target| root(target, 2, "bootstrap", "apply")));
    roots.extend(fleet.targets.iter().map(|target| root(target, 3, "workload", "apply")));
    // The role of a retired target goes, once its workload needs it no more.
    roots.extend(retired.into_iter().map(|target| root(target, 4, "bootstrap", "destroy")));
    roots
}

pub(super) fn run(ui: &Ui, args: &ListArgs) -> Result<Done, Error> {
    let inputs = args.spec.load()?;
    ui.report(&inputs.warnings);
    let mut roots = roots(&inputs.fleet);
    if let Some(only) = inputs.only(&args.out.only)? {
        roots.retain(|root| root.target.as_ref().is_some_and(|target| only.contains(target)));
    }
    if args.changed {
        let changed = changed_folders(ui, &inputs, args)?;
        roots.retain(|root| changed.contains(&root.path));
    }
    ui.print(&match args.format {
        Format::Text => text(&roots),
        Format::Json => format!("{:#}\n", to_json(&roots)),
    })?;
    Ok(Done::Clean)
}

/// Every folder that holds a file which differs.
fn changed_folders(ui: &Ui, inputs: &Inputs, args: &ListArgs) -> Result<BTreeSet<String>, Error> {
    let folder = open_folder(&args.out.folder(inputs))?;
    let opened = Session::claim(folder, Purpose::Look, &Unseen)?.open(inputs, Options::default())?;
    let watched = Watched { progress: ui.progress("comparing", inputs.fleet.targets.len() + 2) };
    let planned = opened.plan(&watched)?;
    watched.progress.finish();
    Ok(planned.plan().changed_folders().into_iter().map(str::to_owned).collect())
}

fn text(roots: &[Root]) -> String {
    let width = roots.iter().map(|root| root.path.len()).max().unwrap_or_default();
    let line = |root: &Root| {
        format!("{}  {:7}  {:width$}  {}\n", root.step, root.action, root.path, root.account_id)
    };
    roots.iter().map(line).collect()
}

fn to_json(roots: &[Root]) -> serde_json::Value {
    let entry = |root: &Root| {
        json!({
            "path": root.path,
            "step": root.step,
            "kind": root.kind,
            "action": root.action,
            "account_id": root.account_id,
            "target": root.target,
            "state": if root.retired { "retired" } else { "active" },
        })
    };
    json!({ "roots": roots.iter().map(entry).collect::<Vec<_>>() })
}
