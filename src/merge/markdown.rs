//! Merging Markdown: rows of tables by their first cells, everything else by lines.
//!
//! Responsible for what lines cannot tell: rows that both sides added in one place are two rows, and not two
//! versions of one. What both sides make of a row stands in all three texts before they are merged by lines, and
//! what they contest stays as each has it. Refuses tables of which a side has another head, two rows that begin
//! alike, or another order: these are lines.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::matching::has_moved;
use super::{Labels, Merged, Resolution, lines};
use crate::sides::{Side, Sides};

/// Merges three texts.
pub(super) fn merge(sides: Sides<&str>, resolution: Resolution, labels: &Labels) -> Merged {
    let by_line = || lines::merge(sides, resolution, labels);
    let Some(settled) = settled(sides) else { return by_line() };
    let by_row = lines::merge(settled.as_ref().map(String::as_str), resolution, labels);
    if by_row.conflicts.is_empty() {
        return by_row;
    }
    // What is clean by lines has both rows of one name, which may be two things.
    Some(by_line()).filter(|merged| merged.conflicts.is_empty()).unwrap_or(by_row)
}

/// The first cell of a row, and all of it.
type Row<'t> = (&'t str, &'t str);

/// A table: its head, and which lines its rows are.
struct Table<'t> {
    head: [&'t str; 2],
    rows: Range<usize>,
}

/// A text in lines, with its tables.
struct Text<'t> {
    lines: Vec<&'t str>,
    tables: Vec<Table<'t>>,
}

impl<'t> Text<'t> {
    fn new(text: &'t str) -> Self {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut tables = Vec::new();
        let mut at = 0;
        while let Some([head, rule]) = lines.get(at..at + 2) {
            at += 1;
            if head.contains('|') && is_rule(rule) {
                let start = at + 1;
                at = start + lines[start..].iter().take_while(|line| line.contains('|')).count();
                tables.push(Table { head: [head, rule], rows: start..at });
            }
        }
        Self { lines, tables }
    }

    /// The only table with this head.
    fn table(&self, head: [&str; 2]) -> Option<&Table<'t>> {
        let mut found = self.tables.iter().filter(|table| table.head == head);
        found.next().filter(|_| found.next().is_none())
    }

    /// The rows of a table by their first cells, if these tell them apart; each is a whole line.
    fn rows(&self, table: &Table<'t>) -> Option<Vec<Row<'t>>> {
        let rows: Vec<_> = self.lines[table.rows.clone()].iter().map(|row| (first_cell(row), *row)).collect();
        let cells: BTreeSet<&str> = rows.iter().map(|(cell, _)| *cell).collect();
        let are_whole = rows.iter().all(|(_, row)| row.ends_with('\n'));
        (are_whole && cells.len() == rows.len()).then_some(rows)
    }

    /// The text with other rows in some tables, which are in its order.
    fn with(&self, mut tables: Vec<(Range<usize>, Vec<&str>)>) -> String {
        tables.sort_by_key(|(old, _)| old.start);
        let (mut text, mut from) = (String::new(), 0);
        for (old, new) in tables {
            text.extend(self.lines[from..old.start].iter().copied().chain(new));
            from = old.end;
        }
        text.extend(self.lines[from..].iter().copied());
        text
    }
}

/// Whether a line is what stands between the head of a table and its rows.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains('|')
        && line.contains('-')
        && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// What a row begins with.
fn first_cell(row: &str) -> &str {
    cells(row).next().unwrap_or_default()
}

/// The cells of a row, in order.
fn cells(row: &str) -> impl Iterator<Item = &str> {
    let row = row.trim();
    let mut rest = Some(row.strip_prefix('|').unwrap_or(row));
    std::iter::from_fn(move || {
        let row = rest?;
        let is_end = |at: &usize| !row[..*at].ends_with('\\');
        let end = row.match_indices('|').map(|(at, _)| at).find(is_end);
        rest = end.map(|end| &row[end + 1..]);
        Some(row[..end.unwrap_or(row.len())].trim())
    })
}

/// The three texts, in which every row is the same that is not contested; `None` if there is no table to merge.
fn settled(sides: Sides<&str>) -> Option<Sides<String>> {
    let texts = sides.map(Text::new);
    let mut changed = Sides::<Vec<(Range<usize>, Vec<&str>)>>::default();
    for head in texts.base.tables.iter().map(|table| table.head) {
        let Some(tables) = texts.as_ref().map(|text| text.table(head)).all() else { continue };
        let rows = texts.as_ref().zip(tables).map(|(text, table)| text.rows(table));
        let Some(rows) = rows.all() else { continue };
        let Some(mut merged) = merged(&rows) else { continue };
        for (lines, line) in named_rows(&texts, &rows, &merged.ours) {
            for side in Side::ALL.into_array() {
                let at = lines.pick(side);
                changed.pick_mut(side).push((at..at + 1, vec![line]));
            }
        }
        for side in Side::ALL.into_array() {
            let rows = std::mem::take(merged.pick_mut(side));
            changed.pick_mut(side).push((tables.pick(side).rows.clone(), rows));
        }
    }
    let is_any = !changed.base.is_empty();
    is_any.then(|| texts.zip(changed).map(|(text, tables)| text.with(tables)))
}

