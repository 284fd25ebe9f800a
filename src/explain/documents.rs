//! Which texts of a target's folder say who can assume its role.
//!
//! Responsible for finding every document that could be a trust policy, and for following each role's
//! `assume_role_policy` as Terraform does, override files, locals and functions included. Refuses to guess: a
//! role whose policy only a run would show is named as not known, with its file and line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::entry::Entry;
use super::template;
use crate::diagnostic::{Source, Sources, Span};
use crate::model::{Role, Target, TargetRole};
use crate::output::{FileKind, Holds, RelPath};
use crate::policy;
use crate::terraform::{self, Block, Input, Made, Module, Terraform};

/// The Terraform resource that has a trust policy.
const ROLE: &str = "aws_iam_role";
/// The Terraform resource that has a template of roles.
pub(super) const STACK_SET: &str = "aws_cloudformation_stack_set";

/// A file of a target, or of A, as it will stand on disk.
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

/// Who wrote a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The program: it is as generated, and no edit is in it.
    Program,
    /// The program, and then a person.
    Edited,
    /// A person: it lies beside generated files.
    Person,
}

/// Whether a file can say what a role is, or which template a stack set has.
#[must_use]
pub fn can_hold_role(file: &Standing) -> bool {
    is_code_of_role(file) || is_template(file) || is_code_of(file, STACK_SET)
}

/// Whether it is a template of roles. One of a person's own belongs to no stack that the spec asks for.
pub(super) fn is_template(file: &Standing) -> bool {
    file.origin != Origin::Person && template::is_template(file.path.as_str(), &file.text)
}

fn is_code_of_role(file: &Standing) -> bool {
    is_code_of(file, ROLE)
}

/// Whether a file is Terraform with resources of a kind.
pub(super) fn is_code_of(file: &Standing, kind: &str) -> bool {
    terraform::is_code(file.path.as_str()) && file.text.contains(kind)
}

impl Standing {
    /// Whether it is a document just as the program built it, for whatever role.
    #[must_use]
    pub fn is_built(&self) -> bool {
        self.holds.is_some() && self.origin == Origin::Program
    }

    /// Whether it is a document just as the program built it for a role, so that there is nothing to judge: code may
    /// lead another role to it.
    #[must_use]
    pub fn is_built_as(&self, asked_for: &policy::Document) -> bool {
        self.is_built() && *self.text == *asked_for.to_text()
    }
}

/// A document that says who can assume a role.
#[derive(Debug, Clone)]
pub struct RoleDocument {
    /// The document.
    pub file: Standing,
    /// The name of the role that leads to it, where that is known.
    role_name: Option<String>,
}

/// What says who can assume the roles of a target.
#[derive(Debug, Default)]
pub struct TrustTexts {
    /// The policies of the roles; where there is no role, every document that could be one.
    pub documents: Vec<RoleDocument>,
    /// Documents that could be a trust policy, and that no role leads to.
    pub others: Vec<RoleDocument>,
    /// Roles of which only a run would show the policy.
    pub unknown: Vec<Unknown>,
}

impl RoleDocument {
    fn nobodys(file: Standing) -> Self {
        Self { file, role_name: None }
    }

    /// Whether it is of this role of a target: by the name of the role that leads to it, or by the folder that it lies
    /// in. What is of no role that the spec knows is taken for the default one.
    #[must_use]
    pub fn is_of(&self, TargetRole { target, role }: TargetRole<'_>) -> bool {
        let is_it = |role: &Role| match &self.role_name {
            Some(name) => role.name.as_str().eq_ignore_ascii_case(name),
            None => role.key.as_ref().is_some_and(|key| folder_name(&self.file) == Some(key.as_str())),
        };
        let found = target.roles.iter().find(|role| is_it(role));
        std::ptr::eq(found.unwrap_or_else(|| target.roles.default()), role)
    }

    /// Whether it is of the role in A that a caller enters through: by the name of the role that leads to it, or by its
    /// own name. A has roles of other people, too.
    #[must_use]
    pub fn is_of_entry(&self, entry: Entry<'_>) -> bool {
        if let Some(name) = &self.role_name {
            return entry.federated.role_name.as_str().eq_ignore_ascii_case(name);
        }
        let (file, id) = (self.file.path.as_str(), entry.caller.id.as_str());
        let name = file.rsplit('/').next().and_then(|name| name.strip_suffix(".json"));
        name.is_some_and(|name| name == id || folder_name(&self.file) == Some(id))
    }
}

/// A place that says who can assume a role in a way that is not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The name of the role, where that is known.
    role_name: Option<String>,
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
    let others = files.iter().filter(|file| is_trust_policy(file)).cloned();
    let others = others.map(RoleDocument::nobodys).collect();
    let mut texts = TrustTexts { others, ..TrustTexts::default() };
    if let Some(terraform) = read_folders_with(ROLE, files) {
        texts.follow(&terraform);
    }
    files.iter().filter(|file| is_template(file)).for_each(|file| texts.take_template(file));
    if texts.documents.is_empty() {
        std::mem::swap(&mut texts.documents, &mut texts.others);
    }
    texts
}

/// The name of the folder that a file lies in.
fn folder_name(file: &Standing) -> Option<&str> {
    folder(file).rsplit('/').next()
}

