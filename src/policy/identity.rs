//! What each caller may assume: exact roles while they fit, the organization beyond that.
//!
//! Targets are spread over policies by account id with a consistent hash, so that a new target
//! touches one policy and not all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::document::{Conditions, Document, Statement};
use super::state;
use super::trust::{identity_conditions, tag_conditions};
use super::{ATTACHMENT_QUOTA, MANAGED_QUOTA};
use crate::model::{
    Caller, CallerId, Fleet, OrganizationId, Role, RoleName, RolePath, Session, Target, TargetRole,
};

/// The identity policies of every caller.
#[derive(Debug, Clone, Default)]
pub struct AssumePolicies {
    callers: BTreeMap<CallerId, Arc<CallerPolicies>>,
}

/// The identity policies of one caller.
#[derive(Debug, Clone)]
pub struct CallerPolicies {
    /// One per managed policy, by its number, counted from 1.
    pub documents: BTreeMap<u32, Document>,
    /// How the roles are named in them.
    pub reach: Reach,
}

/// How the roles are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Every role by its ARN.
    Exact,
    /// Roles of our own organization by path and name in any of its accounts, others by ARN.
    Organization,
}

/// The roles do not fit into the policies that a caller can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overflow {
    /// The caller.
    pub caller: CallerId,
    /// The roles that would have to be named by ARN.
    pub exact_roles: usize,
    /// The characters they need, at the least.
    pub characters: usize,
    /// Whether naming the organization could help.
    pub organization_would_help: bool,
}

impl AssumePolicies {
    /// Those of a caller.
    #[must_use]
    pub fn of(&self, caller: &CallerId) -> Option<&CallerPolicies> {
        self.callers.get(caller).map(Arc::as_ref)
    }

    /// Every caller with its policies, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&CallerId, &CallerPolicies)> {
        self.callers.iter().map(|(caller, policies)| (caller, &**policies))
    }

    /// The widest way in which roles are named to a caller.
    #[must_use]
    pub fn reach(&self) -> Reach {
        self.iter().map(|(_, policies)| policies.reach).max().unwrap_or(Reach::Exact)
    }
}

/// The identity policies that allow each caller to assume exactly the roles that list it.
///
/// # Errors
/// The numbers, when they do not fit into [`ATTACHMENT_QUOTA`] policies of [`MANAGED_QUOTA`].
pub fn assume_policies(fleet: &Fleet) -> Result<AssumePolicies, Overflow> {
    let mut callers = BTreeMap::new();
    // Most callers may assume the same roles, and a fleet has thousands.
    let mut known: Vec<(Vec<TargetRole<'_>>, Vec<Statement>, Arc<CallerPolicies>)> = Vec::new();
    for caller in &fleet.source.callers {
        let roles = roles_of(fleet, caller);
        let further = state::statements(fleet, caller);
        let is_same = |(other, statements, _): &&(Vec<TargetRole<'_>>, Vec<Statement>, _)| {
            other.len() == roles.len()
                && *statements == further
                && other.iter().zip(&roles).all(|(left, right)| std::ptr::eq(left.role, right.role))
        };
        let policies = match known.iter().find(is_same) {
            Some((.., policies)) => Arc::clone(policies),
            None => Arc::new(caller_policies(fleet, &caller.id, &roles, &further)?),
        };
        known.push((roles, further, Arc::clone(&policies)));
        callers.insert(caller.id.clone(), policies);
    }
    Ok(AssumePolicies { callers })
}

fn roles_of<'f>(fleet: &'f Fleet, caller: &Caller) -> Vec<TargetRole<'f>> {
    fleet.roles().filter(|one| one.role.admits(caller)).collect()
}

