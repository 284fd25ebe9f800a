//! What callers are named by: ids of the spec, and the names of those who issue their credentials.

use super::file_name::DEVICES;
use super::text::{Text, made_of, text};

/// IAM's characters for names: `[\w+=,.@-]`.
fn is_iam(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)
}

fn is_path(text: &str, parts: std::ops::RangeInclusive<usize>) -> bool {
    let is_part = |part: &str| {
        made_of(part, 1..=255, |c| c.is_ascii_alphanumeric() || "_.-".contains(c))
            && part != "."
            && part != ".."
    };
    parts.contains(&text.split('/').count()) && text.split('/').all(is_part)
}

/// Characters that a policy compares as they are: no wildcard but `*`, no variable, nothing that JSON escapes.
fn is_literal(c: char) -> bool {
    (c.is_ascii_graphic() || c == ' ') && !"?$\"\\".contains(c)
}

text! {
    /// The name of a spec, with which everything begins that it creates in A.
    ///
    /// Thirty-two characters leave half of a role's name to the caller's id.
    pub struct SpecName {
        what: "a name for the spec",
        rule: "1 to 32 lower-case letters, digits and hyphens, beginning with a letter",
        pattern: "^[a-z][a-z0-9-]{0,31}$",
        accepts: |text| {
            made_of(text, 1..=32, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                && text.starts_with(|c: char| c.is_ascii_lowercase())
        },
    }
}

text! {
    /// By which roles name a caller; it names files and policies too.
    pub struct CallerId {
        what: "the id of a caller",
        rule: "1 to 64 letters, digits and any of `_+=,.@-`, beginning with a letter, a digit or `_`, and not ending with `.`",
        pattern: "^[A-Za-z0-9_]([A-Za-z0-9_+=,.@-]{0,62}[A-Za-z0-9_+=,@-])?$",
        accepts: |text| {
            made_of(text, 1..=64, is_iam)
                && text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                && !text.ends_with('.')
        },
        reserved: DEVICES,
    }
}

impl CallerId {
    /// The id as a name in Terraform. No two callers of a spec have the same.
    #[must_use]
    pub fn label(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        let label: String = self.as_str().chars().map(plain).collect();
        if label.starts_with(|c: char| c.is_ascii_digit()) { format!("_{label}") } else { label }
    }
}

text! {
    /// By which a spec knows one of several roles of a target; it names a folder, and resources in Terraform.
    pub struct RoleKey {
        what: "the key of a role",
        rule: "1 to 32 lower-case letters, digits, `_` and `-`, beginning with a letter",
        pattern: "^[a-z][a-z0-9_-]{0,31}$",
        accepts: |text| {
            made_of(text, 1..=32, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
                && text.starts_with(|c: char| c.is_ascii_lowercase())
        },
        reserved: DEVICES,
    }
}

text! {
    /// A permission set of IAM Identity Center.
    ///
    /// Source: `PermissionSetName` of the service model: 1 to 32 of `[\w+=,.@-]`.
    pub struct PermissionSetName {
        what: "the name of a permission set",
        rule: "1 to 32 letters, digits and any of `_+=,.@-`",
        pattern: "^[A-Za-z0-9_+=,.@-]{1,32}$",
        accepts: |text| made_of(text, 1..=32, is_iam),
    }
}

text! {
    /// An instance of IAM Identity Center.
    ///
    /// Source: `InstanceArn` of the service model.
    pub struct InstanceArn {
        what: "the ARN of an instance of IAM Identity Center",
        rule: "it looks like `arn:aws:sso:::instance/ssoins-1234567890abcdef`",
        pattern: "^arn:(aws|aws-us-gov|aws-cn|aws-iso|aws-iso-b|aws-iso-e|aws-iso-f|aws-eusc):sso:::instance/(sso)?ins-[a-zA-Z0-9.-]{16}$",
        accepts: |text| {
            let id = super::ArnParts::split(text).filter(|arn| {
                arn.service == "sso" && arn.region.is_empty() && arn.account.is_empty()
                    && super::Partition::parse(arn.partition).is_ok()
            });
            let id = id.and_then(|arn| arn.resource.strip_prefix("instance/"));
            id.and_then(|id| id.strip_prefix("sso").unwrap_or(id).strip_prefix("ins-"))
                .is_some_and(|id| made_of(id, 16..=16, |c| c.is_ascii_alphanumeric() || ".-".contains(c)))
        },
    }
}

text! {
    /// A repository of GitHub: `owner/name`.
    pub struct RepositoryName {
        what: "a repository",
        rule: "owner and name, as in `acme/infra`, without wildcards",
        pattern: "^[A-Za-z0-9_.-]{1,255}/[A-Za-z0-9_.-]{1,255}$",
        accepts: |text| is_path(text, 2..=2),
    }
}

text! {
    /// The short name of an enterprise at GitHub, as in its URL.
    pub struct EnterpriseSlug {
        what: "the short name of an enterprise",
        rule: "letters, digits and hyphens, as in `github.com/enterprises/acme`",
        pattern: "^[A-Za-z0-9-]{1,100}$",
        accepts: |text| made_of(text, 1..=100, |c| c.is_ascii_alphanumeric() || c == '-'),
    }
}

text! {
    /// A project of GitLab: its groups and its name.
    pub struct ProjectPath {
        what: "a project of GitLab",
        rule: "groups and name, as in `acme/platform/infra`, without wildcards",
        pattern: "^[A-Za-z0-9_.-]{1,255}(/[A-Za-z0-9_.-]{1,255}){1,20}$",
        accepts: |text| is_path(text, 2..=21),
    }
}

text! {
    /// A branch, a tag or an environment; a `*` stands for any text.
    pub struct RefPattern {
        what: "the name of a branch, a tag or an environment",
        rule: "1 to 255 characters of ASCII without `?`, `$`, `\"` and `\\`; a `*` stands for any text",
        pattern: "^[ !#%->@-\\[\\]-~]{1,255}$",
        accepts: |text| made_of(text, 1..=255, is_literal),
    }
}

text! {
    /// A workspace of HCP Terraform, or all whose names begin alike.
    pub struct WorkspacePattern {
        what: "a workspace",
        rule: "1 to 90 letters, digits, `-` and `_`, with one `*` at the end at most",
        pattern: "^([A-Za-z0-9_-]{1,90}|[A-Za-z0-9_-]{0,89}\\*)$",
        accepts: |text| {
            let name = text.strip_suffix('*').unwrap_or(text);
            made_of(text, 1..=90, |_| true)
                && made_of(name, 0..=90, |c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        },
    }
}

text! {
    /// The URL of an OIDC provider.
    ///
    /// Source: `Url` of `CreateOpenIDConnectProvider` in the IAM API reference: 1 to 255 characters that begin with
    /// `https://`, with a path at the most.
    pub struct IssuerUrl {
        what: "the URL of an OIDC provider",
        rule: "`https://`, a host without a port, and a path if its tokens name one, as in `https://oidc.example.com/tenant`; 255 characters at most",
        pattern: "^https://[A-Za-z0-9][A-Za-z0-9.-]*(/[A-Za-z0-9._~-]+)*/?$",
        longest: 255,
        accepts: |text| {
            let Some(host) = text.strip_prefix("https://") else { return false };
            let (name, path) = host.split_once('/').unwrap_or((host, ""));
            let is_word = |part: &str| made_of(part, 1..=255, |c| c.is_ascii_alphanumeric() || "._~-".contains(c));
            text.len() <= 255
                && made_of(name, 1..=253, |c| c.is_ascii_alphanumeric() || ".-".contains(c))
                && name.starts_with(|c: char| c.is_ascii_alphanumeric())
                && (path.is_empty() || path.strip_suffix('/').unwrap_or(path).split('/').all(is_word))
        },
    }
}

impl IssuerUrl {
    /// What stands behind `https://`: its name in ARNs and condition keys.
    #[must_use]
    pub fn host(&self) -> &str {
        self.as_str().strip_prefix("https://").unwrap_or(self.as_str())
    }

    /// The URL of a host.
    ///
    /// # Errors
    /// The rule that it breaks, as a host with a port does.
    pub fn of_host(host: &str) -> Result<Self, super::Invalid> {
        Self::parse(&format!("https://{host}"))
    }
}

text! {
    /// The audience of a token: a client id of its provider.
    ///
    /// Source: `clientIDType` of IAM's service model: 1 to 255 characters.
    pub struct Audience {
        what: "an audience",
        rule: "1 to 255 letters, digits and any of `_.:/@+=,~-`, without wildcards",
        pattern: "^[A-Za-z0-9_.:/@+=,~-]{1,255}$",
        accepts: |text| made_of(text, 1..=255, |c| c.is_ascii_alphanumeric() || "_.:/@+=,~-".contains(c)),
    }
}

text! {
    /// A subject or another claim of a token; a `*` stands for any text.
    pub struct ClaimPattern {
        what: "the value of a claim",
        rule: "1 to 1024 characters of ASCII without `?`, `$`, `\"` and `\\`; a `*` stands for any text",
        pattern: "^[ !#%->@-\\[\\]-~]{1,1024}$",
        accepts: |text| made_of(text, 1..=1024, is_literal),
    }
}
