//! Commands that read: they write nothing, start nothing, and ask nobody. The kernel is the witness.

use std::fs;
use std::process::Command;

use crate::oracle::oracle;
use crate::support::{Case, SPEC, commit_all, program};

/// Every command that only reads, as people call it.
const READING: &[&[&str]] = &[
    &["check"],
    &["check", "--diff", "--format", "json"],
    &["check", "--format", "sarif"],
    &["generate", "--dry-run", "--diff"],
    &["list"],
    &["list", "--format", "json"],
    &["lint"],
    &["lint", "accounts"],
    &["lint", "--format", "sarif", "accounts"],
    &["explain"],
    &[
        "explain",
        "--policy",
        "accounts/staging/bootstrap/trust-policy.json",
        "--role",
        "arn:aws:iam::222222222222:role/x",
        "--principal",
        "arn:aws:iam::111111111111:root",
    ],
    &["fmt", "--check", "--recursive", "."],
    &["fmt", "--list=true", "--write=false", "--recursive", "accounts"],
    &["schema"],
    &["templates", "list"],
    &["merge", "a.tf", "a.tf", "a.tf"],
];

/// What changes a file system, or starts a program.
const TRACED: &str = "execve,execveat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,truncate,ftruncate,chmod,fchmod,fchmodat,chown,fchown,fchownat,creat,open,openat,openat2,connect,bind";

#[test]
fn commands_that_read_write_nothing_and_start_nothing() {
    let Some(strace) = oracle("strace") else { return };
    let case = Case::generated(SPEC);
    case.write("a.tf", "locals {\n  a = 1\n}\n");
    case.edit(super::PROVIDERS, "session_name = \"terraform\"", "session_name = \"mine\"");
    commit_all(case.root());
    let before = case.files();
    let mut seen = 0;
    for arguments in READING {
        let log = case.state_home().join("log");
        fs::create_dir_all(case.state_home()).expect("folders can be made");
        let mut command = Command::new(&strace);
        command.args(["-f", "-qq", "-e", &format!("trace={TRACED}"), "-o"]).arg(&log).arg(program());
        command
            .args(*arguments)
            .current_dir(case.root())
            .env("XDG_STATE_HOME", case.state_home().join("state"));
        let output = command.output().expect("strace can be started");
        let calls = fs::read_to_string(&log).expect("it is there");
        // The first call starts the program itself.
        let odd: Vec<&str> = calls.lines().skip(1).filter(|call| is_odd(call)).collect();
        assert!(odd.is_empty(), "{arguments:?}: {odd:#?}\n{}", String::from_utf8_lossy(&output.stderr));
        seen += calls.lines().filter(|call| call.contains("crossrole.yaml")).count();
    }
    assert!(seen >= 8, "the witness has seen only {seen} calls about the spec");
    assert_eq!(case.files(), before);
    assert!(!case.state_home().join("state").exists());
}

/// Whether a call changes something: any of these but opening for reading.
fn is_odd(call: &str) -> bool {
    // `1234 openat(…`; what a thread was at when the process ended has no name any more.
    let name = call.split_once('(').and_then(|(before, _)| before.split_whitespace().last());
    let Some(name) = name.filter(|name| TRACED.split(',').any(|traced| traced == *name)) else {
        return false;
    };
    let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| call.contains(flag));
    // Some systems make temporary memory this way.
    let is_device = call.contains("\"/dev/");
    !is_device && (!name.starts_with("open") || writes)
}

#[test]
fn the_witness_knows_what_is_odd() {
    for (call, odd) in [
        ("7 openat(AT_FDCWD, \"a\", O_RDONLY|O_CLOEXEC) = 3", false),
        ("7 openat2(3, \"a\", {flags=O_WRONLY|O_CREAT|O_EXCL, mode=0666}, 24) = 4", true),
        ("7 execve(\"/usr/bin/git\", [\"git\"], 0x7f) = 0", true),
        ("7 unlinkat(3, \"a\", 0 <unfinished ...>", true),
        ("7 <... openat resumed>) = 3", false),
        ("7 ???( <unfinished ...>", false),
        ("7 +++ exited with 0 +++", false),
    ] {
        assert_eq!(is_odd(call), odd, "{call}");
    }
}
