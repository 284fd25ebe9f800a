//! Everyone whom any role lets in, and what becomes wider or narrower when all roles let in the same.

use std::collections::BTreeSet;

use super::pair::Pair;
use super::role::Role;
use super::trust::Caller;
use crate::answers::CallerAnswer;
use crate::diagnostic::words::Count;
use crate::import::notes::Note;
use crate::model::AccountId;

/// Everyone whom any role lets in.
pub(super) struct Callers {
    /// The account that they are in, where it is certain.
    pub(super) account: Option<AccountId>,
    /// Callers as the spec lists them, MFA demanded where any role demands it.
    pub(super) all: Vec<CallerAnswer>,
    pub(super) organization: Option<String>,
}

/// The account that callers are in: the one that is given, or the only one that any role lets in.
pub(super) fn account(
    pairs: &[Pair<'_>],
    given: Option<&AccountId>,
    notes: &mut Vec<Note>,
) -> Option<AccountId> {
    if let Some(given) = given {
        return Some(given.clone());
    }
    let foreign = pairs.iter().flat_map(|pair| {
        let callers = pair.role.into_iter().flat_map(|role| &role.trust.callers);
        callers.map(|caller| &caller.account).filter(|account| **account != pair.id.account)
    });
    let accounts: BTreeSet<&AccountId> = foreign.collect();
    if accounts.len() > 1 {
        let named: Vec<String> = accounts.iter().map(ToString::to_string).collect();
        let count = Count(accounts.len(), "account");
        let subject = format!("callers of {count} are let in, and a spec has one source account");
        let note = Note::new(None, subject).detail(named.join(", "));
        notes.push(note.help("say which one it is: `--set source.account_id=ID`"));
        return None;
    }
    accounts.into_iter().next().cloned()
}

/// Leaves out roles that nobody of the source account may assume, each with a note.
pub(super) fn keep_open<'p>(
    pairs: Vec<Pair<'p>>,
    account: Option<&AccountId>,
    notes: &mut Vec<Note>,
) -> Vec<Pair<'p>> {
    let mut kept = Vec::new();
    for pair in pairs {
        if Some(&pair.id.account) == account {
            let found = pair.role.map(|role| role.found).or(pair.provider.map(|provider| provider.found));
            let subject = "not carried over: this role is in the source account itself";
            notes.extend(found.map(|found| found.note(found.at(), subject)));
            continue;
        }
        let Some(role) = pair.role else {
            kept.push(pair);
            continue;
        };
        let is_own = |caller: &Caller| caller.account == pair.id.account;
        let is_open =
            |caller: &Caller| !is_own(caller) && account.is_none_or(|account| caller.account == *account);
        if role.trust.callers.iter().any(is_open) {
            kept.push(pair);
            continue;
        }
        let subject = if role.trust.callers.iter().all(is_own) {
            "this role is not carried over: only its own account is let in"
        } else {
            "this role is not carried over: it lets in other accounts than the source account"
        };
        notes.push(role.found.note(role.found.at(), subject));
    }
    kept
}

