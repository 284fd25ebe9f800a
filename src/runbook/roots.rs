//! Every root in the order to run them, with who runs it.

use super::callers::few;
use crate::model::{
    AccountId, Backend, Bootstrap, Caller, Credentials, Fleet, Layout, ProfileName, RoleName, SINGLE_ROOT,
    Target,
};

/// A folder in which Terraform runs, or whose template becomes a CloudFormation stack.
#[derive(Debug, Clone)]
pub struct Root<'f> {
    /// Its path in the output folder.
    pub path: String,
    /// Its place in the order, counted from 1; the root that creates the place of the states comes before.
    pub step: u8,
    /// `state`, `source`, `bootstrap` or `workload`.
    pub kind: &'static str,
    /// What Terraform does there.
    pub action: Action,
    /// The account it works in; Account A for one that builds in many.
    pub account_id: &'f AccountId,
    /// The target it belongs to.
    pub target: Option<&'f Target>,
    /// The targets it builds in: the one that it belongs to, or all of them.
    pub targets: &'f [Target],
    /// Who runs it.
    pub run_as: RunAs<'f>,
}

/// What Terraform does in a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It creates and changes.
    Apply,
    /// It destroys: the role of a retired target.
    Destroy,
    /// Not Terraform: CloudFormation creates or changes a stack.
    DeployStack,
    /// Not Terraform: CloudFormation deletes the stack of a retired target.
    DeleteStack,
}

/// Who runs a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunAs<'f> {
    /// Somebody who may create IAM policies and roles in A.
    SourceAdministrator,
    /// Somebody of A who can assume this role of the target's account.
    BootstrapRole(&'f RoleName),
    /// Somebody who has this profile.
    Profile(&'f ProfileName),
    /// Somebody with credentials of the target's account.
    AccountAdministrator,
    /// The owner of an account that is not ours, to whom the folder is handed over.
    AccountOwner,
    /// The callers that may assume the target's roles.
    Callers,
}

impl Action {
    /// Terraform's word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Destroy => "destroy",
            Self::DeployStack => "deploy",
            Self::DeleteStack => "delete",
        }
    }

    /// The program that does it.
    #[must_use]
    pub fn tool(self) -> &'static str {
        match self {
            Self::Apply | Self::Destroy => "terraform",
            Self::DeployStack | Self::DeleteStack => "cloudformation",
        }
    }

    /// What creates or removes the roles of a target.
    fn on_roles(target: &Target) -> Self {
        match (&target.bootstrap, target.retired) {
            (Bootstrap::CloudFormation, false) => Self::DeployStack,
            (Bootstrap::CloudFormation, true) => Self::DeleteStack,
            (_, false) => Self::Apply,
            (_, true) => Self::Destroy,
        }
    }
}

impl<'f> RunAs<'f> {
    /// The word for machines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SourceAdministrator => "source_administrator",
            Self::BootstrapRole(_) => "bootstrap_role",
            Self::Profile(_) => "profile",
            Self::AccountAdministrator => "account_administrator",
            Self::AccountOwner => "account_owner",
            Self::Callers => "callers",
        }
    }

    /// Who creates the roles of a target; `None` where they exist, or the root in Account A creates them.
    #[must_use]
    pub fn bootstrap(target: &'f Target) -> Option<Self> {
        match &target.bootstrap {
            Bootstrap::Existing | Bootstrap::StackSet => None,
            _ if target.third_party => Some(Self::AccountOwner),
            Bootstrap::AssumeRole(role) => Some(Self::BootstrapRole(role)),
            Bootstrap::Profile(name) => Some(Self::Profile(name)),
            Bootstrap::Environment | Bootstrap::CloudFormation => Some(Self::AccountAdministrator),
        }
    }

    /// Whose credentials a root needs, in words that hold for every root with the same.
    #[must_use]
    pub fn described(self, fleet: &Fleet) -> String {
        let source = &fleet.source.account_id;
        match self {
            Self::SourceAdministrator => format!("an administrator of {source}"),
            Self::BootstrapRole(role) => format!("someone in {source} who can assume {role}"),
            Self::Profile(name) => format!("whoever has the profile `{name}`"),
            Self::AccountAdministrator => "an administrator of the account".to_owned(),
            Self::AccountOwner => "the owner of the account".to_owned(),
            Self::Callers => "the callers".to_owned(),
        }
    }
}

