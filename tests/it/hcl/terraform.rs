//! Random files, formatted by us and by terraform itself: every byte must agree.
//!
//! Needs `terraform`. `HCL_CASES` and `HCL_SEED` choose how many files of which sequence are tried.

#![expect(clippy::print_stderr, reason = "a test says how much it tried")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crossrole::hcl::{self, ErrorKind, SyntaxError};

use super::generator;
use crate::effort::scaled;
use crate::oracle::oracle;

/// How many rounds terraform is given until its output must equal ours.
const ROUNDS: usize = 9;

/// How many files one run of terraform gets; it slows down with their number.
const BATCH: usize = 1_000;

#[test]
fn random_files_are_formatted_as_by_terraform() {
    if oracle("terraform").is_none() {
        return;
    }
    let seed = number("HCL_SEED", 1) * 1_000_000_000;
    let sources: Vec<String> = (seed..seed + number("HCL_CASES", scaled(6_000)))
        .map(|seed| match seed % 4 {
            0 => generator::corrupted(seed),
            _ => generator::file(seed),
        })
        .collect();
    let verdicts: Vec<Verdict> = sources.chunks(BATCH).flat_map(judge).collect();
    let count = |verdict| verdicts.iter().filter(|&found| *found == verdict).count();
    let formatted = count(Verdict::Same) + count(Verdict::SameAfterRounds);
    eprintln!(
        "{} files: {formatted} formatted alike ({} in several rounds), {} refused by both, \
         {} refused to save data",
        sources.len(),
        count(Verdict::SameAfterRounds),
        count(Verdict::Invalid),
        count(Verdict::Refused),
    );
    report_differences(&sources, &verdicts);
    assert!(formatted * 2 > sources.len());
    assert!(count(Verdict::Invalid) * 20 > sources.len());
}

#[test]
fn quoted_text_is_read_back_by_terraform() {
    if oracle("terraform").is_none() {
        return;
    }
    let texts: Vec<String> = (0..scaled(3_000)).map(generator::awkward_text).collect();
    let literals: Vec<String> = texts.iter().map(|text| hcl::string::quote(text)).collect();
    let list = literals.join(", ");
    let output = evaluate(&format!("join(\",\", [for text in [{list}] : base64encode(text)])\n"));
    let expected: Vec<String> = texts.iter().map(|text| base64(text.as_bytes())).collect();
    assert_eq!(output.trim().trim_matches('"'), expected.join(","));
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Verdict {
    Same,
    /// Terraform's output, formatted again by terraform, is ours.
    SameAfterRounds,
    /// Both refuse.
    Invalid,
    /// We refuse, and terraform does lose something.
    Refused,
    Different(String),
}

fn judge(sources: &[String]) -> Vec<Verdict> {
    let (first, rejected) = terraform_fmt(sources);
    let mut verdicts = Vec::new();
    let mut waiting = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let ours = hcl::format(source);
        verdicts.push(match (&ours, rejected.contains(&index)) {
            (Err(error), true) if error.kind == ErrorKind::Invalid => Verdict::Invalid,
            (Ok(ours), false) if *ours == first[index] => Verdict::Same,
            (Err(error), false) if error.kind == ErrorKind::Invalid => {
                Verdict::Different(format!("only we refuse: {error:?}"))
            }
            (_, true) => Verdict::Different("only terraform refuses".to_owned()),
            (_, false) => {
                waiting.push((index, first[index].clone()));
                Verdict::Different(format!("ours:\n{ours:?}\nterraform's:\n{:?}", first[index]))
            }
        });
    }
    settle(sources, waiting, &mut verdicts);
    verdicts
}

/// Runs terraform on its own output until it agrees with ours, or with our reason to refuse.
fn settle(sources: &[String], mut waiting: Vec<(usize, String)>, verdicts: &mut [Verdict]) {
    for _ in 0..ROUNDS {
        let texts: Vec<String> = waiting.iter().map(|(_, text)| text.clone()).collect();
        let (next, rejected) = terraform_fmt(&texts);
        let mut still = Vec::new();
        for (position, (index, text)) in waiting.into_iter().enumerate() {
            let (rejected, next) = (rejected.contains(&position), &next[position]);
            match hcl::format(&sources[index]) {
                Ok(ours) if ours == *next && !rejected => {
                    verdicts[index] = Verdict::SameAfterRounds;
                }
                Err(error) if rejected || confirms(&sources[index], &error, next) => {
                    verdicts[index] = Verdict::Refused;
                }
                _ if rejected || *next == text => {}
                _ => still.push((index, next.clone())),
            }
        }
        waiting = still;
    }
}

