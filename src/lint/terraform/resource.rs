//! Resources that a rule is about, policies aside.

use super::root::Root;
use crate::lint::finding::{Finding, Findings};
use crate::model::ArnParts;
use crate::terraform::Block;
use crate::value::Value;

/// The module of ours whose bucket is there to be deleted.
const PROOF: &str = "modules/verification-bucket";

pub(super) fn rules(root: &Root<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        root.resources().flat_map(|block| root.finding(|found| emptied(root, block, found))).collect();
    found.extend(only_checked(root));
    found.extend(used_at_once(root));
    found
}

/// CR094
fn emptied(root: &Root<'_>, block: &Block, found: &mut Findings) {
    let is_bucket = block.labels.first().is_some_and(|kind| kind == "aws_s3_bucket");
    let force = block.argument("force_destroy").filter(|argument| argument.value.is_true());
    if let Some(force) = force.filter(|_| is_bucket && !root.module.folder.ends_with(PROOF)) {
        let help = "leave it out, and empty the bucket by hand when it has to go";
        found.add("CR094", force.key_at, "destroying this bucket deletes every object in it", help);
    }
}

/// CR093
fn only_checked(root: &Root<'_>) -> Vec<Finding> {
    let is_about_placement = |block: &Block| {
        mentions(block, "aws_caller_identity")
            || block.named("assert").any(|inner| mentions(inner, "aws_caller_identity"))
    };
    let proves = |block: &Block| {
        let mut rules = block.named("lifecycle").flat_map(|lifecycle| &lifecycle.blocks);
        rules.any(|rule| matches!(&*rule.keyword, "postcondition" | "precondition"))
    };
    if root.module.blocks.iter().any(proves) {
        return Vec::new();
    }
    let checks = root.module.blocks.iter().filter(|block| block.keyword == "check");
    let found = checks.filter(|block| is_about_placement(block)).flat_map(|block| {
        let help = "move it into a `postcondition` of `data.aws_caller_identity`";
        root.finding(|found| {
            found.add("CR093", block.at, "in another account this would only warn, and exit with 0", help);
        })
    });
    found.collect()
}

fn mentions(block: &Block, word: &str) -> bool {
    block.arguments.iter().any(|argument| argument.written.contains(word))
}

/// CR095
fn used_at_once(root: &Root<'_>) -> Vec<Finding> {
    let roles =
        root.resources().filter(|block| block.labels.first().is_some_and(|kind| kind == "aws_iam_role"));
    let names: Vec<&str> = roles.filter_map(|block| block.text("name")).collect();
    let hops = root.providers().flat_map(|provider| provider.named("assume_role"));
    let found = hops.flat_map(|hop| {
        let arn = hop.get("role_arn").and_then(|arn| Some((arn, ArnParts::split(arn.text()?)?)));
        let made: Option<&Value> = arn.and_then(|(arn, parts)| {
            let name = parts.resource.rsplit('/').next().unwrap_or_default();
            names.contains(&name).then_some(arn)
        });
        let help = "a new role is refused for up to 30 seconds: make it in a root of its own, applied before";
        root.finding(|found| {
            if let Some(arn) = made {
                found.add("CR095", arn.at, "this root may make the role that its provider assumes", help);
            }
        })
    });
    found.collect()
}
