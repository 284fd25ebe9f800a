//! Which texts of a target's folder say who may assume its role.
//!
//! Responsible for finding every document that could be a trust policy, and for following a role's
//! `assume_role_policy` to one of them. Refuses to guess: what does not lead to a document that was
//! found is named as not known, with its file and line.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::hcl::{Block, Document};
use crate::tree::{FileKind, Holds, RelPath};

/// The Terraform resource that has a trust policy.
const ROLE: &str = "aws_iam_role";

/// A file of a target as it will stand on disk.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Where.
    pub path: RelPath,
    /// Its text.
    pub text: Arc<str>,
    /// The document that it is by the manifest of its pack.
    pub holds: Option<Holds>,
    /// Whether it is as generated, so that no edit is in it.
    pub is_generated: bool,
}

impl Standing {
    /// Whether it is a document just as the program built it, so that there is nothing to judge.
    #[must_use]
    pub fn is_built(&self) -> bool {
        self.holds.is_some() && self.is_generated
    }
}

/// What says who may assume the roles of a target.
#[derive(Debug)]
pub struct TrustTexts<'s> {
    /// Every document that could be a trust policy.
    pub documents: Vec<&'s Standing>,
    /// What does not lead to one of them.
    pub unknown: Vec<Unknown>,
}

/// A place that says who may assume a role in a way that is not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The file.
    pub path: RelPath,
    /// The line, counted from 1.
    pub line: usize,
    /// What is there.
    pub what: String,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}:{}`: {}", self.path, self.line, self.what)
    }
}

/// Looks through the files of a target.
#[must_use]
pub fn trust_texts(files: &[Standing]) -> TrustTexts<'_> {
    let documents: Vec<_> = files.iter().filter(|file| is_trust_policy(file)).collect();
    let unknown = files.iter().flat_map(|file| unknown_in(file, &documents)).collect();
    TrustTexts { documents, unknown }
}

/// Whether a file is a trust policy, by its mark or because it reads as one: it names principals, and no
/// resource, which IAM refuses in a trust policy and nearly every other policy of a resource needs.
fn is_trust_policy(file: &Standing) -> bool {
    match file.holds {
        Some(Holds::TrustPolicy) => true,
        Some(_) if file.is_generated => false,
        _ if FileKind::of(file.path.as_str()) != FileKind::Json => false,
        _ => serde_json::from_str(&file.text).is_ok_and(|policy: Value| reads_as_trust_policy(&policy)),
    }
}

fn reads_as_trust_policy(policy: &Value) -> bool {
    let statements = match member(policy, "Statement") {
        Some(Value::Array(statements)) => statements.as_slice(),
        Some(statement) => std::slice::from_ref(statement),
        None => &[],
    };
    statements.iter().any(|statement| {
        let has = |names: [&str; 2]| names.iter().any(|name| member(statement, name).is_some());
        has(["Principal", "NotPrincipal"]) && !has(["Resource", "NotResource"])
    })
}

fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The roles of a file whose trust policy is none of these documents.
fn unknown_in(file: &Standing, documents: &[&Standing]) -> Vec<Unknown> {
    let unknown = |at: usize, what: String| Unknown {
        path: file.path.clone(),
        line: file.text[..at].matches('\n').count() + 1,
        what,
    };
    let path = file.path.as_str();
    // Nearly every file names no role, and needs no reading.
    let Some(first) = file.text.find(ROLE) else { return Vec::new() };
    if path.ends_with(".tf.json") {
        return vec![unknown(first, "a role in JSON is not followed to its trust policy".to_owned())];
    }
    if path.rsplit_once('.').is_none_or(|(_, ending)| ending != "tf") {
        return Vec::new();
    }
    let Ok(document) = Document::parse(&file.text) else {
        return vec![unknown(first, "the file cannot be read, and may hold a role".to_owned())];
    };
    let roles = document.body().blocks().filter(|block| {
        block.keyword == "resource" && block.labels.first().is_some_and(|label| label == ROLE)
    });
    roles
        .filter(|role| !is_followed(role, file, documents))
        .map(|role| unknown(role.header.start, unfollowed(role, &file.text)))
        .collect()
}

fn unfollowed(role: &Block, text: &str) -> String {
    let name = role.labels.get(1).map_or("", String::as_str);
    match role.body.attribute("assume_role_policy") {
        None => format!("`{ROLE}.{name}` has no `assume_role_policy`"),
        Some(attribute) => {
            let expression = text[attribute.expression].lines().next().unwrap_or_default();
            format!(
                "the trust policy of `{ROLE}.{name}` is `{expression}`, which leads to no policy that was judged"
            )
        }
    }
}

fn is_followed(role: &Block, file: &Standing, documents: &[&Standing]) -> bool {
    let path = role.body.attribute("assume_role_policy").and_then(|attribute| {
        let name = file_beside(&file.text[attribute.expression])?;
        resolve(file.path.as_str(), name)
    });
    path.is_some_and(|path| documents.iter().any(|document| document.path.as_str() == path))
}

/// The name in `file("${path.module}/NAME")`.
fn file_beside(expression: &str) -> Option<&str> {
    let argument = expression.strip_prefix("file(")?.strip_suffix(')')?.trim();
    let name = argument.strip_prefix("\"${path.module}/")?.strip_suffix('"')?;
    (!name.contains(['"', '\\', '$', '%'])).then_some(name)
}

/// A name as seen from the folder of a file.
fn resolve(from: &str, name: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_resolved_from_the_folder_of_its_file() {
        let name = file_beside("file(\"${path.module}/../trust/./a.json\")").expect("a name");
        assert_eq!(resolve("accounts/x/bootstrap/main.tf", name).as_deref(), Some("accounts/x/trust/a.json"));
        assert_eq!(resolve("main.tf", "../a.json"), None);
        for expression in [
            "file(\"a.json\")",
            "file(var.x)",
            "file(\"${path.module}/${x}.json\")",
            "file(\"${path.module}/a\" , \"b\")",
        ] {
            assert_eq!(file_beside(expression), None, "{expression}");
        }
    }

    #[test]
    fn a_policy_that_names_principals_and_no_resource_reads_as_a_trust_policy() {
        let reads = |text: &str| reads_as_trust_policy(&serde_json::from_str(text).expect("JSON"));
        assert!(reads("{\"Statement\": {\"Principal\": \"*\"}}"));
        assert!(reads("{\"statement\": [{}, {\"notPrincipal\": {\"AWS\": \"*\"}}]}"));
        assert!(!reads("{\"Statement\": [{\"Principal\": \"*\", \"Resource\": \"*\"}]}"));
        assert!(!reads("{\"Statement\": [{\"Resource\": \"*\"}]}"));
        assert!(!reads("[{\"Principal\": \"*\"}]"));
    }
}
