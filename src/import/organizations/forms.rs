//! Which forms of account lists there are, and the accounts in each.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::account::{self, Account, Organization, id_of, is_digits, is_id, name_of, parse_id, scalar};
use super::messages::{HELP, note, refused};
use super::text::{self, Pages};
use crate::diagnostic::words::Count;
use crate::diagnostic::{Error, Kind, Source, Span};
use crate::import::notes::Note;
use crate::model::{AccountId, Text};
use crate::value::{Data, Value};

/// The types of accounts in files of org-formation.
const MANAGEMENT: [&str; 2] = ["OC::ORG::MasterAccount", "OC::ORG::ManagementAccount"];

/// What a list comes to.
pub(super) struct Listing {
    pub(super) accounts: Vec<Account>,
    pub(super) organization: Option<Organization>,
    /// The management account, where the list names it without an ARN.
    pub(super) management: Option<AccountId>,
    /// What the form is called.
    pub(super) form: &'static str,
    pub(super) notes: Vec<Note>,
}

/// What is being read.
struct Reader<'r> {
    source: &'r Arc<Source>,
    /// Names of units by their IDs.
    units: BTreeMap<String, String>,
    found: Listing,
    /// Accounts that are named without an ID.
    nameless: Vec<(Span, String)>,
}

/// The accounts of a text.
pub(super) fn read(source: &Arc<Source>) -> Result<Listing, Error> {
    let Pages { values, is_table } = text::read(source)?;
    ends(source, &values)?;
    let form = if is_table { "a table of accounts" } else { "a list of accounts" };
    let found =
        Listing { accounts: Vec::new(), organization: None, management: None, form, notes: Vec::new() };
    let mut reader = Reader { source, units: units(&values), found, nameless: Vec::new() };
    for value in &values {
        reader.page(value)?;
    }
    reader.finish()
}

/// Refuses a list that goes on behind its last page.
fn ends(source: &Arc<Source>, pages: &[Value]) -> Result<(), Error> {
    for key in ["Accounts", "OrganizationalUnits"] {
        let last = pages.iter().rev().find(|page| page.get(key).is_some());
        let token = last.and_then(|page| page.entry("NextToken"));
        let token = token.filter(|token| !token.value.is_null() && token.value.text() != Some(""));
        if let Some(token) = token {
            let message = format!("the list of `{key}` goes on: this page is not the last");
            let help =
                "take all pages: without `--max-items` and `--no-paginate` the AWS CLI prints them in one";
            let found = crate::diagnostic::Diagnostic::error(message).at(source, token.key_at).help(help);
            return Err(Error::new(Kind::Input, vec![found]));
        }
    }
    Ok(())
}

/// What organizational units are called, where pages of `list-organizational-units-for-parent` came along.
fn units(pages: &[Value]) -> BTreeMap<String, String> {
    let listed = pages.iter().filter_map(|page| page.get("OrganizationalUnits")).flat_map(Value::items);
    listed
        .filter_map(|unit| Some((unit.get("Id")?.text()?.to_owned(), unit.get("Name")?.text()?.to_owned())))
        .collect()
}

