//! The policies in Terraform, wherever they stand: texts, heredocs, `jsonencode`, files and data
//! sources. What a value comes to is the reader's; here it is taken for a policy, and judged as what the
//! argument that holds it says it is. What no argument holds is judged as what it looks like.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::carriers::{self, Carrier, Holds};
use super::root::{Root, Texts};
use super::tally::Tally;
use super::unread::Unread;
use super::{fragments, gaps};
use crate::diagnostic::{Source, Span};
use crate::lint::finding::{Finding, Findings};
use crate::lint::policy::{Kept, Policy};
use crate::policy::read::Kind;
use crate::terraform::{self, Block};
use crate::value::{self, Data, Problem, Reason, Value};

/// A file of JSON, if it is JSON.
pub(super) struct Json<'t> {
    pub(super) source: &'t Arc<Source>,
    pub(super) value: Option<Value>,
}

/// Each text, read once.
pub(super) fn parsed(texts: &Texts) -> Vec<Json<'_>> {
    texts.values().map(|source| Json { source, value: value::parse(&source.text, 0).ok() }).collect()
}

/// The policy that an argument holds, each part of it where it is written; `None` when only a run would
/// show it.
pub(super) fn of(value: &Value) -> Option<Result<Value, Problem>> {
    match &value.data {
        Data::Object(_) => Some(Ok(value.clone())),
        Data::Text(text) => {
            // What begins with something unknown may be anything.
            let is_begun = text.reason().is_none() || !text.ends().0.trim().is_empty();
            is_begun.then(|| Value::decode(text))
        }
        _ => None,
    }
}

/// Judges every policy in modules, and in the JSON beside them.
pub(super) fn rules(
    roots: &[Root<'_>],
    texts: &[Json<'_>],
    unread: &Unread<'_>,
    tally: &mut Tally,
) -> Vec<Finding> {
    let mut judge = Judge { unread, tally, found: Vec::new(), held: BTreeSet::new(), files: BTreeSet::new() };
    for root in roots {
        for block in root.resources() {
            for carrier in carriers::of(block) {
                judge.carrier(root, block, carrier);
            }
        }
    }
    for block in roots.iter().flat_map(documents) {
        judge.held.extend(terraform::replaced(block).iter().map(|at| at.start));
    }
    for root in roots {
        documents(root).for_each(|block| judge.document(root, block));
    }
    for text in texts {
        judge.text(text);
    }
    judge.found
}

fn documents<'r>(root: &'r Root<'_>) -> impl Iterator<Item = &'r Block> {
    root.module.named("data").filter(|block| block.is(terraform::DOCUMENT))
}

struct Judge<'j> {
    unread: &'j Unread<'j>,
    tally: &'j mut Tally,
    found: Vec<Finding>,
    /// Where the statements begin that an argument holds, or that another statement takes the place of.
    held: BTreeSet<u32>,
    /// The files that an argument holds a part of.
    files: BTreeSet<String>,
}

/// What is known of a policy beside its text.
struct About<'p> {
    /// Where it is named.
    at: Span,
    /// What it is called in a message.
    name: &'p str,
    /// What it is, where that is said.
    kind: Option<Kind>,
    kept: Kept,
    is_bounded: bool,
}

