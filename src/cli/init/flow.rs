//! The way through the dialogue: questions, then a review in which any answer can be changed.

use std::collections::BTreeMap;

use super::ask::{Ask, Question, Stop, say_all};
use super::backend::backend;
use super::callers;
use super::general;
use super::offers::{Offers, list};
use super::permissions::{permissions, plan_permissions};
use super::review::{self, Line, Part};
use super::roles;
use super::source::{self, source};
use super::state::{SourceState, State};
use super::target::{self, target};
use crate::answers::BackendAnswer;

/// What is wrong with the answers so far: why `generate` would refuse them.
pub(super) type Judge<'j> = &'j dyn Fn(&State) -> Vec<String>;

/// Everything, from the first question to the decision to write.
pub(super) fn run(ask: &mut dyn Ask, offers: &Offers<'_>, judge: Judge<'_>) -> Result<State, Stop> {
    let source = source(ask)?;
    let mut state = State {
        name: None,
        default_tags: BTreeMap::new(),
        source,
        backend: BackendAnswer::Local,
        targets: Vec::new(),
        inherited_roles: Vec::new(),
    };
    loop {
        add_target(ask, &mut state, offers)?;
        say_all(ask, &judge(&state));
        if !ask.confirm(&Question::new("Another target?", ""), false)? {
            break;
        }
    }
    state.source.credentials = source::credentials(ask, offers, &state.source.credentials)?;
    state.backend = backend(ask, &state.source, &state.backend)?;
    review(ask, &mut state, offers, judge)?;
    Ok(state)
}

fn add_target(ask: &mut dyn Ask, state: &mut State, offers: &Offers<'_>) -> Result<(), Stop> {
    ask.say(&format!("\nTarget {}", state.targets.len() + 1));
    let target = target(ask, state, offers)?;
    state.targets.push(target);
    Ok(())
}

fn review(ask: &mut dyn Ask, state: &mut State, offers: &Offers<'_>, judge: Judge<'_>) -> Result<(), Stop> {
    loop {
        let (words, lines): (Vec<String>, Vec<Line>) = review::lines(state).into_iter().unzip();
        let why = "This is what will be written. Choose a line to change it.";
        let chosen = ask.choose(&Question::new("Review", why), &words, 0)?;
        match lines.get(chosen).copied().unwrap_or(Line::Write) {
            Line::Write if judge(state).is_empty() => return Ok(()),
            Line::Write => {}
            line => change(ask, state, offers, line)?,
        }
        say_all(ask, &judge(state));
    }
}

fn change(ask: &mut dyn Ask, state: &mut State, offers: &Offers<'_>, line: Line) -> Result<(), Stop> {
    let known = &mut state.source;
    match line {
        Line::Write => {}
        Line::Account => known.account_id = source::source_account(ask, known, &state.targets)?,
        Line::Name => known.name = Some(source::source_name(ask, known.name.as_ref())?),
        Line::Partition => known.partition = source::partition(ask, known.partition)?,
        Line::Caller(index) => change_caller(ask, known, index)?,
        Line::AddCaller => callers::add(ask, known)?,
        Line::Roles => roles::roles(ask, known)?,
        Line::SpecName => state.name = general::name(ask, state.name.as_ref())?,
        Line::Tags => state.default_tags = general::tags(ask, &state.default_tags)?,
        Line::Credentials => known.credentials = source::credentials(ask, offers, &known.credentials)?,
        Line::Organization => {
            known.organization_id = source::organization(ask, known.organization_id.as_ref())?;
        }
        Line::Backend => state.backend = backend(ask, known, &state.backend)?,
        Line::Target(index) => change_target(ask, state, offers, index)?,
        Line::Add => add_target(ask, state, offers)?,
    }
    Ok(())
}

/// A caller in whose place another comes, that gets another ID, or that is removed.
fn change_caller(ask: &mut dyn Ask, source: &mut SourceState, index: usize) -> Result<(), Stop> {
    let words = list(["Back", "Replace this caller", "Change its ID", "Remove this caller"]);
    let shown = review::caller(&source.callers[index].answer);
    match ask.choose(&Question::new("What should change?", shown), &words, 0)? {
        0 => Ok(()),
        1 => callers::change(ask, source, index),
        2 => callers::change_id(ask, source, index),
        _ => {
            source.callers.remove(index);
            // Without any, everybody in the account would be one.
            if source.callers.is_empty() { callers::callers(ask, source) } else { Ok(()) }
        }
    }
}

