//! Names that every system takes for the same file.
//!
//! Responsible for what Windows, macOS and a terminal would make of a name that Linux takes as it is.
//! Refuses to know what is written under a name.
//!
//! Sources: "Naming Files, Paths, and Namespaces" of the Windows documentation, and git's
//! `core.protectNTFS` and `core.protectHFS`.

use super::text::Reserved;
use crate::diagnostic::words::is_hidden;

/// Bytes that a name may have: Linux, macOS and NTFS all end there.
const LONGEST: usize = 255;

/// Whether a part of a path names a file of its own on every system, and is nobody's folder of records.
#[must_use]
pub(crate) fn is_portable(part: &str) -> bool {
    (1..=LONGEST).contains(&part.len())
        // Windows drops them: `a.` is `a`, and `.. ` is `..`.
        && !part.ends_with([' ', '.'])
        && is_portable_text(part)
        && !is_device(part)
        && !is_git_folder(part)
}

fn is_portable_text(part: &str) -> bool {
    if part.is_ascii() {
        part.bytes().all(|byte| PORTABLE[usize::from(byte)])
    } else {
        part.chars().all(is_portable_character)
    }
}

/// The characters of ASCII that can be seen, and that no file system gives a meaning; names are asked about
/// for every file of every run.
const PORTABLE: [bool; 128] = {
    let mut portable = [false; 128];
    let mut byte = b' ';
    while byte <= b'~' {
        portable[byte as usize] =
            !matches!(byte, b'\\' | b'/' | b':' | b'*' | b'?' | b'"' | b'<' | b'>' | b'|');
        byte += 1;
    }
    portable
};

/// Whether a character is one that can be seen, and that no file system gives a meaning.
fn is_portable_character(c: char) -> bool {
    // What HFS+ ignores in names is hidden, all of it.
    u8::try_from(c).ok().and_then(|byte| PORTABLE.get(usize::from(byte)).copied()).unwrap_or(!is_hidden(c))
}

/// Whether Windows takes a name for a device, whatever its ending: `nul.json` is `NUL`.
#[must_use]
pub(crate) fn is_device(name: &str) -> bool {
    const DEVICES: [&str; 7] = ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];
    // By bytes: names are short, and asked about for every file of every run.
    let end = name.bytes().position(|byte| byte == b'.').unwrap_or(name.len());
    let stem = name[..end].trim_end_matches(' ');
    // Nearly all names are longer or begin otherwise, and need no closer look.
    let begins = |byte: u8| b"acnpl".contains(&byte.to_ascii_lowercase());
    if !(3..=7).contains(&stem.len()) || !stem.bytes().next().is_some_and(begins) {
        return false;
    }
    let is_port = |kind: &str| {
        let (start, digit) = stem.split_at_checked(kind.len()).unwrap_or_default();
        let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³');
        start.eq_ignore_ascii_case(kind) && digit.chars().count() == 1 && digit.chars().all(is_digit)
    };
    DEVICES.iter().any(|device| stem.eq_ignore_ascii_case(device)) || is_port("com") || is_port("lpt")
}

/// Names that Windows keeps for devices, for types whose texts name files.
pub(crate) const DEVICES: Reserved = Reserved {
    includes: is_device,
    pattern: "^([Cc][Oo][Nn]|[Pp][Rr][Nn]|[Aa][Uu][Xx]|[Nn][Uu][Ll]|[Cc][Oo][Mm][0-9]|[Ll][Pp][Tt][0-9])([.]|$)",
    why: "Windows reserves the name for a device",
    help: "a file or folder gets this name and could not be checked out on Windows: choose another name",
};

/// Whether a name is git's folder, which no system tells apart by case.
fn is_git_folder(name: &str) -> bool {
    name.eq_ignore_ascii_case(".git") || is_short_name(name, "git")
}

/// Whether a name is one that NTFS may have given to a longer one: `git~1` is `.git`.
#[must_use]
pub(crate) fn is_short_name(name: &str, start: &str) -> bool {
    let Some((stem, number)) = name.split_at_checked(start.len()) else { return false };
    let Some(number) = number.strip_prefix('~') else { return false };
    stem.eq_ignore_ascii_case(start) && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_some_system_takes_for_another_are_refused() {
        for name in [
            "",
            ".",
            "..",
            "...",
            ".. ",
            "a.",
            "a ",
            "a. .",
            "con",
            "CON",
            "Con.tf",
            "aux.tf",
            "nul.tar.gz",
            "con .txt",
            "prn",
            "com0",
            "COM9.json",
            "com¹",
            "lpt².x",
            "LPT³",
            "conin$",
            "ConOut$.txt",
            "clock$",
            ".git",
            ".GIT",
            ".Git",
            "git~1",
            "GIT~12",
            "a:b",
            "a\\b",
            "a/b",
            "a*",
            "a\u{7f}",
            "a\u{85}b",
            ".g\u{200c}it",
            "a\u{202e}b",
            "a\u{2066}b",
            "a\u{2028}b",
            "\u{feff}a",
            "a\u{206f}",
            "a\u{61c}b",
            "a\u{ad}b",
            "a\u{e0041}b",
        ] {
            assert!(!is_portable(name), "{name:?}");
        }
        assert!(!is_portable(&"é".repeat(128)), "256 bytes");
    }

    #[test]
    fn names_that_only_look_alike_stay() {
        for name in [
            "a",
            "console.tf",
            "com",
            "com10",
            "comX",
            "context.json",
            "auxiliary",
            "null",
            "nul-1",
            "acon",
            ".gitignore",
            ".gitattributes",
            ".github",
            "git",
            "git~",
            "git~a",
            "widgit~1",
            "a~1",
            "main.tf~",
            ".terraform.lock.hcl",
            "..a",
            " a",
            "a b.md",
            "größe.tf",
            "日本語.md",
            "❤️.md",
            "com⁴",
            "$conin",
        ] {
            assert!(is_portable(name), "{name:?}");
        }
        assert!(is_portable(&"a".repeat(255)));
    }
}
