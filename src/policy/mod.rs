//! IAM policy documents as typed values.
//!
//! Responsible for building the trust policies of roles in B and of callers' roles in A, and the callers' identity policies,
//! for IAM's own limits, and for the one canonical form of every JSON text that is written.
//! In `evaluate`: what IAM decides about a request under given policies.
//! Refuses to read templates or files: a document is decided here and only printed elsewhere.

mod canonical;
mod cloudformation;
mod document;
pub mod evaluate;
mod identity;
pub mod issuer;
mod printed;
pub mod read;
mod state;
mod template_widening;
mod token;
mod trust;
mod unique;
mod web_identity;
mod widening;

pub use canonical::{canonical_json, canonical_text};
pub use cloudformation::{Template, TemplateRole, is_decided, may_be_template};
pub use document::{Conditions, Document, Principal, Statement};
pub use identity::{AssumePolicies, CallerPolicies, Overflow, Reach, assume_policies};
pub use printed::PrintedRole;
pub use template_widening::template_widenings;
pub use token::{NotAToken, Token};
pub use trust::{trust_policy, trust_policy_bound};
pub use unique::unique_json;
pub use web_identity::web_identity_policy;
pub use widening::widenings;

/// Non-blank characters of a trust policy that every account allows. Source: IAM quotas.
pub const TRUST_QUOTA: usize = 2048;
/// Non-blank characters of a trust policy with the quota raised as far as AWS raises it.
pub const RAISED_TRUST_QUOTA: usize = 8192;
/// Non-blank characters of a managed policy. Source: IAM quotas.
pub const MANAGED_QUOTA: usize = 6144;
/// Managed policies attached to one user or role, before the quota is raised. Source: IAM quotas.
pub const ATTACHMENT_QUOTA: u32 = 10;

/// The characters that IAM's quotas count: all but white space.
#[must_use]
pub fn non_blank_characters(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// Whether IAM accepts the character in a policy: tab, line feed, carriage return, U+0020 to U+00FF.
///
/// Source: the pattern of `policyDocumentType` in IAM's service model.
#[must_use]
pub fn is_policy_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{ff}')
}
