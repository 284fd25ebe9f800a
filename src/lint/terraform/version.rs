//! Version constraints, as far as the oldest version they admit.

/// The oldest version that a constraint admits; `None` when it names none.
pub(super) fn oldest(constraint: &str) -> Option<(u32, u32, u32)> {
    let bounds = constraint.split(',').filter_map(|part| {
        let part = part.trim();
        let version = ["~>", ">=", "=", ">"].iter().find_map(|operator| part.strip_prefix(operator));
        let is_bare = part.starts_with(|c: char| c.is_ascii_digit());
        parse(version.or(is_bare.then_some(part))?.trim())
    });
    bounds.max()
}

/// Whether a constraint keeps out every version from this one on.
pub(super) fn ends_before(constraint: &str, version: (u32, u32, u32)) -> bool {
    constraint.split(',').any(|part| {
        let part = part.trim();
        let below = part.strip_prefix('<').filter(|rest| !rest.starts_with('='));
        let near = part.strip_prefix("~>").and_then(|rest| parse(rest.trim()));
        let is_patch = part.matches('.').count() == 2;
        below.and_then(|rest| parse(rest.trim())).is_some_and(|bound| bound <= version)
            || near.is_some_and(|(major, minor, _)| {
                if is_patch { (major, minor + 1, 0) <= version } else { (major + 1, 0, 0) <= version }
            })
    })
}

fn parse(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse::<u16>().ok().map(u32::from));
    let major = parts.next()??;
    Some((major, parts.next().flatten().unwrap_or(0), parts.next().flatten().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_are_read() {
        assert_eq!(oldest(">= 5.67.0, < 7.0.0"), Some((5, 67, 0)));
        assert_eq!(oldest("~> 5.0"), Some((5, 0, 0)));
        assert_eq!(oldest("5.1"), Some((5, 1, 0)));
        assert_eq!(oldest("< 7"), None);
        assert!(ends_before("< 1.10.0", (1, 10, 0)) && ends_before("~> 1.9.2", (1, 10, 0)));
        assert!(!ends_before("~> 1.9", (1, 10, 0)) && !ends_before(">= 1.0", (1, 10, 0)));
    }
}
