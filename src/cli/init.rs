//! `crossrole init`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Done;
use super::load::{read_stdin, to_text};
use super::scaffold::{self, NewSpecArgs};
use crate::answers::{Draft, Path as Place};
use crate::diagnostic::words::{Count, one_of, system};
use crate::diagnostic::{Error, Kind};
use crate::model::{Bootstrap, Fleet, Target};
use crate::ui::Ui;

/// Write a spec by answering questions
///
/// Asks for what a spec needs, shows all of it, and writes `crossrole.yaml` with comments and its
/// JSON Schema beside it. Where a spec is there already, adds targets to it. Without a terminal, or
/// with `--defaults`, nothing is asked: answers come from flags and files.
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
    /// Ask nothing: what is not answered is left to its default
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
    args.new.check_free()?;
    if !args.has_answers() {
        return Err(nobody_to_ask());
    }
    let mut draft = answered(args)?;
    scaffold::require(&draft)?;
    for (name, id) in give_external_ids(&mut draft)? {
        ui.say(&format!("note: `{name}` is a third party's: its external id is {id}"));
    }
    write(ui, &args.new, &draft)
}

fn nobody_to_ask() -> Error {
    let help = "pass `--answers FILE`, or `--set source.account_id=…`, `--set 'targets[0].name=…'` and so on; `--defaults` leaves the rest to its defaults";
    Error::one(Kind::Usage, "`init` asks questions, and there is no terminal to ask them at", help)
}

/// What file and flags say; flags have precedence.
fn answered(args: &InitArgs) -> Result<Draft, Error> {
    let mut draft = match &args.answers {
        Some(path) => Draft::read(&to_text(&shown(path), read(path)?)?)?,
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
    fs::read(path).map_err(|error| {
        let message = format!("cannot read the answers `{}`: {}", path.display(), system(&error));
        Error::one(Kind::Io, message, "")
    })
}

/// An external id for every third party's account whose id nobody has answered; who got which.
fn give_external_ids(draft: &mut Draft) -> Result<Vec<(String, String)>, Error> {
    let lacks_one =
        |target: &&Value| target["ownership"] == "third_party" && target["role"].get("external_id").is_none();
    let mut given = Vec::new();
    for (index, target) in draft.targets().to_vec().iter().enumerate().filter(|(_, target)| lacks_one(target))
    {
        let id = external_id()?;
        let place = Place::default().key("targets").index(index).key("role").key("external_id");
        draft.put(&place, Value::from(&*id)).map_err(Error::bug)?;
        given.push((target["name"].as_str().unwrap_or_default().to_owned(), id));
    }
    Ok(given)
}

/// A text that cannot be guessed: a random UUID.
fn external_id() -> Result<String, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::one(Kind::Io, format!("cannot make an external id: {error}"), ""))?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let number = u128::from_be_bytes(bytes);
    let digits = format!("{number:032x}");
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Ok(parts.join("-"))
}

fn write(ui: &Ui, new: &NewSpecArgs, draft: &Draft) -> Result<Done, Error> {
    let text = draft.write();
    let (fleet, warnings) = scaffold::judge(&new.spec, &text)?;
    ui.report(&warnings);
    say_powerless(ui, &fleet);
    scaffold::save(&new.spec, &text)?;
    let spec = new.spec.display();
    ui.say(&format!("done: wrote `{spec}` with {}", Count(fleet.targets.len(), "target")));
    ui.say(&format!("next: run `crossrole generate{}`", scaffold::flag(&new.spec)));
    Ok(Done::Clean)
}

/// A role without permissions is entered and can do nothing, not even prove where things land.
fn say_powerless(ui: &Ui, fleet: &Fleet) {
    let is_powerless = |target: &&Target| {
        target.bootstrap != Bootstrap::Existing
            && target.role.policy_arns.is_empty()
            && target.role.inline_policies.is_empty()
    };
    let names: Vec<&str> =
        fleet.targets.iter().filter(is_powerless).map(|target| target.name.as_str()).collect();
    if !names.is_empty() {
        let whose = one_of(&names[..names.len().min(5)]).replace(" or ", " and ");
        ui.say(&format!("note: the role of {whose} may do nothing yet: set `role.policy_arns`"));
    }
}
