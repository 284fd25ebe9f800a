//! What stands in a file and where, read line by line, and whether a merge is what both sides made of it.
//!
//! Shares no code with any merge: it counts lines and comments under the headers that they stand below.

use std::collections::{BTreeMap, BTreeSet};

/// How often each thing is said: where, and what.
pub(super) type Facts = BTreeMap<(String, String), usize>;

/// Old names by new ones, as somebody renamed them.
pub(super) type Names = BTreeMap<String, String>;

/// Reads a file in which every bracket that spans lines opens at the end of one.
pub(super) fn facts(text: &str, names: &Names) -> Facts {
    let mut facts = Facts::new();
    let mut path: Vec<String> = Vec::new();
    let mut above: Vec<String> = Vec::new();
    let mut say = |path: &[String], beside: &str, what: String| {
        *facts.entry((format!("{} {beside}", path.join("/")), what)).or_default() += 1;
    };
    for line in text.lines() {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let (code, comment) = match line.find('#') {
            Some(at) => (line[..at].trim(), Some(line[at..].to_owned())),
            None => (&*line, None),
        };
        let code = code.trim_end_matches(',');
        if code.is_empty() {
            match comment {
                Some(comment) => above.push(comment),
                // A comment with nothing below it belongs to the body.
                None => above.drain(..).for_each(|comment| say(&path, "", comment)),
            }
            continue;
        }
        if code.starts_with(['}', ']']) {
            above.drain(..).for_each(|comment| say(&path, "", comment));
            path.pop();
            continue;
        }
        let key = known(code, names);
        above.drain(..).for_each(|comment| say(&path, &format!("above {key}"), comment));
        if let Some(comment) = comment {
            say(&path, &format!("behind {key}"), comment);
        }
        say(&path, "", code.to_owned());
        if code.ends_with(['{', '[']) {
            path.push(key);
        }
    }
    for comment in above {
        say(&path, "", comment);
    }
    facts
}

/// What a line is known by, under its first name.
fn known(code: &str, names: &Names) -> String {
    let key = code.split(" = ").next().unwrap_or(code).trim_end_matches(['{', '[']).trim();
    names.get(key).map_or(key, String::as_str).to_owned()
}

/// Whether everything stands in a result as often as the changes of both sides make it; if not, what.
pub(super) fn wrong([base, ours, theirs]: [&Facts; 3], result: &Facts) -> Vec<String> {
    let all: BTreeSet<&(String, String)> =
        [base, ours, theirs, result].into_iter().flat_map(BTreeMap::keys).collect();
    let count = |facts: &Facts, fact: &(String, String)| facts.get(fact).copied().unwrap_or_default();
    let complaint = |fact: &(String, String)| {
        let [b, o, t, r] = [base, ours, theirs, result].map(|facts| count(facts, fact));
        // What both did alike may be one change, or one of each.
        let both = (o + t).saturating_sub(b);
        let one = if o == t || t == b { Some(o) } else { (o == b).then_some(t) };
        // Of several alike, some may have come where others went.
        let is_twin =
            b.max(o).max(t) > 1 && (b.min(o).min(t).min(both)..=b.max(o).max(t).max(both)).contains(&r);
        let is_right = r == both || Some(r) == one || is_twin;
        (!is_right).then(|| format!("{b} {o} {t}: {r} × `{}` in `{}`", fact.1, fact.0))
    };
    all.into_iter().filter_map(complaint).collect()
}
