//! Terraform that assumes roles already: providers, role resources and trust policies become a spec.
//!
//! Responsible for saying what of a folder, as `terraform` reads it, has a place in a spec, and for noting
//! what could not be carried over. Refuses to guess what only a run would show: a `count`, a condition or a
//! variable that is not known leaves out what depends on it. Two choices are taken over, each with a note: a
//! role that is `null` in some runs, and a map that is known and looked into by `terraform.workspace`, of
//! which every entry counts.

mod assemble;
mod attach;
mod callers;
mod found;
mod naming;
mod pair;
mod principal_arn;
mod provider;
mod reading;
mod role;
mod roots;
mod trust;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Imported;
use super::notes::{Note, grouped};
use crate::diagnostic::words::{Count, did_you_mean};
use crate::diagnostic::{Diagnostic, Error, Kind, Place, Source, Span};
use crate::model::AccountId;
use crate::terraform::{self, Given, Input, Terraform};
use assemble::Assembled;
use provider::{Assumes, Provider};
use reading::Reading;
use role::{Entered, Role};
use roots::Root;

/// Texts by their path from the folder that is imported.
pub type Files = BTreeMap<String, Arc<Source>>;

/// What the command line says besides the files.
#[derive(Debug, Default)]
pub struct Options {
    /// `--var` and `--var-file`, in their order.
    pub given: Vec<Given>,
    /// The source account, where it is said; only callers that are in it are carried over.
    pub source: Option<AccountId>,
}

/// Everything that was read, and how much there was of it.
#[derive(Default)]
struct Inventory<'r> {
    providers: Vec<Provider<'r>>,
    roles: Vec<Role<'r>>,
    /// Roles that are entered with tokens.
    entered: Vec<Entered<'r>>,
    /// Where role resources of any kind are.
    resources: BTreeSet<Span>,
    /// Files of other tools.
    others: usize,
    notes: Vec<Note>,
}

/// A spec from the files of a folder that Terraform reads; `lookup` finds any other below it.
///
/// # Errors
/// Files that Terraform would refuse, variables that are not declared, or nothing in which a role is
/// assumed for certain.
pub fn import(
    files: &Files,
    options: &Options,
    lookup: &dyn Fn(&str) -> Option<Arc<Source>>,
) -> Result<Imported, Error> {
    let own = files.iter().filter(|(path, _)| terraform::is_read(path));
    let own: Files = own.map(|(path, source)| (path.clone(), Arc::clone(source))).collect();
    let lookup = |path: &str| files.get(path).cloned().or_else(|| lookup(path));
    let given: Vec<Given> = options.given.iter().cloned().chain([Given::Workspaces]).collect();
    let files_read = terraform::read(Input { files: &own, lookup: &lookup, given: &given, only: None });
    check(&files_read, &options.given)?;
    let roots = roots::all(&files_read);
    let mut found = inventory(&roots);
    found.others = note_other_files(files, &mut found.notes);
    let read = assemble::Read { providers: &found.providers, roles: &found.roles, entered: &found.entered };
    let draft = assemble::assemble(read, options.source.as_ref(), &mut found.notes);
    let assuming = assuming(&found.providers);
    let end = draft.is_none().then(|| nothing(&found, &assuming));
    let notes = grouped(found.notes);
    match (draft, end) {
        (Some(done), _) => {
            let summary = summary(&done, &assuming, &found.resources);
            Ok(Imported { draft: done.draft, notes, summary })
        }
        // What was left out may be just what was meant.
        (None, end) => Err(Error::new(Kind::Input, notes.into_iter().chain(end).collect())),
    }
}

/// Files that cannot be read, and variables that nothing declares, are errors as they are Terraform's.
fn check(read: &Terraform, given: &[Given]) -> Result<(), Error> {
    if !read.problems.is_empty() {
        let shown = |problem: &terraform::Problem| {
            let diagnostic = Diagnostic::error(problem.message.clone()).help(problem.help.clone());
            diagnostic.at(&problem.source, problem.at)
        };
        return Err(Error::new(Kind::Input, read.problems.iter().map(shown).collect()));
    }
    let blocks = read.roots.iter().flat_map(|root| root.named("variable"));
    let declared: Vec<&str> = blocks.filter_map(|block| block.labels.first()).map(String::as_str).collect();
    for given in given {
        if let Given::Variable { name, .. } = given
            && !declared.contains(&name.as_str())
        {
            let message = format!("`--var {name}`: no root here declares such a variable");
            return Err(Error::one(Kind::Usage, message, did_you_mean(name, &declared)));
        }
    }
    Ok(())
}

