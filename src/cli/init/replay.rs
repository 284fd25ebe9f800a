//! The way back: a dialogue is a function of the answers given so far, so taking one back is giving it the others again.
//!
//! Responsible for keeping the answers and for giving them again without asking or saying anything. A dialogue that is
//! replayed must depend on nothing but its answers.

use super::ask::{Ask, Check, Picks, Question, Stop};
use crate::diagnostic::Error;

/// Runs a dialogue, from its beginning each time that an answer was taken back, and to its end.
pub(super) fn run<T>(
    ask: &mut dyn Ask,
    mut dialogue: impl FnMut(&mut dyn Ask) -> Result<T, Stop>,
) -> Result<T, Error> {
    let mark = ask.mark();
    let mut replay = Replay { ask, given: Vec::new(), next: 0, mark, former: Vec::new() };
    loop {
        replay.next = 0;
        match dialogue(&mut replay) {
            Ok(done) => return Ok(done),
            Err(Stop::Failed(error)) => return Err(error),
            Err(Stop::Back) => replay.take_back(),
        }
    }
}

/// Gives the answers that are known, and asks for those that are not.
struct Replay<'a> {
    ask: &'a mut dyn Ask,
    given: Vec<Given>,
    /// Of the answers, the one that is given next.
    next: usize,
    /// How much had been said after the last answer.
    mark: usize,
    /// What was taken back, the earliest last: what Enter means when it is asked again.
    former: Vec<Given>,
}

/// An answer, to what, and how much had been said before.
struct Given {
    prompt: String,
    answer: Answer,
    mark: usize,
}

#[derive(Debug, Clone)]
enum Answer {
    Text(String),
    Line(usize),
    Names(Vec<String>),
    Truth(bool),
}

impl Answer {
    fn text(self) -> Option<String> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn line(self) -> Option<usize> {
        if let Self::Line(line) = self { Some(line) } else { None }
    }

    fn names(self) -> Option<Vec<String>> {
        if let Self::Names(names) = self { Some(names) } else { None }
    }

    fn truth(self) -> Option<bool> {
        if let Self::Truth(truth) = self { Some(truth) } else { None }
    }
}

impl Replay<'_> {
    /// Forgets the last answer, and what was said since its question.
    fn take_back(&mut self) {
        if let Some(last) = self.given.pop() {
            self.mark = last.mark;
            self.former.push(last);
        }
        self.ask.rewind(self.mark);
    }

    /// What was answered before, unless the way is another one by now.
    fn former(&mut self, question: &Question) -> Option<Answer> {
        if self.former.last().is_some_and(|former| former.prompt != question.prompt) {
            self.former.clear();
        }
        self.former.last().map(|former| former.answer.clone())
    }

    /// The answer that is known, or the one that is given now; what was answered before is offered.
    fn answer<T: Clone>(
        &mut self,
        question: &Question,
        read: fn(Answer) -> Option<T>,
        write: fn(T) -> Answer,
        ask: impl FnOnce(&mut dyn Ask, Option<T>) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let known = self.given.get(self.next).map(|given| given.answer.clone());
        let answer = if let Some(known) = known {
            read(known).ok_or_else(|| Error::bug("a dialogue took another way"))?
        } else {
            let former = self.former(question).and_then(read);
            let answer = ask(self.ask, former)?;
            let prompt = question.prompt.clone();
            self.given.push(Given { prompt, answer: write(answer.clone()), mark: self.mark });
            self.former.pop();
            self.mark = self.ask.mark();
            answer
        };
        self.next += 1;
        Ok(answer)
    }
}

impl Ask for Replay<'_> {
    fn say(&mut self, text: &str) {
        if self.next == self.given.len() {
            self.ask.say(text);
        }
    }

    fn text(&mut self, question: &Question, check: Check<'_>) -> Result<String, Stop> {
        self.answer(question, Answer::text, Answer::Text, |ask, former| {
            let former = former.filter(|former| !former.is_empty()).or(question.default.clone());
            ask.text(&question.clone().or(former), check)
        })
    }

    fn choose(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Stop> {
        self.answer(question, Answer::line, Answer::Line, |ask, former| {
            ask.choose(question, items, former.unwrap_or(default))
        })
    }

    fn search(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Stop> {
        self.answer(question, Answer::line, Answer::Line, |ask, former| {
            ask.search(question, items, former.unwrap_or(default))
        })
    }

    fn pick(
        &mut self,
        question: &Question,
        picks: &Picks<'_>,
        chosen: &[String],
    ) -> Result<Vec<String>, Stop> {
        self.answer(question, Answer::names, Answer::Names, |ask, former| {
            ask.pick(question, picks, former.as_deref().unwrap_or(chosen))
        })
    }

    fn confirm(&mut self, question: &Question, default: bool) -> Result<bool, Stop> {
        self.answer(question, Answer::truth, Answer::Truth, |ask, former| {
            ask.confirm(question, former.unwrap_or(default))
        })
    }
}
