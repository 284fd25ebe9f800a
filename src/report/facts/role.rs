//! From the answers about a role to what is said of it.

use super::class::Class;
use super::{Answer, Entrant, Member, RoleShape, Verdict, conditions};
use crate::explain::{Entry, Matrix, Row};
use crate::model::{Bootstrap, Partition, TargetRole};
use crate::policy::evaluate::{Policy, Reason, StatementId};

/// What was read of a role: each text that says who can assume it, with what it answers.
#[derive(Debug)]
pub struct RoleRead {
    /// The texts.
    pub texts: Vec<(Policy, Matrix)>,
    /// What could not be followed.
    pub not_known: Vec<String>,
}

/// What is said of a role of a target, and where it is.
#[must_use]
pub fn role(one: TargetRole<'_>, partition: Partition, read: &RoleRead) -> (RoleShape, Member) {
    let TargetRole { target, role } = one;
    let account = target.account_id.as_str();
    // Policies of the account itself would be different ones in every account.
    let policy = |arn: String| arn.replace(account, "<account>");
    let mut policies: Vec<String> = role.policy_arns.iter().map(|arn| policy(arn.to_string())).collect();
    policies.extend(role.inline_policies.keys().map(|name| format!("inline: {name}")));
    let is_ours = target.bootstrap != Bootstrap::Existing;
    let shape = RoleShape {
        third_party: target.third_party,
        retired: target.retired,
        key: role.key.as_ref().map(ToString::to_string),
        class: if is_ours { Class::of(role) } else { Class::NotKnown },
        policies,
        boundary: role.permissions_boundary.as_ref().map(|arn| policy(arn.to_string())),
        longest_session: Some(role.max_session_duration.to_string()),
        ..of_read(read)
    };
    let member = Member {
        target: target.name.to_string(),
        account_id: Some(account.to_owned()),
        role: one.arn(partition).rsplit(":role/").next().unwrap_or_default().to_owned(),
    };
    (judged(shape), member)
}

/// What is said of the role in A through which a caller enters, and where it is.
#[must_use]
pub fn entry(entry: Entry<'_>, account_id: &str, read: &RoleRead) -> (RoleShape, Member) {
    let mut shape = of_read(read);
    // Its permissions are what the roles that list the caller say.
    shape.class = Class::Assume;
    shape.policies = vec!["may assume the roles that list this caller".to_owned()];
    for entrant in shape.entrants.iter_mut().filter(|entrant| entrant.is_declared) {
        entrant.who.clone_from(&entry.federated.described);
        entrant.caller = Some(entry.caller.id.to_string());
    }
    shape.entrants.sort();
    shape.entrants.dedup();
    let member = Member {
        target: entry.caller.id.to_string(),
        account_id: Some(account_id.to_owned()),
        role: entry.federated.role_name.to_string(),
    };
    (judged(shape), member)
}

fn judged(shape: RoleShape) -> RoleShape {
    let differs = !shape.problems.is_empty() || shape.entrants.iter().any(|entrant| !entrant.is_declared);
    let verdict = if differs {
        Verdict::Differs
    } else if !shape.not_known.is_empty() {
        Verdict::NotKnown
    } else {
        Verdict::AsDeclared
    };
    // What people added to the permissions is among the problems, and not among the policies.
    let is_more = shape.problems.iter().any(|problem| problem.starts_with(BEYOND));
    let class = if is_more { shape.class.max(Class::NotKnown) } else { shape.class };
    RoleShape { verdict, class, ..shape }
}

/// How a problem begins that is about permissions.
const BEYOND: &str = "more than the spec gives the role";

fn of_read(read: &RoleRead) -> RoleShape {
    let mut shape = RoleShape {
        verdict: Verdict::AsDeclared,
        third_party: false,
        retired: false,
        key: None,
        entrants: Vec::new(),
        class: Class::NotKnown,
        policies: Vec::new(),
        boundary: None,
        longest_session: None,
        answers: Vec::new(),
        problems: Vec::new(),
        not_known: read.not_known.clone(),
    };
    for (policy, matrix) in &read.texts {
        add(&mut shape, policy, matrix);
    }
    if read.texts.is_empty() && shape.not_known.is_empty() {
        shape.not_known.push("nothing says who can assume the role".to_owned());
    }
    for list in [&mut shape.problems, &mut shape.not_known] {
        list.sort();
        list.dedup();
    }
    shape.entrants.sort();
    shape.entrants.dedup();
    shape
}

fn add(shape: &mut RoleShape, policy: &Policy, matrix: &Matrix) {
    let rows = matrix.rows.iter();
    shape.entrants.extend(rows.clone().filter_map(|row| entrant(row, policy)));
    shape.answers.extend(rows.clone().map(answer));
    let refused = rows.filter(|row| !row.is_as_expected() && !row.verdict.is_allowed());
    shape.problems.extend(refused.map(|row| {
        format!("{}{} is declared, and is refused: {}", row.who, with(row), conditions::why(&row.verdict))
    }));
    for excess in &matrix.excesses {
        shape.problems.push(excess.to_string());
        shape.entrants.push(Entrant {
            who: excess.who.clone(),
            caller: None,
            is_declared: false,
            conditions: excess.under.iter().map(ToString::to_string).collect(),
            statement: excess.statement.to_string(),
        });
    }
    let beyond = matrix.permissions.iter().map(|grant| format!("{BEYOND}: {} ({})", grant.what, grant.file));
    shape.problems.extend(beyond);
    shape.not_known.extend(matrix.unknown.iter().cloned());
}

fn with(row: &Row) -> String {
    if row.with.is_empty() { String::new() } else { format!(" with {}", row.with.join(" and ")) }
}

/// Who a row lets in as the spec declares; companions of the call are conditions of it, and strangers are named by what
/// the policy allows beyond the spec.
fn entrant(row: &Row, policy: &Policy) -> Option<Entrant> {
    let Reason::Allowed { statement, .. } = &row.verdict.reason else { return None };
    let enters = row.request.action.starts_with("sts:AssumeRole");
    if !row.is_as_expected() || !row.verdict.is_allowed() || !enters {
        return None;
    }
    Some(Entrant {
        who: row.who.clone(),
        caller: row.caller.as_ref().map(ToString::to_string),
        is_declared: true,
        conditions: asked_by(policy, statement),
        statement: statement.to_string(),
    })
}

fn asked_by(policy: &Policy, id: &StatementId) -> Vec<String> {
    let mut statements = policy.statements().iter();
    statements.find(|statement| statement.id == *id).map(conditions::of).unwrap_or_default()
}

fn answer(row: &Row) -> Answer {
    Answer {
        who: row.who.clone(),
        caller: row.caller.as_ref().map(ToString::to_string),
        with: row.with.clone(),
        expected: row.expected.as_str(),
        decision: row.verdict.decision.as_str(),
        why: conditions::why(&row.verdict),
    }
}
