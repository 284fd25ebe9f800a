//! `crossrole list`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use super::Done;
use super::interrupt::{Unseen, Watched};
use super::options::{Format, OutArgs, SpecArgs, open_folder};
use super::told;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Error, Kind};
use crate::git::Repository;
use crate::model::{Caller, Fleet, Role};
use crate::pipelines::{Reference, Shard, affected};
use crate::runbook::{Access, Root, kind, needs_mfa, roots, sign_in};
use crate::session::{Inputs, Options, Purpose, Session};
use crate::ui::{self, Ui};

/// List the Terraform roots in the order to apply them
///
/// Shows for each root what to do there (apply, or destroy for the role of a retired target), the account,
/// and who runs it. Roots with the same step do not depend on each other. As JSON, the list serves as the
/// matrix of a CI pipeline, and says how each caller gets credentials.
#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    out: OutArgs,
    /// Limit to roots whose files are not up to date with the spec
    #[arg(long, conflicts_with = "since")]
    changed: bool,
    /// Limit to roots that differ between a commit and the work tree: by their files, lock files included, or by files
    /// they use, such as modules
    #[arg(long, value_name = "REF")]
    since: Option<String>,
    /// Limit to the I-th of N parts, counted from 1; an account is always in the same part
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

pub(super) fn run(ui: &Ui, args: &ListArgs) -> Result<Done, Error> {
    let inputs = told::load(ui, &args.spec)?;
    ui.report(&inputs.warnings);
    let fleet = &inputs.fleet;
    let mut roots = roots(fleet);
    if let Some(only) = inputs.only(&args.out.only)? {
        roots.retain(|root| root.targets.iter().any(|target| only.contains(&target.name)));
    }
    if args.changed {
        let changed = changed_folders(ui, &inputs, args)?;
        roots.retain(|root| changed.contains(&root.path));
    }
    if let Some(since) = &args.since {
        let changed = folders_since(&args.out.folder(&inputs), since, &roots)?;
        roots.retain(|root| changed.contains(&root.path));
    }
    if let Some(shard) = args.shard {
        roots.retain(|root| shard.holds(root.account_id));
    }
    ui.print(&match args.format {
        Format::Text => text(fleet, &roots),
        Format::Json => format!("{:#}\n", to_json(fleet, &roots)),
    })?;
    Ok(Done::Clean)
}

/// Every folder that holds a file which differs.
fn changed_folders(ui: &Ui, inputs: &Inputs, args: &ListArgs) -> Result<BTreeSet<String>, Error> {
    let out = args.out.folder(inputs);
    let folder = open_folder(&out)?;
    let opened = Session::claim(folder, Purpose::Look, &Unseen)?.open(inputs, Options::default())?;
    told::comparing(ui, inputs, &out);
    let watched = Watched { progress: ui.progress("comparing", inputs.fleet.targets.len() + 2) };
    let planned = opened.plan(&watched)?;
    watched.progress.finish();
    Ok(planned.plan().changed_folders().into_iter().map(str::to_owned).collect())
}

/// The folders of roots that differ between a commit and the work tree.
fn folders_since(out: &Path, since: &str, roots: &[Root<'_>]) -> Result<BTreeSet<String>, Error> {
    let repository = Repository::around(out).ok_or_else(|| {
        let message = format!("`{}` is not in a git repository of yours", out.display());
        Error::one(Kind::Input, message, "`--since` compares with a commit: run this in a clone, or omit it")
    })?;
    let (prefix, changed) = (repository.prefix()?, repository.changed_since(since)?);
    let reference = |(file, written)| Reference { file, written };
    let references: Vec<_> = repository.named_paths()?.into_iter().map(reference).collect();
    let folders: Vec<String> = roots.iter().map(|root| format!("{prefix}{}", root.path)).collect();
    let found = affected(folders.iter().map(String::as_str), &changed, &references);
    Ok(found.into_iter().map(|folder| folder[prefix.len()..].to_owned()).collect())
}

/// One line per root, below those who run it: who that is may be long, and is the same of many.
fn text(fleet: &Fleet, roots: &[Root<'_>]) -> String {
    let row = |root: &Root<'_>| {
        let Root { step, action, path, account_id, .. } = root;
        let account = if root.is_shared() {
            Count(root.targets.len(), "account").to_string()
        } else {
            account_id.to_string()
        };
        [step.to_string(), action.as_str().to_owned(), path.clone(), account]
    };
    let table = ui::table(["STEP", "ACTION", "ROOT", "ACCOUNT"], roots.iter().map(row));
    let mut lines = table.lines();
    let mut out: String = lines.next().map(|header| format!("{header}\n")).unwrap_or_default();
    let mut before = None;
    for (line, root) in lines.zip(roots) {
        let who = root.who(fleet);
        if before.as_ref() != Some(&who) {
            out.extend(["\n", &who, ":\n"]);
        }
        out.extend([line, "\n"]);
        before = Some(who);
    }
    out
}

fn to_json(fleet: &Fleet, roots: &[Root<'_>]) -> Value {
    json!({
        "roots": roots.iter().map(|root| root_json(fleet, root)).collect::<Vec<_>>(),
        "callers": fleet.source.callers.iter().map(|caller| caller_json(fleet, caller)).collect::<Vec<_>>(),
    })
}

fn root_json(fleet: &Fleet, root: &Root<'_>) -> Value {
    let callers = root.callers(fleet);
    let mut entry = json!({
        "path": root.path,
        "step": root.step,
        "kind": root.kind,
        "action": root.action.as_str(),
        "tool": root.action.tool(),
        "account_id": root.account_id,
        "target": root.target.map(|target| &target.name),
        "state": if root.is_retired() { "retired" } else { "active" },
        "run_as": root.run_as.as_str(),
        "credentials": root.credentials(fleet),
        "callers": callers.iter().map(|caller| &caller.id).collect::<Vec<_>>(),
    });
    if root.is_shared() {
        entry["targets"] = root.targets.iter().map(|target| target.name.as_str()).collect();
    }
    if let Some(target) = root.target.filter(|target| target.roles.are_several() && !callers.is_empty()) {
        let role = |role: &Role| {
            let callers = fleet.source.callers_of(role).map(|caller| &caller.id);
            json!({
                "key": role.key,
                "default": std::ptr::eq(role, target.roles.default()),
                "callers": callers.collect::<Vec<_>>(),
            })
        };
        entry["roles"] = target.roles.iter().map(role).collect();
    }
    entry
}

fn caller_json(fleet: &Fleet, caller: &Caller) -> Value {
    let Access { words, environment } = sign_in(fleet, caller);
    let environment: BTreeMap<&str, String> = environment.into_iter().collect();
    json!({
        "id": caller.id,
        "kind": kind(caller),
        "described": caller.described(),
        "credentials": words,
        "mfa": needs_mfa(fleet, caller),
        "role_arn": caller.federated().map(|federated| fleet.source.role_of(federated)),
        "environment": environment,
    })
}
