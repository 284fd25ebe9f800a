//! `crossrole import`: what others wrote becomes a spec that generates, and nothing is invented.

mod callers;
mod certain;
mod choices;
mod lists;
mod organizations;
pub(crate) mod terraform;
mod variables;
