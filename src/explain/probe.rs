//! One caller under given circumstances, as a value.

use crate::model::CallerId;
use crate::policy::evaluate::{Decision, Principal};

/// How a caller signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mfa {
    /// With a user's long-term key.
    LongTermKey,
    /// With a role's session, which never carries MFA.
    Session,
    /// With a session of a user who used MFA.
    Used,
}

/// Which external ID a caller names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExternalId {
    /// What the role asks for, if it asks.
    Right,
    /// None.
    None,
    /// Another.
    Wrong,
}

/// Which session tags a caller passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tags {
    /// Those of the spec.
    Declared,
    /// The same keys, one with another value.
    OtherValue,
    /// One more.
    Further,
}

/// Which source identity a caller sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    /// That of the spec, if it has one.
    Declared,
    /// Another.
    Other,
}

/// What is attached to a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attached {
    /// The policies that are generated for A.
    Generated,
    /// Nothing.
    Nothing,
    /// Whatever they need: strangers write their own policies.
    Anything,
}

/// One caller under given circumstances, with what the spec says.
#[derive(Debug, Clone)]
pub(super) struct Probe {
    pub(super) who: String,
    /// The caller of the spec that they are, whose policies they have.
    pub(super) caller: Option<CallerId>,
    pub(super) principal: Principal,
    pub(super) with: Vec<String>,
    pub(super) action: &'static str,
    pub(super) mfa: Mfa,
    pub(super) external_id: ExternalId,
    pub(super) tags: Tags,
    pub(super) identity: Identity,
    pub(super) of_organization: bool,
    pub(super) attached: Attached,
    pub(super) delegated: bool,
    pub(super) expected: Decision,
}
