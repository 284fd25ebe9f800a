//! The callers that matter, and what the spec says of each.

use super::probe::{Attached, ExternalId, Identity, Mfa, Probe, Tags};
use super::scenario::{OTHER, Scenario};
use crate::model::{Caller, CallerId, CallerIdentity, SourceAccount};
use crate::policy::evaluate::{Decision, Principal};

/// Where Identity Center has its roles, but for its region.
const RESERVED: &str = "aws-reserved/sso.amazonaws.com";
/// The end of such a role's name, which is random.
const SUFFIX: &str = "0123456789abcdef";

/// Someone in A, a declared caller or not.
#[derive(Debug, Clone)]
struct Subject {
    who: String,
    /// The caller of the spec that they are.
    caller: Option<CallerId>,
    /// `user/NAME` or `role/NAME`.
    resource: String,
    can_carry_mfa: bool,
    demands_mfa: bool,
    delegated: bool,
}

/// Every probe that matters, declared callers first.
pub(super) fn probes(scenario: &Scenario<'_>) -> Vec<Probe> {
    let declared: Vec<Subject> =
        scenario.source.callers_of(scenario.role).flat_map(|caller| subjects(scenario, caller)).collect();
    let mut probes: Vec<Probe> = declared.iter().flat_map(|subject| entering(scenario, subject)).collect();
    probes.extend(declared.iter().flat_map(|subject| tagging(scenario, subject)));
    probes.extend(unlisted(scenario));
    probes.extend(others(scenario));
    probes.extend(declared.iter().filter_map(|subject| abroad(scenario, subject, false)));
    if scenario.source.organization_id.is_some() {
        probes.extend(declared.iter().filter_map(|subject| abroad(scenario, subject, true)));
    }
    probes
}

/// Those for whom a caller of the spec stands.
fn subjects(scenario: &Scenario<'_>, caller: &Caller) -> Vec<Subject> {
    // Where the whole account may enter without MFA, so may everyone in it.
    let role = scenario.role;
    let is_open = |caller: &Caller| caller.is_account() && !role.demands_mfa_of(caller);
    let demands_mfa = role.demands_mfa_of(caller) && !scenario.source.callers_of(role).any(is_open);
    let subject = |who: String, resource: String, can_carry_mfa, delegated| Subject {
        who,
        caller: Some(caller.id.clone()),
        resource,
        can_carry_mfa,
        demands_mfa,
        delegated,
    };
    let who = caller.described();
    match &caller.identity {
        CallerIdentity::IamUser { name, .. } => vec![subject(who, format!("user/{name}"), true, false)],
        CallerIdentity::Role { name, .. } => vec![subject(who, format!("role/{name}"), false, false)],
        CallerIdentity::Account { .. } => vec![
            subject("any user of A".to_owned(), format!("user/{OTHER}"), true, true),
            subject("any role of A".to_owned(), format!("role/{OTHER}"), false, true),
        ],
        CallerIdentity::PermissionSet { name, .. } => {
            vec![subject(who, format!("role/{RESERVED}/AWSReservedSSO_{name}_{SUFFIX}"), false, false)]
        }
        CallerIdentity::Federated(federated) => {
            vec![subject(who, format!("role/{}", federated.role_name), false, false)]
        }
    }
}

impl Subject {
    fn probe(&self, account: &str, scenario: &Scenario<'_>) -> Option<Probe> {
        let arn = format!("arn:{}:iam::{account}:{}", scenario.source.partition, self.resource);
        let session = scenario.target.session.session_name.as_str();
        Some(Probe {
            who: self.who.clone(),
            caller: self.caller.clone(),
            principal: Principal::parse(&arn).ok()?.with_session(session),
            with: Vec::new(),
            action: "sts:AssumeRole",
            mfa: self.mfa(self.demands_mfa),
            external_id: ExternalId::Right,
            tags: Tags::Declared,
            identity: Identity::Declared,
            of_organization: true,
            attached: Attached::Generated,
            delegated: self.delegated,
            expected: Decision::Allow,
        })
    }

    fn mfa(&self, used: bool) -> Mfa {
        match (self.can_carry_mfa, used) {
            (false, _) => Mfa::Session,
            (true, true) => Mfa::Used,
            (true, false) => Mfa::LongTermKey,
        }
    }

    fn at_home(&self, scenario: &Scenario<'_>) -> Option<Probe> {
        self.probe(scenario.source.account_id.as_str(), scenario)
    }

    /// Whether they can ever show what the role asks of them.
    fn can_enter(&self) -> bool {
        self.can_carry_mfa || !self.demands_mfa
    }
}

