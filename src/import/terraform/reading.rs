//! Arguments read as what they have to be; what cannot be told is noted.

use serde_json::Value;

use super::found::{self, Found, span, variable};
use crate::diagnostic::Span;
use crate::import::notes::Note;
use crate::model::{Duration, Invalid, Text};
use crate::terraform::{Argument, Made};

/// Where notes go while blocks are read.
pub(super) struct Reading<'r> {
    pub(super) notes: &'r mut Vec<Note>,
}

impl Reading<'_> {
    pub(super) fn say(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// Notes what an argument depends on; what is left out for its sake is the subject.
    pub(super) fn depends(&mut self, found: Found<'_>, argument: &Argument, subject: &str, why: &str) {
        let note = found.note(span(argument), subject).detail(format!("it depends on {why}"));
        self.say(note.variable(variable(why)));
    }

    fn skip(&mut self, found: Found<'_>, argument: &Argument, why: &str) {
        self.depends(found, argument, &format!("`{}` is not carried over", argument.key), why);
    }

    /// Whether Terraform makes a block for certain. What it does not make, or may not make, is noted.
    pub(super) fn is_made(&mut self, found: Found<'_>) -> bool {
        let each = ["for_each", "count"].iter().find_map(|name| found.block.argument(name));
        let at = each.map_or_else(|| found.at(), span);
        match &found.block.made {
            Made::Once | Made::For(_) => true,
            Made::Never => {
                let subject = "not carried over: `count` or `for_each` makes none of it";
                self.say(found.note(at, subject));
                false
            }
            Made::Unknown(reason) => {
                let subject = "not carried over: whether it is created is only known at run time";
                let note = found.note(at, subject).detail(format!("that depends on {}", reason.why));
                self.say(note.variable(variable(&reason.why)));
                false
            }
        }
    }

    /// An attribute's value; one that cannot be told is noted.
    pub(super) fn value(&mut self, found: Found<'_>, name: &str) -> Option<Value> {
        let argument = found.block.argument(name)?;
        match found::value(argument) {
            Ok(value) => Some(value).filter(|value| !value.is_null()),
            Err(why) => {
                self.skip(found, argument, &why);
                None
            }
        }
    }

    pub(super) fn text(&mut self, found: Found<'_>, name: &str) -> Option<String> {
        let value = self.value(found, name)?;
        Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }

    /// A text of the model's own; one that breaks its rule is noted.
    pub(super) fn typed<T: Text>(&mut self, found: Found<'_>, name: &str) -> Option<T> {
        let text = self.text(found, name)?;
        self.parsed(found, name, &text)
    }

    /// A text as the model has it, or a note at its argument.
    pub(super) fn parsed<T: Text>(&mut self, found: Found<'_>, name: &str, text: &str) -> Option<T> {
        let broken = |invalid: Invalid| {
            let note = found.note_at(name, format!("`{name}` is not carried over"));
            self.say(note.detail(invalid.message));
        };
        T::parse(text).map_err(broken).ok()
    }

    /// A time in seconds, as a spec writes it.
    pub(super) fn seconds(&mut self, found: Found<'_>, name: &str) -> Option<Value> {
        let seconds = self.text(found, name)?;
        let duration: Duration = self.parsed(found, name, &format!("{seconds}s"))?;
        Some(duration.to_string().into())
    }

    /// A policy document.
    pub(super) fn json(&mut self, found: Found<'_>, name: &str) -> Option<Value> {
        let text = self.text(found, name)?;
        let broken = |error: serde_json::Error| {
            let note = found.note_at(name, format!("`{name}` is not carried over"));
            self.say(note.detail(format!("it is not JSON: {error}")));
        };
        serde_json::from_str(&text).map_err(broken).ok()
    }

    /// Notes every attribute and block that is not known.
    pub(super) fn rest(&mut self, found: Found<'_>, known: &[&str]) {
        // How often something is made has been looked at.
        let is_known = |name: &str| known.contains(&name) || ["for_each", "count"].contains(&name);
        for argument in &found.block.arguments {
            if !is_known(&argument.key) {
                self.say(found.note(span(argument), format!("`{}` is not carried over", argument.key)));
            }
        }
        for block in &found.block.blocks {
            let kind = &block.keyword;
            match &block.made {
                Made::Unknown(reason) => self.open(found, block.at, kind, &reason.why),
                _ if is_known(kind) => {}
                _ => self.say(found.note(block.at, format!("the block `{kind}` is not carried over"))),
            }
        }
    }

    fn open(&mut self, found: Found<'_>, at: Span, kind: &str, why: &str) {
        let subject = format!("the blocks `{kind}` that `dynamic` makes are not carried over");
        let by_hand = match kind {
            "assume_role" => "add a target by hand: `account_id` and `role.name`",
            "inline_policy" => "add the policies by hand to `role.inline_policies` of the target",
            _ => "add by hand what a spec has for it",
        };
        let note = found.note(at, subject).detail(format!("that depends on {why}"));
        self.say(note.help(by_hand).variable(variable(why)));
    }
}