fn folder(file: &Standing) -> &str {
    file.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folders with resources of a kind, as Terraform reads them. Nearly every file has none, and needs no reading.
pub(super) fn read_folders_with(kind: &str, files: &[Standing]) -> Option<Terraform> {
    let folders: BTreeSet<&str> = files.iter().filter(|file| is_code_of(file, kind)).map(folder).collect();
    if folders.is_empty() {
        return None;
    }
    let source = |file: &Standing| Source::new(file.path.as_str(), &*file.text);
    let code = files.iter().filter(|file| folders.contains(folder(file)));
    let code = code.filter(|file| terraform::is_read(file.path.as_str()));
    let code: BTreeMap<String, Arc<Source>> =
        code.map(|file| (file.path.to_string(), source(file))).collect();
    let lookup = |path: &str| files.iter().find(|file| file.path.as_str() == path).map(source);
    Some(terraform::read(Input { files: &code, lookup: &lookup, given: &[], only: None }))
}

impl TrustTexts {
    /// The documents of a role, and those that no role leads to and that could be its.
    #[must_use]
    pub fn of(&self, one: TargetRole<'_>) -> (Vec<&Standing>, Vec<&Standing>) {
        self.with(|document| document.is_of(one))
    }

    /// The same, with what the stack set says of the roles of one of its targets.
    #[must_use]
    pub fn with_stack_set(mut self, set: &Self, target: &Target) -> Self {
        let is_its = |document: &&RoleDocument| {
            let is_it =
                |name: &String| target.roles.iter().any(|role| role.name.as_str().eq_ignore_ascii_case(name));
            document.role_name.as_ref().is_none_or(is_it)
        };
        self.documents.extend(set.documents.iter().filter(is_its).cloned());
        self.unknown.extend(set.unknown.iter().cloned());
        self
    }

    /// The same of the role in A that a caller enters through.
    #[must_use]
    pub fn of_entry(&self, entry: Entry<'_>) -> (Vec<&Standing>, Vec<&Standing>) {
        self.with(|document| document.is_of_entry(entry))
    }

    fn with(&self, is_of: impl Fn(&RoleDocument) -> bool) -> (Vec<&Standing>, Vec<&Standing>) {
        let is_of = |document: &&RoleDocument| is_of(document);
        let documents = self.documents.iter().filter(is_of).map(|document| &document.file);
        (documents.collect(), self.others.iter().filter(is_of).map(|document| &document.file).collect())
    }

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

    /// Takes the policies of a template's roles.
    pub(super) fn take_template(&mut self, file: &Standing) {
        for (line, role) in template::roles(&file.text) {
            match role {
                Ok((role_name, text)) => {
                    let holds = Some(Holds::TrustPolicy);
                    let file = Standing { text: text.into(), holds, ..file.clone() };
                    self.documents.push(RoleDocument { file, role_name });
                }
                Err(what) => {
                    self.unknown.push(Unknown { role_name: None, path: file.path.clone(), line, what });
                }
            }
        }
    }

    /// Takes the policy of a role that code holds itself.
    pub(super) fn take_text(&mut self, file: Standing, role_name: Option<String>) {
        self.documents.push(RoleDocument { file, role_name });
    }

    /// Takes the text of a role's policy: that of a document, or one of its own.
    fn take(&mut self, text: &str, role: &Block) {
        let role_name = name_of(role);
        let is_it = |document: &RoleDocument| *document.file.text == *text;
        if let Some(at) = self.others.iter().position(is_it) {
            let file = self.others.swap_remove(at).file;
            self.documents.push(RoleDocument { file, role_name });
        } else if let Some(known) = self.documents.iter().find(|known| is_it(known)) {
            if known.role_name != role_name {
                let file = known.file.clone();
                self.documents.push(RoleDocument { file, role_name });
            }
        } else {
            self.documents.extend(RelPath::new(&role.source.name).map(|path| {
                let file = Standing { path, text: text.into(), holds: None, origin: Origin::Edited };
                RoleDocument { file, role_name }
            }));
        }
    }

    fn follow_role(&mut self, role: &Block, sources: &Sources) {
        let name = role.labels.get(1).map_or("", String::as_str);
        let Some(policy) = role.get("assume_role_policy") else {
            let what = format!("`{ROLE}.{name}` has no `assume_role_policy`");
            self.unknown.extend(Unknown::at(sources, role.at, what).map(|unknown| unknown.of(role)));
            return;
        };
        if let Some(text) = policy.text() {
            self.take(text, role);
            return;
        }
        let why = policy.reason().map_or("not a text", |reason| &reason.why);
        let what = format!("the trust policy of `{ROLE}.{name}` is not known: {why}");
        self.unknown.extend(Unknown::at(sources, policy.at, what).map(|unknown| unknown.of(role)));
    }
}

/// The name of a role, where that is known.
fn name_of(role: &Block) -> Option<String> {
    role.get("name").and_then(|name| name.text()).map(str::to_owned)
}

/// Whether a module that is called was read.
fn is_read(call: &Block, module: &Module) -> bool {
    let name = call.labels.first().map_or("", String::as_str);
    let is_meant = |called: &Module| called.address.rsplit('.').next() == Some(name);
    matches!(call.made, Made::Never) || module.modules.iter().any(is_meant)
}

impl Unknown {
    pub(super) fn new(source: &Source, offset: usize, what: String) -> Option<Self> {
        let line = source.line_and_column(offset).0;
        Some(Self { role_name: None, path: RelPath::new(&source.name)?, line, what })
    }

    fn of(self, role: &Block) -> Self {
        Self { role_name: name_of(role), ..self }
    }

    /// Whether it may be about the role in A that a caller enters through.
    #[must_use]
    pub fn may_be_of_entry(&self, entry: Entry<'_>) -> bool {
        let is_it = |name: &String| entry.federated.role_name.as_str().eq_ignore_ascii_case(name);
        self.role_name.as_ref().is_none_or(is_it)
    }

    pub(super) fn at(sources: &Sources, span: Span, what: String) -> Option<Self> {
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