/// What each side's rows become; `None` where a side moved some.
fn merged<'t>(rows: &Sides<Vec<Row<'t>>>) -> Option<Sides<Vec<&'t str>>> {
    let cells = rows.as_ref().map(|rows| rows.iter().map(|(cell, _)| *cell).collect::<Vec<_>>());
    let Sides { base, ours, theirs } = &cells;
    if [(base, ours), (base, theirs), (ours, theirs)].iter().any(|(before, after)| has_moved(before, after)) {
        return None;
    }
    let known = rows.as_ref().map(|rows| rows.iter().copied().collect::<BTreeMap<_, _>>());
    let mut merged = Sides::<Vec<&str>>::default();
    for cell in in_order(ours, theirs) {
        let row = known.as_ref().map(|rows| rows.get(cell).copied());
        let settled = row.trivial().copied();
        for side in Side::ALL.into_array() {
            merged.pick_mut(side).extend(settled.unwrap_or(row.pick(side)));
        }
    }
    Some(merged)
}

/// A line that sets a variable: where it stands, the variable, and what it is set to.
type Setting<'t> = (usize, &'t str, &'t str);

/// The lines of a text that set a variable.
fn settings<'t>(text: &Text<'t>) -> Vec<Setting<'t>> {
    let setting = |(at, line): (usize, &&'t str)| {
        let (name, value) = line.trim_end().split_once('=')?;
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        is_name.then_some((at, name, value))
    };
    text.lines.iter().enumerate().filter_map(setting).collect()
}

/// The lines that both sides set to another row's name, for no other reason than that it comes first now: where
/// they stand in each text, and what they become.
fn named_rows<'t>(
    texts: &Sides<Text<'t>>,
    rows: &Sides<Vec<Row<'t>>>,
    merged: &[&'t str],
) -> Vec<(Sides<usize>, &'t str)> {
    let settings = texts.as_ref().map(settings);
    let names = settings.as_ref().map(|all| all.iter().map(|(_, name, _)| *name).collect::<Vec<_>>());
    if names.base != names.ours || names.base != names.theirs {
        return Vec::new();
    }
    let three = |at: usize| settings.as_ref().map(|all| all[at]);
    let settle = |one: Sides<Setting<'t>>| {
        let values = one.map(|(_, _, value)| value);
        let is_contested = values.trivial().is_none();
        let first = is_contested.then(|| first_of_a_kind(rows, values, merged)).flatten()?;
        let side = [Side::Ours, Side::Theirs].into_iter().find(|side| values.pick(*side) == first)?;
        let lines = one.map(|(at, ..)| at);
        Some((lines, texts.as_ref().pick(side).lines[lines.pick(side)]))
    };
    (0..names.base.len()).filter_map(|at| settle(three(at))).collect()
}

/// What a cell says beside names: the profile `acme` and the profile `other` are of a kind.
fn without_code(cell: &str) -> String {
    cell.split('`').step_by(2).collect()
}

/// The merged row that is the first of the kind of which each side's value is the first; `None` where they are the
/// first of none, or where it depends on the kind.
fn first_of_a_kind<'t>(
    rows: &Sides<Vec<Row<'t>>>,
    values: Sides<&str>,
    merged: &[&'t str],
) -> Option<&'t str> {
    let named = rows.base.iter().find(|(name, _)| *name == values.base)?;
    let kinds = cells(named.1).map(without_code).enumerate().skip(1);
    let is_of = |row: &str, kind: &(usize, String)| {
        cells(row).nth(kind.0).map(without_code).as_ref() == Some(&kind.1)
    };
    let is_first = |side, kind: &(usize, String)| {
        let first = rows.as_ref().pick(side).iter().find(|(_, row)| is_of(row, kind));
        first.is_some_and(|(name, _)| *name == values.pick(side))
    };
    let holds = |kind: &(usize, String)| Side::ALL.into_array().into_iter().all(|side| is_first(side, kind));
    let firsts: BTreeSet<&str> = kinds
        .filter(holds)
        .filter_map(|kind| merged.iter().find(|row| is_of(row, &kind)))
        .map(|row| first_cell(row))
        .collect();
    firsts.first().copied().filter(|_| firsts.len() == 1)
}

/// The rows of both sides: sorted if both are, else what only theirs has behind what it stands behind there.
fn in_order<'t>(ours: &[&'t str], theirs: &[&'t str]) -> Vec<&'t str> {
    let [in_ours, in_theirs] = [ours, theirs].map(|cells| cells.iter().copied().collect::<BTreeSet<_>>());
    let mut behind: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    let mut last = None;
    for cell in theirs {
        if in_ours.contains(cell) {
            last = Some(*cell);
        } else {
            behind.entry(last).or_default().push(cell);
        }
    }
    let mut all = Vec::new();
    let mut last = None;
    for cell in ours {
        if in_theirs.contains(cell) {
            all.extend(behind.remove(&last).unwrap_or_default());
            last = Some(*cell);
        }
        all.push(cell);
    }
    all.extend(behind.remove(&last).unwrap_or_default());
    if ours.is_sorted() && theirs.is_sorted() {
        all.sort_unstable();
    }
    all
}
