//! The proof of a merge: every change of either side is in the result, and nothing else is.

use serde_json::Value;

use super::keys::Keys;
use super::said::said_among;
use super::shape::Shape;
use crate::merge::proof::{Allowed, follows};
use crate::sides::Sides;

/// Whether a merge did what it should, told from the documents alone.
pub(super) fn holds(shape: Shape, sides: Sides<&Value>, merged: &Value) -> bool {
    let lists = sides.map(|document| document.get("Statement").unwrap_or(&Value::Null));
    let keys = Keys::new(lists.into_array());
    let said = sides.map(|document| said_among(&keys, shape, document));
    follows(said.as_ref().map(Some), Some(&said_among(&keys, shape, merged)), Allowed::Neither)
}