fn inventory<'r>(roots: &[Root<'r>]) -> Inventory<'r> {
    let mut found = Inventory::default();
    for root in roots {
        let mut reading = Reading { notes: &mut found.notes };
        found
            .providers
            .extend(root.blocks("provider", "aws").map(|it| provider::read(&mut reading, *root, it)));
        let from = found.roles.len();
        for resource in root.blocks("resource", "aws_iam_role") {
            found.resources.insert(resource.at());
            found.roles.extend(role::read(&mut reading, roots, *root, resource, &mut found.entered));
        }
        for (kind, naming) in attach::KINDS {
            let own = found.roles.get_mut(from..).unwrap_or_default();
            root.blocks("resource", kind).for_each(|it| attach::read(&mut reading, *root, it, naming, own));
        }
        note_the_rest(&mut reading, *root);
    }
    found
}

/// Modules that are not here, and where states are kept.
fn note_the_rest(reading: &mut Reading<'_>, root: Root<'_>) {
    const BY_HAND: &str = "if it makes a role that another account assumes, or a provider that assumes one, add a target by hand (`account_id`, `role.name`), and its callers to `source.callers`";
    for found in root.open() {
        reading.is_made(found);
    }
    for found in root.unread() {
        let name = found.block.labels.first().map_or("", String::as_str);
        let source = found.block.written("source").trim_matches('"');
        let note = found.note(found.at(), "modules are not read that are not among these files");
        reading.say(note.detail(format!("`{name}`, from `{source}`")).help(BY_HAND));
    }
    for found in root.blocks("terraform", "") {
        for inner in found.named("backend").chain(found.named("cloud")) {
            let subject = "not carried over: states stay where they are; `terraform.backend` says where new roots keep theirs";
            reading.say(inner.note(inner.at(), subject));
        }
    }
}

/// Files that may make providers or roles, and are not Terraform's own.
fn note_other_files(files: &Files, notes: &mut Vec<Note>) -> usize {
    let before = notes.len();
    for source in files.iter().filter(|(path, _)| is_other(path)).map(|(_, source)| source) {
        let place = Place { source: Arc::clone(source), span: Span::default() };
        let subject = "files of Terragrunt and Terraform Stacks are not read";
        let help = "add by hand what they make: a target with `account_id` and `role.name` for each role";
        notes.push(Note::new(Some(place), subject).help(help));
    }
    notes.len() - before
}

/// Whether a file is Terragrunt's, or of Terraform Stacks: not read here, and not to be overlooked.
#[must_use]
pub fn is_other(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    ["terragrunt.hcl", "terragrunt.stack.hcl", "terragrunt.hcl.json", "root.hcl"].contains(&name)
        || [".tfcomponent.hcl", ".tfstack.hcl", ".tfdeploy.hcl"].iter().any(|end| name.ends_with(end))
}

/// Where the providers are that assume something.
fn assuming(providers: &[Provider<'_>]) -> BTreeSet<Span> {
    let assuming = providers.iter().filter(|it| !matches!(it.assumes, Assumes::Nothing));
    assuming.map(|it| it.found.at()).collect()
}

/// How much is carried over, where that is not everything.
fn summary(done: &Assembled, assuming: &BTreeSet<Span>, roles: &BTreeSet<Span>) -> String {
    let providers = assuming.intersection(&done.providers).count();
    if (providers, done.roles.len()) == (assuming.len(), roles.len()) {
        return String::new();
    }
    let part = |carried: usize, all: usize, what: &str| format!("{carried} of {}", Count(all, what));
    let providers = format!("{} that assume a role", part(providers, assuming.len(), "provider"));
    let roles_part = part(done.roles.len(), roles.len(), "role resource");
    let parts = [(assuming.len(), providers), (roles.len(), roles_part)];
    let named: Vec<String> = parts.into_iter().filter(|(all, _)| *all > 0).map(|(_, part)| part).collect();
    format!("carried over: {}", named.join(", "))
}

/// Why there is no spec.
fn nothing(found: &Inventory<'_>, assuming: &BTreeSet<Span>) -> Diagnostic {
    let unread = found.providers.iter().filter(|it| matches!(it.assumes, Assumes::Unread));
    let unread: BTreeSet<Span> = unread.map(|it| it.found.at()).collect();
    if (assuming.len(), found.resources.len(), found.others) == (0, 0, 0) {
        let help = "wanted are `provider \"aws\"` blocks with `assume_role`, or `aws_iam_role` resources that let another account in";
        return Diagnostic::error("nothing here assumes a role in another account").help(help);
    }
    let roles = Count(found.resources.len(), "role");
    let message = match (assuming.len(), unread.len()) {
        (_, 1) => "1 provider assumes a role, and these files do not say for certain which".to_owned(),
        (_, many @ 2..) => {
            format!("{many} providers assume roles, and these files do not say for certain which")
        }
        (providers @ 1.., _) => {
            format!("none of {} and {roles} can be carried over", Count(providers, "provider"))
        }
        _ if found.resources.is_empty() => {
            "nothing that is read here assumes a role in another account".to_owned()
        }
        _ => format!("none of {roles} can be carried over"),
    };
    let help = "the notes say why; `--var NAME=VALUE` and `--var-file FILE` say what a variable is";
    Diagnostic::error(message).help(help)
}
