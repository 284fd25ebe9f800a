//! What IAM decides about a request: trust policy and identity policies, evaluated as values.
//!
//! Responsible for the decision with the statement that made it, and for what a denied request came
//! closest to. Refuses to know accounts, specs and files, to decide under a policy of which something is not known, and
//! never fails on a policy that was read.
//!
//! Outside of what policies say, and so not here: service and resource control policies, permissions
//! boundaries and session policies, which only ever take away.
//!
//! ```
//! use crossrole::policy::evaluate::{Context, Kind, Policy, Principal, Request, decide};
//!
//! let trust = r#"{"Version": "2012-10-17", "Statement": {
//!     "Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "sts:AssumeRole",
//!     "Condition": {"StringEquals": {"sts:ExternalId": "b7c1"}}
//! }}"#;
//! let trust = Policy::parse(trust, Kind::Trust)?;
//! let caller = Principal::parse("arn:aws:iam::111111111111:user/terraform")?;
//! let role = "arn:aws:iam::222222222222:role/Deploy";
//!
//! let request = Request::new(caller, "sts:AssumeRole", role, Context::default());
//! let verdict = decide(&trust, None, &request);
//! assert!(!verdict.is_allowed());
//! assert_eq!(verdict.near[0].to_string(), "would be allowed with the external ID `b7c1`");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bound;
mod call;
mod decision;
mod doubt;
mod nearest;
mod policy;
mod principal;
mod reason;
mod request;

pub use bound::{Excess, Known, Lack, excesses};
pub use call::Obstacle;
pub use decision::{Decision, Verdict, decide};
pub use nearest::{NearMiss, Need};
pub use policy::{Policy, PolicyError};
pub use principal::{NotAPrincipal, Principal};
pub use reason::{Identity, Reason, Side};
pub use request::Request;

pub use super::read::{Context, Kind, StatementId};
