//! The account list of AWS Organizations, as `aws organizations list-accounts` prints it.
//!
//! Source: the `Account` shape in the Organizations API reference. The ARN of an account is
//! `arn:PARTITION:organizations::MANAGEMENT-ACCOUNT:account/ORGANIZATION/ACCOUNT`, which is how the
//! management account and the organization are known.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::names::{joined, safe_name};
use super::{Imported, note};
use crate::answers::Draft;
use crate::diagnostic::words::{Count, did_you_mean, visible};
use crate::diagnostic::{Diagnostic, Error, Kind, Source, Span};
use crate::model::{AccountId, ArnParts, OrganizationId, Partition, SourceName, TargetName, Text};

/// Which accounts are wanted.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Only accounts of this organizational unit, by name or id.
    pub unit: Option<String>,
    /// Only accounts with such a name.
    pub name: Option<glob::Pattern>,
}

/// An account, as far as it matters here.
struct Account {
    id: AccountId,
    name: String,
    /// What has become of it; `ACTIVE` is in use.
    status: String,
    invited: bool,
    /// Names and ids of the units that it is in.
    units: Vec<String>,
    at: Span,
}

/// What the ARNs say of the organization.
#[derive(Clone)]
struct Organization {
    partition: Partition,
    management: AccountId,
    id: Option<OrganizationId>,
}

/// Targets from one or more pages of the account list.
///
/// # Errors
/// What is not such a list, or holds no account that is wanted.
pub fn import(source: &Arc<Source>, wanted: &Wanted) -> Result<Imported, Error> {
    let pages = read(source)?;
    let units = unit_names(&pages);
    let mut accounts = BTreeMap::new();
    let mut organization = None;
    for entry in pages.iter().flat_map(|page| entries(page, "Accounts")) {
        let account = account(source, entry, &units)?;
        organization = organization.or_else(|| organization_of(entry));
        // A page that was fetched twice repeats accounts.
        accounts.entry(account.id.clone()).or_insert(account);
    }
    if accounts.is_empty() {
        return Err(no_list(source, "there is no account in it"));
    }
    let organization = organization.ok_or_else(|| no_list(source, "no account has an ARN"))?;
    let mut notes = Vec::new();
    let management = accounts.remove(&organization.management);
    let targets = select(source, accounts.into_values().collect(), wanted, &mut notes)?;
    Ok(Imported { draft: draft(&organization, management.as_ref(), &targets), notes })
}

/// One JSON text after the other: `--no-paginate` and shell loops print several.
fn read(source: &Arc<Source>) -> Result<Vec<Value>, Error> {
    let text = source.text.trim_start_matches('\u{feff}');
    let mut pages = Vec::new();
    for page in serde_json::Deserializer::from_str(text).into_iter() {
        let page: Value = page.map_err(|error| {
            let before: usize =
                text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
            let at = (before + error.column().saturating_sub(1)).min(text.len());
            let message = error.to_string();
            let message = message.split(" at line").next().unwrap_or_default();
            let found =
                Diagnostic::error(format!("this is not JSON: {message}")).at(source, Span::new(at..at));
            Error::new(Kind::Input, vec![found.help(HELP)])
        })?;
        pages.push(page);
    }
    Ok(pages)
}

const HELP: &str = "`aws organizations list-accounts --output json` prints what is wanted here";

fn no_list(source: &Arc<Source>, why: &str) -> Error {
    let message = format!("`{}` is not an account list of AWS Organizations: {why}", source.name);
    Error::one(Kind::Input, message, HELP)
}

/// The entries of a list in a page; a page may be the bare list of accounts.
fn entries<'p>(page: &'p Value, key: &str) -> &'p [Value] {
    let list = if key == "Accounts" { page.as_array() } else { None };
    list.or_else(|| page[key].as_array()).map_or(&[], Vec::as_slice)
}

/// What organizational units are called, where pages of `list-organizational-units-for-parent` came
/// along.
fn unit_names(pages: &[Value]) -> BTreeMap<&str, &str> {
    let units = pages.iter().flat_map(|page| entries(page, "OrganizationalUnits"));
    units.filter_map(|unit| Some((unit["Id"].as_str()?, unit["Name"].as_str()?))).collect()
}

fn account(source: &Arc<Source>, entry: &Value, units: &BTreeMap<&str, &str>) -> Result<Account, Error> {
    let id = entry["Id"].as_str().unwrap_or_default();
    let at = source
        .text
        .find(&format!("\"{id}\""))
        .map_or_else(Span::default, |at| Span::new(at..at + id.len() + 2));
    let id = AccountId::parse(id).map_err(|invalid| {
        let found = Diagnostic::error(invalid.message).id(invalid.id).at(source, at);
        Error::new(Kind::Input, vec![found.help(HELP)])
    })?;
    let status = entry["State"].as_str().or(entry["Status"].as_str()).unwrap_or("ACTIVE").to_owned();
    let own = ["OrganizationalUnit", "OrganizationalUnitName", "OrganizationalUnitId", "ParentId"];
    let mut found: Vec<String> =
        own.iter().filter_map(|key| entry[key].as_str()).map(str::to_owned).collect();
    let paths = entry["Paths"].as_array().into_iter().flatten().filter_map(Value::as_str);
    found.extend(
        paths.flat_map(|path| path.split('/')).filter(|part| part.starts_with("ou-")).map(str::to_owned),
    );
    let names: Vec<String> =
        found.iter().filter_map(|unit| units.get(unit.as_str())).map(|name| (*name).to_owned()).collect();
    found.extend(names);
    Ok(Account {
        id,
        name: entry["Name"].as_str().unwrap_or_default().to_owned(),
        status,
        invited: entry["JoinedMethod"] == "INVITED",
        units: found,
        at,
    })
}

