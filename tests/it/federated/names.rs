//! Names, and those that could be taken for them.

use crate::hcl::generator::Random;

/// A name, in place of every `*` something else.
pub(super) fn filled(pattern: &str, random: &mut Random) -> String {
    let mut parts = pattern.split('*');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        name.push_str(random.pick(&["1", "a-b", "2026-11", "eu_west", "x9"]));
        name.push_str(part);
    }
    name
}

/// Whether a text is what a pattern says, in which `*` stands for any text.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            ends.into_iter().any(|at| matches(after, &rest[at..]))
        }),
    }
}

/// Another name than this one, mostly one that looks like it.
pub(super) fn alike(name: &str, random: &mut Random) -> String {
    let longer = random.pick(&["-evil", "infra", "-", "2", "s", "-fork"]);
    match random.below(6) {
        0 => format!("{name}{longer}"),
        1 => format!("{}{name}", random.pick(&["evil-", "x", "the", "not-"])),
        2 if name.len() > 2 => shortened(name).to_owned(),
        3 if name.len() > 2 => name.chars().skip(1).collect(),
        4 => format!("{name}{name}"),
        _ => random.pick(&["stranger", "octo-org", "evil", "somebody"]).to_owned(),
    }
}

/// The text without its last character.
pub(super) fn shortened(text: &str) -> &str {
    let mut characters = text.chars();
    characters.next_back();
    characters.as_str()
}

/// The same text with one letter in the other case; where it has none, with one more.
pub(super) fn changed_case(text: &str, random: &mut Random) -> String {
    let letters: Vec<usize> =
        text.char_indices().filter(|(_, c)| c.is_ascii_alphabetic()).map(|(at, _)| at).collect();
    let Some(&at) = letters.get(random.below(letters.len())) else { return format!("{text}A") };
    let letter = &text[at..=at];
    let other = if letter == letter.to_uppercase() { letter.to_lowercase() } else { letter.to_uppercase() };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

/// An id that is not this one, or one that looks like it.
pub(super) fn other_id(id: &str, random: &mut Random) -> String {
    match random.below(4) {
        0 => format!("{id}{}", random.below(10)),
        1 if id.len() > 1 => shortened(id).to_owned(),
        2 => format!("0{id}"),
        _ => (900_000_000 + random.below(1_000_000)).to_string(),
    }
}

#[test]
fn patterns_match_as_in_policies() {
    for (pattern, text, wanted) in [
        ("a*c", "abc", true),
        ("a*c", "ac", true),
        ("a*c", "acb", false),
        ("*", "", true),
        ("a*b*c", "a:b:b:c", true),
        ("abc", "abcd", false),
        ("a?c", "abc", false),
    ] {
        assert_eq!(matches(pattern, text), wanted, "{pattern} {text}");
    }
}
