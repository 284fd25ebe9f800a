//! `crossrole templates`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::Done;
use super::interrupt::begin_writing;
use super::options::{SpecArgs, open_folder};
use crate::check::PolicyFiles;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Error, Kind, Source};
use crate::pack::{self, Each, Entry, Pack};
use crate::render::{Renderer, vocabulary};
use crate::session::{Disk, read_pack};
use crate::ui::{self, Ui};

/// List, eject and test template packs
#[derive(Debug, clap::Args)]
pub(super) struct TemplatesArgs {
    #[command(subcommand)]
    command: TemplatesCommand,
}

#[derive(Debug, clap::Subcommand)]
enum TemplatesCommand {
    /// List a pack's files, their output paths, and the names that templates can use
    List {
        /// Custom pack to list instead of the built-in one
        #[arg(long, value_name = "DIR")]
        templates: Option<PathBuf>,
    },
    /// Render a pack for sample accounts without writing anything
    ///
    /// The samples meet every condition of the built-in pack: accounts of one's organization, of a third party,
    /// and retired ones, with each backend. A template that does not render, or whose output is not valid HCL or
    /// JSON, is reported with its name and line.
    Test {
        /// Pack to render
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// Spec to render it for, instead of the samples
        #[arg(short = 'f', long = "spec", value_name = "FILE")]
        spec: Option<PathBuf>,
    },
    /// Write the built-in pack to a folder, as a start for a custom one
    Eject {
        /// Folder to write to; must be empty or not exist
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

pub(super) fn run(ui: &Ui, args: &TemplatesArgs) -> Result<Done, Error> {
    match &args.command {
        TemplatesCommand::List { templates } => list(ui, templates.as_deref()),
        TemplatesCommand::Test { folder, spec } => test(ui, folder, spec.as_deref()),
        TemplatesCommand::Eject { folder } => eject(ui, folder),
    }
}

fn list(ui: &Ui, templates: Option<&Path>) -> Result<Done, Error> {
    let pack = match templates {
        Some(folder) => Pack::compile(&folder.display().to_string(), read_pack(folder)?, vocabulary)?,
        None => Pack::compile("built-in", pack::built_in(), vocabulary)?,
    };
    let entries = &pack.manifest.entries;
    let mut out = format!("pack {} version {}\n\n", pack.manifest.id, pack.manifest.version);
    let row = |entry: &Entry| [entry.path().to_owned(), entry.content.to_string()];
    out.push_str(&ui::table(["FILE", "MADE FROM"], entries.iter().map(row)));
    // Writing to a string cannot fail.
    for each in Each::ALL {
        let names: Vec<&str> = vocabulary(*each).into_iter().collect();
        _ = writeln!(out, "\nnames for `for_each: {each}`:\n  {}", names.join("\n  "));
    }
    ui.print(&out)?;
    Ok(Done::Clean)
}

/// Accounts to try templates with.
const SAMPLE: &str = include_str!("../../examples/three-accounts/crossrole.yaml");
/// The policy that they name.
const SAMPLE_POLICY: (&str, &str) = (
    "policies/verification-bucket.json",
    include_str!("../../examples/three-accounts/policies/verification-bucket.json"),
);
/// What else a spec may say that templates feel.
const SAMPLE_BACKENDS: [&str; 3] = [
    "",
    "terraform: {backend: {type: s3, bucket: sample-terraform-state, region: us-east-1}}\n",
    "terraform: {backend: {type: cloud, organization: sample, workspace_prefix: sample-}}\n",
];

fn test(ui: &Ui, folder: &Path, spec: Option<&Path>) -> Result<Done, Error> {
    let files = match spec {
        Some(spec) => {
            let templates = Some(folder.to_owned());
            let inputs = SpecArgs { spec: spec.to_owned(), templates }.load()?;
            Renderer::new(&inputs.fleet, &inputs.pack, &inputs.spec_name)?
                .all()?
                .iter()
                .map(|unit| unit.files.len())
                .sum()
        }
        None => render_samples(folder)?,
    };
    ui.say(&format!("ok: {} rendered, each in canonical form", Count(files, "file")));
    Ok(Done::Clean)
}

fn render_samples(folder: &Path) -> Result<usize, Error> {
    let pack = Pack::compile(&folder.display().to_string(), read_pack(folder)?, vocabulary)?;
    let (path, text) = SAMPLE_POLICY;
    let policies = PolicyFiles::from([(path.to_owned(), Ok(Source::new(path, text)))]);
    let mut files = 0;
    for backend in SAMPLE_BACKENDS {
        let source = Source::new("sample.yaml", format!("{SAMPLE}{backend}"));
        files += crate::generate(&source, &policies, &pack)?
            .units
            .iter()
            .map(|unit| unit.files.len())
            .sum::<usize>();
    }
    Ok(files)
}

fn eject(ui: &Ui, folder: &Path) -> Result<Done, Error> {
    let is_free = fs::read_dir(folder).map_or(!folder.exists(), |mut entries| entries.next().is_none());
    if !is_free {
        let message = format!("`{}` already exists and is not empty", folder.display());
        return Err(Error::one(Kind::Refused, message, "name a new folder"));
    }
    let files = pack::built_in();
    let pack = open_folder(folder)?;
    begin_writing();
    for (path, text) in &files {
        if !pack.save(path, text, |found| *found == Disk::Absent)? {
            let message =
                format!("`{}` was made meanwhile, and was left as it is", folder.join(path).display());
            return Err(Error::one(Kind::Conflict, message, "name a new folder"));
        }
    }
    let folder = folder.display();
    ui.say(&format!("wrote {} to `{folder}`\n\nNext: change them, give `pack.yaml` an id of its own, and run\n  crossrole generate --templates {folder}    to begin a tree with them\n  crossrole update --templates {folder}      to bring a tree to them", Count(files.len(), "template")));
    Ok(Done::Clean)
}
