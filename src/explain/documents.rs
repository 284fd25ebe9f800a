//! Which texts of a target's folder say who may assume its role.
//!
//! Responsible for finding every document that could be a trust policy, and for following each role's
//! `assume_role_policy` as Terraform does, override files, locals and functions included. Refuses to guess: a
//! role whose policy only a run would show is named as not known, with its file and line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::{Source, Sources, Span};
use crate::output::{FileKind, Holds, RelPath};
use crate::terraform::{self, Block, Input, Made, Module, Terraform};

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
    /// Who wrote it.
    pub origin: Origin,
}

/// Who wrote a file of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The program: it is as generated, and no edit is in it.
    Program,
    /// The program, and then a person.
    Edited,
    /// A person: it lies beside generated files.
    Person,
}

/// Whether a file can say what a role is.
#[must_use]
pub fn can_hold_role(file: &Standing) -> bool {
    terraform::is_code(file.path.as_str()) && file.text.contains(ROLE)
}

impl Standing {
    /// Whether it is a document just as the program built it, so that there is nothing to judge.
    #[must_use]
    pub fn is_built(&self) -> bool {
        self.holds.is_some() && self.origin == Origin::Program
    }
}

/// What says who may assume the roles of a target.
#[derive(Debug)]
pub struct TrustTexts {
    /// The policies of the roles; where there is no role, every document that could be one.
    pub documents: Vec<Standing>,
    /// Documents that could be a trust policy, and that no role leads to.
    pub others: Vec<Standing>,
    /// Roles of which only a run would show the policy.
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
pub fn trust_texts(files: &[Standing]) -> TrustTexts {
    let others = files.iter().filter(|file| is_trust_policy(file)).cloned().collect();
    let mut texts = TrustTexts { documents: Vec::new(), others, unknown: Vec::new() };
    // Nearly every file names no role, and needs no reading.
    let folders: BTreeSet<&str> = files.iter().filter(|file| can_hold_role(file)).map(folder).collect();
    if !folders.is_empty() {
        let code = files
            .iter()
            .filter(|file| folders.contains(folder(file)) && terraform::is_read(file.path.as_str()));
        texts.follow(&read(code, files));
    }
    if texts.documents.is_empty() {
        std::mem::swap(&mut texts.documents, &mut texts.others);
    }
    texts
}

fn folder(file: &Standing) -> &str {
    file.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn read<'s>(code: impl Iterator<Item = &'s Standing>, files: &[Standing]) -> Terraform {
    let source = |file: &Standing| Source::new(file.path.as_str(), &*file.text);
    let code: BTreeMap<String, Arc<Source>> =
        code.map(|file| (file.path.to_string(), source(file))).collect();
    let lookup = |path: &str| files.iter().find(|file| file.path.as_str() == path).map(source);
    terraform::read(Input { files: &code, lookup: &lookup, given: &[], only: None })
}

impl TrustTexts {
    /// Follows every role to its policy.
    fn follow(&mut self, terraform: &Terraform) {
        for problem in &terraform.problems {
            let what = format!("{}, so a role may be hidden here", problem.message);
            self.unknown.extend(Unknown::new(&problem.source, problem.at.start as usize, what));
        }
        for module in terraform.modules() {
            for call in module.named("module").filter(|call| !is_read(call, module)) {
                let name = call.labels.first().map_or("", String::as_str);
                let what = format!("the module `{name}` was not read, and may hold a role");
                self.unknown.extend(Unknown::at(&terraform.sources, call.at, what));
            }
            for role in module.resources(ROLE).filter(|role| !matches!(role.made, Made::Never)) {
                self.follow_role(role, &terraform.sources);
            }
        }
    }

    /// Takes the text of a role's policy: that of a document, or one of its own.
    fn take(&mut self, text: &str, source: &Source) {
        if let Some(at) = self.others.iter().position(|document| *document.text == *text) {
            self.documents.push(self.others.swap_remove(at));
        } else if !self.documents.iter().any(|document| *document.text == *text) {
            let path = RelPath::new(&source.name);
            self.documents.extend(path.map(|path| Standing {
                path,
                text: text.into(),
                holds: None,
                origin: Origin::Edited,
            }));
        }
    }

    fn follow_role(&mut self, role: &Block, sources: &Sources) {
        let name = role.labels.get(1).map_or("", String::as_str);
        let Some(policy) = role.get("assume_role_policy") else {
            let what = format!("`{ROLE}.{name}` has no `assume_role_policy`");
            self.unknown.extend(Unknown::at(sources, role.at, what));
            return;
        };
        if let Some(text) = policy.text() {
            self.take(text, &role.source);
            return;
        }
        let why = policy.reason().map_or("not a text", |reason| &reason.why);
        let what = format!("the trust policy of `{ROLE}.{name}` is not known: {why}");
        self.unknown.extend(Unknown::at(sources, policy.at, what));
    }
}

/// Whether a module that is called was read.
fn is_read(call: &Block, module: &Module) -> bool {
    let name = call.labels.first().map_or("", String::as_str);
    let is_meant = |called: &Module| called.address.rsplit('.').next() == Some(name);
    matches!(call.made, Made::Never) || module.modules.iter().any(is_meant)
}

impl Unknown {
    fn new(source: &Source, offset: usize, what: String) -> Option<Self> {
        let line = source.line_and_column(offset).0;
        Some(Self { path: RelPath::new(&source.name)?, line, what })
    }

    fn at(sources: &Sources, span: Span, what: String) -> Option<Self> {
        let place = sources.place(span)?;
        Self::new(&place.source, place.span.start as usize, what)
    }
}

/// Whether a file is a trust policy, by its mark or because it reads as one: it names principals, and no
/// resource, which IAM refuses in a trust policy and nearly every other policy of a resource needs.
fn is_trust_policy(file: &Standing) -> bool {
    match file.holds {
        Some(Holds::TrustPolicy) => true,
        Some(_) if file.origin == Origin::Program => false,
        // What lies beside is one where a role leads to it.
        _ if file.origin == Origin::Person => false,
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

#[cfg(test)]
mod tests {
    use super::*;

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
