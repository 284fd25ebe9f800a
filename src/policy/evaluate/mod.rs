//! What IAM decides about a request: trust policy and identity policies, evaluated as values.
//!
//! Responsible for reading policies in every form that IAM accepts, for the decision with the
//! statement that made it, and for what a denied request came closest to. Refuses to know accounts,
//! specs and files, and never fails on a policy that was read.
//!
//! Outside of what policies say, and so not here: service and resource control policies, permissions
//! boundaries and session policies, which only ever take away.

mod condition;
mod decision;
mod fault;
mod nearest;
mod node;
mod parse;
mod pattern;
mod principal;
mod read;
mod reason;
mod request;
mod statement;

pub use condition::Condition;
pub use decision::{Decision, Verdict, decide};
pub use fault::Fault;
pub use nearest::{NearMiss, Need};
pub use node::{Member, Node, Part};
pub use parse::{PolicyError, faults};
pub use principal::{NotAPrincipal, Principal};
pub use reason::{Identity, Reason, Side};
pub use request::{Context, Request};
pub use statement::{Kind, Policy, Statement, StatementId};
