//! Questions about Terraform's state.

use super::ask::{Ask, Question, Stop, optional, required};
use super::offers::list;
use super::state::SourceState;
use crate::answers::{BackendAnswer, pasted};
use crate::model::{Hostname, Region};

/// Where workspaces are unless another host is named.
const HCP_TERRAFORM: &str = "app.terraform.io";

pub(super) fn backend(
    ask: &mut dyn Ask,
    source: &SourceState,
    known: &BackendAnswer,
) -> Result<BackendAnswer, Stop> {
    let why = "Each root module has its own state. Local files cannot be shared with a team.";
    let words = list([
        "in local files (to try it out)",
        "in an S3 bucket",
        "in HCP Terraform or Terraform Enterprise",
    ]);
    let at = match known {
        BackendAnswer::Local => 0,
        BackendAnswer::S3 { .. } => 1,
        BackendAnswer::Cloud { .. } => 2,
    };
    match ask.choose(&Question::new("Where does Terraform keep its state?", why), &words, at)? {
        0 => Ok(BackendAnswer::Local),
        1 => s3(ask, source, known),
        _ => cloud(ask, known),
    }
}

fn s3(ask: &mut dyn Ask, source: &SourceState, known: &BackendAnswer) -> Result<BackendAnswer, Stop> {
    let (bucket, region, role) = match known {
        BackendAnswer::S3 { bucket, region, role_arn } => (Some(bucket), Some(region), role_arn.as_ref()),
        BackendAnswer::Local | BackendAnswer::Cloud { .. } => (None, None, None),
    };
    let question = Question::new("State bucket", "An existing bucket. Enable versioning on it.").or(bucket);
    let bucket = required(ask, &question, &pasted::bucket)?;
    let partition = source.partition;
    let region = region
        .filter(|region| region.partition() == partition)
        .map_or(partition.default_region(), Region::as_str);
    let region = required(ask, &Question::new("Region of the bucket", "").or(Some(region)), &|text| {
        pasted::region(text, partition)
    })?;
    let why =
        "Only needed if account A's credentials cannot access the bucket, for example in another account.";
    let way = if role.is_some() { "optional, `none` removes it" } else { "optional" };
    let question = Question::new(format!("ARN of a role with access to the bucket ({way})"), why).or(role);
    let role_arn = optional(ask, &question, &|text| pasted::role_arn(text, source.home()))?;
    Ok(BackendAnswer::S3 { bucket, region, role_arn })
}

fn cloud(ask: &mut dyn Ask, known: &BackendAnswer) -> Result<BackendAnswer, Stop> {
    let (organization, host, project) = match known {
        BackendAnswer::Cloud { organization, hostname, project } => {
            (Some(organization), hostname.as_ref(), project.as_ref())
        }
        BackendAnswer::Local | BackendAnswer::S3 { .. } => (None, None, None),
    };
    let question = Question::new("Organization", "Its name in HCP Terraform or Terraform Enterprise.");
    let organization = required(ask, &question.or(organization), &pasted::plain)?;
    let host = host.map_or(HCP_TERRAFORM, Hostname::as_str);
    let question = Question::new("Hostname", "Your own host for Terraform Enterprise.").or(Some(host));
    let hostname = required(ask, &question, &pasted::hostname)?;
    let way = if project.is_some() { "optional, `none` removes it" } else { "optional" };
    let question = Question::new(format!("Project ({way})"), "The project that holds the workspaces.");
    let project = optional(ask, &question.or(project), &pasted::plain)?;
    let hostname = Some(hostname).filter(|host| !host.as_str().eq_ignore_ascii_case(HCP_TERRAFORM));
    Ok(BackendAnswer::Cloud { organization, hostname, project })
}
