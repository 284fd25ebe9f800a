//! The arguments of `assume_role`, one by one.

use super::iam;
use super::root::Root;
use crate::diagnostic::Span;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::{Finding, Findings};
use crate::lint::policy::guess;
use crate::model::{ArnParts, Duration, ExternalId, SessionName, SourceIdentity, TagKey, Text};
use crate::terraform::Block;
use crate::value::Value;

const MOST_POLICIES: usize = 10;

pub(super) fn rules(root: &Root<'_>, block: &Block) -> Vec<Finding> {
    root.finding(|found| {
        role_arn(root, block, found);
        texts(block, found);
        tags(block, found);
        policies(block, found);
    })
}

/// CR072
fn role_arn(root: &Root<'_>, block: &Block, found: &mut Findings) {
    let help = "write the ARN out: whatever is empty or unknown when the provider starts makes it build in the caller's account";
    let mut add = |at, message: String| found.add("CR072", at, message, help);
    let Some(argument) = block.argument("role_arn") else {
        return add(block.at, "this block has no `role_arn`, and the provider only warns".to_owned());
    };
    let (value, written) = (&argument.value, argument.written.as_str());
    let is_empty = value.is_null() || value.text() == Some("");
    if let Some(name) = made_here(root, written).filter(|_| !value.is_known()) {
        let message = format!("the role `{name}` is made in this very root, so its ARN is not known in time");
        add(value.at, message);
    } else if let Some(name) = variable(written).filter(|name| can_be_empty(root, name)) {
        add(value.at, format!("the variable `{name}` is empty unless somebody sets it"));
    } else if value.is_null() {
        add(value.at, "this block has no `role_arn`, and the provider only warns".to_owned());
    } else if is_empty {
        add(value.at, "the `role_arn` is empty, and the provider only warns".to_owned());
    }
}

/// The role of this root that an expression refers to.
fn made_here<'w>(root: &Root<'_>, written: &'w str) -> Option<&'w str> {
    let (before, after) = written.split_once("aws_iam_role.")?;
    let name = after.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').next()?;
    let is_here = root.resources().any(|block| block.labels == ["aws_iam_role", name]);
    (is_here && !before.ends_with("data.")).then_some(name)
}

/// The variable that an expression is, by itself or in quotes.
fn variable(written: &str) -> Option<&str> {
    let inner = written.strip_prefix("\"${").and_then(|rest| rest.strip_suffix("}\""));
    inner.unwrap_or(written).trim().strip_prefix("var.")
}

fn can_be_empty(root: &Root<'_>, name: &str) -> bool {
    let variable = root.module.named("variable").find(|block| block.is(name));
    let default = variable.and_then(|block| block.argument("default"));
    default.is_some_and(|default| default.value.is_null() || default.value.text() == Some(""))
}

/// CR021, CR040, CR045 and CR046
fn texts(block: &Block, found: &mut Findings) {
    fn judge<T: Text>(block: &Block, name: &str, id: &'static str, found: &mut Findings) {
        let Some((at, text)) = block.get(name).and_then(|value| Some((value.at, value.text()?))) else {
            return;
        };
        if let Err(invalid) = T::parse(text) {
            found.add(id, at, invalid.message, invalid.help);
        }
    }
    judge::<ExternalId>(block, "external_id", "CR021", found);
    judge::<SessionName>(block, "session_name", "CR045", found);
    judge::<SourceIdentity>(block, "source_identity", "CR045", found);
    judge::<Duration>(block, "duration", "CR040", found);
    guessable(block, found);
    if block.get("session_name").is_none() {
        let message = "`session_name` is not set, so the provider generates one";
        found.add("CR046", block.at, message, "set `session_name` to what CloudTrail in B is to show");
    }
}

/// CR022
fn guessable(block: &Block, found: &mut Findings) {
    let Some((at, id)) = block.get("external_id").and_then(|value| Some((value.at, value.text()?))) else {
        return;
    };
    let arn = block.text("role_arn").and_then(ArnParts::split);
    let names = arn.map(|arn| {
        let role = arn.resource.rsplit('/').next().unwrap_or_default();
        [arn.account.to_owned(), role.to_owned()]
    });
    let is_valid = ExternalId::parse(id).is_ok();
    if let Some(why) = guess(id, names.as_ref().map_or(&[], |names| &names[..])).filter(|_| is_valid) {
        let message = format!("the external ID `{}` can be guessed: {why}", excerpt(id));
        found.add("CR022", at, message, "agree on a random one, such as a UUID, for each customer");
    }
}

/// CR052
fn tags(block: &Block, found: &mut Findings) {
    let tags = block.get("tags").map(Value::entries).unwrap_or_default();
    let is_complete =
        block.get("tags").is_none_or(Value::is_known) && tags.iter().all(|tag| tag.name().is_some());
    for (tag, name) in tags.iter().filter_map(|tag| Some((tag, tag.name()?))) {
        if let Err(invalid) = TagKey::parse(name) {
            found.add("CR052", tag.key_at, invalid.message, invalid.help);
        }
    }
    for key in block.get("transitive_tag_keys").map(Value::items).unwrap_or_default() {
        let Some(text) = key.text() else { continue };
        if is_complete && !tags.iter().any(|tag| tag.name() == Some(text)) {
            let message = format!("the transitive tag `{}` is not among the session's `tags`", excerpt(text));
            found.add("CR052", key.at, message, "add it to `tags`, or remove it here");
        }
    }
}

/// CR053
fn policies(block: &Block, found: &mut Findings) {
    let Some(list) = block.get("policy_arns") else { return };
    list.items().iter().for_each(|item| iam::unknown_policy(item, found));
    if list.items().len() > MOST_POLICIES {
        let message = format!(
            "{} managed policies narrow the session, and STS takes {MOST_POLICIES}",
            list.items().len()
        );
        found.add("CR053", list.at, message, "combine several into one policy");
    }
    let Some(role) = block.text("role_arn").and_then(ArnParts::split) else { return };
    for item in list.items() {
        let Some(arn) = item.text().and_then(ArnParts::split) else { continue };
        if arn.account != "aws" && arn.account != role.account {
            let message =
                format!("the policy is of account {}, and the role of {}", arn.account, role.account);
            found.add(
                "CR053",
                item.at,
                message,
                "a session is narrowed by AWS's own policies and those of the role's account",
            );
        }
    }
}

/// How long sessions are to last, and where that is written.
pub(super) fn duration(block: &Block) -> Option<(Duration, Span)> {
    let value = block.get("duration")?;
    Some((Duration::parse(value.text()?).ok()?, value.at))
}
