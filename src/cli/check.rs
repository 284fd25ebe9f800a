//! `crossrole check`.

use std::mem::ManuallyDrop;

use super::interrupt::{Interrupt, Watched};
use super::load::load;
use super::options::{FindingsFormat, OutArgs, SpecArgs};
use super::{Done, tree};
use crate::diagnostic::Error;
use crate::render::Renderer;
use crate::store::Folder;
use crate::ui::{self, Ui};
use crate::workspace::{Request, Workspace};

/// Compare the output folder with the spec, and write nothing
///
/// Exits with 0 if the folder is what the spec says, files that people edited aside, and with 2 if
/// it is not. Made for CI.
#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    out: OutArgs,
    /// Show how files differ
    #[arg(long)]
    diff: bool,
    /// Take files that people edited for differences, too
    #[arg(long)]
    strict: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: FindingsFormat,
}

pub(super) fn run(ui: &Ui, args: &CheckArgs) -> Result<Done, Error> {
    // The process ends with the run; to free a hundred thousand texts one by one would only delay it.
    let loaded = ManuallyDrop::new(load(&args.spec)?);
    ui.report(&loaded.warnings);
    // Until here nothing is held, and a signal may simply end the process.
    let interrupt = Interrupt::listen();
    let out = loaded.out(&args.out);
    let folder = Folder::open(&out)?;
    let workspace = Workspace::open(&folder)?;
    let renderer = Renderer::new(&loaded.fleet, &loaded.pack, &loaded.spec_name)?;
    let request = Request { only: loaded.only(&args.out.only)?, ..tree::request(&loaded, &renderer, &out) };
    let watched = Watched { progress: ui.progress("comparing", loaded.fleet.targets.len() + 2), interrupt };
    let plan = ManuallyDrop::new(workspace.plan(&request, &watched)?);
    watched.progress.finish();
    let waiting = folder.pending()?.map(|pending| tree::waits(pending.conflicts.len()));
    ui.report(waiting.as_slice());
    let clean = waiting.is_none() && if args.strict { plan.is_pristine() } else { plan.is_clean() };
    if args.diff {
        ui.print(&tree::diffs(ui, &plan))?;
    }
    match args.format {
        FindingsFormat::Text => ui.say(&ui::check_text(&plan, &out.display().to_string(), clean)),
        FindingsFormat::Json => {
            ui.print(&format!("{:#}\n", ui::check_json(&plan, clean, &loaded.warnings)))?;
        }
        FindingsFormat::Sarif => ui.print(&format!("{:#}\n", ui::check_sarif(&plan, &out, args.strict)))?,
    }
    Ok(if clean { Done::Clean } else { Done::Differs })
}
