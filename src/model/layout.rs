//! Where the roots lie that build in targets: one per account, or one for all.

use super::{Fleet, TargetName, words};

words! {
    /// How many roots build in the targets.
    pub enum Layout: "a layout" {
        /// A root per account, `accounts/<target>/workload`, with a state of its own.
        Roots = "roots",
        /// One root, `workload`, with an aliased provider per account, and one state.
        Single = "single",
    }
}

impl Layout {
    /// The root that builds in a target.
    #[must_use]
    pub fn workload_root(self, target: &TargetName) -> String {
        match self {
            Self::Roots => format!("accounts/{target}/workload"),
            Self::Single => SINGLE_ROOT.to_owned(),
        }
    }
}

/// The one root of [`Layout::Single`].
pub const SINGLE_ROOT: &str = "workload";

impl Fleet {
    /// Whether one root builds in all targets.
    #[must_use]
    pub fn has_single_root(&self) -> bool {
        self.terraform.layout == Layout::Single
    }
}

impl TargetName {
    /// The name as one in Terraform, which begins with no digit. No two targets have the same; and as no target's name
    /// holds a `_`, none has that of another with something behind a `_`.
    #[must_use]
    pub fn label(&self) -> String {
        let name = self.as_str();
        if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name.to_owned() }
    }
}
