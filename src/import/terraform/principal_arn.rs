//! What `aws:PrincipalArn` may be, as trust policies compare it: a role by its name, or the roles of a permission set.

use crate::answers::Who;
use crate::model::{AccountId, ArnParts, PermissionSetName, PrincipalName, Region, RoleMatch, Text};
use crate::policy::read::Condition;

/// Where IAM Identity Center makes its roles; nobody else can.
const RESERVED: &str = "aws-reserved/sso.amazonaws.com";
/// What the name of such a role ends with, one character each.
const SUFFIX: &str = "_????????????????";

/// One value that is understood.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) account: AccountId,
    pub(super) who: Who,
    /// The pattern, where it lets in more than the permission set that it names.
    pub(super) wider: Option<String>,
}

/// What a condition compares `aws:PrincipalArn` with.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) named: Vec<Named>,
    /// Values that a spec cannot name.
    pub(super) unread: Vec<String>,
}

/// Everyone whom a condition names; `None` where it is another condition, or a spec can name nobody of them.
pub(super) fn read(asked: &Condition) -> Option<Compared> {
    let has_patterns = match &*asked.operator.to_string() {
        "ArnEquals" | "ArnLike" | "StringLike" => true,
        "StringEquals" => false,
        _ => return None,
    };
    if asked.lower_key() != "aws:principalarn" {
        return None;
    }
    let mut compared = Compared::default();
    for value in &asked.values {
        let is_read = has_patterns || !value.text.contains(['*', '?']);
        match named(&value.text).filter(|_| is_read) {
            Some(named) => compared.named.push(named),
            None => compared.unread.push(format!("`{}`", value.text)),
        }
    }
    Some(compared).filter(|compared| !compared.named.is_empty())
}

fn named(text: &str) -> Option<Named> {
    let arn = ArnParts::split(text).filter(|arn| arn.service == "iam" && arn.region.is_empty())?;
    let account = AccountId::parse(arn.account).ok()?;
    let role = arn.resource.strip_prefix("role/")?;
    if let Ok(name) = PrincipalName::parse(role) {
        let who = Who::Role { name, match_by: RoleMatch::PrincipalArn };
        return Some(Named { account, who, wider: None });
    }
    let (path, last) = role.rsplit_once('/').filter(|(path, _)| is_reserved(path))?;
    let set = last.strip_prefix("AWSReservedSSO_")?;
    let (set, wider) = match set.strip_suffix(SUFFIX) {
        Some(set) => (set, None),
        // Sets whose names go on behind `_` match as well.
        None => (set.strip_suffix("_*")?, Some(format!("`{path}/{last}`"))),
    };
    let name = PermissionSetName::parse(set).ok()?;
    Some(Named { account, who: Who::PermissionSet { name }, wider })
}

/// Whether only roles of IAM Identity Center have such a path, in whichever region it is.
fn is_reserved(path: &str) -> bool {
    path.strip_prefix(RESERVED).is_some_and(|rest| {
        ["", "*", "/*"].contains(&rest)
            || rest.strip_prefix('/').is_some_and(|region| Region::parse(region).is_ok())
    })
}
