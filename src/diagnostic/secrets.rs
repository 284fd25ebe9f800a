//! Credentials in what is shown: whatever a message is about, they are not printed, for logs are read by
//! many.
//!
//! Responsible for stars in place of access keys, of what looks like a secret key, and of what stands
//! behind a key that announces a credential. Refuses to judge whether it may stand there.

use std::borrow::Cow;
use std::ops::Range;

/// Keys behind which a credential stands, whatever the format.
const KEYS: [&str; 14] = [
    "access_key",
    "secret_key",
    "secret_access_key",
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "session_token",
    "accesskeyid",
    "secretaccesskey",
    "sessiontoken",
    "token",
    "password",
    "passwd",
    "private_key",
];
/// The length of a secret access key.
const SECRET: usize = 40;

/// The text with stars for every credential, as long as it was, so that places in it stay.
#[must_use]
pub fn hide(text: &str) -> Cow<'_, str> {
    let mut places = Vec::new();
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '/' | '=');
    let mut at = 0;
    while let Some(start) = text[at..].find(is_word).map(|start| at + start) {
        let end = text[start..].find(|c| !is_word(c)).map_or(text.len(), |length| start + length);
        places.extend(in_word(text, start..end));
        at = end;
    }
    if places.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(starred(text, &places)) }
}

/// The credentials in a word, or behind it.
fn in_word(text: &str, word: Range<usize>) -> Vec<Range<usize>> {
    let found = &text[word.clone()];
    if is_secret(found) {
        return vec![word];
    }
    let mut places = Vec::new();
    let mut at = word.start;
    for part in found.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
        let here = at..at + part.len();
        at = here.end + 1;
        if is_access_key(part) {
            places.push(here.start + 4..here.end);
        } else if KEYS.iter().any(|key| key.eq_ignore_ascii_case(part)) {
            places.extend(value_behind(text, here.end));
        }
    }
    places
}

/// An access key's id: of a user (`AKIA…`) or of a session (`ASIA…`).
fn is_access_key(word: &str) -> bool {
    word.len() == 20
        && (word.starts_with("AKIA") || word.starts_with("ASIA"))
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// A word as long as a secret access key, and as mixed; digests have no upper case.
fn is_secret(word: &str) -> bool {
    word.len() == SECRET
        && word.bytes().any(|byte| byte.is_ascii_uppercase())
        && word.bytes().any(|byte| byte.is_ascii_lowercase())
        && word.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'/'))
        && !word.contains(['_', '='])
}

/// The value behind a key, in YAML, JSON or HCL: between quotes, or up to the next blank or comma.
fn value_behind(text: &str, key: usize) -> Option<Range<usize>> {
    let rest = text.get(key..)?;
    let sign = rest.trim_start_matches(['"', '\'']).trim_start_matches([' ', '\t']);
    let value = sign.strip_prefix([':', '='])?.trim_start_matches([' ', '\t']);
    let start = text.len() - value.len();
    let length = match value.chars().next()? {
        quote @ ('"' | '\'') => {
            let inside = value[1..].find([quote, '\n']).unwrap_or(value.len() - 1);
            return Some(start + 1..start + 1 + inside).filter(|place| !place.is_empty());
        }
        _ => value.find([' ', '\t', ',', '}', ']', '\n', '\r']).unwrap_or(value.len()),
    };
    let word = &value[..length];
    // A reference of Terraform tells nothing.
    let is_reference = ["var.", "local.", "data.", "$"].iter().any(|begin| word.starts_with(begin));
    (length > 0 && !is_reference).then_some(start..start + length)
}

fn starred(text: &str, places: &[Range<usize>]) -> String {
    let is_hidden = |at: usize| places.iter().any(|place| place.contains(&at));
    text.char_indices()
        .map(|(at, c)| if is_hidden(at) { "*".repeat(c.len_utf8()) } else { c.to_string() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::hide;

    #[test]
    fn credentials_become_stars_and_nothing_else_does() {
        let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        for text in [
            "secret_key = \"short\"",
            "  secret_key: short",
            "{\"SecretAccessKey\": \"short\", \"b\": 1}",
            "{token: short, region: b}",
            "PASSWORD=short",
            "access_key = 'short'",
        ] {
            assert_eq!(hide(text), text.replace("short", "*****"), "{text}");
        }
        assert_eq!(hide(&format!("a {key} b")), format!("a {} b", "*".repeat(40)));
        assert_eq!(hide("id AKIAIOSFODNN7EXAMPLE"), "id AKIA****************");
        assert_eq!(hide("token: \u{e9}\u{e9}"), "token: ****");
        for text in [
            "token.actions.githubusercontent.com:sub = \"repo:a/b\"",
            "\"Action\": \"sts:GetSessionToken\"",
            "secret_key = var.secret",
            "0123456789abcdef0123456789abcdef01234567",
            "arn:aws:iam::111111111111:role/Deploy",
            "token:",
        ] {
            assert_eq!(hide(text), text);
        }
    }
}
