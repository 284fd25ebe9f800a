//! One account, as an entry of any list says it.

use std::sync::Arc;

use super::messages::{HELP, refused};
use crate::diagnostic::{Diagnostic, Error, Kind, Source, Span};
use crate::model::{AccountId, ArnParts, OrganizationId, Partition, Text};
use crate::value::{Data, Value};

/// Keys of an account's ID, in lower case and without what is neither letter nor digit.
const IDS: [&str; 6] = ["id", "accountid", "account", "awsaccountid", "accountnumber", "awsaccount"];
/// Keys of its name.
const NAMES: [&str; 4] = ["name", "accountname", "alias", "accountalias"];
/// Keys of the organizational unit that it is in.
const UNITS: [&str; 8] = [
    "organizationalunit",
    "organizationalunitname",
    "organizationalunitid",
    "managedorganizationalunit",
    "ou",
    "ouname",
    "ouid",
    "parentid",
];

/// An account, as far as it matters here.
pub(super) struct Account {
    pub(super) id: AccountId,
    pub(super) name: String,
    /// What has become of it; `ACTIVE` is in use.
    pub(super) status: String,
    pub(super) invited: bool,
    /// Names and IDs of the units that it is in.
    pub(super) units: Vec<String>,
    pub(super) at: Span,
}

/// What the ARNs say of the organization.
#[derive(Clone)]
pub(super) struct Organization {
    pub(super) partition: Partition,
    pub(super) management: AccountId,
    pub(super) id: Option<OrganizationId>,
}

/// A text, or a number as it is written.
pub(super) fn scalar(value: &Value) -> Option<&str> {
    match &value.data {
        Data::Number(number) => Some(number),
        _ => value.text(),
    }
}

/// Whether a value is meant as an account's ID: digits alone, however many.
pub(super) fn is_digits(value: &Value) -> bool {
    scalar(value).is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a value is an account's ID.
pub(super) fn is_id(value: &Value) -> bool {
    scalar(value).is_some_and(|text| AccountId::parse(text).is_ok())
}

/// The value of the first of some keys.
fn field<'v>(entry: &'v Value, keys: &[&str]) -> Option<&'v Value> {
    let of = |key: &&str| entry.entries().iter().find(|it| it.name().is_some_and(|name| plain(name) == *key));
    keys.iter().find_map(of).map(|entry| &entry.value).filter(|value| !value.is_null())
}

/// Whether a key is one of an ID.
pub(super) fn is_id_key(key: &str) -> bool {
    IDS.contains(&&*plain(key))
}

fn plain(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The ID that an entry has.
pub(super) fn id_of(entry: &Value) -> Option<&Value> {
    field(entry, &IDS)
}

/// The name that an entry has.
pub(super) fn name_of(entry: &Value) -> Option<&str> {
    field(entry, &NAMES).and_then(scalar)
}

/// An ID that must be one.
pub(super) fn parse_id(source: &Arc<Source>, value: &Value) -> Result<AccountId, Error> {
    let text = scalar(value).unwrap_or_default();
    AccountId::parse(text).map_err(|invalid| {
        let help = match &value.data {
            Data::Number(_) => "a number loses its leading zeros: write IDs of 12 digits between quotes",
            _ => HELP,
        };
        let found = Diagnostic::error(invalid.message).id(invalid.id).at(source, value.at).help(help);
        Error::new(Kind::Input, vec![found])
    })
}

/// An account from an entry of a list; `name` is what it is called where the entry does not say.
pub(super) fn read(
    source: &Arc<Source>,
    entry: &Value,
    name: &str,
    units: &dyn Fn(&str) -> Option<String>,
) -> Result<Account, Error> {
    let Some(id) = id_of(entry) else {
        return Err(refused(source, entry.at, "an account without an ID"));
    };
    let text = |keys: &[&str]| field(entry, keys).and_then(scalar);
    let mut found: Vec<String> = UNITS.iter().filter_map(|key| text(&[*key])).map(str::to_owned).collect();
    let paths = field(entry, &["paths"]).map_or(&[][..], Value::items);
    let parts = paths.iter().filter_map(Value::text).flat_map(|path| path.split('/'));
    found.extend(parts.filter(|part| part.starts_with("ou-")).map(str::to_owned));
    let names: Vec<String> = found.iter().filter_map(|unit| units(unit)).collect();
    found.extend(names);
    Ok(Account {
        id: parse_id(source, id)?,
        name: name_of(entry).unwrap_or(name).to_owned(),
        status: text(&["state", "status"]).unwrap_or("ACTIVE").to_uppercase(),
        invited: text(&["joinedmethod"]) == Some("INVITED"),
        units: found,
        at: id.at,
    })
}

/// What the ARN of an entry says of the organization; `None` where there is none.
pub(super) fn organization(source: &Arc<Source>, entry: &Value) -> Result<Option<Organization>, Error> {
    let Some((value, text)) = field(entry, &["arn"]).and_then(|arn| Some((arn, scalar(arn)?))) else {
        return Ok(None);
    };
    let Some(arn) = ArnParts::split(text).filter(|arn| arn.service == "organizations") else {
        return Ok(None);
    };
    let broken = |message: String| refused(source, value.at, message);
    let id = arn.resource.split('/').nth(1).and_then(|id| OrganizationId::parse(id).ok());
    Ok(Some(Organization {
        partition: Partition::parse(arn.partition)
            .map_err(|_| broken(format!("the partition `{}` is not known", arn.partition)))?,
        management: AccountId::parse(arn.account).map_err(|invalid| broken(invalid.message))?,
        id,
    }))
}
