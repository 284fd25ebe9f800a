//! Running another program to its end, or to the user's Ctrl-C.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::thread::{JoinHandle, sleep};
use std::time::{Duration, Instant};

/// How often a child is looked after.
const GLANCE: Duration = Duration::from_millis(10);
/// How long a child may take to end once it was asked to: Terraform finishes what it is building.
const GRACE: Duration = Duration::from_mins(1);

/// What a program printed, and whether it succeeded.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) is_success: bool,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

/// Why there is nothing to judge.
#[derive(Debug)]
pub(super) enum Stopped {
    /// The user wants the run to end.
    Interrupted,
    /// The program could not be run.
    Failed(String),
}

/// Runs a program without a terminal. It is in a group of its own, so that Ctrl-C reaches it once, from here: Terraform
/// takes a second one for an order to drop everything.
pub(super) fn run(command: &mut Command, is_stopped: &(dyn Fn() -> bool + Sync)) -> Result<Ran, Stopped> {
    if is_stopped() {
        return Err(Stopped::Interrupted);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |error: io::Error| Stopped::Failed(format!("cannot run `{program}`: {error}"));
    let mut child = command.spawn().map_err(failed)?;
    let (stdout, stderr) = (reader(child.stdout.take()), reader(child.stderr.take()));
    let is_success = wait(&mut child, is_stopped).map_err(failed)?;
    let text = |reader: JoinHandle<Vec<u8>>| {
        String::from_utf8_lossy(&reader.join().unwrap_or_default()).into_owned()
    };
    if is_stopped() {
        return Err(Stopped::Interrupted);
    }
    Ok(Ran { is_success, stdout: text(stdout), stderr: text(stderr) })
}

/// Reads all that a child prints, while it runs.
fn reader(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read until an error is what there is.
        _ = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        bytes
    })
}

/// Waits for the end of a child, which is asked for when the user asks for ours.
fn wait(child: &mut Child, is_stopped: &(dyn Fn() -> bool + Sync)) -> io::Result<bool> {
    let mut asked: Option<Instant> = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        match asked {
            None if is_stopped() => {
                ask_to_end(child);
                asked = Some(Instant::now());
            }
            Some(since) if since.elapsed() > GRACE => child.kill()?,
            _ => {}
        }
        sleep(GLANCE);
    }
}

#[cfg(unix)]
fn ask_to_end(child: &mut Child) {
    let pid = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    // One that has ended already is as good.
    _ = pid.map(|pid| rustix::process::kill_process(pid, rustix::process::Signal::INT));
}

#[cfg(not(unix))]
fn ask_to_end(child: &mut Child) {
    _ = child.kill();
}
