//! The parts of the page that recur: words for verdicts, tables, lists that fold.

use crate::diagnostic::words::{Count, Number};
use crate::report::facts::{Member, Verdict};
use crate::report::markup::Markup;
use crate::report::words::{capital, place};

/// Names that are shown before a list folds.
const SHOWN: usize = 4;

/// What goes with a verdict: a sign that is not read out, and a color.
pub(super) fn signs(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::AsDeclared | Verdict::Read => ("✓", "good"),
        Verdict::NotKnown => ("?", "warn"),
        Verdict::Differs => ("≠", "bad"),
    }
}

/// A verdict in a word and a sign.
pub(super) fn pill(out: &mut Markup, verdict: Verdict) {
    let (sign, color) = signs(verdict);
    signed(out, sign, color, verdict.words());
}

/// A word with a sign.
pub(super) fn signed(out: &mut Markup, sign: &str, color: &'static str, word: &str) {
    out.element("span", &[("class", &format!("pill {color}"))], |out| {
        out.line("span", &[("aria-hidden", "true")], sign);
        out.text(" ");
        out.text(&capital(word));
    });
}

/// A table in a box of its own, which scrolls.
pub(super) fn table(out: &mut Markup, name: &str, columns: &[&str], rows: impl FnOnce(&mut Markup)) {
    let frame = [("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", name)];
    out.element("div", &frame, |out| {
        out.element("table", &[], |out| {
            out.element("thead", &[], |out| {
                out.element("tr", &[], |out| {
                    for column in columns {
                        let class = if NUMBERS.contains(column) { "number" } else { "" };
                        out.line("th", &[("scope", "col"), ("class", class)], column);
                    }
                });
            });
            out.element("tbody", &[], rows);
        });
    });
}

/// Columns of numbers.
const NUMBERS: [&str; 4] = ["Used", "Of", "Roles on the way", "Targets"];

/// Cells of a row that hold a text each.
pub(super) fn cells(out: &mut Markup, texts: &[&str]) {
    for text in texts {
        out.sentence("td", &[], text);
    }
}

/// A number in a cell.
pub(super) fn number(out: &mut Markup, number: usize) {
    out.line("td", &[("class", "number")], &Number(number).to_string());
}

/// Where the roles of a group are; a long list folds.
pub(super) fn members(out: &mut Markup, members: &[Member]) {
    let noun = if members.iter().any(|member| member.account_id.is_some()) { "account" } else { "role" };
    // A caller stands for the role in A that it enters through.
    names(out, &members.iter().map(place).collect::<Vec<_>>(), noun);
}

/// Names; a long list folds.
pub(super) fn names(out: &mut Markup, names: &[String], noun: &str) {
    if names.len() <= SHOWN {
        for (at, name) in names.iter().enumerate() {
            if at > 0 {
                out.text(", ");
            }
            out.text(name);
        }
        return;
    }
    out.element("details", &[], |out| {
        out.line("summary", &[], &Count(names.len(), noun).to_string());
        out.element("ul", &[("class", "names")], |out| {
            for name in names {
                out.line("li", &[], name);
            }
        });
    });
}

/// A list of sentences.
pub(super) fn list(out: &mut Markup, sentences: &[String]) {
    out.element("ul", &[("class", "plain")], |out| {
        for sentence in sentences {
            out.sentence("li", &[], sentence);
        }
    });
}

/// A heading that can be linked to.
pub(super) fn heading(out: &mut Markup, id: &'static str, text: &str) {
    out.line("h2", &[("id", id)], text);
}
