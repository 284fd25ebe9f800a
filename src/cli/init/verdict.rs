//! What `generate` and `lint` say of the answers, in lines of their own: a spec that is not written yet has no place to point at.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::scaffold;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::words::{Count, one_line};
use crate::model::Fleet;
use crate::ui::called;

/// The fleet that a text describes, or why `generate` would refuse it.
pub(super) fn judge(spec: &Path, text: &str) -> Result<Fleet, Vec<String>> {
    let line = |found: &Diagnostic| {
        let help = found.help.as_ref().map(|help| format!(". {help}")).unwrap_or_default();
        one_line(format!("{}{help}", sentence("error", found)))
    };
    match scaffold::judge(spec, text) {
        Ok((fleet, _)) => Ok(fleet),
        Err(error) => Err(error.diagnostics.iter().map(line).collect()),
    }
}

/// A role without permissions, of which `init` says itself how it gets some.
const POWERLESS: &str = "CR104";

/// What `lint` would warn of and did not before: a line for each rule, however often it is broken.
pub(super) fn warnings(spec: &Path, text: &str, before: Option<&str>) -> Vec<String> {
    let found = |text: &str| scaffold::lint(spec, text).unwrap_or_default();
    let known: Vec<String> =
        before.map(found).unwrap_or_default().into_iter().map(|found| found.message).collect();
    let mut rules: BTreeMap<_, Vec<Diagnostic>> = BTreeMap::new();
    let is_new = |found: &Diagnostic| found.id != Some(POWERLESS) && !known.contains(&found.message);
    for found in found(text).into_iter().filter(is_new) {
        rules.entry(found.id).or_default().push(found);
    }
    rules.values().filter_map(|found| warning(found)).collect()
}

fn warning(found: &[Diagnostic]) -> Option<String> {
    let (first, rest) = found.split_first()?;
    let more = match rest.len() {
        0 => String::new(),
        more => format!("; {} like it", Count(more, "more warning")),
    };
    Some(one_line(format!("{}{more}", sentence("warning", first))))
}

fn sentence(level: &str, found: &Diagnostic) -> String {
    let id = found.id.map(|id| format!("[{}]", called(id))).unwrap_or_default();
    format!("{level}{id}: {}", found.message)
}
