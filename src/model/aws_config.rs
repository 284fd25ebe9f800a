//! AWS CLI profiles for people: what they are called, and from whose credentials they start.

use super::text::{made_of, text};
use super::{Caller, CallerIdentity, Fleet, PermissionSetName, Region, TargetRole};
use crate::diagnostic::Span;

text! {
    /// A name that stands in the brackets of an AWS configuration file, of a profile or of an SSO session.
    ///
    /// Narrower than [`ProfileName`](super::ProfileName), which only refers to a profile of somebody's own: no
    /// quotes, blanks or comment signs, which readers of such files take in different ways.
    pub struct ConfigName {
        what: "a name for an AWS configuration file",
        rule: "1 to 64 letters, digits and any of `_.@+-`, beginning with a letter or digit",
        pattern: "^[A-Za-z0-9][A-Za-z0-9_.@+-]{0,63}$",
        accepts: |text| {
            made_of(text, 1..=64, |c| c.is_ascii_alphanumeric() || "_.@+-".contains(c))
                && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        },
    }
}

text! {
    /// The MFA device of a person: the ARN of a virtual one, or the serial number of one of hardware.
    ///
    /// Source: `serialNumberType` of STS's service model: 9 to 256 of `[\w+=/:,.@-]`.
    pub struct MfaSerial {
        what: "an MFA device",
        rule: "the device's ARN, as in `arn:aws:iam::111111111111:mfa/ada`, or its serial number",
        pattern: "^[A-Za-z0-9_+=/:,.@-]{9,256}$",
        accepts: |text| made_of(text, 9..=256, |c| c.is_ascii_alphanumeric() || "_+=/:,.@-".contains(c)),
    }
}

text! {
    /// Where people sign in to IAM Identity Center.
    pub struct StartUrl {
        what: "a start URL of IAM Identity Center",
        rule: "the access portal's address, as in `https://d-1234567890.awsapps.com/start`",
        pattern: "^https://[A-Za-z0-9][A-Za-z0-9.-]{0,252}(/[A-Za-z0-9._~/#-]{0,200})?$",
        accepts: |text| text.strip_prefix("https://").is_some_and(|rest| {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            made_of(host, 1..=253, |c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
                && host.starts_with(|c: char| c.is_ascii_alphanumeric())
                && made_of(path, 0..=200, |c| c.is_ascii_alphanumeric() || "._~/#-".contains(c))
        }),
    }
}

/// AWS CLI profiles for people.
#[derive(Debug, Clone)]
pub struct AwsConfig {
    /// The profile with credentials of A.
    pub source_profile: ConfigName,
    /// How people sign in, where that is IAM Identity Center.
    pub sso_session: Option<SsoSession>,
    /// The device that codes come from, where it is known.
    pub mfa_serial: Option<MfaSerial>,
    /// Where it stands in the spec.
    pub at: Span,
}

/// A sign-in of IAM Identity Center.
#[derive(Debug, Clone)]
pub struct SsoSession {
    /// What the file calls it.
    pub name: ConfigName,
    /// The access portal.
    pub start_url: StartUrl,
    /// The region of IAM Identity Center.
    pub region: Region,
}

/// The profile of a role.
#[derive(Debug)]
pub struct RoleProfile<'f> {
    /// Its name: the target's, the role's key where there are several, the caller's id where there are several.
    pub name: String,
    /// The role.
    pub role: TargetRole<'f>,
    /// The profile that it starts from.
    pub source_profile: String,
    /// Whether somebody who starts from there has to use MFA.
    pub mfa: bool,
}

/// A profile of A with a permission set.
#[derive(Debug)]
pub struct SetProfile<'f> {
    /// Its name.
    pub name: String,
    /// The permission set.
    pub permission_set: &'f PermissionSetName,
    /// Who has it.
    pub caller: &'f Caller,
}

impl AwsConfig {
    /// Every profile of A that is written, one per permission set; none where the source profile is somebody's own.
    #[must_use]
    pub fn set_profiles<'f>(&self, fleet: &'f Fleet) -> Vec<SetProfile<'f>> {
        if self.sso_session.is_none() {
            return Vec::new();
        }
        let sets = fleet.source.callers.iter().filter_map(|caller| match &caller.identity {
            CallerIdentity::PermissionSet { name, .. } => Some((caller, name)),
            _ => None,
        });
        let sets: Vec<_> = sets.collect();
        let is_one = sets.len() == 1;
        let name = |caller: &Caller| {
            if is_one {
                self.source_profile.to_string()
            } else {
                format!("{}-{}", self.source_profile, caller.id)
            }
        };
        let profile = |(caller, permission_set)| SetProfile { name: name(caller), permission_set, caller };
        sets.into_iter().map(profile).collect()
    }

    /// Every profile of a role that people may assume, in the order of the targets.
    #[must_use]
    pub fn role_profiles<'f>(&self, fleet: &'f Fleet) -> Vec<RoleProfile<'f>> {
        let sets = self.set_profiles(fleet);
        fleet.roles().flat_map(|role| self.profiles_of(fleet, role, &sets)).collect()
    }

    fn profiles_of<'f>(
        &self,
        fleet: &'f Fleet,
        role: TargetRole<'f>,
        sets: &[SetProfile<'f>],
    ) -> Vec<RoleProfile<'f>> {
        let key = role.role.key.as_ref().map(|key| format!("-{key}")).unwrap_or_default();
        let name = format!("{}{key}", role.target.name);
        if self.sso_session.is_none() {
            let mut people = fleet.source.callers_of(role.role).filter(|caller| caller.federated().is_none());
            let Some(first) = people.next() else { return Vec::new() };
            let demands = |caller: &Caller| caller.can_carry_mfa() && role.role.demands_mfa_of(caller);
            let mfa = demands(first) || people.any(demands);
            return vec![RoleProfile { name, role, source_profile: self.source_profile.to_string(), mfa }];
        }
        let profile = |set: &SetProfile<'f>| RoleProfile {
            name: if sets.len() == 1 { name.clone() } else { format!("{name}-{}", set.caller.id) },
            role,
            source_profile: set.name.clone(),
            mfa: false,
        };
        sets.iter().filter(|set| role.role.admits(set.caller)).map(profile).collect()
    }
}
