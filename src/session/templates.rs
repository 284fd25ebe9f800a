//! Which templates a tree stays with: those that made it, until somebody names others.
//!
//! Responsible for refusing all others, and for telling what the spec has to say so that the next run
//! finds them. Refuses to look for a pack by itself: a record may be anybody's.

use std::path::Path;

use super::inputs::{Inputs, whole};
use super::options::{Options, OtherTemplates};
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::reconcile::PackId;

/// What a person says who has templates of their own.
const NAME_THEM: &str = "name the templates that made it with `--templates DIR`, or write `templates: DIR` into the spec; `crossrole update --force` goes over to these";

/// Digests of the built-in pack in earlier editions of its present version.
const EARLIER: [&str; 3] = [
    "ee8b5b9133768b4425cfff5457e1bde510ab91f72775b2dd9ee08c90919b807b",
    "009b56cbca41b6625ad121fa2fe12217d80442df608b6f2bc2fedc37d4cc973c",
    "20e7d22b8d4bfd09f64e1ef3c6ae96b51b6ba00dd28a06ccfa743dee16ab40ea",
];

/// Refuses templates that a tree is not to go to: any others by the way, older ones and the built-in ones
/// unasked.
pub(super) fn refuse_others(from: &PackId, inputs: &Inputs, options: &Options) -> Result<(), Error> {
    let to = &inputs.pack_id();
    if from == to || *from == PackId::default() {
        return Ok(());
    }
    let help = match options.other_templates {
        OtherTemplates::Compared => return Ok(()),
        OtherTemplates::Upgraded if options.force => return Ok(()),
        _ if is_older(from, to) => older(inputs),
        _ if is_lost(from, inputs) => NAME_THEM,
        OtherTemplates::Upgraded => return Ok(()),
        OtherTemplates::Refused => {
            "`crossrole update` brings it to these templates, keeping every edit; `crossrole update --dry-run --diff` shows how"
        }
    };
    Err(Error::one(Kind::Refused, made_by(from, to), help))
}

/// An update goes forward: an older crossrole would take away what a newer one wrote.
fn is_older(from: &PackId, to: &PackId) -> bool {
    from.id == to.id && from.version > to.version
}

fn older(inputs: &Inputs) -> &'static str {
    if inputs.is_built_in {
        "use a newer crossrole, or name the templates that made it with `--templates DIR`; `crossrole update --force` goes back"
    } else {
        "use the newer templates; `crossrole update --force` goes back"
    }
}

/// Whether templates of somebody's own made a tree, and nobody names them: no crossrole has built-in ones
/// of another name, or others of the same version.
fn is_lost(from: &PackId, inputs: &Inputs) -> bool {
    let to = inputs.pack_id();
    let is_earlier = EARLIER.contains(&from.digest.as_str());
    inputs.is_built_in && (from.id != to.id || from.version == to.version && !is_earlier)
}

fn made_by(from: &PackId, to: &PackId) -> String {
    let name = |pack: &PackId| format!("{} version {}", pack.id, pack.version);
    if name(from) == name(to) {
        format!("this tree was made by another edition of the templates {}", name(from))
    } else {
        format!("this tree was made by the templates {}, and these are {}", name(from), name(to))
    }
}

impl Inputs {
    /// What the spec has to say so that the next run finds templates that were named for this one.
    #[must_use]
    pub fn templates_to_name(&self) -> Option<Diagnostic> {
        let given = whole(self.given_templates.as_deref()?)?;
        let of_spec = self.spec_templates.as_deref();
        if of_spec.and_then(whole).as_ref() == Some(&given) {
            return None;
        }
        let spec = &self.spec_name;
        let (message, otherwise) = match of_spec {
            None => (format!("`{spec}` does not name these templates"), "is refused"),
            Some(_) => (format!("`{spec}` names other templates than these"), "takes those"),
        };
        let inside = whole(&self.folder).and_then(|folder| slashed(given.strip_prefix(folder).ok()?));
        let help = match inside {
            Some(inside) => {
                format!(
                    "write `templates: ./{inside}` into it, or the next run without `--templates` {otherwise}"
                )
            }
            None => format!(
                "the next run without `--templates` {otherwise}; a spec can name templates below its own folder: copy them there, and write `templates: ./DIR` into it"
            ),
        };
        Some(Diagnostic::warning(message).help(help))
    }
}

fn slashed(path: &Path) -> Option<String> {
    Some(path.to_str()?.replace('\\', "/")).filter(|path| !path.is_empty())
}
