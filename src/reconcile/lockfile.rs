//! The lock: what a tree was made from, and one line per unit, so that a record that is lost is missed.
//!
//! Git merges it by taking the lines of both sides, or marks them, so its reader expects that: units
//! are those of both sides, and of two packs the newer wins.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::marked;
use super::stored::{FORMAT, Unreadable, check_format};
use crate::output::UnitName;

/// Which templates a tree was made by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackId {
    /// What the pack is called.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// The digest of its files.
    pub digest: String,
}

/// What a tree was generated from, and its units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lockfile {
    /// The version of crossrole that wrote it.
    pub tool: String,
    /// The templates.
    pub pack: PackId,
    /// The spec, as it was named.
    pub spec: String,
    /// The units that have a record.
    pub units: BTreeSet<UnitName>,
    /// Whether it is what a merge of two branches made of theirs: then it is written again.
    pub is_merged: bool,
}

impl Lockfile {
    /// The lock as it is written.
    #[must_use]
    pub fn to_text(&self) -> String {
        let PackId { id, version, digest } = &self.pack;
        let mut out = String::with_capacity(256 + self.units.len() * 48);
        out.push_str(
            "# What this tree was generated from, and every unit that has a record beside it. Commit it.\n",
        );
        // Writing to a string cannot fail.
        _ = writeln!(out, "format: {FORMAT}\ntool: {}\npack: {id} {version} {digest}", self.tool);
        _ = writeln!(out, "spec: {}", serde_json::Value::from(self.spec.as_str()));
        out.push_str("units:\n");
        for unit in &self.units {
            _ = writeln!(out, "  - {unit}");
        }
        out
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// Why it is none: a newer format, or a line that no lock has.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let mut lock = Self::default();
        let mut newest = 0;
        match marked::sides(text) {
            None => lock.add(text, &mut newest)?,
            Some(sides) => sides.iter().try_for_each(|side| lock.add(side, &mut newest))?,
        }
        check_format(newest)?;
        lock.is_merged = lock.to_text().lines().count() != text.lines().count();
        Ok(lock)
    }

    /// Adds what one text says, which is the whole lock, or one side of a merge.
    fn add(&mut self, text: &str, newest: &mut u32) -> Result<(), Unreadable> {
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            self.add_line(line, newest).ok_or_else(|| {
                let line = crate::diagnostic::words::excerpt(line);
                Unreadable::Damaged(format!("`{line}` is not a line of a lock"))
            })?;
        }
        Ok(())
    }

    fn add_line(&mut self, line: &str, newest: &mut u32) -> Option<()> {
        if let Some(unit) = line.strip_prefix("  - ") {
            // Behind the name there was a digest once.
            let name = unit.split_once(' ').map_or(unit, |(name, _)| name);
            self.units.insert(UnitName::parse(name.trim_end())?);
            return Some(());
        }
        let (key, value) = line.split_once(':')?;
        let value = value.trim();
        match key {
            "format" => *newest = value.parse::<u32>().ok()?.max(*newest),
            "tool" => value.clone_into(&mut self.tool),
            "spec" => self.spec = serde_json::from_str(value).ok()?,
            "pack" => {
                let pack = parse_pack(value)?;
                if pack.version >= self.pack.version {
                    self.pack = pack;
                }
            }
            "units" => {}
            _ => return None,
        }
        Some(())
    }
}

fn parse_pack(value: &str) -> Option<PackId> {
    let mut parts = value.rsplitn(3, ' ');
    let digest = parts.next()?.to_owned();
    let version = parts.next()?.parse().ok()?;
    Some(PackId { id: parts.next()?.to_owned(), version, digest })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x() -> UnitName {
        UnitName::parse("targets/x").expect("a target's name")
    }

    fn lock() -> Lockfile {
        Lockfile {
            tool: "0.1.0".to_owned(),
            pack: PackId { id: "crossrole".to_owned(), version: 1, digest: "d".repeat(64) },
            spec: "crossrole.yaml".to_owned(),
            units: [UnitName::Shared, x()].into(),
            is_merged: false,
        }
    }

    #[test]
    fn a_lock_comes_back_as_it_was() {
        assert_eq!(Lockfile::parse(&lock().to_text()), Ok(lock()));
    }

    #[test]
    fn a_lock_with_digests_is_read() {
        let digest = format!(" {}\n", "a".repeat(32));
        let text = lock().to_text().replace("shared\n", &format!("shared{digest}"));
        assert_eq!(Lockfile::parse(&text.replace("/x\n", &format!("/x{digest}"))), Ok(lock()));
    }

    #[test]
    fn what_a_merge_made_of_two_locks_is_a_lock() {
        let theirs = lock().to_text().replace("pack: crossrole 1", "pack: crossrole 2").replace("/x", "/y");
        let both: BTreeSet<_> = [UnitName::Shared, x(), UnitName::parse("targets/y").expect("a name")].into();
        let ours = lock().to_text();
        let marked = format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n");
        for text in [format!("{ours}{theirs}"), format!("{theirs}{ours}"), marked] {
            let merged = Lockfile::parse(&text).expect("both sides' lines");
            assert_eq!((&merged.units, merged.pack.version, merged.is_merged), (&both, 2, true), "{text}");
        }
    }

    #[test]
    fn what_is_no_lock_is_refused() {
        assert_eq!(
            Lockfile::parse(&lock().to_text().replace("format: 1", "format: 9")),
            Err(Unreadable::Newer(9))
        );
        for text in ["", "<<<<<<< HEAD\n", "format: 1\nunits:\n  - ../../etc abc\n"] {
            assert!(matches!(Lockfile::parse(text), Err(Unreadable::Damaged(_))), "{text:?}");
        }
    }
}
