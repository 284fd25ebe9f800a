//! Pipelines: which roots are run, by which part, in which order, and by which engine.

mod engines;
mod gitlab;
mod run;
mod since;
mod spec;
