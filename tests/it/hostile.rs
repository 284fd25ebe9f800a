//! No input makes the program panic, hang or eat the machine: it says what is wrong, and ends.

use std::fs;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use rayon::prelude::*;

use crate::support::{SPEC, program, temporary};

/// How long a run may take before it counts as hanging: far longer than any needs.
const PATIENCE: Duration = Duration::from_secs(20);
/// Resident memory, in KiB, that no refusal needs beyond what the input itself makes necessary.
const MOST_MEMORY: u64 = 100 << 10;

const HEAD: &str = "version: 1\nsource: {account_id: \"111111111111\"}\n";

fn many(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// Inputs that are refused, by what they are.
fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let bomb = many(9, |n| match n {
        0 => "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(),
        n => format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", ")),
    });
    let long = "x".repeat(100_000);
    let target = "targets:\n  - name: staging\n    account_id: \"222222222222\"\n";
    let texts: Vec<(&str, String)> = vec![
        ("an alias bomb", bomb.clone()),
        (
            "an alias bomb of merge keys",
            bomb.replace("[x, x", "[{k: v}, {k: v}").replace("&a8 [", "&a8 {<<: [") + "}",
        ),
        (
            "20,000 aliases of 100 KB",
            format!("d: &d {long}\n{HEAD}targets: [{}]\n", vec!["*d"; 20_000].join(",")),
        ),
        ("600 aliases of 100 KB", format!("d: &d {long}\n{HEAD}targets: [{}]\n", vec!["*d"; 600].join(","))),
        ("an alias inside itself", "a: &a [*a]\n".to_owned()),
        ("lists 100,000 deep", "[".repeat(100_000)),
        ("mappings 100,000 deep", "{a: ".repeat(100_000)),
        ("dashes 100,000 deep", "- ".repeat(100_000)),
        ("questions 100,000 deep", "? ".repeat(100_000)),
        ("blocks 2,000 deep", many(2000, |n| format!("{}a:\n", " ".repeat(n)))),
        ("a key of 10 MB", format!("{SPEC}{}: 1\n", "k".repeat(10_000_000))),
        ("a value of 10 MB", format!("{SPEC}    region: {}\n", "v".repeat(10_000_000))),
        ("a million quotes", "\"".repeat(1_000_001)),
        ("a million anchors in a row", "&a ".repeat(1_000_000)),
        ("a million tags in a row", "!a ".repeat(1_000_000)),
        ("a million percent signs", "%a\n".repeat(1_000_000)),
        ("a million documents", "---\n".repeat(1_000_000)),
        ("a million open quotes in a list", "[\"a".repeat(1_000_000)),
        ("a key twice, 200,000 times", format!("{SPEC}{}", "a: 1\n".repeat(200_000))),
        ("300,000 unknown keys", format!("{SPEC}{}", many(300_000, |n| format!("key{n}: 1\n")))),
        ("300,000 anchors", format!("{}{SPEC}", many(300_000, |n| format!("k{n}: &a{n} x\n")))),
        (
            "50,000 account ids without quotes",
            format!(
                "{HEAD}targets:\n{}",
                many(50_000, |n| format!("  - {{name: a{n}, account_id: 2{n:011}}}\n"))
            ),
        ),
        (
            "300,000 tags",
            format!(
                "{HEAD}{target}    role:\n      tags:\n{}",
                many(300_000, |n| format!("        key-{n}: v\n"))
            ),
        ),
        (
            "a merge key of 100,000 keys",
            format!("base: &b\n{}{HEAD}targets:\n  - <<: *b\n", many(100_000, |n| format!("  key{n}: 1\n"))),
        ),
        (
            "80 merge keys of 20,000 keys",
            format!(
                "base: &b\n{}{HEAD}targets:\n  - <<: [{}]\n",
                many(20_000, |n| format!("  key{n}: 1\n")),
                vec!["*b"; 80].join(",")
            ),
        ),
        (
            "50,000 transitive tags",
            format!(
                "{HEAD}{target}    session:\n      transitive_tag_keys:\n{}",
                many(50_000, |n| format!("        - key{n}\n"))
            ),
        ),
        ("a NUL", format!("{SPEC}    region: \"a\\0b\"\n")),
        ("a raw NUL", format!("{SPEC}    region: a\0b\n")),
        ("a lone surrogate", format!("{SPEC}    region: \"\\ud800\"\n")),
        ("a number beyond Unicode", format!("{SPEC}    region: \"\\Uffffffff\"\n")),
        ("an unknown escape", format!("{SPEC}    region: \"\\q\"\n")),
        (
            "a version that overflows",
            SPEC.replace("version: 1", &format!("version: {}", "9".repeat(100_000))),
        ),
        ("an unknown YAML version", format!("%YAML 9.9\n---\n{SPEC}")),
        ("only a byte-order mark", "\u{feff}".to_owned()),
        ("only blanks", " \n".repeat(100_000)),
        ("only tabs", "\t".repeat(100_000)),
        ("only carriage returns", "\r".repeat(100_000)),
        (
            "a policy file that is a device",
            format!("{SPEC}    role: {{inline_policies: {{p: /dev/zero}}}}\n"),
        ),
        (
            "a policy file that is endless",
            format!("{SPEC}    role: {{inline_policies: {{p: /proc/self/mem}}}}\n"),
        ),
        ("templates that are a device", format!("{SPEC}templates: /dev/zero\n")),
        ("a file name with NUL", format!("{SPEC}    role: {{inline_policies: {{p: \"a\\0b\"}}}}\n")),
    ];
    let mut inputs: Vec<_> = texts.into_iter().map(|(what, text)| (what, text.into_bytes())).collect();
    inputs.push(("UTF-16", SPEC.encode_utf16().flat_map(u16::to_le_bytes).collect()));
    inputs.push(("all bytes", (0..=255).cycle().take(100_000).collect()));
    inputs.push(("zeros", vec![0; 10_000_000]));
    inputs.push(("a cut-off character", [SPEC.as_bytes(), b"    region: \xe2\x82"].concat()));
    inputs
}

