//! What one reading gives that another does not, in words.
//!
//! A role or a user is the same on both sides by its address, or else by its name; what somebody has is
//! taken together, so that a policy may be cut up or move. Only what is wider is said, and what went from
//! known to unknown.

mod holders;
mod identities;
mod providers;

use std::collections::BTreeSet;

use super::{Grants, Identity, TrustChange};

/// What is not said because it was asked for, and of which folders nothing else is.
pub struct Asked<'a> {
    /// What callers get, each an action on a resource, by whatever spec is to come: the roles of targets, and the state.
    pub rights: &'a BTreeSet<(String, String)>,
    /// Whether the files are those of the account that callers come from.
    pub is_source: bool,
    /// Whether folders in which nothing was given before are somebody else's: what they give to others
    /// is left aside.
    pub leaves_aside: bool,
}

impl Asked<'_> {
    /// Whether something is a right that callers are to get.
    #[must_use]
    pub fn is_asked_for(&self, what: &str) -> bool {
        let right = || {
            let (action, rest) = what.split_once(" may `")?.1.split_once("` on `")?;
            Some((action.to_owned(), rest.split_once('`')?.0.to_owned()))
        };
        self.is_source && right().is_some_and(|right| self.rights.contains(&right))
    }
}

/// What is given after, and was not before.
#[must_use]
pub fn opened(before: &Grants, after: &Grants, asked: &Asked<'_>) -> Vec<TrustChange> {
    let comparison = Comparison { before, after, asked };
    let mut found = BTreeSet::new();
    comparison.trust(&mut found);
    comparison.identities(&mut found);
    comparison.holders(&mut found);
    comparison.providers(&mut found);
    comparison.others(&mut found);
    found.into_iter().collect()
}

/// What roles and others may do after, and for how long, and could not before: all of it but whom they let in.
#[must_use]
pub fn permissions_opened(before: &Grants, after: &Grants, asked: &Asked<'_>) -> Vec<TrustChange> {
    let comparison = Comparison { before, after, asked };
    let mut found = BTreeSet::new();
    comparison.identities(&mut found);
    comparison.holders(&mut found);
    found.into_iter().collect()
}

struct Comparison<'g> {
    before: &'g Grants,
    after: &'g Grants,
    asked: &'g Asked<'g>,
}

type Found = BTreeSet<TrustChange>;

fn add(found: &mut Found, path: &str, what: impl Into<String>) {
    found.insert(TrustChange { path: path.to_owned(), what: what.into(), target: None });
}

impl<'g> Comparison<'g> {
    /// The role or user of before that one is: that of its address, or of its name.
    fn same(&self, identity: &Identity) -> Option<&'g Identity> {
        let all = || self.before.identities.iter().filter(|known| known.holder.kind == identity.holder.kind);
        let is_at = |known: &&Identity| known.address == identity.address && known.root == identity.root;
        let is_elsewhere = |known: &&Identity| {
            known.address == identity.address
                && !self
                    .after
                    .identities
                    .iter()
                    .any(|other| other.address == known.address && other.root == known.root)
        };
        all()
            .find(is_at)
            .or_else(|| all().find(|known| known.holder == identity.holder))
            .or_else(|| all().find(is_elsewhere))
    }

    /// Whether a root is left aside: it gave nothing to anybody before.
    fn is_aside(&self, root: &str) -> bool {
        self.asked.leaves_aside
            && !self.before.identities.iter().any(|identity| identity.root == root)
            && !self.before.attached.iter().any(|attached| attached.root == root)
    }

    fn others(&self, found: &mut Found) {
        let is_known = |what: &str| self.before.others.iter().any(|known| known.what == what);
        for other in &self.after.others {
            if !is_known(&other.what) && !self.is_aside(&other.root) {
                add(found, &other.path, other.what.clone());
            }
        }
    }
}
