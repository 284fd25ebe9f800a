//! Paths of a manifest: text and names in braces, `accounts/{target}/main.tf`.
//!
//! Refuses to judge the path that comes out; whoever writes there does.

use super::Values;
use super::condition::is_name;
use crate::diagnostic::Diagnostic;

/// Where a file goes, for any target or policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PathPattern {
    /// As the manifest writes it.
    pub(super) text: String,
    pieces: Vec<Piece>,
}

/// A part of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// As it stands.
    Text(String),
    /// A name, to be filled in.
    Name(String),
}

impl PathPattern {
    /// Reads a path.
    ///
    /// # Errors
    /// Braces that hold no name, with the way to write it.
    pub(super) fn parse(text: &str) -> Result<Self, Diagnostic> {
        let pieces = pieces(text).ok_or_else(|| {
            let help = match rewritten(text) {
                Some(path) => format!("write `path: \"{path}\"`"),
                None => "a path is text and names in braces: `accounts/{target}/main.tf`".to_owned(),
            };
            Diagnostic::error(format!("`{text}` is not a path with names in braces")).help(help)
        })?;
        Ok(Self { text: text.to_owned(), pieces })
    }

    /// The names in it.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Name(name) => Some(name.as_str()),
        })
    }

    /// The path for some values.
    ///
    /// # Errors
    /// A name that has no value, or a list, or a map.
    pub(super) fn fill(&self, values: &Values<'_>) -> Result<String, Diagnostic> {
        let mut path = String::with_capacity(64);
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => path.push_str(text),
                Piece::Name(name) => {
                    let value = values.get(name).and_then(|value| value.plain());
                    path.push_str(&value.ok_or_else(|| no_text(name))?);
                }
            }
        }
        Ok(path)
    }

    /// Whether a path is made of this, whatever its names stand for.
    pub(super) fn fits(&self, path: &str) -> bool {
        fits(&self.pieces, path)
    }

    /// The folder, with its slash, that holds a folder for each value of a name, in which this file lies.
    pub(super) fn folder_of(&self, name: &str) -> Option<&str> {
        let (above, rest) = match &self.pieces[..] {
            [Piece::Text(above), rest @ ..] if above.ends_with('/') => (above.as_str(), rest),
            pieces => ("", pieces),
        };
        match rest {
            [Piece::Name(first), Piece::Text(below), ..] if first == name && below.starts_with('/') => {
                Some(above)
            }
            _ => None,
        }
    }
}

fn no_text(name: &str) -> Diagnostic {
    Diagnostic::error(format!("`{name}` has no value here that could be part of a path"))
        .help("a path can hold names of texts and numbers that are always there, such as `{target}`")
}

/// The parts of a path, of which no text is empty.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        pieces.extend([plain(before)?, Piece::Name(is_name(name).then(|| name.to_owned())?)]);
        rest = after;
    }
    pieces.push(plain(rest)?);
    pieces.retain(|piece| *piece != Piece::Text(String::new()));
    Some(pieces)
}

fn plain(text: &str) -> Option<Piece> {
    (!text.contains('}')).then(|| Piece::Text(text.to_owned()))
}

/// The way to write a path that is a text of the templates' language.
fn rewritten(text: &str) -> Option<String> {
    let mut parts = text.split("{{");
    let mut path = parts.next()?.to_owned();
    for part in parts {
        let (name, text) = part.split_once("}}")?;
        path.extend(["{", name.trim(), "}", text]);
    }
    (path != text && pieces(&path).is_some()).then_some(path)
}

fn fits(pieces: &[Piece], path: &str) -> bool {
    match pieces {
        [] => path.is_empty(),
        [Piece::Text(text), rest @ ..] => path.strip_prefix(&**text).is_some_and(|path| fits(rest, path)),
        [Piece::Name(_), rest @ ..] => {
            let ends = path.char_indices().map(|(end, _)| end).chain([path.len()]);
            ends.skip(1).any(|end| fits(rest, &path[end..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> PathPattern {
        PathPattern::parse(text).expect("a path")
    }

    #[test]
    fn paths_hold_text_and_names() {
        let pattern = parse("accounts/{target}/policies/{policy_name}.json");
        assert_eq!(pattern.names().collect::<Vec<_>>(), ["target", "policy_name"]);
        assert!(pattern.fits("accounts/a/policies/b.json") && !pattern.fits("accounts/a/policies/.json"));
        assert_eq!(pattern.folder_of("target"), Some("accounts/"));
        assert_eq!(parse("{target}/x").folder_of("target"), Some(""));
        for path in ["accounts/{target}", "a-{target}/x", "{target}-a/x", "x", "{region}/{target}/x"] {
            assert_eq!(parse(path).folder_of("target"), None, "{path}");
        }
    }

    #[test]
    fn other_braces_are_refused_with_the_way_to_write_it() {
        for (path, help) in [
            ("a/{{ target }}/{{number}}.json", "`path: \"a/{target}/{number}.json\"`"),
            ("{{ target | upper }}", "text and names in braces"),
            ("{% if a %}b{% endif %}", "text and names in braces"),
            ("a/{", "text and names in braces"),
            ("a/{}", "text and names in braces"),
            ("a}", "text and names in braces"),
            ("{a} }b", "text and names in braces"),
            ("{ target }", "text and names in braces"),
        ] {
            let problem = PathPattern::parse(path).expect_err("it is refused");
            assert!(problem.help.is_some_and(|said| said.contains(help)), "{path}");
        }
    }
}
