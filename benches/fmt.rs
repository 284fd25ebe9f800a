//! `crossrole fmt` beside `terraform fmt` on the same files, and the formatter by itself.
//!
//! `cargo bench --bench fmt` prints medians of interleaved runs and their ratios. `BENCH_DIR` names
//! the folder to work in (`/dev/shm` where there is one), `BENCH_FILES` the number of files.

#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "a measuring program prints ratios")]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crossrole::hcl;

const RUNS: usize = 7;
const IN_A_FOLDER: usize = 6;

fn main() {
    let base = std::env::var_os("BENCH_DIR").map_or_else(memory_folder, PathBuf::from);
    let folder = base.join(format!("crossrole-fmt-bench-{}", std::process::id()));
    let count = std::env::var("BENCH_FILES").ok().and_then(|count| count.parse().ok()).unwrap_or(3000);
    let tidy: Vec<String> =
        (0..count).map(|number| hcl::format(&file(number)).expect("a generated file is valid")).collect();
    let untidy: Vec<String> = tidy.iter().map(|text| flattened(text)).collect();
    let bytes: usize = tidy.iter().map(String::len).sum();
    println!("{count} files in {} folders, {} KiB", count.div_ceil(IN_A_FOLDER), bytes >> 10);
    for (what, texts, wanted) in [("canonical", &tidy, 25), ("every file is rewritten", &untidy, 8)] {
        beside_terraform(&folder, what, texts, &tidy, wanted);
    }
    for (what, texts) in [("canonical", &tidy), ("every file is rewritten", &untidy)] {
        by_itself(what, texts);
    }
    fs::remove_dir_all(&folder).expect("a folder is removed");
}

fn memory_folder() -> PathBuf {
    let shared = PathBuf::from("/dev/shm");
    if shared.is_dir() { shared } else { std::env::temp_dir() }
}

/// Both programs in turn, so that a machine that slows down slows both. Each starts from the same
/// files, and must leave the same.
fn beside_terraform(folder: &Path, what: &str, texts: &[String], tidy: &[String], wanted: u32) {
    let mut runs = Vec::new();
    for run in 0..=RUNS {
        let [ours, theirs] = [["crossrole", "--recursive"], ["terraform", "-recursive"]].map(|command| {
            write(folder, texts);
            let duration = format(folder, command);
            assert_eq!(read(folder, texts.len()), tidy, "{} leaves other files", command[0]);
            duration
        });
        // The first run finds nothing in any cache.
        if run > 0 {
            runs.push((ours, theirs));
        }
    }
    let ours = median(runs.iter().map(|(ours, _)| ours.as_secs_f64() * 1000.0).collect());
    let theirs = median(runs.iter().map(|(_, theirs)| theirs.as_secs_f64() * 1000.0).collect());
    let ratio = median(runs.iter().map(|(ours, theirs)| theirs.as_secs_f64() / ours.as_secs_f64()).collect());
    println!(
        "  {what}: crossrole {ours:.1} ms, terraform {theirs:.0} ms: {ratio:.1} times as fast (wanted: {wanted})"
    );
}

fn format(folder: &Path, [program, recursive]: [&str; 2]) -> Duration {
    let mut command = match program {
        "crossrole" => Command::new(env!("CARGO_BIN_EXE_crossrole")),
        _ => Command::new(program),
    };
    command.args(["fmt", recursive]).current_dir(folder);
    command.env("CHECKPOINT_DISABLE", "1").env_remove("TF_CLI_CONFIG_FILE");
    let start = Instant::now();
    let output = command.output().expect("the program runs");
    let duration = start.elapsed();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    duration
}

/// One thread, no files: the check is part of the formatting.
fn by_itself(what: &str, texts: &[String]) {
    let bytes: usize = texts.iter().map(String::len).sum();
    let rounds = 20_000_000 / bytes + 1;
    let speeds = (0..RUNS).map(|_| {
        let start = Instant::now();
        for text in std::iter::repeat_n(texts, rounds).flatten() {
            black_box(hcl::format(black_box(text)).expect("the text is valid"));
        }
        (bytes * rounds) as f64 / 1e6 / start.elapsed().as_secs_f64()
    });
    println!("  {what}, in process: {:.0} MB/s on one thread (wanted: 60)", median(speeds.collect()));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn path(folder: &Path, number: usize) -> PathBuf {
    let module = number / IN_A_FOLDER;
    folder.join(format!("region-{}/module-{module}/file-{number}.tf", module % 20))
}

fn write(folder: &Path, texts: &[String]) {
    for (number, text) in texts.iter().enumerate() {
        let path = path(folder, number);
        if number % IN_A_FOLDER == 0 {
            fs::create_dir_all(path.parent().expect("a file has a folder")).expect("folders are made");
        }
        fs::write(path, text).expect("a file is written");
    }
}

fn read(folder: &Path, count: usize) -> Vec<String> {
    (0..count).map(|number| fs::read_to_string(path(folder, number)).expect("a file is read")).collect()
}

/// The same text without indentation, and with arguments that do not line up.
fn flattened(text: &str) -> String {
    text.lines().fold(String::new(), |flat, line| {
        let line = match line.split_once(" = ") {
            Some((name, value)) if !line.contains('#') => format!("{}={value}", name.trim()),
            _ => line.trim_start().to_owned(),
        };
        flat + &line + "\n"
    })
}

/// What a file of a module usually holds, each a little different.
fn file(number: usize) -> String {
    let mut text = format!("# Module {number}: what one team runs, and who may reach it.\n\n");
    for block in 0..2 + number % 4 {
        _ = write!(
            text,
            r#"variable "setting_{block}" {{
  description = "Setting {block} of module {number}."
  type = map(object({{
    id      = string
    regions = optional(list(string), ["eu-central-1", "eu-west-1"]) # where it runs
  }}))
  default = {{}}
}}

resource "aws_iam_role" "role_{block}" {{
  name                 = "${{var.prefix}}-{number}-{block}"
  max_session_duration = {session}
  assume_role_policy   = data.aws_iam_policy_document.trust[{block}].json
  tags = merge(var.tags, {{
    Team  = "team-{number}"
    Stage = var.production ? "prod" : "dev"
  }})

  lifecycle {{
    ignore_changes = [tags["LastRun"], permissions_boundary]
  }}
}}

output "arns_{block}" {{
  value = {{ for name, role in aws_iam_role.role_{block} : name => role.arn if role.arn != "" }}
}}

"#,
            session = 3600 + number
        );
    }
    text
}
