//! Scalars as a person writes them: without quotes where every YAML reader takes the text for a text.

use std::fmt::Write as _;

/// Words that some version of YAML reads as a boolean or as nothing.
const WORDS: [&str; 13] =
    ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "none", "nan", "inf", "nil"];

/// The text as a scalar that means exactly it, in flow and in block style alike.
pub(super) fn text(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_./:@+=- ".contains(c);
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/' || c == '_')
        || text.strip_prefix("./").is_some();
    let is_word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    starts_well
        && text.chars().all(allowed)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !is_word
        && !looks_like_a_number(text)
}

/// Numbers, dates and times in any notation.
fn looks_like_a_number(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let is_numeric = |c: char| c.is_ascii_digit() || "_.:+- eETZtz".contains(c);
    let has_base = ["0x", "0X", "0o", "0b"].iter().any(|prefix| text.starts_with(prefix));
    starts && (has_base || text.chars().all(is_numeric))
}

/// Between double quotes, where JSON's escapes mean the same.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn quotes_stand_where_they_are_needed() {
        for plain in [
            "staging",
            "7f0c2b1e-5d0e-4f43",
            "arn:aws:iam::aws:policy/X",
            "1h",
            "us-east-1",
            "/vendors/",
            "./pack",
            "My Org",
        ] {
            assert_eq!(text(plain), plain);
        }
        for other in [
            "",
            "111111111111",
            "0x1f",
            "1e5",
            "no",
            "Null",
            "~",
            "- a",
            "a: b",
            "a #b",
            "2027-06-30",
            "12:30",
            ">= 1",
            "é",
            "a ",
            "[a",
            "*a",
        ] {
            assert!(text(other).starts_with('"'), "{other}");
        }
        assert_eq!(text("a\"\n\u{1}"), "\"a\\\"\\n\\u0001\"");
    }
}
