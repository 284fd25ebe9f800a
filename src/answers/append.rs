//! A target more in a spec that people wrote: text behind the last one, and not a byte changed elsewhere.

use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use super::write;
use crate::diagnostic::{Diagnostics, Source};
use crate::yaml::{self, Data, Node};

/// The text of a spec with one more target behind the last, in the layout of those that are there;
/// `None` where the list has a form that text cannot simply be added to.
#[must_use]
pub fn append_target(spec: &Arc<Source>, target: &Value) -> Option<String> {
    let before = yaml::load(spec, &mut Diagnostics::default())?;
    let items = targets(&before)?;
    let text = &spec.text;
    let (first, last) = (items.first()?, items.last()?);
    let dash = dash(text, first)?;
    let indent = dash - line_start(text, dash);
    let end = line_end(text, last_byte(text, last));
    let mut added = write::target(target, indent);
    if stand_apart(text, items) {
        added.insert(0, '\n');
    }
    if !text[..end].ends_with('\n') {
        added.insert(0, '\n');
    }
    if text.contains("\r\n") {
        added = added.replace('\n', "\r\n");
    }
    let after = format!("{}{added}{}", &text[..end], &text[end..]);
    is_that_and_one_more(&before, &after, target).then_some(after)
}

fn targets<'n>(root: &'n Node<'_>) -> Option<&'n [Node<'n>]> {
    let Data::Mapping(entries) = &root.data else { return None };
    let list = entries.iter().find(|entry| entry.key == "targets")?;
    match &list.value.data {
        Data::Sequence(items) => Some(items),
        Data::Scalar(_) | Data::Mapping(_) => None,
    }
}

/// Whatever the text looks like: it has to mean the same as before, with the target at the end.
fn is_that_and_one_more(before: &Node<'_>, after: &str, target: &Value) -> bool {
    let mut wanted = before.to_json();
    if let Some(list) = wanted.get_mut("targets").and_then(Value::as_array_mut) {
        list.push(target.clone());
    }
    let after = Source::new("", after);
    yaml::load(&after, &mut Diagnostics::default()).is_some_and(|root| root.to_json() == wanted)
}

/// The dash of a block item; none for an item between brackets.
fn dash(text: &str, item: &Node<'_>) -> Option<usize> {
    let before = &text[..item.at.range().start];
    let dash = before.trim_end_matches([' ', '\n', '\r']).strip_suffix('-')?.len();
    let line = line_start(text, dash);
    text[line..dash].chars().all(|c| c == ' ').then_some(dash)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}

/// The last byte that says something: parsers end a block where the next begins, comments included.
fn last_byte(text: &str, node: &Node<'_>) -> usize {
    let range = node.at.range();
    let mut last = range.start;
    reach(text, node, &range, &mut last);
    last
}

fn reach(text: &str, node: &Node<'_>, within: &Range<usize>, last: &mut usize) {
    let range = node.at.range();
    let is_whole = match &node.data {
        Data::Scalar(_) => true,
        Data::Sequence(_) | Data::Mapping(_) => text[range.start.min(text.len())..].starts_with(['[', '{']),
    };
    // What an alias repeats stands elsewhere.
    let mut cover = |end: usize| {
        if within.contains(&end.saturating_sub(1)) {
            *last = (*last).max(end.saturating_sub(1));
        }
    };
    if is_whole {
        let written = text.get(range.clone()).unwrap_or_default();
        cover(range.start + written.trim_end().len());
        return;
    }
    match &node.data {
        Data::Scalar(_) => {}
        Data::Sequence(items) => items.iter().for_each(|item| reach(text, item, within, last)),
        Data::Mapping(entries) => {
            for entry in entries.iter() {
                let end = entry.key_at.range().end;
                if within.contains(&end) {
                    *last = (*last).max(end.saturating_sub(1));
                }
                reach(text, &entry.value, within, last);
            }
        }
    }
}

/// Whether a blank line stands between two targets.
fn stand_apart(text: &str, items: &[Node<'_>]) -> bool {
    items.windows(2).any(|pair| {
        let between = text.get(pair[0].at.range().start..pair[1].at.range().start).unwrap_or_default();
        between.contains("\n\n") || between.contains("\n\r\n")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::append_target;
    use crate::diagnostic::Source;

    #[test]
    fn a_target_is_added_in_the_layout_that_is_there() {
        let target = json!({ "name": "new", "account_id": "999999999999" });
        for (before, after) in [
            (
                "targets:\n- name: a # one\n\nwaivers: []\n",
                "targets:\n- name: a # one\n- name: new\n  account_id: \"999999999999\"\n\nwaivers: []\n",
            ),
            (
                "targets:\n  - name: a\n\n  - name: b\n    role: {tags: {a: b},\n      name: c} # end\n  # loose\n",
                "targets:\n  - name: a\n\n  - name: b\n    role: {tags: {a: b},\n      name: c} # end\n\n  - name: new\n    account_id: \"999999999999\"\n  # loose\n",
            ),
            (
                "targets:\n  - name: a",
                "targets:\n  - name: a\n  - name: new\n    account_id: \"999999999999\"\n",
            ),
            (
                "a: &a {name: a}\ntargets:\r\n  - *a\r\n",
                "a: &a {name: a}\ntargets:\r\n  - *a\r\n  - name: new\r\n    account_id: \"999999999999\"\r\n",
            ),
        ] {
            let spec = Source::new("spec", before);
            let added = append_target(&spec, &target);
            if before.contains('*') && added.is_none() {
                continue;
            }
            assert_eq!(added.as_deref(), Some(after));
        }
        for flow in ["targets: [{name: a}]\n", "targets: []\n", "targets: x\n", "version: 1\n"] {
            assert_eq!(append_target(&Source::new("spec", flow), &target), None);
        }
    }
}
