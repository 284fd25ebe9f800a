//! `crossrole man`.

use std::fs;
use std::path::{Path, PathBuf};

use super::Done;
use super::interrupt::begin_writing;
use crate::diagnostic::Error;
use crate::ui::Ui;

/// Print the manual page
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossrole man | man -l -
  crossrole man --out ~/.local/share/man/man1")]
pub(super) struct ManArgs {
    /// Write one page per command to this folder instead
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(ui: &Ui, ManArgs { out }: &ManArgs) -> Result<Done, Error> {
    match out {
        Some(folder) => write_pages(folder)?,
        None => ui.print(&whole_page()?)?,
    }
    Ok(Done::Clean)
}

/// A page for each command, named as `man` looks for them: `crossrole-generate.1`.
fn write_pages(folder: &Path) -> Result<(), Error> {
    begin_writing();
    fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(super::command(), folder))
        .map_err(|error| Error::io(format!("write manual pages to `{}`", folder.display()), &error))
}

/// One page with a section for each command.
fn whole_page() -> Result<String, Error> {
    let mut page = Vec::new();
    let command = super::command();
    let rendered = clap_mangen::Man::new(command.clone()).render(&mut page);
    rendered.map_err(|error| Error::io("render the manual page", &error))?;
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        let name = format!("crossrole {}", sub.get_name());
        let man = clap_mangen::Man::new(sub.clone().display_name(name.clone()));
        let mut section = Vec::new();
        let rendered = man
            .render_description_section(&mut section)
            .and_then(|()| man.render_options_section(&mut section));
        rendered.map_err(|error| Error::io("render the manual page", &error))?;
        page.extend_from_slice(format!(".SH \"{}\"\n", name.to_uppercase()).as_bytes());
        let section = String::from_utf8_lossy(&section)
            .replace(".SH DESCRIPTION\n", "")
            .replace(".SH OPTIONS\n", ".SS Options\n");
        page.extend_from_slice(section.as_bytes());
    }
    Ok(String::from_utf8_lossy(&page).into_owned())
}
