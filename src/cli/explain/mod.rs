//! `crossrole explain`.

mod matrix;
mod policy;
mod principal;
mod request;
mod terraform;
mod token;
pub(super) mod trust;
mod workload;

use std::path::PathBuf;

use super::Done;
use super::options::Format;
use super::variables::VariableArgs;
use crate::diagnostic::{Error, Kind as Failure};
use crate::policy::evaluate::Principal;
use crate::ui::Ui;

/// Show who can assume each role, and why
///
/// Without `--policy`, tries every kind of caller for each target of the spec: the declared callers with
/// and without MFA and external ID, callers that the role does not list, other principals of the source
/// account, and the same names in another account. For each role in the source account that is assumed
/// with an OIDC token, tries the declared tokens and those of another repository, branch, audience or
/// issuer. Policies with manual edits, and those of custom templates, are judged as Terraform will use
/// them. Exits with 2 when a declared caller is denied, anyone else is allowed, an edit gives a role more
/// permissions than the spec, or a role's trust policy is not known.
///
/// With `--principal` alone, shows which roles of the spec that principal can assume, and what is required:
/// MFA, the external ID, session tags. Exits with 2 when a role's trust policy is not known.
///
/// With `--token` alone, shows which roles of the source account accept the token, why the others do not,
/// and which target roles can be assumed from there. Exits with 2 when a trust policy is not known.
///
/// With `--policy`, decides one request as IAM would, and exits with 0 either way. Condition keys that
/// are not given with `--mfa`, `--external-id` or `--context` are absent from the request. With `--token`
/// they are the claims that AWS compares.
///
/// With `--terraform`, shows the roles of any folder, read as Terraform reads it. Exits with 0 when everything
/// was read, and with 2 when something is only known at run time; it is listed with its place.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossrole explain
  crossrole explain --target acme-prod --format json
  crossrole explain --target acme-prod --policy role.json
  crossrole explain --principal arn:aws:iam::111111111111:role/ci/deployer
  crossrole explain --token token.jwt --target acme-prod
  crossrole explain --terraform infra --var account=111111111111
  crossrole explain --policy trust-policy.json --role arn:aws:iam::222222222222:role/Deploy \\
                    --principal arn:aws:iam::111111111111:user/terraform --mfa
  crossrole explain --policy trust-policy.json --role arn:aws:iam::222222222222:role/Deploy \\
                    --principal arn:aws:sts::111111111111:assumed-role/ci/run-7 \\
                    --identity-policy ci.json --context aws:SourceIp=203.0.113.7
  crossrole explain --policy trust-policy.json --role arn:aws:iam::111111111111:role/ci --token - <token.jwt")]
pub(super) struct ExplainArgs {
    /// Spec to read; `-` reads stdin [default: crossrole.yaml]
    #[arg(short = 'f', long = "spec", value_name = "FILE", conflicts_with = "role")]
    spec: Option<PathBuf>,
    /// Generated folder to judge [default: the folder of the spec]
    #[arg(short, long, value_name = "DIR", conflicts_with_all = ["role", "terraform"])]
    out: Option<PathBuf>,
    /// Limit to this target
    #[arg(long, value_name = "NAME", conflicts_with = "role")]
    target: Option<String>,
    /// Trust policy that decides the request, or with `--target` the policy of its role, as a document or as
    /// `aws iam get-role` prints it
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// ARN of the role that has the policy
    #[arg(long, value_name = "ARN", requires = "policy", requires = "who", value_parser = role)]
    role: Option<String>,
    /// ARN of the user, role or role session that makes the request. Without `--policy`, shows which roles of
    /// the spec it can assume
    #[arg(long, value_name = "ARN", group = "who", value_parser = Principal::parse)]
    principal: Option<Principal>,
    /// Token of an OIDC provider that makes the request: a JWT, or its payload as JSON; `-` reads stdin. Its
    /// signature and expiry are not checked, and its text is never printed. Without `--policy`, shows which
    /// callers of the spec it belongs to, and which roles they can assume
    #[arg(long, value_name = "FILE", group = "who", conflicts_with = "principal")]
    token: Option<PathBuf>,
    /// Identity policy of the caller; may be repeated. Without one, the caller's side is taken as allowing
    #[arg(long, value_name = "FILE", requires = "principal", conflicts_with = "token")]
    identity_policy: Vec<PathBuf>,
    /// External ID that the caller sends
    #[arg(long, value_name = "ID", requires = "principal", conflicts_with = "token")]
    external_id: Option<String>,
    /// The caller has used MFA
    #[arg(long, requires = "principal", conflicts_with = "token")]
    mfa: bool,
    /// Set a condition key of the request; repeat it for several values
    #[arg(long, value_name = "KEY=VALUE", requires = "who", value_parser = key_and_value)]
    context: Vec<(String, String)>,
    /// Action to decide [default: sts:AssumeRole, or with a token sts:AssumeRoleWithWebIdentity]
    #[arg(long, requires = "who", value_parser = action)]
    action: Option<String>,
    /// Show every role in this Terraform folder: who can assume it, what it can do, and what could not be read
    #[arg(long, value_name = "DIR", conflicts_with_all = ["spec", "target", "policy", "principal", "token"])]
    terraform: Option<PathBuf>,
    #[command(flatten)]
    variables: VariableArgs,
    /// Output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

pub(super) fn run(ui: &Ui, args: &ExplainArgs) -> Result<Done, Error> {
    if let Some(folder) = &args.terraform {
        return terraform::run(ui, args, folder);
    }
    if !args.variables.is_empty() {
        let message = "`--var` and `--var-file` set variables of Terraform";
        return Err(Error::one(Failure::Usage, message, "add `--terraform DIR`, or leave them out"));
    }
    match (&args.policy, &args.role, &args.principal) {
        (Some(policy), Some(role), Some(principal)) => request::run(ui, args, policy, role, principal),
        (Some(policy), Some(role), None) => token::run(ui, args, policy, role),
        (Some(_), ..) if args.target.is_none() || args.token.is_some() => Err(Error::one(
            Failure::Usage,
            "`--policy` does not say which role has it",
            "add `--role ARN`, and `--principal ARN` or `--token FILE`, to decide one request, or `--target NAME` to judge a role of the spec",
        )),
        (.., Some(principal)) => principal::run(ui, args, principal),
        _ => match &args.token {
            Some(token) => workload::run(ui, args, token),
            None => matrix::run(ui, args),
        },
    }
}

fn role(text: &str) -> Result<String, String> {
    use crate::model::{RoleArn, Text as _};
    RoleArn::parse(text).map(|arn| arn.to_string()).map_err(|invalid| invalid.help)
}

fn action(text: &str) -> Result<String, String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    match text.split_once(':') {
        Some((service, name))
            if !service.is_empty() && !name.is_empty() && text.replace(':', "").chars().all(is_name) =>
        {
            Ok(text.to_owned())
        }
        _ => Err("an action looks like `sts:AssumeRole`".to_owned()),
    }
}

fn key_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("write it as KEY=VALUE, as in `aws:SourceIp=203.0.113.7`".to_owned()),
    }
}
