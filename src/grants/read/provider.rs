//! Providers: the accounts that they may work in, and the roles that they go through.

use super::Folder;
use crate::grants::Provider;
use crate::grants::content::Content;
use crate::terraform::{Block, Module};
use crate::value::Value;

impl Folder<'_> {
    /// Reads a `provider "aws"`.
    pub(super) fn provider(&self, module: &Module, block: &Block) -> Provider {
        let alias = block.get("alias").map(|alias| format!(".{}", Content::of(alias).text));
        let dot = if module.address.is_empty() { "" } else { "." };
        let entered: Vec<&Block> = ["assume_role", "assume_role_with_web_identity"]
            .into_iter()
            .flat_map(|kind| block.named(kind))
            .collect();
        let limits = ["policy", "policy_arns"];
        Provider {
            root: self.root.to_owned(),
            name: format!("{}{dot}aws{}", module.address, alias.unwrap_or_default()),
            path: block.source.name.clone(),
            accounts: block.get("allowed_account_ids").map(contents),
            roles: entered.iter().filter_map(|role| role.get("role_arn")).map(Content::of).collect(),
            external_id: entered.iter().find_map(|role| role.get("external_id")).map(Content::of),
            session_policies: limits
                .into_iter()
                .flat_map(|limit| entered.iter().filter_map(move |role| role.get(limit)))
                .map(Content::of)
                .collect(),
        }
    }
}

fn contents(list: &Value) -> Vec<Content> {
    list.items().iter().map(Content::of).collect()
}
