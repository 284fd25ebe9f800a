//! `.crossrole/policy.yaml`: what the repository itself says about files, against their templates.

use glob::{MatchOptions, Pattern};

use crate::output::{RelPath, UpdateMode};

/// `*` stays in its folder, `**` does not.
const EXACTLY: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// Policies by glob; the last that fits a path holds.
#[derive(Debug, Clone, Default)]
pub struct Overrides(Vec<(Pattern, UpdateMode)>);

impl Overrides {
    /// Reads policies by glob: `"accounts/*/workload/*.tf": managed`.
    ///
    /// # Errors
    /// What is wrong with the text, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let written: serde_yaml::Mapping = match serde_yaml::from_str(text) {
            Ok(serde_yaml::Value::Null) => return Ok(Self::default()),
            Ok(serde_yaml::Value::Mapping(written)) => written,
            Ok(_) => return Err("it is not a map from globs to policies".to_owned()),
            Err(error) => return Err(error.to_string()),
        };
        written.iter().map(|(glob, policy)| entry(glob, policy)).collect::<Result<_, _>>().map(Self)
    }

    /// The mode of a file, which is its template's unless the repository says otherwise.
    #[must_use]
    pub fn mode(&self, path: &RelPath, of_template: UpdateMode) -> UpdateMode {
        let fits = |(glob, _): &&(Pattern, UpdateMode)| glob.matches_with(path.as_str(), EXACTLY);
        self.0.iter().rev().find(fits).map_or(of_template, |(_, mode)| *mode)
    }
}

fn entry(glob: &serde_yaml::Value, policy: &serde_yaml::Value) -> Result<(Pattern, UpdateMode), String> {
    let glob = glob.as_str().ok_or("a glob is a text, such as `accounts/*/workload/*.tf`")?;
    let pattern = Pattern::new(glob).map_err(|error| format!("`{glob}` is not a glob: {}", error.msg))?;
    let policy = match policy.as_str() {
        Some("merge") => UpdateMode::Merge,
        Some("managed") => UpdateMode::Managed,
        Some("once") => UpdateMode::Once,
        _ => return Err(format!("the policy of `{glob}` is one of `merge`, `managed` and `once`")),
    };
    Ok((pattern, policy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_that_fits_holds() {
        let text = "\"**/*.tf\": managed\naccounts/*/workload/*.tf: once\n";
        let overrides = Overrides::parse(text).expect("two policies");
        let mode = |path| overrides.mode(&RelPath::new(path).expect("a path"), UpdateMode::Merge);
        assert_eq!(mode("source/main.tf"), UpdateMode::Managed);
        assert_eq!(mode("accounts/x/workload/providers.tf"), UpdateMode::Once);
        assert_eq!(mode("accounts/x/workload/tests/a.tf"), UpdateMode::Managed, "`*` stays in its folder");
        assert_eq!(mode("CROSSROLE.md"), UpdateMode::Merge);
    }

    #[test]
    fn what_is_no_policy_is_said() {
        for text in ["- a\n", "a: keep\n", "1: merge\n", "\"[\": merge\n", "a: [\n"] {
            assert!(Overrides::parse(text).is_err(), "{text:?}");
        }
        assert!(Overrides::parse("# nothing yet\n").is_ok());
    }
}
