//! Who can enter which account, and what is known of it, as one page.
//!
//! Responsible for what a report says (`facts`), for what of it may be shown to the owner of one account (`privacy`), for
//! the picture (`map`), and for the three forms: HTML, Markdown, JSON. Refuses to read files, the clock or AWS, and to
//! judge: roles, findings and evidence are handed in as they were judged elsewhere. What could not be read is said to be
//! not known, never left out.

pub mod facts;
mod html;
mod map;
mod markdown;
mod markup;
mod privacy;
mod words;

pub use facts::Facts;
pub use html::page;
pub use markdown::markdown;
pub use privacy::Privacy;

/// The facts for machines, as `docs/report.md` describes them.
#[must_use]
pub fn json(facts: &Facts) -> String {
    // Texts, numbers and lists have no way to fail.
    serde_json::to_string_pretty(facts).unwrap_or_default() + "\n"
}