fn caller_policies(
    fleet: &Fleet,
    caller: &CallerId,
    roles: &[TargetRole<'_>],
    further: &[Statement],
) -> Result<CallerPolicies, Overflow> {
    let partition = fleet.source.partition;
    let grant = |one: &TargetRole<'_>| Grant::new(one.target, one.arn(partition));
    let all = || roles.iter().map(grant);
    if let Some(documents) = while_they_fit(all()).and_then(|all| shard(&all, 1, further)) {
        return Ok(CallerPolicies { documents, reach: Reach::Exact });
    }
    let overflow = |grants: &[Grant], organization_would_help| Overflow {
        caller: caller.clone(),
        exact_roles: grants.len(),
        characters: least_characters(grants),
        organization_would_help,
    };
    let Some(organization) = &fleet.source.organization_id else {
        let organization_would_help = roles.iter().any(|one| !one.target.third_party);
        return Err(overflow(&all().collect::<Vec<_>>(), organization_would_help));
    };
    let (theirs, mut ours): (Vec<TargetRole<'_>>, Vec<_>) =
        roles.iter().partition(|one| one.target.third_party);
    let exact_roles = ours.len();
    // Named without their account, most roles of a fleet are one.
    ours.sort_by(|left, right| place_of(left).cmp(&place_of(right)));
    ours.dedup_by(|left, right| but_for_its_account(left) == but_for_its_account(right));
    let everywhere = |one: &TargetRole<'_>| {
        let Role { path, name, .. } = one.role;
        Grant::new(one.target, format!("arn:{partition}:iam::*:role{path}{name}"))
    };
    let ours: Vec<Grant> = ours.iter().map(everywhere).collect();
    let theirs: Vec<Grant> = theirs.iter().map(grant).collect();
    let mut first = organization_document(&ours, organization, further);
    first.statements.extend_from_slice(further);
    let rest = if theirs.is_empty() { Some(BTreeMap::new()) } else { shard(&theirs, 2, &[]) };
    match rest {
        Some(mut documents) if first.size() <= MANAGED_QUOTA => {
            documents.insert(1, first);
            Ok(CallerPolicies { documents, reach: Reach::Organization })
        }
        Some(_) => Err(Overflow { exact_roles, characters: first.size(), ..overflow(&[], false) }),
        None => Err(overflow(&theirs, false)),
    }
}

/// The path and the name of a role.
fn place_of<'f>(one: &TargetRole<'f>) -> (&'f RolePath, &'f RoleName) {
    (&one.role.path, &one.role.name)
}

/// All that a grant says of a target, its account aside.
fn but_for_its_account<'f>(one: &TargetRole<'f>) -> impl PartialEq + use<'f> {
    let TargetRole { target: Target { session, .. }, role } = *one;
    let Session { tags, transitive_tag_keys, source_identity, .. } = session;
    (&role.path, &role.name, tags, transitive_tag_keys, source_identity)
}

/// One policy for all roles of the organization. Where their sessions differ in more than it can
/// hold, it limits tags to the declared keys; their values are limited by each role's trust policy.
fn organization_document(grants: &[Grant], organization: &OrganizationId, further: &[Statement]) -> Document {
    let exact = document(grants, Some(organization));
    let others = Document { statements: further.to_vec() };
    if exact.size() + others.size() <= MANAGED_QUOTA {
        return exact;
    }
    let mut common = Conditions::default();
    for conditions in grants.iter().filter_map(|grant| grant.tags.as_ref()) {
        common.widen_to_keys(conditions);
    }
    let widened = |grant: &Grant| Grant {
        account: grant.account,
        resource: grant.resource.clone(),
        tags: grant.tags.as_ref().map(|_| common.clone()),
        identity: grant.identity.clone(),
    };
    document(&grants.iter().map(widened).collect::<Vec<_>>(), Some(organization))
}

/// One role, and what its session needs beside `sts:AssumeRole`.
struct Grant {
    account: u64,
    resource: String,
    tags: Option<Conditions>,
    identity: Option<Conditions>,
}

impl Grant {
    fn new(target: &Target, resource: String) -> Self {
        Self {
            // Twelve digits always fit.
            account: target.account_id.as_str().parse().unwrap_or_default(),
            resource,
            tags: tag_conditions(&target.session),
            identity: identity_conditions(&target.session),
        }
    }
}

/// What the resources alone need, each with its quotes and a comma.
fn least_characters(grants: &[Grant]) -> usize {
    grants.iter().map(|grant| grant.resource.len() + 3).sum()
}

