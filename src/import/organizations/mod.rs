//! Account lists as people keep them: what `aws organizations list-accounts` prints, files of tools that
//! make accounts, maps of names and IDs, tables.
//!
//! Source: the `Account` shape in the Organizations API reference. The ARN of an account is
//! `arn:PARTITION:organizations::MANAGEMENT-ACCOUNT:account/ORGANIZATION/ACCOUNT`, which is how the
//! management account and the organization are known; where no ARN is, the source account has to be said.

mod account;
mod forms;
mod hcl;
mod messages;
mod table;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use self::account::{Account, Organization};
use self::forms::Listing;
use self::messages::{HELP, note};
use super::Imported;
use super::notes::{Note, grouped};
use crate::answers::Draft;
use crate::answers::names::{joined, safe_name};
use crate::diagnostic::words::{Count, did_you_mean, visible};
use crate::diagnostic::{Error, Kind, Source};
use crate::model::{AccountId, Partition, SourceName, TargetName, Text};

/// Which accounts are wanted.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Only accounts of this organizational unit, by name or ID.
    pub unit: Option<String>,
    /// Only accounts with such a name.
    pub name: Option<glob::Pattern>,
    /// The source account, where it is said; otherwise it is the management account.
    pub source: Option<AccountId>,
}

/// Targets from an account list; its form is told from its content.
///
/// # Errors
/// What is not such a list, goes on elsewhere, or holds no account that is wanted.
pub fn import(source: &Arc<Source>, wanted: &Wanted) -> Result<Imported, Error> {
    let Listing { accounts, organization, management, form, mut notes } = forms::read(source)?;
    let mut known: BTreeMap<AccountId, Account> = BTreeMap::new();
    for account in accounts {
        match known.get(&account.id) {
            // A page that was fetched twice repeats accounts.
            Some(first) if first.name == account.name => {}
            Some(first) => {
                let note = note(source, account.at, "the same account under another name is left out");
                notes.push(note.detail(format!("`{}` is `{}`", account.name, first.name)));
            }
            None => drop(known.insert(account.id.clone(), account)),
        }
    }
    let management = organization.as_ref().map(|it| it.management.clone()).or(management);
    let own = wanted.source.clone().or_else(|| management.clone());
    let source_account = own.as_ref().and_then(|id| known.remove(id));
    if let Some(account) = management.filter(|id| own.as_ref() != Some(id)).and_then(|id| known.remove(&id)) {
        let subject = "the management account is left out, because it is not the source";
        notes.push(note(source, account.at, subject).detail(format!("`{}`", account.name)));
    }
    if own.is_none() {
        let first = known.values().map(|account| account.at).min().unwrap_or_default();
        let subject = format!("{form} does not say which account the callers are in");
        notes.push(note(source, first, subject).help("pass `--set source.account_id=ID`"));
    }
    let targets = match select(source, known, own.as_ref(), wanted, &mut notes) {
        Ok(targets) => targets,
        Err(Error { kind, diagnostics }) => {
            return Err(Error::new(kind, grouped(notes).into_iter().chain(diagnostics).collect()));
        }
    };
    let draft = draft(own.as_ref(), organization.as_ref(), source_account.as_ref(), &targets);
    Ok(Imported { draft, notes: grouped(notes), summary: String::new() })
}

/// The accounts that become targets, each with its name.
fn select(
    source: &Arc<Source>,
    accounts: BTreeMap<AccountId, Account>,
    own: Option<&AccountId>,
    wanted: &Wanted,
    notes: &mut Vec<Note>,
) -> Result<Vec<(TargetName, Account)>, Error> {
    let known: Vec<String> = accounts.values().flat_map(|account| account.units.clone()).collect();
    let total = accounts.len();
    if let (0, Some(own)) = (total, own) {
        let message = format!("`{}` lists no account besides the source account, {own}", source.name);
        return Err(Error::one(Kind::Input, message, HELP));
    }
    if let Some(unit) = &wanted.unit
        && !known.contains(unit)
    {
        return Err(unknown_unit(unit, known));
    }
    let mut kept = Vec::new();
    for account in accounts.into_values().filter(|account| is_wanted(account, wanted)) {
        if account.status == "ACTIVE" {
            kept.push(account);
        } else {
            let status = account.status.to_lowercase().replace('_', " ");
            let note = note(source, account.at, format!("left out: {status}"));
            notes.push(note.detail(format!("`{}`", account.name)));
        }
    }
    if kept.is_empty() {
        let message = format!("none of {} is wanted and active", Count(total, "member account"));
        let help = "`--ou` and `--filter` choose by name; the management account is the source";
        return Err(Error::one(Kind::Input, message, help));
    }
    Ok(named(source, kept, notes))
}

