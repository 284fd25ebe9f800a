//! Where lines of the map begin: callers and roles in A, with all that each leads to, and by which way.
//!
//! Responsible for lanes: who enters a role directly must not seem to pass through a role in A that lies between. Refuses
//! to know where a node is drawn.

use std::collections::BTreeMap;

use crate::report::facts::{Class, Entrant};

/// Between lanes.
const LANE: i32 = 14;

/// A caller or a role in A, with the places that lead on from it.
pub(super) struct Start {
    pub(super) name: String,
    pub(super) below: String,
    pub(super) is_strange: bool,
    pub(super) ways: Vec<Way>,
    pub(super) ports: Vec<String>,
}

/// One way on.
pub(super) struct Way {
    pub(super) to: (i32, i32),
    pub(super) class: Class,
    /// How high it passes the roles in A, if it is for it to pass them.
    pub(super) lane: Option<i32>,
}

impl Start {
    pub(super) fn new(name: &str, below: &str, is_strange: bool) -> Self {
        let (name, below) = (name.to_owned(), below.to_owned());
        Self { name, below, is_strange, ways: Vec::new(), ports: Vec::new() }
    }

    /// A caller by its ID, which the tables use, too, and by what is known of them.
    pub(super) fn of(entrant: &Entrant) -> Self {
        match (&entrant.caller, entrant.is_declared) {
            (_, false) => Self::new("Not declared", &entrant.who, true),
            (Some(id), true) => Self::new(id, &entrant.who, false),
            (None, true) => Self::new(&entrant.who, "", false),
        }
    }

    /// The middle of all that it leads to.
    pub(super) fn middle(&self) -> i32 {
        let count = i32::try_from(self.ways.len()).unwrap_or(i32::MAX).max(1);
        self.ways.iter().map(|way| way.lane.unwrap_or(way.to.1)).sum::<i32>() / count
    }
}

/// Adds a way to whoever it begins at.
pub(super) fn lead(list: &mut Vec<Start>, start: Start, to: (i32, i32), class: Class) {
    let way = Way { to, class, lane: None };
    match list.iter_mut().find(|known| (&known.name, &known.below) == (&start.name, &start.below)) {
        Some(known) => known.ways.push(way),
        None => list.push(Start { ways: vec![way], ..start }),
    }
}

/// Gives the ways of some callers that lead past a column lanes from `y` on, one for each caller and class. Returns where the
/// lanes end.
pub(super) fn into_lanes(callers: &mut [Start], are_strange: bool, past: i32, mut y: i32) -> i32 {
    for caller in callers.iter_mut().filter(|caller| caller.is_strange == are_strange) {
        let mut lanes = BTreeMap::new();
        for way in caller.ways.iter_mut().filter(|way| way.to.0 > past) {
            way.lane = Some(*lanes.entry(way.class).or_insert_with(|| {
                y += LANE;
                y - LANE / 2
            }));
        }
    }
    y
}
