//! What benches of the whole program share: a folder to work in, runs in turn, and plain reading beside them.

#![expect(clippy::print_stdout, reason = "what is measured is printed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const RUNS: usize = 5;

/// Paths with what stands in them.
pub type Files = Vec<(PathBuf, Vec<u8>)>;

/// A folder of our own: below `BENCH_DIR`, or in memory where there is such a file system.
pub fn work_folder() -> PathBuf {
    let base = std::env::var_os("BENCH_DIR").map_or_else(memory_folder, PathBuf::from);
    base.join(format!("crossrole-bench-{}", std::process::id()))
}

fn memory_folder() -> PathBuf {
    let shared = PathBuf::from("/dev/shm");
    if shared.is_dir() { shared } else { std::env::temp_dir() }
}

/// Ours and theirs in turn, so that a machine that slows down slows both.
pub fn pairs(mut run: impl FnMut() -> (Duration, Duration)) -> Vec<(Duration, Duration)> {
    run();
    (0..RUNS).map(|_| run()).collect()
}

/// Prints the medians of both, and of their ratio; the first of them is the answer, in milliseconds.
pub fn report(ours: &str, theirs: &str, runs: &[(Duration, Duration)]) -> f64 {
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let milliseconds = |duration: &Duration| duration.as_secs_f64() * 1000.0;
    let mine = median(runs.iter().map(|(mine, _)| milliseconds(mine)).collect());
    let plain = median(runs.iter().map(|(_, plain)| milliseconds(plain)).collect());
    let ratio = median(runs.iter().map(|(mine, plain)| mine.as_secs_f64() / plain.as_secs_f64()).collect());
    println!(
        "  {ours}: {mine:.1} ms; {theirs}: {plain:.1} ms; ratio {ratio:.2}, difference {:.1} ms",
        mine - plain
    );
    mine
}

/// How long something takes.
pub fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Two threads that read files, and do nothing with them.
pub fn read_plainly(folder: &Path, files: &Files) {
    std::thread::scope(|scope| {
        for half in files.chunks(files.len() / 2 + 1) {
            scope.spawn(move || {
                for (path, bytes) in half {
                    let read = fs::read(folder.join(path)).expect("a file is read");
                    assert_eq!(read.len(), bytes.len());
                }
            });
        }
    });
}

/// Every file below a folder.
pub fn read_all(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(&next).expect("a folder is listed") {
            let path = entry.expect("an entry is read").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let inside = path.strip_prefix(folder).expect("a path inside").to_owned();
                files.push((inside, fs::read(&path).expect("a file is read")));
            }
        }
    }
    files.sort();
    files
}

/// Removes a folder, if it is there.
pub fn remove(folder: &Path) {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("a folder is removed");
    }
}
