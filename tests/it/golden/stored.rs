//! How the files of all cases are stored for people to read: each text in full once, others as differences.
//!
//! Cases stand in an order, and their files in that of their paths. A case's `files.txt` lists every file that comes
//! out of its spec, with where its text is: in full below `out/`, as it was in an earlier file, or in
//! `differences.diff`, as a difference from an earlier file that is there in full. Reading refuses whatever is not
//! listed, not there, or not used.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use diffy::patch_set::{FileOperation, ParseOptions, PatchSet};
use diffy::{DiffOptions, Patch};

use crate::support::Files;

/// What is listed in a case's folder.
pub(super) const LISTING: &str = "files.txt";
/// The differences of a case's files.
pub(super) const DIFFERENCES: &str = "differences.diff";
/// The folder of a case's files in full.
pub(super) const IN_FULL: &str = "out/";

/// Files by path, of a case with a name.
pub(super) type Named = (String, Files);

/// The files that are to stand in the folder of each case.
pub(super) fn store(cases: &[Named]) -> Vec<Files> {
    let mut earlier = Earlier::default();
    cases.iter().map(|(name, files)| earlier.store(name, files)).collect()
}

/// What has been stored so far.
#[derive(Default)]
struct Earlier<'t> {
    /// Where each text was first.
    first: BTreeMap<&'t str, String>,
    /// What is there in full, by what it is for.
    in_full: BTreeMap<String, Vec<(String, &'t str)>>,
}

impl<'t> Earlier<'t> {
    fn store(&mut self, case: &str, files: &'t Files) -> Files {
        let (mut stored, mut listing, mut differences) = (Files::new(), String::new(), String::new());
        for (path, text) in files {
            let address = format!("{case}/{path}");
            let place = if let Some(first) = self.first.get(text.as_str()) {
                format!("as {first}")
            } else if let Some((from, difference)) = self.difference(path, &address, text) {
                differences.push_str(&difference);
                format!("differs from {from}")
            } else {
                self.in_full.entry(purpose(path)).or_default().push((address.clone(), text));
                stored.insert(format!("{IN_FULL}{path}"), text.clone());
                "in full".to_owned()
            };
            self.first.entry(text).or_insert(address);
            _ = writeln!(listing, "{path}: {place}");
        }
        stored.insert(LISTING.to_owned(), listing);
        if !differences.is_empty() {
            stored.insert(DIFFERENCES.to_owned(), differences);
        }
        stored
    }

    /// The shortest difference from a text of the same purpose, if it is shorter than the text.
    fn difference(&self, path: &str, address: &str, text: &str) -> Option<(&str, String)> {
        let candidates = self.in_full.get(&purpose(path)).into_iter().flatten();
        let differences = candidates.map(|(from, base)| {
            let mut options = DiffOptions::new();
            options.set_original_filename(from.clone()).set_modified_filename(address.to_owned());
            (&**from, options.create_patch(base, text).to_string())
        });
        let (from, shortest) = differences.min_by_key(|(_, difference)| difference.lines().count())?;
        (shortest.lines().count() < text.lines().count()).then_some((from, shortest))
    }
}

/// What a file is for, whatever its account is called.
fn purpose(path: &str) -> String {
    match path.strip_prefix("accounts/").and_then(|rest| rest.split_once('/')) {
        Some((_, file)) => format!("accounts/*/{file}"),
        None => path.to_owned(),
    }
}

/// Every file of every case, by `case/path`, from what is stored in the cases' folders.
pub(super) fn restore(cases: &[Named]) -> Result<Files, String> {
    let mut texts = Files::new();
    for (name, stored) in cases {
        let reading = Reading::new(name, stored)?;
        reading.restore(&mut texts).map_err(|problem| format!("{name}: {problem}"))?;
    }
    Ok(texts)
}

/// A case that is being read: what has not been used yet is left in it.
struct Reading<'s> {
    case: &'s str,
    listing: &'s str,
    in_full: BTreeMap<&'s str, &'s str>,
    differences: BTreeMap<(String, String), Patch<'s, str>>,
}

impl<'s> Reading<'s> {
    fn new(case: &'s str, stored: &'s Files) -> Result<Self, String> {
        let listing = stored.get(LISTING).ok_or_else(|| format!("{case}: {LISTING} is missing"))?;
        let in_full = stored.iter().filter_map(|(path, text)| Some((path.strip_prefix(IN_FULL)?, &**text)));
        let differences = stored.get(DIFFERENCES).map_or("", String::as_str);
        let differences = read_differences(differences).map_err(|problem| format!("{case}: {problem}"))?;
        Ok(Self { case, listing, in_full: in_full.collect(), differences })
    }

    fn restore(mut self, texts: &mut Files) -> Result<(), String> {
        for line in self.listing.lines() {
            let (path, place) = line.split_once(": ").ok_or_else(|| format!("`{line}` names no place"))?;
            let address = format!("{}/{path}", self.case);
            let text = self.text(path, &address, place, texts)?;
            if texts.insert(address, text).is_some() {
                return Err(format!("{path} is listed twice"));
            }
        }
        match (self.in_full.keys().next(), self.differences.keys().next()) {
            (Some(path), _) => Err(format!("{IN_FULL}{path} is not listed as being in full")),
            (_, Some((_, path))) => Err(format!("a difference of {path} is not listed")),
            (None, None) => Ok(()),
        }
    }

