//! `crossrole init`.

mod ask;
mod backend;
mod callers;
mod callers_shown;
mod extend;
mod flow;
mod general;
mod managed;
mod offers;
mod permissions;
mod plain;
mod replay;
mod review;
mod roles;
mod screen;
mod source;
mod state;
mod target;
mod terminal;
mod verdict;
mod workloads;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use self::ask::{Ask, Question};
use self::offers::Offers;
use self::plain::Plain;
use self::state::State;
use self::terminal::Terminal;
use super::Done;
use super::scaffold::{self, NewSpecArgs, Over};
use crate::answers::{Draft, Path as Place};
use crate::diagnostic::words::{Count, one_of};
use crate::diagnostic::{Error, Kind};
use crate::input::{self, Limit};
use crate::model::{Bootstrap, ExternalId, Fleet, RoleKey, TargetRole, Text};
use crate::session::read_stdin;
use crate::ui::Ui;

/// Write a spec by answering questions
///
/// Asks for what a spec needs, shows all answers for review, and writes `crossrole.yaml` with comments. If the spec exists, adds targets to
/// it. With `--answers`, `--set` or `--defaults`, asks nothing: answers come from files and flags.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  crossrole init                                       asks
  crossrole init --answers answers.yaml                reads what it would ask for
  crossrole init --defaults --set source.account_id=111111111111 \\
      --set 'targets[0].name=staging' --set 'targets[0].account_id=222222222222'")]
pub(super) struct InitArgs {
    /// Read answers from a file: a spec, or a part of one; `-` reads stdin
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Answer with the key of a spec, as in `targets[0].name=staging`; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Ask nothing; use defaults for whatever is not answered
    #[arg(long)]
    defaults: bool,
    #[command(flatten)]
    new: NewSpecArgs,
}

impl InitArgs {
    fn has_answers(&self) -> bool {
        self.defaults || self.answers.is_some() || !self.set.is_empty()
    }
}

pub(super) fn run(ui: &Ui, args: &InitArgs) -> Result<Done, Error> {
    if args.has_answers() {
        args.new.check_free()?;
        return batch(ui, args);
    }
    if !ui.is_interactive() && !is_set("ACCESSIBLE") {
        args.new.check_free()?;
        return Err(nobody_to_ask());
    }
    let mut ask: Box<dyn Ask + '_> =
        if is_plain() { Box::new(Plain::open(ui)) } else { Box::new(Terminal::open(ui)) };
    let way = ask.way_back();
    ask.say(&format!("{way} back to the previous question, Ctrl-C quits. Nothing is written until the end."));
    let written = if args.new.spec.exists() && !args.new.force {
        extend(ui, &mut *ask, &args.new)?
    } else {
        begin(ui, &mut *ask, &args.new)?
    };
    if !written {
        ui.say("nothing was changed");
        return Ok(Done::Clean);
    }
    let question =
        Question::new("Generate the Terraform now?", "This only writes files; nothing is applied.");
    let is_wanted = replay::run(&mut *ask, |ask| ask.confirm(&question, true));
    if is_wanted.map_err(|error| after_writing(error, &args.new.spec))? {
        drop(ask);
        return super::generate(ui, &args.new.spec);
    }
    say_next(ui, &args.new.spec);
    Ok(Done::Clean)
}

/// Ctrl-C comes too late to leave nothing behind.
fn after_writing(error: Error, spec: &Path) -> Error {
    match error.kind {
        Kind::Interrupted => {
            let message = format!("interrupted; `{}` was written, nothing was generated", spec.display());
            Error::one(Kind::Interrupted, message, "")
        }
        _ => error,
    }
}

/// Answers from flags and files alone.
fn batch(ui: &Ui, args: &InitArgs) -> Result<Done, Error> {
    let mut draft = answered(args)?;
    scaffold::require(&draft)?;
    if draft.get("source.callers").is_none() {
        ui.say("note: no callers are named, so any principal in account A whose own IAM policies allow it can assume the roles; set `source.callers`");
    }
    for (name, id) in give_external_ids(&mut draft)? {
        ui.say(&format!("note: `{name}` is a third party's account; generated external ID {id}"));
    }
    write(ui, &args.new, &draft.write(), args.new.over())?;
    say_next(ui, &args.new.spec);
    Ok(Done::Clean)
}

/// A new spec from the first question on; whether it was written.
fn begin(ui: &Ui, ask: &mut dyn Ask, new: &NewSpecArgs) -> Result<bool, Error> {
    let offers = Offers::find(&external_id);
    let text = |state: &State| state.draft().with_defaults().write();
    let judge = |state: &State| verdict::judge(&new.spec, &text(state)).err().unwrap_or_default();
    let state = replay::run(ask, |ask| flow::run(ask, &offers, &judge))?;
    write(ui, new, &text(&state), new.over())?;
    Ok(true)
}

/// Changes to a spec that is there; whether there were any.
fn extend(ui: &Ui, ask: &mut dyn Ask, new: &NewSpecArgs) -> Result<bool, Error> {
    let spec = &*new.spec;
    let text = input::text(&spec.display().to_string(), read(spec)?)?.text.clone();
    scaffold::judge(spec, &text)?;
    let offers = Offers::find(&external_id);
    let judge = |text: &str| verdict::judge(spec, text);
    let changed = replay::run(ask, |ask| extend::run(ask, (spec, &text), &offers, &judge))?;
    let Some(changed) = changed else { return Ok(false) };
    write(ui, new, &changed, Over::Text(&text))?;
    Ok(true)
}

