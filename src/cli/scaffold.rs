//! What `init` and `import` share: a spec that is written only when `generate` would take it.

use std::path::{Path, PathBuf};

use super::load::{folder_of, read_policies};
use super::replace::replace;
use super::today::today;
use crate::answers::{Draft, SCHEMA_FILE};
use crate::check;
use crate::diagnostic::{Diagnostic, Error, Kind, Level, Source};
use crate::lint;
use crate::model::Fleet;
use crate::spec;

/// Where the spec goes.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct NewSpecArgs {
    /// The spec to write
    #[arg(short = 'f', long = "spec", value_name = "FILE", default_value = "crossrole.yaml")]
    pub(super) spec: PathBuf,
    /// Write over a spec that is there
    #[arg(long)]
    pub(super) force: bool,
}

impl NewSpecArgs {
    /// Refuses to write over what is there.
    pub(super) fn check_free(&self) -> Result<(), Error> {
        if self.force || !self.spec.exists() {
            return Ok(());
        }
        let message = format!("`{}` is there already, and nothing was written", self.spec.display());
        Err(Error::one(Kind::Refused, message, "`--force` writes over it; `-f FILE` writes another"))
    }
}

/// Reads a text as `generate` would. The fleet that it describes, and the warnings about it.
pub(super) fn judge(path: &Path, text: &str) -> Result<(Fleet, Vec<Diagnostic>), Error> {
    let source = Source::new(path.display().to_string(), text);
    let parsed = spec::parse(&source);
    let files = read_policies(&parsed.spec.policy_files(), &folder_of(path));
    check::lower(parsed, &files)
}

/// What `lint` would say of a text: errors, or what is worth a warning.
pub(super) fn lint(path: &Path, text: &str) -> Result<Vec<Diagnostic>, Error> {
    let source = Source::new(path.display().to_string(), text);
    let parsed = spec::parse(&source);
    let files = read_policies(&parsed.spec.policy_files(), &folder_of(path));
    let found = lint::spec(parsed, &files, today())?.findings.into_iter().map(|finding| finding.diagnostic);
    Ok(found.filter(|found| found.level >= Level::Warning).collect())
}

/// Every required answer that is not there, with the flag that gives it.
pub(super) fn require(draft: &Draft) -> Result<(), Error> {
    let missing = draft.missing();
    if missing.is_empty() {
        return Ok(());
    }
    let found = missing.iter().map(|missing| {
        let path = missing.path.to_string();
        let quote = if path.contains('[') { "'" } else { "" };
        Diagnostic::error(format!(
            "`{path}` is missing: {}",
            missing.meaning.trim_end_matches(", between quotes.").trim_end_matches('.').to_lowercase()
        ))
        .help(format!("pass --set {quote}{path}=…{quote}"))
    });
    Err(Error::new(Kind::Usage, found.collect()))
}

/// Writes a spec, and the schema beside it.
pub(super) fn save(path: &Path, text: &str) -> Result<(), Error> {
    let schema = folder_of(path).join(SCHEMA_FILE);
    put(&schema, &format!("{:#}\n", spec::json_schema()))?;
    put(path, text)
}

fn put(path: &Path, text: &str) -> Result<(), Error> {
    replace(path, text).map_err(|error| Error::io(format!("write `{}`", path.display()), &error))
}

/// What names the spec to another command; nothing where it is found by itself.
pub(super) fn flag(spec: &Path) -> String {
    if spec == Path::new("crossrole.yaml") { String::new() } else { format!(" -f {}", spec.display()) }
}
