//! Pipelines: which callers each engine can be, and in which jobs.

use super::{Check, caller, first_line};
use crate::diagnostic::Span;
use crate::diagnostic::words::did_you_mean;
use crate::model::{
    Backend, Caller, CallerId, CallerIdentity, Pipeline, PipelineCaller, Pipelines, Platform, RefPattern,
    SourceAccount,
};
use crate::spec::{AtlantisSpec, CallerSpec, Field, Located, PipelineSpec, PipelinesSpec, Spec};

/// The number of jobs among which accounts are shared, unless the spec says.
const SHARDS: u32 = 8;
/// The main branch, unless the spec or the caller says.
const MAIN: &str = "main";

/// An engine whose jobs are told apart by their tokens.
struct Engine {
    name: &'static str,
    platform: Platform,
    /// Jobs of a matrix. Sources: "Actions limits" (GitHub), "CI/CD YAML syntax reference, parallel:matrix" (GitLab).
    most_shards: u32,
}

const GITHUB: Engine = Engine { name: "GitHub Actions", platform: Platform::GithubActions, most_shards: 256 };
const GITLAB: Engine = Engine { name: "GitLab", platform: Platform::Gitlab, most_shards: 200 };

pub(super) fn lower(
    cx: &mut Check<'_>,
    spec: &Spec,
    source: Option<&SourceAccount>,
    backend: Option<&Backend>,
) -> Pipelines {
    let (Some(pipelines), Some(source)) = (spec.pipelines.get(), source) else { return Pipelines::default() };
    let PipelinesSpec { github_actions, gitlab, atlantis, install } = &pipelines.value;
    let none = github_actions.is_absent() && gitlab.is_absent() && atlantis.is_absent();
    if none {
        let help = "name an engine with its callers: `github_actions: {plan: ID, apply: ID}`, `gitlab` or `atlantis`";
        cx.error(pipelines.at, None, "`pipelines` names no engine", help);
    }
    if backend.is_some_and(|backend| matches!(backend, Backend::Local)) && !none {
        let message = "jobs of a pipeline keep no files, and the state of every root is a local file";
        let help = "set `terraform.backend`; with local state, each run would create everything again";
        warn(cx, pipelines.at, message, help);
    }
    let written = spec.source.value().and_then(|source| source.callers.value());
    let known = Known { source, specs: written.map_or(&[][..], Vec::as_slice) };
    Pipelines {
        github_actions: github_actions.get().and_then(|spec| lower_engine(cx, &GITHUB, spec, &known)),
        gitlab: gitlab.get().and_then(|spec| lower_engine(cx, &GITLAB, spec, &known)),
        atlantis: atlantis.get().and_then(|spec| lower_atlantis(cx, spec, &known)),
        install: install.value().cloned(),
    }
}

fn warn(cx: &mut Check<'_>, at: Span, message: &str, help: &str) {
    cx.found.push(crate::diagnostic::Diagnostic::warning(message).at(cx.source, first_line(at)).help(help));
}

/// The callers, as they are and as they are written.
struct Known<'k> {
    source: &'k SourceAccount,
    specs: &'k [Located<CallerSpec>],
}

impl<'k> Known<'k> {
    fn caller(&self, cx: &mut Check<'_>, id: &Located<CallerId>) -> Option<&'k Caller> {
        let found = self.source.caller(&id.value);
        if found.is_none() {
            let ids: Vec<&str> = self.source.callers.iter().map(|caller| caller.id.as_str()).collect();
            let message = format!("no caller has the ID `{}`", id.value);
            cx.error(id.at, None, message, did_you_mean(id.value.as_str(), &ids));
        }
        found
    }

    fn spec(&self, caller: &Caller) -> Option<&'k CallerSpec> {
        self.specs.iter().map(|spec| &spec.value).find(|spec| caller::is_spec_of(spec, caller))
    }
}

fn lower_engine(
    cx: &mut Check<'_>,
    engine: &Engine,
    spec: &Located<PipelineSpec>,
    known: &Known<'_>,
) -> Option<Pipeline> {
    let PipelineSpec { plan, apply, shards, branch } = &spec.value;
    let plan = cx.required(plan, "plan", spec.at, "the ID of the caller that plans proposals");
    let apply = cx.required(apply, "apply", spec.at, "the ID of the caller that applies the main branch");
    let planner = plan.and_then(|id| of_engine(cx, engine, id, known));
    let applier = apply.and_then(|id| of_engine(cx, engine, id, known));
    let (plan, apply) = (plan?, apply?);
    let plan_environment = planner.map(|spec| check_plans(cx, engine, plan, spec));
    let main = applier.map(|spec| check_applies(cx, engine, apply, spec, branch));
    if let (Some(planner), Some(applier)) = (planner, applier) {
        check_one_repository(cx, apply.at, planner, applier);
    }
    let shards = lower_shards(cx, engine, shards);
    let (apply_environment, branch) = main?;
    Some(Pipeline {
        plan: PipelineCaller { id: plan.value.clone(), environment: plan_environment? },
        apply: PipelineCaller { id: apply.value.clone(), environment: apply_environment },
        shards,
        branch,
    })
}

/// The caller of an engine, as it is written.
fn of_engine<'k>(
    cx: &mut Check<'_>,
    engine: &Engine,
    id: &Located<CallerId>,
    known: &Known<'k>,
) -> Option<&'k CallerSpec> {
    let caller = known.caller(cx, id)?;
    if caller.federated().is_none_or(|federated| federated.platform != engine.platform) {
        let message = format!("`{}` cannot run in {}: it is {}", id.value, engine.name, caller.described());
        let help = format!("name a caller of `kind: {}`", engine.platform);
        cx.error(id.at, None, message, help);
        return None;
    }
    known.spec(caller)
}

