//! Places in a spec as people name them: `targets[0].role.tags."cost center"`.

use std::fmt;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To the value of a key.
    Key(String),
    /// To an item of a list, counted from 0.
    Index(usize),
}

/// A place in a spec.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Path(Vec<Step>);

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong with it, in a few words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(index) = rest.strip_prefix('[') {
                let (digits, after) = index.split_once(']').ok_or("a `[` is never closed")?;
                let index =
                    digits.parse().map_err(|_| format!("`[{digits}]` is not a position in a list"))?;
                steps.push(Step::Index(index));
                rest = after;
                continue;
            }
            if !steps.is_empty() {
                rest = rest.strip_prefix('.').ok_or("keys are joined by `.`")?;
            }
            let (key, after) = key(rest)?;
            steps.push(Step::Key(key));
            rest = after;
        }
        if steps.is_empty() { Err("a key is missing".to_owned()) } else { Ok(Self(steps)) }
    }

    /// Its steps, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The way to a key of what stands here.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.then(Step::Key(key.to_owned()))
    }

    /// The way to an item of what stands here.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

/// The key at the beginning of a text, and what follows it.
fn key(text: &str) -> Result<(String, &str), String> {
    if let Some(quoted) = text.strip_prefix('"') {
        let (key, after) = quoted.split_once('"').ok_or("a quote is never closed")?;
        return Ok((key.to_owned(), after));
    }
    let end = text.find(['.', '[']).unwrap_or(text.len());
    if end == 0 { Err("a key is missing".to_owned()) } else { Ok((text[..end].to_owned(), &text[end..])) }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    let dot = if position > 0 { "." } else { "" };
                    let quote =
                        if key.is_empty() || key.contains(['.', '[', ']', '=', ' ']) { "\"" } else { "" };
                    write!(f, "{dot}{quote}{key}{quote}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_they_are_read() {
        for text in ["source.account_id", "targets[0].name", "a.\"b.c\"[2]", "targets[12]"] {
            assert_eq!(Path::parse(text).expect(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", ".", "a.", "a..b", "a[", "a[x]", "a[-1]", "a]b[0]x", "a.\"b", "a[0]b"] {
            assert!(Path::parse(text).is_err(), "{text}");
        }
    }
}
