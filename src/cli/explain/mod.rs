//! `crossrole explain`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::Done;
use super::interrupt::{Unseen, Watched};
use super::named::policy_file;
use super::options::{Format, SpecArgs, open_folder};
use crate::diagnostic::{Diagnostic, Error, Kind as Failure, Source};
use crate::explain::{AccessAudit, Judged, Matrix, Origin, Standing, trust_texts};
use crate::model::{Bootstrap, Target, TargetName};
use crate::policy::evaluate::{Context, Kind, Policy, PolicyError, Principal, Request, decide};
use crate::session::{Change, Inputs, Options, Planned, Purpose, Session, UnitPlan};
use crate::ui::{self, Answers, Tables, Ui};
use crate::value;

/// Tables that are all shown; of more, only those with a surprise.
const MOST_TABLES: usize = 20;

/// Say who may assume the roles, and why
///
/// Without `--policy`, asks about every caller that matters to each target of the spec: declared
/// callers with and without MFA and external id, others of the source account, the same names in a
/// stranger's account. Policies that people edited, or that templates of one's own write, are judged
/// as they will stand on disk; a role whose trust policy cannot be found is not known. Exits with 2
/// when a declared caller cannot get in, anybody else can, or a role is not known.
///
/// With `--policy`, decides one request as IAM would, and exits with 0 either way. Conditions that
/// are not given with `--mfa`, `--external-id` or `--context` are absent from the request.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossrole explain
  crossrole explain --target acme-prod --format json
  crossrole explain --target acme-prod --policy role.json
  crossrole explain --policy trust-policy.json --role arn:aws:iam::222222222222:role/Deploy \\
                    --principal arn:aws:iam::111111111111:user/terraform --mfa
  crossrole explain --policy trust-policy.json --role arn:aws:iam::222222222222:role/Deploy \\
                    --principal arn:aws:sts::111111111111:assumed-role/ci/run-7 \\
                    --identity-policy ci.json --context aws:SourceIp=203.0.113.7")]
