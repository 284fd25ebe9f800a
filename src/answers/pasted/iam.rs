//! Users, roles and policies: by name, or by the ARN that the console copies.

use super::{Home, Pasted, check_partition, read};
use crate::diagnostic::words::excerpt;
use crate::model::{
    ArnParts, ManagedPolicy, PermissionSetName, PolicyArn, PrincipalName, RoleArn, RoleName, Text,
};

/// What a principal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalKind {
    /// An IAM user.
    User,
    /// An IAM role.
    Role,
}

impl PrincipalKind {
    fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Role => "role",
        }
    }
}

/// Path and name of a user or role, also out of its ARN. The ARN of a session names its role without the path, so it is
/// only near.
///
/// # Errors
/// The rule that is broken, or an ARN of something else, in another account or in another partition.
pub fn principal(text: &str, kind: PrincipalKind, home: Home<'_>) -> Result<Pasted<PrincipalName>, String> {
    read(text, |text| {
        let Some(arn) = ArnParts::split(text) else {
            return Ok(PrincipalName::parse(text.trim_start_matches('/')).ok().map(Pasted::Part));
        };
        home.check(&arn)?;
        if kind == PrincipalKind::Role && reserved_set(text).is_some() {
            let why = "that role belongs to IAM Identity Center, which gives it a new name now and then: choose its permission set as the caller";
            return Err(why.to_owned());
        }
        if let Some(role) = session_role(&arn).filter(|_| kind == PrincipalKind::Role) {
            return Ok(PrincipalName::parse(role?).ok().map(Pasted::Near));
        }
        Ok(PrincipalName::parse(name_in(&arn, kind)?).ok().map(Pasted::Part))
    })
}

/// The name of a permission set, also out of the role that IAM Identity Center makes of it, or a session of that.
///
/// # Errors
/// The rule that is broken, or an ARN in another account or partition.
pub fn permission_set(text: &str, home: Home<'_>) -> Result<Pasted<PermissionSetName>, String> {
    read(text, |text| {
        if let Some(arn) = ArnParts::split(text) {
            if arn.service == "sso" {
                let why = "that ARN does not show the permission set's name: IAM Identity Center lists it";
                return Err(why.to_owned());
            }
            home.check(&arn)?;
        }
        Ok(reserved_set(text).and_then(|name| PermissionSetName::parse(name).ok()).map(Pasted::Part))
    })
}

/// The permission set whose role a text names: `AWSReservedSSO_`, the set, and a suffix.
fn reserved_set(text: &str) -> Option<&str> {
    let named = text.split('/').find_map(|part| part.strip_prefix("AWSReservedSSO_"))?;
    named.rsplit_once('_').map(|(set, _)| set)
}

/// The name of a role in an account; one with a path is refused, for only its name is kept.
///
/// # Errors
/// The rule that is broken, or an ARN of something else, in another account or in another partition.
pub fn role_name(text: &str, home: Home<'_>) -> Result<Pasted<RoleName>, String> {
    read(text, |text| {
        let name = match ArnParts::split(text) {
            Some(arn) => {
                home.check(&arn)?;
                session_role(&arn).unwrap_or_else(|| name_in(&arn, PrincipalKind::Role))?
            }
            None => text.trim_start_matches('/').trim_start_matches("role/"),
        };
        if name.contains('/') {
            return Err(format!(
                "`{}` has a path, and a role with a path cannot be used here",
                excerpt(name)
            ));
        }
        Ok(RoleName::parse(name).ok().map(Pasted::Part))
    })
}

/// The ARN of a role; a name alone is near to the one in this account.
///
/// # Errors
/// The rule that is broken, or an ARN of another partition.
pub fn role_arn(text: &str, home: Home<'_>) -> Result<Pasted<RoleArn>, String> {
    let found = read(text, |text| {
        let name = text.trim_start_matches('/').trim_start_matches("role/");
        let arn = format!("arn:{}:iam::{}:role/{name}", home.partition, home.account);
        let is_name = PrincipalName::parse(name).is_ok();
        Ok(RoleArn::parse(&arn).ok().filter(|_| is_name).map(Pasted::Near))
    })?;
    match ArnParts::split(found.value().as_str()) {
        Some(arn) => check_partition(&arn, home.partition).map(|()| found),
        None => Ok(found),
    }
}

