//! Verification: whether AWS does what the spec says, tried with the credentials of whoever asks.
//!
//! Responsible for which steps a caller can take ([`steps`]), for what was seen in each ([`judge`]), and for running the
//! `terraform` and `aws` of PATH. A person's folders are never worked in: Terraform runs in a mirror of the root, outside
//! the repository (`mirror`). Credentials are handed on by the environment alone, and are never kept. Refuses to print,
//! and to write the evidence: it says what there is to write.

mod answer;
mod aws;
mod caller;
mod child;
mod clock;
mod fleet;
mod judge;
mod mirror;
mod programs;
mod record;
mod request;
mod steps;
mod target;
mod terraform;

pub use fleet::{Asked, Watch, verify};
pub use steps::Bucket;

#[cfg(test)]
mod tests {
    use crate::diagnostic::Source;
    use crate::model::Fleet;
    use crate::{check, spec};

    /// The fleet of a spec without files.
    pub(super) fn fleet(text: &str) -> Fleet {
        let source = Source::new("crossrole.yaml", text);
        check::lower(spec::parse(&source), &check::PolicyFiles::default()).expect("the spec is valid").0
    }
}
