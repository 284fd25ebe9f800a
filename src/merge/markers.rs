//! Stub.

/// Whether a text holds a conflict that nobody resolved.
#[must_use]
pub fn has_markers(text: &str) -> bool {
    let starts = |mark: &str| text.lines().any(|line| line.starts_with(mark));
    starts("<<<<<<<") && starts("=======") && starts(">>>>>>>")
}
