//! `crossrole init`: what it writes is what a person would, and what `generate` takes.

mod batch;
mod written;