pub(super) struct ExplainArgs {
    /// The spec; `-` reads it from stdin [default: crossrole.yaml]
    #[arg(short = 'f', long = "spec", value_name = "FILE", conflicts_with = "role")]
    spec: Option<PathBuf>,
    /// Only this target
    #[arg(long, value_name = "NAME", conflicts_with = "role")]
    target: Option<String>,
    /// The trust policy to decide one request by; with `--target`, the one that its role has. The output
    /// of `aws iam get-role` will do
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The ARN of the role that has the policy
    #[arg(long, value_name = "ARN", requires = "policy", requires = "principal", value_parser = role)]
    role: Option<String>,
    /// Who asks: the ARN of a user, a role, or a session of one
    #[arg(long, value_name = "ARN", requires = "role", value_parser = Principal::parse)]
    principal: Option<Principal>,
    /// A policy of the caller's own; may be repeated. Without any, they are taken as allowing
    #[arg(long, value_name = "FILE", requires = "role")]
    identity_policy: Vec<PathBuf>,
    /// The external id that the caller names
    #[arg(long, value_name = "ID", requires = "role")]
    external_id: Option<String>,
    /// The caller used MFA
    #[arg(long, requires = "role")]
    mfa: bool,
    /// A condition key of the request; repeated, it has several values
    #[arg(long, value_name = "KEY=VALUE", requires = "role", value_parser = key_and_value)]
    context: Vec<(String, String)>,
    /// What the caller wants to do [default: sts:AssumeRole]
    #[arg(long, requires = "role", value_parser = action)]
    action: Option<String>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

pub(super) fn run(ui: &Ui, args: &ExplainArgs) -> Result<Done, Error> {
    match (&args.policy, &args.role, &args.principal) {
        (Some(policy), Some(role), Some(principal)) => one_request(ui, args, policy, role, principal),
        (Some(_), ..) if args.target.is_none() => Err(Error::one(
            Failure::Usage,
            "`--policy` says nothing of whose it is",
            "add `--role ARN --principal ARN` to decide one request, or `--target NAME` to judge a role of the spec",
        )),
        _ => matrices(ui, args),
    }
}

fn one_request(
    ui: &Ui,
    args: &ExplainArgs,
    policy: &Path,
    role: &str,
    principal: &Principal,
) -> Result<Done, Error> {
    let trust = read_trust(&policy_file(policy)?)?;
    let own = args.identity_policy.iter().map(|path| read(&policy_file(path)?, Kind::Identity));
    let own: Vec<Policy> = own.collect::<Result<_, _>>()?;
    let action = args.action.as_deref().unwrap_or("sts:AssumeRole");
    let request = Request::new(principal.clone(), action, role, context(args));
    let own = (!own.is_empty()).then_some(own.as_slice());
    let verdict = decide(&trust, own, &request);
    let also = request.also_asked().map(|(request, why)| {
        let verdict = decide(&trust, own, &request);
        (request, verdict, why)
    });
    let also: Vec<_> = also.collect();
    ui.print(&match args.format {
        Format::Text => ui::verdict_text(&request, &verdict, &also),
        Format::Json => format!("{:#}\n", ui::verdict_json(&request, &verdict, &also)),
    })?;
    Ok(Done::Clean)
}

fn context(args: &ExplainArgs) -> Context {
    let mut context = Context::default();
    for (key, value) in &args.context {
        context.add(key, value);
    }
    if args.mfa {
        context.set("aws:MultiFactorAuthPresent", ["true"]);
    }
    if let Some(id) = &args.external_id {
        context.set("sts:ExternalId", [id.as_str()]);
    }
    context
}

fn matrices(ui: &Ui, args: &ExplainArgs) -> Result<Done, Error> {
    let spec = args.spec.clone().unwrap_or_else(|| "crossrole.yaml".into());
    let inputs = SpecArgs { spec, templates: None }.load()?;
    ui.report(&inputs.warnings);
    let planned = plan(ui, &inputs, args)?;
    let given = args.policy.as_deref().map(Given::read).transpose()?;
    let tree = Tree::new(&inputs, &planned, given)?;
    let is_asked = |target: &&Target| args.target.as_ref().is_none_or(|asked| asked == target.name.as_str());
    let asked: Vec<&Target> = inputs.fleet.targets.iter().filter(is_asked).collect();
    let all = args.target.is_some() || ui.is_verbose() || asked.len() <= MOST_TABLES;
    let tables = match args.format {
        Format::Json => Tables::Json,
        Format::Text if all => Tables::All,
        Format::Text => Tables::Surprises,
    };
    let ask = |target: &&Target| {
        let matrices = tree.matrices(target)?;
        Ok(matrices.iter().map(|matrix| Answers::of(matrix, tables)).collect::<Vec<_>>())
    };
    let shown: Vec<Vec<Answers>> = asked.par_iter().map(ask).collect::<Result<_, Error>>()?;
    let shown: Vec<Answers> = shown.into_iter().flatten().collect();
    ui.print(&match args.format {
        Format::Text => ui::matrices_text(&shown),
        Format::Json => ui::matrices_json(&shown),
    })?;
    Ok(if shown.iter().all(Answers::is_as_expected) { Done::Clean } else { Done::Differs })
}

/// What is to be done to the folder of the spec.
fn plan<'i>(ui: &Ui, inputs: &'i Inputs, args: &ExplainArgs) -> Result<Planned<'i>, Error> {
    let session = Session::claim(open_folder(&inputs.folder)?, Purpose::Look, &Unseen)?;
    let only = args.target.iter().cloned().collect();
    let opened = session.open(inputs, Options { only, ..Options::default() })?;
    let watched = Watched { progress: ui.progress("comparing", inputs.fleet.targets.len() + 2) };
    let planned = opened.plan(&watched)?;
    watched.progress.finish();
    Ok(planned)
}

/// The folder of the spec as it will stand.
struct Tree<'t> {
    inputs: &'t Inputs,
    planned: &'t Planned<'t>,
    judge: AccessAudit<'t>,
    changes: BTreeMap<&'t TargetName, &'t [Change]>,
    /// Roles that belong to no target, and whose trust policy is nobody's.
    unknown: Vec<String>,
    /// The trust policy that the role is said to have.
    given: Option<Given>,
}

/// A trust policy of a role that is there.
struct Given {
    file: String,
    policy: Policy,
}

impl Given {
    fn read(path: &Path) -> Result<Self, Error> {
        let source = policy_file(path)?;
        Ok(Self { policy: read_trust(&source)?, file: source.name.clone() })
    }
}

