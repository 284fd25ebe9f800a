//! A policy as it is written, read once for everybody: the evaluator, the rules of `lint`, the comparison of two
//! policies, and `import`.
//!
//! Responsible for every form that IAM accepts, for all that it would refuse, each with its place, and for keeping what only
//! a run would show apart from what is known: one unknown value hides nothing else. Refuses to decide about requests,
//! and to know the ids of findings.

mod condition;
mod context;
mod fault;
mod glob;
mod part;
mod pattern;
mod principal;
mod reader;
mod statement;

pub use condition::{Condition, Conditions, Operand, Operator, Order, Set, Test};
pub use context::Context;
pub use fault::{Fault, FaultKind};
pub use glob::Case;
pub use part::{Listed, Located, Part, Unknown};
pub use pattern::Pattern;
pub use principal::{PrincipalKind, PrincipalPattern, is_account};
pub use reader::{Reading, read};
pub use statement::{Effect, Kind, Statement, StatementId};
