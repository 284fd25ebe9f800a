//! Policies that a person names.

use std::path::Path;
use std::sync::Arc;

use crate::cli::named::policy_file;
use crate::diagnostic::{Diagnostic, Error, Kind as Failure, Source};
use crate::policy::PrintedRole;
use crate::policy::evaluate::{Kind, Policy, PolicyError};
use crate::value;

/// A policy of the caller's own.
pub(super) fn identity(path: &Path) -> Result<Policy, Error> {
    read(&policy_file(path)?, Kind::Identity)
}

/// A trust policy, alone or in what `aws iam get-role` prints; then of this role, where one is meant.
pub(super) fn trust(path: &Path, role_arn: Option<&str>) -> Result<Policy, Error> {
    let source = policy_file(path)?;
    let Ok(value) = value::parse(&source.text, 0) else { return read(&source, Kind::Trust) };
    let printed = PrintedRole::of(&value);
    if let Some((other, role_arn)) = role_arn.and_then(|arn| Some((printed.of_another(arn)?, arn))) {
        let message = format!("`{}` is about another role: `{other}`", source.name);
        let help = format!("name the output of `aws iam get-role` for `{role_arn}`");
        return Err(Error::one(Failure::Input, message, help));
    }
    Policy::read(printed.trust_policy, Kind::Trust).map_err(|error| refused(&source, &error))
}

/// A policy, or what is wrong with it and where.
pub(super) fn read(source: &Arc<Source>, kind: Kind) -> Result<Policy, Error> {
    Policy::parse(&source.text, kind).map_err(|error| refused(source, &error))
}

fn refused(source: &Arc<Source>, error: &PolicyError) -> Error {
    let diagnostic = Diagnostic::error(format!("`{}`: {}", source.name, error.message));
    Error::new(Failure::Input, vec![diagnostic.at(source, error.at)])
}
