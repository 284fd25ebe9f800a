//! Roles and users: who can assume a role, for how long, and under which boundary.

use super::{Comparison, Found, add};
use crate::grants::content::{Document, hours, ticked};
use crate::grants::{Identity, Session};
use crate::policy::widenings;
use crate::value::{Data, Value};

impl Comparison<'_> {
    /// Whom roles let in that were there before.
    pub(super) fn trust(&self, found: &mut Found) {
        for identity in &self.after.identities {
            let known = self.same(identity).and_then(|known| known.trust.as_ref());
            if let (Some(known), Some(trust)) = (known, &identity.trust) {
                widened_trust(known, trust, found);
            }
        }
    }

    pub(super) fn identities(&self, found: &mut Found) {
        for identity in &self.after.identities {
            match self.same(identity) {
                Some(known) => changed(known, identity, found),
                None if self.is_aside(&identity.root) => {}
                None => new(identity, found),
            }
        }
    }
}

fn new(identity: &Identity, found: &mut Found) {
    let who = format!("the {} {} is new", identity.holder.kind, ticked(&identity.holder.name));
    let Some(trust) = &identity.trust else { return add(found, &identity.path, who) };
    let nothing = Value::new(trust.value.at, Data::Null);
    let mut let_in = widenings(&nothing, &trust.value);
    let_in.extend(trust.content.unknown.iter().map(|why| format!("who can assume it depends on {why}")));
    if let_in.is_empty() {
        return add(found, &identity.path, who);
    }
    for what in let_in {
        let what = what.strip_suffix(", and could not").unwrap_or(&what);
        add(found, &trust.path, format!("{who}: {what}"));
    }
}

fn changed(before: &Identity, after: &Identity, found: &mut Found) {
    match (&before.session, &after.session) {
        (before, after) if before == after => {}
        (Session::Seconds(before), Session::Seconds(after)) if after < before => {}
        (before, Session::Seconds(seconds)) => {
            let from = match before {
                Session::Seconds(seconds) => hours(*seconds),
                Session::Unknown(_) => "unknown".to_owned(),
            };
            let what = format!("maximum session duration {from} → {}", hours(*seconds));
            add(found, &after.path, what);
        }
        (_, Session::Unknown(why)) => {
            add(
                found,
                &after.path,
                format!("the maximum session duration is not known: it depends on {why}"),
            );
        }
    }
    boundary(before, after, found);
}

fn widened_trust(before: &Document, after: &Document, found: &mut Found) {
    if before.content == after.content {
        return;
    }
    for what in widenings(&before.value, &after.value) {
        add(found, &after.path, what);
    }
    if let Some(why) = &after.content.unknown {
        add(found, &after.path, format!("who can assume the role is not known: it depends on {why}"));
    }
}

fn boundary(before: &Identity, after: &Identity, found: &mut Found) {
    let what = match (&before.boundary, &after.boundary) {
        (None, _) => return,
        (Some(known), Some(boundary)) if known == boundary => return,
        (Some(_), None) => {
            format!("the {} no longer has the permissions boundary that it had", after.holder.kind)
        }
        (Some(_), Some(boundary)) if boundary.unknown.is_some() => {
            format!("the permissions boundary is not known: it is {}", ticked(&boundary.text))
        }
        (Some(known), Some(boundary)) => {
            format!("permissions boundary {} → {}", ticked(&known.text), ticked(&boundary.text))
        }
    };
    add(found, &after.path, what);
}
