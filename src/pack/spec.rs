//! The manifest of a pack as it is written: its keys, and the words that they take.

use schemars::JsonSchema;

use crate::model::words;
use crate::output::Holds;
use crate::yaml::{Data, Decode, Decoder, Located, View, record};

record! {
    /// `pack.yaml`, as written.
    pub struct ManifestSpec {
        /// What the pack is called in records.
        pub id: String,
        /// Its version; a change of the output is a new version.
        pub version: u32,
        /// The files, in the order a reader meets them.
        pub files: Vec<Located<EntrySpec>>,
    }
}

record! {
    /// One file of the manifest, as written.
    pub struct EntrySpec {
        /// The template.
        pub template: String,
        /// The document that the file is, in place of a template.
        pub document: Holds,
        /// Where the output goes: text and names in braces.
        pub path: String,
        /// What it is known by in records.
        pub id: String,
        /// The unit of a file that is written once.
        pub unit: UnitWord,
        /// What it is written for each of.
        pub for_each: Each,
        /// What has to hold for the file to be written.
        pub when: Conditions,
        /// What later runs may do with it.
        pub mode: ModeWord,
    }
}

/// Conditions: one, or a list of which all have to hold.
#[derive(Debug, Clone, JsonSchema)]
pub struct Conditions(pub Vec<Located<String>>);

impl Decode for Conditions {
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self> {
        if matches!(view.node.data, Data::Sequence(_)) {
            return Decode::decode(cx, view).map(Self);
        }
        let value = String::decode(cx, view)?;
        Some(Self(vec![Located { value, at: view.node.at, inherited: false }]))
    }
}

words! {
    /// What a template is written for each of.
    pub enum Each: "a thing to write a file for each of" {
        /// Nothing: once.
        Once = "once",
        /// Every target.
        Target = "target",
        /// Every role of every target.
        Role = "role",
        /// Every inline policy of every role.
        InlinePolicy = "inline_policy",
        /// Every identity policy of the callers.
        AssumePolicy = "assume_policy",
        /// Every caller.
        Caller = "caller",
    }
}

words! {
    /// The unit of a file that is written once.
    pub enum UnitWord: "a unit" {
        /// Files that belong to no account.
        Shared = "shared",
        /// Files of Account A.
        Source = "source",
    }
}

words! {
    /// What later runs may do with a file.
    pub enum ModeWord: "a mode" {
        /// Keep edits.
        Merge = "merge",
        /// Ours alone.
        Managed = "managed",
        /// Written if absent.
        Once = "once",
    }
}
