//! What has been answered so far. A default that follows from other answers is not stored: it is found
//! anew each time, so changing an answer changes what follows from it.

use std::collections::BTreeMap;

use crate::answers::pasted::Home;
use crate::answers::{
    Answers, BackendAnswer, BootstrapAnswer, CallerAnswer, Draft, RoleAnswer, RolesAnswer, SourceAnswers,
    TargetAnswers,
};
use crate::model::{
    AccountId, CallerId, Credentials, ExternalId, OrganizationId, Partition, PolicyArn, Region, RoleKey,
    SourceName, SpecName, TagKey, TagValue, TargetName, Text,
};
use crate::spec::Ownership;

/// What a role that plans has to be allowed.
const READS: &str = "ReadOnlyAccess";

/// Account A.
#[derive(Debug, Clone)]
pub(super) struct SourceState {
    pub(super) name: Option<SourceName>,
    pub(super) account_id: AccountId,
    pub(super) partition: Partition,
    pub(super) organization_id: Option<OrganizationId>,
    pub(super) callers: Vec<CallerState>,
    /// Whether every account has a role that applies and one that plans, and not one for both.
    pub(super) has_two_roles: bool,
    pub(super) credentials: Credentials,
}

/// One caller, and which of two roles it may assume.
#[derive(Debug, Clone)]
pub(super) struct CallerState {
    pub(super) answer: CallerAnswer,
    pub(super) uses: Uses,
}

/// Which of two roles a caller may assume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Uses {
    Both,
    Plan,
    Apply,
}

/// One target; `None` stands for what follows from the rest.
#[derive(Debug, Clone)]
pub(super) struct TargetState {
    pub(super) name: TargetName,
    pub(super) account_id: AccountId,
    pub(super) region: Option<Region>,
    /// Further regions.
    pub(super) regions: Vec<Region>,
    pub(super) ownership: Ownership,
    pub(super) external_id: Option<ExternalId>,
    /// What is offered as the external id, the same each time.
    pub(super) fresh_id: ExternalId,
    pub(super) permissions: Vec<Permission>,
    /// What the role that plans may do, where there is one; `None` for what it usually may.
    pub(super) plan_permissions: Option<Vec<Permission>>,
    pub(super) bootstrap: Option<BootstrapAnswer>,
}

/// A policy, either of AWS's own by name, in whatever partition, or any by its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Permission {
    Managed(String),
    Arn(PolicyArn),
}

/// Everything.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) name: Option<SpecName>,
    pub(super) default_tags: BTreeMap<TagKey, TagValue>,
    pub(super) source: SourceState,
    pub(super) backend: BackendAnswer,
    pub(super) targets: Vec<TargetState>,
    /// The keys of roles that `defaults` of a spec gives to every target.
    pub(super) inherited_roles: Vec<RoleKey>,
}

impl Permission {
    /// The policy of an ARN.
    pub(super) fn of(arn: PolicyArn) -> Self {
        match arn.aws_name() {
            Some(name) => Self::Managed(name.to_owned()),
            None => Self::Arn(arn),
        }
    }

    pub(super) fn arn(&self, partition: Partition) -> Option<PolicyArn> {
        match self {
            Self::Managed(name) => PolicyArn::parse(&format!("arn:{partition}:iam::aws:policy/{name}")).ok(),
            Self::Arn(arn) => Some(arn.clone()),
        }
    }

    pub(super) fn shown(&self) -> &str {
        match self {
            Self::Managed(name) => name.rsplit('/').next().unwrap_or(name),
            Self::Arn(arn) => arn.as_str(),
        }
    }
}

