//! Who is calling, as AWS says it, and which declared callers that is.

use crate::model::{ArnParts, Caller, CallerIdentity, Fleet, Role};

/// Who calls, as `aws sts get-caller-identity` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) arn: String,
    pub(super) account: String,
    /// Whether the credentials are an access key of a user, and no session: they never carry MFA.
    pub(super) is_long_term: bool,
}

/// Who calls, as the spec declares it.
#[derive(Debug)]
pub(super) struct Declared<'f> {
    /// The declared callers that it is, the most exact one first: a user may be one, and anyone of the account, too.
    pub(super) callers: Vec<&'f Caller>,
    /// Whether its requests certainly carry no MFA.
    pub(super) lacks_mfa: bool,
}

impl<'f> Declared<'f> {
    /// The declared callers that somebody is; `None` if there are none.
    pub(super) fn find(fleet: &'f Fleet, identity: &Identity) -> Option<Self> {
        if identity.account != fleet.source.account_id.as_str() {
            return None;
        }
        let arn = ArnParts::split(&identity.arn)?;
        let mut callers: Vec<&Caller> =
            fleet.source.callers.iter().filter(|caller| is(&caller.identity, &arn)).collect();
        callers.sort_by_key(|caller| caller.is_account());
        let is_session = arn.resource.starts_with("assumed-role/");
        let lacks_mfa = identity.is_long_term || is_session;
        (!callers.is_empty()).then_some(Self { callers, lacks_mfa })
    }

    /// Whether a role lists it.
    pub(super) fn may_assume(&self, role: &Role) -> bool {
        self.callers.iter().any(|caller| role.admits(caller))
    }

    /// Whether a role that lists it lets it in only with MFA.
    pub(super) fn needs_mfa(&self, role: &Role) -> bool {
        self.callers.iter().filter(|caller| role.admits(caller)).all(|caller| role.demands_mfa_of(caller))
    }
}

/// Whether a declared caller is the principal of this ARN in Account A.
fn is(declared: &CallerIdentity, arn: &ArnParts<'_>) -> bool {
    // STS names the session of a role without the role's path.
    let role = match (arn.service, arn.resource.split('/').collect::<Vec<_>>().as_slice()) {
        ("sts", ["assumed-role", role, _session]) => Some(*role),
        _ => None,
    };
    match declared {
        CallerIdentity::Account { .. } => true,
        CallerIdentity::IamUser { name, .. } => {
            arn.service == "iam" && arn.resource.strip_prefix("user/") == Some(name.as_str())
        }
        CallerIdentity::Role { name, .. } => role.is_some() && name.as_str().rsplit('/').next() == role,
        CallerIdentity::PermissionSet { name, .. } => role.is_some_and(|role| {
            let suffix =
                role.strip_prefix("AWSReservedSSO_").and_then(|rest| rest.strip_prefix(name.as_str()));
            suffix.and_then(|suffix| suffix.strip_prefix('_')).is_some_and(|id| id.len() == 16)
        }),
        CallerIdentity::Federated(federated) => role == Some(federated.role_name.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Declared, Identity};
    use crate::verify::tests::fleet;

    const SPEC: &str = r#"version: 1
source:
  account_id: "111111111111"
  callers:
    - {kind: iam_user, name: ops/terraform}
    - {kind: role, name: ci/deployer}
    - {kind: sso, permission_set: Admin}
    - {kind: account}
targets: [{name: staging, account_id: "222222222222"}]
"#;

    #[test]
    fn principals_are_told_by_their_arns() {
        let fleet = fleet(SPEC);
        for (arn, ids) in [
            ("arn:aws:iam::111111111111:user/ops/terraform", "user ops/terraform, anyone in A"),
            ("arn:aws:iam::111111111111:user/terraform", "anyone in A"),
            ("arn:aws:sts::111111111111:assumed-role/deployer/me", "role ci/deployer, anyone in A"),
            ("arn:aws:iam::111111111111:role/ci/deployer", "anyone in A"),
            (
                "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ada@example.com",
                "people with the permission set Admin, anyone in A",
            ),
            (
                "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_AdminToo_0123456789abcdef/ada",
                "anyone in A",
            ),
            ("arn:aws:iam::111111111111:root", "anyone in A"),
        ] {
            let account = "111111111111".to_owned();
            let identity = Identity { arn: arn.to_owned(), account, is_long_term: false };
            let found = Declared::find(&fleet, &identity).expect("the whole account is declared");
            let ids_found: Vec<String> = found.callers.iter().map(|caller| caller.described()).collect();
            assert_eq!(ids_found.join(", "), ids, "{arn}");
            let elsewhere = Identity { account: "333333333333".to_owned(), ..identity };
            assert!(Declared::find(&fleet, &elsewhere).is_none());
        }
    }
}
