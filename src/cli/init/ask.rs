//! What the dialogue needs of whoever answers: a few kinds of prompt, so that its way can be tested as data.

use crate::answers::pasted::Pasted;
use crate::diagnostic::words::excerpt;
use crate::diagnostic::{Error, Kind};
use crate::model::Text;

/// A question, why it is asked, and what is answered by pressing Enter.
#[derive(Debug, Clone, Default)]
pub(super) struct Question {
    pub(super) prompt: String,
    pub(super) why: String,
    pub(super) default: Option<String>,
}

/// Why a question was left without an answer.
#[derive(Debug)]
pub(super) enum Stop {
    /// To answer the question before it again.
    Back,
    /// For good.
    Failed(Error),
}

/// Something that can be picked, and what it is in one line.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) about: String,
}

/// A list from which several are picked, and what else may be typed.
pub(super) struct Picks<'p> {
    pub(super) items: &'p [Item],
    /// The most that can be picked.
    pub(super) most: usize,
    /// What is taken for a text that names no item; says why where nothing is.
    pub(super) other: &'p dyn Fn(&str) -> Result<String, String>,
}

/// Checks a text; says why it is not an answer.
pub(super) type Check<'c> = &'c dyn Fn(&str) -> Result<(), String>;

/// Whoever answers. Each prompt comes back with a usable answer, or with why there is none.
pub(super) trait Ask {
    /// Says something between questions.
    fn say(&mut self, text: &str);

    /// A text that `check` accepts; it is asked again until one is given.
    fn text(&mut self, question: &Question, check: Check<'_>) -> Result<String, Stop>;

    /// One of a few.
    fn choose(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Stop>;

    /// One of many, found by typing a part of it.
    fn search(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Stop>;

    /// Any number of many, by name, and what else was typed.
    fn pick(
        &mut self,
        question: &Question,
        picks: &Picks<'_>,
        chosen: &[String],
    ) -> Result<Vec<String>, Stop>;

    /// Yes or no.
    fn confirm(&mut self, question: &Question, default: bool) -> Result<bool, Stop>;

    /// How a sentence begins that tells of the way back.
    fn way_back(&self) -> &'static str {
        ""
    }

    /// How much was said so far.
    fn mark(&self) -> usize {
        0
    }

    /// Takes back what was said since a mark, as far as that is possible.
    fn rewind(&mut self, _mark: usize) {}
}

impl Question {
    pub(super) fn new(prompt: impl Into<String>, why: impl Into<String>) -> Self {
        Self { prompt: prompt.into(), why: why.into(), default: None }
    }

    pub(super) fn or(mut self, default: Option<impl ToString>) -> Self {
        self.default = default.map(|default| default.to_string());
        self
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Says one thing after another.
pub(super) fn say_all(ask: &mut dyn Ask, texts: &[String]) {
    for text in texts {
        ask.say(text);
    }
}

/// What Ctrl-C comes to.
pub(super) fn interrupted() -> Stop {
    Error::one(Kind::Interrupted, "interrupted; nothing was written", "").into()
}

/// Reads what was typed or pasted; says why where it is not an answer.
type Reader<'r, T> = &'r dyn Fn(&str) -> Result<T, String>;

/// The word that leaves out what has a default.
pub(super) const NONE: &str = "none";

/// An answer of the model's own type.
pub(super) fn required<T: Text>(
    ask: &mut dyn Ask,
    question: &Question,
    read: Reader<'_, Pasted<T>>,
) -> Result<T, Stop> {
    let answer = read_until_taken(ask, question, &|text| read(text).map(Some))?;
    answer.ok_or_else(|| Error::bug("a question was left without an answer").into())
}

/// The same, or nothing.
pub(super) fn optional<T: Text>(
    ask: &mut dyn Ask,
    question: &Question,
    read: Reader<'_, Pasted<T>>,
) -> Result<Option<T>, Stop> {
    read_until_taken(ask, question, &|text| match text.trim() {
        "" | NONE => Ok(None),
        text => read(text).map(Some),
    })
}

/// What is found in a longer text is said. What is only near is offered, and taken once it was seen.
fn read_until_taken<T: Text>(
    ask: &mut dyn Ask,
    question: &Question,
    read: Reader<'_, Option<Pasted<T>>>,
) -> Result<Option<T>, Stop> {
    let mut question = question.clone();
    loop {
        let text = ask.text(&question, &|text| read(text).map(drop))?;
        match read(&text).map_err(Error::bug)? {
            None => return Ok(None),
            Some(Pasted::Exact(value)) => return Ok(Some(value)),
            Some(Pasted::Part(value)) => {
                ask.say(&format!("understood as {}: `{value}`", T::WHAT));
                return Ok(Some(value));
            }
            Some(Pasted::Near(value)) => {
                let typed = excerpt(text.trim());
                question.why = format!("`{typed}` is not {}.\nPress Enter for `{value}`.", T::WHAT);
                question.default = Some(value.to_string());
                // What Enter would have meant before stands in brackets.
                question.prompt = question.prompt.split(" (").next().unwrap_or_default().to_owned();
            }
        }
    }
}