impl Callers {
    pub(super) fn of(pairs: &[Pair<'_>], account: Option<AccountId>, notes: &mut Vec<Note>) -> Self {
        let roles: Vec<&Role<'_>> = pairs.iter().filter_map(|pair| pair.role).collect();
        let mut all: Vec<CallerAnswer> = Vec::new();
        for (role, caller) in
            roles.iter().flat_map(|role| role.trust.callers.iter().map(move |it| (role, it)))
        {
            if account.is_none() {
                continue;
            }
            if Some(&caller.account) != account.as_ref() {
                let subject = "callers of other accounts than the source account will be locked out";
                let detail = format!("{} of {}", shown(&caller.answer), caller.account);
                notes.push(role.found.note(role.found.at(), subject).detail(detail));
                continue;
            }
            match all.iter_mut().find(|known| without_mfa(known) == without_mfa(&caller.answer)) {
                Some(known) if demands_mfa(&caller.answer) => *known = caller.answer.clone(),
                Some(_) => {}
                None => all.push(caller.answer.clone()),
            }
        }
        let organization = organization(&roles, account.as_ref());
        Self { account, all, organization }
    }

    /// The callers of a role that are carried over.
    fn own<'r>(&self, role: &'r Role<'_>) -> Vec<&'r Caller> {
        let callers = role.trust.callers.iter();
        callers.filter(|caller| Some(&caller.account) == self.account.as_ref()).collect()
    }

    /// Notes where the trust policy that will be generated differs from the one that was read, and says
    /// whether the role has another mind about MFA than the callers.
    pub(super) fn compare(&self, role: &Role<'_>, notes: &mut Vec<Note>) -> Option<bool> {
        let mut widened = |what: String| {
            notes.push(role.found.note(role.found.at(), format!("trust widened: {what}")).warning());
        };
        for lost in &role.trust.lost {
            widened(format!("{lost} is not carried over"));
        }
        let own = self.own(role);
        let has_organization = own.iter().any(|caller| !caller.organizations.is_empty());
        if self.organization.is_none() && has_organization {
            widened("`aws:PrincipalOrgID` is not carried over: a spec demands one organization of all roles or none".to_owned());
        }
        let mut mfa = None;
        for known in &self.all {
            let same = own.iter().find(|caller| without_mfa(&caller.answer) == without_mfa(known));
            match same {
                None => {
                    widened(format!("a spec lets the same callers into every role: also {}", shown(known)));
                }
                Some(caller) if demands_mfa(known) && !demands_mfa(&caller.answer) => mfa = Some(false),
                Some(_) => {}
            }
        }
        if mfa == Some(false) && own.iter().any(|caller| demands_mfa(&caller.answer)) {
            widened("MFA is demanded of some callers and not of others".to_owned());
        }
        for principal in &role.trust.locked_out {
            let subject = "a principal that a spec cannot name will be locked out";
            notes.push(role.found.note(role.found.at(), subject).detail(principal));
        }
        mfa
    }

    /// The external ids that callers of a role have to send. Those who need none are noted where others
    /// do.
    pub(super) fn external_ids(&self, role: &Role<'_>, notes: &mut Vec<Note>) -> BTreeSet<String> {
        let own = self.own(role);
        let ids: BTreeSet<String> =
            own.iter().flat_map(|caller| &caller.external_ids).map(ToString::to_string).collect();
        if !ids.is_empty() {
            for caller in own.iter().filter(|caller| caller.external_ids.is_empty()) {
                let subject = "a caller that needs no external ID now will need one";
                notes.push(role.found.note(role.found.at(), subject).detail(shown(&caller.answer)));
            }
        }
        ids
    }
}

/// The organization that every role demands of every caller.
fn organization(roles: &[&Role<'_>], account: Option<&AccountId>) -> Option<String> {
    let callers = roles.iter().flat_map(|role| &role.trust.callers);
    let mut carried = callers.filter(|caller| Some(&caller.account) == account);
    let first = carried.next()?.organizations.clone();
    let is_same = carried.all(|caller| caller.organizations == first);
    let id = first.iter().next()?.to_string();
    (is_same && first.len() == 1).then_some(id)
}

fn without_mfa(caller: &CallerAnswer) -> CallerAnswer {
    let mut caller = caller.clone();
    if let CallerAnswer::Account { mfa } | CallerAnswer::User { mfa, .. } = &mut caller {
        *mfa = false;
    }
    caller
}

fn demands_mfa(caller: &CallerAnswer) -> bool {
    without_mfa(caller) != *caller
}

fn shown(caller: &CallerAnswer) -> String {
    match caller {
        CallerAnswer::Account { .. } => "everyone in the account".to_owned(),
        CallerAnswer::User { name, .. } => format!("user `{name}`"),
        CallerAnswer::Role { name } => format!("role `{name}`"),
    }
}
