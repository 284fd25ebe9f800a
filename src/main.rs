//! The program: its arguments in, its exit code out.

use std::process::ExitCode;

/// Rendering makes and drops many small texts on several threads, which takes the system's allocator
/// a quarter of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(crossrole::run(std::env::args_os()))
}
