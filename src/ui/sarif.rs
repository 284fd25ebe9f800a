//! SARIF 2.1.0, the form in which code scanning reads findings.
//!
//! Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::diagnostic::Level;

/// A rule that findings refer to.
#[derive(Debug, Clone)]
pub struct SarifRule {
    /// Its id, such as `CR021`.
    pub id: String,
    /// What people call it, such as `malformed-external-id`.
    pub name: String,
    /// What it is about, in one sentence.
    pub title: String,
    /// Why, and what to do about it.
    pub help: String,
}

/// One finding.
#[derive(Debug, Clone)]
pub struct SarifResult {
    /// The id of its rule.
    pub rule: String,
    /// How serious it is.
    pub level: Level,
    /// What was found.
    pub message: String,
    /// The file, relative to where the program runs.
    pub file: Option<String>,
    /// Line and column, counted from 1.
    pub at: Option<(usize, usize)>,
    /// Why the finding is accepted, where somebody has said so.
    pub accepted: Option<String>,
}

/// A log with one run.
#[must_use]
pub fn sarif(rules: &[SarifRule], results: &[SarifResult]) -> Value {
    let rules_json = rules.iter().map(|rule| {
        json!({
            "id": rule.id,
            "name": rule.name,
            "shortDescription": { "text": rule.title },
            "help": { "text": rule.help },
        })
    });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "crossrole",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules_json.collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results.iter().map(|result| entry(rules, result)).collect::<Vec<_>>(),
        }],
    })
}

fn entry(rules: &[SarifRule], result: &SarifResult) -> Value {
    let mut entry = json!({
        "ruleId": result.rule,
        "level": result.level.as_str(),
        "message": { "text": result.message },
    });
    if let Some(index) = rules.iter().position(|rule| rule.id == result.rule) {
        entry["ruleIndex"] = index.into();
    }
    if let Some(file) = &result.file {
        let mut place = Map::new();
        place.insert("artifactLocation".to_owned(), json!({ "uri": uri(file) }));
        if let Some((line, column)) = result.at {
            place.insert("region".to_owned(), json!({ "startLine": line, "startColumn": column }));
        }
        entry["locations"] = json!([{ "physicalLocation": place }]);
    }
    if let Some(reason) = &result.accepted {
        entry["suppressions"] = json!([{ "kind": "external", "justification": reason }]);
    }
    entry
}

/// A path as a relative reference: what a URI gives a meaning is written by its code.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.trim_start_matches("./").bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
        if is_plain {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("./accounts/a b/ü.tf"), "accounts/a%20b/%C3%BC.tf");
    }
}
