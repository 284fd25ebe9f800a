//! Providers: what keeps them in their account, and in their role.

use super::{Comparison, Found, add};
use crate::grants::Provider;
use crate::grants::content::{Content, ticked};

impl Comparison<'_> {
    pub(super) fn providers(&self, found: &mut Found) {
        for provider in &self.after.providers {
            match self.same_provider(provider) {
                Some(known) => self.changed(known, provider, found),
                None if self.is_aside(&provider.root) => {}
                None if provider.accounts.is_none() => {
                    let what = format!("provider {} has no `allowed_account_ids`", ticked(&provider.name));
                    add(found, &provider.path, what);
                }
                None => {}
            }
        }
        self.gone(found);
    }

    /// The provider that one is: that of its folder, or one that goes and worked in the same accounts, or one that goes
    /// and has its name, unless that is another provider now.
    fn same_provider(&self, provider: &Provider) -> Option<&Provider> {
        let all = &self.before.providers;
        if let Some(same) = all.iter().find(|known| is_at_its_place(known, provider)) {
            return Some(same);
        }
        let mut gone = all
            .iter()
            .filter(|known| !self.after.providers.iter().any(|other| is_at_its_place(known, other)));
        let goes_on = |known: &&Provider| {
            let is_new = |other: &&Provider| !all.iter().any(|known| is_at_its_place(known, other));
            self.after.providers.iter().filter(is_new).any(|other| is_of_same_accounts(known, other))
        };
        gone.clone()
            .find(|known| is_of_same_accounts(known, provider))
            .or_else(|| gone.find(|known| known.name == provider.name && !goes_on(known)))
    }

    /// Folders that stay and whose provider goes: Terraform makes up one without any limit.
    fn gone(&self, found: &mut Found) {
        for known in self.before.providers.iter().filter(|known| known.name == "aws") {
            let goes_on = |other: &Provider| {
                other.root == known.root
                    || self.same_provider(other).is_some_and(|same| same.root == known.root)
            };
            let stays = self.after.roots.contains(&known.root);
            if stays && !self.after.providers.iter().any(goes_on) {
                add(found, &known.path, "provider `aws` is gone, and with it its `allowed_account_ids`");
            }
        }
    }

    fn changed(&self, before: &Provider, after: &Provider, found: &mut Found) {
        let name = ticked(&after.name);
        let mut say = |what: String| add(found, &after.path, format!("provider {name} {what}"));
        match (&before.accounts, &after.accounts) {
            (None, _) => {}
            (Some(_), None) => say("no longer has `allowed_account_ids`".to_owned()),
            (Some(before), Some(after)) => {
                let more = after.iter().filter(|account| !before.contains(account));
                more.for_each(|account| say(works_in(account)));
            }
        }
        if before.roles != after.roles {
            self.entered(before, after).into_iter().for_each(&mut say);
        }
        if before.external_id.is_some() && after.external_id.is_none() && !after.roles.is_empty() {
            say("no longer sends an external ID".to_owned());
        }
        if before.session_policies.iter().any(|policy| !after.session_policies.contains(policy)) {
            say("no longer limits its sessions by the policy that it had".to_owned());
        }
    }

    /// What is said of roles that a provider enters, and did not.
    fn entered(&self, before: &Provider, after: &Provider) -> Option<String> {
        let Some(role) = after.roles.last() else {
            return Some("no longer assumes a role".to_owned());
        };
        if let Some(why) = &role.unknown {
            return Some(format!("assumes a role that is not known: it depends on {why}"));
        }
        // A role that has another name now is the one that it was.
        let name = role.text.rsplit('/').next();
        let is_ours = |role: &Content| {
            let mut identities = self.after.identities.iter();
            identities.any(|identity| Some(identity.holder.name.as_str()) == name)
                && account(&role.text) == before.roles.last().and_then(|role| account(&role.text))
        };
        (!is_ours(role)).then(|| format!("assumes {}, and did not", ticked(&role.text)))
    }
}

/// Whether one provider stands where another stood.
fn is_at_its_place(known: &Provider, other: &Provider) -> bool {
    known.root == other.root && known.name == other.name
}

fn is_of_same_accounts(known: &Provider, other: &Provider) -> bool {
    known.accounts.is_some() && known.accounts == other.accounts
}

fn works_in(account: &Content) -> String {
    match &account.unknown {
        None => format!("may work in account {}, and could not", ticked(&account.text)),
        Some(why) => format!("may work in accounts that are not known: it depends on {why}"),
    }
}

/// The account in an ARN.
fn account(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}
