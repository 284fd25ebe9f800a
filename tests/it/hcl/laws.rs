//! What holds for every text, tried with random ones.

use crossrole::hcl::{self, Block, Body, Document, Item, Token, TokenKind, string};
use proptest::prelude::*;

use super::generator::{self, Random};
use crate::effort::{least, scaled};

/// Random files, valid and invalid.
fn files() -> impl Iterator<Item = String> {
    let seeds = 5_000_000..5_000_000 + scaled::<u64>(20_000);
    seeds.map(|seed| match seed % 4 {
        0 => generator::corrupted(seed),
        _ => generator::file(seed),
    })
}

/// What formatting makes of those that can be formatted.
fn formatted_files() -> impl Iterator<Item = String> {
    files().filter_map(|text| hcl::format(&text).ok())
}

#[test]
fn formatting_twice_is_formatting_once() {
    let mut count = 0;
    for text in formatted_files() {
        assert_eq!(hcl::format(&text).as_ref(), Ok(&text));
        count += 1;
    }
    assert!(count > least(10_000), "only {count} files");
}

#[test]
fn the_blanks_in_a_file_do_not_matter() {
    let mut count = 0;
    for (seed, text) in (0..).zip(formatted_files()) {
        let shaken = shaken(&text, &mut Random::new(seed));
        assert_eq!(hcl::format(&shaken).as_ref(), Ok(&text), "from {shaken:?}");
        count += usize::from(shaken != text);
    }
    assert!(count > least(10_000), "only {count} files");
}

#[test]
fn formatting_keeps_every_token() {
    let mut count = 0;
    for (seed, text) in (0..).zip(formatted_files()) {
        // What is formatted has nothing left to rewrite, so only blanks may change again.
        let shaken = shaken(&text, &mut Random::new(seed));
        let formatted = hcl::format(&shaken).unwrap_or_default();
        assert_eq!(texts(&shaken), texts(&formatted));
        count += 1;
    }
    assert!(count > least(10_000), "only {count} files");
}

#[test]
fn what_can_be_formatted_is_what_is_valid() {
    let (mut valid, mut refused) = (0, 0);
    for text in files() {
        match hcl::format(&text) {
            Ok(formatted) => {
                valid += 1;
                assert_eq!(hcl::check(&text), Ok(()));
                assert_eq!(hcl::check(&formatted), Ok(()));
            }
            Err(error) => {
                refused += 1;
                let is_invalid = error.kind == hcl::ErrorKind::Invalid;
                assert_eq!(hcl::check(&text).is_err(), is_invalid, "{text:?}");
            }
        }
    }
    assert!(valid > least(10_000) && refused > least(4_000), "{valid} valid, {refused} refused");
}

#[test]
fn errors_point_into_the_text_and_are_well_written() {
    let mut count = 0;
    for text in files() {
        let Err(error) = hcl::format(&text) else {
            continue;
        };
        assert!(text.get(error.span.range()).is_some(), "{error:?} in {text:?}");
        for sentence in [Some(&error.message), error.hint.as_ref()].into_iter().flatten() {
            assert!(!sentence.ends_with(['.', ' ', '\n']), "{sentence}");
            assert!(!sentence.starts_with(char::is_uppercase), "{sentence}");
            assert_eq!(sentence.lines().count(), 1, "{sentence}");
        }
        count += 1;
    }
    assert!(count > least(4_000), "only {count} files");
}

#[test]
fn tokens_cover_the_text() {
    let mut count = 0;
    for text in files() {
        let Ok(tokens) = hcl::scan(&text) else {
            continue;
        };
        let mut covered = 0;
        for token in &tokens {
            let gap = &text[covered..token.span().start];
            assert_eq!(gap.len(), token.blanks as usize);
            assert_eq!(gap.trim_matches(['\u{feff}', ' ', '\t']), "");
            covered = token.span().end;
        }
        assert_eq!(covered, text.len());
        assert_eq!(tokens.last().map(|last| last.kind), Some(TokenKind::End));
        count += 1;
    }
    assert!(count > least(10_000), "only {count} files");
}

#[test]
fn the_spans_of_a_tree_cover_the_text() {
    let mut count = 0;
    for text in files() {
        let Ok(document) = Document::parse(&text) else {
            continue;
        };
        assert_eq!(document.body().span.range(), 0..text.len());
        count += covered_items(&text, document.body());
        assert_eq!(hcl::scan(&text).as_deref(), Ok(document.tokens()));
        assert_eq!(document.format(), hcl::format(&text));
    }
    assert!(count > least(40_000), "only {count} items");
}

