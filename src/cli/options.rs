//! Arguments that several commands share, under the same names and with the same help.

use std::path::PathBuf;

/// The spec and the folder it is generated into.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct SpecArgs {
    /// The spec; `-` reads it from stdin
    #[arg(short = 'f', long = "spec", value_name = "FILE", default_value = "crossrole.yaml")]
    pub(super) spec: PathBuf,
    /// A template pack of one's own, instead of the spec's or the built-in one
    #[arg(long, value_name = "DIR")]
    pub(super) templates: Option<PathBuf>,
}

/// The output folder, and how much of it.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct OutArgs {
    /// The output folder [default: the spec's own]
    #[arg(short, long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Only this target; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) only: Vec<String>,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum FindingsFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
}
