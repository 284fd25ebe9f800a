//! `crossrole completions`.

use clap_complete::Shell;

use super::Done;
use crate::diagnostic::Error;
use crate::ui::Ui;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossrole completions bash > ~/.local/share/bash-completion/completions/crossrole
  crossrole completions zsh  > ~/.zfunc/_crossrole
  crossrole completions fish > ~/.config/fish/completions/crossrole.fish")]
pub(super) struct CompletionsArgs {
    /// Shell to complete for
    shell: Shell,
}

pub(super) fn run(ui: &Ui, CompletionsArgs { shell }: &CompletionsArgs) -> Result<Done, Error> {
    let mut text = Vec::new();
    clap_complete::generate(*shell, &mut super::command(), "crossrole", &mut text);
    ui.print(&String::from_utf8_lossy(&text))?;
    Ok(Done::Clean)
}
