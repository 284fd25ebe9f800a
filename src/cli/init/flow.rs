//! The way through the dialogue: questions, then a review in which any answer can be changed.

use super::ask::{Ask, Question};
use super::questions::{self, Fresh};
use super::state::{SourceState, State, TargetState};
use crate::answers::{BootstrapAnswer, CallerAnswer};
use crate::diagnostic::Error;
use crate::diagnostic::words::Count;
use crate::spec::Ownership;

/// Says what is wrong with the answers so far; whether `generate` would take them.
pub(super) type Judge<'j> = &'j mut dyn FnMut(&State) -> bool;

/// Everything, from the first question to the decision to write.
pub(super) fn run(ask: &mut dyn Ask, fresh: Fresh<'_>, judge: Judge<'_>) -> Result<State, Error> {
    let source = questions::source(ask)?;
    let mut state = State { source, targets: Vec::new() };
    loop {
        add_target(ask, &mut state, fresh)?;
        judge(&state);
        if !ask.confirm(&Question::new("Another target?", ""), false)? {
            break;
        }
    }
    review(ask, &mut state, fresh, judge)?;
    Ok(state)
}

fn add_target(ask: &mut dyn Ask, state: &mut State, fresh: Fresh<'_>) -> Result<(), Error> {
    ask.say(&format!("\nTarget {}", state.targets.len() + 1));
    let target = questions::target(ask, state, fresh)?;
    state.targets.push(target);
    Ok(())
}

/// What a line of the review leads to.
#[derive(Clone, Copy)]
enum Line {
    Write,
    Account,
    Name,
    Partition,
    Callers,
    Target(usize),
    Add,
}

fn review(ask: &mut dyn Ask, state: &mut State, fresh: Fresh<'_>, judge: Judge<'_>) -> Result<(), Error> {
    let mut is_sound = true;
    loop {
        let lines = lines(state);
        let (words, ways): (Vec<String>, Vec<Line>) = lines.into_iter().unzip();
        let why = "This is what will be written. Choose a line to change it.";
        let chosen = ask.choose(&Question::new("Review", why), &words, 0)?;
        match ways.get(chosen).copied().unwrap_or(Line::Write) {
            Line::Write if is_sound => return Ok(()),
            Line::Write => {}
            Line::Account => {
                let known = Some(&state.source.account_id);
                state.source.account_id = questions::source_account(ask, known, &state.targets)?;
            }
            Line::Name => state.source.name = Some(questions::source_name(ask, state.source.name.as_ref())?),
            Line::Partition => state.source.partition = questions::partition(ask, state.source.partition)?,
            Line::Callers => state.source.callers = questions::callers(ask)?,
            Line::Target(index) => change_target(ask, state, index)?,
            Line::Add => add_target(ask, state, fresh)?,
        }
        is_sound = judge(state);
    }
}

fn lines(state: &State) -> Vec<(String, Line)> {
    let SourceState { name, account_id, partition, callers } = &state.source;
    let name = name.as_ref().map_or("source", |name| name.as_str());
    let callers: Vec<String> = callers.iter().map(caller).collect();
    let mut lines = vec![
        ("Write it".to_owned(), Line::Write),
        (format!("Account A    {account_id}"), Line::Account),
        (format!("  name       {name}"), Line::Name),
        (format!("  partition  {partition}"), Line::Partition),
        (format!("  callers    {}", callers.join(", ")), Line::Callers),
    ];
    let target = |(index, target): (usize, &TargetState)| {
        let details = summary(state, target);
        (format!("Target       {}  {}  {details}", target.name, target.account_id), Line::Target(index))
    };
    lines.extend(state.targets.iter().enumerate().map(target));
    lines.push(("Add a target".to_owned(), Line::Add));
    lines
}

fn caller(caller: &CallerAnswer) -> String {
    let mfa = |mfa: &bool| if *mfa { ", with MFA" } else { "" };
    match caller {
        CallerAnswer::Account { mfa: demanded } => format!("anyone allowed to{}", mfa(demanded)),
        CallerAnswer::User { name, mfa: demanded } => format!("user {name}{}", mfa(demanded)),
        CallerAnswer::Role { name } => format!("role {name}"),
    }
}

fn summary(state: &State, target: &TargetState) -> String {
    let region = state.region(target).map(|region| region.to_string()).unwrap_or_default();
    let whose = if target.ownership == Ownership::ThirdParty { ", a third party's" } else { "" };
    format!("{region}{whose}, {}", permissions(target))
}

fn permissions(target: &TargetState) -> String {
    match target.permissions.as_slice() {
        _ if target.bootstrap() == BootstrapAnswer::Existing => "the role exists".to_owned(),
        [] => "no permissions yet".to_owned(),
        [one] => one.shown().to_owned(),
        many => Count(many.len(), "policy").to_string(),
    }
}

fn creation(target: &TargetState) -> String {
    match target.bootstrap() {
        BootstrapAnswer::AssumeRole(None) => "through OrganizationAccountAccessRole".to_owned(),
        BootstrapAnswer::AssumeRole(Some(role)) => format!("through {role}"),
        BootstrapAnswer::Profile(profile) => format!("with profile {profile}"),
        BootstrapAnswer::Environment => "with credentials in the environment".to_owned(),
        BootstrapAnswer::Existing => "not at all: it exists".to_owned(),
    }
}

