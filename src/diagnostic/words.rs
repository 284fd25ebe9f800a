//! The few forms of words that messages share, so that they are worded once and alike.

use std::fmt;

/// A number as people read it: `999`, `4,000`, `1,234,567`.
#[derive(Debug, Clone, Copy)]
pub struct Number(pub usize);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 1000, self.0 % 1000) {
            (0, rest) => write!(f, "{rest}"),
            (thousands, rest) => write!(f, "{},{rest:03}", Self(thousands)),
        }
    }
}

/// A number with its noun: `1 account`, `2 accounts`, `3 policies`.
#[derive(Debug, Clone, Copy)]
pub struct Count<'a>(pub usize, pub &'a str);

impl fmt::Display for Count<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number, noun) = *self;
        match (number, noun.strip_suffix('y')) {
            (1, _) => write!(f, "1 {noun}"),
            (_, Some(stem)) => write!(f, "{} {stem}ies", Number(number)),
            (_, None) => write!(f, "{} {noun}s", Number(number)),
        }
    }
}

/// `` `a`, `b` or `c` ``
#[must_use]
pub fn one_of(names: &[&str]) -> String {
    let ticked: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match ticked.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// `` `a`, `b`, `c` and 38 more ``
#[must_use]
pub fn few(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    // The place of "and 1 more" is as good for its name.
    let shown = if names.len() > SHOWN + 1 { SHOWN } else { names.len() };
    let listed: Vec<_> = names.iter().take(shown).map(|name| format!("`{name}`")).collect();
    match names.len() - shown {
        0 => listed.join(", "),
        more => format!("{} and {} more", listed.join(", "), Number(more)),
    }
}

/// The name that was probably meant, if one of them is near enough.
#[must_use]
pub fn nearest<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    let lowered = written.to_lowercase().replace('-', "_");
    let (score, name) = known
        .iter()
        .map(|name| (strsim::jaro_winkler(&lowered, &name.replace('-', "_")), *name))
        .max_by(|left, right| left.0.total_cmp(&right.0))?;
    (score >= 0.8).then_some(name)
}

/// ``did you mean `region`?``, or the whole list when nothing is near.
#[must_use]
pub fn did_you_mean(written: &str, known: &[&str]) -> String {
    match nearest(written, known) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("known here: {}", one_of(known)),
    }
}

/// Whether a character cannot be seen, ends a line or turns the reading direction. What HFS+ ignores in
/// names is among them.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// A message in which nothing of the user's can end the line, move the cursor or turn the reading
/// direction.
#[must_use]
pub fn one_line(message: String) -> String {
    if message.contains(is_hidden) { visible(&message) } else { message }
}

/// A text in which hidden characters are written as escapes.
#[must_use]
pub fn visible(text: &str) -> String {
    let shown = |c: char| if is_hidden(c) { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}

/// What the operating system answered, without its number for it.
#[must_use]
pub fn system(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// What bytes are that are not UTF-8.
#[must_use]
pub fn not_utf_8(bytes: &[u8]) -> String {
    if is_utf_16(bytes) {
        format!("it is UTF-16, not UTF-8; {UTF_16_HELP}")
    } else {
        "it is not UTF-8".to_owned()
    }
}

/// What to do about UTF-16, which `>` writes in Windows PowerShell.
pub const UTF_16_HELP: &str =
    "save it as UTF-8 without a byte-order mark; in Windows PowerShell, `>` writes UTF-16";

/// Whether bytes begin as UTF-16 does with its byte-order mark.
#[must_use]
pub fn is_utf_16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}

/// A text of the user's inside a message: one line, of bearable length, nothing invisible in it.
#[must_use]
pub fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    let visible: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    let visible = visible.replace("\\'", "'").replace("\\\"", "\"");
    if text.chars().nth(LONGEST).is_some() { format!("{visible}…") } else { visible }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_agree_with_their_noun() {
        assert_eq!(Count(1, "account").to_string(), "1 account");
        assert_eq!(Count(0, "account").to_string(), "0 accounts");
        assert_eq!(Count(3, "policy").to_string(), "3 policies");
    }

    #[test]
    fn thousands_are_set_apart() {
        for (number, shown) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (44_012, "44,012"), (1_000_007, "1,000,007")]
        {
            assert_eq!(Number(number).to_string(), shown);
        }
        assert_eq!(Count(4000, "target").to_string(), "4,000 targets");
    }

    #[test]
    fn the_nearest_name_is_offered_only_when_near() {
        let known = ["account_id", "region"];
        assert_eq!(nearest("acount_id", &known), Some("account_id"));
        assert_eq!(nearest("account-id", &known), Some("account_id"));
        assert_eq!(nearest("zzz", &known), None);
    }

    #[test]
    fn excerpts_show_what_cannot_be_seen() {
        assert_eq!(excerpt("a\nb\u{202e}c"), "a\\nb\\u{202e}c");
        assert_eq!(excerpt("it's \"x\""), "it's \"x\"");
        assert_eq!(excerpt(&"x".repeat(100)).chars().count(), 61);
    }
}
