//! Callers, as they were answered, and the ids by which roles name them.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use serde_json::{Value, json};

use crate::model::{
    Audience, CallerId, ClaimPattern, CloudName, EnterpriseSlug, Hostname, IssuerUrl, PermissionSetName,
    PrincipalName, ProjectName, ProjectPath, RefPattern, RepositoryName, RoleMatch, Text, WorkspacePattern,
};
use crate::spec::RunPhase;

/// A caller, as it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerAnswer {
    /// By which roles name it, unless that follows from who it is.
    pub id: Option<CallerId>,
    /// Who it is.
    pub who: Who,
}

/// Who a caller is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Everyone in A whose identity policy allows it.
    Account {
        /// Whether MFA is demanded.
        mfa: bool,
    },
    /// One IAM user.
    User {
        /// Path and name.
        name: PrincipalName,
        /// Whether MFA is demanded.
        mfa: bool,
    },
    /// One IAM role.
    Role {
        /// Path and name.
        name: PrincipalName,
        /// How trust policies name it.
        match_by: RoleMatch,
    },
    /// The people who have a permission set of IAM Identity Center.
    PermissionSet {
        /// Its name.
        name: PermissionSetName,
    },
    /// A workload with tokens of an OIDC provider.
    Workload(Workload),
}

/// A workload with tokens of an OIDC provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Workload {
    /// Workflows of GitHub Actions.
    Github {
        /// Owner and name.
        repository: RepositoryName,
        /// The ids of the repository and of its owner.
        ids: Option<(NonZeroU64, NonZeroU64)>,
        /// Where its tokens come from.
        at: GithubAt,
        /// Which of its runs.
        runs: Runs,
    },
    /// Pipelines of GitLab.
    Gitlab {
        /// Groups and name.
        project: ProjectPath,
        /// The project's id.
        project_id: Option<NonZeroU64>,
        /// A host other than gitlab.com.
        host: Option<Hostname>,
        /// Which of its runs.
        runs: Runs,
    },
    /// Workspaces of HCP Terraform or Terraform Enterprise.
    HcpTerraform {
        /// The organization.
        organization: CloudName,
        /// The project.
        project: ProjectName,
        /// The workspace, or the beginning of several names.
        workspace: WorkspacePattern,
        /// What a run does; `None` for both.
        phase: Option<RunPhase>,
        /// A host other than HCP Terraform's.
        host: Option<Hostname>,
    },
    /// Whoever has tokens of any other issuer.
    Oidc {
        /// The URL of the provider.
        issuer: IssuerUrl,
        /// The audience of the tokens.
        audience: Audience,
        /// The subject of the tokens.
        subject: ClaimPattern,
        /// Further claims, each with the values of which it has one.
        claims: BTreeMap<String, Vec<ClaimPattern>>,
    },
}

/// Who issues the tokens of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GithubAt {
    /// github.com.
    Usual,
    /// github.com, with an issuer of the enterprise's own.
    Enterprise(EnterpriseSlug),
    /// GHE.com, or GitHub Enterprise Server.
    Host(Hostname),
}

/// Which runs of a repository or project get in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Runs {
    /// Those of an environment.
    Environment(RefPattern),
    /// Those of a branch.
    Branch(RefPattern),
    /// Those of a tag.
    Tag(RefPattern),
    /// Those of pull requests.
    PullRequests,
}

impl CallerAnswer {
    /// The id that it has, if it can have one without being given it.
    #[must_use]
    pub fn id(&self) -> Option<CallerId> {
        let follows = || match &self.who {
            Who::Workload(_) => None,
            who => CallerId::parse(&who.proposed()).ok(),
        };
        self.id.clone().or_else(follows)
    }

