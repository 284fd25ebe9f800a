//! Wildcards, place by place: whether a pattern stands for a text, or for all that another one stands for.
//! Refuses to know variables and ARNs.

/// Whether letters of different case are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// They are not.
    Sensitive,
    /// They are.
    Ignored,
}

impl Case {
    /// Whether letters of different case differ.
    pub(super) fn is_sensitive(self) -> bool {
        self == Self::Sensitive
    }
}

/// One place of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glyph {
    /// This character.
    Char(char),
    /// `?`: any one character.
    One,
    /// `*`: any number of characters.
    Run,
}

/// Whether a pattern stands for a whole text. A `*` first takes as little as it can, and one more
/// character whenever what follows fails.
pub(super) fn glob(pattern: &[Glyph], text: &str, case: Case) -> bool {
    let mut rest = text.chars();
    let mut at = 0;
    let mut retry = None;
    loop {
        match pattern.get(at) {
            Some(Glyph::Run) => {
                at += 1;
                retry = Some((at, rest.clone()));
                continue;
            }
            Some(glyph) => {
                let mut ahead = rest.clone();
                if ahead.next().is_some_and(|c| fits(*glyph, c, case)) {
                    rest = ahead;
                    at += 1;
                    continue;
                }
            }
            None if rest.as_str().is_empty() => return true,
            None => {}
        }
        let Some((after, from)) = &mut retry else { return false };
        if from.next().is_none() {
            return false;
        }
        at = *after;
        rest = from.clone();
    }
}

/// Whether a pattern matches every text of another: what the inner one leaves open, only a wildcard of
/// the outer one takes.
pub(super) fn includes(outer: &[Glyph], inner: &[Glyph], case: Case) -> bool {
    // The places of `inner` that `outer` can have come to.
    let mut reached = vec![false; inner.len() + 1];
    reached[0] = true;
    for glyph in outer {
        let mut next = vec![false; inner.len() + 1];
        for at in 0..=inner.len() {
            match glyph {
                Glyph::Run => next[at] = reached[at] || at > 0 && next[at - 1],
                Glyph::One => {
                    next[at] = at > 0 && reached[at - 1] && inner[at - 1] != Glyph::Run;
                }
                Glyph::Char(_) => {
                    next[at] = at > 0
                        && reached[at - 1]
                        && matches!(inner[at - 1], Glyph::Char(c) if fits(*glyph, c, case));
                }
            }
        }
        reached = next;
    }
    reached[inner.len()]
}

fn fits(glyph: Glyph, found: char, case: Case) -> bool {
    match (glyph, case) {
        (Glyph::One | Glyph::Run, _) => true,
        (Glyph::Char(c), Case::Sensitive) => c == found,
        (Glyph::Char(c), Case::Ignored) => c == found || c.to_lowercase().eq(found.to_lowercase()),
    }
}
