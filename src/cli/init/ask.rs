//! What the dialogue needs of a terminal: five kinds of prompt, so that its way can be tested as data.

use crate::diagnostic::{Error, Kind};
use crate::model::{Invalid, Text};

/// A question, why it is asked, and what is answered by pressing Enter.
#[derive(Debug, Clone, Default)]
pub(super) struct Question {
    pub(super) prompt: String,
    pub(super) why: String,
    pub(super) default: Option<String>,
}

/// Whoever answers. Each prompt comes back with a usable answer, or with [`interrupted`].
pub(super) trait Ask {
    /// Says something between questions.
    fn say(&mut self, text: &str);

    /// A text that `check` accepts; it is asked again until one is given.
    fn text(
        &mut self,
        question: &Question,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<String, Error>;

    /// One of a few.
    fn choose(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Error>;

    /// One of many, found by typing a part of it.
    fn search(&mut self, question: &Question, items: &[String]) -> Result<usize, Error>;

    /// Yes or no.
    fn confirm(&mut self, question: &Question, default: bool) -> Result<bool, Error>;
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

/// What Ctrl-C comes to.
pub(super) fn interrupted() -> Error {
    Error::one(Kind::Interrupted, "interrupted; nothing was written", "")
}

/// A text of the model's own type, judged while it is being answered.
pub(super) fn typed<T: Text>(ask: &mut dyn Ask, question: &Question) -> Result<T, Error> {
    typed_if(ask, question, &|_| Ok(()))
}

/// The same, judged as well by `also` in what only the other answers show.
pub(super) fn typed_if<T: Text>(
    ask: &mut dyn Ask,
    question: &Question,
    also: &dyn Fn(&T) -> Result<(), String>,
) -> Result<T, Error> {
    let parse = |text: &str| {
        let value = T::parse(text.trim()).map_err(|invalid| said(&invalid))?;
        also(&value)?;
        Ok::<T, String>(value)
    };
    let text = ask.text(question, &|text| parse(text).map(drop))?;
    parse(&text).map_err(Error::bug)
}

/// A broken rule in one line; what the help says of YAML behind a semicolon is of no use here.
fn said(invalid: &Invalid) -> String {
    let rule = invalid.help.split(';').next().unwrap_or_default();
    format!("{}: {rule}", invalid.message)
}
