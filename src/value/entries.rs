//! Entries of an object in the making, found by their keys.

use std::collections::BTreeMap;

use super::Entry;

/// Entries in the order in which they came, each key once.
#[derive(Debug, Default)]
pub struct Entries {
    list: Vec<Entry>,
    places: BTreeMap<String, usize>,
}

impl Entries {
    /// Adds an entry; the last of two with the same key counts.
    pub fn insert(&mut self, entry: Entry) {
        let place = entry.name().and_then(|name| self.places.get(name).copied());
        if let Some(known) = place.and_then(|place| self.list.get_mut(place)) {
            *known = entry;
            return;
        }
        if let Some(name) = entry.name() {
            self.places.insert(name.to_owned(), self.list.len());
        }
        self.list.push(entry);
    }

    /// Whether there is an entry of this key.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.places.contains_key(key)
    }

    /// The entries.
    #[must_use]
    pub fn into_list(self) -> Vec<Entry> {
        self.list
    }
}
