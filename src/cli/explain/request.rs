//! One request, decided by a policy that a person names.

use std::path::Path;

use super::{Done, ExplainArgs, policy};
use crate::cli::options::Format;
use crate::diagnostic::Error;
use crate::policy::evaluate::{Context, Policy, Principal, Request, Verdict, decide};
use crate::ui::{self, AlsoAsked, Ui};

pub(super) fn run(
    ui: &Ui,
    args: &ExplainArgs,
    trust: &Path,
    role: &str,
    principal: &Principal,
) -> Result<Done, Error> {
    let action = args.action.as_deref().unwrap_or("sts:AssumeRole");
    let request = Request::new(principal.clone(), action, role, context(args));
    let trust = policy::trust(trust, Some(role))?;
    let own = own_policies(args)?;
    let (verdict, also) = decided(&trust, own.as_deref(), &request);
    ui.print(&match args.format {
        Format::Text => ui::verdict_text(&request, &verdict, &also),
        Format::Json => format!("{:#}\n", ui::verdict_json(&request, &verdict, &also)),
    })?;
    Ok(Done::Clean)
}

/// The decision about a request, and what AWS asks in addition.
pub(super) fn decided(
    trust: &Policy,
    own: Option<&[Policy]>,
    request: &Request,
) -> (Verdict, Vec<AlsoAsked>) {
    let also = request.also_asked().map(|(request, why)| {
        let verdict = decide(trust, own, &request);
        (request, verdict, why)
    });
    (decide(trust, own, request), also.collect())
}

/// The caller's own policies, where any are named.
pub(super) fn own_policies(args: &ExplainArgs) -> Result<Option<Vec<Policy>>, Error> {
    let own = args.identity_policy.iter().map(|path| policy::identity(path));
    let own: Vec<Policy> = own.collect::<Result<_, _>>()?;
    Ok(Some(own).filter(|own| !own.is_empty()))
}

/// The condition keys that are given.
pub(super) fn context(args: &ExplainArgs) -> Context {
    let mut context = Context::default();
    for (key, value) in &args.context {
        context.add(key, value);
    }
    if args.mfa {
        context.set("aws:MultiFactorAuthPresent", ["true"]);
    }
    if let Some(id) = &args.external_id {
        context.set("sts:ExternalId", [id.as_str()]);
    }
    context
}