fn organization_of(entry: &Value) -> Option<Organization> {
    let arn = ArnParts::split(entry["Arn"].as_str()?).filter(|arn| arn.service == "organizations")?;
    let id = arn.resource.split('/').nth(1).and_then(|id| OrganizationId::parse(id).ok());
    Some(Organization {
        partition: Partition::parse(arn.partition).ok()?,
        management: AccountId::parse(arn.account).ok()?,
        id,
    })
}

/// The accounts that become targets, each with its name.
fn select(
    source: &Arc<Source>,
    accounts: Vec<Account>,
    wanted: &Wanted,
    notes: &mut Vec<Diagnostic>,
) -> Result<Vec<(TargetName, Account)>, Error> {
    let known: Vec<String> = accounts.iter().flat_map(|account| account.units.clone()).collect();
    let total = accounts.len();
    let wanted_accounts: Vec<Account> =
        accounts.into_iter().filter(|account| is_wanted(account, wanted)).collect();
    if let Some(unit) = &wanted.unit
        && !known.contains(unit)
    {
        return Err(unknown_unit(unit, known));
    }
    let mut kept = Vec::new();
    for account in wanted_accounts {
        if account.status == "ACTIVE" {
            kept.push(account);
        } else {
            let status = account.status.to_lowercase().replace('_', " ");
            notes.push(note(source, account.at, format!("`{}` is left out: it is {status}", account.name)));
        }
    }
    if kept.is_empty() {
        let message = format!("none of {} is wanted and active", Count(total, "member account"));
        return Err(Error::one(
            Kind::Input,
            message,
            "`--ou` and `--filter` choose by name; the management account is the source",
        ));
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
        let help = "the list says of no account where it is: take `aws organizations list-accounts-for-parent --parent-id OU` instead of `--ou`, or add `OrganizationalUnit` to each account (docs/how-to.md)";
        (format!("whether an account is in `{unit}` cannot be told"), help.to_owned())
    } else {
        (format!("no account is in `{unit}`"), did_you_mean(unit, &known))
    };
    Error::one(Kind::Usage, message, help)
}

/// Names that targets can have: those of the accounts in another spelling, with the end of the id where
/// two would be the same.
fn named(
    source: &Arc<Source>,
    accounts: Vec<Account>,
    notes: &mut Vec<Diagnostic>,
) -> Vec<(TargetName, Account)> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for account in &accounts {
        *count.entry(safe_name(&account.name)).or_default() += 1;
    }
    let mut named = Vec::with_capacity(accounts.len());
    for account in accounts {
        let safe = safe_name(&account.name);
        let id = account.id.as_str();
        // The end of an id tells most apart; the whole id tells all.
        let (short, long) = (joined(&safe, &id[8..]), joined(&safe, id));
        let is_free = |name: &String| {
            !count.contains_key(name)
                && named.iter().all(|(known, _): &(TargetName, _)| known.as_str() != name)
        };
        // Empty, or a name that Windows keeps for a device.
        let is_name = TargetName::parse(&safe).is_ok();
        let is_unique = count[&safe] == 1 && is_name;
        let name = if is_unique { safe.clone() } else { Some(short).filter(is_free).unwrap_or(long) };
        let Ok(target) = TargetName::parse(&name) else { continue };
        if count[&safe] > 1 {
            let alike = Count(count[&safe], "account");
            let message = format!("`{}` becomes `{name}`: {alike} would be called `{safe}`", account.name);
            notes.push(note(source, account.at, message));
        }
        named.push((target, account));
    }
    named
}

fn draft(
    organization: &Organization,
    management: Option<&Account>,
    targets: &[(TargetName, Account)],
) -> Draft {
    let mut source = Map::new();
    let name = management.and_then(|account| SourceName::parse(&account.name).ok());
    if let Some(name) = name {
        source.insert("name".to_owned(), json!(name));
    }
    source.insert("account_id".to_owned(), json!(organization.management));
    if organization.partition != Partition::Aws {
        source.insert("partition".to_owned(), json!(organization.partition));
    }
    if let Some(id) = &organization.id {
        source.insert("organization_id".to_owned(), json!(id));
    }
    let listed: Value =
        targets.iter().map(|(name, account)| json!({ "name": name, "account_id": account.id })).collect();
    let mut draft = Draft::of(json!({ "source": source, "targets": listed }));
    draft.comment("", "From the account list of AWS Organizations. Say who assumes the roles (`source.callers`), and\nwhat they may do (`defaults.role.policy_arns`).");
    draft.comment("source", "Account A: the organization's management account.");
    for (index, (name, account)) in targets.iter().enumerate() {
        let mut words = Vec::new();
        if account.name != name.as_str() {
            words.push(visible(&account.name));
        }
        if account.invited {
            words.push(
                "Joined by invitation: OrganizationAccountAccessRole may have to be made first.".to_owned(),
            );
        }
        if !words.is_empty() {
            draft.comment(format!("targets[{index}]"), words.join("\n"));
        }
    }
    draft
}
