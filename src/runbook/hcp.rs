//! What HCP Terraform has to be told, so that a workspace gets the token of a caller.

use std::collections::BTreeSet;

use crate::model::{Federated, Platform};

/// The runs of HCP Terraform that a caller stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HcpRuns<'f> {
    /// The organization.
    pub organization: &'f str,
    /// The project of the workspaces.
    pub project: &'f str,
    /// The workspace, or the beginning of its name and a `*`.
    pub workspace: &'f str,
    /// The variable of a workspace that names the role in A.
    ///
    /// Source: "Dynamic Credentials with the AWS Provider" (HCP Terraform).
    pub role_variable: &'static str,
}

/// The runs of a caller; `None` for one that is not HCP Terraform's.
#[must_use]
pub fn hcp_runs(federated: &Federated) -> Option<HcpRuns<'_>> {
    if federated.platform != Platform::HcpTerraform {
        return None;
    }
    let phases: BTreeSet<&str> =
        federated.subjects.iter().filter_map(|subject| part(subject, "run_phase")).collect();
    let subject = federated.subjects.first()?;
    Some(HcpRuns {
        organization: part(subject, "organization")?,
        project: part(subject, "project")?,
        workspace: part(subject, "workspace")?,
        role_variable: match phases.first() {
            Some(&"plan") if phases.len() == 1 => "TFC_AWS_PLAN_ROLE_ARN",
            Some(&"apply") if phases.len() == 1 => "TFC_AWS_APPLY_ROLE_ARN",
            _ => "TFC_AWS_RUN_ROLE_ARN",
        },
    })
}

/// A part of a subject: names and values take turns between colons, which no value of HCP Terraform's holds.
fn part<'s>(subject: &'s str, name: &str) -> Option<&'s str> {
    let mut parts = subject.split(':');
    std::iter::from_fn(|| Some((parts.next()?, parts.next()?)))
        .find_map(|(key, value)| (key == name).then_some(value))
}
