//! `crossrole templates`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::Done;
use super::load::read_pack;
use crate::diagnostic::words::Count;
use crate::diagnostic::{Error, Kind};
use crate::pack::{self, Each, Pack};
use crate::render::vocabulary;
use crate::ui::Ui;

/// Look at the templates, or take them as the start of a pack of one's own
#[derive(Debug, clap::Args)]
pub(super) struct TemplatesArgs {
    #[command(subcommand)]
    command: TemplatesCommand,
}

#[derive(Debug, clap::Subcommand)]
enum TemplatesCommand {
    /// List the files of a pack, where they go, and the names that templates know
    List {
        /// A pack of one's own, instead of the built-in one
        #[arg(long, value_name = "DIR")]
        templates: Option<PathBuf>,
    },
    /// Write the built-in pack into a folder, to be changed there
    Eject {
        /// The folder; it must be empty or not exist
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

pub(super) fn run(ui: &Ui, args: &TemplatesArgs) -> Result<Done, Error> {
    match &args.command {
        TemplatesCommand::List { templates } => list(ui, templates.as_deref()),
        TemplatesCommand::Eject { folder } => eject(ui, folder),
    }
}

fn list(ui: &Ui, templates: Option<&Path>) -> Result<Done, Error> {
    let pack = match templates {
        Some(folder) => Pack::compile(&folder.display().to_string(), read_pack(folder)?, vocabulary)?,
        None => Pack::compile("built-in", pack::built_in(), vocabulary)?,
    };
    let entries = &pack.manifest.entries;
    let width = entries.iter().map(|entry| entry.path.len()).max().unwrap_or_default();
    let mut out = format!("pack {} version {}\n\n", pack.manifest.id, pack.manifest.version);
    // Writing to a string cannot fail.
    for entry in entries {
        _ = writeln!(out, "{:width$}  from {}", entry.path, entry.template);
    }
    for each in Each::ALL {
        let names: Vec<&str> = vocabulary(*each).into_iter().collect();
        _ = writeln!(out, "\nnames for `for_each: {each}`:\n  {}", names.join("\n  "));
    }
    ui.print(&out)?;
    Ok(Done::Clean)
}

fn eject(ui: &Ui, folder: &Path) -> Result<Done, Error> {
    let is_free = fs::read_dir(folder).map_or(!folder.exists(), |mut entries| entries.next().is_none());
    if !is_free {
        let message = format!("`{}` is there already, and not empty", folder.display());
        return Err(Error::one(Kind::Refused, message, "name a new folder"));
    }
    let files = pack::built_in();
    for (path, text) in &files {
        let target = folder.join(path);
        let parent = target.parent().unwrap_or(folder);
        let written = fs::create_dir_all(parent).and_then(|()| fs::write(&target, text));
        written.map_err(|error| Error::io(format!("write `{}`", target.display()), &error))?;
    }
    let folder = folder.display();
    ui.say(&format!("wrote {} to `{folder}`\n\nNext: change them, give `pack.yaml` an id of its own, and run\n  crossrole generate --templates {folder}    to begin a tree with them\n  crossrole update --templates {folder}      to bring a tree to them", Count(files.len(), "template")));
    Ok(Done::Clean)
}
