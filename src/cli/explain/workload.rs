//! Where a token of an OIDC provider leads to: the roles in A that it lets into, and the roles beyond them.

use std::path::Path;

use super::request::decided;
use super::trust::{self, Tree};
use super::{Done, ExplainArgs, principal, token};
use crate::cli::options::Format;
use crate::diagnostic::{Error, Kind};
use crate::explain::{AccessAudit, Answer, Asker, Entry};
use crate::policy::Token;
use crate::policy::evaluate::{Context, Policy, Principal};
use crate::session::Inputs;
use crate::ui::{self, EntryAnswer, RoleAnswer, Ui};

pub(super) fn run(ui: &Ui, args: &ExplainArgs, path: &Path) -> Result<Done, Error> {
    refuse_what_says_nothing(args, path)?;
    let token = token::read(path)?;
    let inputs = trust::load(ui, args)?;
    let planned = trust::plan(ui, args, &inputs)?;
    let tree = Tree::new(&inputs, &planned)?;
    let audit = AccessAudit::new(&inputs.fleet);
    let is_issuer = |entry: &Entry<'_>| entry.federated.issuer.host().eq_ignore_ascii_case(token.issuer());
    let mut policies = Vec::new();
    let mut entries = Vec::new();
    for entry in audit.entries().filter(is_issuer) {
        let role = enter(&tree, args, entry, &token, &mut policies)?;
        let beyond =
            if role.is_allowed() { beyond(&inputs, &tree, &audit, args, entry)? } else { Vec::new() };
        entries.push(EntryAnswer { caller: entry.caller.id.to_string(), role, beyond });
    }
    let remarks = token::remarks(&token, &policies);
    ui.print(&match args.format {
        Format::Text => ui::entries_text(&entries, &remarks),
        Format::Json => format!("{:#}\n", ui::entries_json(&entries, &remarks)),
    })?;
    Ok(if entries.iter().all(EntryAnswer::is_known) { Done::Clean } else { Done::Differs })
}

fn refuse_what_says_nothing(args: &ExplainArgs, path: &Path) -> Result<(), Error> {
    let refused = |message, help| Err(Error::one(Kind::Usage, message, help));
    if args.action.is_some() {
        let help = "leave it out, or add `--policy FILE --role ARN` to decide one request";
        return refused("`--action` says nothing where the roles of a spec are asked about by a token", help);
    }
    let is_stdin = |path: &Path| path == Path::new("-");
    if is_stdin(path) && args.spec.as_deref().is_some_and(is_stdin) {
        return refused(
            "the spec and the token cannot both be read from stdin",
            "give the path of one of them",
        );
    }
    Ok(())
}

/// Whether a token lets into the role in A of a caller, by each text that says so.
fn enter(
    tree: &Tree<'_>,
    args: &ExplainArgs,
    entry: Entry<'_>,
    token: &Token,
    policies: &mut Vec<Policy>,
) -> Result<RoleAnswer, Error> {
    let role_arn = entry.role_arn();
    let request = token::request(args, token, &role_arn)?;
    let trust = tree.trust_of_entry(entry)?;
    let mut answers = Vec::new();
    for text in trust.texts {
        let (verdict, also) = decided(&text.policy, None, &request);
        let answer = Answer { request: request.clone(), verdict, also, with: Vec::new() };
        answers.push((text.judged.map(|judged| judged.file), answer));
        policies.push(text.policy);
    }
    let target = format!("{}: {}", entry.caller.id, entry.federated.described);
    Ok(RoleAnswer { target, role_arn, answers, unknown: trust.unknown })
}

/// What may be assumed from a role in A.
fn beyond(
    inputs: &Inputs,
    tree: &Tree<'_>,
    audit: &AccessAudit<'_>,
    args: &ExplainArgs,
    entry: Entry<'_>,
) -> Result<Vec<RoleAnswer>, Error> {
    let principal = Principal::parse(&entry.role_arn()).map_err(|error| {
        Error::one(
            Kind::Input,
            error.to_string(),
            "name the caller otherwise, so that its role has a valid name",
        )
    })?;
    let asker = Asker { principal, action: None, given: Context::default(), own: None };
    principal::roles(inputs, tree, audit, args, &asker)
}
