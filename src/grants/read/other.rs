//! What else gives something, or might: identities and keys by their kind, what another tool would make,
//! programs that Terraform runs, and what is not here to be read.

use std::collections::{BTreeMap, BTreeSet};

use super::{Folder, address, called_module};
use crate::grants::content::{Content, place, ticked};
use crate::grants::{Grants, Other};
use crate::terraform::{Block, Module, Terraform};

/// Kinds of resources that make identities, credentials or permissions, by how they begin.
const KINDS: [&str; 10] = [
    "aws_iam_",
    "aws_cloudformation_",
    "aws_identitystore_",
    "aws_organizations_",
    "aws_rolesanywhere_",
    "aws_ssoadmin_",
    "awscc_cloudformation_",
    "awscc_iam_",
    "awscc_rolesanywhere_",
    "awscc_sso_",
];

/// Those among them that are read for what they say, or that give nothing.
const READ: [&str; 18] = [
    "aws_iam_account_alias",
    "aws_iam_account_password_policy",
    "aws_iam_group_policies_exclusive",
    "aws_iam_group_policy",
    "aws_iam_group_policy_attachment",
    "aws_iam_group_policy_attachments_exclusive",
    "aws_iam_policy",
    "aws_iam_policy_attachment",
    "aws_iam_role",
    "aws_iam_role_policies_exclusive",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_role_policy_attachments_exclusive",
    "aws_iam_user_policies_exclusive",
    "aws_iam_user_policy",
    "aws_iam_user_policy_attachment",
    "aws_iam_user_policy_attachments_exclusive",
    "aws_iam_virtual_mfa_device",
];

/// Arguments that say to whom a resource gives something.
const WHOM: [&str; 8] = ["name", "user", "users", "role", "group", "groups", "group_name", "url"];

/// Notes a resource whose kind alone gives something, and the programs that it runs.
pub(super) fn resource(folder: &Folder<'_>, module: &Module, block: &Block, grants: &mut Grants) {
    let kind = block.labels.first().map_or("", String::as_str);
    let address = address(module, block);
    if KINDS.iter().any(|start| kind.starts_with(start)) && !READ.contains(&kind) {
        let whom: Vec<_> = WHOM
            .iter()
            .filter_map(|name| Some(format!("{name} {}", ticked(&Content::of(block.get(name)?).text))))
            .collect();
        let whom = if whom.is_empty() { String::new() } else { format!(" ({})", whom.join(", ")) };
        add(folder, block, format!("{}{whom} is new", ticked(&address)), grants);
    }
    if let Some(body) = block.get("template_body").filter(|_| kind == "aws_cloudformation_stack_set") {
        let file = folder
            .sources
            .place(place(body))
            .map_or_else(|| block.source.name.clone(), |at| at.source.name.clone());
        add(folder, block, format!("{} has its template from {}", ticked(&address), ticked(&file)), grants);
    }
    for program in block.named("provisioner") {
        let command = program.get("command").map(|command| Content::of(command).text).unwrap_or_default();
        let what = format!("{} runs a program: {}", ticked(&address), ticked(&command));
        add(folder, block, what, grants);
    }
}

/// Notes a data source that runs a program.
pub(super) fn data(folder: &Folder<'_>, module: &Module, block: &Block, grants: &mut Grants) {
    if block.is("external") {
        let program = block.get("program").map(|program| Content::of(program).text).unwrap_or_default();
        let address = format!("data.{}", address(module, block));
        add(folder, block, format!("{} runs a program: {}", ticked(&address), ticked(&program)), grants);
    }
}

/// Notes a module that is not among the files.
pub(super) fn called(folder: &Folder<'_>, module: &Module, block: &Block, grants: &mut Grants) {
    let (address, is_here) = called_module(module, block);
    if !is_here {
        let source = block.get("source").map(|source| Content::of(source).text).unwrap_or_default();
        let what = format!("what {} from {} grants is not known", ticked(&address), ticked(&source));
        add(folder, block, what, grants);
    }
}

/// Notes files of the folders that cannot be read.
pub(super) fn problems(read: &Terraform, folders: &BTreeSet<String>, grants: &mut Grants) {
    for problem in &read.problems {
        let path = &problem.source.name;
        if folders.contains(folder_of(path)) {
            not_known(path, &problem.message, grants);
        }
    }
}

/// Notes files that could not be had.
pub(super) fn unread(unread: &BTreeMap<String, String>, grants: &mut Grants) {
    for (path, why) in unread {
        not_known(path, why, grants);
    }
}

fn not_known(path: &str, why: &str, grants: &mut Grants) {
    let what = format!("what {} grants is not known: {why}", ticked(path));
    grants.others.insert(Other { root: folder_of(path).to_owned(), path: path.to_owned(), what });
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn add(folder: &Folder<'_>, block: &Block, what: String, grants: &mut Grants) {
    let path = block.source.name.clone();
    grants.others.insert(Other { root: folder.root.to_owned(), path, what });
}
