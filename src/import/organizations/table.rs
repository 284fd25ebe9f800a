//! Tables: comma-, semicolon- or tab-separated values, with or without a line of names above them.

use std::sync::Arc;

use super::messages::refused;
use crate::diagnostic::{Error, Source, Span};
use crate::model::{AccountId, Text};
use crate::value::{Data, Entry, Value};

const DELIMITERS: [char; 3] = [',', ';', '\t'];

/// Whether a first line is a row of names, one of them that of an ID, or a row with an account's ID.
pub(super) fn is_it(line: &str) -> bool {
    let Some(delimiter) = delimiter(line) else { return false };
    line.starts_with("ACCOUNTS\t")
        || line.split(delimiter).map(|cell| cell.trim().trim_matches('"')).any(|cell| {
            let plain: String = cell.chars().filter(char::is_ascii_alphanumeric).collect();
            AccountId::parse(cell).is_ok()
                || plain.to_ascii_lowercase().ends_with("id")
                || plain.to_ascii_lowercase().starts_with("account")
        })
}

/// The names of columns, where the one that holds IDs is called so, whatever stands above it.
fn with_id(mut names: Vec<String>, first: &[Value]) -> Vec<String> {
    let Some(column) = first.iter().position(super::account::is_id) else { return names };
    for (index, name) in names.iter_mut().enumerate() {
        match index == column {
            true => "id".clone_into(name),
            // `Account, Number`: the account is called by the first.
            false if super::account::is_id_key(name) => "name".clone_into(name),
            false => {}
        }
    }
    names
}

/// The one of which there are most.
fn delimiter(line: &str) -> Option<char> {
    let count = |delimiter: &char| line.matches(*delimiter).count();
    DELIMITERS.into_iter().max_by_key(count).filter(|delimiter| count(delimiter) > 0)
}

/// The rows, as one list of objects; without names above them, as a list of lists.
pub(super) fn read(source: &Arc<Source>) -> Result<Vec<Value>, Error> {
    let text = source.text.trim_start_matches('\u{feff}');
    let skipped = source.text.len() - text.len();
    if text.starts_with("ACCOUNTS\t") {
        let at = Span::new(skipped..skipped + 8);
        return Err(refused(source, at, "the rows of `--output text` do not say what their columns are"));
    }
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let delimiter = delimiter(first).unwrap_or(',');
    let mut rows = Vec::new();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(delimiter).unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    for record in reader.records() {
        let record = record
            .map_err(|error| refused(source, Span::default(), format!("this is not a table: {error}")))?;
        let start = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
        let start = skipped + start;
        let line = source.text.get(start..).unwrap_or_default();
        let blanks = line.len() - line.trim_start().len();
        let length = line.trim_start().lines().next().unwrap_or_default().len();
        let at = Span::new(start + blanks..start + blanks + length);
        rows.push((at, record.iter().map(|cell| Value::of_text(at, cell)).collect::<Vec<Value>>()));
    }
    let is_named = rows.first().is_some_and(|(_, cells)| !cells.iter().any(super::account::is_id));
    let names: Vec<String> = match rows.first() {
        Some((_, cells)) if is_named => {
            cells.iter().map(|cell| cell.text().unwrap_or_default().to_owned()).collect()
        }
        _ => Vec::new(),
    };
    let names = with_id(names, rows.get(1).map_or(&[], |(_, cells)| cells));
    let rows = rows.into_iter().skip(usize::from(is_named)).map(|(at, cells)| {
        if names.is_empty() {
            return Value::new(at, Data::List(cells));
        }
        let filled = names.iter().zip(cells).filter(|(_, cell)| cell.text() != Some(""));
        Value::new(at, Data::Object(filled.map(|(name, cell)| Entry::new(name.as_str(), at, cell)).collect()))
    });
    Ok(vec![Value::new(Span::default(), Data::List(rows.collect()))])
}