impl Judge<'_> {
    fn carrier(&mut self, root: &Root<'_>, block: &Block, carrier: Carrier<'_>) {
        let Carrier { argument, holds } = carrier;
        let document = of(&argument.value);
        if let Some(Ok(document)) = &document {
            self.hold(root, document);
        }
        let Holds::Policy(kind, kept) = holds else { return };
        let name = format!("`{}`", argument.key);
        let is_bounded = is_bounded(root, block);
        let about = About { at: argument.key_at, name: &name, kind: Some(kind), kept, is_bounded };
        match document {
            Some(Ok(document)) => self.judge(root, &fragments::taken_out(argument, document), &about),
            Some(Err(problem)) => self.found.extend(root.finding(|found| {
                let help = "it is to be the JSON of one policy; `jsonencode` spares the quoting";
                found.add("CR000", problem.at, format!("this is not JSON: {}", problem.message), help);
            })),
            None if kind == Kind::Resource => {}
            None => {
                let other = Reason::new(argument.value.at, "a value that is not a text");
                let reason = argument.value.reason().unwrap_or(&other);
                self.not(root, &about, &format!("{name} was not judged"), &[reason]);
            }
        }
    }

    /// Keeps in mind that an argument holds these statements, and the files that they stand in.
    fn hold(&mut self, root: &Root<'_>, document: &Value) {
        let statements = document.get("Statement").map(Value::items).unwrap_or_default();
        self.held.extend(statements.iter().map(|statement| statement.at.start));
        self.hold_files(root, document);
    }

    /// Keeps in mind the files that a value is put together of.
    fn hold_files(&mut self, root: &Root<'_>, value: &Value) {
        self.files.extend(root.sources.place(value.at).map(|place| place.source.name.clone()));
        let below = value.entries().iter().map(|entry| &entry.value);
        let items = if let Data::List(items) = &value.data { items.as_slice() } else { &[] };
        below.chain(items).for_each(|inner| self.hold_files(root, inner));
    }

    /// A data source, unless an argument holds what it makes.
    fn document(&mut self, root: &Root<'_>, block: &Block) {
        let document = terraform::document(block);
        let statements = document.get("Statement").map(Value::items).unwrap_or_default();
        if statements.is_empty() || statements.iter().any(|one| self.held.contains(&one.at.start)) {
            return;
        }
        let about =
            About { at: block.at, name: "this policy", kind: None, kept: Kept::Somehow, is_bounded: false };
        self.judge(root, &document, &about);
    }

    fn judge(&mut self, root: &Root<'_>, document: &Value, about: &About<'_>) {
        let policy = Policy::of(document).map(|mut policy| {
            policy.be(about.kind.unwrap_or(policy.kind));
            (policy.kept, policy.bounded) = (about.kept, about.is_bounded);
            policy
        });
        let kind = policy.as_ref().map_or(about.kind, |policy| Some(policy.kind));
        let gaps = kind.map(|kind| gaps::of(document, kind)).unwrap_or_default();
        self.found.extend(root.finding(|found| match &policy {
            Some(policy) => policy.check(found),
            None if gaps.is_empty() => {
                let help = "a policy has a `Statement`: an object, or a list of objects";
                found.add("CR100", document.start(), "this is not an IAM policy", help);
            }
            None => {}
        }));
        if kind == Some(Kind::Resource) {
            return;
        }
        if gaps.is_empty() {
            self.tally.policies.entry(about.at).or_insert(true);
        } else {
            self.not(root, about, &format!("a part of {} was not judged", about.name), &gaps);
        }
    }

    /// CR110
    fn not(&mut self, root: &Root<'_>, about: &About<'_>, message: &str, gaps: &[&Reason]) {
        self.tally.policies.insert(about.at, false);
        self.found.extend(self.unread.finding(root, about.at, message, gaps));
    }

    /// A file of JSON that no argument holds, if each of its statements has what only IAM's have.
    fn text(&mut self, text: &Json<'_>) {
        let Some(value) = text.value.as_ref().filter(|_| !self.files.contains(&text.source.name)) else {
            return;
        };
        let statements = value.get("Statement").map(Value::items).unwrap_or_default();
        let is_policy =
            !statements.is_empty() && statements.iter().all(|statement| statement.get("Effect").is_some());
        let Some(policy) = Policy::of(value).filter(|_| is_policy) else { return };
        if policy.kind == Kind::Identity && is_of_organization(&text.source.name) {
            return;
        }
        let mut found = Findings::of(text.source);
        policy.check(&mut found);
        self.found.extend(found.into_list());
        if policy.kind != Kind::Resource {
            self.tally.texts += 1;
        }
    }
}

/// Whether the path of a file says that it is a policy of an organization, which allows nobody anything.
fn is_of_organization(path: &str) -> bool {
    let mut words = path.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| ["scp", "scps", "rcp", "rcps"].iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Whether the role that a policy belongs to has a permissions boundary.
fn is_bounded(root: &Root<'_>, block: &Block) -> bool {
    if block.get("permissions_boundary").is_some() {
        return true;
    }
    let Some(holder) = block.written("role").strip_prefix("aws_iam_role.") else { return false };
    let label = holder.split(['.', '[']).next();
    let mut roles = root.module.resources("aws_iam_role");
    let role = roles.find(|role| role.labels.get(1).map(String::as_str) == label);
    role.is_some_and(|role| role.get("permissions_boundary").is_some())
}
