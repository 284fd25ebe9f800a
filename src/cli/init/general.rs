//! What holds for everything that is generated, changed in the review alone: the spec's name, and default tags.

use std::collections::BTreeMap;

use super::ask::{Ask, NONE, Question, Stop, required};
use crate::answers::pasted;
use crate::diagnostic::Error;
use crate::model::{Invalid, SpecName, TagKey, TagValue, Text};

/// The name that a spec has without one.
const NAME: &str = "crossrole";

pub(super) fn name(ask: &mut dyn Ask, known: Option<&SpecName>) -> Result<Option<SpecName>, Stop> {
    let why =
        "Prefix of everything created in account A. Two specs that share an account need different names.";
    let question = Question::new("Name", why).or(Some(known.map_or(NAME, SpecName::as_str)));
    let name = required(ask, &question, &pasted::plain)?;
    Ok(Some(name).filter(|name: &SpecName| name.as_str() != NAME))
}

pub(super) fn tags(
    ask: &mut dyn Ask,
    known: &BTreeMap<TagKey, TagValue>,
) -> Result<BTreeMap<TagKey, TagValue>, Stop> {
    let shown: Vec<String> = known.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let (way, default) = match shown.as_slice() {
        [] => ("optional, like team=platform, env=prod", None),
        shown => ("`none` removes them", Some(shown.join(", "))),
    };
    let why = "Added to everything that Terraform creates.";
    let question = Question::new(format!("Default tags ({way})"), why).or(default);
    let text = ask.text(&question, &|text| parsed(text).map(drop))?;
    Ok(parsed(&text).map_err(Error::bug)?)
}

fn parsed(text: &str) -> Result<BTreeMap<TagKey, TagValue>, String> {
    let said = |invalid: Invalid| format!("{}: {}", invalid.message, invalid.help);
    let one = |pair: &str| {
        let (key, value) = pair.split_once('=').ok_or_else(|| format!("`{pair}` has no `=`"))?;
        let (key, value) = (TagKey::parse(key.trim()).map_err(said)?, TagValue::parse(value.trim()));
        Ok((key, value.map_err(said)?))
    };
    let text = text.trim();
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty() && *pair != NONE);
    pairs.map(one).collect()
}
