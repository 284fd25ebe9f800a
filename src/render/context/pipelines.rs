//! What pipelines see of their engine: who plans and who applies, and how many jobs there are.

use super::names::{Row, text};
use crate::model::{Fleet, Pipeline, PipelineCaller};
use crate::pack::TemplateValue;
use crate::pipelines::index;

/// The index of roots, where any pipeline reads it.
pub(super) fn roots(fleet: &Fleet) -> Option<String> {
    fleet.pipelines.is_any().then(|| index(fleet).to_string())
}

/// An engine as a list of one, or of none.
pub(super) fn engine<'f>(fleet: &'f Fleet, pipeline: Option<&'f Pipeline>) -> Vec<Row<'f>> {
    pipeline.map(|pipeline| row(fleet, pipeline)).into_iter().collect()
}

fn row<'f>(fleet: &'f Fleet, pipeline: &'f Pipeline) -> Row<'f> {
    let Pipeline { plan, apply, shards, branch } = pipeline;
    // Tokens of a scheduled run are those of the main branch, unless the job names an environment.
    let drift = if plan.environment.is_some() { plan } else { apply };
    let mut row = vec![
        ("branch", text(branch.as_str())),
        ("shards", TemplateValue::Number(*shards)),
        ("all_shards", TemplateValue::Texts((1..=*shards).map(|shard| shard.to_string().into()).collect())),
        ("drift_applies", TemplateValue::Flag(drift.id == apply.id)),
        ("audience", text(audience(fleet, plan))),
    ];
    for (names, caller) in [(PLAN, plan), (APPLY, apply), (DRIFT, drift)] {
        row.push((names[0], text(caller.id.as_str())));
        row.push((names[1], text(role_arn(fleet, caller))));
        row.extend(caller.environment.as_deref().map(|environment| (names[2], text(environment))));
    }
    row
}

const PLAN: [&str; 3] = ["plan", "plan_role_arn", "plan_environment"];
const APPLY: [&str; 3] = ["apply", "apply_role_arn", "apply_environment"];
const DRIFT: [&str; 3] = ["drift", "drift_role_arn", "drift_environment"];

/// The role in A that a caller enters through.
fn role_arn(fleet: &Fleet, caller: &PipelineCaller) -> String {
    let federated = fleet.source.caller(&caller.id).and_then(|caller| caller.federated());
    federated.map(|federated| fleet.source.role_of(federated)).unwrap_or_default()
}

fn audience<'f>(fleet: &'f Fleet, caller: &PipelineCaller) -> &'f str {
    let federated = fleet.source.caller(&caller.id).and_then(|caller| caller.federated());
    federated.map_or("", |federated| federated.audience.as_str())
}

/// The projects of Atlantis: every root that it runs, in order.
pub(super) fn projects(fleet: &Fleet) -> Vec<Row<'_>> {
    let Some(caller) = &fleet.pipelines.atlantis else { return Vec::new() };
    let index = index(fleet);
    let roots = index.as_array().into_iter().flatten();
    let runs = roots.filter(|root| {
        let is_admitted = root.get("roles").is_none_or(|roles| roles.get(caller.as_str()).is_some());
        root.get("left_out").is_none() && is_admitted
    });
    let project = |root: &serde_json::Value| {
        let word = |key: &str| root[key].as_str().unwrap_or_default().to_owned();
        let needs = root["needs"].as_array().into_iter().flatten().filter_map(|need| need.as_str());
        let path = word("path");
        let up = vec![".."; path.split('/').count()].join("/");
        vec![
            ("name", text(name(&path))),
            ("needs", TemplateValue::Texts(needs.map(|need| name(need).into()).collect())),
            ("group", text(group(&word("step")).to_string())),
            ("up", text(up)),
            ("workload", TemplateValue::Flag(word("step") == "workload")),
            ("path", text(path)),
        ]
    };
    runs.map(project).collect()
}

/// The name of a project: Atlantis takes no slash.
fn name(path: &str) -> String {
    path.trim_start_matches("accounts/").replace('/', "-")
}

fn group(step: &str) -> u32 {
    match step {
        "source" => 0,
        "bootstrap" => 1,
        _ => 2,
    }
}
