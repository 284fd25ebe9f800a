//! The callers that matter, and what the spec says of each.

use super::case::{Attached, Case, ExternalId, Identity, Mfa, Tags};
use super::scene::{OTHER, Scene};
use crate::model::{Caller, SourceAccount};
use crate::policy::evaluate::{Decision, Principal};

/// Someone in A, a declared caller or not.
#[derive(Debug, Clone)]
struct Person {
    who: String,
    /// `user/NAME` or `role/NAME`.
    resource: String,
    can_carry_mfa: bool,
    demands_mfa: bool,
    delegated: bool,
}

/// Every case that matters, declared callers first.
pub(super) fn cases(scene: &Scene<'_>) -> Vec<Case> {
    let declared: Vec<Person> =
        scene.source.callers.iter().flat_map(|caller| persons(scene, caller)).collect();
    let mut cases: Vec<Case> = declared.iter().flat_map(|person| entering(scene, person)).collect();
    cases.extend(declared.iter().flat_map(|person| tagging(scene, person)));
    cases.extend(others(scene));
    cases.extend(declared.iter().filter_map(|person| abroad(scene, person, false)));
    if scene.source.organization_id.is_some() {
        cases.extend(declared.iter().filter_map(|person| abroad(scene, person, true)));
    }
    cases
}

/// Those for whom a caller of the spec stands.
fn persons(scene: &Scene<'_>, caller: &Caller) -> Vec<Person> {
    // Where the whole account may enter without MFA, so may everyone in it.
    let role = &scene.target.role;
    let is_open = |caller: &Caller| matches!(caller, Caller::Account { .. }) && !role.demands_mfa_of(caller);
    let demands_mfa = role.demands_mfa_of(caller) && !scene.source.callers.iter().any(is_open);
    let person = |who: String, resource: String, can_carry_mfa, delegated| Person {
        who,
        resource,
        can_carry_mfa,
        demands_mfa,
        delegated,
    };
    match caller {
        Caller::IamUser { name, .. } => {
            vec![person(format!("user {name}"), format!("user/{name}"), true, false)]
        }
        Caller::Role { name } => vec![person(format!("role {name}"), format!("role/{name}"), false, false)],
        Caller::Account { .. } => vec![
            person("any user of A".to_owned(), format!("user/{OTHER}"), true, true),
            person("any role of A".to_owned(), format!("role/{OTHER}"), false, true),
        ],
    }
}