/// Asserts that the parts of a body follow each other without gaps, and counts them.
fn covered_items(text: &str, body: &Body) -> usize {
    let mut covered = body.span.start;
    let mut count = 0;
    for item in &body.items {
        let span = item.span();
        assert_eq!(span.start, covered, "{item:?} in {text:?}");
        covered = span.end;
        count += 1;
        match item {
            Item::Block(block) => count += covered_block(text, block),
            Item::Attribute(attribute) => {
                assert_eq!(attribute.leading.start, span.start);
                assert_eq!(&text[attribute.name_span], attribute.name);
                assert!(attribute.leading.end <= attribute.name_span.start);
                assert!(attribute.name_span.end < attribute.expression.start);
                assert!(attribute.expression.end <= attribute.trailing.start);
                assert!(attribute.trailing.end <= span.end);
                let alone = format!("x = {}\n", &text[attribute.expression]);
                assert_eq!(hcl::check(&alone), Ok(()), "{alone:?}");
            }
            Item::Loose(loose) => {
                let tokens = hcl::scan(&text[*loose]).unwrap_or_default();
                assert!(tokens.iter().all(|token| !is_code(token.kind)));
            }
        }
    }
    assert_eq!(covered, body.span.end);
    count
}

fn covered_block(text: &str, block: &Block) -> usize {
    assert_eq!(block.leading.start, block.span.start);
    assert_eq!(block.leading.end, block.header.start);
    assert_eq!(block.header.end, block.body.span.start);
    assert_eq!(block.body.span.end, block.footer.start);
    assert_eq!(block.footer.end, block.span.end);
    assert!(text[block.header].contains('{'));
    assert!(text[block.footer].contains('}'));
    covered_items(text, &block.body)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(scaled(20_000)))]

    #[test]
    fn quoting_any_text_is_undone_by_unquoting(text in awkward_text()) {
        let literal = string::quote(&text);
        prop_assert_eq!(string::unquote(&literal), Ok(text));
    }

    #[test]
    fn quoted_text_is_inert(text in awkward_text()) {
        let source = format!("a = {}\n", string::quote(&text));
        prop_assert_eq!(hcl::format(&source), Ok(source.clone()));
        let tokens = hcl::scan(&source).unwrap_or_default();
        prop_assert_eq!(tokens.iter().filter(|token| is_sequence(token.kind)).count(), 0);
        prop_assert!(source.trim_end().chars().all(|shown| !shown.is_control()));
    }

    #[test]
    fn no_text_makes_anything_panic(text in any::<String>(), awkward in awkward_text()) {
        for text in [text, awkward] {
            let _ = (hcl::format(&text), Document::parse(&text).map(Document::into_body), string::unquote(&text));
        }
    }
}

/// Text full of what means something in strings.
fn awkward_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "$",
        "$",
        "%",
        "{",
        "{",
        "}",
        "~",
        "\\",
        "\"",
        "\n",
        "\r",
        "\t",
        "n",
        "u0041",
        "é",
        "\u{202e}",
        "\u{200b}",
        "\u{0}",
        "\u{feff}",
        "\u{e0041}",
        "\u{1f600}",
        " ",
    ]);
    let any_character = any::<char>().prop_map(String::from);
    let piece = prop_oneof![4 => pieces.prop_map(str::to_owned), 1 => any_character];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// The text with other blanks between its tokens, where blanks have no meaning.
fn shaken(text: &str, random: &mut Random) -> String {
    let tokens = hcl::scan(text).unwrap_or_default();
    let mut shaken = String::new();
    let mut left = TokenKind::Newline;
    for token in tokens {
        let blanks = match (token.blanks, token.kind) {
            (blanks, TokenKind::End) => blanks as usize,
            (0, right) if is_fixed(left, right) => 0,
            (0, _) => random.below(3),
            _ => 1 + random.below(4),
        };
        for _ in 0..blanks {
            shaken.push(if random.one_in(5) && token.kind != TokenKind::End { '\t' } else { ' ' });
        }
        shaken.push_str(token.text(text));
        left = token.kind;
    }
    shaken
}

/// Whether a blank between the two would be text, or make other tokens of them.
fn is_fixed(left: TokenKind, right: TokenKind) -> bool {
    is_text(left)
        || is_text(right)
        || matches!(left, TokenKind::OpenQuote | TokenKind::TemplateClose)
        || matches!(right, TokenKind::CloseQuote)
        || is_sequence(right)
}

fn is_text(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::QuotedLiteral
            | TokenKind::HeredocLiteral
            | TokenKind::HeredocOpen
            | TokenKind::HeredocClose
    )
}

fn is_sequence(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::InterpolationOpen | TokenKind::DirectiveOpen)
}

fn is_code(kind: TokenKind) -> bool {
    !matches!(kind, TokenKind::Newline | TokenKind::LineComment | TokenKind::BlockComment | TokenKind::End)
}

fn texts(text: &str) -> Vec<&str> {
    let tokens: Vec<Token> = hcl::scan(text).unwrap_or_default();
    tokens.into_iter().map(|token| token.text(text)).collect()
}
