//! Versions of Terraform and of its providers, and what constraints admit.

use std::fmt;

use super::{Backend, Partition};

/// A released version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl Version {
    /// The first Terraform that runs what is generated.
    ///
    /// `terraform test` with mocked providers came with 1.7. `use_lockfile`, which every S3 backend here has, is stable since
    /// 1.11, and the domain `amazonaws.eu` of `aws-eusc` came with 1.14 (hashicorp/terraform#37721).
    #[must_use]
    pub fn first_terraform(backend: &Backend, partition: Partition) -> Self {
        match backend {
            Backend::S3(_) if partition == Partition::Eusc => Self(1, 14, 0),
            Backend::S3(_) => Self(1, 11, 0),
            Backend::Local | Backend::Cloud(_) => Self(1, 7, 0),
        }
    }

    /// The first AWS provider that can do what is generated.
    ///
    /// A chain of `assume_role` blocks came with 5.67; the domain of `aws-eusc` after 6.14.1
    /// (hashicorp/terraform-provider-aws#44562, its 6.16.0). An OIDC provider needs no thumbprint since 5.81
    /// (hashicorp/terraform-provider-aws#37255).
    #[must_use]
    pub fn first_provider(partition: Partition, makes_oidc_providers: bool) -> Self {
        match partition {
            Partition::Eusc => Self(6, 16, 0),
            _ if makes_oidc_providers => Self(5, 81, 0),
            _ => Self(5, 67, 0),
        }
    }
}

/// The oldest version that a constraint admits; `None` when it names none.
#[must_use]
pub fn oldest(constraint: &str) -> Option<Version> {
    let bounds = constraint.split(',').filter_map(|part| {
        let part = part.trim();
        let version = ["~>", ">=", "=", ">"].iter().find_map(|operator| part.strip_prefix(operator));
        let is_bare = part.starts_with(|c: char| c.is_ascii_digit());
        parse(version.or(is_bare.then_some(part))?.trim())
    });
    bounds.max()
}

/// Whether a constraint keeps out every version from this one on.
#[must_use]
pub fn ends_before(constraint: &str, version: Version) -> bool {
    constraint.split(',').any(|part| {
        let part = part.trim();
        let below = part.strip_prefix('<').filter(|rest| !rest.starts_with('='));
        let up_to = part.strip_prefix("<=").or_else(|| part.strip_prefix('='));
        let is_bare = part.starts_with(|c: char| c.is_ascii_digit());
        let near = part.strip_prefix("~>").and_then(|rest| parse(rest.trim()));
        let is_patch = part.matches('.').count() == 2;
        below.and_then(|rest| parse(rest.trim())).is_some_and(|bound| bound <= version)
            || up_to
                .or(is_bare.then_some(part))
                .and_then(|rest| parse(rest.trim()))
                .is_some_and(|last| last < version)
            || near.is_some_and(|Version(major, minor, _)| {
                let end = if is_patch { Version(major, minor + 1, 0) } else { Version(major + 1, 0, 0) };
                end <= version
            })
    })
}

fn parse(text: &str) -> Option<Version> {
    let mut parts = text.split('.').map(|part| part.parse::<u16>().ok().map(u32::from));
    let major = parts.next()??;
    Some(Version(major, parts.next().flatten().unwrap_or(0), parts.next().flatten().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_are_read() {
        assert_eq!(oldest(">= 5.67.0, < 7.0.0"), Some(Version(5, 67, 0)));
        assert_eq!(oldest("~> 5.0"), Some(Version(5, 0, 0)));
        assert_eq!(oldest("5.1"), Some(Version(5, 1, 0)));
        assert_eq!(oldest("< 7"), None);
        let tenth = Version(1, 10, 0);
        for ends in ["< 1.10.0", "~> 1.9.2", "<= 1.9", "= 1.9.8", "1.9.8", ">= 1.5, < 1.10"] {
            assert!(ends_before(ends, tenth), "{ends}");
        }
        for goes_on in ["~> 1.9", ">= 1.0", "<= 1.10.0", "1.10.0", "< 1.10.1", "!= 1.11.0"] {
            assert!(!ends_before(goes_on, tenth), "{goes_on}");
        }
    }
}
