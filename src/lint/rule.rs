//! A rule of the catalogue, as people read about it.

use std::fmt::Write as _;

use crate::diagnostic::Level;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A spec, `crossrole.yaml`.
    Spec,
    /// An IAM policy, in a file of its own or wherever one stands.
    Policy,
    /// Terraform.
    Terraform,
}

impl Subject {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spec => "spec",
            Self::Policy => "policy",
            Self::Terraform => "Terraform",
        }
    }
}

/// A rule of the catalogue: everything about it but the code that looks for it.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its id, `CR011`: never changed, never given to another.
    pub id: &'static str,
    /// Its name, `account-root-principal`: what people call it, in lower case and with hyphens.
    pub name: &'static str,
    /// How serious a finding is.
    pub level: Level,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// Why that matters.
    pub rationale: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// Where the facts come from.
    pub source: &'static str,
    /// What other tools call it: the tool and its own id.
    pub see: &'static [(&'static str, &'static str)],
    /// What it looks at.
    pub on: &'static [Subject],
}

impl Rule {
    /// The page that `--explain` prints.
    #[must_use]
    pub fn explanation(&self) -> String {
        let Self { id, name, level, title, rationale, fix, source, .. } = self;
        let looks: Vec<&str> = self.on.iter().map(|subject| subject.as_str()).collect();
        let mut page = format!(
            "{id} {name} ({}): {title}\n\nLooks at: {}\n\n{rationale}\n\nFix: {fix}\n\nSource: {source}\n",
            level.as_str(),
            looks.join(", "),
        );
        if !self.see.is_empty() {
            let see: Vec<String> = self.see.iter().map(|(tool, id)| format!("{tool} {id}")).collect();
            _ = write!(page, "\nSee also: {}\n", see.join(", "));
        }
        page
    }
}
