//! `format(…)` and `formatlist(…)`, as far as their verbs are plain: `%s`, `%v`, `%t`, `%q`, `%d` with a
//! width, `%%`.

use super::encode;
use super::{Call, Done, Stop, text_of, unknown};
use crate::terraform::convert;
use crate::value::{Data, Text, Value};

/// The widest piece that is filled up.
const WIDEST: usize = 256;

pub(super) fn call(call: &Call<'_>) -> Option<Done> {
    Some(match call.name {
        "format" => call.text(0).and_then(|template| {
            let arguments: Vec<&Value> = call.arguments.iter().skip(1).collect();
            format(call, &template, &arguments).map(Data::Text)
        }),
        "formatlist" => list(call),
        _ => return None,
    })
}

/// One text for each item of the lists among the arguments.
fn list(call: &Call<'_>) -> Done {
    let template = call.text(0)?;
    let arguments = call.arguments.get(1..).unwrap_or_default();
    if let Some(reason) = arguments.iter().find_map(|value| match &value.data {
        Data::Unknown(reason) => Some(reason),
        _ => None,
    }) {
        return Err(Stop::Unknown(reason.clone()));
    }
    let mut lengths = arguments.iter().filter_map(|value| match &value.data {
        Data::List(items) => Some(items.len()),
        _ => None,
    });
    let length = lengths.next().unwrap_or(1);
    if lengths.any(|other| other != length) {
        return Err(Stop::Refused("lists of different lengths".to_owned()));
    }
    let one = |index: usize| {
        let own: Vec<&Value> = arguments
            .iter()
            .map(|value| match &value.data {
                Data::List(items) => &items[index],
                _ => value,
            })
            .collect();
        format(call, &template, &own).map(|text| Value::new(call.at, Data::Text(text)))
    };
    (0..length).map(one).collect::<Result<_, _>>().map(Data::List)
}

fn format(call: &Call<'_>, template: &str, arguments: &[&Value]) -> Result<Text, Stop> {
    let too_odd = || unknown(call, "`format(…)` with a verb that is not followed here");
    let mut text = Text::default();
    let mut arguments = arguments.iter();
    let mut rest = template;
    while let Some((plain, behind)) = rest.split_once('%') {
        text.push(call.at, plain);
        let verb = behind.find(|c: char| !c.is_ascii_digit() && c != '-').ok_or_else(too_odd)?;
        let (width, behind) = behind.split_at(verb);
        let c = behind.chars().next().ok_or_else(too_odd)?;
        rest = &behind[c.len_utf8()..];
        if c == '%' && width.is_empty() {
            text.push(call.at, "%");
            continue;
        }
        if !"svtqd".contains(c) {
            return Err(too_odd());
        }
        let argument = arguments.next().ok_or_else(|| Stop::Refused("an argument is missing".to_owned()))?;
        if matches!(c, 's' | 'v') && width.is_empty() {
            text.append(&plain_piece(c, argument)?);
        } else {
            text.push(argument.at, &padded(&piece(c, argument)?, width, c).ok_or_else(too_odd)?);
        }
    }
    text.push(call.at, rest);
    match arguments.next() {
        Some(_) => Err(Stop::Refused("more arguments than verbs".to_owned())),
        None => Ok(text),
    }
}

/// What `%s` and `%v` show; collections only `%v`, as JSON.
fn plain_piece(verb: char, argument: &Value) -> Result<Text, Stop> {
    match &argument.data {
        Data::Null | Data::List(_) | Data::Object(_) if verb == 'v' => Ok(encode::json_of(argument)),
        _ => convert::to_text(argument).map_err(Stop::Refused),
    }
}

fn piece(verb: char, argument: &Value) -> Result<String, Stop> {
    let refuse = || Stop::Refused(format!("`%{verb}` of another value"));
    match verb {
        's' | 'v' => text_of(argument),
        't' => convert::to_bool(argument)
            .map(|is| is.to_string())
            .map_err(|reason| super::stop(argument, reason)),
        'd' => {
            convert::to_whole(argument).map(|n| n.to_string()).map_err(|reason| super::stop(argument, reason))
        }
        'q' => Ok(serde_json::Value::String(text_of(argument)?).to_string()),
        _ => Err(refuse()),
    }
}

/// A piece as wide as it is to be: with blanks before it, behind it after `-`, or zeros after `0`.
fn padded(piece: &str, width: &str, verb: char) -> Option<String> {
    if width.is_empty() {
        return Some(piece.to_owned());
    }
    let size = width.trim_start_matches(['-', '0']);
    let size: usize = if size.is_empty() { 0 } else { size.parse().ok().filter(|size| *size <= WIDEST)? };
    let fill = " ".repeat(size.saturating_sub(piece.chars().count()));
    match width.as_bytes()[0] {
        b'-' => Some(format!("{piece}{fill}")),
        b'0' if verb == 'd' && !piece.starts_with('-') => Some(format!("{}{piece}", fill.replace(' ', "0"))),
        b'0' => None,
        _ => Some(format!("{fill}{piece}")),
    }
}
