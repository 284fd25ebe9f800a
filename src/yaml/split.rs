//! A long list, cut between its items and read side by side.
//!
//! Responsible for cutting only where nothing can depend on what stands before; refuses a text with
//! anchors, and has nothing to say of mistakes: whoever asks reads such a text in one piece.

use std::ops::Range;
use std::sync::Arc;

use super::{Data, Entry, Node};

/// Shorter texts are read before they are cut.
const LEAST: usize = 64 << 10;

/// A text in pieces: keys up to the first items of the long list, more items, the keys behind it.
#[derive(Debug)]
pub(super) struct Pieces {
    pub(super) head: Range<usize>,
    pub(super) items: Vec<Range<usize>>,
    pub(super) tail: Range<usize>,
}

/// Cuts the longest list right below the outermost mapping, if there is one worth it.
pub(super) fn cut(text: &str, count: usize) -> Option<Pieces> {
    if text.len() < LEAST || has_anchors(text) {
        return None;
    }
    let list = longest_list(text)?;
    // A document may end before the text does.
    if ["\n---", "\n..."].iter().any(|mark| text[list.start - 1..].contains(mark)) {
        return None;
    }
    let first = first_item(&text[list.clone()])?;
    let starts = (1..count).filter_map(|number| {
        let from = list.start + list.len() * number / count;
        let next = text[from..list.end].find(&format!("\n{first}"))?;
        Some(from + next + 1)
    });
    let mut starts: Vec<usize> = starts.collect();
    starts.dedup();
    // The blanks before an item end the item before it, wherever that is read.
    let indent = first.len() - "- ".len();
    let ends = starts.iter().skip(1).map(|next| next + indent).chain([list.end]);
    let items: Vec<_> = starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect();
    let head = 0..items.first()?.start + indent;
    Some(Pieces { head, items, tail: list.end..text.len() })
}

/// Whether anything looks like an anchor or an alias, which reach from piece to piece.
fn has_anchors(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'&', b'*', bytes).any(|at| {
        let before = at.checked_sub(1).map_or(b'\n', |before| bytes[before]);
        let after = bytes.get(at + 1).copied().unwrap_or(b' ');
        (before.is_ascii_whitespace() || b"[{,:".contains(&before)) && !after.is_ascii_whitespace()
    })
}

/// What stands between a key of the outermost mapping and the next, where it is longest.
fn longest_list(text: &str) -> Option<Range<usize>> {
    let lines = [0].into_iter().chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1));
    let is_outermost =
        |at: &usize| !matches!(text.as_bytes().get(*at), None | Some(b' ' | b'#' | b'-' | b'\n' | b'\r'));
    let keys: Vec<usize> = lines.filter(is_outermost).chain([text.len()]).collect();
    let longest = keys.windows(2).max_by_key(|keys| keys[1] - keys[0])?;
    let key = text[longest[0]..longest[1]].find('\n')?;
    let is_key = text[longest[0]..longest[0] + key].trim_end().ends_with(':');
    is_key.then_some(longest[0] + key + 1..longest[1])
}

/// How the items of a list begin: blanks, and a dash with a blank.
fn first_item(list: &str) -> Option<&str> {
    let line =
        list.lines().find(|line| !line.trim_start().is_empty() && !line.trim_start().starts_with('#'))?;
    let indent = line.len() - line.trim_start_matches(' ').len();
    line[indent..].starts_with("- ").then(|| &line[..indent + "- ".len()])
}

/// The tree of a text from the trees of its pieces; `None` where they do not fit together.
pub(super) fn joined<'s>(head: Node<'s>, items: Vec<Node<'s>>, tail: Option<Node<'s>>) -> Option<Node<'s>> {
    let mut at = head.at;
    let mut entries = into_entries(head)?;
    let list = entries.last_mut()?;
    let mut all = into_items(&mut list.value)?;
    for mut piece in items {
        list.value.at.end = piece.at.end;
        all.extend(into_items(&mut piece)?);
    }
    at.end = list.value.at.end;
    list.value.data = Data::Sequence(Arc::new(all));
    if let Some(tail) = tail {
        at.end = tail.at.end;
        let tail = into_entries(tail)?;
        let is_known = |entry: &Entry<'_>| entries.iter().any(|known| known.key == entry.key);
        if tail.iter().any(is_known) {
            return None;
        }
        entries.extend(tail);
    }
    Some(Node { at, data: Data::Mapping(Arc::new(entries)) })
}

