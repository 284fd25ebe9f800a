//! Functions of texts.

use super::{Call, Done, Stop, made, text_of};
use crate::diagnostic::Span;
use crate::value::{Data, Piece, Text, Value};

pub(super) fn call(call: &Call<'_>) -> Option<Done> {
    Some(match call.name {
        "lower" => mapped(call, |text| text.chars().map(|c| single(c, c.to_lowercase())).collect()),
        "upper" => mapped(call, |text| text.chars().map(|c| single(c, c.to_uppercase())).collect()),
        "title" => call.text(0).map(|text| made(call, title(&text))),
        "trimspace" => call.pieces(0).map(|text| Data::Text(text.trimmed(true, true))),
        "chomp" => call.text(0).map(|text| made(call, text.trim_end_matches(['\n', '\r']))),
        "trim" => cut(call, |text, of| text.trim_matches(|c| of.contains(c)).to_owned()),
        "trimprefix" => cut(call, |text, of| text.strip_prefix(of).unwrap_or(text).to_owned()),
        "trimsuffix" => cut(call, |text, of| text.strip_suffix(of).unwrap_or(text).to_owned()),
        "startswith" => {
            ends(call, |text, wanted| text.starts_with(wanted), |text| text.ends().0.to_owned(), is_prefix)
        }
        "endswith" => {
            ends(call, |text, wanted| text.ends_with(wanted), |text| text.ends().1.to_owned(), is_suffix)
        }
        "strcontains" => contains(call),
        "strrev" => call.text(0).map(|text| made(call, text.chars().rev().collect::<String>())),
        "substr" => substr(call),
        "join" => join(call),
        "split" => split(call),
        "indent" => indent(call),
        _ => return None,
    })
}

/// The same text with every known piece changed.
fn mapped(call: &Call<'_>, change: fn(&str) -> String) -> Done {
    call.at_most(1)?;
    let mut text = Text::default();
    for piece in call.pieces(0)?.pieces() {
        match piece {
            Piece::Known(known, at) => text.push(at, &change(known)),
            Piece::Unknown(reason) => text.push_unknown(reason.clone()),
        }
    }
    Ok(Data::Text(text))
}

/// A letter in another case; one that would become two stays as it is, as in Go.
fn single(c: char, mut cased: impl Iterator<Item = char>) -> char {
    match (cased.next(), cased.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

fn title(text: &str) -> String {
    let mut is_start = true;
    let mut titled = String::new();
    for c in text.chars() {
        if is_start {
            titled.push(single(c, c.to_uppercase()));
        } else {
            titled.push(c);
        }
        is_start = !(c.is_alphanumeric() || c == '_' || c == '\'');
    }
    titled
}

fn cut(call: &Call<'_>, change: fn(&str, &str) -> String) -> Done {
    call.at_most(2)?;
    Ok(made(call, change(&call.text(0)?, &call.text(1)?)))
}

/// Whether a text begins or ends with another: what is known there may be enough.
fn ends(
    call: &Call<'_>,
    holds: fn(&str, &str) -> bool,
    known: fn(&Text) -> String,
    differs: fn(&str, &str) -> bool,
) -> Done {
    call.at_most(2)?;
    let (text, wanted) = (call.pieces(0)?, call.text(1)?);
    let near = known(&text);
    if holds(&near, &wanted) {
        return Ok(Data::Bool(true));
    }
    match text.reason() {
        Some(reason) if !differs(&near, &wanted) => Err(Stop::Unknown(reason.clone())),
        _ => Ok(Data::Bool(false)),
    }
}

/// Whether a text that goes on behind what is known cannot begin with another.
fn is_prefix(known: &str, wanted: &str) -> bool {
    !wanted.starts_with(known)
}

fn is_suffix(known: &str, wanted: &str) -> bool {
    !wanted.ends_with(known)
}

fn contains(call: &Call<'_>) -> Done {
    call.at_most(2)?;
    let (text, wanted) = (call.pieces(0)?, call.text(1)?);
    let holds = |piece: Piece<'_>| matches!(piece, Piece::Known(known, _) if known.contains(&wanted));
    if text.pieces().any(holds) {
        return Ok(Data::Bool(true));
    }
    match (text.as_str(), text.reason()) {
        (Some(text), _) => Ok(Data::Bool(text.contains(&wanted))),
        (None, Some(reason)) => Err(Stop::Unknown(reason.clone())),
        (None, None) => Ok(Data::Bool(wanted.is_empty())),
    }
}

fn substr(call: &Call<'_>) -> Done {
    call.at_most(3)?;
    let text: Vec<char> = call.text(0)?.chars().collect();
    let (offset, length) = (call.whole(1)?, call.whole(2)?);
    let size = i128::try_from(text.len()).unwrap_or(i128::MAX);
    let start = if offset < 0 { (size + offset).max(0) } else { offset.min(size) };
    let end = if length < 0 { size } else { (start + length).min(size) };
    let cut = |index: i128| usize::try_from(index).unwrap_or(text.len());
    Ok(made(call, text[cut(start)..cut(end)].iter().collect::<String>()))
}

fn join(call: &Call<'_>) -> Done {
    let between = call.pieces(0)?;
    let mut text = Text::default();
    let mut is_first = true;
    for list in call.arguments.get(1..).unwrap_or_default() {
        for item in super::items_of(list)? {
            if !is_first {
                text.append(&between);
            }
            is_first = false;
            text.append(&crate::terraform::convert::to_text(item).map_err(Stop::Refused)?);
        }
    }
    Ok(Data::Text(text))
}

fn split(call: &Call<'_>) -> Done {
    call.at_most(2)?;
    let (between, text) = (call.text(0)?, call.text(1)?);
    let piece = |piece: &str| Value::of_text(call.at, piece);
    let items = if text.is_empty() {
        vec![piece("")]
    } else if between.is_empty() {
        text.chars().map(|c| piece(c.encode_utf8(&mut [0; 4]))).collect()
    } else {
        text.split(&between).map(piece).collect()
    };
    Ok(Data::List(items))
}

fn indent(call: &Call<'_>) -> Done {
    const MOST: i128 = 1000;
    let blanks = usize::try_from(call.whole(0)?.clamp(0, MOST)).unwrap_or(0);
    let text = text_of(call.argument(1)?)?;
    let lines = text.split('\n').count();
    if !call.names.work().spend(lines.saturating_mul(blanks) / 16) {
        return Err(super::unknown(call, "more than can be worked out here"));
    }
    let at: Span = call.at;
    Ok(Data::Text(Text::known(at, text.replace('\n', &format!("\n{}", " ".repeat(blanks))))))
}
