//! The dialogue over a spec that is there: targets are added and values changed in its text, which
//! otherwise stays as its author left it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::ask::{Ask, Question, Stop, say_all};
use super::offers::{Offers, list};
use super::permissions::permissions;
use super::state::{Permission, SourceState, State, TargetState};
use super::target::{self, target};
use crate::answers::{self, BackendAnswer, BootstrapAnswer, Path as Place};
use crate::diagnostic::words::Count;
use crate::diagnostic::{Error, Source};
use crate::model::{Bootstrap, Fleet, Role, RoleKey, Target, TargetName, Text};
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
    loop {
        let known = format!("`{}` has {}.", path.display(), Count(spec.fleet.targets.len(), "target"));
        let end = match spec.changes {
            0 => "Leave it as it is".to_owned(),
            changes => format!("Write {}", Count(changes, "change")),
        };
        let words = ["Add a target".to_owned(), "Change or remove a target".to_owned(), end];
        let default = if spec.changes == 0 { 0 } else { 2 };
        match ask.choose(&Question::new("What now?", known), &words, default)? {
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
        if let Some(text) = answers::append_target(&source, &value) {
            self.take(ask, text);
            return Ok(());
        }
        let draft = answers::Draft::of(json!({ "targets": [value] }));
        let text = draft.write().lines().skip(3).collect::<Vec<_>>().join("\n");
        self.by_hand(ask, &format!("Add this by hand:\n{text}"));
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
        let Some(target) = state.targets.get(chosen).cloned() else { return Ok(()) };
        let mut words = list([
            "Nothing",
            "Its account ID",
            "Its region",
            "Its further regions",
            "Its external ID",
            "Its permissions",
        ]);
        if names.len() > 1 {
            words.push("Remove this target".to_owned());
        }
        match ask.choose(&Question::new("What should change?", ""), &words, 2)? {
            0 => Ok(()),
            6 => self.remove(ask, &target),
            part => {
                let name = target.name.clone();
                let Some((key, value)) = self.changed(ask, &state, (chosen, target), part)? else {
                    return Ok(());
                };
                self.set(ask, &name, &key, &value);
                Ok(())
            }
        }
    }

    /// Another value of a target, and its key.
    fn changed(
        &self,
        ask: &mut dyn Ask,
        state: &State,
        (index, mut target): (usize, TargetState),
        part: usize,
    ) -> Result<Option<(String, Value)>, Stop> {
        let Some(known) = self.fleet.targets.get(index) else { return Ok(None) };
        let at = |role: &Role| role.key.as_ref().map_or("role".to_owned(), |key| format!("roles.{key}"));
        Ok(Some(match part {
            1 => {
                let id = target::target_account(ask, state, Some(&target.account_id))?;
                ("account_id".to_owned(), json!(id))
            }
            2 => {
                target::region(ask, state, &mut target)?;
                ("region".to_owned(), json!(state.region(&target)))
            }
            3 => {
                target::more_regions(ask, state, &mut target)?;
                ("regions".to_owned(), json!(target.regions))
            }
            4 => {
                let role = which_role(ask, known, "Each role has an external ID of its own.")?;
                target.external_id.clone_from(&role.external_id);
                target::external_id(ask, &mut target)?;
                let id = target.external_id().unwrap_or_else(|| target.fresh_id.clone());
                (format!("{}.external_id", at(role)), json!(id))
            }
            _ => {
                let role = which_role(ask, known, "")?;
                target.permissions = role.policy_arns.iter().cloned().map(Permission::of).collect();
                permissions(ask, state, &mut target)?;
                let partition = state.source.partition;
                let arns: Vec<_> = target.permissions.iter().filter_map(|it| it.arn(partition)).collect();
                (format!("{}.policy_arns", at(role)), json!(arns))
            }
        }))
    }

    fn set(&mut self, ask: &mut dyn Ask, name: &TargetName, key: &str, value: &Value) {
        let Some(index) = self.index(name) else { return };
        let target = Place::default().key("targets").index(index);
        let place = key.split('.').fold(target, |place, key| place.key(key));
        let source = Source::new(self.path.display().to_string(), &*self.text);
        match answers::set(&source, &place, value) {
            Some(text) => self.take(ask, text),
            None => self.by_hand(ask, &format!("Set `{place}` to this by hand:\n{value:#}")),
        }
    }

    fn remove(&mut self, ask: &mut dyn Ask, target: &TargetState) -> Result<(), Stop> {
        let why = "Destroy what Terraform created in its account first: the next `crossrole generate` deletes its folders.";
        let question = Question::new(format!("Remove `{}`?", target.name), why);
        if !ask.confirm(&question, false)? {
            return Ok(());
        }
        let source = Source::new(self.path.display().to_string(), &*self.text);
        let index = self.index(&target.name);
        match index.and_then(|index| answers::remove_target(&source, index)) {
            Some(text) => self.take(ask, text),
            None => self.by_hand(ask, &format!("Remove `{}` by hand.", target.name)),
        }
        Ok(())
    }

    /// Where a target stands: they are listed by name, and stand in the text as they like.
    fn index(&self, name: &TargetName) -> Option<usize> {
        let source = Source::new(self.path.display().to_string(), &*self.text);
        let draft = answers::Draft::read(&source).ok()?;
        draft.targets().iter().position(|target| target["name"] == name.as_str())
    }

    fn by_hand(&self, ask: &mut dyn Ask, what: &str) {
        let path = self.path.display();
        ask.say(&format!("`{path}` has a form that cannot be changed automatically. {what}"));
    }

    /// The changed text, if `generate` takes it.
    fn take(&mut self, ask: &mut dyn Ask, text: String) {
        match (self.judge)(&text) {
            Ok(fleet) => {
                self.fleet = fleet;
                self.text = text;
                self.changes += 1;
            }
            Err(errors) => {
                say_all(ask, &errors);
                ask.say("nothing was changed");
            }
        }
    }
}

/// The role that is meant, where a target has several.
fn which_role<'t>(ask: &mut dyn Ask, target: &'t Target, why: &str) -> Result<&'t Role, Stop> {
    if !target.roles.are_several() {
        return Ok(target.roles.default());
    }
    let keys: Vec<String> =
        target.roles.iter().filter_map(|role| role.key.as_ref()).map(ToString::to_string).collect();
    let chosen = ask.choose(&Question::new("Of which role?", why), &keys, 0)?;
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
        Bootstrap::CloudFormation => BootstrapAnswer::CloudFormation,
        Bootstrap::StackSet => BootstrapAnswer::StackSet,
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
        plan_permissions: None,
        bootstrap: Some(bootstrap),
    })
}