impl Reader<'_> {
    fn finish(mut self) -> Result<Listing, Error> {
        if self.found.accounts.is_empty() {
            return Err(self.nothing());
        }
        for (at, name) in self.nameless {
            let note = note(self.source, at, "accounts without an ID are left out");
            self.found.notes.push(note.detail(format!("`{name}`")));
        }
        Ok(self.found)
    }

    /// Why there is no list.
    fn nothing(&self) -> Error {
        if let Some((at, name)) = self.nameless.first() {
            let count = Count(self.nameless.len(), "account");
            let message =
                format!("{count} (`{name}` first) without an ID: AWS gives it when an account is made");
            return refused(self.source, *at, message);
        }
        let message = format!("`{}` is not an account list: there is no account in it", self.source.name);
        Error::one(Kind::Input, message, HELP)
    }

    fn page(&mut self, page: &Value) -> Result<(), Error> {
        if let Some(accounts) = page.get("Accounts").filter(|list| matches!(list.data, Data::List(_))) {
            return accounts.items().iter().try_for_each(|entry| self.entry(entry, ""));
        }
        if page.get("workloadAccounts").or_else(|| page.get("mandatoryAccounts")).is_some() {
            return self.landing_zone(page);
        }
        if let Some(organization) = page.get("Organization").filter(|it| !it.entries().is_empty()) {
            return self.org_formation(organization);
        }
        if page.get("terraform_version").is_some() {
            return self.state(page);
        }
        if page.get("OrganizationalUnits").is_some() {
            return Ok(());
        }
        self.any(page, "", true)
    }

    /// An entry of a list of accounts.
    fn entry(&mut self, entry: &Value, name: &str) -> Result<(), Error> {
        if id_of(entry).is_none() && (name_of(entry).is_some() || !name.is_empty()) {
            self.nameless.push((entry.at, name_of(entry).unwrap_or(name).to_owned()));
            return Ok(());
        }
        let units = |id: &str| self.units.get(id).cloned();
        let account = account::read(self.source, entry, name, &units)?;
        if let Some(organization) = account::organization(self.source, entry)? {
            self.found.organization.get_or_insert(organization);
        }
        self.found.accounts.push(account);
        Ok(())
    }

    fn add(&mut self, id: &Value, name: &str) -> Result<(), Error> {
        let (id, at) = (parse_id(self.source, id)?, id.at);
        let (name, status) = (name.to_owned(), "ACTIVE".to_owned());
        self.found.accounts.push(Account { id, name, status, invited: false, units: Vec::new(), at });
        Ok(())
    }

    /// Accounts wherever they are in a value that has no form of its own.
    fn any(&mut self, value: &Value, name: &str, is_top: bool) -> Result<(), Error> {
        match &value.data {
            Data::List(items) => {
                for item in items {
                    match &item.data {
                        Data::List(row) => self.row(item, row)?,
                        Data::Object(_) if id_of(item).is_some_and(is_digits) || name_of(item).is_some() => {
                            self.entry(item, name)?;
                        }
                        Data::Object(_) if is_top => self.entry(item, name)?,
                        _ if is_id(item) => self.add(item, name)?,
                        _ if is_top => return Err(refused(self.source, item.at, "this is not an account")),
                        _ => {}
                    }
                }
                Ok(())
            }
            Data::Object(_) => self.object(value),
            _ => Ok(()),
        }
    }

    fn row(&mut self, whole: &Value, row: &[Value]) -> Result<(), Error> {
        self.found.form = "a list of rows";
        let Some(id) = row.iter().find(|cell| is_id(cell)) else {
            return Err(refused(self.source, whole.at, "this row has no account ID of 12 digits in it"));
        };
        let others: Vec<&str> = row.iter().filter(|cell| !is_id(cell)).filter_map(scalar).collect();
        let is_name = |text: &&&str| !is_status(text) && !text.contains('@') && !text.starts_with("arn:");
        self.add(id, others.iter().find(is_name).copied().unwrap_or_default())?;
        let status = others.iter().find(|text| is_status(text));
        if let (Some(account), Some(status)) = (self.found.accounts.last_mut(), status) {
            (**status).clone_into(&mut account.status);
        }
        Ok(())
    }

    /// A map of accounts, or an object in which such maps are.
    fn object(&mut self, object: &Value) -> Result<(), Error> {
        let entries = object.entries();
        let is_map = entries.iter().any(|entry| is_id(&entry.value))
            && entries.iter().all(|entry| is_digits(&entry.value));
        let is_turned = !entries.is_empty()
            && entries.iter().all(|entry| entry.name().is_some_and(|key| AccountId::parse(key).is_ok()));
        if is_map || is_turned {
            self.found.form = "a map of accounts";
        }
        for entry in entries {
            let name = entry.name().unwrap_or_default();
            match &entry.value.data {
                _ if is_map => self.add(&entry.value, name)?,
                _ if is_turned => {
                    let id = Value::of_text(entry.key_at, name);
                    let called = scalar(&entry.value).or_else(|| name_of(&entry.value)).unwrap_or_default();
                    self.add(&id, called)?;
                }
                Data::Object(_) if id_of(&entry.value).is_some_and(is_digits) => {
                    self.member(name, &entry.value)?;
                }
                _ if id_of(&entry.value).is_some_and(Value::is_null) => {}
                _ => self.any(&entry.value, name, false)?,
            }
        }
        Ok(())
    }

    /// An account in a map: people call it by its key.
    fn member(&mut self, name: &str, value: &Value) -> Result<(), Error> {
        self.found.form = "a map of accounts";
        self.entry(value, name)?;
        if let Some(account) = self.found.accounts.last_mut() {
            name.clone_into(&mut account.name);
        }
        Ok(())
    }

    /// `accounts-config.yaml` of the Landing Zone Accelerator, which keeps IDs apart, by e-mail address.
    fn landing_zone(&mut self, page: &Value) -> Result<(), Error> {
        self.found.form = "`accounts-config.yaml`";
        let pairs = page.get("accountIds").map_or(&[][..], Value::items);
        let ids: BTreeMap<String, &Value> = pairs
            .iter()
            .filter_map(|pair| Some((pair.get("email")?.text()?.to_lowercase(), pair.get("accountId")?)))
            .collect();
        for key in ["mandatoryAccounts", "workloadAccounts"] {
            for entry in page.get(key).map_or(&[][..], Value::items) {
                let name = name_of(entry).unwrap_or_default();
                let email = entry.get("email").and_then(Value::text).unwrap_or_default().to_lowercase();
                let Some(id) = ids.get(&email) else {
                    self.nameless.push((entry.at, name.to_owned()));
                    continue;
                };
                self.add(id, name)?;
                let unit = entry.get("organizationalUnit").and_then(Value::text).unwrap_or("Root");
                let Some(account) = self.found.accounts.last_mut() else { continue };
                account.units = unit.split('/').chain([unit]).map(str::to_owned).collect();
                if key == "mandatoryAccounts" && name == "Management" {
                    self.found.management = Some(account.id.clone());
                }
            }
        }
        Ok(())
    }

    /// A file of org-formation.
    fn org_formation(&mut self, organization: &Value) -> Result<(), Error> {
        self.found.form = "a file of org-formation";
        for resource in organization.entries() {
            let kind = resource.value.get("Type").and_then(Value::text).unwrap_or_default();
            let is_management = MANAGEMENT.contains(&kind);
            let Some(properties) = resource.value.get("Properties") else { continue };
            if !is_management && kind != "OC::ORG::Account" {
                continue;
            }
            let label = resource.name().unwrap_or_default();
            let name = properties.get("AccountName").and_then(scalar).unwrap_or(label);
            let Some(id) = properties.get("AccountId") else {
                self.nameless.push((resource.key_at, name.to_owned()));
                continue;
            };
            self.add(id, name)?;
            let Some(account) = self.found.accounts.last_mut() else { continue };
            account.units = units_of(organization, label);
            if is_management {
                self.found.management = Some(account.id.clone());
            }
        }
        Ok(())
    }

    /// A state of Terraform, or what `terraform show -json` prints: nothing but its accounts is looked at.
    fn state(&mut self, page: &Value) -> Result<(), Error> {
        self.found.form = "a Terraform state";
        let shown = page.get("values").and_then(|values| values.get("root_module"));
        for resource in shown.unwrap_or(page).get("resources").map_or(&[][..], Value::items) {
            if resource.get("type").and_then(Value::text) != Some("aws_organizations_account") {
                continue;
            }
            let instances = resource.get("instances").map_or(&[][..], Value::items);
            let attributes = instances.iter().filter_map(|instance| instance.get("attributes"));
            for account in attributes.chain(resource.get("values")) {
                self.entry(account, "")?;
            }
        }
        Ok(())
    }
}

/// What becomes of accounts, in the words of AWS Organizations.
fn is_status(text: &str) -> bool {
    ["ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "PENDING_ACTIVATION", "CLOSED"].contains(&text)
}

/// The units of an org-formation file that name an account.
fn units_of(organization: &Value, label: &str) -> Vec<String> {
    let named = organization.entries().iter().filter_map(|resource| {
        let properties = resource.value.get("Properties")?;
        let is_in = properties.get("Accounts")?.items().iter().any(|account| account.text() == Some(label));
        let name = properties.get("OrganizationalUnitName").and_then(Value::text);
        is_in.then(|| name.or(resource.name()).unwrap_or_default().to_owned())
    });
    named.collect()
}
