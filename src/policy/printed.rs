//! A role as AWS's own program prints it.

use crate::value::Value;

/// What a text says of a role that exists: its trust policy, alone or in what `aws iam get-role` prints.
#[derive(Debug, Clone, Copy)]
pub struct PrintedRole<'v> {
    /// The trust policy.
    pub trust_policy: &'v Value,
    /// The ARN of the role, where it is printed.
    pub arn: Option<&'v str>,
}

impl<'v> PrintedRole<'v> {
    /// Finds the policy in a value; one that is not a role is taken for the policy.
    ///
    /// Source: the output of `get-role` (AWS CLI reference), with and without `--query Role`.
    #[must_use]
    pub fn of(value: &'v Value) -> Self {
        let role = value.get("Role").unwrap_or(value);
        match role.get("AssumeRolePolicyDocument") {
            Some(trust_policy) => Self { trust_policy, arn: role.get("Arn").and_then(Value::text) },
            None => Self { trust_policy: value, arn: None },
        }
    }

    /// The ARN of the role, if it is another than this one.
    #[must_use]
    pub fn of_another(&self, role_arn: &str) -> Option<&'v str> {
        self.arn.filter(|arn| *arn != role_arn)
    }
}
