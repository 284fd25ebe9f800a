//! Pipelines: which roots are run, by which part, and in which order.

mod since;
