//! From the spec to the fleet: defaults, references, and every mistake that can be known offline.
//!
//! Responsible for all that makes AWS or Terraform refuse, or quietly do the wrong thing
//! (`terraform validate` catches almost none of it), each under its id of the findings catalogue.
//! Refuses to stop at the first: a part that is unusable is left out, and the rest is still looked
//! at. Defaults are applied here and nowhere else.

mod aws_config;
mod backend;
mod caller;
mod existing;
mod federated;
mod fleet;
mod layout;
mod pipelines;
mod place;
mod policies;
mod role;
mod roles;
mod session;
mod source;
mod stack;
mod stack_set;
mod state;
mod target;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use self::caller::is_spec_of;
pub(crate) use self::policies::fault_id;

use crate::diagnostic::{Diagnostic, Diagnostics, Error, Source, Span};
use crate::model::{Fleet, Text};
use crate::spec::{Field, Located, Parsed};

/// The policy files that a spec names, as far as they could be read; otherwise why not.
pub type PolicyFiles = BTreeMap<String, Result<Arc<Source>, String>>;

/// The name of a spec that has none.
const DEFAULT_NAME: &str = "crossrole";

/// The fleet that a spec describes, and what is worth saying about it.
///
/// # Errors
/// Every problem of the spec, structural ones included, in the order of its text.
pub fn lower(parsed: Parsed, files: &PolicyFiles) -> Result<(Fleet, Vec<Diagnostic>), Error> {
    let Parsed { source, spec, diagnostics, .. } = parsed;
    let mut cx = Check { source: &source, files, found: diagnostics };
    let fleet = fleet::lower(&mut cx, &spec);
    let (fleet, warnings) = cx.found.finish(fleet)?;
    match fleet {
        Some(fleet) => Ok((fleet, warnings)),
        None => Err(Error::bug("a spec without problems has no meaning")),
    }
}

/// What a check needs: the text for its messages, the policy files, and a place for findings.
struct Check<'c> {
    source: &'c Arc<Source>,
    files: &'c PolicyFiles,
    found: Diagnostics,
}

impl<'c> Check<'c> {
    /// One that collects apart, for work that runs beside other work.
    fn fork(source: &'c Arc<Source>, files: &'c PolicyFiles) -> Self {
        Self { source, files, found: Diagnostics::default() }
    }

    fn error(
        &mut self,
        at: Span,
        id: impl Into<Option<&'static str>>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found.push(Diagnostic::error(message).id(id).at(self.source, at).help(help));
    }

    /// A field that must be there; reports its absence at `parent`.
    fn required<'f, T>(
        &mut self,
        field: &'f Field<T>,
        key: &str,
        parent: Span,
        help: &str,
    ) -> Option<&'f Located<T>> {
        if field.is_absent() {
            self.error(first_line(parent), None, format!("`{key}` is missing"), help);
        }
        field.get()
    }
}

/// The place to point at for something that is missing: where the part begins.
fn first_line(at: Span) -> Span {
    Span { start: at.start, end: at.start + 1 }
}

/// The value, or its default where it was left out. Broken values take the default too: they have
/// been reported, and the checks that follow need something to look at.
fn or_default<T: Clone>(field: &Field<T>, default: impl FnOnce() -> T) -> T {
    field.value().cloned().unwrap_or_else(default)
}

/// A default of ours, which keeps its own type's rule.
fn literal<T: Text>(text: &str) -> T {
    match T::parse(text) {
        Ok(value) => value,
        Err(invalid) => unreachable!("a default breaks its own rule: {}", invalid.message),
    }
}
