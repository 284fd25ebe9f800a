//! One principal by its name: what it may do with the role of a target, and what it takes.

use serde_json::json;

use super::scenario::Scenario;
use crate::model::{ArnParts, Caller, CallerIdentity, SourceAccount};
use crate::policy::evaluate::{Context, Kind, Policy, Principal, Request, Verdict, decide};

/// Who asks, and what is known of them.
#[derive(Debug, Clone)]
pub struct Asker {
    /// Who.
    pub principal: Principal,
    /// What for; left out, `sts:AssumeRole`.
    pub action: Option<String>,
    /// Keys of their requests, which are not tried out.
    pub given: Context,
    /// Policies of their own; left out, those that the spec gives them, or else whatever they need.
    pub own: Option<Vec<Policy>>,
}

/// What a principal may do with a role, under the least that it takes.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked.
    pub request: Request,
    /// What the policies say.
    pub verdict: Verdict,
    /// What AWS asks in addition, and what the policies say of that.
    pub also: Vec<(Request, Verdict, &'static str)>,
    /// What it takes, in words: `MFA`, `external ID`.
    pub with: Vec<&'static str>,
}

impl Answer {
    /// Whether the role may be assumed.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.deciding().is_allowed()
    }

    /// What decided: the first denial, if there is one.
    #[must_use]
    pub fn deciding(&self) -> &Verdict {
        let mut all = std::iter::once(&self.verdict).chain(self.also.iter().map(|(_, verdict, _)| verdict));
        all.find(|verdict| !verdict.is_allowed()).unwrap_or(&self.verdict)
    }
}

/// What a request may have beside who asks.
#[derive(Debug, Clone, Copy)]
struct Extras {
    external_id: bool,
    mfa: bool,
    session: bool,
}

/// Nothing of them.
const NOTHING: Extras = Extras { external_id: false, mfa: false, session: false };

/// Every other choice, the fewest first.
const CHOICES: [Extras; 7] = [
    Extras { external_id: true, ..NOTHING },
    Extras { mfa: true, ..NOTHING },
    Extras { session: true, ..NOTHING },
    Extras { external_id: true, mfa: true, session: false },
    Extras { external_id: true, mfa: false, session: true },
    Extras { external_id: false, mfa: true, session: true },
    Extras { external_id: true, mfa: true, session: true },
];

/// Asks with ever more of what the spec knows, until the answer is yes or there is no more.
pub(super) fn ask(
    scenario: &Scenario<'_>,
    asker: &Asker,
    trust: &Policy,
    identity: Option<&[Policy]>,
) -> Answer {
    let mut answer = NOTHING.ask(scenario, asker, trust, identity);
    for extras in CHOICES.into_iter().filter(|extras| extras.are_had(scenario, asker)) {
        if answer.is_allowed() {
            break;
        }
        answer = extras.ask(scenario, asker, trust, identity);
    }
    answer
}

impl Extras {
    fn ask(
        self,
        scenario: &Scenario<'_>,
        asker: &Asker,
        trust: &Policy,
        identity: Option<&[Policy]>,
    ) -> Answer {
        let request = self.request(scenario, asker);
        let also = request.also_asked().map(|(request, why)| {
            let verdict = decide(trust, identity, &request);
            (request, verdict, why)
        });
        let (also, with) = (also.collect(), self.in_words());
        Answer { verdict: decide(trust, identity, &request), also, with, request }
    }

    /// Whether the caller can have them, and nobody said otherwise.
    fn are_had(self, scenario: &Scenario<'_>, asker: &Asker) -> bool {
        let is_said = |key: &str| asker.given.get(key).is_some();
        let session = &scenario.target.session;
        let has_session = !session.tags.is_empty() || session.source_identity.is_some();
        let has_id = scenario.role.external_id.is_some();
        (!self.external_id || has_id && !is_said("sts:ExternalId"))
            && (!self.mfa || asker.principal.can_show_mfa() && !is_said("aws:MultiFactorAuthPresent"))
            && (!self.session || has_session)
    }

