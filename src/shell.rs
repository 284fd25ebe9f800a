//! Words of a POSIX shell.
//!
//! Responsible for texts as a shell reads them back, in commands that people paste. Refuses to know what the commands do.

use std::fmt::Write as _;

use crate::diagnostic::words::is_hidden;

/// A text as one word: bare where it needs no quotes, and with nothing in it that cannot be seen.
///
/// A backtick would end a code span of Markdown, so `printf` makes it, as it makes what is hidden.
#[must_use]
pub(crate) fn word(text: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || "_+=,.@/:-".contains(c);
    if !text.is_empty() && text.chars().all(is_bare) {
        text.to_owned()
    } else if text.contains(|c: char| c == '`' || is_hidden(c)) {
        format!("\"$(printf '{}')\"", octal(text))
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A text as a format of `printf`, in which all but letters and digits is escaped.
fn octal(text: &str) -> String {
    let mut format = String::with_capacity(text.len() * 4);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b" ./_-".contains(&byte) {
            format.push(char::from(byte));
        } else {
            _ = write!(format, "\\{byte:03o}");
        }
    }
    format
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_what_was_written() {
        for text in
            ["a", "", "my infra", "it's", "-x", "$(id)", "a`id`b", "%s\\n", "a\u{202e}b", "é ü", "a\nb", "~"]
        {
            let run = std::process::Command::new("sh")
                .args(["-c", &format!("printf '%s' {}", word(text))])
                .output()
                .expect("a shell runs");
            assert_eq!(String::from_utf8_lossy(&run.stdout), text, "{}", word(text));
        }
    }

    #[test]
    fn plain_names_stay_as_they_are() {
        assert_eq!(word("accounts/staging/workload"), "accounts/staging/workload");
        assert_eq!(word("my infra"), "'my infra'");
        assert_eq!(word("a`b"), "\"$(printf 'a\\140b')\"");
    }
}
