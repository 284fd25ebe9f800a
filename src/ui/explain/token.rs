//! What is worth saying of a token beside the decision, and nothing of what it claims.

use std::fmt::Write as _;

use anstyle::AnsiColor;
use serde_json::{Value, json};

use crate::ui::paint;

/// What was not looked at in a token, and what STS may make of it.
#[derive(Debug)]
pub struct TokenRemarks {
    /// Its issuer.
    pub issuer: String,
    /// Claims that STS needs and it has not.
    pub missing: Vec<String>,
    /// Claims that the policy asks about and AWS does not compare.
    pub not_compared: Vec<String>,
}

impl TokenRemarks {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec!["the token's signature and times (`exp`, `nbf`) were not checked".to_owned()];
        lines.extend(
            self.missing.iter().map(|claim| format!("the token has no `{claim}`, and STS refuses it")),
        );
        lines.extend(self.not_compared.iter().map(|claim| {
            let issuer = &self.issuer;
            format!(
                "the policy asks about `{issuer}:{claim}`, which AWS does not list as a condition key: taken as absent"
            )
        }));
        lines
    }
}

/// The remarks for people.
#[must_use]
pub fn token_text(remarks: &TokenRemarks) -> String {
    let mut out = String::new();
    for line in remarks.lines() {
        _ = writeln!(out, "{} {line}", paint(AnsiColor::Cyan, "note:"));
    }
    out
}

/// The remarks for machines.
#[must_use]
pub fn token_json(remarks: &TokenRemarks) -> Value {
    json!({
        "issuer": remarks.issuer,
        "not_checked": ["signature", "exp", "nbf"],
        "notes": remarks.lines(),
    })
}
