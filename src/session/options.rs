//! What a run is to do, as its command asks for it.

use crate::reconcile::OnConflict;

/// What a run is to do, beyond bringing everything to what the spec says.
#[derive(Debug, Clone)]
pub struct Options {
    /// The targets to look at, by name; none is everything.
    pub only: Vec<String>,
    /// Whether A is looked at, too, where only some targets are.
    pub looks_at_source: bool,
    /// Files and folders that a person deleted and wants back.
    pub restore: Vec<String>,
    /// What to do where edits and what is new do not go together.
    pub on_conflict: OnConflict,
    /// Whether files that are nobody's to edit are taken back.
    pub force: bool,
    /// What to do about a tree that other templates made.
    pub other_templates: OtherTemplates,
    /// Whether to look for Terraform of people's own in the folders of every unit.
    pub looks_for_foreign: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            only: Vec::new(),
            looks_at_source: false,
            restore: Vec::new(),
            on_conflict: OnConflict::Abort,
            force: false,
            other_templates: OtherTemplates::Compared,
            looks_for_foreign: false,
        }
    }
}

/// What to do about a tree that other templates made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherTemplates {
    /// It is compared with these.
    Compared,
    /// It is left to `update`.
    Refused,
    /// It goes to these, unless they are older ones, or nobody named those that made it.
    Upgraded,
}
