//! The lock: one line per unit with the digest of its record, so that a clean tree is known to be
//! clean without reading a single record.
//!
//! Git merges it by taking the lines of both sides, so its reader expects that: a unit with two
//! digests is simply read, and of two headers the newer wins.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::stored::{FORMAT, Unreadable, check_format};
use crate::tree::UnitName;

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

/// What a tree was generated from, and the state of every unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lockfile {
    /// The version of crossrole that wrote it.
    pub tool: String,
    /// The templates.
    pub pack: PackId,
    /// The spec, as it was named.
    pub spec: String,
    /// Digests by unit; `None` where a merge left two.
    pub units: BTreeMap<UnitName, Option<String>>,
}

impl Lockfile {
    /// The lock as it is written.
    #[must_use]
    pub fn to_text(&self) -> String {
        let PackId { id, version, digest } = &self.pack;
        let mut out = String::with_capacity(128 + self.units.len() * 96);
        out.push_str(
            "# What this tree was generated from, and the digest of every record beside it. Commit it.\n",
        );
        // Writing to a string cannot fail.
        _ = writeln!(out, "format: {FORMAT}\ntool: {}\npack: {id} {version} {digest}", self.tool);
        _ = writeln!(out, "spec: {}", serde_json::Value::from(self.spec.as_str()));
        out.push_str("units:\n");
        for (unit, digest) in &self.units {
            _ = writeln!(out, "  - {unit} {}", digest.as_deref().unwrap_or("-"));
        }
        out
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// Why it is none: a newer format, or a line that no lock has, such as a conflict marker.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let mut lock = Self::default();
        let mut newest = 0;
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let damaged = || {
                Unreadable::Damaged(format!(
                    "`{}` is not a line of a lock",
                    crate::diagnostic::words::excerpt(line)
                ))
            };
            if let Some(unit) = line.strip_prefix("  - ") {
                let (name, digest) = unit.split_once(' ').ok_or_else(damaged)?;
                let name = UnitName::parse(name).ok_or_else(damaged)?;
                let digest = Some(digest.to_owned()).filter(|digest| digest.len() == 32);
                let known = lock.units.entry(name).or_insert_with(|| digest.clone());
                if *known != digest {
                    *known = None;
                }
                continue;
            }
            let (key, value) = line.split_once(':').ok_or_else(damaged)?;
            let value = value.trim();
            match key {
                "format" => newest = value.parse::<u32>().map_err(|_| damaged())?.max(newest),
                "tool" => value.clone_into(&mut lock.tool),
                "spec" => lock.spec = serde_json::from_str(value).map_err(|_| damaged())?,
                "pack" => lock.pack = parse_pack(value).ok_or_else(damaged)?,
                "units" => {}
                _ => return Err(damaged()),
            }
        }
        check_format(newest).map(|()| lock)
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
        let digest = |c: char| Some(c.to_string().repeat(32));
        Lockfile {
            tool: "0.1.0".to_owned(),
            pack: PackId { id: "crossrole".to_owned(), version: 1, digest: "d".repeat(64) },
            spec: "crossrole.yaml".to_owned(),
            units: [(UnitName::Shared, digest('a')), (x(), digest('b'))].into(),
        }
    }

    #[test]
    fn a_lock_comes_back_as_it_was() {
        assert_eq!(Lockfile::parse(&lock().to_text()), Ok(lock()));
    }

    #[test]
    fn the_union_of_two_locks_is_a_lock() {
        let theirs = lock().to_text().replace(&"b".repeat(32), &"c".repeat(32));
        let union = format!("{}{theirs}", lock().to_text());
        let merged = Lockfile::parse(&union).expect("both sides' lines");
        assert_eq!(merged.units[&x()], None, "two digests: the record is read");
        assert_eq!(merged.units[&UnitName::Shared], lock().units[&UnitName::Shared]);
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
