//! What was judged and what was not: each place once, however often it is made.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Span;
use crate::lint::judged::Judged;

/// Places, and whether all was known there that had to be.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) policies: BTreeMap<Span, bool>,
    pub(super) providers: BTreeMap<Span, bool>,
    /// Where modules are called that are not here.
    pub(super) modules: BTreeSet<Span>,
    /// How many files of JSON are policies.
    pub(super) texts: usize,
}

impl Tally {
    /// How much there is at the places that are wanted.
    pub(super) fn judged(&self, is_wanted: &dyn Fn(Span) -> bool) -> Judged {
        let count = |places: &BTreeMap<Span, bool>, known: bool| {
            places.iter().filter(|(at, is_known)| **is_known == known && is_wanted(**at)).count()
        };
        let modules = self.modules.iter().filter(|at| is_wanted(**at)).count();
        Judged {
            policies: count(&self.policies, true) + self.texts,
            providers: count(&self.providers, true),
            not: count(&self.policies, false) + count(&self.providers, false) + modules,
        }
    }
}
