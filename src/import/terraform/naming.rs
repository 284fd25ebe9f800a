//! Names for targets: the alias of a provider, the workspace, the folder, or the label of a role.

use std::collections::BTreeSet;

use super::pair::{Pair, maker};
use super::provider::Provider;
use crate::answers::names::{joined, safe_name};
use crate::model::{TargetName, Text};

/// Folders that say nothing of an account.
const PLAIN_FOLDERS: [&str; 2] = ["workload", "bootstrap"];

/// A name for each role, with the end of the account's ID where two would be the same.
pub(super) fn names(pairs: &[Pair<'_>], providers: &[Provider<'_>]) -> Vec<String> {
    let names: Vec<String> = pairs.iter().map(|pair| name(pair, providers)).collect();
    let mut taken = BTreeSet::new();
    let unique = |(pair, name): (&Pair<'_>, &String)| {
        let id = pair.id.account.as_str();
        let is_alone =
            names.iter().filter(|other| *other == name).count() == 1 && TargetName::parse(name).is_ok();
        let role = safe_name(&format!("{name}-{}", pair.id.name));
        let candidates = [joined(name, &id[8..]), joined(name, id), joined(&role, id)];
        let free = candidates.into_iter().find(|name| !taken.contains(name) && !names.contains(name));
        let chosen = if is_alone { name.clone() } else { free.unwrap_or_else(|| format!("account-{id}")) };
        taken.insert(chosen.clone());
        chosen
    };
    pairs.iter().zip(&names).map(unique).collect()
}

fn name(pair: &Pair<'_>, providers: &[Provider<'_>]) -> String {
    let known = match (pair.provider, pair.role) {
        (Some(provider), _) => {
            let (alias, workspace) = (provider.name.alias.clone(), pair.workspace().map(str::to_owned));
            let parts: Vec<String> = alias.into_iter().chain(workspace).collect();
            Some(parts.join("-")).filter(|name| !name.is_empty()).or_else(|| folder(&provider.folder))
        }
        // A module is a folder that many accounts share.
        (None, Some(role)) if role.called.is_some() => {
            let alias = maker(role, providers).and_then(|maker| maker.name.alias.clone());
            alias.or_else(|| role.called.clone())
        }
        (None, Some(role)) => pair.workspace().map(str::to_owned).or_else(|| folder(&role.folder)),
        (None, None) => None,
    };
    let label = || pair.role.map(|role| role.label.clone());
    safe_name(&known.or_else(label).unwrap_or_default())
}

fn folder(path: &str) -> Option<String> {
    let name = path.rsplit('/').find(|part| !PLAIN_FOLDERS.contains(part))?;
    Some(name.to_owned()).filter(|name| !name.is_empty())
}