/// The environment of jobs that plan proposals, which come from any branch.
fn check_plans(
    cx: &mut Check<'_>,
    engine: &Engine,
    id: &Located<CallerId>,
    spec: &CallerSpec,
) -> Option<String> {
    let CallerSpec { environment, branch, pull_request, .. } = spec;
    if let Some(environment) = environment.value() {
        return literal_name(cx, id.at, environment, "environment");
    }
    let is_any_branch = branch.value().is_some_and(|branch| branch.as_str() == "*");
    let (fits, help) = match engine.platform {
        Platform::Gitlab => {
            (is_any_branch, "give the caller `branch: \"*\"`, or an `environment` of its own")
        }
        _ => (
            pull_request.value() == Some(&true),
            "give the caller `pull_request: true`, or an `environment` of its own",
        ),
    };
    if !fits {
        let message = format!("`{}` cannot plan proposals: its tokens name one branch or tag", id.value);
        cx.error(id.at, None, message, help);
    }
    None
}

/// The environment of jobs that apply, and the branch on which they run.
fn check_applies(
    cx: &mut Check<'_>,
    engine: &Engine,
    id: &Located<CallerId>,
    spec: &CallerSpec,
    asked: &Field<RefPattern>,
) -> (Option<String>, String) {
    let asked = asked
        .get()
        .and_then(|branch| Some((branch.at, literal_name(cx, branch.at, &branch.value, "branch")?)));
    if let Some(environment) = spec.environment.value() {
        let environment = literal_name(cx, id.at, environment, "environment");
        return (environment, asked.map_or_else(|| MAIN.to_owned(), |(_, branch)| branch));
    }
    let Some(branch) = spec.branch.value().filter(|branch| !branch.as_str().contains('*')) else {
        let message =
            format!("`{}` cannot apply the main branch: {} tokens do not name it", id.value, engine.name);
        cx.error(id.at, None, message, "give the caller `branch: main`, or an `environment`");
        return (None, MAIN.to_owned());
    };
    if let Some((at, asked)) = &asked
        && asked != branch.as_str()
    {
        let message = format!("`{}` can only run on the branch `{branch}`", id.value);
        cx.error(*at, None, message, "remove `branch` here, or change it there");
    }
    (None, literal_name(cx, id.at, branch, "branch").unwrap_or_else(|| MAIN.to_owned()))
}

/// A name that is one name, and that YAML and the engines take as it is.
fn literal_name(cx: &mut Check<'_>, at: Span, name: &RefPattern, what: &str) -> Option<String> {
    let is_literal = !name.as_str().contains(['*', '{', '}', '\'', '`', ',', ';', '&', '|', '<', '>']);
    if !is_literal {
        let message = format!("a job cannot be given the {what} `{name}`");
        cx.error(at, None, message, "a pipeline needs one name, without `*` and signs of a shell or of YAML");
    }
    is_literal.then(|| name.to_string())
}

/// One pipeline is in one repository.
fn check_one_repository(cx: &mut Check<'_>, at: Span, plan: &CallerSpec, apply: &CallerSpec) {
    let places = [plan, apply].map(|spec| {
        let repository = spec.repository.value().map(|name| name.as_str().to_lowercase());
        let project = spec.project.value().map(|project| project.as_str().to_lowercase());
        (repository, project, spec.host.value().cloned(), spec.enterprise.value().cloned())
    });
    if places[0] != places[1] {
        let message = "the callers that plan and apply are of two repositories";
        cx.error(at, None, message, "name two callers of the repository that holds the pipeline");
    }
}

fn lower_shards(cx: &mut Check<'_>, engine: &Engine, field: &Field<u32>) -> u32 {
    let Some(shards) = field.get() else { return SHARDS };
    if !(1..=engine.most_shards).contains(&shards.value) {
        let message =
            format!("`shards` is {}, and {} runs 1 to {}", shards.value, engine.name, engine.most_shards);
        cx.error(shards.at, None, message, "a shard is a job, and a job runs any number of roots");
    }
    shards.value
}

fn lower_atlantis(cx: &mut Check<'_>, spec: &Located<AtlantisSpec>, known: &Known<'_>) -> Option<CallerId> {
    let AtlantisSpec { plan, apply } = &spec.value;
    let apply = cx.required(apply, "apply", spec.at, "the ID of the caller that Atlantis is")?;
    if let Some(plan) = plan.get().filter(|plan| plan.value != apply.value) {
        let message = "Atlantis plans and applies as one caller";
        cx.error(plan.at, None, message, format!("remove `plan`, or write `plan: {}`", apply.value));
    }
    let caller = known.caller(cx, apply)?;
    let why = match &caller.identity {
        CallerIdentity::Account { mfa } | CallerIdentity::IamUser { mfa, .. } => {
            mfa.then_some("it needs MFA, and a server has no device")
        }
        CallerIdentity::PermissionSet { .. } => Some("people sign in as it, and a server cannot"),
        CallerIdentity::Federated(federated) if federated.platform != Platform::Oidc => {
            Some("only jobs of another engine have its tokens")
        }
        CallerIdentity::Role { .. } | CallerIdentity::Federated(_) => None,
    };
    if let Some(why) = why {
        let message = format!("`{}` cannot be the caller of Atlantis: {why}", apply.value);
        let help = "name a caller of `kind: role`, such as the role of the server's instance or task";
        cx.error(apply.at, None, message, help);
    }
    Some(apply.value.clone())
}