/// With everything that the role asks for, and with one thing less.
fn entering(scenario: &Scenario<'_>, subject: &Subject) -> Vec<Probe> {
    let asks_id = scenario.role.external_id.is_some();
    let decision = |allowed| if allowed { Decision::Allow } else { Decision::Deny };
    let probe = |used, external_id, attached| {
        let probe = subject.at_home(scenario)?;
        let mfa = subject.mfa(used);
        let has_mfa = mfa == Mfa::Used || !subject.demands_mfa;
        let allowed = has_mfa && external_id == ExternalId::Right && attached == Attached::Generated;
        let with = circumstances(subject.can_carry_mfa.then_some(used), asks_id.then_some(external_id));
        Some(Probe { with, mfa, external_id, attached, expected: decision(allowed), ..probe })
    };
    let best = subject.can_carry_mfa && subject.demands_mfa;
    let mut probes = vec![probe(best, ExternalId::Right, Attached::Generated)];
    if subject.can_carry_mfa {
        probes.push(probe(!best, ExternalId::Right, Attached::Generated));
    }
    if asks_id && subject.can_enter() {
        probes.push(probe(best, ExternalId::None, Attached::Generated));
        probes.push(probe(best, ExternalId::Wrong, Attached::Generated));
    }
    if subject.delegated && subject.can_enter() {
        let without = probe(best, ExternalId::Right, Attached::Nothing);
        probes.push(without.map(|probe| {
            let with = [probe.with, vec!["no policy of A's".to_owned()]].concat();
            Probe { with, ..probe }
        }));
    }
    probes.into_iter().flatten().collect()
}

fn circumstances(mfa: Option<bool>, external_id: Option<ExternalId>) -> Vec<String> {
    let mfa = mfa.map(|used| if used { "MFA" } else { "no MFA" });
    let external_id = external_id.map(|id| match id {
        ExternalId::Right => "external ID",
        ExternalId::None => "no external ID",
        ExternalId::Wrong => "other external ID",
    });
    mfa.into_iter().chain(external_id).map(str::to_owned).collect()
}

/// Session tags and source identity, where the session uses them: as declared, and otherwise.
fn tagging(scenario: &Scenario<'_>, subject: &Subject) -> Vec<Probe> {
    let session = &scenario.target.session;
    let probe = |action, with: &str, tags, identity| {
        let is_declared = tags == Tags::Declared && identity == Identity::Declared;
        let expected = if is_declared { Decision::Allow } else { Decision::Deny };
        let with = vec![with.to_owned()];
        let probe = subject.at_home(scenario).filter(|_| subject.can_enter())?;
        Some(Probe { with, action, tags, identity, expected, ..probe })
    };
    let mut probes = Vec::new();
    if !session.tags.is_empty() {
        let action = "sts:TagSession";
        probes.push(probe(action, "declared tags", Tags::Declared, Identity::Declared));
        probes.push(probe(action, "another tag value", Tags::OtherValue, Identity::Declared));
        probes.push(probe(action, "a further tag", Tags::Further, Identity::Declared));
    }
    if session.source_identity.is_some() {
        let action = "sts:SetSourceIdentity";
        probes.push(probe(action, "declared source identity", Tags::Declared, Identity::Declared));
        probes.push(probe(action, "another source identity", Tags::Declared, Identity::Other));
    }
    probes.into_iter().flatten().collect()
}

/// Callers of the spec that the role does not list, with their own policies and everything that helps.
fn unlisted(scenario: &Scenario<'_>) -> Vec<Probe> {
    let role = scenario.role;
    let unlisted =
        scenario.source.callers.iter().filter(|caller| !caller.is_account() && !role.admits(caller));
    let probe = |subject: Subject| {
        let subject = Subject { demands_mfa: true, ..subject };
        let probe = stranger(scenario, subject.at_home(scenario)?);
        let with = [vec!["not listed".to_owned()], probe.with].concat();
        Some(Probe { with, attached: Attached::Generated, ..probe })
    };
    unlisted.flat_map(|caller| subjects(scenario, caller)).filter_map(probe).collect()
}

/// Others of A, with everything that helps. Where the whole account is declared there are none.
fn others(scenario: &Scenario<'_>) -> Vec<Probe> {
    if scenario.source.callers_of(scenario.role).any(Caller::is_account) {
        return Vec::new();
    }
    let other = |kind: &str| Subject {
        who: format!("another {kind} of A"),
        caller: None,
        resource: format!("{kind}/{OTHER}"),
        can_carry_mfa: kind == "user",
        demands_mfa: true,
        delegated: false,
    };
    ["user", "role"]
        .into_iter()
        .filter_map(|kind| Some(stranger(scenario, other(kind).at_home(scenario)?)))
        .collect()
}

/// The same name in another account, a member of A's organization or not.
fn abroad(scenario: &Scenario<'_>, subject: &Subject, of_organization: bool) -> Option<Probe> {
    let account = another_account(scenario.source, scenario.target.account_id.as_str());
    let place = if of_organization { "another member account" } else { "a stranger's account" };
    let name = subject.who.trim_end_matches(" of A");
    let subject = Subject { who: format!("{name} of {place}"), demands_mfa: true, ..subject.clone() };
    let probe = stranger(scenario, subject.probe(account, scenario)?);
    Some(Probe { of_organization, ..probe })
}

/// Somebody whom the spec does not name, with everything that helps.
fn stranger(scenario: &Scenario<'_>, probe: Probe) -> Probe {
    let asks_id = scenario.role.external_id.is_some();
    let mfa = (probe.mfa == Mfa::Used).then_some(true);
    let with = circumstances(mfa, asks_id.then_some(ExternalId::Right));
    let attached = Attached::Anything;
    Probe { with, attached, delegated: false, expected: Decision::Deny, ..probe }
}

/// An account that is neither A nor the target.
fn another_account<'a>(source: &SourceAccount, target: &str) -> &'a str {
    let taken = |account: &&str| *account == source.account_id.as_str() || *account == target;
    ["999999999999", "888888888888", "777777777777"]
        .into_iter()
        .find(|account| !taken(account))
        .unwrap_or_default()
}
