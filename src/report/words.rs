//! The words that all forms of a report share.

use super::facts::{Class, Facts, Member, RoleGroup, Subject, Verdict};
use crate::diagnostic::words::{Count, Number};

impl Verdict {
    /// The verdict in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::AsDeclared => "as declared",
            Self::Read => "read in full",
            Self::NotKnown => "not known",
            Self::Differs => "differs",
        }
    }
}

impl Class {
    /// What the permissions come to, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Nothing => "no permissions",
            Self::Read => "read",
            Self::Assume => "assume roles",
            Self::Write => "write",
            Self::NotKnown => "not known",
            Self::Administer => "administer",
        }
    }
}

/// What the report is called.
pub(super) fn title(facts: &Facts) -> String {
    match &facts.subject {
        Subject::Spec { only, .. } if !only.is_empty() => format!("Access to {}", only.join(", ")),
        Subject::Spec { name, .. } => format!("Who can enter which account: {name}"),
        Subject::Terraform { folder } => format!("Who can assume which role: {folder}"),
    }
}

/// What the verdict means, in a sentence.
pub(super) fn sentence(facts: &Facts) -> String {
    let roles: usize = facts.hops.iter().chain(&facts.roles).map(|group| group.members.len()).sum();
    let not_known = count(facts, Verdict::NotKnown);
    match facts.verdict {
        Verdict::AsDeclared => format!(
            "The trust policies of {} let in the callers that the spec declares, and no one else.",
            all(roles, "role")
        ),
        Verdict::Read => {
            format!("{} and {} attached policies were read in full.", Count(roles, "role"), policies(facts))
        }
        Verdict::NotKnown => {
            format!(
                "Who can enter is not known at {}: something could not be read.",
                places(facts, not_known)
            )
        }
        Verdict::Differs => {
            let differs = places(facts, count(facts, Verdict::Differs));
            let rest = match not_known {
                0 => String::new(),
                more => format!(" At {} it is not known.", places(facts, more)),
            };
            format!("At {differs}, access is not what the spec declares.{rest}")
        }
    }
}

fn all(number: usize, noun: &str) -> String {
    if number == 1 { format!("the only {noun}") } else { format!("all {}", Count(number, noun)) }
}

fn policies(facts: &Facts) -> usize {
    facts.roles.iter().map(|group| group.members.len() * group.shape.policies.len()).sum()
}

/// How many targets have a verdict, or where there are none, roles.
pub(super) fn count(facts: &Facts, verdict: Verdict) -> usize {
    let groups = facts.hops.iter().chain(&facts.roles).filter(|group| group.shape.verdict == verdict);
    match facts.targets.iter().filter(|target| target.verdict == verdict).count() {
        0 => groups.map(|group| group.members.len()).sum(),
        targets => targets,
    }
}

fn places(facts: &Facts, number: usize) -> String {
    let noun = if facts.targets.is_empty() { "role" } else { "target" };
    Count(number.max(1), noun).to_string()
}

/// The names of a group's roles: the one that all have, or how many there are.
pub(super) fn role_names(group: &RoleGroup) -> String {
    let mut names: Vec<&str> = group.members.iter().map(|member| member.role.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    few(&names)
}

/// `a, b, c and 38 more`
pub(super) fn few(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    // The place of "and 1 more" is as good for its name.
    let shown = if names.len() > SHOWN + 1 { SHOWN } else { names.len() };
    match names.len() - shown {
        0 => names.join(", "),
        more => format!("{} and {} more", names[..shown].join(", "), Number(more)),
    }
}

/// Where one role is: `acme (222222222222)`.
pub(super) fn place(member: &Member) -> String {
    match &member.account_id {
        Some(account) => format!("{} ({account})", member.target),
        None => member.target.clone(),
    }
}

/// A list in words, or a word for none.
pub(super) fn listed(list: &[String], none: &str) -> String {
    if list.is_empty() { none.to_owned() } else { list.join(", ") }
}

/// How a group's roles are known: by their key and whose accounts they are in.
pub(super) fn kind(group: &RoleGroup) -> String {
    let shape = &group.shape;
    let mut words: Vec<String> = shape.key.iter().cloned().collect();
    words.extend(shape.third_party.then(|| "third party".to_owned()));
    words.extend(shape.retired.then(|| "retired".to_owned()));
    words.join(", ")
}

/// A text in parts, and whether each stands between backticks: a name, in a sentence of ours.
pub(super) fn parts(text: &str) -> Vec<(bool, &str)> {
    let parts: Vec<&str> = text.split('`').collect();
    // The last of an odd number of backticks is one.
    if parts.len().is_multiple_of(2) {
        return vec![(false, text)];
    }
    let named = parts.into_iter().enumerate().map(|(at, part)| (at % 2 == 1, part));
    named.filter(|(_, part)| !part.is_empty()).collect()
}

/// The first letter in upper case.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn names_stand_between_backticks() {
        assert_eq!(
            parts("statement `A` of `B`"),
            [(false, "statement "), (true, "A"), (false, " of "), (true, "B")]
        );
        assert_eq!(parts("it`s"), [(false, "it`s")]);
    }
}
