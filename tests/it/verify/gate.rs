//! A gate before the stand-in for AWS: an independent evaluator decides who passes.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::oracle::oracle;
use crate::support::repository;

/// The gate, which is shut when it is dropped.
pub(super) struct Gate {
    node: Child,
    port: u16,
}

impl Gate {
    /// A gate before an address, if the tools for one are there.
    pub(super) fn before(address: &str) -> Option<Self> {
        let (node, evaluator) = (oracle("node")?, oracle("iam-simulate")?);
        let mut command = Command::new(node);
        command.arg(repository("tests/it/verify/gate.mjs")).arg(evaluator).arg(address);
        let mut node = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("node starts");
        let mut line = String::new();
        let stdout = node.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("the gate says its port");
        Some(Self { node, port: line.trim().parse().expect("a port") })
    }

    /// The endpoint of every service.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        drop(self.node.stdin.take());
        _ = self.node.wait();
    }
}