/// Whether terraform's output lacks what we refused to lose.
fn confirms(source: &str, error: &SyntaxError, output: &str) -> bool {
    let lost = &source[error.span];
    let is_lost = output.matches(lost).count() < source.matches(lost).count();
    let message = &error.message;
    let spared = message.contains("delete the index") && source.contains("for");
    is_lost || spared || ["join", "replace", "deeply"].iter().any(|word| message.contains(word))
}

/// Fails with the smallest differing files, each made smaller still.
fn report_differences(sources: &[String], verdicts: &[Verdict]) {
    let mut different: Vec<&String> = sources
        .iter()
        .zip(verdicts)
        .filter(|(_, verdict)| matches!(verdict, Verdict::Different(_)))
        .map(|(source, _)| source)
        .collect();
    different.sort_by_key(|source| source.len());
    let smallest: Vec<String> = different.iter().take(5).map(|source| shrink(source)).collect();
    let reports: Vec<String> = smallest
        .iter()
        .zip(judge(&smallest))
        .map(|(source, verdict)| format!("{source:?}\n{verdict:?}"))
        .collect();
    assert!(different.is_empty(), "{} differences:\n{}", different.len(), reports.join("\n\n"));
}

/// Cuts pieces out of a file for as long as it stays different.
fn shrink(source: &str) -> String {
    let mut smallest = source.to_owned();
    let mut size = smallest.len() / 2;
    while size > 0 {
        let shorter: Vec<String> = (0..smallest.len())
            .step_by(size.div_ceil(2))
            .filter_map(|start| {
                let (before, after) = (smallest.get(..start)?, smallest.get(start + size..)?);
                Some(format!("{before}{after}"))
            })
            .collect();
        let verdicts = judge(&shorter);
        let different = verdicts.iter().position(|verdict| matches!(verdict, Verdict::Different(_)));
        match different {
            Some(index) => smallest.clone_from(&shorter[index]),
            None => size /= 2,
        }
    }
    smallest
}

/// Formats texts with one run of terraform; returns the results and which it refused.
fn terraform_fmt(texts: &[String]) -> (Vec<String>, BTreeSet<usize>) {
    let directory = env::temp_dir().join(format!("crossrole-fmt-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("the directory can be made");
    let path = |index: usize| directory.join(format!("f{index}.tf"));
    for (index, text) in texts.iter().enumerate() {
        fs::write(path(index), text).expect("the file can be written");
    }
    let rejected = run_terraform(&directory);
    let results = (0..texts.len())
        .map(|index| fs::read_to_string(path(index)).expect("the file can be read"))
        .collect();
    fs::remove_dir_all(&directory).expect("the directory can be removed");
    (results, rejected)
}

fn run_terraform(directory: &Path) -> BTreeSet<usize> {
    let output = Command::new("terraform")
        .args(["fmt", "-no-color", "-list=false"])
        .arg(directory)
        .env_remove("TF_CLI_CONFIG_FILE")
        .output()
        .expect("terraform runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    errors
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("on "))
        .filter_map(|line| line.split_once(".tf line ")?.0.rsplit_once("/f"))
        .filter_map(|(_, index)| index.parse().ok())
        .collect()
}

/// The value of an expression, as `terraform console` prints it.
fn evaluate(expression: &str) -> String {
    let directory = env::temp_dir().join(format!("crossrole-console-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("the directory can be made");
    let input = directory.join("input");
    fs::write(&input, expression).expect("the file can be written");
    let output = Command::new("terraform")
        .arg("console")
        .current_dir(&directory)
        .env_remove("TF_CLI_CONFIG_FILE")
        .stdin(fs::File::open(&input).expect("the file can be read"))
        .output()
        .expect("terraform runs");
    fs::remove_dir_all(&directory).expect("the directory can be removed");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |index: usize| usize::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let bits = bits >> (18 - 6 * digit) & 63;
            let is_padding = digit > group.len();
            text.push(if is_padding { '=' } else { char::from(DIGITS[bits]) });
        }
    }
    text
}

fn number(variable: &str, default: u64) -> u64 {
    env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}
