//! Who can assume what, and why: as tables for people, as JSON for machines.

mod entry;
mod matrix;
mod principal;
mod request;
mod terraform;
mod token;
mod words;

pub use entry::{EntryAnswer, entries_json, entries_text};
pub use matrix::{Answers, Tables, matrices_json, matrices_text};
pub use principal::{RoleAnswer, principal_json, principal_text};
pub use request::{AlsoAsked, verdict_json, verdict_text};
pub use terraform::{roles_json, roles_text};
pub use token::{TokenRemarks, token_json, token_text};
