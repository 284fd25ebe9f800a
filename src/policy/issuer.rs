//! Issuers of tokens that roles are assumed with: whose tokens they issue, and what tells one from another.
//!
//! Responsible for the one table of what is known of issuers. Refuses to judge a policy, which `lint` and `explain` do.

/// What is known of an issuer.
#[derive(Debug, Clone, Copy)]
pub struct Issuer {
    /// Its URL without `https://`, in lower case and with its last slash, if it has one; `*` stands for a part of it
    /// that tenants have for themselves.
    host: &'static str,
    /// Who gets its tokens.
    pub tenants: Tenants,
    /// Whether AWS knows it by itself, so that its principal is its host and no ARN.
    is_built_in: bool,
    /// Claims that AWS compares beside `aud`, `sub` and those of every token; empty where it lists none.
    pub keys: &'static [&'static str],
    /// How its subjects begin.
    pub forms: &'static [Form],
}

/// Who gets the tokens of an issuer.
#[derive(Debug, Clone, Copy)]
pub enum Tenants {
    /// Everybody with an account there; any one of these claims tells them apart.
    Everybody(&'static [&'static str]),
    /// One tenant, whose URL it is; these claims tell apart what belongs to the tenant.
    One {
        /// What all gets tokens, in words.
        who: &'static str,
        /// Whether these trust each other no more than strangers do.
        is_shared: bool,
        /// The claims.
        claims: &'static [&'static str],
    },
}

/// How a subject begins.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// The claim in front, with its colon.
    pub claim: &'static str,
    /// What ends the name of the owner behind it.
    pub end: char,
}

const fn form(claim: &'static str, end: char) -> Form {
    Form { claim, end }
}

/// Claims that every token may have.
const OF_EVERY_TOKEN: [&str; 7] = ["amr", "aud", "azp", "email", "iss", "oaud", "sub"];

/// Those of them, beside `aud`, that AWS compares whoever issued them.
pub(super) const COMPARED_EVERYWHERE: [&str; 3] = ["amr", "email", "sub"];

const GITHUB_FORMS: &[Form] = &[
    form("repo:", '/'),
    form("repository:", '/'),
    form("repository_id:", ':'),
    form("repository_owner:", ':'),
    form("repository_owner_id:", ':'),
    form("job_workflow_ref:", '/'),
    form("workflow_ref:", '/'),
    form("enterprise:", ':'),
    form("enterprise_id:", ':'),
];
const GITHUB_KEYS: &[&str] = &[
    "actor",
    "actor_id",
    "enterprise_id",
    "environment",
    "job_workflow_ref",
    "ref",
    "repository",
    "repository_id",
    "repository_owner_id",
    "workflow",
];
const GITLAB_KEYS: &[&str] = &[
    "namespace_id",
    "pipeline_source",
    "project_id",
    "ref_protected",
    "runner_environment",
    "user_access_level",
    "user_email",
    "user_id",
    "user_login",
];
const BUILDKITE_KEYS: &[&str] = &[
    "build_branch",
    "cluster_id",
    "cluster_name",
    "organization_id",
    "organization_slug",
    "pipeline_id",
    "pipeline_slug",
];
const OWNER: &[Form] = &[form("organization:", ':')];
const ACCOUNT: &[Form] = &[form("account:", ':')];
const SERVICE_ACCOUNT: &[Form] = &[form("system:serviceaccount:", ':')];
const SUBJECT: &[&str] = &["sub"];
const AUDIENCE: &[&str] = &["aud"];

/// How subjects of an issuer begin that is not in the table: it may be somebody's own server of one that is.
const COMMON_FORMS: &[Form] =
    &[form("repo:", '/'), form("project_path:", '/'), form("organization:", ':'), form("account:", ':')];

const fn shared(host: &'static str, forms: &'static [Form], keys: &'static [&'static str]) -> Issuer {
    Issuer { host, tenants: Tenants::Everybody(SUBJECT), is_built_in: false, keys, forms }
}

