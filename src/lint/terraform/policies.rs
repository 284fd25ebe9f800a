//! The policies in Terraform, wherever they stand: texts, heredocs, `jsonencode`, files and data
//! sources. What a value comes to is the reader's; here it is taken for a policy.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Source;
use crate::value::{Data, Problem, Value};

/// Texts by path.
pub(super) type Texts = BTreeMap<String, Arc<Source>>;

/// The policy that an argument holds, each part of it where it is written; `None` when only a run would
/// show it.
pub(super) fn of(value: &Value) -> Option<Result<Value, Problem>> {
    match &value.data {
        Data::Object(_) => Some(Ok(value.clone())),
        Data::Text(text) => {
            // What begins with something unknown may be anything.
            let is_begun = text.reason().is_none() || !text.ends().0.trim().is_empty();
            is_begun.then(|| Value::decode(text))
        }
        _ => None,
    }
}
