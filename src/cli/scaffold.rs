//! What `init` and `import` share: a spec that is written only when `generate` would take it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::interrupt::begin_writing;
use super::options::open_folder;
use super::today::today;
use crate::answers::Draft;
use crate::check;
use crate::diagnostic::{Diagnostic, Error, Kind, Level, Source};
use crate::lint;
use crate::model::Fleet;
use crate::session::{Disk, folder_of, read_policies};
use crate::shell;
use crate::spec;

/// The file that holds the JSON Schema, beside the spec.
const SCHEMA_FILE: &str = "crossrole.schema.json";
/// The first line of a spec that names it, where editors look for that.
const SCHEMA_LINE: &str = "# yaml-language-server: $schema=./crossrole.schema.json\n";

/// Where the spec goes.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct NewSpecArgs {
    /// The spec to write
    #[arg(short = 'f', long = "spec", value_name = "FILE", default_value = "crossrole.yaml")]
    pub(super) spec: PathBuf,
    /// Write over a spec that is there
    #[arg(long)]
    pub(super) force: bool,
    /// Write the JSON Schema beside it, and name it in the first line, where editors look for it
    #[arg(long)]
    pub(super) schema: bool,
}

impl NewSpecArgs {
    /// Refuses to write over what is there.
    pub(super) fn check_free(&self) -> Result<(), Error> {
        // A link that leads nowhere is there as well.
        let is_there = std::fs::symlink_metadata(&self.spec).is_ok();
        if self.force || !is_there {
            return Ok(());
        }
        let message = format!("`{}` is there already, and nothing was written", self.spec.display());
        Err(Error::one(Kind::Refused, message, "`--force` writes over it; `-f FILE` writes another"))
    }

    /// What the spec may be written over.
    pub(super) fn over(&self) -> Over<'static> {
        if self.force { Over::Anything } else { Over::Nothing }
    }
}

/// What a spec may be written over.
#[derive(Debug, Clone, Copy)]
pub(super) enum Over<'t> {
    /// It must not be there.
    Nothing,
    /// This text, which it was made from.
    Text(&'t str),
    /// Whatever is there.
    Anything,
}

impl Over<'_> {
    fn allows(self, found: &Disk) -> bool {
        match (self, found) {
            (_, Disk::Absent) | (Self::Anything, _) => true,
            (Self::Text(text), Disk::Text(found)) => found == text,
            (Self::Text(_) | Self::Nothing, _) => false,
        }
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

/// Writes a spec only over what it may. The schema is written beside a spec that names it, which it
/// does where that was asked for; what there is to say of that is returned.
pub(super) fn save(new: &NewSpecArgs, text: &str, over: Over<'_>) -> Result<String, Error> {
    let path = &*new.spec;
    let has_line = text.starts_with(SCHEMA_LINE);
    let line = if new.schema && !has_line { SCHEMA_LINE } else { "" };
    let has_schema = new.schema || has_line;
    begin_writing();
    let folder = open_folder(&folder_of(path))?;
    let name = path.file_name().and_then(OsStr::to_str);
    let name =
        name.ok_or_else(|| Error::one(Kind::Usage, "the spec has no name in UTF-8", "name another file"))?;
    let schema = format!("{:#}\n", spec::json_schema());
    if has_schema && !folder.save(SCHEMA_FILE, &schema, is_former_schema)? {
        let message = format!(
            "`{SCHEMA_FILE}` beside the spec is not a schema of crossrole's, and nothing was written"
        );
        return Err(Error::one(Kind::Refused, message, "move it away, and run again"));
    }
    if folder.save(name, &format!("{line}{text}"), |found| over.allows(found))? {
        let beside = format!(", and {SCHEMA_FILE} for editors beside it");
        return Ok(if has_schema { beside } else { String::new() });
    }
    let message = format!("`{}` was changed meanwhile, and was left as it is", path.display());
    Err(match over {
        Over::Nothing => {
            Error::one(Kind::Refused, message, "`--force` writes over it; `-f FILE` writes another")
        }
        Over::Text(_) | Over::Anything => Error::one(Kind::Conflict, message, "run again: it is read anew"),
    })
}

/// Whether the schema may be written over what is there: nothing, or what an earlier version wrote.
fn is_former_schema(found: &Disk) -> bool {
    let title = |text: &str| {
        Some(serde_json::from_str::<serde_json::Value>(text).ok()?["title"].as_str()?.to_owned())
    };
    match found {
        Disk::Absent => true,
        Disk::Text(text) => title(text).is_some_and(|title| title.starts_with("crossrole.yaml, version ")),
        Disk::Bytes => false,
    }
}

/// What names the spec to another command; nothing where it is found by itself.
pub(super) fn flag(spec: &Path) -> String {
    let name = shell::word(&spec.display().to_string());
    if spec == Path::new("crossrole.yaml") { String::new() } else { format!(" -f {name}") }
}
