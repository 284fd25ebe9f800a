//! Whom trust policies of federated callers let in, judged by nobody who wrote them.
//!
//! `tokens` makes up hundreds of tokens for a workload as one describes it, its own and those of everybody who could be
//! taken for it, each with why it is right or wrong. `disagreements` has an independent evaluator decide all of them, as AWS
//! would be asked. Neither uses anything of the program's: what AWS compares of a token is written down here a second time.
//!
//! ```text
//! let workload = Repository { issuer: "https://token.actions.githubusercontent.com", owner: "acme", … };
//! let tokens = tokens(&workload, 1);
//! let cases = [Case { what: "ci", role: "arn:aws:iam::111111111111:role/ci", trust: &trust, tokens: &tokens }];
//! let Some(disagreements) = disagreements(&cases) else { return };
//! ```
//!
//! Sources of the forms: "`OpenID` Connect reference" (GitHub), "`OpenID` Connect (OIDC) authentication using ID tokens"
//! (GitLab), "Workload identity tokens" (HCP Terraform).

mod context;
mod generated;
mod github;
mod gitlab;
mod judge;
mod names;
mod other;
mod right;
mod terraform;
mod token;
mod wrong;

pub(crate) use self::{
    github::{Job, Repository},
    gitlab::Project,
    judge::{Case, disagreements},
    other::Workload,
    terraform::Workspace,
    token::{Caller, Token, tokens},
};
