//! The dialogue over a spec that is there: targets are added and values changed in its text, which
//! otherwise stays as its author left it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::ask::{Ask, Question, Stop};
use super::offers::Offers;
use super::state::{SourceState, State, TargetState};
use super::target::{self, target};
use crate::answers::{self, BackendAnswer, BootstrapAnswer, Path as Place};
use crate::diagnostic::words::Count;
use crate::diagnostic::{Error, Source};
use crate::model::{Bootstrap, Fleet, Role, RoleKey, Target, Text};
use crate::spec::Ownership;

/// Judges a text as `generate` would: the fleet, or what is wrong.
pub(super) type Judge<'j> = &'j dyn Fn(&str) -> Result<Fleet, Vec<String>>;

/// A spec that is being changed.
struct Extended<'e> {
    path: &'e Path,
    text: String,
    fleet: Fleet,
    changes: usize,
    judge: Judge<'e>,
}

/// The new text; `None` where nothing was changed.
pub(super) fn run(
    ask: &mut dyn Ask,
    (path, text): (&Path, &str),
    offers: &Offers<'_>,
    judge: Judge<'_>,
) -> Result<Option<String>, Stop> {
    let fleet = judge(text).map_err(|errors| Error::bug(errors.join("\n")))?;
    let mut spec = Extended { path, text: text.to_owned(), fleet, changes: 0, judge };
    let known = format!("`{}` has {}.", path.display(), Count(spec.fleet.targets.len(), "target"));
    loop {
        let end = match spec.changes {
            0 => "Leave it as it is".to_owned(),
            changes => format!("Write {}", Count(changes, "change")),
        };
        let words = ["Add a target".to_owned(), "Change a target".to_owned(), end];
        let default = if spec.changes == 0 { 0 } else { 2 };
        match ask.choose(&Question::new("What now?", &*known), &words, default)? {
            0 => spec.add(ask, offers)?,
            1 => spec.change(ask, offers)?,
            _ => break,
        }
    }
    Ok(Some(spec.text).filter(|_| spec.changes > 0))
}

impl Extended<'_> {
    fn add(&mut self, ask: &mut dyn Ask, offers: &Offers<'_>) -> Result<(), Stop> {
        let mut state = state(&self.fleet, offers)?;
        state.inherited_roles = self.inherited_roles();
        let target = target(ask, &state, offers)?;
        let Some(answers) = state.answers(&target) else { return Ok(()) };
        let source = Source::new(self.path.display().to_string(), &*self.text);
        // Defaults of the spec would otherwise answer what was answered here.
        let has_defaults = self.text.lines().any(|line| line.starts_with("defaults:"));
        let value = if has_defaults { answers.to_full_value() } else { answers.to_value() };
        self.take(ask, answers::append_target(&source, &value), &value);
        Ok(())
    }

    /// The roles that every target has from `defaults`. A `role` at the target would hide them.
    fn inherited_roles(&self) -> Vec<RoleKey> {
        let source = Source::new(self.path.display().to_string(), &*self.text);
        let draft = answers::Draft::read(&source).ok();
        let roles = draft.as_ref().and_then(|draft| draft.get("defaults.roles")?.as_object());
        roles.into_iter().flat_map(|roles| roles.keys()).filter_map(|key| RoleKey::parse(key).ok()).collect()
    }

    fn change(&mut self, ask: &mut dyn Ask, offers: &Offers<'_>) -> Result<(), Stop> {
        let state = state(&self.fleet, offers)?;
        let names: Vec<String> = self.fleet.targets.iter().map(|target| target.name.to_string()).collect();
        let chosen = ask.search(&Question::new("Which target?", ""), &names, 0)?;
        let Some(mut target) = state.targets.get(chosen).cloned() else { return Ok(()) };
        let words = ["its account ID", "its region", "its external ID", "nothing"].map(str::to_owned);
        let (key, value) = match ask.choose(&Question::new("What should change?", ""), &words, 1)? {
            0 => {
                target.account_id = target::target_account(ask, &state, Some(&target.account_id))?;
                ("account_id".to_owned(), target.account_id.to_string())
            }
            1 => {
                target::region(ask, &state, &mut target)?;
                let region = state.region(&target).map(|region| region.to_string()).unwrap_or_default();
                ("region".to_owned(), region)
            }
            2 => {
                let Some(known) = self.fleet.targets.get(chosen) else { return Ok(()) };
                let role = which_role(ask, known)?;
                target.external_id.clone_from(&role.external_id);
                target::external_id(ask, &mut target)?;
                let id = target.external_id().unwrap_or_else(|| target.fresh_id.clone());
                let key = role.key.as_ref().map_or("role".to_owned(), |key| format!("roles.{key}"));
                (format!("{key}.external_id"), id.to_string())
            }
            _ => return Ok(()),
        };
        let Some(place) = self.place(target.name.as_str(), &key) else { return Ok(()) };
        let source = Source::new(self.path.display().to_string(), &*self.text);
        let value = Value::from(value);
        self.take(ask, answers::set(&source, &place, &value), &value);
        Ok(())
    }

    /// Where a key of a target stands: targets are listed by name, and stand in the text as they like.
    fn place(&self, name: &str, key: &str) -> Option<Place> {
        let source = Source::new(self.path.display().to_string(), &*self.text);
        let draft = answers::Draft::read(&source).ok()?;
        let index = draft.targets().iter().position(|target| target["name"] == name)?;
        key.split('.')
            .try_fold(Place::default().key("targets").index(index), |place, key| Some(place.key(key)))
    }

    /// The changed text, if `generate` takes it.
    fn take(&mut self, ask: &mut dyn Ask, changed: Option<String>, value: &Value) {
        let Some(text) = changed else {
            let draft = answers::Draft::of(serde_json::json!({ "targets": [value] }));
            let by_hand = draft.write().lines().skip(3).collect::<Vec<_>>().join("\n");
            let path = self.path.display();
            ask.say(&format!(
                "`{path}` has a form that cannot be added to automatically. Add this by hand:\n{by_hand}"
            ));
            return;
        };
        match (self.judge)(&text) {
            Ok(fleet) => {
                self.fleet = fleet;
                self.text = text;
                self.changes += 1;
            }
            Err(errors) => {
                errors.iter().for_each(|error| ask.say(error));
                ask.say("nothing was changed");
            }
        }
    }
}

