//! Files of a room use each other one way, too: whoever reads them can begin at one end.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{ends_in, files, repository};

/// A module by the names that lead to it.
type Module = Vec<String>;

/// The modules that each file uses, those it lies in aside: they only gather what is below them.
fn uses() -> BTreeMap<Module, BTreeSet<Module>> {
    let sources = files(&repository("src"));
    let sources: BTreeMap<Module, String> = sources
        .into_iter()
        .filter(|(path, _)| ends_in(path, &["rs"]))
        .map(|(path, text)| (module(&path), text))
        .collect();
    let known: BTreeSet<Module> = sources.keys().cloned().collect();
    let used = |module: &Module, text: &str| {
        let paths = paths(text).into_iter().filter_map(|path| resolve(module, &path));
        let files = paths.filter_map(|path| longest_known(&path, &known));
        files.filter(|used| !module.starts_with(used)).collect()
    };
    sources.iter().map(|(module, text)| (module.clone(), used(module, text))).collect()
}

fn module(path: &str) -> Module {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// Every path that begins with `crate`, `super` or `self`, lists in braces written out.
fn paths(text: &str) -> Vec<Module> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let starts = ["crate::", "super::", "self::"].iter().flat_map(|start| code.match_indices(start));
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let starts = starts.filter(|(at, _)| !code[..*at].ends_with(|c| is_name(c) || c == ':' || c == '$'));
    starts.flat_map(|(at, _)| spread(&code[at..]).0).collect()
}

/// The paths that a text begins with, and what follows them.
fn spread(text: &str) -> (Vec<Module>, &str) {
    let length = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, mut rest) = (text[..length].to_owned(), &text[length..]);
    let Some(behind) = rest.strip_prefix("::") else {
        return (vec![vec![name]], rest);
    };
    let mut below = Vec::new();
    if let Some(mut list) = behind.strip_prefix('{') {
        loop {
            let (paths, after) = spread(list.trim_start());
            below.extend(paths);
            // What a list renames, or a `*`, says nothing of modules.
            let end = after.find([',', '}']).unwrap_or(after.len());
            rest = after.get(end + 1..).unwrap_or_default();
            if !after[end..].starts_with(',') {
                break;
            }
            list = rest;
        }
    } else {
        (below, rest) = spread(behind);
    }
    let path = |mut below: Module| {
        below.insert(0, name.clone());
        below
    };
    (below.into_iter().map(path).collect(), rest)
}

/// A path from the root of the crate.
fn resolve(module: &Module, path: &Module) -> Option<Module> {
    let up = path.iter().take_while(|name| *name == "super").count();
    let own = match path.first()?.as_str() {
        "crate" => &[],
        _ => module.get(..module.len().checked_sub(up)?)?,
    };
    let rest = path.iter().skip(up.max(1));
    Some(own.iter().chain(rest).cloned().collect())
}

fn longest_known(path: &Module, known: &BTreeSet<Module>) -> Option<Module> {
    (1..=path.len()).rev().map(|length| path[..length].to_vec()).find(|module| known.contains(module))
}

/// Files that lead back to themselves: what is left when those go, again and again, that use none
/// of the others, or that none of the others use.
fn circles(mut uses: BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    loop {
        let left: BTreeSet<Module> = uses.keys().cloned().collect();
        for used in uses.values_mut() {
            used.retain(|module| left.contains(module));
        }
        let wanted: BTreeSet<Module> = uses.values().flatten().cloned().collect();
        uses.retain(|module, used| !used.is_empty() && wanted.contains(module));
        if uses.len() == left.len() {
            let line = |(module, used): (&Module, &BTreeSet<Module>)| {
                let names: Vec<_> = used.iter().map(|module| module.join("::")).collect();
                format!("{} uses {}", module.join("::"), names.join(", "))
            };
            return uses.iter().map(line).collect();
        }
    }
}

#[test]
fn no_files_use_each_other() {
    let uses = uses();
    let arrows: usize = uses.values().map(BTreeSet::len).sum();
    assert!(arrows > 500, "only {arrows} uses were found");
    let circles = circles(uses);
    assert!(circles.is_empty(), "these lead back to themselves:\n{}", circles.join("\n"));
}

#[test]
fn a_circle_is_found() {
    let path = |path: &str| path.split("::").map(str::to_owned).collect::<Module>();
    let text = "use super::{b::{B, c as d}, e};\nuse crate::f::*;\nlet g = super::super::g::h();\n";
    let found: BTreeSet<_> = paths(text).iter().filter_map(|found| resolve(&path("r::a"), found)).collect();
    assert_eq!(found, BTreeSet::from(["f::", "g::h", "r::b::B", "r::b::c", "r::e"].map(path)));
    let uses = |from: &str, to: &[&str]| (path(from), to.iter().map(|to| path(to)).collect());
    let circle = BTreeMap::from([
        uses("a", &["b"]),
        uses("b", &["c"]),
        uses("c", &["b"]),
        uses("d", &[]),
        uses("e", &["b"]),
    ]);
    assert_eq!(circles(circle), ["b uses c", "c uses b"]);
}
