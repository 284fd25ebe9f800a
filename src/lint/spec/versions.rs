//! Whether every version that a spec admits can do what is generated for it.

use super::Whole;
use crate::diagnostic::Level;
use crate::lint::finding::Findings;
use crate::model::version::oldest;
use crate::model::{Version, VersionConstraint};
use crate::spec::Field;

/// CR106, where only some versions are too old; where all are, the spec is refused.
pub(super) fn too_old(whole: &Whole<'_>, found: &mut Findings) {
    let Some(spec) = whole.spec.terraform.value() else { return };
    let (backend, partition) = (&whole.fleet.terraform.backend, whole.fleet.source.partition);
    let mut judge = |field: &Field<VersionConstraint>, what: &str, first: Version| {
        let Some(given) = field.get() else { return };
        if oldest(given.value.as_str()).is_none_or(|oldest| oldest < first) {
            let message = format!(
                "`{}` allows versions of {what} before {first}, which the generated roots require",
                given.value
            );
            let help = format!("begin with \">= {first}\"");
            found.add_as(Level::Warning, "CR106", given.at, message, help);
        }
    };
    judge(&spec.required_version, "Terraform", Version::first_terraform(backend, partition));
    judge(
        &spec.aws_provider,
        "the AWS provider",
        Version::first_provider(partition, whole.fleet.source.makes_oidc_providers()),
    );
}
