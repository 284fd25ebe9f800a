//! How many generated cases the laws are tried with.
//!
//! Few unless told otherwise, so that `cargo test` soon says what is wrong; all of them with `CASES=full`, and in CI. What
//! takes minutes with other programs waits for `CASES=all`.
//! What a law must at least have seen shrinks with its cases.

use std::env;

use crate::oracle::is_ci;

/// One case out of so many is tried by default.
const FEW: u64 = 8;

/// How many cases are tried, out of the full number.
pub(crate) fn scaled<N: TryFrom<u64>>(full: u64) -> N {
    part(full, FEW)
}

/// How often something must at least have been seen, out of how often it must be in all cases. Few cases stray further
/// from what is usual than many.
pub(crate) fn least<N: TryFrom<u64>>(full: u64) -> N {
    part(full, 2 * FEW)
}

fn part<N: TryFrom<u64>>(full: u64, divisor: u64) -> N {
    let number = if is_full() { full } else { full / divisor };
    N::try_from(number).ok().expect("counts are small")
}

/// Whether there is time for fleets that other programs work at for minutes.
pub(crate) fn has_all_the_time() -> bool {
    env::var("CASES").is_ok_and(|cases| cases == "all")
}

fn is_full() -> bool {
    match env::var("CASES").as_deref() {
        Ok("full" | "all") => true,
        Ok("few") => false,
        Ok(other) => panic!("CASES is `few`, `full` or `all`, not `{other}`"),
        Err(_) => is_ci(),
    }
}
