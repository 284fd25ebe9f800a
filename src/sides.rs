//! Three of something: what both sides began with, what a person made of it, and what is new.
//!
//! Responsible for the three-way rule, so that it is written once. Refuses to know what is merged.

/// One of three sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What both sides began with.
    Base,
    /// What a person made of it.
    Ours,
    /// What is new.
    Theirs,
}

impl Side {
    /// Every side.
    pub const ALL: Sides<Self> = Sides { base: Self::Base, ours: Self::Ours, theirs: Self::Theirs };
}

/// The same thing on three sides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sides<T> {
    /// What both sides began with.
    pub base: T,
    /// What a person made of it. In a text, its layout, comments and order are what a merge keeps.
    pub ours: T,
    /// What is new.
    pub theirs: T,
}

impl<T> Sides<T> {
    /// The same of every side, in the order of the fields.
    pub fn map<U>(self, mut of: impl FnMut(T) -> U) -> Sides<U> {
        Sides { base: of(self.base), ours: of(self.ours), theirs: of(self.theirs) }
    }

    /// The three by reference.
    pub fn as_ref(&self) -> Sides<&T> {
        Sides { base: &self.base, ours: &self.ours, theirs: &self.theirs }
    }

    /// Each beside the other's of its side.
    pub fn zip<U>(self, other: Sides<U>) -> Sides<(T, U)> {
        Sides {
            base: (self.base, other.base),
            ours: (self.ours, other.ours),
            theirs: (self.theirs, other.theirs),
        }
    }

    /// The three in the order of the fields.
    pub fn into_array(self) -> [T; 3] {
        [self.base, self.ours, self.theirs]
    }

    /// That of one side.
    pub fn pick(self, side: Side) -> T {
        match side {
            Side::Base => self.base,
            Side::Ours => self.ours,
            Side::Theirs => self.theirs,
        }
    }

    /// A place for that of one side.
    pub fn pick_mut(&mut self, side: Side) -> &mut T {
        match side {
            Side::Base => &mut self.base,
            Side::Ours => &mut self.ours,
            Side::Theirs => &mut self.theirs,
        }
    }

    /// The side that is right where at most one changed anything, or both the same: ours, unless only
    /// theirs did. `None` where both changed it, each in its own way.
    pub fn trivial_by(&self, mut is_same: impl FnMut(&T, &T) -> bool) -> Option<Side> {
        if is_same(&self.ours, &self.theirs) || is_same(&self.base, &self.theirs) {
            return Some(Side::Ours);
        }
        is_same(&self.base, &self.ours).then_some(Side::Theirs)
    }
}

impl<T: PartialEq> Sides<T> {
    /// What the three come to where at most one side changed anything, or both the same.
    pub fn trivial(&self) -> Option<&T> {
        self.trivial_by(T::eq).map(|side| self.as_ref().pick(side))
    }
}

impl<T> Sides<Option<T>> {
    /// All three, if each side has one.
    pub fn all(self) -> Option<Sides<T>> {
        Some(Sides { base: self.base?, ours: self.ours?, theirs: self.theirs? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way in which three sides can have three values.
    fn triples() -> impl Iterator<Item = Sides<u8>> {
        (0..27).map(|number| Sides { base: number / 9, ours: number / 3 % 3, theirs: number % 3 })
    }

    #[test]
    fn a_change_of_one_side_is_taken() {
        assert_eq!(triples().count(), 27);
        for sides in triples() {
            let Sides { base, ours, theirs } = sides;
            let wanted = match (ours == base, theirs == base) {
                (true, _) => Some(theirs),
                (false, true) => Some(ours),
                (false, false) => (ours == theirs).then_some(ours),
            };
            assert_eq!(sides.trivial().copied(), wanted, "{sides:?}");
        }
    }

    #[test]
    fn the_sides_are_treated_alike() {
        for sides in triples() {
            let turned = Sides { ours: sides.theirs, theirs: sides.ours, ..sides };
            assert_eq!(sides.trivial(), turned.trivial(), "{sides:?}");
        }
    }

    #[test]
    fn nothing_is_made_up() {
        for sides in triples() {
            let side = sides.trivial_by(u8::eq);
            assert_ne!(side, Some(Side::Base));
            assert_eq!(side.map(|side| sides.pick(side)), sides.trivial().copied());
        }
    }

    #[test]
    fn every_side_keeps_its_place() {
        for mut sides in triples() {
            let named = sides.zip(Side::ALL);
            for (value, side) in named.into_array() {
                assert_eq!(sides.pick(side), value);
                *sides.pick_mut(side) += 1;
            }
            assert_eq!(sides, named.map(|(value, _)| value + 1));
            assert_eq!(sides.map(Some).all(), Some(sides));
            assert_eq!(Sides { ours: None, ..sides.map(Some) }.all(), None);
        }
    }
}
