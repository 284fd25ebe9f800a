//! How callers get credentials of Account A.

use crate::diagnostic::words::Count;
use crate::model::{Caller, CallerIdentity, Credentials, Fleet, Platform, SourceAccount, TargetRole};

/// How a caller gets credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// In words: `its access key, from the environment`.
    pub words: String,
    /// What the environment of its runs holds, by the names of variables; nothing secret.
    pub environment: Vec<(&'static str, String)>,
}

/// How a caller gets credentials.
#[must_use]
pub fn sign_in(fleet: &Fleet, caller: &Caller) -> Access {
    let source = &fleet.source;
    let mfa = if needs_mfa(fleet, caller) { ", with an MFA session" } else { "" };
    let words = match &caller.identity {
        CallerIdentity::Account { .. } => {
            format!("credentials of {}, {}{mfa}", source.account_id, from(source))
        }
        CallerIdentity::IamUser { .. } => format!("the user's access key, {}{mfa}", from(source)),
        CallerIdentity::Role { .. } => format!("a session of the role, {}", from(source)),
        CallerIdentity::PermissionSet { name, .. } => {
            format!("`aws sso login` with the permission set {name} in {}", source.account_id)
        }
        CallerIdentity::Federated(federated) => match federated.platform {
            Platform::GithubActions => "the job's token, by aws-actions/configure-aws-credentials".to_owned(),
            Platform::Gitlab => {
                "the job's token, in a file that AWS_WEB_IDENTITY_TOKEN_FILE names".to_owned()
            }
            Platform::HcpTerraform => "dynamic credentials of the workspace".to_owned(),
            Platform::Oidc => "a token, in a file that AWS_WEB_IDENTITY_TOKEN_FILE names".to_owned(),
        },
    };
    Access { words, environment: environment(source, caller) }
}

/// Where the AWS provider looks for credentials of A.
fn from(source: &SourceAccount) -> String {
    match &source.credentials {
        Credentials::Environment => "from the environment".to_owned(),
        Credentials::Profile(name) => format!("from the profile `{name}`"),
    }
}

fn environment(source: &SourceAccount, caller: &Caller) -> Vec<(&'static str, String)> {
    let Some(federated) = caller.federated() else { return Vec::new() };
    let role = source.role_of(federated);
    match (federated.platform, super::hcp_runs(federated)) {
        (_, Some(runs)) => vec![("TFC_AWS_PROVIDER_AUTH", "true".to_owned()), (runs.role_variable, role)],
        (Platform::GithubActions, _) => Vec::new(),
        _ => vec![("AWS_ROLE_ARN", role)],
    }
}

/// The word of the spec for a kind of caller.
#[must_use]
pub fn kind(caller: &Caller) -> &'static str {
    match &caller.identity {
        CallerIdentity::Account { .. } => "account",
        CallerIdentity::IamUser { .. } => "iam_user",
        CallerIdentity::Role { .. } => "role",
        CallerIdentity::PermissionSet { .. } => "sso",
        CallerIdentity::Federated(federated) => federated.platform.as_str(),
    }
}

/// Every role that a caller may assume.
pub fn roles_of<'f>(fleet: &'f Fleet, caller: &'f Caller) -> impl Iterator<Item = TargetRole<'f>> {
    fleet.roles().filter(|one| one.role.admits(caller))
}

/// Whether a role that a caller may assume demands MFA of it.
#[must_use]
pub fn needs_mfa(fleet: &Fleet, caller: &Caller) -> bool {
    caller.can_carry_mfa() && roles_of(fleet, caller).any(|one| one.role.demands_mfa_of(caller))
}

/// The profile of a person: the one that Terraform uses, or one to be made. Roles and pipelines need none.
#[must_use]
pub fn profile_of(fleet: &Fleet, caller: &Caller) -> Option<String> {
    match (&caller.identity, &fleet.source.credentials) {
        (CallerIdentity::Role { .. } | CallerIdentity::Federated(_), _) => None,
        (_, Credentials::Profile(name)) => Some(name.to_string()),
        (_, Credentials::Environment) => Some(format!("{}-{}", fleet.name, caller.id)),
    }
}

/// The ids of callers, of many the first few: `a, b, c and 4 more callers`.
#[must_use]
pub fn few(callers: &[&Caller]) -> String {
    const SHOWN: usize = 3;
    // The place of "and 1 more" is as good for its id.
    let shown = if callers.len() > SHOWN + 1 { SHOWN } else { callers.len() };
    let ids: Vec<&str> = callers[..shown].iter().map(|caller| caller.id.as_str()).collect();
    match callers.len() - shown {
        0 => ids.join(", "),
        more => format!("{} and {}", ids.join(", "), Count(more, "more caller")),
    }
}