    /// The same with an id that none of the others has: the one that follows where it is free, or one that is made.
    #[must_use]
    pub fn apart_from<'o>(mut self, others: impl IntoIterator<Item = &'o Self>) -> Self {
        /// What is left of a name has room for a number.
        const ROOM: usize = 60;
        let taken: Vec<String> = others.into_iter().filter_map(Self::id).map(|id| id.label()).collect();
        let is_free = |id: &CallerId| !taken.contains(&id.label());
        if self.id().is_none_or(|id| !is_free(&id)) {
            let proposed = self.who.proposed();
            let base = proposed.trim_start_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let base: String = if base.is_empty() { "caller" } else { base }.chars().take(ROOM).collect();
            let numbered = (2..=taken.len() + 2).map(|number| format!("{base}-{number}"));
            let names = std::iter::once(base.clone()).chain(numbered);
            self.id = names.filter_map(|name| CallerId::parse(&name).ok()).find(is_free);
        }
        self
    }

    /// The caller as a spec writes it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut value = self.who.to_value();
        if let Some(id) = &self.id {
            value["id"] = json!(id);
        }
        value
    }
}

impl Who {
    /// Whether two are one to IAM, which takes names that differ in case for one.
    #[must_use]
    pub fn is_one_with(&self, other: &Self) -> bool {
        let same = |left: &str, right: &str| left.eq_ignore_ascii_case(right);
        match (self, other) {
            (Self::Account { .. }, Self::Account { .. }) => true,
            (Self::User { name: left, .. }, Self::User { name: right, .. })
            | (Self::Role { name: left, .. }, Self::Role { name: right, .. }) => {
                same(left.as_str(), right.as_str())
            }
            (Self::PermissionSet { name: left }, Self::PermissionSet { name: right }) => {
                same(left.as_str(), right.as_str())
            }
            (Self::Workload(left), Self::Workload(right)) => left == right,
            _ => false,
        }
    }

    /// Whether it must have used MFA.
    #[must_use]
    pub fn demands_mfa(&self) -> bool {
        matches!(self, Self::Account { mfa: true } | Self::User { mfa: true, .. })
    }

    /// Whether all that it does is to plan, by what it is.
    #[must_use]
    pub fn only_plans(&self) -> bool {
        match self {
            Self::Workload(Workload::Github { runs, .. } | Workload::Gitlab { runs, .. }) => {
                *runs == Runs::PullRequests
            }
            Self::Workload(Workload::HcpTerraform { phase, .. }) => *phase == Some(RunPhase::Plan),
            _ => false,
        }
    }

    /// The id that a person would give it.
    fn proposed(&self) -> String {
        let text = match self {
            Self::Account { .. } => "account",
            Self::User { name, .. } | Self::Role { name, .. } => name.name(),
            Self::PermissionSet { name } => return name.as_str().to_lowercase(),
            Self::Workload(Workload::Github { .. } | Workload::Gitlab { .. }) if self.only_plans() => {
                "ci-plan"
            }
            Self::Workload(Workload::Github { .. } | Workload::Gitlab { .. }) => "ci-apply",
            Self::Workload(Workload::HcpTerraform { phase, .. }) => match phase {
                None => "hcp",
                Some(RunPhase::Plan) => "hcp-plan",
                Some(RunPhase::Apply) => "hcp-apply",
            },
            Self::Workload(Workload::Oidc { .. }) => "oidc",
        };
        text.to_owned()
    }

    fn to_value(&self) -> Value {
        let mut value = match self {
            Self::Account { .. } => json!({ "kind": "account" }),
            Self::User { name, .. } => json!({ "kind": "iam_user", "name": name }),
            Self::Role { name, match_by: RoleMatch::Arn } => json!({ "kind": "role", "name": name }),
            Self::Role { name, match_by } => json!({ "kind": "role", "name": name, "match": match_by }),
            Self::PermissionSet { name } => json!({ "kind": "sso", "permission_set": name }),
            Self::Workload(workload) => workload.to_value(),
        };
        if self.demands_mfa() {
            value["mfa"] = true.into();
        }
        value
    }
}

