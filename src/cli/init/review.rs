//! What the review shows: every answer in words, and what each line leads to.

pub(super) use super::callers_shown::caller;
use super::callers_shown::roles;
use super::state::{Permission, SourceState, State, TargetState};
use crate::answers::{BackendAnswer, BootstrapAnswer};
use crate::model::{Credentials, ExternalId, Region, SpecName};
use crate::spec::Ownership;

/// What a line of the review leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Write,
    Account,
    Name,
    Partition,
    Caller(usize),
    AddCaller,
    Roles,
    Credentials,
    Organization,
    Backend,
    SpecName,
    Tags,
    Target(usize),
    Add,
}

/// What a line of a target leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Done,
    Name,
    Account,
    Region,
    MoreRegions,
    Owner,
    ExternalId,
    Permissions,
    PlanPermissions,
    Creation,
    Remove,
}

pub(super) fn lines(state: &State) -> Vec<(String, Line)> {
    let mut lines = vec![("Write it".to_owned(), Line::Write)];
    lines.extend(source(&state.source));
    lines.extend(backend(&state.backend).into_iter().map(|words| (words, Line::Backend)));
    lines.extend(spec(state));
    for (index, target) in state.targets.iter().enumerate() {
        lines.extend(target_lines(state, target).into_iter().map(|words| (words, Line::Target(index))));
    }
    lines.push(("Add a target".to_owned(), Line::Add));
    lines
}

fn source(source: &SourceState) -> Vec<(String, Line)> {
    let name = source.name.as_ref().map_or("source", |name| name.as_str());
    let organization = source.organization_id.as_ref().map_or("none", |id| id.as_str());
    let credentials = match &source.credentials {
        Credentials::Environment => "from the environment".to_owned(),
        Credentials::Profile(profile) => format!("profile {profile}"),
    };
    let mut lines = vec![
        (format!("Account A       {}", source.account_id), Line::Account),
        (format!("  name          {name}"), Line::Name),
        (format!("  partition     {}", source.partition), Line::Partition),
    ];
    let callers = source.callers.iter().enumerate();
    lines.extend(
        callers.map(|(at, it)| (format!("  caller        {}", caller(&it.answer)), Line::Caller(at))),
    );
    lines.extend([
        ("  add a caller".to_owned(), Line::AddCaller),
        (format!("  roles         {}", roles(source)), Line::Roles),
        (format!("  credentials   {credentials}"), Line::Credentials),
        (format!("  organization  {organization}"), Line::Organization),
    ]);
    lines
}

/// What holds for everything that is generated.
fn spec(state: &State) -> [(String, Line); 2] {
    let tags: Vec<String> = state.default_tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let tags = if tags.is_empty() { "none".to_owned() } else { tags.join(", ") };
    let name = state.name.as_ref().map_or("crossrole", SpecName::as_str);
    [(format!("Name            {name}"), Line::SpecName), (format!("Default tags    {tags}"), Line::Tags)]
}

/// A target in the review. What fits into no line of a narrow terminal has one of its own.
fn target_lines(state: &State, target: &TargetState) -> Vec<String> {
    let mut lines =
        vec![format!("Target          {}  {}  {}", target.name, target.account_id, region(state, target))];
    if !target.regions.is_empty() {
        lines.push(format!("  more regions  {}", regions(target)));
    }
    lines.push(format!("  owner         {}", owner(target)));
    lines.extend(target.external_id().map(|id| format!("  external ID   {id}")));
    lines.push(format!("  permissions   {}", permissions(state, target)));
    lines.push(format!("  role created  {}", creation(target)));
    lines
}

/// One target, line by line.
pub(super) fn target(state: &State, target: &TargetState) -> Vec<(String, Part)> {
    let id = target.external_id();
    let mut lines = vec![
        ("Back".to_owned(), Part::Done),
        (format!("name          {}", target.name), Part::Name),
        (format!("account ID    {}", target.account_id), Part::Account),
        (format!("region        {}", region(state, target)), Part::Region),
        (format!("owner         {}", owner(target)), Part::Owner),
        (format!("external ID   {}", id.as_ref().map_or("none", ExternalId::as_str)), Part::ExternalId),
        (format!("permissions   {}", names(&target.permissions)), Part::Permissions),
    ];
    if state.source.has_two_roles {
        let plan = names(&target.plan_permissions());
        lines.push((format!("  of `plan`   {plan}"), Part::PlanPermissions));
    }
    lines.push((format!("role created  {}", creation(target)), Part::Creation));
    lines.push((format!("more regions  {}", regions(target)), Part::MoreRegions));
    lines.push(("Remove this target".to_owned(), Part::Remove));
    lines
}

fn backend(backend: &BackendAnswer) -> Vec<String> {
    match backend {
        BackendAnswer::Local => vec!["State           local files".to_owned()],
        BackendAnswer::S3 { bucket, region, role_arn } => {
            let mut lines = vec![format!("State           S3 bucket {bucket} in {region}")];
            lines.extend(role_arn.as_ref().map(|arn| format!("  through       {arn}")));
            lines
        }
        BackendAnswer::Cloud { organization, hostname, project } => {
            let host = hostname.as_ref().map_or("HCP Terraform", |host| host.as_str());
            let project = project.as_ref().map(|project| format!(", project {project}")).unwrap_or_default();
            vec![format!("State           {host}, organization {organization}{project}")]
        }
    }
}

fn region(state: &State, target: &TargetState) -> String {
    state.region(target).map(|region| region.to_string()).unwrap_or_default()
}

fn regions(target: &TargetState) -> String {
    let names: Vec<&str> = target.regions.iter().map(Region::as_str).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn owner(target: &TargetState) -> &'static str {
    match target.ownership {
        Ownership::Organization => "our organization",
        Ownership::ThirdParty => "a third party",
    }
}

fn permissions(state: &State, target: &TargetState) -> String {
    if target.bootstrap() == BootstrapAnswer::Existing {
        return "those of the existing role".to_owned();
    }
    let own = names(&target.permissions);
    if !state.source.has_two_roles {
        return own;
    }
    format!("apply: {own}; plan: {}", names(&target.plan_permissions()))
}

fn names(permissions: &[Permission]) -> String {
    let names: Vec<&str> = permissions.iter().map(Permission::shown).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn creation(target: &TargetState) -> String {
    match target.bootstrap() {
        BootstrapAnswer::AssumeRole(None) => "through OrganizationAccountAccessRole".to_owned(),
        BootstrapAnswer::AssumeRole(Some(role)) => format!("through {role}"),
        BootstrapAnswer::Profile(profile) => format!("with profile {profile}"),
        BootstrapAnswer::Environment => "with credentials in the environment".to_owned(),
        BootstrapAnswer::CloudFormation => "with a CloudFormation template".to_owned(),
        BootstrapAnswer::StackSet => "with the stack set of the organization".to_owned(),
        BootstrapAnswer::Existing => "no, it already exists".to_owned(),
    }
}
