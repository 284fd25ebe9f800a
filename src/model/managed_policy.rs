//! The managed policies that AWS offers, as far as they were known when this was released.
//!
//! The list itself is `managed_policies.txt`, with its source and date. AWS adds some every week, so a name that is not in
//! it is a reason to ask, and not a mistake for certain.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::diagnostic::words::nearest;

/// Path and name, and whether it allows `s3:CreateBucket`.
static ALL: LazyLock<BTreeMap<&'static str, bool>> = LazyLock::new(|| {
    let lines = include_str!("managed_policies.txt").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.strip_suffix(" +").map_or((line, false), |name| (name, true))).collect()
});

/// A managed policy of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// Whether some statement of it allows buckets to be created.
    pub creates_buckets: bool,
}

impl ManagedPolicy {
    /// The policy of a path and name, as in `job-function/ViewOnlyAccess`.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        ALL.get(name).map(|&creates_buckets| Self { creates_buckets })
    }

    /// Path and name of the policy that was probably meant: the same name elsewhere, or else one much like it.
    #[must_use]
    pub fn nearest(name: &str) -> Option<&'static str> {
        let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_lowercase();
        let elsewhere = ALL.keys().copied().find(|known| last(known) == last(name));
        elsewhere.or_else(|| nearest(name, &ALL.keys().copied().collect::<Vec<_>>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_read() {
        assert!(ALL.len() > 1_500, "only {}", ALL.len());
        let names: Vec<&str> = include_str!("managed_policies.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.trim_end_matches(" +"))
            .collect();
        assert!(names.is_sorted());
        assert_eq!(ManagedPolicy::find("ReadOnlyAccess"), Some(ManagedPolicy { creates_buckets: false }));
        assert_eq!(ManagedPolicy::find("PowerUserAccess"), Some(ManagedPolicy { creates_buckets: true }));
        assert_eq!(ManagedPolicy::find("ViewOnlyAccess"), None);
    }

    #[test]
    fn the_name_that_was_meant_is_offered() {
        assert_eq!(ManagedPolicy::nearest("ViewOnlyAccess"), Some("job-function/ViewOnlyAccess"));
        assert_eq!(ManagedPolicy::nearest("ReadOnlyAcess"), Some("ReadOnlyAccess"));
        assert_eq!(ManagedPolicy::nearest("securityaudit"), Some("SecurityAudit"));
    }
}
