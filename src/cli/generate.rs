//! `crossrole generate`.

use std::mem::ManuallyDrop;
use std::path::Path;

use super::Done;
use super::guard;
use super::interrupt::Watched;
use super::list;
use super::load::{Loaded, load};
use super::options::{Format, OutArgs, SpecArgs};
use super::tree::{self, ConflictWord};
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::model::Fleet;
use crate::policy::{AssumePolicies, Reach};
use crate::reconcile::{Change, Decision, Plan, UnitPlan, trust_changes};
use crate::render::Renderer;
use crate::tree::UnitName;
use crate::ui::{self, Outcome, Ui, diagnostics_json};
use crate::workspace::{Request, Workspace};

/// Write the Terraform for every target in the spec
///
/// Everything is rendered and compared before anything is written, each file is replaced whole, and
/// only files that change are touched. What people edited is kept: edits are merged with what is new,
/// by the address of each block. Where the two do not go together, nothing is written and the exit
/// code is 3, unless `--conflict` says otherwise.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossrole generate                           from ./crossrole.yaml, into this folder
  crossrole generate -f prod.yaml -o infra     another spec, another folder
  crossrole generate --dry-run --diff          show what would change, write nothing")]
pub(super) struct GenerateArgs {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    out: OutArgs,
    /// Write nothing; exit with 2 if something would be written
    #[arg(long)]
    dry_run: bool,
    /// Show how files change
    #[arg(long)]
    diff: bool,
    /// What to do where an edit and what is new do not go together
    #[arg(long, value_enum, value_name = "HOW")]
    conflict: Option<ConflictWord>,
    /// Write a file or folder again that was deleted; may be repeated
    #[arg(long, value_name = "PATH")]
    restore: Vec<String>,
    /// Delete the files of a target that was never applied; may be repeated
    #[arg(long, value_name = "NAME")]
    forget: Vec<String>,
    /// Write trust policies that, with people's edits in them, do not do what the spec says
    #[arg(long)]
    accept_trust_change: bool,
    /// How many files to work on at a time [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

pub(super) fn run(ui: &Ui, args: &GenerateArgs) -> Result<Done, Error> {
    // The process ends with the run; to free a hundred thousand texts one by one would only delay it.
    let loaded = ManuallyDrop::new(load(&args.spec)?);
    ui.report(&loaded.warnings);
    let out = loaded.out(&args.out);
    let folder = tree::open(&out)?;
    let tree::Claim { guard, notes } = tree::claim(&folder, !args.dry_run)?;
    ui.report(&notes);
    let workspace = Workspace::open(&folder)?;
    if workspace.is_made_by_others(&loaded.pack_id()) {
        return Err(tree::refuse_templates(&workspace.lock().pack, &loaded.pack_id()));
    }
    let renderer = Renderer::new(&loaded.fleet, &loaded.pack, &loaded.spec_name)?;
    let request = request(ui, &loaded, &renderer, &out, args)?;
    if !args.out.only.is_empty() && !workspace.is_known(&UnitName::Shared) {
        let help = "run `crossrole generate` once without it: targets use a module that all share";
        return Err(Error::one(Kind::Usage, "`--only` needs a folder that was generated before", help));
    }
    let watched = Watched { progress: ui.progress("comparing", loaded.fleet.targets.len() + 2) };
    let plan = ManuallyDrop::new(workspace.plan(&request, &watched)?);
    watched.progress.finish();
    let lost = tree::lost_records(&plan);
    ui.report(&lost);
    tree::refuse_deletions(&workspace, &plan, &args.forget.iter().cloned().collect())?;
    let is_accepted = args.accept_trust_change || args.dry_run;
    ui.report(&guard::refuse_other_trust(&loaded, &renderer, &plan, is_accepted)?);
    let trust = trust_changes(&plan);
    ui.report(&tree::trust_warnings(&trust));
    ui.report(&idle_options(&loaded.fleet, &plan, args));
    if args.diff {
        ui.print(&tree::coming_diffs(ui, &plan))?;
    }
    let refused = !plan.is_handed_over();
    let writes = !args.dry_run && !refused && !plan.is_empty();
    if writes {
        let watched = Watched { progress: ui.progress("writing", plan.units.len()) };
        tree::carry_out(&workspace, &folder, guard, (&request, &plan), &watched)?;
        watched.progress.finish();
    }
    let outcome = outcome(&loaded, renderer.assume_policies(), &plan, &out, args.dry_run);
    if args.format == Format::Json {
        let warnings = diagnostics_json(&[&*loaded.warnings, &*lost].concat());
        ui.print(&format!("{:#}\n", ui::generate_json(&plan, &outcome, &trust, &warnings)))?;
    }
    if refused {
        return Err(tree::conflicts(&plan));
    }
    let emptied = if writes { emptied_folders(&plan) } else { Vec::new() };
    for folder in emptied.iter().filter(|folder| out.join(folder).exists()) {
        ui.say(&format!("note: {folder} holds files that are not crossrole's, and stays"));
    }
    if args.format == Format::Text {
        ui.say(&ui::generate_text(&plan, &outcome));
    }
    Ok(match plan.conflicts().next() {
        Some(_) => Done::Conflicts,
        None if args.dry_run && !plan.is_clean() => Done::Differs,
        None => Done::Clean,
    })
}

/// The folders of targets that go with this plan.
fn emptied_folders(plan: &Plan) -> Vec<String> {
    let gone = plan.units.iter().filter(|unit| unit.is_gone);
    let common = |unit: &UnitPlan| {
        let first = unit.changes.first()?;
        let is_shared = |folder: &&str| {
            unit.changes.iter().all(|change| change.path.folders().any(|other| other == *folder))
        };
        first.path.folders().rfind(is_shared).map(str::to_owned)
    };
    gone.filter_map(common).collect()
}

/// Options that name something the plan has nothing to do with.
fn idle_options(fleet: &Fleet, plan: &Plan, args: &GenerateArgs) -> Vec<Diagnostic> {
    let is_restored = |path: &String| {
        let path = trimmed(path);
        let is_meant = |change: &Change| {
            change.path.as_str() == path || change.path.folders().any(|folder| folder == path)
        };
        plan.changes().any(|change| change.decision == Decision::Create && is_meant(change))
    };
    let is_gone = |name: &String| {
        let unit = UnitName::Target(name.as_str().into());
        plan.units.iter().any(|plan| plan.unit == unit && plan.is_gone)
    };
    let restore = args.restore.iter().filter(|path| !is_restored(path)).map(|path| {
        Diagnostic::warning(format!("nothing of `{path}` was deleted"))
            .help("`--restore` takes the path of a file or folder, as `--dry-run` prints it")
    });
    let forget = args.forget.iter().filter(|name| !is_gone(name)).map(|name| {
        let is_in_spec = fleet.targets.iter().any(|target| target.name.as_str() == name);
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

/// A path as records write it.
fn trimmed(path: &str) -> String {
    path.trim_start_matches("./").trim_end_matches('/').to_owned()
}

fn request<'r>(
    ui: &Ui,
    loaded: &'r Loaded,
    renderer: &'r Renderer<'r>,
    out: &Path,
    args: &GenerateArgs,
) -> Result<Request<'r>, Error> {
    Ok(Request {
        only: loaded.only(&args.out.only)?,
        restore: args.restore.iter().map(|path| trimmed(path)).collect(),
        on_conflict: tree::on_conflict(ui, args.conflict),
        ..tree::request(loaded, renderer, out)
    })
}

fn outcome(loaded: &Loaded, policies: &AssumePolicies, plan: &Plan, out: &Path, dry_run: bool) -> Outcome {
    Outcome {
        out: out.display().to_string(),
        dry_run,
        targets: loaded.fleet.targets.len(),
        reach: reach(policies),
        next: if plan.is_clean() || dry_run || plan.conflicts().next().is_some() {
            Vec::new()
        } else {
            next_steps(&loaded.fleet, plan, out)
        },
    }
}

fn reach(policies: &AssumePolicies) -> String {
    let count = Count(policies.documents.len(), "identity policy");
    match policies.reach {
        Reach::Exact => format!("callers may assume exactly these roles, by {count}"),
        Reach::Organization => {
            format!(
                "callers may assume the organization's roles by their common path and name, others one by one, by {count}"
            )
        }
    }
}

/// Roots that are named in the next steps, if there are many.
const SHOWN: usize = 6;

/// What to run in the roots that changed, in order; the first few by name.
fn next_steps(fleet: &Fleet, plan: &Plan, out: &Path) -> Vec<String> {
    let changed = plan.changed_folders();
    let roots = list::roots(fleet);
    let here = out == Path::new(".");
    let at = |path: &str| if here { path.to_owned() } else { out.join(path).display().to_string() };
    let mut steps: Vec<String> = roots
        .iter()
        .filter(|root| changed.contains(&*root.path))
        .take(SHOWN + 2)
        .map(|root| {
            let folder = at(&root.path);
            format!("terraform -chdir={folder} init && terraform -chdir={folder} {}", root.action)
        })
        .collect();
    // The place of "and so on" is as good for one more.
    if steps.len() > SHOWN + 1 {
        steps.truncate(SHOWN);
        steps.push("and so on: `crossrole list` prints all roots in order".to_owned());
    }
    steps.push(format!(
        "{} says which credentials each needs, and how to retire a target",
        at("CROSSROLE.md")
    ));
    steps
}
