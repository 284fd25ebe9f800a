//! What the Terraform of a tree gives: who can assume which role, with which permissions, and what keeps
//! a provider in its account.
//!
//! Responsible for reading that from whole folders, as Terraform will take them (override files, both
//! languages, locals, modules of the same tree), as values that can be compared; and for saying in words
//! what one such reading gives that another does not. What only a run would show is a value like any
//! other: to go from known to unknown is to give more. Refuses to read files by itself (texts are handed
//! in), and to judge what is the same on both sides.

mod compare;
mod content;
mod read;
mod seen;
mod together;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use self::compare::{Asked, opened, permissions_opened};
pub use self::read::read;
pub use self::seen::{Gap, SeenPolicy, SeenRole, SeenStatement};
pub use self::together::{Together, together};

use self::content::{Content, Document};
use crate::diagnostic::{Source, Sources, Span};
use crate::terraform::Given;
use crate::value::Reason;

/// Something that is given, and was not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrustChange {
    /// The file that gives it.
    pub path: String,
    /// What is given from then on.
    pub what: String,
    /// The target that the file is of, if it is of one.
    pub target: Option<String>,
}

/// The files of a tree, or of a part of it.
pub struct Files<'f> {
    /// Texts by their path: the Terraform of the folders that are judged and of the modules that they
    /// call, and what these files read.
    pub texts: &'f BTreeMap<String, Arc<Source>>,
    /// Terraform of these folders that could not be read, by its path, and why.
    pub unread: &'f BTreeMap<String, String>,
    /// Any other file that an expression names.
    pub lookup: &'f dyn Fn(&str) -> Option<Arc<Source>>,
    /// The folders that are judged. A folder that another one calls is judged as it is called.
    pub folders: &'f BTreeSet<String>,
    /// What is given to variables; the last counts.
    pub given: &'f [Given],
}

/// What the folders of a tree give.
#[derive(Debug, Default)]
pub struct Grants {
    identities: Vec<Identity>,
    attached: Vec<Attached>,
    providers: Vec<Provider>,
    others: BTreeSet<Other>,
    /// The folders that were judged, as far as they hold anything.
    roots: BTreeSet<String>,
    /// The files whose policies were read.
    documents: BTreeSet<String>,
    /// Where something may be given that was not read.
    gaps: Vec<Gap>,
    /// The texts that all places are in.
    sources: Sources,
}

impl Grants {
    /// Whether a file holds a policy that something here leads to.
    #[must_use]
    pub fn holds_document(&self, path: &str) -> bool {
        self.documents.contains(path)
    }
}

/// Whom something is given to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Holder {
    /// `role`, `user` or `group`; `policy` for one that is attached to nobody here.
    kind: &'static str,
    name: String,
}

/// A role or a user that is made.
#[derive(Debug)]
struct Identity {
    root: String,
    address: String,
    /// How code beside it refers to it: `aws_iam_role.deploy`.
    reference: String,
    path: String,
    at: Span,
    holder: Holder,
    /// What only a run would show of it besides its arguments.
    open: Vec<Reason>,
    /// Of a role alone.
    trust: Option<Document>,
    session: Session,
    boundary: Option<Content>,
}

/// How long a session may last.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Session {
    Seconds(u32),
    Unknown(String),
}

/// A policy and who has it.
#[derive(Debug)]
struct Attached {
    root: String,
    path: String,
    at: Span,
    holder: Holder,
    /// What the resource calls the policy, where its text is here.
    name: String,
    /// Why only a run would show whether it is attached.
    open: Option<Reason>,
    policy: Policy,
}

#[derive(Debug)]
enum Policy {
    /// One that is somewhere else, by its ARN or its name.
    Named(Content),
    /// One whose text is here.
    Written(Document),
}

/// What keeps a provider in its account.
#[derive(Debug)]
struct Provider {
    root: String,
    name: String,
    path: String,
    /// The accounts it may work in, where that is limited.
    accounts: Option<Vec<Content>>,
    /// The roles it goes through.
    roles: Vec<Content>,
    external_id: Option<Content>,
    /// What its sessions are limited to.
    session_policies: Vec<Content>,
}

/// Anything else that gives something, or might.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Other {
    root: String,
    path: String,
    what: String,
}
