//! What the callers that matter may do with one role, as a table.

use crate::model::{CallerId, RoleKey, TargetName};
use crate::policy::evaluate::{Decision, Excess, Request, Verdict};

use super::probe::Attached;

/// What the callers that matter may do with one role.
#[derive(Debug, Clone)]
pub struct Matrix {
    /// Whose role it is.
    pub of: RoleOf,
    /// Its account.
    pub account_id: String,
    /// The ARN of the role.
    pub role_arn: String,
    /// The file that was judged, where it is not just what the program built.
    pub judged: Option<Judged>,
    /// Where else it is said who can assume the role, in a way that was not followed.
    pub unknown: Vec<String>,
    /// One per caller and circumstances.
    pub rows: Vec<Row>,
    /// What the trust policy allows beyond what the spec asks for: nothing, if it was proven to allow no more.
    pub excesses: Vec<Excess>,
    /// What the role may do beyond what the spec asks for, or for longer.
    pub permissions: Vec<Grant>,
}

/// Whose role is asked about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleOf {
    /// A target's, with the role's key where the target names its roles by keys.
    Target(TargetName, Option<RoleKey>),
    /// A caller's: the role in A that it enters through with its tokens.
    Caller {
        /// The caller.
        id: CallerId,
        /// Who it is, in words.
        described: String,
        /// Who issues its tokens, without `https://`.
        issuer: String,
    },
}

/// Something that a file gives to a role.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The file.
    pub file: String,
    /// What.
    pub what: String,
}

/// A trust policy that somebody had a part in.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The file.
    pub file: String,
    /// Who wrote it.
    pub author: Author,
}

/// Who wrote a trust policy that is not just what the program built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// The templates alone.
    Templates,
    /// A person, who edited it or wrote it anew.
    Person,
    /// Nobody here: a role that exists already has it in AWS.
    Aws,
}

/// One caller under given circumstances.
#[derive(Debug, Clone)]
pub struct Row {
    /// Who, in words: `user terraform`.
    pub who: String,
    /// The caller of the spec that they are.
    pub caller: Option<CallerId>,
    /// What they ask for, as IAM sees it.
    pub request: Request,
    /// With what, in words: `MFA, external ID`.
    pub with: Vec<String>,
    /// What is attached to them.
    pub attached: Attached,
    /// What the spec says.
    pub expected: Decision,
    /// What the policies say.
    pub verdict: Verdict,
    /// Whether A's own policies decide: the trust policy lets in whomever they let out.
    pub delegated: bool,
}

impl Row {
    /// Whether the policies do what the spec says.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        self.verdict.decision == self.expected
    }
}

impl Matrix {
    pub(super) fn not_known(of: RoleOf, account_id: String, role_arn: String, unknown: Vec<String>) -> Self {
        Self {
            of,
            account_id,
            role_arn,
            judged: None,
            unknown,
            rows: Vec::new(),
            excesses: Vec::new(),
            permissions: Vec::new(),
        }
    }

    /// Whether the policies are known and do what the spec says, for every caller.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        self.unknown.is_empty()
            && self.excesses.is_empty()
            && self.permissions.is_empty()
            && self.rows.iter().all(Row::is_as_expected)
    }

    /// The callers for whom they do not.
    pub fn mismatches(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !row.is_as_expected())
    }
}
