//! Merging by lines: the same bytes as `git merge-file`, and the laws of merges.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use crossrole::merge::{Resolution, Style, has_markers};
use crossrole::output::FileKind;

use super::{MARK, Random, Triple};
use crate::effort::{least, scaled};
use crate::oracle::oracle;
use crate::support::temporary;

/// Triples that are merged by git as well, in every style; `MERGES=40000` tries more.
const TRIPLES: u64 = 1200;

const STYLES: [(&str, Resolution); 5] = [
    ("", Resolution::Mark(Style::Merge)),
    ("--diff3", Resolution::Mark(Style::Diff3)),
    ("--zdiff3", Resolution::Mark(Style::Zdiff3)),
    ("--ours", Resolution::Ours),
    ("--theirs", Resolution::Theirs),
];

/// A text of lines, and two others that were made from it by a few edits each.
fn triple(seed: u64) -> Triple {
    let mut random = Random::new(seed);
    let kind = random.below(6);
    let base = match kind {
        0 => Vec::new(),
        1 | 2 => letters(&mut random),
        _ => blocks(&mut random),
    };
    let edits = 1 + random.below(4);
    let ours = edited(&mut random, &base, edits);
    let theirs = if random.percent(5) { ours.clone() } else { edited(&mut random, &base, edits) };
    let mut text = |lines: &[String]| {
        let ending = *random.pick(&["\n", "\n", "\n", "\r\n", "mixed"]);
        ended(&mut random, lines, ending)
    };
    if seed.is_multiple_of(5) {
        return Triple { base: text(&base), ours: text(&ours), theirs: text(&theirs) };
    }
    let ending = if seed.is_multiple_of(3) { "\r\n" } else { "\n" };
    let mut text = |lines: &[String]| ended(&mut random, lines, ending);
    Triple { base: text(&base), ours: text(&ours), theirs: text(&theirs) }
}

/// The lines of a few letters, which repeat all the time.
fn letters(random: &mut Random) -> Vec<String> {
    (0..random.below(24)).map(|_| (*random.pick(&["a", "b", "c", "", "}"])).to_owned()).collect()
}

/// Near-identical blocks, as Terraform has them.
fn blocks(random: &mut Random) -> Vec<String> {
    let mut lines = Vec::new();
    for number in 0..=random.below(8) {
        let same = random.below(3);
        lines.push("provider \"aws\" {".to_owned());
        lines.push(format!("  alias  = \"account{}\"", if same == 0 { 0 } else { number }));
        lines.push("  region = \"eu-central-1\"".to_owned());
        lines.push(String::new());
        lines.push("  assume_role {".to_owned());
        lines.push(format!("    role_arn = \"arn:aws:iam::{number:012}:role/x\""));
        lines.extend(["  }", "}", ""].map(str::to_owned));
    }
    lines
}

fn edited(random: &mut Random, lines: &[String], edits: usize) -> Vec<String> {
    let mut lines = lines.to_vec();
    for _ in 0..random.below(edits + 1) {
        let at = random.below(lines.len() + 1);
        let some = (1 + random.below(4)).min(lines.len() - at);
        match random.below(5) {
            0 => drop(lines.drain(at..at + some)),
            1 => lines.splice(at..at, blocks(random).into_iter().take(9)).for_each(drop),
            2 => {
                let copied = lines[at..at + some].to_vec();
                let to = random.below(lines.len() + 1);
                lines.splice(to..to, copied).for_each(drop);
            }
            _ => {
                let new = ["a", "b", "  region = \"us-east-1\"", "  # note", "", "}"];
                let new: Vec<String> =
                    (0..=random.below(2)).map(|_| (*random.pick(&new)).to_owned()).collect();
                lines.splice(at..at + some.min(1), new).for_each(drop);
            }
        }
    }
    lines
}

