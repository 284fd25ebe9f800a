//! Texts meant to hurt: very long, very deep, cut off anywhere.

use std::time::{Duration, Instant};

use crossrole::hcl::{self, Document, ErrorKind, Span};

const LARGE: usize = 10_000_000;
const DEEP: usize = 100_000;

/// Generous, as test builds are slow and machines busy; anything quadratic takes hours.
const PATIENCE: Duration = Duration::from_mins(1);

/// Runs everything there is on a text, and says whether it is valid.
fn survives(what: &str, text: &str) -> bool {
    let start = Instant::now();
    let checked = hcl::check(text);
    if let Ok(formatted) = hcl::format(text) {
        assert!(hcl::check(&formatted).is_ok(), "{what}");
    }
    if let Ok(document) = Document::parse(text) {
        assert_eq!(document.body().span, Span::from(0..text.len()), "{what}");
    }
    let taken = start.elapsed();
    assert!(taken < PATIENCE, "{what} takes {taken:?}");
    checked.is_ok()
}

#[test]
fn repeated_pieces() {
    let pieces = [
        "[",
        "(",
        "{",
        "\"",
        "\"${",
        "$",
        "%",
        "%{",
        "\"%{",
        "<",
        "<<E\n",
        "a\n",
        "a=",
        "a = 1\n",
        "a{",
        "a {\n",
        "}",
        "]",
        ")",
        ".",
        "x.",
        "-",
        "!",
        "1",
        "1.",
        "e",
        "/*",
        "#",
        "/",
        "*",
        "\\",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        ",",
        "?",
        ":",
        "::",
        "é",
        "\u{301}",
        "\u{feff}",
        "\0",
        "_",
        "a b ",
        "\"a\" ",
        "f(",
        "x[",
        "a = {\n",
        "a = <<E\n${",
        "a = <<E\nE\n",
        "${",
        "~}",
        "[for x in ",
        "{for x in y : ",
        "x ? ",
        "x ? y : ",
    ];
    for piece in pieces {
        survives(piece, &piece.repeat(LARGE / 4 / piece.len()));
    }
}

#[test]
fn long_texts_after_a_beginning() {
    let cases = [
        ("a = [", "1, ", "]\n"),
        ("a = \"", "$", "\"\n"),
        ("a = \"", "${x}", "\"\n"),
        ("a = \"", "\\n", "\"\n"),
        ("a = <<E\n", "$", "\nE\n"),
        ("a = <<E\n", "${x}%", "\nE\n"),
        ("a = <<E\n", "x\n", "E\n"),
        ("a = <<E\n", "\r\n", "E\r\n"),
        ("a = <<E\n", "E ", "\nE\n"),
        ("a = {\n", "b = 1\n", "}\n"),
        ("a = {\n", "b = 1 # c\n", "}\n"),
        ("a = x", ".y", "\n"),
        ("a = x", "[0]", "\n"),
        ("a = x", "[ /**/ 0]", "\n"),
        ("a = x", "[y", ""),
        ("a = 1", " + 1", "\n"),
        ("a = x", " ? 1 : x", "\n"),
        ("a = ", "-", "1\n"),
        ("a ", "b ", "{}\n"),
        ("a ", "/**/ ", "{}\n"),
        ("a = 1", "0", "\n"),
        ("", "a {}\n", ""),
        ("", "# c\n", "a = 1\n"),
        ("", "\n", "a = 1\n"),
        ("a = [\n", "/**/", "]\n"),
        ("a = f(", "\n", ")\n"),
        ("é = [", "é, ", "]\n"),
    ];
    for (before, piece, after) in cases {
        let text = format!("{before}{}{after}", piece.repeat(LARGE / piece.len()));
        let what = format!("{before:?} {piece:?}");
        assert!(survives(&what, &text) || after.is_empty(), "{what}: {:?}", hcl::check(&text));
    }
}

#[test]
fn deep_nesting_is_valid() {
    let cases = [
        ("a = ", "[", "1", "]"),
        ("a = ", "(", "1", ")"),
        ("a = ", "f(", "1", ")"),
        ("a = ", "{ b = ", "1", " }"),
        ("a = x", "[y", "", "]"),
        ("a = ", "\"b${", "1", "}\""),
        ("a = ", "\"%{ if ", "x", " }%{ endif }\""),
        ("a = \"", "%{ if x }", "", "%{ endif }"),
        ("a = ", "[for x in y : ", "x", "]"),
        ("a = ", "{for x in y : x => ", "x", "}"),
        ("a = ", "x ? ", "1", " : 2"),
        ("a = (", "<<E\n${\n", "1", "\n}\nE\n"),
        ("", "b {\n", "", "}\n"),
        ("a = ", "[\n", "1", "\n]"),
    ];
    for (before, open, inner, close) in cases {
        let end = match before {
            "a = \"" => "\"\n",
            "a = (" => ")\n",
            _ => "\n",
        };
        let (opened, closed) = (open.repeat(DEEP), close.repeat(DEEP));
        let text = format!("{before}{opened}{inner}{closed}{end}");
        assert!(survives(open, &text), "{open:?}: {:?}", hcl::check(&text));
        assert!(!survives(open, &format!("{before}{opened}{inner}")));
    }
}

#[test]
fn nested_lone_interpolations_are_taken_off_or_refused() {
    let nested = |depth| format!("a = {}x{}\n", "\"${".repeat(depth), "}\"".repeat(depth));
    assert_eq!(hcl::format(&nested(3)).as_deref(), Ok("a = x\n"));
    let refusal = hcl::format(&nested(DEEP)).map_err(|error| error.kind);
    assert_eq!(refusal, Err(ErrorKind::LimitExceeded));
}

#[test]
fn formatting_never_multiplies_a_text() {
    let deep = format!("a = {}1{}\n", "[\n".repeat(DEEP), "\n]".repeat(DEEP));
    let wide = format!("/* {} */ a = 1\n{}", "x".repeat(DEEP), all_different(DEEP));
    for text in [deep, wide] {
        assert_eq!(hcl::check(&text), Ok(()));
        let refusal = hcl::format(&text).map_err(|error| error.kind);
        assert_eq!(refusal, Err(ErrorKind::LimitExceeded));
    }
}

#[test]
fn many_arguments_in_one_body() {
    let text = all_different(LARGE / 10);
    assert!(survives("arguments", &text));
    let again = hcl::check(&format!("{text}b77 = 1\n")).map_err(|error| error.message);
    assert_eq!(again, Err("`b77` is already set on line 78 of this body".to_owned()));
}

fn all_different(count: usize) -> String {
    let lines: Vec<String> = (0..count).map(|index| format!("b{index} = 1\n")).collect();
    lines.concat()
}

#[test]
fn every_beginning_and_end_of_a_file() {
    let text = include_str!("../../../snapshots/format/typical.tf");
    for (start, _) in text.char_indices() {
        survives("a beginning", &text[..start]);
        survives("an end", &text[start..]);
    }
    assert_eq!(hcl::format(text).as_deref(), Ok(text));
}
