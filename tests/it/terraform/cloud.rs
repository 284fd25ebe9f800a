//! A stand-in for AWS on loopback: moto's server, on a port and with a memory of its own.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use assert_fs::TempDir;

use super::account::Account;

/// The server is started by a shell that ends it once nobody holds the other end of the shell's stdin:
/// so it ends with the test, whether that passes, panics or is killed.
const SHELL: &str = r#"
trap '' INT TERM
"$1" -H 127.0.0.1 -p 0 </dev/null >"$2" 2>&1 &
read -r _
kill "$!"
wait
"#;

/// What the server says when it listens, before the port.
const LISTENS: &str = "Running on http://127.0.0.1:";

/// All accounts.
pub(super) struct Cloud {
    shell: Child,
    port: u16,
    log: TempDir,
}

impl Cloud {
    /// An AWS in which nobody has anything yet.
    pub(super) fn start(moto: &Path) -> Self {
        let log = TempDir::new().expect("a temporary folder");
        let mut command = Command::new("sh");
        command.args(["-c", SHELL, "sh"]).arg(moto).arg(log.path().join("moto.log")).stdin(Stdio::piped());
        // Policies of AWS's own can be attached, and a bucket answers to its own account alone.
        command
            .env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
            .env("MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS", "false");
        command.env_remove("MOTO_ACCOUNT_ID").env_remove("MOTO_PORT");
        let shell = command.spawn().expect("a shell can be started");
        let mut cloud = Self { shell, port: 0, log };
        cloud.port = cloud.wait_for_port();
        cloud
    }

    fn wait_for_port(&self) -> u16 {
        let patience = Instant::now() + Duration::from_mins(1);
        loop {
            let log = self.log();
            let port = log.split_once(LISTENS).and_then(|(_, rest)| rest.split_once('\n'));
            if let Some((port, _)) = port {
                return port.trim().parse().expect("a port after the address");
            }
            assert!(Instant::now() < patience, "moto_server did not start:\n{log}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// What the server has said.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.log.path().join("moto.log")).unwrap_or_default()
    }

    /// The endpoint of every service.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// One account, as somebody sees it who may do everything there.
    pub(super) fn account<'c>(&'c self, id: &'c str) -> Account<'c> {
        Account { cloud: self, id }
    }

    /// One request, and the answer's body.
    #[track_caller]
    pub(super) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("moto_server answers");
        let length = body.len();
        // The older version of HTTP, so that the body comes in one piece.
        let request = format!(
            "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).expect("moto_server listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("moto_server answers in text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
        let status = head.lines().next().unwrap_or_default();
        assert!(status.contains(" 200 "), "{method} {path} {request}\n{status}\n{body}");
        body.to_owned()
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        _ = self.shell.wait();
    }
}