impl<'t> Tree<'t> {
    fn new(inputs: &'t Inputs, planned: &'t Planned<'t>, given: Option<Given>) -> Result<Self, Error> {
        let units = &planned.plan().units;
        let of_target = |unit: &'t UnitPlan| Some((unit.unit.target()?, unit.changes.as_slice()));
        let changes = units.iter().filter_map(of_target).collect();
        let unknown =
            trust_texts(&planned.shared_standing()?).unknown.iter().map(ToString::to_string).collect();
        Ok(Self { inputs, planned, judge: AccessAudit::new(&inputs.fleet), changes, unknown, given })
    }

    /// Who may assume the role of a target, by each text that says so.
    fn matrices(&self, target: &Target) -> Result<Vec<Matrix>, Error> {
        if let Some(Given { file, policy }) = &self.given {
            let judged = Some(Judged { file: file.clone(), is_edited: true });
            return Ok(vec![Matrix { judged, ..self.judge.matrix(target, policy) }]);
        }
        let changes = self.changes.get(&target.name).copied().unwrap_or_default();
        let standing = self.planned.standing(target, changes)?;
        let texts = trust_texts(&standing.files);
        let mut unknown = self.unknown.clone();
        unknown.extend(standing.unread);
        unknown.extend(texts.unknown.iter().map(ToString::to_string));
        if texts.documents.is_empty() {
            return Ok(vec![self.without_document(target, unknown)]);
        }
        let is_served = texts.documents.iter().any(|document| document.is_built());
        let of_roles = texts.documents.iter().map(|document| (document, is_served));
        // Whom a document lets in that no role leads to, it need not.
        let of_nobody = texts.others.iter().map(|document| (document, true));
        let all = of_roles.chain(of_nobody);
        let matrices = all.map(|(document, is_served)| self.matrix(target, document, is_served));
        let mut matrices = matrices.collect::<Result<Vec<_>, _>>()?;
        if let Some(first) = matrices.first_mut() {
            first.unknown = unknown;
        }
        Ok(matrices)
    }

    /// Nobody knows the policy of a role that was there before.
    fn without_document(&self, target: &Target, mut unknown: Vec<String>) -> Matrix {
        if unknown.is_empty() {
            unknown.push(if target.bootstrap == Bootstrap::Existing {
                let (name, role) = (&target.name, &target.role.name);
                format!("the role exists already, and its trust policy is not here: `aws iam get-role --role-name {role} >role.json`, then `crossrole explain --target {name} --policy role.json`")
            } else {
                "no file of this target says who may assume its role".to_owned()
            });
        }
        self.judge.not_known(target, unknown)
    }

    fn matrix(&self, target: &Target, document: &Standing, is_served: bool) -> Result<Matrix, Error> {
        let name = self.inputs.folder.join(document.path.as_str()).display().to_string();
        let name = name.trim_start_matches("./").to_owned();
        let source = Source::new(name.clone(), &*document.text);
        let mut matrix = self.judge.matrix(target, &read(&source, Kind::Trust)?);
        if document.is_built() {
            return Ok(matrix);
        }
        // Whom another document lets in, this one need not.
        matrix.rows.retain(|row| !is_served || row.is_as_expected() || row.verdict.is_allowed());
        matrix.judged = Some(Judged { file: name, is_edited: document.origin != Origin::Program });
        Ok(matrix)
    }
}

/// A policy, or what is wrong with it and where.
fn read(source: &Arc<Source>, kind: Kind) -> Result<Policy, Error> {
    Policy::parse(&source.text, kind).map_err(|error| refused(source, &error))
}

/// A trust policy, alone or in what `aws iam get-role` prints.
fn read_trust(source: &Arc<Source>) -> Result<Policy, Error> {
    let printed = value::parse(&source.text, 0).ok();
    let inner = printed.as_ref().and_then(|printed| printed.get("Role")?.get("AssumeRolePolicyDocument"));
    match inner {
        Some(policy) => Policy::read(policy, Kind::Trust).map_err(|error| refused(source, &error)),
        None => read(source, Kind::Trust),
    }
}

fn refused(source: &Arc<Source>, error: &PolicyError) -> Error {
    let diagnostic = Diagnostic::error(format!("`{}`: {}", source.name, error.message));
    Error::new(Failure::Input, vec![diagnostic.at(source, error.at)])
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