impl Person {
    fn case(&self, account: &str, scene: &Scene<'_>) -> Option<Case> {
        let arn = format!("arn:{}:iam::{account}:{}", scene.source.partition, self.resource);
        let session = scene.target.session.session_name.as_str();
        Some(Case {
            who: self.who.clone(),
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

    fn at_home(&self, scene: &Scene<'_>) -> Option<Case> {
        self.case(scene.source.account_id.as_str(), scene)
    }

    /// Whether they can ever show what the role asks of them.
    fn can_enter(&self) -> bool {
        self.can_carry_mfa || !self.demands_mfa
    }
}

/// With everything that the role asks for, and with one thing less.
fn entering(scene: &Scene<'_>, person: &Person) -> Vec<Case> {
    let asks_id = scene.target.role.external_id.is_some();
    let decision = |allowed| if allowed { Decision::Allow } else { Decision::Deny };
    let case = |used, external_id, attached| {
        let case = person.at_home(scene)?;
        let mfa = person.mfa(used);
        let has_mfa = mfa == Mfa::Used || !person.demands_mfa;
        let allowed = has_mfa && external_id == ExternalId::Right && attached == Attached::Generated;
        let with = circumstances(person.can_carry_mfa.then_some(used), asks_id.then_some(external_id));
        Some(Case { with, mfa, external_id, attached, expected: decision(allowed), ..case })
    };
    let best = person.can_carry_mfa && person.demands_mfa;
    let mut cases = vec![case(best, ExternalId::Right, Attached::Generated)];
    if person.can_carry_mfa {
        cases.push(case(!best, ExternalId::Right, Attached::Generated));
    }
    if asks_id && person.can_enter() {
        cases.push(case(best, ExternalId::None, Attached::Generated));
        cases.push(case(best, ExternalId::Wrong, Attached::Generated));
    }
    if person.delegated && person.can_enter() {
        let without = case(best, ExternalId::Right, Attached::Nothing);
        cases.push(without.map(|case| {
            let with = [case.with, vec!["no policy of A's".to_owned()]].concat();
            Case { with, ..case }
        }));
    }
    cases.into_iter().flatten().collect()
}

fn circumstances(mfa: Option<bool>, external_id: Option<ExternalId>) -> Vec<String> {
    let mfa = mfa.map(|used| if used { "MFA" } else { "no MFA" });
    let external_id = external_id.map(|id| match id {
        ExternalId::Right => "external id",
        ExternalId::None => "no external id",
        ExternalId::Wrong => "other external id",
    });
    mfa.into_iter().chain(external_id).map(str::to_owned).collect()
}

/// Session tags and source identity, where the session uses them: as declared, and otherwise.
fn tagging(scene: &Scene<'_>, person: &Person) -> Vec<Case> {
    let session = &scene.target.session;
    let case = |action, with: &str, tags, identity| {
        let is_declared = tags == Tags::Declared && identity == Identity::Declared;
        let expected = if is_declared { Decision::Allow } else { Decision::Deny };
        let with = vec![with.to_owned()];
        let case = person.at_home(scene).filter(|_| person.can_enter())?;
        Some(Case { with, action, tags, identity, expected, ..case })
    };
    let mut cases = Vec::new();
    if !session.tags.is_empty() {
        let action = "sts:TagSession";
        cases.push(case(action, "declared tags", Tags::Declared, Identity::Declared));
        cases.push(case(action, "another tag value", Tags::OtherValue, Identity::Declared));
        cases.push(case(action, "a further tag", Tags::Further, Identity::Declared));
    }
    if session.source_identity.is_some() {
        let action = "sts:SetSourceIdentity";
        cases.push(case(action, "declared source identity", Tags::Declared, Identity::Declared));
        cases.push(case(action, "another source identity", Tags::Declared, Identity::Other));
    }
    cases.into_iter().flatten().collect()
}

/// Others of A, with everything that helps. Where the whole account is declared there are none.
fn others(scene: &Scene<'_>) -> Vec<Case> {
    if scene.source.callers.iter().any(|caller| matches!(caller, Caller::Account { .. })) {
        return Vec::new();
    }
    let other = |kind: &str| Person {
        who: format!("another {kind} of A"),
        resource: format!("{kind}/{OTHER}"),
        can_carry_mfa: kind == "user",
        demands_mfa: true,
        delegated: false,
    };
    ["user", "role"]
        .into_iter()
        .filter_map(|kind| Some(stranger(scene, other(kind).at_home(scene)?)))
        .collect()
}

/// Whoever stands for a principal that a trust policy lists and the spec does not name. Federated
/// users and services are none of these: they call in other ways.
pub(super) fn listed(scene: &Scene<'_>, principal: &str) -> Option<Case> {
    let by_number = || (principal.len() == 12).then_some((principal, "root"));
    let by_arn = || {
        let mut parts = principal.splitn(6, ':').skip(2);
        let service = parts.next()?;
        let (account, resource) = (parts.nth(1)?, parts.next()?);
        matches!(service, "iam" | "sts").then_some((account, resource))
    };
    let (account, resource) = by_arn().or_else(by_number)?;
    let is_whole = resource == "root";
    let declares_all = scene.source.callers.iter().any(|caller| matches!(caller, Caller::Account { .. }));
    if declares_all && account == scene.source.account_id.as_str() {
        return None;
    }
    let person = Person {
        who: if is_whole { format!("a user of account {account}") } else { format!("`{principal}`") },
        resource: if is_whole { format!("user/{OTHER}") } else { resource.to_owned() },
        can_carry_mfa: is_whole || resource.starts_with("user/"),
        demands_mfa: true,
        delegated: false,
    };
    let case = person.case(account, scene)?;
    let session = principal.contains(":sts:").then(|| Principal::parse(principal).ok()).flatten();
    Some(stranger(scene, Case { principal: session.unwrap_or_else(|| case.principal.clone()), ..case }))
}

/// The same name in another account, a member of A's organization or not.
fn abroad(scene: &Scene<'_>, person: &Person, of_organization: bool) -> Option<Case> {
    let account = another_account(scene.source, scene.target.account_id.as_str());
    let place = if of_organization { "another member account" } else { "a stranger's account" };
    let name = person.who.trim_end_matches(" of A");
    let person = Person { who: format!("{name} of {place}"), demands_mfa: true, ..person.clone() };
    let case = stranger(scene, person.case(account, scene)?);
    Some(Case { of_organization, ..case })
}

/// Somebody whom the spec does not name, with everything that helps.
fn stranger(scene: &Scene<'_>, case: Case) -> Case {
    let asks_id = scene.target.role.external_id.is_some();
    let mfa = (case.mfa == Mfa::Used).then_some(true);
    let with = circumstances(mfa, asks_id.then_some(ExternalId::Right));
    let attached = Attached::Anything;
    Case { with, attached, delegated: false, expected: Decision::Deny, ..case }
}

/// An account that is neither A nor the target.
fn another_account<'a>(source: &SourceAccount, target: &str) -> &'a str {
    let taken = |account: &&str| *account == source.account_id.as_str() || *account == target;
    ["999999999999", "888888888888", "777777777777"]
        .into_iter()
        .find(|account| !taken(account))
        .unwrap_or_default()
}