fn into_entries(node: Node<'_>) -> Option<Vec<Entry<'_>>> {
    match node.data {
        Data::Mapping(entries) => Arc::try_unwrap(entries).ok(),
        Data::Scalar(_) | Data::Sequence(_) => None,
    }
}

fn into_items<'s>(node: &mut Node<'s>) -> Option<Vec<Node<'s>>> {
    match std::mem::replace(&mut node.data, Data::Sequence(Arc::default())) {
        Data::Sequence(items) => Arc::try_unwrap(items).ok(),
        Data::Scalar(_) | Data::Mapping(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::load::{load, load_in_pieces, load_whole};
    use crate::diagnostic::{Diagnostics, Source};

    fn items(count: usize, more: &str) -> String {
        let item = |number| {
            format!(
                "  - name: team-{number:05}\n    # One of many.\n    role: {{tags: {{a: \"b {more}\"}}}}\n\n"
            )
        };
        (0..count).map(item).collect()
    }

    /// A text as it is read in pieces, and in one.
    fn both(text: String) -> (bool, String, String) {
        let source = Source::new("spec", text);
        let is_cut = load_in_pieces(&source).is_some();
        let mut found = (Diagnostics::default(), Diagnostics::default());
        let trees = (load(&source, &mut found.0), load_whole(&source, &mut found.1));
        (is_cut, format!("{:?}{:?}", trees.0, found.0), format!("{:?}{:?}", trees.1, found.1))
    }

    #[test]
    fn pieces_are_read_like_the_whole() {
        let many = items(2000, "x");
        let head = "# A fleet.\nversion: 1\nsource:\n  callers:\n    - {kind: account}\n\ntargets:\n";
        let unindented = many.replace("\n  ", "\n").replacen("  -", "-", 1);
        for (is_cut, text) in [
            (true, format!("{head}{many}")),
            (true, format!("{head}{many}waivers:\n  - {{id: CR011}}\n# The end.\n")),
            (true, format!("{head}{unindented}waivers: []\n")),
            (true, format!("---\n{head}\n  # First.\n{many}")),
            (true, format!("{head}{many}  - name: \"one\n    more\"\n{many}")),
            (true, format!("{head}{many}  - text: |\n      - name: no item\n{many}")),
            (false, format!("{head}{many}---\nversion: 2\n")),
            (false, format!("{head}{many}...\nversion: 2\n")),
            (false, format!("base: &base {{a: b}}\n{head}{many}  - *base\n")),
            (false, format!("{head}{}", items(3, "x"))),
            (false, many.clone()),
        ] {
            let (was_cut, in_pieces, whole) = both(text.clone());
            assert_eq!(was_cut, is_cut, "{}", &text[..200.min(text.len())]);
            assert!(in_pieces == whole, "{}", &text[text.len() - 300.min(text.len())..]);
        }
    }

    #[test]
    fn mistakes_are_told_as_of_the_whole() {
        let (head, many) = ("version: 1\ntargets:\n", items(2000, "x"));
        for wrong in [
            "  - name: \"never closed\n",
            "  - {name: a, name: b}\n",
            "  - [1, 2\n",
            " - name: too far left\n",
            "  - !tag a\n",
            "version: 2\n",
            "targets: []\n",
            "  - ? [a]\n    : b\n",
        ] {
            let (_, in_pieces, whole) = both(format!("{head}{many}{wrong}{many}"));
            assert!(in_pieces == whole && whole.contains("Diagnostic {"), "{wrong}");
        }
    }
}