fn is_wanted(account: &Account, wanted: &Wanted) -> bool {
    let options = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::new() };
    let in_unit = wanted.unit.as_ref().is_none_or(|unit| account.units.contains(unit));
    let safe = safe_name(&account.name);
    let is_named = |pattern: &glob::Pattern| {
        pattern.matches_with(&account.name, options) || pattern.matches_with(&safe, options)
    };
    in_unit && wanted.name.as_ref().is_none_or(is_named)
}

fn unknown_unit(unit: &str, mut known: Vec<String>) -> Error {
    known.sort();
    known.dedup();
    let known: Vec<&str> = known.iter().map(String::as_str).take(20).collect();
    let (message, help) = if known.is_empty() {
        let help = "take `aws organizations list-accounts-for-parent --parent-id OU` instead of `--ou`, or add `OrganizationalUnit` to each account (docs/how-to.md)";
        (
            format!(
                "the account list does not say which OU each account is in, so `--ou {unit}` has no meaning"
            ),
            help.to_owned(),
        )
    } else {
        (format!("no account is in `{unit}`"), did_you_mean(unit, &known))
    };
    Error::one(Kind::Usage, message, help)
}

/// Names that targets can have: those of the accounts in another spelling, with the end of the ID where
/// two would be the same.
fn named(source: &Arc<Source>, accounts: Vec<Account>, notes: &mut Vec<Note>) -> Vec<(TargetName, Account)> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for account in &accounts {
        *count.entry(safe_name(&account.name)).or_default() += 1;
    }
    let mut named = Vec::with_capacity(accounts.len());
    let mut taken = BTreeSet::new();
    for account in accounts {
        let safe = safe_name(&account.name);
        let id = account.id.as_str();
        // The end of an ID tells most apart; the whole ID tells all.
        let (short, long) = (joined(&safe, &id[8..]), joined(&safe, id));
        let is_free = |name: &String| !count.contains_key(name) && !taken.contains(name);
        // Empty, or a name that Windows keeps for a device.
        let is_name = TargetName::parse(&safe).is_ok();
        let is_unique = count[&safe] == 1 && is_name;
        let name = if is_unique { safe.clone() } else { Some(short).filter(is_free).unwrap_or(long) };
        let Ok(target) = TargetName::parse(&name) else { continue };
        if count[&safe] > 1 {
            let subject = "accounts of one name get the end of their ID";
            let detail = format!("`{}` becomes `{name}`", account.name);
            notes.push(note(source, account.at, subject).detail(detail));
        }
        taken.insert(name);
        named.push((target, account));
    }
    named
}

fn draft(
    own: Option<&AccountId>,
    organization: Option<&Organization>,
    account: Option<&Account>,
    targets: &[(TargetName, Account)],
) -> Draft {
    let mut source = Map::new();
    let name = account.and_then(|account| SourceName::parse(&account.name).ok());
    if let Some(name) = name {
        source.insert("name".to_owned(), json!(name));
    }
    if let Some(own) = own {
        source.insert("account_id".to_owned(), json!(own));
    }
    if let Some(partition) = organization.map(|it| it.partition).filter(|it| *it != Partition::Aws) {
        source.insert("partition".to_owned(), json!(partition));
    }
    if let Some(id) = organization.and_then(|it| it.id.as_ref()) {
        source.insert("organization_id".to_owned(), json!(id));
    }
    let listed: Value =
        targets.iter().map(|(name, account)| json!({ "name": name, "account_id": account.id })).collect();
    let mut draft = Draft::of(json!({ "source": source, "targets": listed }));
    draft.comment("", "From an account list. Say who assumes the roles (`source.callers`), and\nwhat they may do (`defaults.role.policy_arns`).");
    if own.is_some() && own == organization.map(|it| &it.management) {
        draft.comment("source", "Account A: the organization's management account.");
    }
    for (index, (name, account)) in targets.iter().enumerate() {
        let mut words = Vec::new();
        if account.name != name.as_str() {
            words.push(visible(&account.name));
        }
        if account.invited {
            words.push(
                "Joined by invitation: OrganizationAccountAccessRole may have to be created first."
                    .to_owned(),
            );
        }
        if !words.is_empty() {
            draft.comment(format!("targets[{index}]"), words.join("\n"));
        }
    }
    draft
}