/// One target's answers, changed one by one; what follows from them is found anew.
fn change_target(
    ask: &mut dyn Ask,
    state: &mut State,
    offers: &Offers<'_>,
    index: usize,
) -> Result<(), Stop> {
    while let Some(mut target) = state.targets.get(index).cloned() {
        let (words, parts): (Vec<String>, Vec<Part>) = review::target(state, &target).into_iter().unzip();
        let question = Question::new(format!("Target {}", target.name), "Choose a line to change it.");
        let chosen = ask.choose(&question, &words, 0)?;
        match parts.get(chosen).copied().unwrap_or(Part::Done) {
            Part::Done => break,
            Part::Name => target.name = target::target_name(ask, state, Some(&target.name))?,
            Part::Account => {
                target.account_id = target::target_account(ask, state, Some(&target.account_id))?;
            }
            Part::Region => target::region(ask, state, &mut target)?,
            Part::MoreRegions => target::more_regions(ask, state, &mut target)?,
            Part::Owner => target::ownership(ask, &mut target)?,
            Part::ExternalId => target::external_id(ask, &mut target)?,
            Part::Permissions => permissions(ask, state, &mut target)?,
            Part::PlanPermissions => plan_permissions(ask, state, &mut target)?,
            Part::Creation => target::bootstrap(ask, state, offers, &mut target)?,
            Part::Remove => {
                state.targets.remove(index);
                return if state.targets.is_empty() { add_target(ask, state, offers) } else { Ok(()) };
            }
        }
        state.targets[index] = target;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::super::ask::{Check, Picks};
    use super::super::replay;
    use super::*;
    use crate::answers::{BootstrapAnswer, RolesAnswer};
    use crate::diagnostic::Error;
    use crate::model::{ExternalId, PolicyArn, ProfileName, Text};

    /// Somebody whose answers are known: texts as they are typed, choices by the words they begin with.
    struct Script(VecDeque<&'static str>);

    impl Script {
        fn next(&mut self, question: &Question) -> Result<&'static str, Stop> {
            let answer = self.0.pop_front();
            let answer = answer.unwrap_or_else(|| unreachable!("nobody answers `{}`", question.prompt));
            if answer == BACK { Err(Stop::Back) } else { Ok(answer) }
        }
    }

    impl Ask for Script {
        fn say(&mut self, _: &str) {}

        fn text(&mut self, question: &Question, check: Check<'_>) -> Result<String, Stop> {
            let answer = match self.next(question)? {
                "" => question.default.clone().unwrap_or_default(),
                typed => typed.to_owned(),
            };
            check(&answer).map_err(Error::bug)?;
            Ok(answer)
        }

        fn choose(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Stop> {
            let answer = self.next(question)?;
            let chosen = items.iter().position(|item| !answer.is_empty() && item.trim().starts_with(answer));
            Ok(chosen.unwrap_or(default))
        }

        fn search(&mut self, question: &Question, items: &[String], default: usize) -> Result<usize, Stop> {
            self.choose(question, items, default)
        }

        fn pick(
            &mut self,
            question: &Question,
            _: &Picks<'_>,
            chosen: &[String],
        ) -> Result<Vec<String>, Stop> {
            Ok(match self.next(question)? {
                "" => chosen.to_vec(),
                names => names.split(' ').map(str::to_owned).collect(),
            })
        }

        fn confirm(&mut self, question: &Question, default: bool) -> Result<bool, Stop> {
            let answer = self.next(question)?;
            Ok(if answer.is_empty() { default } else { answer == "y" })
        }
    }

    /// The state that answers lead to.
    fn answered(answers: &[&'static str]) -> State {
        let fresh = || ExternalId::parse("random-0001").map_err(|invalid| Error::bug(invalid.message));
        let mut script = Script(answers.iter().copied().collect());
        let offers = Offers::new(&fresh, vec![ProfileName::parse("ops").expect("a name")]);
        let state = replay::run(&mut script, |ask| run(ask, &offers, &|_| Vec::new()));
        assert!(script.0.is_empty(), "nobody asked for {:?}", script.0);
        state.expect("the answers are right")
    }

    const BACK: &str = "<";
    const BEGIN: [&str; 6] = ["111111111111", "an IAM user", "terraform", "", "n", ""];
    const TARGET: [&str; 6] = ["one", "222222222222", "", "ours", "", "ReadOnlyAccess"];
    /// No other target, credentials of the environment, and files for the state.
    const END: [&str; 3] = ["n", "", ""];

    #[test]
    fn what_follows_from_an_answer_changes_with_it() {
        let review = ["Target", "owner", "a third party's", "Back", "partition", "aws-us-gov", "Write it"];
        let state = answered(&[&BEGIN[..], &TARGET, &END, &review].concat());
        let target = state.answers(&state.targets[0]).expect("a target");
        assert_eq!(target.region.as_str(), "us-gov-west-1");
        assert_eq!(target.external_id.as_ref().map(ExternalId::as_str), Some("random-0001"));
        assert_eq!(target.bootstrap, BootstrapAnswer::Environment);
        let wanted = PolicyArn::parse("arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess").expect("an ARN");
        assert_eq!(target.roles, RolesAnswer::One(vec![wanted]));
    }

    #[test]
    fn what_was_chosen_stays_when_others_change() {
        let review = [
            "Target",
            "region",
            "eu-west-1",
            "external ID",
            "agreed",
            "role created",
            "with a profile",
            "(another profile)",
            "two",
            "Back",
            "Target",
            "owner",
            "a third party's",
            "owner",
            "ours",
            "Back",
            "Write it",
        ];
        let state = answered(&[&BEGIN[..], &TARGET, &END, &review].concat());
        let target = state.answers(&state.targets[0]).expect("a target");
        assert_eq!(target.region.as_str(), "eu-west-1");
        assert_eq!(target.external_id.as_ref().map(ExternalId::as_str), Some("agreed"));
        assert!(matches!(target.bootstrap, BootstrapAnswer::Profile(_)));
    }

    #[test]
    fn the_last_answer_can_be_taken_back_anywhere() {
        // Twice back in the middle of a target, once out of the review, and where there is no way back.
        let target =
            ["one", "222222222222", BACK, BACK, "two", "", "", "ours", "", BACK, "", "ReadOnlyAccess"];
        let review =
            [BACK, "in an S3", BACK, "in local", "Target", "region", BACK, "external ID", "agreed", "Back"];
        let answers = [&[BACK][..], &BEGIN, &target, &END, &review, &["Write it"]].concat();
        let state = answered(&answers);
        let target = state.answers(&state.targets[0]).expect("a target");
        assert_eq!((target.name.as_str(), target.account_id.as_str()), ("two", "222222222222"));
        assert_eq!(target.external_id.as_ref().map(ExternalId::as_str), Some("agreed"));
        assert_eq!(target.region.as_str(), "us-east-1");
        assert_eq!(state.backend, BackendAnswer::Local);
    }
}
