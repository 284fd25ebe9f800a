//! Tables: a header, and columns that line up.

use std::fmt::Write as _;

/// Between columns.
const GAP: &str = "  ";

/// A table with its header; the last column may be of any length, and nothing is wrapped.
#[must_use]
pub fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let rows: Vec<[String; N]> = rows.into_iter().collect();
    if rows.is_empty() {
        return String::new();
    }
    let length = |cell: &str| cell.chars().count();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| length(&row[column]));
        cells.max().unwrap_or_default().max(length(header[column]))
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let mut out = String::new();
    write_row(&mut out, &header, &widths);
    for row in &rows {
        write_row(&mut out, &row.each_ref().map(String::as_str), &widths);
    }
    out
}

fn write_row<const N: usize>(out: &mut String, cells: &[&str; N], widths: &[usize; N]) {
    let start = out.len();
    for (cell, width) in cells.iter().zip(widths) {
        // Writing to a string cannot fail.
        _ = write!(out, "{cell:width$}{GAP}");
    }
    // What is empty at the end is left out.
    out.truncate(start + out[start..].trim_end().len());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_line_up_below_their_header() {
        let rows = [["1", "a long name", "x"], ["2", "é", ""]].map(|row| row.map(str::to_owned));
        let shown = table(["STEP", "NAME", "WHO"], rows);
        assert_eq!(shown, "STEP  NAME         WHO\n1     a long name  x\n2     é\n");
        assert_eq!(table(["A"], []), "");
    }
}
