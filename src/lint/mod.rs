//! What is wrong, weak or surprising about a spec, an IAM policy or Terraform.
//!
//! Responsible for the catalogue of findings and for the rules that look for them. Errors of a spec
//! are `check`'s own, under the same ids: there is one implementation. Rules on policies are written
//! once, over values that know their places, and serve specs, JSON files and Terraform alike.
//! Refuses to read files, the clock or AWS: it is handed texts and a date.

mod catalogue;
mod document;
mod finding;
mod judged;
mod known;
mod policy;
mod rule;
mod spec;
mod terraform;
mod waiver;

pub use catalogue::{rule, rules};
pub use document::policy;
pub use finding::Finding;
pub use judged::Judged;
pub use rule::{Rule, Subject};
pub use spec::{spec, spec_warnings};
pub use terraform::{Tree, terraform};
pub use waiver::{Report, Waivers};
