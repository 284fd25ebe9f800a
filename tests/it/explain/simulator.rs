//! An independent evaluator of IAM policies: the npm package `@cloud-copilot/iam-simulate`, run by `node`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::oracle::oracle;
use crate::support::repository;

/// The decisions of the other evaluator, in one run of it.
pub(crate) fn simulated(simulator: &mut Command, lines: &[String]) -> Vec<String> {
    let mut child =
        simulator.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the simulator starts");
    let mut input = child.stdin.take().expect("a pipe");
    let lines = lines.join("\n") + "\n";
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("the simulator ends");
    writer.join().expect("a thread ends").expect("the simulator reads everything");
    assert!(output.status.success(), "the simulator fails");
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

/// The other evaluator, if it is there.
pub(crate) fn simulator() -> Option<Command> {
    let (node, folder) = (oracle("node")?, oracle("iam-simulate")?);
    let mut command = Command::new(node);
    command.arg(repository("tests/it/explain/simulate.mjs")).arg(folder);
    Some(command)
}
