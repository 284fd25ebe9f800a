//! What users read about their mistakes: the place, the message, the hint.

use crossrole::hcl;

/// Source, the text the error points at, message, hint.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    ("a = [1, 2\n", "[", "this `[` is never closed", ""),
    ("a = [1 2]\n", "2", "expected an operator, `,` or `]`, found `2`", "`[` was opened on line 1"),
    ("a: 1\n", ":", "expected `=` or `{` after `a`, found `:`", "an argument is written `name = value`"),
    (
        "\"a\" = 1\n",
        "\"",
        "expected an argument or a block, found a string",
        "the name of an argument of a body is written without quotes",
    ),
    (
        "a = x ?\n1 : 2\n",
        "\n",
        "expected an expression, found the end of the line",
        "to continue on the next line, put the expression in parentheses",
    ),
    (
        "a = x ? 1\n",
        "\n",
        "expected the `:` of this condition, found the end of the line",
        "its `?` is on line 1",
    ),
    ("b {\n  a = [\n}\n", "}", "expected an expression, found `}`", "`[` was opened on line 2"),
    (
        "b \"x\"\n{\n}\n",
        "\n",
        "expected `{` after the labels of `b`, found the end of the line",
        "the `{` of a block must be on the same line",
    ),
    (
        "b { c {} }\n",
        "{",
        "expected `=` after the name of an argument, found `{`",
        "a block on one line can hold one argument only",
    ),
    ("a = 1\n\na = 2\n", "a", "`a` is already set on line 1 of this body", "remove one of the two"),
    ("a = 'x'\n", "'", "unexpected character `'`", "strings are written with double quotes"),
    (
        "a = \"x\nb = 2\n",
        "\"",
        "this string is not closed on its line",
        "write `\\n` for a line break, or use a heredoc",
    ),
    (
        "a = <<EOT\nx\n  EOT ",
        "<<EOT",
        "this heredoc is never closed by a line that is only `EOT`",
        "the closing line needs a line break after it, also at the end of the file",
    ),
    (
        "a = << EOT\nx\nEOT\n",
        "<",
        "expected an expression, found `<`",
        "a heredoc starts with `<<`, a word and directly a line break",
    ),
    (
        "a = \"%{ if x }y\"\n",
        "\"",
        "expected `%{ else }` or `%{ endif }`, found the end of the text",
        "`%{` was opened on line 1",
    ),
    (
        "b \"a$b\" {}\n",
        "a$b",
        "`terraform fmt` would delete this label, because it contains `$` or `%`",
        "use a label without these characters",
    ),
    (
        "x {\n  a = \"${ # c\ny}\"\n}\n",
        "\"${ # c\ny}\"",
        "`terraform fmt` would make this invalid by taking off `\"${…}\"`: expected an expression, \
         found the end of the line",
        "take off the quotes by hand, and put what spans lines in parentheses",
    ),
];

#[test]
fn errors_say_where_what_and_what_to_do() {
    for &(source, place, message, hint) in MISTAKES {
        let Err(error) = hcl::format(source) else {
            panic!("{source:?} is accepted");
        };
        assert_eq!(&source[error.span], place, "{source:?}");
        assert_eq!(error.message, message, "{source:?}");
        assert_eq!(error.hint.unwrap_or_default(), hint, "{source:?}");
    }
}
