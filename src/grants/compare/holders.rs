//! What a role, a user or a group has: all its policies, taken together.

use std::collections::{BTreeMap, BTreeSet};

use super::{Comparison, Found, add};
use crate::grants::content::{Content, Document, ticked};
use crate::grants::{Attached, Grants, Holder, Policy};
use crate::policy::widenings;
use crate::value::{Data, Entry, Value};

/// What one of them has.
#[derive(Default)]
struct Owned<'g> {
    named: BTreeSet<&'g Content>,
    written: Vec<&'g Document>,
}

impl<'g> Owned<'g> {
    fn of(attached: impl Iterator<Item = &'g Attached>) -> Self {
        let mut owned = Self::default();
        for attached in attached {
            match &attached.policy {
                Policy::Named(content) => drop(owned.named.insert(content)),
                Policy::Written(document) => owned.written.push(document),
            }
        }
        owned
    }

    fn has(&self, document: &Document) -> bool {
        self.written.iter().any(|known| known.content == document.content)
    }

    /// The statements of all policies whose text is here, as one policy.
    fn together(&self) -> Value {
        let at = self.written.first().map(|document| document.value.at).unwrap_or_default();
        let statements = self.written.iter().filter_map(|document| document.value.get("Statement"));
        let statements = statements.flat_map(Value::items).cloned().collect();
        let statement = Entry::new("Statement", at, Value::new(at, Data::List(statements)));
        Value::new(at, Data::Object(vec![statement]))
    }
}

impl<'g> Comparison<'g> {
    pub(super) fn holders(&self, found: &mut Found) {
        let before = owned(self.before, &self.renamed());
        let after = owned(self.after, &BTreeMap::new());
        let everything = Owned::of(self.before.attached.iter());
        for (holder, owned) in &after {
            let known = before.get(holder);
            if known.is_none() && self.is_foreign(holder) {
                continue;
            }
            if known.is_none() && self.asked.is_source {
                self.new_caller(holder, found);
            }
            self.named(holder, known, found);
            // Whoever is new may be given what others have: that was said.
            self.written(holder, known.unwrap_or(&everything), owned, found);
        }
    }

    /// Whom a role of before is now.
    fn renamed(&self) -> BTreeMap<&'g Holder, &'g Holder> {
        let pairs = self.after.identities.iter().filter_map(|identity| {
            let known = self.same(identity)?;
            Some((&known.holder, &identity.holder))
        });
        pairs.collect()
    }

    /// Whether all that somebody has is given in folders that are left aside, and they are nobody's that
    /// was known before.
    fn is_foreign(&self, holder: &Holder) -> bool {
        let given = self.after.attached.iter().filter(|attached| attached.holder == *holder);
        let is_made = self
            .after
            .identities
            .iter()
            .any(|identity| identity.holder == *holder && self.same(identity).is_some());
        !is_made && given.into_iter().all(|attached| self.is_aside(&attached.root))
    }

    fn new_caller(&self, holder: &Holder, found: &mut Found) {
        let Some(given) = self.after.attached.iter().find(|attached| attached.holder == *holder) else {
            return;
        };
        if holder.kind != "policy" {
            let who = format!("{} {}", holder.kind, ticked(&holder.name));
            let what =
                format!("the {who} may assume the targets' roles as far as those trust it, and could not");
            add(found, &given.path, what);
        }
    }

    /// Policies that are somewhere else.
    fn named(&self, holder: &Holder, known: Option<&Owned<'_>>, found: &mut Found) {
        for attached in self.after.attached.iter().filter(|attached| attached.holder == *holder) {
            let Policy::Named(policy) = &attached.policy else { continue };
            if known.is_some_and(|known| known.named.contains(policy)) {
                continue;
            }
            let what = match &policy.unknown {
                None => {
                    format!("{} is attached to {}, and was not", ticked(&policy.text), self.shown(holder))
                }
                Some(why) => format!(
                    "a policy is attached to {}, and which one is not known: it depends on {why}",
                    self.shown(holder)
                ),
            };
            add(found, &attached.path, what);
        }
    }

    /// Policies whose text is here.
    fn written(&self, holder: &Holder, known: &Owned<'_>, owned: &Owned<'_>, found: &mut Found) {
        let new: Vec<_> = owned.written.iter().filter(|document| !known.has(document)).collect();
        let together = known.together();
        for document in new {
            let mut wider = widenings(&together, &document.value);
            // A policy alone need not deny what another one does.
            wider.retain(|what| !what.contains("`Deny`") && !self.asked.is_asked_for(what));
            for what in wider {
                add(found, &document.path, what);
            }
            if let Some(why) = &document.content.unknown {
                let what = format!("what {} may do is not known: it depends on {why}", self.shown(holder));
                add(found, &document.path, what);
            }
        }
        if known.written.iter().any(|document| !owned.has(document)) {
            let path = owned.written.first().map(|document| document.path.as_str());
            let lost = widenings(&together, &owned.together());
            let lost = lost.into_iter().filter(|what| what.contains("`Deny`"));
            lost.for_each(|what| add(found, path.unwrap_or_default(), what));
        }
    }

    fn shown(&self, holder: &Holder) -> String {
        let mut roles = self.after.identities.iter().filter(|identity| identity.holder.kind == "role");
        let is_only_one = roles.next().is_some_and(|role| role.holder == *holder) && roles.next().is_none();
        if is_only_one {
            return "the role".to_owned();
        }
        format!("the {} {}", holder.kind, ticked(&holder.name))
    }
}

/// What everybody has, by what they are called in the end.
fn owned<'g>(
    grants: &'g Grants,
    renamed: &BTreeMap<&'g Holder, &'g Holder>,
) -> BTreeMap<&'g Holder, Owned<'g>> {
    let name = |holder: &'g Holder| renamed.get(holder).copied().unwrap_or(holder);
    let holders: BTreeSet<_> = grants.attached.iter().map(|attached| name(&attached.holder)).collect();
    let of = |holder| grants.attached.iter().filter(move |attached| name(&attached.holder) == holder);
    holders.into_iter().map(|holder| (holder, Owned::of(of(holder)))).collect()
}
