//! `crossrole init`: what it writes is what a person would, and what `generate` takes.

mod batch;
#[cfg(unix)]
mod callers;
#[cfg(unix)]
mod choices;
mod combinations;
#[cfg(unix)]
mod dialogue;
#[cfg(unix)]
mod pasted;
#[cfg(unix)]
mod prompts;
#[cfg(unix)]
mod screen;
#[cfg(unix)]
mod talk;
mod written;
