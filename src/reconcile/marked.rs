//! The sides of a text in which git marked conflicts.
//!
//! Responsible for taking such a text apart, as far as its markers leave no doubt. Refuses to decide
//! between the sides.

use crate::merge::has_markers;

/// The length of the shortest marker.
const SHORTEST: usize = 7;

/// Whose lines are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Both,
    Ours,
    Base,
    Theirs,
}

/// The two whole texts that a marked one is made of, ours first; none where nothing is marked, or
/// where the markers do not follow each other as they should.
pub(super) fn sides(text: &str) -> Option<[String; 2]> {
    if !has_markers(text) {
        return None;
    }
    let [mut ours, mut theirs] = [String::new(), String::new()];
    let (mut part, mut size) = (Part::Both, 0);
    for line in text.split_inclusive('\n') {
        match (part, marker(line)) {
            (Part::Both, Some(('<', found))) => (part, size) = (Part::Ours, found),
            (Part::Ours, Some(('|', found))) if found == size => part = Part::Base,
            (Part::Ours | Part::Base, Some(('=', found))) if found == size => part = Part::Theirs,
            (Part::Theirs, Some(('>', found))) if found == size => part = Part::Both,
            // A conflict inside another: what belongs to whom cannot be told.
            (Part::Ours | Part::Theirs, Some(('<' | '>', found))) if found == size => return None,
            _ => {
                if matches!(part, Part::Both | Part::Ours) {
                    ours.push_str(line);
                }
                if matches!(part, Part::Both | Part::Theirs) {
                    theirs.push_str(line);
                }
            }
        }
    }
    (part == Part::Both).then_some([ours, theirs])
}

/// The character of the marker that a line is, and how often it stands there.
fn marker(line: &str) -> Option<(char, usize)> {
    let first = line.chars().next().filter(|first| matches!(first, '<' | '|' | '=' | '>'))?;
    let size = line.bytes().take_while(|byte| char::from(*byte) == first).count();
    let rest = line[size..].trim_end_matches(['\r', '\n']);
    (size >= SHORTEST && (rest.is_empty() || rest.starts_with(' '))).then_some((first, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn are_sides(text: &str, ours: &str, theirs: &str) {
        assert_eq!(sides(text), Some([ours.to_owned(), theirs.to_owned()]));
    }

    #[test]
    fn the_sides_of_each_style_are_found() {
        let text = "a\n<<<<<<< HEAD\nb\n||||||| 1234\nx\n=======\nc\n>>>>>>> other\nd\n";
        are_sides(text, "a\nb\nd\n", "a\nc\nd\n");
        are_sides(&text.replace("||||||| 1234\nx\n", ""), "a\nb\nd\n", "a\nc\nd\n");
        let twice = "<<<<<<< a\n1\n=======\n>>>>>>> b\n-\n<<<<<<< a\n=======\n2\n>>>>>>> b\n";
        are_sides(twice, "1\n-\n", "-\n2\n");
        are_sides(&text.replace('\n', "\r\n"), "a\r\nb\r\nd\r\n", "a\r\nc\r\nd\r\n");
    }

    #[test]
    fn what_leaves_doubt_has_no_sides() {
        let nested = "<<<<<<< a\n<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n=======\n3\n>>>>>>> b\n";
        for text in ["", "a\n", "<<<<<<< a\n1\n", nested] {
            assert_eq!(sides(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_ruler_is_a_line_like_any_other() {
        let text = "Title\n=======\n<<<<<<<< a\n1\n=======\n========\n2\n>>>>>>>> b\n";
        are_sides(text, "Title\n=======\n1\n=======\n", "Title\n=======\n2\n");
    }
}