    fn request(self, scenario: &Scenario<'_>, asker: &Asker) -> Request {
        let mut context = Context::default();
        let is_of_source = asker.principal.account() == Some(scenario.source.account_id.as_str());
        scenario.add_known(&mut context, is_of_source);
        add_path(scenario.source, &asker.principal, &mut context);
        if let Some(id) = scenario.role.external_id.as_ref().filter(|_| self.external_id) {
            context.set("sts:ExternalId", [id.as_str()]);
        }
        if self.mfa {
            context.set("aws:MultiFactorAuthPresent", ["true"]);
        } else if asker.principal.account().is_some() && !asker.principal.can_show_mfa() {
            // A session of a role carries the key; a long-term key does not.
            context.set("aws:MultiFactorAuthPresent", ["false"]);
        }
        if self.session {
            scenario.add_session(&mut context);
        }
        for (key, values) in asker.given.iter() {
            context.set(key, values);
        }
        let action = asker.action.as_deref().unwrap_or("sts:AssumeRole");
        let principal = asker.principal.clone().with_session(scenario.target.session.session_name.as_str());
        Request::new(principal, action, scenario.role_arn, context)
    }

    fn in_words(self) -> Vec<&'static str> {
        let all =
            [(self.mfa, "MFA"), (self.external_id, "external ID"), (self.session, "the session's tags")];
        all.into_iter().filter(|(is_taken, _)| *is_taken).map(|(_, word)| word).collect()
    }
}

/// How a spec declares a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    /// By itself: the generated policies are attached to it.
    ByItself,
    /// With everybody of its account, whose own policies decide.
    ByAccount,
    /// Not at all.
    Not,
}

impl Declared {
    /// What a principal is to the spec, in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ByItself => "a declared caller",
            Self::ByAccount => "in the source account, which the spec declares as a whole",
            Self::Not => "not a declared caller",
        }
    }

    pub(super) fn of(source: &SourceAccount, principal: &Principal) -> Self {
        let mut meant = callers_meant(source, principal).peekable();
        match meant.peek().is_some() {
            true if meant.any(|caller| !caller.is_account()) => Self::ByItself,
            true => Self::ByAccount,
            false => Self::Not,
        }
    }
}

/// The callers that stand for a principal.
pub(super) fn callers_meant<'s>(
    source: &'s SourceAccount,
    principal: &Principal,
) -> impl Iterator<Item = &'s Caller> {
    source.callers.iter().filter(|caller| names(source, caller, principal))
}

/// Whether a principal is one of those for whom a caller stands: a policy that names only it lets them in.
fn names(source: &SourceAccount, caller: &Caller, principal: &Principal) -> bool {
    let condition =
        source.principal_arn_of(caller).map(|(operator, arn)| json!({operator: {"aws:PrincipalArn": arn}}));
    let only_it = json!({
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"AWS": source.arn_of(caller)},
            "Action": "sts:AssumeRole",
            "Condition": condition.unwrap_or_else(|| json!({})),
        },
    });
    let role = format!("arn:{}:iam::000000000000:role/any", source.partition);
    let mut context = Context::default();
    add_path(source, principal, &mut context);
    let request = Request::new(principal.clone(), "sts:AssumeRole", role, context);
    Policy::from_value(&only_it, Kind::Trust)
        .is_ok_and(|only_it| decide(&only_it, None, &request).is_allowed())
}

/// What a session does not tell of its role: the path. An account has one role of a name, so where the spec declares
/// one with its path, it is that.
///
/// Source: IAM, `CreateRole`, by which a role's name is unique within its account, whatever its path.
fn add_path(source: &SourceAccount, principal: &Principal, context: &mut Context) {
    let Some(parts) = ArnParts::split(principal.name()) else { return };
    let session = parts.resource.strip_prefix("assumed-role/").and_then(|session| session.split('/').next());
    let (Some(role), true) = (session, parts.account == source.account_id.as_str()) else { return };
    let is_it = |caller: &&Caller| match &caller.identity {
        CallerIdentity::Role { name, .. } => name.as_str().rsplit('/').next() == Some(role),
        _ => false,
    };
    let known = source.callers.iter().find(is_it).and_then(|caller| source.principal_arn_of(caller));
    if let Some((_, arn)) = known.filter(|(_, arn)| arn.starts_with(&format!("arn:{}:", parts.partition))) {
        context.set("aws:PrincipalArn", [arn]);
    }
}