impl Workload {
    fn to_value(&self) -> Value {
        let (mut value, host) = match self {
            Self::Github { repository, ids, at, runs } => {
                let mut value = json!({ "kind": "github_actions", "repository": repository });
                if let Some((repository, owner)) = ids {
                    value["repository_id"] = repository.get().into();
                    value["owner_id"] = owner.get().into();
                }
                runs.write(&mut value);
                if let GithubAt::Enterprise(slug) = at {
                    value["enterprise"] = json!(slug);
                }
                (value, if let GithubAt::Host(host) = at { Some(host) } else { None })
            }
            Self::Gitlab { project, project_id, host, runs } => {
                let mut value = json!({ "kind": "gitlab", "project": project });
                if let Some(id) = project_id {
                    value["project_id"] = id.get().into();
                }
                runs.write(&mut value);
                (value, host.as_ref())
            }
            Self::HcpTerraform { organization, project, workspace, phase, host } => {
                let mut value = json!({ "kind": "hcp_terraform", "organization": organization });
                value["project"] = json!(project);
                value["workspace"] = json!(workspace);
                if let Some(phase) = phase {
                    value["run_phase"] = json!(phase);
                }
                (value, host.as_ref())
            }
            Self::Oidc { issuer, audience, subject, claims } => {
                let mut value =
                    json!({ "kind": "oidc", "issuer": issuer, "audience": audience, "subject": [subject] });
                if !claims.is_empty() {
                    value["claims"] = json!(claims);
                }
                (value, None)
            }
        };
        if let Some(host) = host {
            value["host"] = json!(host);
        }
        value
    }
}

impl Runs {
    fn write(&self, value: &mut Value) {
        let (key, named) = match self {
            Self::Environment(name) => ("environment", json!(name)),
            Self::Branch(name) => ("branch", json!(name)),
            Self::Tag(name) => ("tag", json!(name)),
            Self::PullRequests => ("pull_request", true.into()),
        };
        value[key] = named;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str) -> CallerAnswer {
        let name = PrincipalName::parse(name).expect("a name");
        CallerAnswer { id: None, who: Who::Role { name, match_by: RoleMatch::Arn } }
    }

    #[test]
    fn ids_are_given_where_those_that_follow_are_taken_or_none() {
        for (known, name, wanted) in [
            (&[][..], "ci/deployer", None),
            (&["deployer"], "ci/deployer", Some("deployer-2")),
            (&["Deploy.er"], "deploy-er", Some("deploy-er-2")),
            (&["deployer", "deployer-2"], "x/deployer", Some("deployer-3")),
            (&[], "con", Some("con-2")),
            (&[], "+=", Some("caller")),
            (&[], "-x", Some("x")),
        ] {
            let known: Vec<CallerAnswer> = known.iter().map(|name| role(name)).collect();
            let named = role(name).apart_from(&known);
            assert_eq!(named.id.as_ref().map(CallerId::as_str), wanted, "{name}");
            assert!(named.id().is_some(), "{name}");
        }
    }

    #[test]
    fn workloads_are_called_after_what_they_do() {
        let repository = RepositoryName::parse("acme/infra").expect("a name");
        let github =
            |runs| Workload::Github { repository: repository.clone(), ids: None, at: GithubAt::Usual, runs };
        let named = |runs, others: &[CallerAnswer]| {
            let caller = CallerAnswer { id: None, who: Who::Workload(github(runs)) };
            assert_eq!(caller.id(), None);
            caller.apart_from(others)
        };
        let first = named(Runs::PullRequests, &[]);
        let main = || Runs::Branch(RefPattern::parse("main").expect("a branch"));
        let second = named(main(), std::slice::from_ref(&first));
        let third = named(main(), &[first.clone(), second.clone()]);
        let ids = [first, second, third].map(|caller| caller.id().expect("an id").to_string());
        assert_eq!(ids, ["ci-plan", "ci-apply", "ci-apply-2"]);
    }
}
