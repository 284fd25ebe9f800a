//! What IAM decides about a request: trust policy and identity policies, evaluated as values.
//!
//! Responsible for reading policies in every form that IAM accepts, for the decision with the
//! statement that made it, and for what a denied request came closest to. Refuses to know accounts,
//! specs and files, and never fails on a policy that was read.
//!
//! Outside of what policies say, and so not here: service and resource control policies, permissions
//! boundaries and session policies, which only ever take away.

mod decision;
mod nearest;
mod policy;
mod principal;
mod reason;
mod request;

pub use decision::{Decision, Verdict, decide};
pub use nearest::{NearMiss, Need};
pub use policy::{Policy, PolicyError};
pub use principal::{NotAPrincipal, Principal};
pub use reason::{Identity, Reason, Side};
pub use request::Request;

pub use super::read::{Context, Kind, StatementId};
