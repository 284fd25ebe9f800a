//! `explain`: the evaluator against AWS's documentation and an independent one, and the command.

mod bounds;
mod case;
mod command;
mod differential;
mod kinds;
mod known;
mod laws;
mod pairs;
mod random;
mod simulator;
mod vectors;
