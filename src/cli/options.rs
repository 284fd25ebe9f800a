//! Arguments that several commands share, under the same names and with the same help.

use std::path::{Path, PathBuf};

use super::today::today;
use crate::diagnostic::Error;
use crate::session::{Asked, Folder, Inputs, OnConflict, SpecSource};
use crate::ui::Ui;

/// The spec and the folder it is generated into.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct SpecArgs {
    /// Spec to read; `-` reads stdin
    #[arg(short = 'f', long = "spec", value_name = "FILE", default_value = "crossrole.yaml")]
    pub(super) spec: PathBuf,
    /// Use a custom template pack instead of the spec's or the built-in one
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Option<PathBuf>,
}

impl SpecArgs {
    /// Reads and checks everything, and compiles the templates.
    pub(super) fn load(&self) -> Result<Inputs, Error> {
        let Self { spec, templates } = self.clone();
        Inputs::load(&SpecSource { spec, templates, asked: Asked::ByName, today: today() })
    }
}

/// The output folder, and how much of it.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct OutArgs {
    /// Output folder [default: the folder of the spec]
    #[arg(short, long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Limit to this target; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) only: Vec<String>,
}

impl OutArgs {
    /// The output folder: the one asked for, or the spec's own.
    pub(super) fn folder(&self, inputs: &Inputs) -> PathBuf {
        self.out.clone().unwrap_or_else(|| inputs.folder.clone())
    }
}

/// An output folder, with the place where the user's programs keep what they remember.
pub(super) fn open_folder(out: &Path) -> Result<Folder, Error> {
    // Other paths mean nothing: https://specifications.freedesktop.org/basedir-spec/
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = folder("XDG_STATE_HOME").or_else(|| folder("LOCALAPPDATA"));
    Folder::open(out, home.or_else(|| Some(folder("HOME")?.join(".local/state"))))
}

/// What to do where an edit conflicts with the new version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ConflictWord {
    /// Write nothing (the default where nobody is at a terminal)
    Abort,
    /// Mark both sides in the file, and wait for `crossrole update --continue` (the default at a
    /// terminal); for JSON, write the new version as FILE.template-new instead
    Inline,
    /// Leave the file, write the new version as FILE.template-new, and wait
    Sidecar,
    /// Keep the edit
    Ours,
    /// Take the new version
    Theirs,
}

/// The choice, or what suits whoever is there.
pub(super) fn on_conflict(ui: &Ui, word: Option<ConflictWord>) -> OnConflict {
    match word {
        None if ui.is_interactive() => OnConflict::Inline,
        None | Some(ConflictWord::Abort) => OnConflict::Abort,
        Some(ConflictWord::Inline) => OnConflict::Inline,
        Some(ConflictWord::Sidecar) => OnConflict::Sidecar,
        Some(ConflictWord::Ours) => OnConflict::Ours,
        Some(ConflictWord::Theirs) => OnConflict::Theirs,
    }
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For machines
    Json,
}

/// Output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FindingsFormat {
    /// For people
    Text,
    /// For machines
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}
