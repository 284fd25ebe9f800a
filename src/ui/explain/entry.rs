//! Where a token leads to: the roles in A that it lets into, and the roles beyond them.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::principal::{RoleAnswer, role_json, summary, write_roles};
use super::token::{TokenRemarks, token_json, token_text};

/// The answer about the role in A of one caller.
#[derive(Debug)]
pub struct EntryAnswer {
    /// The id of the caller.
    pub caller: String,
    /// The role in A; its `target` is who the caller is.
    pub role: RoleAnswer,
    /// The roles of targets, as whoever is let in finds them.
    pub beyond: Vec<RoleAnswer>,
}

impl EntryAnswer {
    /// Whether everything was read that says who can assume the roles.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.role.unknown.is_empty() && self.beyond.iter().all(|role| role.unknown.is_empty())
    }
}

/// The roles for people.
#[must_use]
pub fn entries_text(entries: &[EntryAnswer], remarks: &TokenRemarks) -> String {
    let issuer = &remarks.issuer;
    if entries.is_empty() {
        return format!("no caller of the spec has tokens of `{issuer}`\n") + &token_text(remarks);
    }
    let mut out = format!("with a token of `{issuer}`\n\n");
    write_roles(&mut out, "CALLER", entries.iter().map(|entry| &entry.role));
    let mut out = out.replace(&format!("`{issuer}:"), "`");
    for entry in entries.iter().filter(|entry| entry.role.is_allowed()) {
        _ = write!(out, "\nas {}\n\n", entry.role.role_arn);
        write_roles(&mut out, "TARGET", &entry.beyond);
        out += &summary(&entry.beyond);
    }
    if !entries.iter().any(|entry| entry.role.is_allowed()) {
        out += "\nlets into no role\n";
    }
    out + &token_text(remarks)
}

/// The roles for machines.
#[must_use]
pub fn entries_json(entries: &[EntryAnswer], remarks: &TokenRemarks) -> Value {
    json!({
        "ok": entries.iter().all(EntryAnswer::is_known),
        "token": token_json(remarks),
        "callers": entries.iter().map(entry_json).collect::<Vec<_>>(),
    })
}

fn entry_json(entry: &EntryAnswer) -> Value {
    let mut json = role_json(&entry.role);
    if let Some(members) = json.as_object_mut() {
        members.remove("target");
        members.insert("caller".to_owned(), json!(entry.caller));
        members.insert("roles".to_owned(), entry.beyond.iter().map(role_json).collect());
    }
    json
}