/// The ARN of a managed policy of AWS or of this account; names are read, too.
///
/// # Errors
/// The rule that is broken, or a policy of another account or partition.
pub fn policy_arn(text: &str, home: Home<'_>) -> Result<Pasted<PolicyArn>, String> {
    let found = read(text, |text| Ok(named_policy(text, home)))?;
    let arn = found.value();
    if arn.partition() != Some(home.partition) {
        return Err(format!("that policy is not in partition `{}`", home.partition));
    }
    if ["aws", home.account.as_str()].contains(&arn.account()) {
        return Ok(found);
    }
    Err(format!("that is a policy of account {}, and {} is {}", arn.account(), home.name, home.account))
}

/// A policy of AWS where the name is one or nearly one; otherwise one of the account.
fn named_policy(text: &str, home: Home<'_>) -> Option<Pasted<PolicyArn>> {
    let name = text.trim_start_matches('/').trim_start_matches("policy/");
    let arn = |owner: &str, name: &str| {
        PolicyArn::parse(&format!("arn:{}:iam::{owner}:policy/{name}", home.partition)).ok()
    };
    if ManagedPolicy::find(name).is_some() {
        return arn("aws", name).map(Pasted::Part);
    }
    PrincipalName::parse(name).ok()?;
    match ManagedPolicy::nearest(name) {
        Some(known) if known.ends_with(&format!("/{name}")) => arn("aws", known).map(Pasted::Part),
        Some(known) => arn("aws", known).map(Pasted::Near),
        None => arn(home.account.as_str(), name).map(Pasted::Near),
    }
}

/// The path and name in the ARN of a user or role.
fn name_in<'a>(arn: &ArnParts<'a>, kind: PrincipalKind) -> Result<&'a str, String> {
    let name = arn.resource.strip_prefix(kind.word()).and_then(|rest| rest.strip_prefix('/'));
    name.filter(|_| arn.service == "iam").ok_or_else(|| {
        format!("that ARN names `{}:{}`, not a {}", arn.service, excerpt(arn.resource), kind.word())
    })
}