/// One target's answers, changed one by one; what follows from them is found anew.
fn change_target(ask: &mut dyn Ask, state: &mut State, index: usize) -> Result<(), Error> {
    loop {
        let Some(mut target) = state.targets.get(index).cloned() else { return Ok(()) };
        let id = target.external_id().map_or_else(|| "none".to_owned(), |id| id.to_string());
        let region = state.region(&target).map(|region| region.to_string()).unwrap_or_default();
        let whose = if target.ownership == Ownership::ThirdParty { "a third party's" } else { "ours" };
        let policies: Vec<&str> = target.permissions.iter().map(super::state::Permission::shown).collect();
        let mut words = vec![
            "Back".to_owned(),
            format!("name         {}", target.name),
            format!("account id   {}", target.account_id),
            format!("region       {region}"),
            format!("whose        {whose}"),
            format!("external id  {id}"),
            format!(
                "permissions  {}",
                if policies.is_empty() { "none".to_owned() } else { policies.join(", ") }
            ),
            format!("creation     {}", creation(&target)),
        ];
        if state.targets.len() > 1 {
            words.push("Remove this target".to_owned());
        }
        let prompt = format!("Target {}", target.name);
        match ask.choose(&Question::new(prompt, "Choose a line to change it."), &words, 0)? {
            0 => return Ok(()),
            1 => target.name = questions::target_name(ask, state, Some(&target.name))?,
            2 => target.account_id = questions::target_account(ask, state, Some(&target.account_id))?,
            3 => questions::region(ask, state, &mut target)?,
            4 => questions::ownership(ask, &mut target)?,
            5 => questions::external_id(ask, &mut target)?,
            6 => questions::permissions(ask, state, &mut target)?,
            7 => questions::bootstrap(ask, &mut target)?,
            _ => {
                state.targets.remove(index);
                return Ok(());
            }
        }
        state.targets[index] = target;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use crate::model::{ExternalId, Text};

    /// Somebody whose answers are known: texts as they are typed, choices by the words they begin with.
    struct Script(VecDeque<&'static str>);

    impl Script {
        fn next(&mut self, question: &Question) -> &'static str {
            self.0.pop_front().unwrap_or_else(|| unreachable!("nobody answers `{}`", question.prompt))
        }
    }

    impl Ask for Script {
        fn say(&mut self, _: &str) {}

        fn text(
            &mut self,
            question: &Question,
            check: &dyn Fn(&str) -> Result<(), String>,
        ) -> Result<String, Error> {
            let answer = match self.next(question) {
                "" => question.default.clone().unwrap_or_default(),
                typed => typed.to_owned(),
            };
            check(&answer).map(|()| answer).map_err(Error::bug)
        }

        fn choose(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Error> {
            let answer = self.next(question);
            let chosen = items.iter().position(|item| !answer.is_empty() && item.trim().starts_with(answer));
            Ok(chosen.unwrap_or(default))
        }

        fn search(&mut self, question: &Question, items: &[String]) -> Result<usize, Error> {
            self.choose(question, items, 0)
        }

        fn confirm(&mut self, question: &Question, default: bool) -> Result<bool, Error> {
            let answer = self.next(question);
            Ok(if answer.is_empty() { default } else { answer == "y" })
        }
    }

    /// The state that answers lead to, and how often it was judged.
    fn answered(answers: &[&'static str]) -> (State, usize) {
        let fresh = || ExternalId::parse("random-0001").map_err(|invalid| Error::bug(invalid.message));
        let mut judged = 0;
        let mut judge = |_: &State| {
            judged += 1;
            true
        };
        let mut script = Script(answers.iter().copied().collect());
        let state = run(&mut script, &fresh, &mut judge).expect("the answers are right");
        assert!(script.0.is_empty(), "nobody asked for {:?}", script.0);
        (state, judged)
    }

    const BEGIN: [&str; 5] = ["111111111111", "an IAM user", "terraform", "", "n"];
    const TARGET: [&str; 7] = ["one", "222222222222", "", "ours", "", "ReadOnlyAccess", "(that is all)"];

    #[test]
    fn what_follows_from_an_answer_changes_with_it() {
        let review = ["Target", "whose", "a third party's", "Back", "partition", "aws-us-gov", "Write it"];
        let (state, judged) = answered(&[&BEGIN[..], &TARGET, &["n"], &review].concat());
        let target = state.answers(&state.targets[0]).expect("a target");
        assert_eq!(target.region.as_str(), "us-gov-west-1");
        assert_eq!(target.external_id.as_ref().map(ExternalId::as_str), Some("random-0001"));
        assert_eq!(target.bootstrap, BootstrapAnswer::Environment);
        assert_eq!(target.policy_arns[0].as_str(), "arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess");
        assert_eq!(judged, 3, "after each target and each change");
    }

    #[test]
    fn what_was_chosen_stays_when_others_change() {
        let review = [
            "Target",
            "region",
            "eu-west-1",
            "external id",
            "agreed",
            "creation",
            "with a profile",
            "two",
            "Back",
            "Target",
            "whose",
            "a third party's",
            "whose",
            "ours",
            "Back",
            "Write it",
        ];
        let (state, _) = answered(&[&BEGIN[..], &TARGET, &["n"], &review].concat());
        let target = state.answers(&state.targets[0]).expect("a target");
        assert_eq!(target.region.as_str(), "eu-west-1");
        assert_eq!(target.external_id.as_ref().map(ExternalId::as_str), Some("agreed"));
        assert!(matches!(target.bootstrap, BootstrapAnswer::Profile(_)));
    }
}
