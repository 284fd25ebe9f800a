//! Whether two texts say the same, whatever their formatting.

use crate::hcl;
use crate::output::FileKind;
use crate::policy::canonical_json;

/// Equal bytes, or equal once both are in canonical form. What cannot be parsed equals itself only.
pub(super) fn equivalent(kind: FileKind, left: &str, right: &str) -> bool {
    left == right
        || match kind {
            FileKind::Hcl => {
                both(left, right, |text| hcl::format(text).ok().map(|text| text.trim_end().to_owned()))
            }
            FileKind::Json => {
                both(left, right, |text| serde_json::from_str(text).ok().map(|value| canonical_json(&value)))
            }
            FileKind::Shell | FileKind::Markdown | FileKind::Plain => false,
        }
}

fn both<T: PartialEq>(left: &str, right: &str, read: impl Fn(&str) -> Option<T>) -> bool {
    match (read(left), read(right)) {
        (Some(left), Some(right)) => left == right,
        _ => false,
    }
}