impl<'f> Root<'f> {
    /// Whether it builds in every target.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.target.is_none() && self.run_as == RunAs::Callers
    }

    /// Whether its target is on its way out.
    #[must_use]
    pub fn is_retired(&self) -> bool {
        self.target.is_some_and(|target| target.retired)
    }

    /// The callers that run it, in the order of their ids: those that may assume the role which is used when none is
    /// named, in every account that it builds in. None for a root that others run.
    #[must_use]
    pub fn callers(&self, fleet: &'f Fleet) -> Vec<&'f Caller> {
        if self.run_as != RunAs::Callers {
            return Vec::new();
        }
        let may_enter =
            |caller: &&Caller| self.targets.iter().all(|target| target.roles.default().admits(caller));
        fleet.source.callers.iter().filter(may_enter).collect()
    }

    /// Who runs it, by name; of many callers, the first few.
    #[must_use]
    pub fn who(&self, fleet: &'f Fleet) -> String {
        match (self.run_as, self.callers(fleet).as_slice()) {
            (RunAs::Callers, [only]) if only.is_account() => format!("anyone in {}", fleet.source.account_id),
            (RunAs::Callers, callers) => few(callers),
            (run_as, _) => run_as.described(fleet),
        }
    }

    /// Where the credentials come from that it runs with, in words.
    #[must_use]
    pub fn credentials(&self, fleet: &Fleet) -> String {
        let source = &fleet.source;
        let of_source = match &source.credentials {
            Credentials::Environment => format!("credentials of {} from the environment", source.account_id),
            Credentials::Profile(name) => {
                format!("credentials of {} from the profile `{name}`", source.account_id)
            }
        };
        match (self.run_as, self.target.map(|target| &target.bootstrap)) {
            (RunAs::SourceAdministrator, _) => of_source,
            (RunAs::Callers, _) => format!("{of_source}, as one of the callers"),
            (_, Some(Bootstrap::AssumeRole(role))) => {
                format!("{of_source} that can assume {role} in {}", self.account_id)
            }
            (_, Some(Bootstrap::Profile(name))) => format!("the profile `{name}`"),
            _ => format!("credentials of {} from the environment", self.account_id),
        }
    }
}

/// Every root, in the order to run them.
#[must_use]
pub fn roots(fleet: &Fleet) -> Vec<Root<'_>> {
    let in_source = |kind: &'static str, step| Root {
        path: kind.to_owned(),
        step,
        kind,
        action: Action::Apply,
        account_id: &fleet.source.account_id,
        target: None,
        targets: &[],
        run_as: RunAs::SourceAdministrator,
    };
    let creates_state = matches!(&fleet.terraform.backend, Backend::S3(s3) if s3.create);
    let bootstraps = |step, retired| {
        let some = fleet.targets.iter().filter(move |target| target.retired == retired);
        some.filter_map(move |target| {
            Some(of(target, step, "bootstrap", Action::on_roles(target), RunAs::bootstrap(target)?))
        })
    };
    let workload = |target| of(target, 3, "workload", Action::Apply, RunAs::Callers);
    let workloads: Vec<Root<'_>> = match fleet.terraform.layout {
        Layout::Roots => fleet.targets.iter().map(workload).collect(),
        Layout::Single => vec![single(fleet)],
    };
    // The role of a retired target goes, once its workload needs it no more.
    let state = creates_state.then(|| in_source("state", 0));
    let first = state.into_iter().chain([in_source("source", 1)]);
    first.chain(bootstraps(2, false)).chain(workloads).chain(bootstraps(4, true)).collect()
}

/// The one root that builds in all targets.
fn single(fleet: &Fleet) -> Root<'_> {
    Root {
        path: SINGLE_ROOT.to_owned(),
        step: 3,
        kind: "workload",
        action: Action::Apply,
        account_id: &fleet.source.account_id,
        target: None,
        targets: &fleet.targets,
        run_as: RunAs::Callers,
    }
}

fn of<'f>(target: &'f Target, step: u8, kind: &'static str, action: Action, run_as: RunAs<'f>) -> Root<'f> {
    Root {
        path: format!("accounts/{}/{kind}", target.name),
        step,
        kind,
        action,
        account_id: &target.account_id,
        target: Some(target),
        targets: std::slice::from_ref(target),
        run_as,
    }
}
