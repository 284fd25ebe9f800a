//! Partitions, regions and accounts: whether things are where they can be used.

use std::collections::BTreeSet;

use super::Check;
use crate::diagnostic::Span;
use crate::model::{AccountId, Partition, PolicyArn, Region, RoleName, RolePath, SourceAccount};
use crate::spec::{Field, Located};

/// Where a role and its sessions are: what their ARNs are compared with.
pub(super) struct Place<'p> {
    pub(super) account_id: Option<&'p AccountId>,
    pub(super) partition: Partition,
    pub(super) source: Option<&'p SourceAccount>,
}

impl Place<'_> {
    /// The ARN of a role there, where the account is known.
    pub(super) fn role_arn(&self, path: &RolePath, name: &RoleName) -> Option<String> {
        let (account, partition) = (self.account_id?, self.partition);
        Some(format!("arn:{partition}:iam::{account}:role{path}{name}"))
    }
}

/// Whether the region is in the partition; reports it otherwise.
pub(super) fn check_region(cx: &mut Check<'_>, region: &Located<Region>, partition: Partition) -> bool {
    let found = region.value.partition();
    if found != partition {
        let message = format!("region `{}` is in partition `{found}`, not `{partition}`", region.value);
        let help = format!(
            "no role can be assumed across partitions; choose a region such as `{}`, or set `source.partition: {found}`",
            partition.default_region()
        );
        cx.error(region.at, "CR004", message, help);
    }
    found == partition
}

/// Reports an ARN of another partition.
pub(super) fn report_partition(cx: &mut Check<'_>, at: Span, arn: &str, partition: Partition) {
    let message = format!("`{arn}` is not in partition `{partition}`");
    cx.error(at, "CR004", message, format!("ARNs of this partition begin with `arn:{partition}:`"));
}

pub(super) fn lower_policy_arns(
    cx: &mut Check<'_>,
    field: &Field<Vec<Located<PolicyArn>>>,
    place: &Place<'_>,
) -> BTreeSet<PolicyArn> {
    let list = field.value().into_iter().flatten();
    list.map(|arn| {
        check_policy_arn(cx, arn, place);
        arn.value.clone()
    })
    .collect()
}

/// A managed policy is AWS's own or B's: IAM attaches no other.
pub(super) fn check_policy_arn(cx: &mut Check<'_>, arn: &Located<PolicyArn>, place: &Place<'_>) {
    if arn.value.partition() != Some(place.partition) {
        report_partition(cx, arn.at, arn.value.as_str(), place.partition);
    } else if arn.value.aws_name().is_some_and(|name| name.starts_with("aws-service-role/")) {
        let message = format!("`{}` can only be attached to a service-linked role", arn.value);
        cx.error(arn.at, "CR068", message, "list what the role needs in a policy of its own account");
    } else if let Some(account_id) = place.account_id
        && arn.value.account() != "aws"
        && arn.value.account() != account_id.as_str()
    {
        let message = format!("`{}` is not a policy of account {account_id}", arn.value);
        let help = "IAM attaches only AWS's own policies (`arn:aws:iam::aws:policy/…`) and those of the role's account";
        cx.error(arn.at, "CR068", message, help);
    }
}
