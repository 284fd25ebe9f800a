//! Roles, users and groups: who may enter them, and what is attached to them.
//!
//! Source of the names of arguments: the IAM resources of the AWS provider's documentation.

use super::{Folder, address, unknown};
use crate::grants::content::Content;
use crate::grants::{Grants, Holder, Identity, Policy, Session};
use crate::terraform::{Block, Module};
use crate::value::{Data, Value};

/// Seconds, where `max_session_duration` is left out. Source: IAM, `CreateRole`.
const DEFAULT_SESSION: u32 = 3600;

/// Reads a resource, if it is about one of them.
pub(super) fn read(folder: &Folder<'_>, module: &Module, block: &Block, grants: &mut Grants) {
    let Some(rest) = block.labels.first().and_then(|label| label.strip_prefix("aws_iam_")) else { return };
    match rest {
        "role" => role(folder, module, block, grants),
        "user" => user(folder, module, block, grants),
        "policy_attachment" => {
            for (list, kind) in [("roles", "role"), ("users", "user"), ("groups", "group")] {
                for holder in values(block, list).map(|name| holder(kind, name)) {
                    named(folder, block, &holder, "policy_arn", grants);
                }
            }
        }
        _ => of_one(folder, block, rest, grants),
    }
}

/// A resource that says what one role, user or group has: `role_policy`, `user_policy_attachment`, ….
fn of_one(folder: &Folder<'_>, block: &Block, rest: &str, grants: &mut Grants) {
    let Some((kind, what)) = ["role", "user", "group"]
        .into_iter()
        .find_map(|kind| Some((kind, rest.strip_prefix(kind)?.strip_prefix('_')?)))
    else {
        return;
    };
    let name = |argument: &str| {
        let value = block.get(argument).cloned();
        holder(kind, &value.unwrap_or_else(|| Value::unknown(block.at, format!("a missing `{argument}`"))))
    };
    match what {
        "policy" => written(folder, block, &name(kind), block, grants),
        "policy_attachment" => named(folder, block, &name(kind), "policy_arn", grants),
        "policy_attachments_exclusive" => {
            named(folder, block, &name(&format!("{kind}_name")), "policy_arns", grants);
        }
        "policies_exclusive" => {
            named(folder, block, &name(&format!("{kind}_name")), "policy_names", grants);
        }
        _ => {}
    }
}

fn role(folder: &Folder<'_>, module: &Module, block: &Block, grants: &mut Grants) {
    let missing = || Value::unknown(block.at, "a role without `assume_role_policy`");
    let trust = block.get("assume_role_policy").cloned().unwrap_or_else(missing);
    let identity = identity(folder, module, block, "role");
    let who = identity.holder.clone();
    grants.identities.push(Identity {
        trust: Some(folder.document(&trust)),
        session: session(block),
        ..identity
    });
    named(folder, block, &who, "managed_policy_arns", grants);
    for inline in block.named("inline_policy").filter(|inline| inline.get("policy").is_some()) {
        written(folder, inline, &who, block, grants);
    }
}

fn user(folder: &Folder<'_>, module: &Module, block: &Block, grants: &mut Grants) {
    grants.identities.push(identity(folder, module, block, "user"));
}

fn identity(folder: &Folder<'_>, module: &Module, block: &Block, kind: &'static str) -> Identity {
    let address = address(module, block);
    let name = block.get("name").cloned();
    let name = name.unwrap_or_else(|| Value::unknown(block.at, format!("the name of `{address}`")));
    let open =
        block.open.iter().filter(|(kind, _)| kind == "inline_policy").map(|(_, reason)| reason.clone());
    Identity {
        root: folder.root.to_owned(),
        reference: block.labels.join("."),
        path: block.source.name.clone(),
        at: block.at,
        open: unknown(&block.made).into_iter().chain(open).collect(),
        holder: holder(kind, &name),
        trust: None,
        session: Session::Seconds(DEFAULT_SESSION),
        boundary: block.get("permissions_boundary").map(Content::of),
        address,
    }
}

fn session(block: &Block) -> Session {
    let Some(value) = block.get("max_session_duration") else { return Session::Seconds(DEFAULT_SESSION) };
    let number = match &value.data {
        Data::Number(number) => Some(number.as_str()),
        _ => value.text(),
    };
    let why = || value.reason().map_or_else(|| Content::of(value).text, |reason| reason.why.to_string());
    number.and_then(|number| number.parse().ok()).map_or_else(|| Session::Unknown(why()), Session::Seconds)
}

fn holder(kind: &'static str, name: &Value) -> Holder {
    Holder { kind, name: Content::of(name).text }
}

/// The values of an argument that is a list, or one of them.
fn values<'b>(block: &'b Block, name: &str) -> impl Iterator<Item = &'b Value> {
    block.get(name).map(Value::items).unwrap_or_default().iter()
}

fn named(folder: &Folder<'_>, block: &Block, holder: &Holder, argument: &str, grants: &mut Grants) {
    values(block, argument).for_each(|arn| folder.add_named(block, holder, arn, grants));
}

/// A policy that is written in `from`, which may be a part of the resource.
fn written(folder: &Folder<'_>, from: &Block, holder: &Holder, block: &Block, grants: &mut Grants) {
    let missing = || Value::unknown(from.at, "a missing `policy`");
    let document = folder.document(&from.get("policy").cloned().unwrap_or_else(missing));
    grants.attached.push(folder.attached(block, from, holder.clone(), Policy::Written(document)));
}
