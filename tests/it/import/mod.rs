//! `crossrole import`: what others wrote becomes a spec that generates, and nothing is invented.

mod certain;
mod choices;
mod lists;
mod organizations;
pub(crate) mod terraform;
mod variables;
