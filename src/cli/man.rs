//! `crossrole man`.

use super::Done;
use crate::diagnostic::Error;
use crate::ui::Ui;

/// Print the manual page
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  crossrole man | man -l -")]
pub(super) struct ManArgs {}

pub(super) fn run(ui: &Ui, ManArgs {}: &ManArgs) -> Result<Done, Error> {
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
    ui.print(&String::from_utf8_lossy(&page))?;
    Ok(Done::Clean)
}
