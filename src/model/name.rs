//! Names that IAM, STS and this tool give to things, each with the limits of its owner.

use super::file_name::DEVICES;
use super::text::{made_of, text};

/// IAM's characters for names: `[\w+=,.@-]`.
fn is_iam(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)
}

text! {
    /// The name of a target: names its folder and its unit in the record.
    pub struct TargetName {
        what: "a target name",
        rule: "1 to 63 lower-case letters, digits and hyphens, beginning with a letter or digit",
        pattern: "^[a-z0-9][a-z0-9-]{0,62}$",
        accepts: |text| {
            made_of(text, 1..=63, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                && !text.starts_with('-')
        },
        reserved: DEVICES,
    }
}

text! {
    /// What the source account is called in comments and in `CROSSROLE.md`.
    pub struct SourceName {
        what: "a name for the source account",
        rule: "1 to 63 letters, digits, blanks, `_`, `.` and `-`, beginning with a letter or digit",
        pattern: "^[A-Za-z0-9][A-Za-z0-9_. -]{0,62}$",
        accepts: |text| {
            made_of(text, 1..=63, |c| c.is_ascii_alphanumeric() || "_. -".contains(c))
                && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        },
    }
}

text! {
    /// The name of an IAM role, unique in its account whatever its path and case.
    ///
    /// Source: `roleNameType` of IAM's service model: 1 to 64 of `[\w+=,.@-]`.
    pub struct RoleName {
        what: "a role name",
        id: "CR007",
        rule: "1 to 64 letters, digits and any of `_+=,.@-`; a path goes into `path`",
        pattern: "^[A-Za-z0-9_+=,.@-]{1,64}$",
        accepts: |text| made_of(text, 1..=64, is_iam),
    }
}

text! {
    /// The path of an IAM role: `/`, or slashes around printable ASCII.
    ///
    /// Source: `pathType` of IAM's service model, `(/)|(/[!-~]+/)` with at most 512 characters.
    /// The provider does not check it. `*`, `?` and `$` are refused beyond that: in a policy's
    /// resource they would be wildcards and variables.
    pub struct RolePath {
        what: "a role path",
        id: "CR007",
        rule: "a path begins and ends with `/`, as in `/vendors/`, and holds no blanks, `*`, `?` or `$`",
        pattern: "^/([!#%-)+->@-\\[\\]-~]{1,510}/)?$",
        accepts: |text| {
            made_of(text, 1..=512, |c| c.is_ascii_graphic() && !"*?$\\\"".contains(c))
                && text.starts_with('/')
                && text.ends_with('/')
                && text != "//"
        },
    }
}

text! {
    /// A role or user as a caller: its path, if any, and its name, as in `ci/deployer`.
    ///
    /// Source: `userNameType`/`roleNameType` and `pathType` of IAM's service model.
    pub struct PrincipalName {
        what: "the name of an IAM user or role",
        rule: "a name of 1 to 64 letters, digits and any of `_+=,.@-`, with its path before it, as in `ci/deployer`",
        pattern: "^([!#%-)+-.0-9;->@-\\[\\]-~][!#%-)+-9;->@-\\[\\]-~]{0,509}/)?[A-Za-z0-9_+=,.@-]{1,64}$",
        accepts: |text| {
            let (path, name) = text.rsplit_once('/').unwrap_or(("", text));
            made_of(name, 1..=64, is_iam)
                && made_of(path, 0..=510, |c| c.is_ascii_graphic() && !"*?$\\\":".contains(c))
                && !text.starts_with('/')
        },
    }
}

impl PrincipalName {
    /// The last part, without the path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.as_str().rsplit_once('/').map_or(self.as_str(), |(_, name)| name)
    }
}

text! {
    /// The description of a role.
    ///
    /// Source: `roleDescriptionType` of IAM's service model: at most 1,000 characters of Latin-1.
    pub struct Description {
        what: "a description",
        id: "CR007",
        rule: "at most 1000 characters of Latin-1: letters of western languages, digits, punctuation",
        pattern: "^[\\t\\n\\r\\u0020-\\u007e\\u00a1-\\u00ff]{0,1000}$",
        accepts: |text| made_of(text, 0..=1000, |c| {
            matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a1}'..='\u{ff}')
        }),
    }
}

text! {
    /// The external ID that the caller must name.
    ///
    /// Source: `externalIdType` of STS's service model: 2 to 1,224 of `[\w+=,.@:\/-]`. The
    /// provider checks the length alone.
    pub struct ExternalId {
        what: "an external ID",
        id: "CR021",
        rule: "2 to 1224 letters, digits and any of `_+=,.@:/-`",
        pattern: "^[A-Za-z0-9_+=,.@:/-]{2,1224}$",
        accepts: |text| made_of(text, 2..=1224, |c| is_iam(c) || c == ':' || c == '/'),
    }
}

