//! Merges of Terraform files with hidden identities: three sides at work on comments, lists, blocks and names
//! at once, judged by a reader that knows nothing of merging, and beside git.

mod document;
mod edits;
mod json;
mod judge;
mod laws;
mod names;
mod names_in_json;
mod page;
mod random;

use crossrole::merge::{self, Labels, Merged, Resolution, Style};
use crossrole::output::FileKind;
use crossrole::sides::Sides;

use self::document::Item;
use self::edits::{Editor, Family};
use self::judge::{Facts, Names};
use self::random::Random;

/// Three texts, and what was renamed in them.
struct Triple {
    base: String,
    ours: String,
    theirs: String,
    names: Names,
}

/// What became of a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Right,
    Conflict,
    Wrong,
}

impl Triple {
    /// Up to three edits on each side, each of one of these families.
    fn random(seed: u64, families: &[Family]) -> Self {
        Self::of(document::document, seed, families)
    }

    /// The same for files of another kind.
    fn of(document: fn(&mut Random) -> Vec<Item>, seed: u64, families: &[Family]) -> Self {
        let mut random = Random::new(seed);
        let base = document(&mut random);
        let mut names = Names::new();
        let mut side = |word| {
            let mut items = base.clone();
            let count = 1 + random.below(3);
            let mut editor = Editor { word, random: &mut random, renamed: Vec::new(), copied: Vec::new() };
            for _ in 0..count {
                let family = *editor.random.pick(families);
                editor.edit(&mut items, family);
            }
            for (new, old) in editor.names(&items) {
                // A key is known without the sign behind it.
                let [new, old] = [new, old].map(|name| name.trim_end_matches(" =").to_owned());
                let first = names.get(&old).cloned().unwrap_or(old);
                names.insert(new, first);
            }
            document::written(&items)
        };
        let (ours, theirs) = (side("ours"), side("theirs"));
        Self { base: document::written(&base), ours, theirs, names }
    }

    fn merged(&self, kind: FileKind) -> Merged {
        let sides = Sides { base: &*self.base, ours: &*self.ours, theirs: &*self.theirs };
        let labels = Labels { base: "base".to_owned(), ours: "ours".to_owned(), theirs: "theirs".to_owned() };
        merge::merge(kind, sides, Resolution::Mark(Style::Diff3), &labels)
    }

    fn facts(&self, text: &str) -> Facts {
        judge::facts(text, &self.names)
    }

    fn complaints(&self, text: &str) -> Vec<String> {
        let sides = [&self.base, &self.ours, &self.theirs].map(|side| self.facts(side));
        judge::wrong(sides.each_ref(), &self.facts(text))
    }

    fn outcome(&self, merged: &Merged) -> Outcome {
        match () {
            () if !merged.conflicts.is_empty() => Outcome::Conflict,
            () if self.complaints(&merged.text).is_empty() => Outcome::Right,
            () => Outcome::Wrong,
        }
    }

    fn shown(&self, merged: &Merged) -> String {
        let Self { base, ours, theirs, .. } = self;
        let complaints = self.complaints(&merged.text).join("\n");
        format!(
            "=== base\n{base}\n=== ours\n{ours}\n=== theirs\n{theirs}\n=== merged\n{}\n=== {:?}\n{complaints}",
            merged.text, merged.conflicts
        )
    }
}