const fn by(host: &'static str, claims: &'static [&'static str], is_built_in: bool) -> Issuer {
    Issuer { host, tenants: Tenants::Everybody(claims), is_built_in, keys: &[], forms: &[] }
}

const fn own(host: &'static str, who: &'static str, forms: &'static [Form]) -> Issuer {
    let tenants = Tenants::One { who, is_shared: false, claims: SUBJECT };
    Issuer { host, tenants, is_built_in: false, keys: &[], forms }
}

const fn cluster(host: &'static str) -> Issuer {
    let tenants = Tenants::One { who: "every pod of the cluster", is_shared: true, claims: SUBJECT };
    Issuer { host, tenants, is_built_in: false, keys: &[], forms: SERVICE_ACCOUNT }
}

/// Every issuer that is known.
///
/// Sources: the keys are those of "Available keys for AWS OIDC federation" (IAM User Guide) and the service
/// authorization reference of STS; tenants of shared issuers are told apart as in "Identity-provider controls for shared
/// OIDC providers" (IAM User Guide); subjects and URLs are those of each vendor's page on OIDC and AWS.
const ISSUERS: &[Issuer] = &[
    // "OpenID Connect reference" (GitHub).
    shared("token.actions.githubusercontent.com", GITHUB_FORMS, GITHUB_KEYS),
    Issuer {
        keys: GITHUB_KEYS,
        ..own("token.actions.githubusercontent.com/*", "every repository of the enterprise", GITHUB_FORMS)
    },
    Issuer {
        keys: GITHUB_KEYS,
        ..own("token.actions.*.ghe.com", "every repository of the enterprise", GITHUB_FORMS)
    },
    // "ID token authentication" (GitLab).
    shared("gitlab.com", &[form("project_path:", '/'), form("project_id:", ':')], GITLAB_KEYS),
    // "Workload identity tokens" (HCP Terraform).
    shared("app.terraform.io", OWNER, &[]),
    // "OpenID Connect" (Buildkite).
    shared("agent.buildkite.com", OWNER, BUILDKITE_KEYS),
    // "OIDC for pipelines" (Codefresh), "Provider configurations" (Scalr).
    shared("oidc.codefresh.io", ACCOUNT, &[]),
    shared("scalr.io", ACCOUNT, &[]),
    // "OIDC with AWS" (env zero): the slash belongs to the URL.
    shared("login.app.env0.com/", &[], &[]),
    // "Integrate Pipelines with resource servers using OIDC" (Bitbucket).
    own(
        "api.bitbucket.org/2.0/workspaces/*/pipelines-config/identity/oidc",
        "every repository of the workspace",
        &[],
    ),
    // "OpenID Connect tokens" (CircleCI), which recommends the project's id and no subject.
    Issuer {
        host: "oidc.circleci.com/org/*",
        tenants: Tenants::One {
            who: "every project of the organization",
            is_shared: false,
            claims: &["sub", "oidc.circleci.com/project-id"],
        },
        is_built_in: false,
        keys: &["oidc.circleci.com/project-id"],
        forms: &[],
    },
    // "OpenID Connect" (Spacelift), which has servers per account.
    own("*.app.spacelift.io", "every stack of the account", &[]),
    own("*.scalr.io", "every workspace of the account", ACCOUNT),
    // "IAM roles for service accounts" (Amazon EKS).
    cluster("oidc.eks.*.amazonaws.com/id/*"),
    cluster("oidc.eks.*.amazonaws.com.cn/id/*"),
    // "Applications" (Auth0): the slash belongs to the URL.
    own("*.auth0.com/", "every application of the tenant", &[]),
    // "OpenID Connect on the Microsoft identity platform" (Microsoft Entra).
    own("login.microsoftonline.com/*/v2.0", "every application of the tenant", &[]),
    own("sts.windows.net/*/", "every application of the tenant", &[]),
    // "Using tokens with user pools" (Amazon Cognito).
    own("cognito-idp.*.amazonaws.com/*", "every user of the pool", &[]),
    // "OIDC identity federation" (IAM User Guide).
    by("accounts.google.com", &["aud", "oaud", "sub"], true),
    by("graph.facebook.com", &["app_id", "id"], true),
    by("www.amazon.com", &["app_id", "user_id"], true),
    by("cognito-identity.amazonaws.com", &["aud", "sub"], true),
    by("cognito-identity-us-gov.amazonaws.com", &["aud", "sub"], true),
    by("cognito-identity.cn-north-1.amazonaws.com.cn", &["aud", "sub"], true),
    // "Identity-provider controls for shared OIDC providers" (IAM User Guide).
    by("oidc.vercel.com", AUDIENCE, false),
    own("oidc.vercel.com/*", "every project of the team", &[]),
    by("api.pulumi.com/oidc", AUDIENCE, false),
    by("sandboxes.cloud", AUDIENCE, false),
];

impl Issuer {
    /// The issuer of a host, which is written in lower case.
    #[must_use]
    pub fn of(host: &str) -> Option<&'static Self> {
        let is_meant = |known: &&Self| match known.host.split_once('*') {
            None => known.host == host,
            Some(_) => fits(known.host, host),
        };
        ISSUERS.iter().find(is_meant)
    }

    /// Whether AWS compares a claim of its tokens, as far as that is known.
    #[must_use]
    pub fn has_claim(&self, claim: &str) -> bool {
        self.keys.is_empty() || self.keys.contains(&claim) || OF_EVERY_TOKEN.contains(&claim)
    }

    /// Whether `aud` is a claim of its own beside those that tell tenants apart.
    #[must_use]
    pub fn has_audience(&self) -> bool {
        !self.is_built_in
    }
}