/// The role that is meant, where a target has several.
fn which_role<'t>(ask: &mut dyn Ask, target: &'t Target) -> Result<&'t Role, Stop> {
    if !target.roles.are_several() {
        return Ok(target.roles.default());
    }
    let keys: Vec<String> =
        target.roles.iter().filter_map(|role| role.key.as_ref()).map(ToString::to_string).collect();
    let chosen =
        ask.choose(&Question::new("Of which role?", "Each role has an external ID of its own."), &keys, 0)?;
    Ok(target.roles.iter().nth(chosen).unwrap_or(target.roles.default()))
}

/// The spec's answers, as far as questions about another target depend on them.
fn state(fleet: &Fleet, offers: &Offers<'_>) -> Result<State, Stop> {
    let source = SourceState {
        name: Some(fleet.source.name.clone()),
        account_id: fleet.source.account_id.clone(),
        partition: fleet.source.partition,
        organization_id: fleet.source.organization_id.clone(),
        callers: Vec::new(),
        has_two_roles: false,
        credentials: fleet.source.credentials.clone(),
    };
    let targets = fleet.targets.iter().map(|known| answered(known, offers));
    Ok(State {
        name: None,
        default_tags: BTreeMap::new(),
        source,
        backend: BackendAnswer::Local,
        targets: targets.collect::<Result<_, _>>()?,
        inherited_roles: Vec::new(),
    })
}

fn answered(known: &Target, offers: &Offers<'_>) -> Result<TargetState, Stop> {
    let bootstrap = match &known.bootstrap {
        Bootstrap::AssumeRole(role) => BootstrapAnswer::AssumeRole(Some(role.clone())),
        Bootstrap::Profile(profile) => BootstrapAnswer::Profile(profile.clone()),
        Bootstrap::Environment => BootstrapAnswer::Environment,
        Bootstrap::Existing => BootstrapAnswer::Existing,
    };
    Ok(TargetState {
        name: known.name.clone(),
        account_id: known.account_id.clone(),
        region: Some(known.region.clone()),
        regions: known.regions.clone(),
        ownership: if known.third_party { Ownership::ThirdParty } else { Ownership::Organization },
        external_id: known.roles.default().external_id.clone(),
        fresh_id: offers.external_id(&known.name)?,
        permissions: Vec::new(),
        bootstrap: Some(bootstrap),
    })
}
