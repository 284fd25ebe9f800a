//! `crossrole generate`.

use std::path::Path;
use std::sync::Arc;

use super::Done;
use super::interrupt::{Unseen, Watched};
use super::next_steps::next_steps;
use super::options::{ConflictWord, Format, OutArgs, SpecArgs, on_conflict, open_folder};
use super::scaffold::flag;
use super::told;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Diagnostic, Error};
use crate::model::{Caller, Fleet};
use crate::policy::{AssumePolicies, Reach};
use crate::session::{Inputs, Options, OtherTemplates, Plan, Planned, Purpose, Rules, Session};
use crate::ui::{self, Outcome, Ui, diagnostics_json};

/// Generate Terraform for every target in the spec
///
/// Everything is rendered and compared before anything is written, each file is replaced in one step, and
/// only files that change are written. Manual edits are kept: they are merged with the new version by
/// block address. If an edit conflicts with the new version, nothing is written and the exit code is 3,
/// unless `--conflict` says otherwise.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossrole generate                           from ./crossrole.yaml, into this folder
  crossrole generate -f prod.yaml -o infra     another spec, another folder
  crossrole generate --dry-run --diff          show what would change, write nothing")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
pub(super) struct GenerateArgs {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    out: OutArgs,
    /// Exit with 2 if something would change, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Show a diff of each change
    #[arg(long)]
    diff: bool,
    /// What to do where an edit conflicts with the new version
    #[arg(long, value_enum, value_name = "HOW")]
    conflict: Option<ConflictWord>,
    /// Write a deleted file or folder again; may be repeated
    #[arg(long, value_name = "PATH")]
    restore: Vec<String>,
    /// Delete the files of a target that was never applied; may be repeated
    #[arg(long, value_name = "NAME")]
    forget: Vec<String>,
    /// Replace workload roots after a change of `terraform.layout`; save their states first
    #[arg(long)]
    replace_roots: bool,
    /// Write trust policies even if, with manual edits, they do not do what the spec says
    #[arg(long)]
    accept_trust_change: bool,
    /// Number of files to work on at a time [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// Output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

pub(super) fn run(ui: &Ui, args: &GenerateArgs) -> Result<Done, Error> {
    let inputs = told::load(ui, &args.spec)?;
    ui.report(&inputs.warnings);
    let out = args.out.folder(&inputs);
    let planned = plan(ui, args, &inputs, &out)?;
    let lost = planned.missing_records();
    ui.report(&lost);
    let vetted = planned.vet(&rules(args))?;
    ui.report(vetted.warnings());
    let kept = vetted.planned().trust_warnings()?;
    ui.report(&kept);
    ui.report(&vetted.planned().idle_options(&args.forget));
    let plan = Arc::clone(vetted.plan());
    let advice = if plan.is_empty() { Vec::new() } else { inputs.lint_warnings() };
    advise(ui, args, &advice);
    if args.diff {
        ui.print(&ui::coming_diffs(&plan))?;
    }
    let is_trust_kept = !kept.is_empty() || !vetted.warnings().is_empty();
    let policies = vetted.planned().assume_policies();
    let outcome = outcome(args, &inputs, policies, &plan, is_trust_kept);
    let trust = vetted.planned().trust_changes()?.to_vec();
    let unresolved = vetted.unresolved();
    let writes = !args.dry_run && unresolved.is_none() && !plan.is_empty();
    if writes {
        told::writing(ui, &plan, &out);
        let watched = Watched { progress: ui.progress("writing", plan.units.len()) };
        vetted.write(&watched)?;
        watched.progress.finish();
    }
    if args.format == Format::Json {
        let warnings = diagnostics_json(&[&*inputs.warnings, &*lost, &*advice].concat());
        ui.print(&format!("{:#}\n", ui::generate_json(&plan, &outcome, &trust, &warnings)))?;
    }
    if let Some(unresolved) = unresolved {
        ui.detail(&ui::check_conflicts_text(&plan, ui.listed()));
        return Err(unresolved);
    }
    let emptied = if writes { plan.emptied_folders() } else { Vec::new() };
    for folder in emptied.iter().filter(|folder| out.join(folder).exists()) {
        ui.say(&format!("note: {folder} holds files that are not crossrole's, and stays"));
    }
    if args.format == Format::Text {
        let conflicts = ui::conflicts_text(&plan, args.dry_run, ui.listed());
        ui.say_at_least(&ui::generate_text(&plan, &outcome, ui.listed()), &conflicts);
    }
    Ok(match plan.conflicts().next() {
        Some(_) => Done::Conflicts,
        None if args.dry_run && !plan.is_clean() => Done::Differs,
        None => Done::Clean,
    })
}

/// Says in a line each what `lint` would warn of.
fn advise(ui: &Ui, args: &GenerateArgs, advice: &[Diagnostic]) {
    if advice.is_empty() {
        return;
    }
    let lint = format!("crossrole lint{}", flag(&args.spec.spec));
    let lines = ui::warnings_text(advice, ui.listed());
    ui.say(&format!("{lines}`{lint}` shows each warning with its fix\n"));
}

fn plan<'i>(ui: &Ui, args: &GenerateArgs, inputs: &'i Inputs, out: &Path) -> Result<Planned<'i>, Error> {
    let purpose = if args.dry_run { Purpose::Foresee } else { Purpose::Write };
    let session = Session::claim(open_folder(out)?, purpose, &Unseen)?;
    ui.report(session.notes());
    let options = Options {
        only: args.out.only.clone(),
        restore: args.restore.clone(),
        on_conflict: on_conflict(ui, args.conflict),
        other_templates: OtherTemplates::Refused,
        ..Options::default()
    };
    let opened = session.open(inputs, options)?;
    told::comparing(ui, inputs, out);
    let watched = Watched { progress: ui.progress("comparing", inputs.fleet.targets.len() + 2) };
    let planned = opened.plan(&watched)?;
    watched.progress.finish();
    Ok(planned)
}

fn rules(args: &GenerateArgs) -> Rules {
    Rules {
        forget: args.forget.iter().cloned().collect(),
        replaces_roots: args.replace_roots,
        accepts_trust_change: args.accept_trust_change || args.dry_run,
        refuses_wider_trust: false,
    }
}

fn outcome(
    args: &GenerateArgs,
    inputs: &Inputs,
    policies: &AssumePolicies,
    plan: &Plan,
    is_trust_kept: bool,
) -> Outcome {
    let (out, dry_run) = (args.out.folder(inputs), args.dry_run);
    Outcome {
        out: out.display().to_string(),
        dry_run,
        targets: inputs.fleet.targets.len(),
        is_trust_kept,
        reach: reach(&inputs.fleet, policies),
        next: if plan.is_clean() || dry_run || plan.conflicts().next().is_some() {
            Vec::new()
        } else {
            next_steps(&inputs.fleet, plan, &args.spec.spec, &out)
        },
    }
}

fn reach(fleet: &Fleet, policies: &AssumePolicies) -> String {
    let all: usize = policies.iter().map(|(_, policies)| policies.documents.len()).sum();
    let count = Count(all, "identity policy");
    if fleet.source.callers.iter().all(Caller::is_account) {
        return format!("{count} as an output of `source`, to attach to whoever should assume the roles");
    }
    match policies.reach() {
        Reach::Exact if policies.iter().count() > 1 => {
            format!("each caller can assume exactly the roles that list it ({count})")
        }
        Reach::Exact => format!("callers can assume exactly these roles ({count})"),
        Reach::Organization => {
            format!(
                "callers can assume all roles with the organization's role path and name, and others by ARN ({count})"
            )
        }
    }
}
