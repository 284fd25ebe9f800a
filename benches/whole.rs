//! The whole program beside what cannot be beaten: two threads that write, or read, the same bytes.
//!
//! `cargo bench --bench whole` prints medians of interleaved runs and their ratios. Name a folder in
//! a memory file system with `BENCH_DIR` (`/dev/shm` where there is one), so that the disk is not
//! what is measured; `BENCH_TARGETS` takes other numbers than 1, 1,000 and 10,000.

#![expect(clippy::print_stdout, reason = "what is measured is printed")]

mod measure;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use measure::{Files, pairs, read_all, read_plainly, remove, report, time, work_folder};

fn main() {
    let folder = work_folder();
    let sizes = std::env::var("BENCH_TARGETS").unwrap_or_else(|_| "1 1000 10000".to_owned());
    for targets in sizes.split_whitespace().filter_map(|size| size.parse().ok()) {
        measure(&folder, targets);
    }
    remove(&folder);
}

fn measure(folder: &Path, targets: usize) {
    fs::create_dir_all(folder).expect("a folder to work in");
    let spec = folder.join("crossrole.yaml");
    fs::write(&spec, spec_of(targets)).expect("the spec is written");
    let (ours, theirs) = (folder.join("ours"), folder.join("theirs"));
    crossrole("generate", &spec, &ours);
    let files = read_all(&ours);
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("\n{targets} targets: {} files, {} KiB, record included", files.len(), bytes >> 10);

    let fresh = pairs(|| {
        remove(&ours);
        remove(&theirs);
        (time(|| crossrole("generate", &spec, &ours)), time(|| write_plainly(&theirs, &files)))
    });
    report("generate into nothing", "bare writing", &fresh);
    for (verb, what) in [("check", "check of a clean tree"), ("generate", "generate with nothing to do")] {
        let runs = pairs(|| (time(|| crossrole(verb, &spec, &ours)), time(|| read_plainly(&ours, &files))));
        report(what, "bare reading", &runs);
    }
    measure_other_pack(&spec, &ours);
    measure_update(&spec, &ours, targets);
    println!("  peak memory of `generate` into nothing: {}", peak_memory(&spec, &ours));
    remove(folder);
}

/// The built-in templates from a folder, one of them changed a little, beside themselves.
fn measure_other_pack(spec: &Path, ours: &Path) {
    let pack = ours.with_file_name("pack");
    crossrole_with(&["-q", "templates", "eject"], &[&pack]);
    replace(
        &pack.join("partials/workload-provider.tf.tera"),
        "provider \"aws\" {",
        "# Ours.\n{% for number in [1, 2] %}# {{ number | comment }}\n{% endfor %}provider \"aws\" {",
    );
    let theirs = ours.with_file_name("theirs");
    let runs = pairs(|| {
        remove(ours);
        remove(&theirs);
        let mine = time(|| {
            crossrole_with(
                &["-q", "generate", "--templates"],
                &[&pack, Path::new("-f"), spec, Path::new("-o"), ours],
            );
        });
        (mine, time(|| crossrole("generate", spec, &theirs)))
    });
    report("generate with a pack of one's own", "with the built-in pack", &runs);
    remove(&theirs);
    remove(&pack);
    remove(ours);
    crossrole("generate", spec, ours);
}

/// An update to other templates of a tree in which people edited one file in a hundred, beside a plain
/// run of `generate` into nothing.
fn measure_update(spec: &Path, ours: &Path, targets: usize) {
    let pack = ours.with_file_name("pack");
    crossrole_with(&["-q", "templates", "eject"], &[&pack]);
    replace(&pack.join("pack.yaml"), "\nversion: 1\n", "\nversion: 2\n");
    replace(
        &pack.join("partials/workload-provider.tf.tera"),
        "provider \"aws\" {",
        "# Which account this is.\nprovider \"aws\" {",
    );
    let fresh = ours.with_file_name("fresh");
    let runs = pairs(|| {
        remove(ours);
        remove(&fresh);
        crossrole("generate", spec, ours);
        for number in (0..targets).step_by(8) {
            // Twelve files an account: one in a hundred is one in eight accounts.
            let file = format!("accounts/team-{number:05}/workload/providers.tf");
            replace(&ours.join(file), "session_name = \"terraform\"", "session_name = \"by-hand\"");
        }
        let update = time(|| {
            crossrole_with(&["-q", "update", "--templates"], &[&pack, Path::new("--spec"), spec, ours]);
        });
        (update, time(|| crossrole("generate", spec, &fresh)))
    });
    report("update of a tree with 1 % edited files", "generate", &runs);
    remove(&fresh);
    remove(&pack);
    remove(ours);
    crossrole("generate", spec, ours);
}

fn replace(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("a file is read");
    assert!(text.contains(from), "`{from}` is not in {}", path.display());
    fs::write(path, text.replace(from, to)).expect("a file is written");
}

fn crossrole(verb: &str, spec: &Path, out: &Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_crossrole"))
        .args(["-q", verb, "-f"])
        .arg(spec)
        .arg("-o")
        .arg(out)
        .status()
        .expect("the program runs");
    assert!(status.success(), "`crossrole {verb}` failed");
}

fn crossrole_with(arguments: &[&str], paths: &[&Path]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crossrole"));
    let status = command.args(arguments).args(paths).status().expect("the program runs");
    assert!(status.success(), "`crossrole {}` failed", arguments.join(" "));
}

fn write_plainly(folder: &Path, files: &Files) {
    std::thread::scope(|scope| {
        for half in files.chunks(files.len() / 2 + 1) {
            scope.spawn(move || {
                let mut last = PathBuf::new();
                for (path, bytes) in half {
                    let path = folder.join(path);
                    let parent = path.parent().expect("a file has a folder");
                    if parent != last {
                        fs::create_dir_all(parent).expect("folders are made");
                        parent.clone_into(&mut last);
                    }
                    fs::write(&path, bytes).expect("a file is written");
                }
            });
        }
    });
}

/// The resident set at its largest, where the system's `time` can tell.
fn peak_memory(spec: &Path, out: &Path) -> String {
    remove(out);
    let program = env!("CARGO_BIN_EXE_crossrole");
    let run = Command::new("/usr/bin/time")
        .args(["-f", "%M", program, "-q", "generate", "-f"])
        .arg(spec)
        .arg("-o")
        .arg(out)
        .output();
    match run {
        Ok(run) if run.status.success() => {
            let kilobytes = String::from_utf8_lossy(&run.stderr).trim().parse::<u64>().unwrap_or_default();
            format!("{} MB", kilobytes / 1000)
        }
        _ => "unknown: there is no /usr/bin/time".to_owned(),
    }
}

/// A spec with what accounts usually differ in.
fn spec_of(targets: usize) -> String {
    let mut text = String::from(
        r#"version: 1
source:
  name: management
  account_id: "111111111111"
  organization_id: o-a1b2c3d4e5
  callers:
    - {kind: iam_user, name: terraform, mfa: true}
    - {kind: role, name: ci/deployer}
terraform:
  backend: {type: s3, bucket: acme-terraform-state, region: us-east-1}
defaults:
  region: us-east-1
  role:
    policy_arns: [arn:aws:iam::aws:policy/PowerUserAccess]
    tags: {owner: platform}
targets:
"#,
    );
    for number in 0..targets {
        _ = write!(
            text,
            "  - name: team-{number:05}\n    account_id: \"{:012}\"\n    region: eu-west-1\n    role:\n      external_id: 7f0c2b1e-5d0e-4f43-9d5c-{number:012}\n",
            200_000_000_000 + number * 7919
        );
    }
    text
}
