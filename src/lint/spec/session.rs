//! Callers and the sessions they get.

use super::{One, OneRole, Whole};
use crate::diagnostic::words::Count;
use crate::lint::finding::Findings;
use crate::model::{Bootstrap, Credentials, Duration};

const PROMPT: &str = "create the session first, with `source/mfa-session.sh` or a wrapper such as aws-vault";

/// CR033, for callers that must have used MFA
pub(super) fn no_prompt(whole: &Whole<'_>, found: &mut Findings) {
    let callers = whole.spec.source.value().and_then(|source| source.callers.value());
    for caller in callers.into_iter().flatten() {
        if let Some(mfa) = caller.value.mfa.get().filter(|mfa| mfa.value) {
            found.add("CR033", mfa.at, "Terraform cannot prompt this caller for an MFA code", PROMPT);
        }
    }
}

/// CR033, for roles that demand it of everyone
pub(super) fn mfa_of_the_role(of: &OneRole<'_>, found: &mut Findings) {
    let demanded = of.spec.require_mfa.get();
    if let Some(demanded) = demanded.filter(|demanded| demanded.value) {
        found.add("CR033", demanded.at, "Terraform cannot prompt its caller for an MFA code", PROMPT);
    }
}

/// CR074
pub(super) fn hidden_chain(whole: &Whole<'_>, found: &mut Findings) {
    let Credentials::Profile(profile) = &whole.fleet.source.credentials else { return };
    for target in whole.spec.targets.value().into_iter().flatten() {
        let duration = target.value.session.value().and_then(|session| session.duration.get());
        if let Some(duration) = duration.filter(|duration| duration.value > Duration::HOUR) {
            let message = format!(
                "if the profile `{profile}` is a role itself, no session of {} can be had",
                duration.value
            );
            found.add("CR074", duration.at, message, "a profile with a `role_arn` makes this a chain, of an hour at most: leave `duration` out, or be sure");
        }
    }
}

/// CR042
pub(super) fn maximum_for_nobody(of: &OneRole<'_>, found: &mut Findings) {
    let mut callers = of.one.whole.fleet.source.callers_of(of.role);
    let Some(maximum) = of.spec.max_session_duration.get() else { return };
    if maximum.value > Duration::HOUR
        && callers.all(|caller| caller.is_session() || of.role.demands_mfa_of(caller))
    {
        let message =
            format!("no caller can get a session of {}: each caller is already a session", maximum.value);
        found.add(
            "CR042",
            maximum.at,
            message,
            "omit `max_session_duration`: role chaining is limited to 1h",
        );
    }
}

/// CR046
pub(super) fn shared_name(one: &One<'_>, found: &mut Findings) {
    let callers = one.whole.fleet.source.callers.len();
    let named = one.spec.session.value().and_then(|session| session.session_name.get());
    if callers > 1 && named.is_none() && one.target.bootstrap != Bootstrap::Existing {
        found.add(
            "CR046",
            one.start(),
            format!(
                "sessions of {} share a name in CloudTrail, `{}`",
                Count(callers, "caller"),
                one.target.session.session_name
            ),
            "set `session.session_name` (under `defaults` it applies to all targets) or `session.source_identity`",
        );
    }
}