/// All grants, unless the resources alone need more room than there is.
fn while_they_fit(grants: impl Iterator<Item = Grant>) -> Option<Vec<Grant>> {
    let mut room = MANAGED_QUOTA * ATTACHMENT_QUOTA as usize;
    let within = |grant: Grant| {
        room = room.checked_sub(least_characters(std::slice::from_ref(&grant)))?;
        Some(grant)
    };
    grants.map(within).collect()
}

/// The fewest policies that hold all grants, numbered from `first`, with further statements in the first of them;
/// `None` when none do.
fn shard(grants: &[Grant], first: u32, further: &[Statement]) -> Option<BTreeMap<u32, Document>> {
    if grants.is_empty() {
        let alone = Document { statements: further.to_vec() };
        return Some(if further.is_empty() { BTreeMap::new() } else { BTreeMap::from([(first, alone)]) });
    }
    let most = ATTACHMENT_QUOTA - (first - 1);
    let fewest = u32::try_from(least_characters(grants) / MANAGED_QUOTA).ok()? + 1;
    (fewest..=most).find_map(|count| {
        let mut shards: BTreeMap<u32, Vec<&Grant>> = BTreeMap::new();
        for grant in grants {
            shards.entry(first + bucket_of(grant.account, count)).or_default().push(grant);
        }
        let documents = shards.into_iter().map(|(number, grants)| (number, document(grants, None)));
        let mut documents: BTreeMap<u32, Document> = documents.collect();
        documents.first_entry()?.get_mut().statements.extend_from_slice(further);
        documents.values().all(|document| document.size() <= MANAGED_QUOTA).then_some(documents)
    })
}

/// The policy of an account among `count`: jump consistent hashing (Lamping and Veach, 2014), under
/// which a further policy takes its share from the others and moves nothing between them.
fn bucket_of(account: u64, count: u32) -> u32 {
    // Account ids of one organization are no random numbers; this mixes them (SplitMix64).
    let mut key = account.wrapping_add(0x9e37_79b9_7f4a_7c15);
    key = (key ^ (key >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    key = (key ^ (key >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    key ^= key >> 31;
    let (mut bucket, mut next) = (0, 0);
    while next < u64::from(count) {
        bucket = next;
        key = key.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1);
        // (bucket + 1) * 2^31 / ((key >> 33) + 1), in integers.
        next = ((bucket + 1) << 31) / ((key >> 33) + 1);
    }
    u32::try_from(bucket).unwrap_or_default()
}

fn document<'g>(
    grants: impl IntoIterator<Item = &'g Grant>,
    organization: Option<&OrganizationId>,
) -> Document {
    let mut assume = BTreeSet::new();
    let mut companions: BTreeMap<(&'static str, &Conditions), BTreeSet<String>> = BTreeMap::new();
    let actions = |action| match action {
        "TagSession" => &["sts:TagSession"],
        _ => &["sts:SetSourceIdentity"],
    };
    for grant in grants {
        assume.insert(grant.resource.clone());
        let pairs = [("SetSourceIdentity", &grant.identity), ("TagSession", &grant.tags)];
        for (name, conditions) in pairs {
            if let Some(conditions) = conditions {
                companions.entry((name, conditions)).or_default().insert(grant.resource.clone());
            }
        }
    }
    let limit = |mut conditions: Conditions| {
        if let Some(id) = organization {
            conditions.require("StringEquals", "aws:ResourceOrgID", [id.as_str()]);
        }
        conditions
    };
    let mut statements = vec![Statement {
        sid: "AssumeRole".to_owned(),
        actions: &["sts:AssumeRole"],
        resources: assume,
        conditions: limit(Conditions::default()),
        ..Statement::default()
    }];
    for ((name, conditions), resources) in companions {
        let actions: &'static [&'static str] = actions(name);
        let number = statements.iter().filter(|statement| statement.actions == actions).count() + 1;
        let (sid, conditions) = (format!("{name}{number}"), limit(conditions.clone()));
        statements.push(Statement { sid, actions, resources, conditions, ..Statement::default() });
    }
    Document { statements }
}
