//! `--var` and `--var-file`, in the order in which they are written: the last counts.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{ArgMatches, Command, FromArgMatches};

use crate::diagnostic::{Error, Kind, Source};
use crate::input::{self, Limit};
use crate::terraform::Given;

/// What is given to variables of Terraform.
#[derive(Debug, Default)]
pub(super) struct VariableArgs(Vec<Written>);

#[derive(Debug)]
enum Written {
    Variable(String),
    File(PathBuf),
}

#[derive(Debug, clap::Args)]
struct Both {
    /// Set a variable of the root modules, as `terraform plan -var` does; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    var: Vec<String>,
    /// Set variables from a `.tfvars` or `.tfvars.json` file; may be repeated
    #[arg(long, value_name = "FILE")]
    var_file: Vec<PathBuf>,
}

impl clap::Args for VariableArgs {
    fn augment_args(command: Command) -> Command {
        Both::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Both::augment_args_for_update(command)
    }
}

impl FromArgMatches for VariableArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let both = Both::from_arg_matches(matches)?;
        let places = |name: &str| matches.indices_of(name).into_iter().flatten().collect::<Vec<_>>();
        let variables = places("var").into_iter().zip(both.var.into_iter().map(Written::Variable));
        let files = places("var_file").into_iter().zip(both.var_file.into_iter().map(Written::File));
        let mut all: Vec<(usize, Written)> = variables.chain(files).collect();
        all.sort_by_key(|(place, _)| *place);
        Ok(Self(all.into_iter().map(|(_, written)| written).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl VariableArgs {
    /// Whether nothing is given.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything that is given, with the texts of the files.
    pub(super) fn read(&self) -> Result<Vec<Given>, Error> {
        self.0.iter().map(given).collect()
    }
}

fn given(written: &Written) -> Result<Given, Error> {
    match written {
        Written::Variable(text) => {
            let (name, text) = text.split_once('=').ok_or_else(|| {
                let message = format!("`--var {text}` has no `=`");
                Error::one(Kind::Usage, message, "write `--var NAME=VALUE`")
            })?;
            Ok(Given::Variable { name: name.trim().to_owned(), text: text.to_owned() })
        }
        Written::File(path) => Ok(Given::File(text(path)?)),
    }
}

fn text(path: &Path) -> Result<Arc<Source>, Error> {
    let bytes = input::named(path, Limit::Small)
        .map_err(|why| Error::one(Kind::Io, format!("cannot read `{}`: {why}", path.display()), ""))?;
    input::text(&path.display().to_string(), bytes)
}
