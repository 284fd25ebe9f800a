//! The program: its arguments in, its exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(crossrole::cli::run(std::env::args_os()))
}
