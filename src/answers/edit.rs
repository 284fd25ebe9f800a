//! Changes to a spec that people wrote: a target more, or another value, and not a byte changed elsewhere.

use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use super::{Draft, Path, Step, scalar, write};
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
    let place = Path::default().key("targets").index(items.len());
    means(&after, &before, &place, target).then_some(after)
}

/// The text of a spec without one of its targets; `None` where that is the only one, or part of a line. Comments above it
/// stay: they may be about those below.
#[must_use]
pub fn remove_target(spec: &Arc<Source>, index: usize) -> Option<String> {
    let before = yaml::load(spec, &mut Diagnostics::default())?;
    let items = targets(&before)?;
    let item = items.get(index).filter(|_| items.len() > 1)?;
    let text = &spec.text;
    let start = line_start(text, dash(text, item)?);
    let end = line_end(text, last_byte(text, item));
    let after = format!("{}{}", &text[..start], &text[end..]);
    let mut wanted = before.to_json();
    wanted["targets"].as_array_mut()?.remove(index);
    reads_as(&after, &wanted).then_some(after)
}

/// The text of a spec with another value at a place; `None` where it stands in a form that cannot
/// simply be exchanged.
#[must_use]
pub fn set(spec: &Arc<Source>, path: &Path, value: &Value) -> Option<String> {
    let before = yaml::load(spec, &mut Diagnostics::default())?;
    let text = &spec.text;
    let (mut node, mut left) = (&before, path.steps());
    while let [step, rest @ ..] = left {
        let Some(inner) = child(node, step) else { break };
        (node, left) = (inner, rest);
    }
    let after = match left {
        [] => exchange(text, node, &write::flow(None, value))?,
        [Step::Key(key), rest @ ..] => insert(text, node, key, &nested(rest, value)?)?,
        [Step::Index(_), ..] => return None,
    };
    means(&after, &before, path, value).then_some(after)
}

/// The value with the keys around it that are not there yet.
fn nested(steps: &[Step], value: &Value) -> Option<Value> {
    steps.iter().rev().try_fold(value.clone(), |value, step| match step {
        Step::Key(key) => Some(serde_json::json!({ key.as_str(): value })),
        Step::Index(_) => None,
    })
}

fn child<'n, 's>(node: &'n Node<'s>, step: &Step) -> Option<&'n Node<'s>> {
    let inner = match (&node.data, step) {
        (Data::Mapping(entries), Step::Key(key)) => &entries.iter().find(|entry| entry.key == *key)?.value,
        (Data::Sequence(items), Step::Index(index)) => items.get(*index)?,
        _ => return None,
    };
    Some(inner)
}

/// Another value in the place of one that stands on one line.
fn exchange(text: &str, node: &Node<'_>, value: &str) -> Option<String> {
    let range = node.at.range();
    let written = text.get(range.clone())?.trim_end();
    let is_on_one_line = !written.is_empty() && !written.contains('\n');
    let is_flow = matches!(node.data, Data::Scalar(_)) || written.starts_with(['[', '{']);
    (is_on_one_line && is_flow)
        .then(|| format!("{}{value}{}", &text[..range.start], &text[range.start + written.len()..]))
}

/// A key more in a mapping, behind its last.
fn insert(text: &str, node: &Node<'_>, key: &str, value: &Value) -> Option<String> {
    let Data::Mapping(entries) = &node.data else { return None };
    let (key, flow) = (scalar::text(key), write::flow(None, value));
    let range = node.at.range();
    if text.get(range.clone())?.starts_with('{') {
        let end = range.start + text[range].trim_end().len() - 1;
        let before = text[..end].trim_end();
        let comma = if before.ends_with(['{', ',']) { "" } else { ", " };
        return Some(format!("{before}{comma}{key}: {flow}{}", &text[end..]));
    }
    let first = entries.first()?.key_at.range().start;
    let indent = text[line_start(text, first)..first].chars().count();
    let end = line_end(text, last_byte(text, node));
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = if text[..end].ends_with('\n') { "" } else { line_break };
    Some(format!("{}{before}{:indent$}{key}: {flow}{line_break}{}", &text[..end], "", &text[end..]))
}

fn targets<'n>(root: &'n Node<'_>) -> Option<&'n [Node<'n>]> {
    let Data::Mapping(entries) = &root.data else { return None };
    let list = entries.iter().find(|entry| entry.key == "targets")?;
    match &list.value.data {
        Data::Sequence(items) => Some(items),
        Data::Scalar(_) | Data::Mapping(_) => None,
    }
}

/// Whatever the text looks like: it has to mean the same as before, but for one value at one place.
fn means(after: &str, before: &Node<'_>, path: &Path, value: &Value) -> bool {
    let mut wanted = Draft::of(before.to_json());
    wanted.put(path, value.clone()).is_ok() && reads_as(after, wanted.value())
}

fn reads_as(text: &str, wanted: &Value) -> bool {
    let source = Source::new("", text);
    let found = yaml::load(&source, &mut Diagnostics::default()).map(|root| root.to_json());
    found.is_some_and(|found| found == *wanted)
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

    use super::{append_target, remove_target, set};
    use crate::answers::Path;
    use crate::diagnostic::Source;

    #[test]
    fn targets_are_removed_with_their_lines() {
        let spec = "targets: # all\n- name: a\n  region: us-east-1\n\n# The second.\n- {name: b}\n- name: c\n  role:\n    path: /x/ # here\n\nwaivers: []\n";
        let without = |spec: &str, index| remove_target(&Source::new("spec", spec), index);
        assert_eq!(without(spec, 1).as_deref(), Some(&*spec.replace("- {name: b}\n", "")));
        let last = "- name: c\n  role:\n    path: /x/ # here\n";
        assert_eq!(without(spec, 2).as_deref(), Some(&*spec.replace(last, "")));
        for (spec, index) in
            [("targets: [{name: a}, {name: b}]\n", 0), ("targets:\n- name: a\n", 0), (spec, 3)]
        {
            assert_eq!(without(spec, index), None, "{spec}");
        }
    }

    #[test]
    fn values_are_exchanged_where_they_stand() {
        let spec = "targets: # all\n- name: a\n  region:   us-east-1   # near\n  role: {name: x}\n\n- {name: b}\n- name: c\n  role:\n    path: /x/ # here\n\nwaivers: []\n";
        let change = |path: &str, value: &str| {
            set(&Source::new("spec", spec), &Path::parse(path).expect("a path"), &json!(value))
        };
        for (path, value, before, after) in [
            ("targets[0].region", "eu-west-1", "us-east-1   # near", "eu-west-1   # near"),
            ("targets[0].role.name", "12", "{name: x}", "{name: \"12\"}"),
            ("targets[0].role.external_id", "id", "{name: x}", "{name: x, external_id: id}"),
            ("targets[1].region", "eu-west-1", "{name: b}", "{name: b, region: eu-west-1}"),
            ("targets[2].region", "eu-west-1", "# here\n", "# here\n  region: eu-west-1\n"),
            ("targets[2].role.external_id", "id", "# here\n", "# here\n    external_id: id\n"),
            ("targets[2].session.duration", "1h", "# here\n", "# here\n  session: {duration: 1h}\n"),
        ] {
            assert_eq!(change(path, value), Some(spec.replacen(before, after, 1)), "{path}");
        }
        assert_eq!(change("targets[3].name", "d"), None);
        assert_eq!(change("targets[2].role", "x"), None);
    }

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
