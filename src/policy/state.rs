//! What callers need of the place where Terraform keeps the state of the roots that they run.

use std::collections::BTreeSet;

use super::document::{Conditions, Statement};
use crate::model::{Backend, Caller, Fleet, S3Backend, SINGLE_ROOT, Target};

/// Targets whose states are named one by one; of more, all states of workload roots are named by a pattern.
const MOST_NAMED: usize = 10;

/// The statements of a caller's identity policy that are about the state.
///
/// Every caller may assume the role that reaches the bucket, where there is one. Without it a workload that we make a
/// role for gets the rights to the bucket itself: nothing else gives them to it. Source: "Permissions required" of the
/// S3 backend (Terraform).
pub(super) fn statements(fleet: &Fleet, caller: &Caller) -> Vec<Statement> {
    let Backend::S3(s3) = &fleet.terraform.backend else { return Vec::new() };
    if let Some(role) = &s3.assume_role {
        let resources = BTreeSet::from([role.role_arn.to_string()]);
        return vec![statement("AssumeStateRole", &["sts:AssumeRole"], resources)];
    }
    if caller.federated().is_none() {
        return Vec::new();
    }
    bucket_statements(fleet, s3, caller)
}

fn bucket_statements(fleet: &Fleet, s3: &S3Backend, caller: &Caller) -> Vec<Statement> {
    let bucket = format!("arn:{}:s3:::{}", fleet.source.partition, s3.bucket);
    let states = states(fleet, s3, caller, &bucket);
    if states.is_empty() {
        return Vec::new();
    }
    let locks = states.iter().map(|state| format!("{state}.tflock")).collect();
    let mut statements = vec![
        statement("ListStates", &["s3:ListBucket"], BTreeSet::from([bucket])),
        statement("LockState", &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], locks),
    ];
    let actions: &[&str] =
        if only_plans(fleet, caller) { &["s3:GetObject"] } else { &["s3:GetObject", "s3:PutObject"] };
    let sid = if only_plans(fleet, caller) { "ReadState" } else { "ReadAndWriteState" };
    statements.push(statement(sid, actions, states));
    if let Some(key) = &s3.kms_key_id {
        let actions = &["kms:Decrypt", "kms:GenerateDataKey"];
        statements.push(statement("UseStateKey", actions, BTreeSet::from([key.to_string()])));
    }
    statements
}

fn statement(sid: &str, actions: &'static [&'static str], resources: BTreeSet<String>) -> Statement {
    let conditions = Conditions::default();
    Statement { sid: sid.to_owned(), actions, resources, conditions, ..Statement::default() }
}

/// The states of the workload roots that a caller runs.
fn states(fleet: &Fleet, s3: &S3Backend, caller: &Caller, bucket: &str) -> BTreeSet<String> {
    let state = |root: &str| format!("{bucket}/{}/{root}/terraform.tfstate", s3.key_prefix);
    let may_enter = |target: &&Target| target.roles.iter().any(|role| role.admits(caller));
    if fleet.has_single_root() {
        // Whoever cannot assume a role in each target cannot run the root.
        let runs = fleet.targets.iter().all(|target| may_enter(&target));
        return runs.then(|| state(SINGLE_ROOT)).into_iter().collect();
    }
    let state = |target: &str| state(&format!("accounts/{target}/workload"));
    let runs = fleet.targets.iter().filter(may_enter);
    let names: Vec<&str> = runs.map(|target| target.name.as_str()).take(MOST_NAMED + 1).collect();
    if names.len() > MOST_NAMED {
        BTreeSet::from([state("*")])
    } else {
        names.into_iter().map(state).collect()
    }
}

/// Whether a caller changes nothing: every role that it may assume only reads.
fn only_plans(fleet: &Fleet, caller: &Caller) -> bool {
    fleet.roles().filter(|one| one.role.admits(caller)).all(|one| one.role.only_reads())
}
