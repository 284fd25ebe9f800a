//! Everyone whom any role lets in, who of them which role lets in, and what becomes wider or narrower.

use std::collections::BTreeSet;

use super::pair::Pair;
use super::role::{Entered, Role};
use super::trust::Caller;
use crate::answers::{CallerAnswer, Who};
use crate::diagnostic::words::Count;
use crate::import::notes::Note;
use crate::model::{AccountId, CallerId, RoleMatch};

const NOT_LET_IN: &str = "this role is not carried over: no other account is let in";

/// Everyone whom any role lets in.
#[derive(Default)]
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
        notes.push(note.help("name it: `--set source.account_id=ID`"));
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
        let mut all: Vec<Who> = Vec::new();
        let let_in = roles.iter().flat_map(|role| role.trust.callers.iter().map(move |it| (role, it)));
        for (role, caller) in let_in.filter(|_| account.is_some()) {
            if Some(&caller.account) != account.as_ref() {
                let subject = "callers of other accounts than the source account will be locked out";
                let detail = format!("{} of {}", shown(&caller.who), caller.account);
                notes.push(role.found.note(role.found.at(), subject).detail(detail));
                continue;
            }
            match all.iter_mut().find(|known| known.is_one_with(&caller.who)) {
                Some(known) if is_narrower(&caller.who) => *known = caller.who.clone(),
                Some(_) => {}
                None => all.push(caller.who.clone()),
            }
        }
        let all = all.into_iter().fold(Vec::new(), |mut named: Vec<CallerAnswer>, who| {
            let caller = CallerAnswer { id: None, who }.apart_from(&named);
            named.push(caller);
            named
        });
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
        for known in self.all.iter().map(|caller| &caller.who) {
            let Some(caller) = own.iter().find(|caller| caller.who.is_one_with(known)) else { continue };
            if known.demands_mfa() && !caller.who.demands_mfa() {
                mfa = Some(false);
            }
        }
        if mfa == Some(false) && own.iter().any(|caller| caller.who.demands_mfa()) {
            widened("MFA is demanded of some callers and not of others".to_owned());
        }
        self.note_narrowed(role, &own, notes);
        mfa
    }

    /// Notes whom the trust policy that will be generated does not let in any more.
    fn note_narrowed(&self, role: &Role<'_>, own: &[&Caller], notes: &mut Vec<Note>) {
        let mut say = |subject: &str, detail: String| {
            notes.push(role.found.note(role.found.at(), subject).detail(detail));
        };
        for principal in &role.trust.locked_out {
            say("a principal that a spec cannot name will be locked out", principal.clone());
        }
        for pattern in &role.trust.narrowed {
            say(
                "a pattern that ends with `*` will match the roles of one permission set alone",
                pattern.clone(),
            );
        }
        for caller in own {
            if self.all.iter().any(|known| known.who.is_one_with(&caller.who) && is_by_arn(known, caller)) {
                let subject = "named by `aws:PrincipalArn` here and by its ARN elsewhere: `match: arn` is used for both";
                say(subject, shown(&caller.who));
            }
        }
    }

    /// The ids of those whom a role lets in, where that is not everyone.
    pub(super) fn ids_of(&self, role: &Role<'_>) -> Option<Vec<CallerId>> {
        let own = self.own(role);
        let is_own = |known: &&CallerAnswer| own.iter().any(|caller| caller.who.is_one_with(&known.who));
        let ids: Vec<CallerId> = self.all.iter().filter(is_own).filter_map(CallerAnswer::id).collect();
        (ids.len() < self.all.len()).then_some(ids)
    }

    /// Notes roles that are entered with tokens: they let in no other account, and may be callers themselves.
    pub(super) fn note_entered(&self, entered: &[Entered<'_>], notes: &mut Vec<Note>) {
        for Entered { principal, found } in entered {
            let is_it = |caller: &CallerAnswer| matches!(&caller.who, Who::Role { name, .. } if name.as_str() == *principal);
            let note = if self.all.iter().any(is_it) {
                let subject = "this role is entered with OIDC tokens, and remains a caller of `kind: role`";
                let help = "a caller of `kind: github_actions`, `gitlab`, `hcp_terraform` or `oidc` could be declared instead: crossrole then creates its role";
                found.note(found.at(), subject).detail(format!("`{principal}`")).help(help)
            } else {
                found.note(found.at(), NOT_LET_IN)
            };
            notes.push(note);
        }
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
                notes.push(role.found.note(role.found.at(), subject).detail(shown(&caller.who)));
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

/// Whether this is the narrower of two ways to let one caller in.
fn is_narrower(who: &Who) -> bool {
    who.demands_mfa() || matches!(who, Who::Role { match_by: RoleMatch::Arn, .. })
}

/// Whether the spec names a role by its ARN that a trust policy does not.
fn is_by_arn(known: &CallerAnswer, caller: &Caller) -> bool {
    is_narrower(&known.who) && matches!(caller.who, Who::Role { match_by: RoleMatch::PrincipalArn, .. })
}

fn shown(who: &Who) -> String {
    match who {
        Who::Account { .. } => "everyone in the account".to_owned(),
        Who::User { name, .. } => format!("user `{name}`"),
        Who::Role { name, .. } => format!("role `{name}`"),
        Who::PermissionSet { name } => format!("permission set `{name}`"),
        Who::Workload(_) => "a workload".to_owned(),
    }
}