/// Whether lines are wanted that stay as they are: a terminal that can do no more, or a reader of the
/// screen.
fn is_plain() -> bool {
    is_set("ACCESSIBLE") || std::env::var_os("TERM").is_none_or(|term| term == "dumb")
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| !value.is_empty())
}

fn nobody_to_ask() -> Error {
    let help = "pass `--answers FILE`, or `--set source.account_id=…`, `--set 'targets[0].name=…'` and so on; `--defaults` uses defaults for the rest";
    Error::one(Kind::Usage, "`init` is interactive and stdin is not a terminal", help)
}

/// What file and flags say; flags have precedence.
fn answered(args: &InitArgs) -> Result<Draft, Error> {
    let mut draft = match &args.answers {
        Some(path) => Draft::read(&input::text(&shown(path), read(path)?)?)?,
        None => Draft::new(),
    };
    for assignment in &args.set {
        draft.answer(assignment)?;
    }
    Ok(draft)
}

fn shown(path: &Path) -> String {
    if path == Path::new("-") { "<stdin>".to_owned() } else { path.display().to_string() }
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    if path == Path::new("-") {
        return read_stdin();
    }
    input::named(path, Limit::Large).map_err(|why| {
        Error::one(Kind::Io, format!("cannot read the answers `{}`: {why}", path.display()), "")
    })
}

/// An external id for every role in a third party's account whose id nobody has answered; who got which.
fn give_external_ids(draft: &mut Draft) -> Result<Vec<(String, String)>, Error> {
    let mut given = Vec::new();
    for (index, target) in draft.targets().to_vec().iter().enumerate() {
        if target["ownership"] != "third_party" {
            continue;
        }
        let target_at = Place::default().key("targets").index(index);
        let mut fresh = None;
        for (keys, role) in roles_of(draft, target) {
            if role.get("external_id").is_some() {
                continue;
            }
            let id = fresh.get_or_insert(external_id()?).to_string();
            let place = keys.iter().fold(target_at.clone(), |place, key| place.key(key)).key("external_id");
            draft.put(&place, Value::from(id)).map_err(Error::bug)?;
        }
        let name = target["name"].as_str().unwrap_or_default();
        given.extend(fresh.map(|id| (name.to_owned(), id.to_string())));
    }
    Ok(given)
}

/// The roles of a target as far as it says something of them itself, each with its way there.
fn roles_of(draft: &Draft, target: &Value) -> Vec<(Vec<String>, Value)> {
    let own = target["roles"].as_object();
    let inherited = draft.get("defaults.roles").and_then(Value::as_object);
    let several = own.or(inherited.filter(|_| target.get("role").is_none_or(Value::is_null)));
    let Some(several) = several else { return vec![(vec!["role".to_owned()], target["role"].clone())] };
    let keys: BTreeSet<&String> =
        several.keys().chain(inherited.into_iter().flat_map(|roles| roles.keys())).collect();
    let role =
        |key: &&String| (vec!["roles".to_owned(), (*key).clone()], target["roles"][key.as_str()].clone());
    keys.iter().map(role).collect()
}

/// A text that cannot be guessed: a random UUID.
fn external_id() -> Result<ExternalId, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::one(Kind::Io, format!("cannot generate an external ID: {error}"), ""))?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = format!("{:032x}", u128::from_be_bytes(bytes));
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    ExternalId::parse(&parts.join("-")).map_err(|invalid| Error::bug(invalid.message))
}

/// Writes what `generate` takes, and nothing else.
fn write(ui: &Ui, new: &NewSpecArgs, text: &str, over: Over<'_>) -> Result<(), Error> {
    let (fleet, _) = scaffold::judge(&new.spec, text)?;
    let beside = scaffold::save(new, text, over)?;
    let count = Count(fleet.targets.len(), "target");
    say(ui, &format!("done: wrote `{}` with {count}{beside}", new.spec.display()));
    let before = if let Over::Text(before) = over { Some(before) } else { None };
    for warning in verdict::warnings(&new.spec, text, before) {
        say(ui, &warning);
    }
    say_powerless(ui, &fleet);
    Ok(())
}

fn say_next(ui: &Ui, spec: &Path) {
    ui.say(&format!("next: run `crossrole generate{}`", scaffold::flag(spec)));
}

/// A sentence of the conversation, in which no word is broken.
fn say(ui: &Ui, text: &str) {
    for line in screen::wrapped(text, screen::columns()) {
        ui.say(&line);
    }
}

/// A role without permissions is entered and can do nothing, not even prove where things land.
fn say_powerless(ui: &Ui, fleet: &Fleet) {
    let is_powerless = |it: &TargetRole<'_>| {
        it.target.bootstrap != Bootstrap::Existing
            && it.role.policy_arns.is_empty()
            && it.role.inline_policies.is_empty()
    };
    let mut names: BTreeMap<Option<&RoleKey>, Vec<&str>> = BTreeMap::new();
    for it in fleet.roles().filter(is_powerless) {
        names.entry(it.role.key.as_ref()).or_default().push(it.target.name.as_str());
    }
    for (key, names) in names {
        let whose = one_of(&names[..names.len().min(5)]).replace(" or ", " and ");
        let (role, place) = match key {
            Some(key) => (format!("role `{key}`"), format!("roles.{key}.policy_arns")),
            None => ("the role".to_owned(), "role.policy_arns".to_owned()),
        };
        say(ui, &format!("note: {role} of {whose} has no permissions yet; set `{place}`"));
    }
}