/// The lines with their line breaks; the last one may lack it.
fn ended(random: &mut Random, lines: &[String], ending: &str) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(line);
        let is_crlf = if ending == "mixed" { random.percent(50) } else { ending == "\r\n" };
        text.push_str(if is_crlf { "\r\n" } else { "\n" });
    }
    if random.percent(15) {
        let end = text.trim_end_matches(['\r', '\n']).len();
        text.truncate(end);
    }
    text
}

/// What git makes of a triple: the text, and whether it is clean.
fn merged_by_git(folder: &Path, style: &str) -> (String, bool) {
    let mut git = Command::new("git");
    git.current_dir(folder).args(["merge-file", "-p", "-q", "-L", "ours", "-L", "base", "-L", "theirs"]);
    git.args(Some(style).filter(|style| !style.is_empty())).args(["ours", "base", "theirs"]);
    let output = git.output().expect("git runs");
    let code = output.status.code().expect("git ends by itself");
    assert!(code < 128, "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).expect("texts stay texts"), code == 0)
}

fn compare_with_git(folder: &Path, seed: u64) -> Vec<String> {
    let triple = triple(seed);
    for (name, text) in [("base", &triple.base), ("ours", &triple.ours), ("theirs", &triple.theirs)] {
        fs::write(folder.join(name), text).expect("files can be written");
    }
    let mut complaints = Vec::new();
    for (style, resolution) in STYLES {
        let (text, clean) = merged_by_git(folder, style);
        let found = triple.merged(FileKind::Plain, resolution);
        // Resolved conflicts are none for git.
        let marks = matches!(resolution, Resolution::Mark(_));
        if found.text != text || (marks && found.conflicts.is_empty() != clean) {
            let found = found.text;
            complaints
                .push(format!("seed {seed} {style}\n{triple:#?}\ngit {clean}:\n{text}\nours:\n{found}"));
        }
    }
    complaints
}

#[test]
fn bytes_are_those_of_git() {
    if oracle("git").is_none() {
        return;
    }
    let total = std::env::var("MERGES").ok().and_then(|count| count.parse().ok()).unwrap_or(scaled(TRIPLES));
    let compare = |first: u64| {
        let folder = temporary();
        let seeds = (first..total).step_by(2);
        seeds.map(|seed| compare_with_git(folder.path(), seed)).collect::<Vec<_>>()
    };
    let compared = thread::scope(|scope| {
        let threads = [scope.spawn(|| compare(0)), scope.spawn(|| compare(1))];
        let halves = threads.map(|thread| thread.join().expect("no complaint is a panic"));
        halves.concat()
    });
    assert!(compared.len() >= least(1000), "only {} triples", compared.len());
    let complaints: Vec<String> = compared.into_iter().flatten().collect();
    assert!(
        complaints.is_empty(),
        "{} differ\n{}",
        complaints.len(),
        complaints[..complaints.len().min(3)].join("\n")
    );
}

/// A diff as it is shown, beside git's own.
#[test]
fn diffs_on_screen_are_those_of_git() {
    use crossrole::ui::{Color, Ui, Verbosity};
    if oracle("git").is_none() {
        return;
    }
    let (ui, folder) = (Ui::new(Color::Never, Verbosity::Normal), temporary());
    for seed in 0..150 {
        let Triple { base, ours, .. } = triple(seed);
        if base == ours || base.contains('\r') || ours.contains('\r') {
            continue;
        }
        fs::write(folder.path().join("base"), &base).expect("files can be written");
        fs::write(folder.path().join("ours"), &ours).expect("files can be written");
        let mut git = Command::new("git");
        git.args(["-c", "core.attributesFile=/dev/null", "diff", "--no-index", "--no-color"]);
        git.args(["--no-indent-heuristic", "--", "base", "ours"]).current_dir(folder.path());
        let output = git.output().expect("git runs");
        let text = String::from_utf8(output.stdout).expect("texts stay texts");
        // Behind the second `@@`, git names a function.
        let line = |line: &str| match line.strip_prefix("@@ ").and_then(|rest| rest.split_once(" @@")) {
            Some((places, _)) => format!("@@ {places} @@"),
            None => line.to_owned(),
        };
        let wanted: Vec<String> = text.lines().skip_while(|line| !line.starts_with("@@")).map(line).collect();
        let shown = anstream::adapter::strip_str(&ui.diff("x", Some(&base), Some(&ours))).to_string();
        assert_eq!(shown.lines().skip(2).collect::<Vec<_>>(), wanted, "seed {seed}");
    }
}

#[test]
fn merges_obey_the_laws() {
    let mut clean = 0;
    for seed in 0..scaled(1500) {
        let Triple { base, ours, theirs } = triple(seed);
        for (base, ours, theirs, wanted) in
            [(&base, &base, &theirs, &theirs), (&base, &ours, &base, &ours), (&base, &ours, &ours, &ours)]
        {
            let triple = Triple { base: base.clone(), ours: ours.clone(), theirs: theirs.clone() };
            for (_, resolution) in STYLES {
                let merged = triple.merged(FileKind::Plain, resolution);
                assert!(merged.text == *wanted && merged.conflicts.is_empty(), "{triple:#?}\n{merged:#?}");
            }
        }
        let here = Triple { base: base.clone(), ours: ours.clone(), theirs: theirs.clone() };
        let there = Triple { base, ours: theirs, theirs: ours };
        let (here, there) = (here.merged(FileKind::Plain, MARK), there.merged(FileKind::Plain, MARK));
        assert_eq!(here.conflicts.len(), there.conflicts.len(), "{here:#?}\n{there:#?}");
        assert_eq!(has_markers(&here.text), !here.conflicts.is_empty(), "{}", here.text);
        clean += usize::from(here.conflicts.is_empty());
    }
    assert!((least(300)..scaled(1300)).contains(&clean), "{clean} are clean");
}

#[test]
fn conflicts_say_where_they_are_and_what_happened() {
    let of = |base: &str, ours: &str, theirs: &str| {
        let triple = Triple { base: base.to_owned(), ours: ours.to_owned(), theirs: theirs.to_owned() };
        let conflicts = triple.merged(FileKind::Plain, MARK).conflicts;
        let said: Vec<_> = conflicts.iter().map(|found| format!("{} {}", found.at, found.what)).collect();
        said.join("; ")
    };
    assert_eq!(of("a\nb\n", "a\nx\n", "a\ny\n"), "line 2 changed on both sides");
    assert_eq!(of("a\nb\nc\n", "a\n", "a\nb\ny\n"), "after line 1 deleted here, changed there");
    assert_eq!(of("a\nb\nc\n", "x\ny\nc\n", "c\n"), "lines 1 to 2 changed here, deleted there");
    assert_eq!(of("", "x\n", "y\n"), "line 1 added on both sides");
    assert_eq!(
        of("a\nb\nc\n", "1\nb\n2\n", "3\nb\n4\n"),
        "line 1 changed on both sides; line 3 changed on both sides"
    );
}

#[test]
fn look_alikes_make_markers_longer_and_change_nothing_else() {
    let triple = |line: &str| Triple {
        base: format!("{line}\na\n"),
        ours: format!("{line}\nb\n"),
        theirs: format!("{line}\nc\n"),
    };
    for line in ["<<<<<<< HEAD", "||||||| x", "=======", ">>>>>>>>>>>> y"] {
        let text = triple(line).merged(FileKind::Markdown, MARK).text;
        let size = line.trim_end_matches(char::is_alphabetic).trim_end().len() + 1;
        let [open, close] = ["<", ">"].map(|character| character.repeat(size));
        assert!(text.contains(&format!("\n{open} ours\nb\n")), "{text}");
        assert!(text.ends_with(&format!("c\n{close} theirs\n")), "{text}");
    }
}