text! {
    /// The name of a role session, as CloudTrail in B shows it.
    ///
    /// Source: `roleSessionNameType` of STS's service model: 2 to 64 of `[\w+=,.@-]`. The provider
    /// checks the length alone.
    pub struct SessionName {
        what: "a session name",
        id: "CR045",
        rule: "2 to 64 letters, digits and any of `_+=,.@-`",
        pattern: "^[A-Za-z0-9_+=,.@-]{2,64}$",
        accepts: |text| made_of(text, 2..=64, is_iam),
    }
}

text! {
    /// Who is behind a session; it sticks through a chain of roles and cannot be changed.
    ///
    /// Source: `sourceIdentityType` of STS's service model; AWS keeps the prefix `aws:` for itself.
    pub struct SourceIdentity {
        what: "a source identity",
        id: "CR045",
        rule: "2 to 64 letters, digits and any of `_+=,.@-`, not beginning with `aws:`",
        pattern: "^[A-Za-z0-9_+=,.@-]{2,64}$",
        accepts: |text| made_of(text, 2..=64, is_iam),
    }
}

text! {
    /// The name of an inline policy; it names a file here too.
    ///
    /// Source: `policyNameType` of IAM's service model: 1 to 128 of `[\w+=,.@-]`.
    pub struct PolicyName {
        what: "a policy name",
        rule: "1 to 128 letters, digits and any of `_+=,.@-`",
        pattern: "^[A-Za-z0-9_+=,.@-]{1,128}$",
        accepts: |text| made_of(text, 1..=128, is_iam),
        reserved: DEVICES,
    }
}

text! {
    /// A profile of the shared AWS configuration files.
    pub struct ProfileName {
        what: "a profile name",
        rule: "the name between the brackets in `~/.aws/config`, without `profile`: no brackets, quotes or control characters",
        pattern: "^[^\\u0000-\\u001f\\u007f-\\u009f\\[\\]\"]{1,128}$",
        accepts: |text| made_of(text, 1..=128, |c| !c.is_control() && !"[]\"".contains(c)),
    }
}

text! {
    /// A name at HCP Terraform or Terraform Enterprise: an organization.
    pub struct CloudName {
        what: "a name of HCP Terraform",
        rule: "1 to 90 letters, digits, `-` and `_`",
        pattern: "^[A-Za-z0-9_-]{1,90}$",
        accepts: |text| made_of(text, 1..=90, |c| c.is_ascii_alphanumeric() || c == '-' || c == '_'),
    }
}

text! {
    /// A project at HCP Terraform: names may hold blanks.
    pub struct ProjectName {
        what: "a project name of HCP Terraform",
        rule: "3 to 40 letters, digits, blanks, `-` and `_`",
        pattern: "^[A-Za-z0-9 _-]{3,40}$",
        accepts: |text| made_of(text, 3..=40, |c| c.is_ascii_alphanumeric() || " -_".contains(c)),
    }
}

text! {
    /// A host name, as in `app.terraform.io`.
    pub struct Hostname {
        what: "a host name",
        rule: "a host name without scheme or path, as in `terraform.example.com`",
        pattern: "^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?$",
        accepts: |text| {
            let (host, port) = text.split_once(':').unwrap_or((text, "443"));
            made_of(host, 1..=253, |c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
                && host.starts_with(|c: char| c.is_ascii_alphanumeric())
                && host.ends_with(|c: char| c.is_ascii_alphanumeric())
                && made_of(port, 1..=5, |c| c.is_ascii_digit())
        },
    }
}

text! {
    /// A constraint on versions, as Terraform writes it: `>= 1.7.0, < 2.0.0`.
    pub struct VersionConstraint {
        what: "a version constraint",
        rule: "write it as Terraform does, as in \">= 5.67.0, < 7.0.0\"",
        pattern: "^[ \\t\\n\\f\\r]*(=|!=|>=|>|<=|<|~>)?[ \\t\\n\\f\\r]*[0-9]+(\\.[0-9]+){0,2}(-[0-9A-Za-z.-]{1,64})?[ \\t\\n\\f\\r]*(,[ \\t\\n\\f\\r]*(=|!=|>=|>|<=|<|~>)?[ \\t\\n\\f\\r]*[0-9]+(\\.[0-9]+){0,2}(-[0-9A-Za-z.-]{1,64})?[ \\t\\n\\f\\r]*)*$",
        accepts: |text| text.split(',').all(is_constraint),
    }
}

/// One operator and one version.
fn is_constraint(text: &str) -> bool {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let operators = ["!=", ">=", "<=", "~>", "=", ">", "<"];
    let version = operators.iter().find_map(|operator| text.strip_prefix(operator)).unwrap_or(text);
    let version = version.trim_start_matches(|c: char| c.is_ascii_whitespace());
    let (numbers, suffix) = match version.split_once('-') {
        Some((numbers, suffix)) => (numbers, Some(suffix)),
        None => (version, None),
    };
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    numbers.split('.').count() <= 3
        && numbers.split('.').all(is_number)
        && suffix
            .is_none_or(|suffix| made_of(suffix, 1..=64, |c| c.is_ascii_alphanumeric() || ".-".contains(c)))
}