/// The role of which an ARN names a session, if it does.
fn session_role<'a>(arn: &ArnParts<'a>) -> Option<Result<&'a str, String>> {
    let (role, _) =
        arn.resource.strip_prefix("assumed-role/").filter(|_| arn.service == "sts")?.split_once('/')?;
    if role.starts_with("AWSReservedSSO_") {
        let why = "that is a session of IAM Identity Center and does not show the role's path: copy the role's own ARN from the IAM console";
        return Some(Err(why.to_owned()));
    }
    Some(Ok(role))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AccountId, Partition};

    fn home(account: &AccountId) -> Home<'_> {
        Home { partition: Partition::Aws, account, name: "account A" }
    }

    fn account() -> AccountId {
        AccountId::parse("111111111111").expect("an ID")
    }

    #[test]
    fn principals_are_found_in_their_arns() {
        let account = account();
        let role = |text| {
            principal(text, PrincipalKind::Role, home(&account)).map(|found| found.value().to_string())
        };
        assert_eq!(role("arn:aws:iam::111111111111:role/ci/deployer"), Ok("ci/deployer".to_owned()));
        assert_eq!(role("/ci/deployer "), Ok("ci/deployer".to_owned()));
        let session = "arn:aws:sts::111111111111:assumed-role/deployer/me@example.com";
        let near = principal(session, PrincipalKind::Role, home(&account)).expect("near a role");
        assert!(matches!(near, Pasted::Near(_)));
        for (text, reason) in [
            ("arn:aws:iam::222222222222:role/x", "is in account 222222222222, and account A is 111111111111"),
            ("arn:aws-us-gov:iam::111111111111:role/x", "is in partition `aws-us-gov`"),
            ("arn:aws:iam::111111111111:user/x", "names `iam:user/x`, not a role"),
            ("arn:aws:iam::111111111111:root", "names `iam:root`, not a role"),
            (
                "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/me",
                "Identity Center",
            ),
            ("a b", "is not the name of an IAM user or role"),
        ] {
            let why = role(text).expect_err(text);
            assert!(why.contains(reason), "{text}: {why}");
        }
        let user = principal("arn:aws:iam::111111111111:user/tf", PrincipalKind::User, home(&account));
        assert!(matches!(user, Ok(Pasted::Part(_))));
        assert!(principal(session, PrincipalKind::User, home(&account)).is_err());
    }

    #[test]
    fn permission_sets_are_found_in_their_roles() {
        let account = account();
        for text in [
            "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Platform_Admin_0123456789abcdef",
            "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Platform_Admin_0123456789abcdef/me@example.com",
            "AWSReservedSSO_Platform_Admin_0123456789abcdef",
            "Platform_Admin",
        ] {
            let found = permission_set(text, home(&account)).expect(text);
            assert_eq!(found.value().as_str(), "Platform_Admin", "{text}");
        }
        let reserved = |account: &str| {
            format!(
                "arn:aws:iam::{account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0123456789abcdef"
            )
        };
        for text in [
            &*reserved("222222222222"),
            "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef",
            "a b",
        ] {
            assert!(permission_set(text, home(&account)).is_err(), "{text}");
        }
        let why = principal(&reserved("111111111111"), PrincipalKind::Role, home(&account))
            .expect_err("a reserved role");
        assert!(why.contains("choose its permission set"), "{why}");
    }

    #[test]
    fn roles_are_named_without_a_path() {
        let account = account();
        let name = |text| role_name(text, home(&account)).map(|found| found.value().to_string());
        for text in ["Admin", "role/Admin", "arn:aws:iam::111111111111:role/Admin"] {
            assert_eq!(name(text), Ok("Admin".to_owned()), "{text}");
        }
        assert!(name("arn:aws:iam::111111111111:role/x/Admin").is_err_and(|why| why.contains("has a path")));
        assert!(name("arn:aws:iam::333333333333:role/Admin").is_err_and(|why| why.contains("333333333333")));
        let arn = role_arn("States", home(&account)).expect("near a role");
        assert!(matches!(&arn, Pasted::Near(arn) if arn.as_str() == "arn:aws:iam::111111111111:role/States"));
        assert!(role_arn("arn:aws-cn:iam::111111111111:role/x", home(&account)).is_err());
    }

    #[test]
    fn policies_are_found_by_name() {
        let account = account();
        let policy = |text| policy_arn(text, home(&account));
        let aws = |name: &str| PolicyArn::parse(&format!("arn:aws:iam::aws:policy/{name}")).expect(name);
        assert_eq!(policy("ReadOnlyAccess"), Ok(Pasted::Part(aws("ReadOnlyAccess"))));
        assert_eq!(policy("ViewOnlyAccess"), Ok(Pasted::Part(aws("job-function/ViewOnlyAccess"))));
        assert_eq!(policy("viewonlyaccess"), Ok(Pasted::Near(aws("job-function/ViewOnlyAccess"))));
        let own = policy("zq-own").expect("a policy of the account");
        assert!(matches!(&own, Pasted::Near(arn) if arn.account() == "111111111111"), "{own:?}");
        assert!(policy("arn:aws:iam::333333333333:policy/X").is_err_and(|why| why.contains("333333333333")));
        assert!(
            policy("arn:aws-cn:iam::aws:policy/ReadOnlyAccess").is_err_and(|why| why.contains("partition"))
        );
    }
}
