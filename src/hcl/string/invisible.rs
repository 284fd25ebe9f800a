//! The characters a reader cannot see, and which are therefore written as escapes.
//!
//! The list errs on the safe side: it also holds visible-in-theory characters such as variation
//! selectors, private use and noncharacters. Characters unassigned today are not on it.

/// Whether a character has no glyph of its own: controls, format and bidirectional characters,
/// separators other than the plain blank, fillers, private use and noncharacters.
pub(super) fn is_invisible(character: char) -> bool {
    !matches!(character, ' '..='~') && (is_low(character) || is_high(character))
}

/// The invisible characters of the Basic Multilingual Plane.
fn is_low(character: char) -> bool {
    matches!(
        character,
        '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{a0}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{115f}'..='\u{1160}'
            | '\u{1680}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3000}'
            | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}'..='\u{ffff}'
    )
}

/// The invisible characters beyond it; the last two of every plane are noncharacters.
fn is_high(character: char) -> bool {
    matches!(
        character,
        '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
            | '\u{f0000}'..
    ) || u32::from(character) & 0xfffe == 0xfffe
}