/// How subjects of an issuer begin.
#[must_use]
fn forms(issuer: Option<&Issuer>) -> &'static [Form] {
    issuer.map_or(COMMON_FORMS, |issuer| issuer.forms)
}

/// Whose tokens a pattern of subjects matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'t> {
    /// Those of anybody who has any.
    Anybodys,
    /// Those of one owner, and what stands behind the owner's name.
    Owners(&'t str),
    /// It begins with a claim of which nothing is known.
    Somebodys,
}

/// Whose tokens a pattern of subjects matches.
#[must_use]
pub fn whose<'t>(pattern: &'t str, issuer: Option<&Issuer>) -> Whose<'t> {
    let fixed = pattern.split(['*', '?']).next().unwrap_or_default();
    for form in forms(issuer) {
        if form.claim.starts_with(fixed) {
            return Whose::Anybodys;
        }
        let Some(owner) = fixed.strip_prefix(form.claim) else { continue };
        // A name that stands before its id is one owner's for as long as it is theirs.
        let is_closed = owner.find([form.end, '@']).is_some_and(|end| end > 0);
        let behind = pattern[form.claim.len()..].split_once(form.end).map_or("", |(_, behind)| behind);
        return if is_closed { Whose::Owners(behind) } else { Whose::Anybodys };
    }
    // Where it is known how subjects begin, another claim was put in front, and its value is open or it is not.
    let is_known = issuer.is_some_and(|issuer| !issuer.forms.is_empty());
    let is_open = fixed.split_once(':').is_none_or(|(_, value)| !value.contains(':'));
    if fixed.is_empty() || is_known && is_open { Whose::Anybodys } else { Whose::Somebodys }
}

/// Whether AWS compares a claim of every issuer's tokens.
///
/// Source: "Available keys for AWS OIDC federation" (IAM User Guide).
#[must_use]
pub fn compared_everywhere(claim: &str) -> bool {
    COMPARED_EVERYWHERE.contains(&claim)
}

/// Whether a host is that of a provider that AWS knows by itself.
#[must_use]
pub fn is_built_in(host: &str) -> bool {
    ISSUERS.iter().any(|known| known.is_built_in && known.host == host)
}

/// Whether a host is of a form in which each `*` stands for something without a slash.
fn fits(form: &str, host: &str) -> bool {
    let parts = (form.split('/'), host.split('/'));
    let is_as_long = parts.0.clone().count() == parts.1.clone().count();
    is_as_long
        && parts.0.zip(parts.1).all(|(form, part)| match form.split_once('*') {
            None => form == part,
            Some((first, last)) => {
                part.len() > first.len() + last.len() && part.starts_with(first) && part.ends_with(last)
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_known_by_its_whole_url() {
        let knows = |host: &str| Issuer::of(host).is_some();
        assert!(knows("gitlab.com") && knows("acme.auth0.com/") && knows("acme.eu.auth0.com/"));
        assert!(!knows("acme.auth0.com") && !knows("auth0.com/") && !knows("gitlab.com/acme"));
        assert!(
            knows("oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE")
                && !knows("oidc.eks.eu-west-1.amazonaws.com/id/")
        );
        assert!(knows("token.actions.githubusercontent.com/acme") && knows("token.actions.acme.ghe.com"));
        assert!(is_built_in("accounts.google.com") && !is_built_in("gitlab.com"));
    }
}