impl SourceState {
    /// Account A, as where callers are asked for.
    pub(super) fn home(&self) -> Home<'_> {
        Home { partition: self.partition, account: &self.account_id, name: "account A" }
    }

    /// Who may assume a role that is for all but those who only use the other.
    pub(super) fn callers_but(&self, others: Uses) -> Vec<CallerId> {
        let callers = self.callers.iter().filter(|caller| caller.uses != others);
        callers.filter_map(|caller| caller.answer.id()).collect()
    }

    /// A role that nobody may assume.
    pub(super) fn lonely_role(&self) -> Option<&'static str> {
        let roles = [("apply", Uses::Plan), ("plan", Uses::Apply)].into_iter();
        let lonely = roles.filter(|(_, others)| self.callers.iter().all(|caller| caller.uses == *others));
        lonely.map(|(key, _)| key).next()
    }
}

impl State {
    /// Where a target's resources go, unless it says otherwise: where the first one's do.
    pub(super) fn default_region(&self) -> Option<Region> {
        let partition = self.source.partition;
        let first = self.targets.first().and_then(|target| target.region.clone());
        let usable = first.filter(|region| region.partition() == partition);
        usable.or_else(|| Region::parse(partition.default_region()).ok())
    }

    /// Where this target's resources go; a region of another partition is none any more.
    pub(super) fn region(&self, target: &TargetState) -> Option<Region> {
        let own = target.region.clone().filter(|region| region.partition() == self.source.partition);
        own.or_else(|| self.default_region())
    }

    pub(super) fn draft(&self) -> Draft {
        let source = self.source.clone();
        let source = SourceAnswers {
            name: source.name,
            account_id: source.account_id,
            partition: source.partition,
            organization_id: source.organization_id,
            callers: source.callers.into_iter().map(|caller| caller.answer).collect(),
            credentials: source.credentials,
        };
        let answers = Answers {
            name: self.name.clone(),
            source,
            backend: self.backend.clone(),
            default_tags: self.default_tags.clone(),
            targets: self.targets.iter().filter_map(|target| self.answers(target)).collect(),
        };
        answers.draft()
    }

    /// A target with everything decided.
    pub(super) fn answers(&self, target: &TargetState) -> Option<TargetAnswers> {
        let partition = self.source.partition;
        let in_partition = |region: &&Region| region.partition() == partition;
        Some(TargetAnswers {
            name: target.name.clone(),
            account_id: target.account_id.clone(),
            region: self.region(target)?,
            regions: target.regions.iter().filter(in_partition).cloned().collect(),
            ownership: target.ownership,
            external_id: target.external_id(),
            roles: self.roles(target),
            bootstrap: target.bootstrap(),
        })
    }

    fn roles(&self, target: &TargetState) -> RolesAnswer {
        let partition = self.source.partition;
        let arns = |policies: &[Permission]| policies.iter().filter_map(|it| it.arn(partition)).collect();
        let policy_arns = arns(&target.permissions);
        if !self.inherited_roles.is_empty() {
            return RolesAnswer::Inherited(self.inherited_roles.clone());
        }
        if !self.source.has_two_roles {
            return RolesAnswer::One(policy_arns);
        }
        RolesAnswer::ApplyAndPlan {
            apply: RoleAnswer { callers: self.source.callers_but(Uses::Plan), policy_arns },
            plan: RoleAnswer {
                callers: self.source.callers_but(Uses::Apply),
                policy_arns: arns(&target.plan_permissions()),
            },
        }
    }
}

impl TargetState {
    /// What was answered; otherwise one that nobody can guess, where the account is a third party's.
    pub(super) fn external_id(&self) -> Option<ExternalId> {
        let offered = Some(&self.fresh_id).filter(|_| self.ownership == Ownership::ThirdParty);
        self.external_id.as_ref().or(offered).cloned()
    }

    /// What the role that plans may do.
    pub(super) fn plan_permissions(&self) -> Vec<Permission> {
        let usual = || vec![Permission::Managed(READS.to_owned())];
        self.plan_permissions.clone().unwrap_or_else(usual)
    }

    pub(super) fn bootstrap(&self) -> BootstrapAnswer {
        self.bootstrap.clone().unwrap_or(match self.ownership {
            Ownership::Organization => BootstrapAnswer::AssumeRole(None),
            Ownership::ThirdParty => BootstrapAnswer::Environment,
        })
    }
}
