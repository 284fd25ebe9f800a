//! `crossrole check`.

use std::fmt::Write as _;
use std::path::Path;

use super::Done;
use super::interrupt::{Unseen, Watched};
use super::options::{FindingsFormat, OutArgs, SpecArgs, open_folder};
use super::told;
use crate::diagnostic::Error;
use crate::session::{Inputs, Options, Purpose, Session};
use crate::ui::{self, CheckResult, Ui};

/// Compare the output folder with the spec without writing anything
///
/// Exits with 0 if the folder is up to date with the spec; manual edits are allowed unless they change
/// who can assume a role or what it can do. Exits with 2 if it is not. Made for CI.
#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    out: OutArgs,
    /// Show a diff of each file
    #[arg(long)]
    diff: bool,
    /// Report manual edits as differences, too
    #[arg(long)]
    strict: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: FindingsFormat,
}

pub(super) fn run(ui: &Ui, args: &CheckArgs) -> Result<Done, Error> {
    let inputs = told::load(ui, &args.spec)?;
    ui.report(&inputs.warnings);
    let out = args.out.folder(&inputs);
    let options = Options { only: args.out.only.clone(), looks_for_foreign: true, ..Options::default() };
    let opened = Session::claim(open_folder(&out)?, Purpose::Look, &Unseen)?.open(&inputs, options)?;
    told::comparing(ui, &inputs, &out);
    let watched = Watched { progress: ui.progress("comparing", inputs.fleet.targets.len() + 2) };
    let planned = opened.plan(&watched)?;
    watched.progress.finish();
    let waiting = planned.waiting()?;
    ui.report(waiting.as_slice());
    let lost = planned.missing_records();
    ui.report(&lost);
    let plan = planned.plan();
    let trust = planned.wider_than_spec()?;
    let as_planned = if args.strict { plan.is_pristine() } else { plan.is_clean() };
    let clean = waiting.is_none() && trust.is_empty() && as_planned;
    let found = CheckResult { plan, trust: &trust, is_clean: clean };
    if args.diff {
        ui.print(&ui::plan_diffs(plan))?;
    }
    match args.format {
        FindingsFormat::Text => {
            let way_out = (!clean).then(|| way_out(args, &inputs, &found, waiting.is_some()));
            let detail = ui.listed();
            let text = ui::check_text(&found, &out.display().to_string(), way_out.as_deref(), detail);
            ui.say_at_least(&text, &ui::check_conflicts_text(plan, detail));
        }
        FindingsFormat::Json => {
            let warnings = [&*inputs.warnings, &*lost].concat();
            ui.print(&format!("{:#}\n", ui::check_json(&found, &warnings)))?;
        }
        FindingsFormat::Sarif => ui.print(&format!("{:#}\n", ui::check_sarif(&found, &out, args.strict)))?,
    }
    Ok(if clean { Done::Clean } else { Done::Differs })
}

/// What to do about a folder that is not as it should be, to follow what is not.
fn way_out(args: &CheckArgs, inputs: &Inputs, found: &CheckResult<'_>, is_waiting: bool) -> String {
    let plan = found.plan;
    let update = update_command(args, inputs);
    if is_waiting {
        return format!(
            "resolve what waits and run `{update} --continue`, or undo it with `{update} --abort`"
        );
    }
    if plan.is_clean() && !found.trust.is_empty() {
        return "revert what grants more than the spec, or declare it in the spec".to_owned();
    }
    if plan.is_clean() {
        return "only `--strict` reports this: revert the edit or drop `--strict`".to_owned();
    }
    if !plan.is_upgrade() {
        return format!("run `{}` and commit the result", generate_command(args));
    }
    let (from, to) = (&plan.from, &plan.pack);
    let may_be_unnamed = inputs.is_built_in && (from.id != to.id || from.version == to.version);
    if inputs.is_built_in && from.id == to.id && from.version > to.version {
        return format!(
            "it was made by the templates {} version {}: use a newer crossrole, or name them with `--templates DIR`",
            from.id, from.version
        );
    }
    if !may_be_unnamed {
        return format!("run `{update}` and commit the result");
    }
    format!(
        "it was made by other templates ({} version {}): name them with `--templates DIR`, or run `{update} --force` to go over to the built-in ones",
        from.id, from.version
    )
}

/// `crossrole generate` for what this run looked at.
fn generate_command(args: &CheckArgs) -> String {
    let mut command = "crossrole generate".to_owned();
    if args.spec.spec != Path::new("crossrole.yaml") {
        push(&mut command, "--spec ", &args.spec.spec);
    }
    if let Some(out) = &args.out.out {
        push(&mut command, "--out ", out);
    }
    if let Some(templates) = &args.spec.templates {
        push(&mut command, "--templates ", templates);
    }
    command
}

/// `crossrole update` for the same: its record says where the spec is.
fn update_command(args: &CheckArgs, inputs: &Inputs) -> String {
    let mut command = "crossrole update".to_owned();
    let out = args.out.folder(inputs);
    if out != Path::new(".") {
        push(&mut command, "", &out);
    }
    if let Some(templates) = &args.spec.templates {
        push(&mut command, "--templates ", templates);
    }
    command
}

fn push(command: &mut String, option: &str, path: &Path) {
    let path = path.display().to_string();
    let quote = if path.contains(char::is_whitespace) { "'" } else { "" };
    // Writing to a string cannot fail.
    _ = write!(command, " {option}{quote}{path}{quote}");
}
