//! What holds for files of pipelines alone: their engines look for them at one place, where others may have theirs.

use std::path::Path;

use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::git::Repository;
use crate::model::Pipelines;
use crate::reconcile::{Conflict, Decision, Plan};

/// The file of each engine, and its key in the spec.
const ENGINES: [(&str, &str); 3] = [
    (".github/workflows/crossrole.yml", "github_actions"),
    (".gitlab-ci.yml", "gitlab"),
    ("atlantis.yaml", "atlantis"),
];

/// Refuses pipelines below the top of a repository: no engine would find them there, and their paths would be wrong.
pub(super) fn refuse_below_the_top(pipelines: &Pipelines, out: &Path) -> Result<(), Error> {
    if !pipelines.is_any() {
        return Ok(());
    }
    let absolute = std::path::absolute(out).unwrap_or_else(|_| out.to_owned());
    let Some(there) = absolute.ancestors().find(|folder| folder.is_dir()) else { return Ok(()) };
    let Some(repository) = Repository::around(there) else { return Ok(()) };
    let top = repository.top();
    if there == absolute && there.canonicalize().is_ok_and(|there| there == top) {
        return Ok(());
    }
    let message = format!(
        "`pipelines` needs the top of the repository: engines look for their files there, and `{}` is below it",
        out.display()
    );
    let help = format!(
        "generate into `{}` with `--out`, give the folder a repository of its own, or remove `pipelines` from the spec",
        top.display()
    );
    Err(Error::one(Kind::Refused, message, help))
}

/// Refuses to go on where the file of an engine is somebody else's, however conflicts are to be resolved: two pipelines
/// cannot be merged.
pub(super) fn refuse_others(plan: &Plan) -> Result<(), Error> {
    let is_foreign = |path: &str| {
        let mut changes = plan.changes();
        changes.any(|change| {
            change.path.as_str() == path && change.decision == Decision::Conflict(Conflict::Foreign)
        })
    };
    let refusal = |(path, key): &(&str, &str)| {
        let message = format!("`{path}` {}", Conflict::Foreign.as_str());
        let help = format!(
            "nothing was written; to keep it, remove `pipelines.{key}` from the spec or use `--conflict ours`, and call `pipelines/run.sh` from it; otherwise move it away"
        );
        Diagnostic::error(message).help(help)
    };
    let found: Vec<_> = ENGINES.iter().filter(|(path, _)| is_foreign(path)).map(refusal).collect();
    if found.is_empty() { Ok(()) } else { Err(Error::new(Kind::Refused, found)) }
}