/// The end of a watched run.
struct End {
    status: ExitStatus,
    stderr: String,
    /// The most that was resident, in KiB, as far as could be seen.
    memory: u64,
}

/// Runs the program on an input; `Err` when it had to be ended.
fn watch(input: &[u8]) -> Result<End, String> {
    let folder = temporary();
    fs::write(folder.path().join("crossrole.yaml"), input).expect("files can be written");
    let stderr = folder.path().join("stderr.txt");
    let mut child = Command::new(program())
        .current_dir(folder.path())
        .env("XDG_STATE_HOME", folder.path().join("state"))
        .args(["generate", "--out", "out"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&stderr).expect("files can be made"))
        .spawn()
        .expect("the program can be started");
    let (mut memory, mut waited) = (0, Duration::ZERO);
    let pause = Duration::from_millis(2);
    let status = loop {
        memory = memory.max(resident(child.id()));
        if let Some(status) = child.try_wait().expect("a child can be asked") {
            break status;
        }
        if waited > PATIENCE {
            _ = child.kill();
            _ = child.wait();
            return Err(format!("still at work, with {memory} KiB"));
        }
        std::thread::sleep(pause);
        waited += pause;
    };
    let text = fs::read(&stderr).expect("it was written");
    let wrote = folder.path().join("out").exists();
    if wrote {
        return Err("something was written".to_owned());
    }
    Ok(End { status, stderr: String::from_utf8_lossy(&text).into_owned(), memory })
}

/// The most that a process had in memory so far, in KiB; 0 where the system does not say.
fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

#[test]
fn no_input_panics_hangs_or_eats_the_machine() {
    let inputs = inputs();
    assert!(inputs.len() >= 40);
    let complaints: Vec<String> =
        inputs.par_iter().filter_map(|(what, input)| complaint(what, input)).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn complaint(what: &str, input: &[u8]) -> Option<String> {
    let End { status, stderr, memory } = match watch(input) {
        Ok(end) => end,
        Err(why) => return Some(format!("{what}: {why}")),
    };
    if status.code() != Some(1) || stderr.contains("panicked") || !stderr.contains("error") {
        return Some(format!("{what}: {status}: {stderr:.300}"));
    }
    // A tree of located values takes some multiple of its text.
    let most = MOST_MEMORY + 64 * (input.len() as u64 >> 10);
    (memory > most).then(|| format!("{what}: {memory} KiB for {} bytes", input.len()))
}

/// Somebody who has waited long enough can end it, whatever it is at.
#[test]
fn a_signal_ends_it_while_it_reads() {
    let folder = temporary();
    let spec = format!(
        "{HEAD}targets:\n{}",
        many(200_000, |n| format!("  - {{name: a{n}, account_id: 2{n:011}, x: 1}}\n"))
    );
    fs::write(folder.path().join("crossrole.yaml"), spec).expect("files can be written");
    let mut child = Command::new(program())
        .current_dir(folder.path())
        .env("XDG_STATE_HOME", folder.path().join("state"))
        .args(["generate", "--out", "out"])
        .stderr(Stdio::null())
        .spawn()
        .expect("the program can be started");
    std::thread::sleep(Duration::from_millis(300));
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(sent.is_ok());
    let pause = Duration::from_millis(5);
    let ended = (0..400).find_map(|_| {
        std::thread::sleep(pause);
        child.try_wait().expect("a child can be asked")
    });
    _ = child.kill();
    _ = child.wait();
    assert!(ended.is_some(), "two seconds after SIGTERM it is still at work");
}