    fn text(&mut self, path: &str, address: &str, place: &str, texts: &Files) -> Result<String, String> {
        let earlier = |from: &str| texts.get(from).ok_or_else(|| format!("{path}: {from} is not earlier"));
        if place == "in full" {
            let text = self.in_full.remove(path).ok_or_else(|| format!("{IN_FULL}{path} is missing"))?;
            Ok(text.to_owned())
        } else if let Some(from) = place.strip_prefix("as ") {
            earlier(from).cloned()
        } else if let Some(from) = place.strip_prefix("differs from ") {
            let difference = self.differences.remove(&(from.to_owned(), address.to_owned()));
            let difference = difference.ok_or_else(|| format!("the difference of {path} is missing"))?;
            diffy::apply(earlier(from)?, &difference).map_err(|problem| format!("{path}: {problem}"))
        } else {
            Err(format!("{path}: `{place}` is not a place"))
        }
    }
}

/// Differences by what they are from and what they are of.
fn read_differences(text: &str) -> Result<BTreeMap<(String, String), Patch<'_, str>>, String> {
    let mut differences = BTreeMap::new();
    // Empty is what there is without differences; to the parser it is not a set of them.
    if text.is_empty() {
        return Ok(differences);
    }
    for file in PatchSet::parse(text, ParseOptions::unidiff()) {
        let file = file.map_err(|problem| format!("{DIFFERENCES}: {problem}"))?;
        let FileOperation::Modify { original, modified } = file.operation() else {
            return Err(format!("{DIFFERENCES}: {:?} is not a change", file.operation()));
        };
        let names = (original.to_string(), modified.to_string());
        let Some(patch) = file.into_patch().as_text().cloned() else {
            return Err(format!("{DIFFERENCES}: {} is not a text", names.1));
        };
        if differences.insert(names, patch).is_some() {
            return Err(format!("{DIFFERENCES}: one difference is there twice"));
        }
    }
    Ok(differences)
}

/// Two cases with a text in full, one that is the same, and one that differs.
fn example() -> [Named; 2] {
    let named = |name: &str, files: &[(&str, &str)]| {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        (name.to_owned(), files.collect::<Files>())
    };
    let long: String = (1..=20).fold(String::new(), |text, number| text + &format!("-- {number}\n"));
    let other = long.replace("-- 9\n", "++ nine\n");
    [
        named("first", &[("accounts/a/main.tf", &long), ("short", "one\n")]),
        named("second", &[("accounts/b/main.tf", &other), ("accounts/c/main.tf", &long), ("short", "two")]),
    ]
}

fn stored_example() -> [Named; 2] {
    let cases = example();
    let mut stored = store(&cases).into_iter();
    cases.map(|(name, _)| (name, stored.next().expect("one for each")))
}

#[test]
fn each_text_is_stored_in_full_once() {
    let [(_, first), (_, second)] = stored_example();
    assert_eq!(first[LISTING], "accounts/a/main.tf: in full\nshort: in full\n");
    assert_eq!(
        second[LISTING],
        "accounts/b/main.tf: differs from first/accounts/a/main.tf\n\
         accounts/c/main.tf: as first/accounts/a/main.tf\n\
         short: in full\n"
    );
    assert_eq!(first.keys().collect::<Vec<_>>(), ["files.txt", "out/accounts/a/main.tf", "out/short"]);
    assert_eq!(second.keys().collect::<Vec<_>>(), ["differences.diff", "files.txt", "out/short"]);
}

#[test]
fn what_is_stored_comes_back() {
    let restored = restore(&stored_example()).expect("it can be read");
    let original: Files = example()
        .into_iter()
        .flat_map(|(name, files)| files.into_iter().map(move |(path, text)| (format!("{name}/{path}"), text)))
        .collect();
    assert_eq!(restored, original);
}

/// Replaces a text in one stored file of the second case, takes the file away, or adds one.
fn refusal(change: impl FnOnce(&mut Files)) -> String {
    let mut cases = stored_example();
    change(&mut cases[1].1);
    restore(&cases).expect_err("it must be refused")
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let edited = |file: &'static str, from: &'static str, to: &'static str| {
        refusal(|files| {
            let text = files.get_mut(file).expect("it is stored");
            assert!(text.contains(from), "{text}");
            *text = text.replacen(from, to, 1);
        })
    };
    let cases = [
        (refusal(|files| drop(files.remove(LISTING))), "files.txt is missing"),
        (refusal(|files| drop(files.remove(DIFFERENCES))), "the difference of accounts/b/main.tf is missing"),
        (refusal(|files| drop(files.remove("out/short"))), "out/short is missing"),
        (refusal(|files| drop(files.insert("out/more".to_owned(), String::new()))), "out/more is not listed"),
        (edited(LISTING, "short: in full\n", ""), "out/short is not listed"),
        (edited(LISTING, "short: in", "short in"), "names no place"),
        (edited(LISTING, "short: in full", "short: somewhere"), "`somewhere` is not a place"),
        (edited(LISTING, "as first/", "as third/"), "third/accounts/a/main.tf is not earlier"),
        (edited(LISTING, "as first/accounts/a/main.tf", "as second/short"), "second/short is not earlier"),
        (edited(LISTING, "short: in full", "short: in full\nshort: as first/short"), "short is listed twice"),
        (edited(LISTING, "differs from first/accounts/a/main.tf", "as first/short"), "is not listed"),
        (edited(DIFFERENCES, " -- 8\n", " -- 88\n"), "error applying hunk"),
        (edited(DIFFERENCES, "+++ second/accounts/b", "+++ second/accounts/x"), "the difference of"),
        (edited(DIFFERENCES, "@@ -", "@@ ?"), "differences.diff: "),
    ];
    for (found, wanted) in cases {
        assert!(found.starts_with("second: ") && found.contains(wanted), "`{wanted}` is not in `{found}`");
    }
}
