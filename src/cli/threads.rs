//! How many threads work: as many as are asked for, or one where the system gives no more.

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::diagnostic::{Error, Kind};

/// As much as the first thread of a process has nearly everywhere.
pub(super) const STACK: usize = 8 << 20;

/// The threads of a run. One that may have none but its own does everything in that.
pub(super) fn pool(jobs: Option<u16>) -> Result<ThreadPool, Error> {
    let pool = |threads| ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK);
    // Zero stands for one per processor.
    let wanted = pool(jobs.map_or(0, usize::from)).build();
    wanted.or_else(|_| pool(1).use_current_thread().build()).map_err(|error| {
        let help = "the system refused to start a thread: raise the process limit (`ulimit -u`)";
        Error::one(Kind::Io, format!("cannot start a thread: {error}"), help)
    })
}
