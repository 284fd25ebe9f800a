//! `yamldecode(…)`. Places inside the YAML are those of the call: accounts are listed there, not policies.

use serde_yaml::Value as Yaml;

use super::{Call, Done, Stop};
use crate::terraform::number;
use crate::value::{Data, Entries, Entry, Value};

/// Words that are conditions in YAML 1.1, and texts in 1.2.
const CONDITIONS: [&str; 6] = ["y", "n", "yes", "no", "on", "off"];

pub(super) fn call(call: &Call<'_>) -> Option<Done> {
    (call.name == "yamldecode").then(|| decode(call))
}

fn decode(call: &Call<'_>) -> Done {
    call.at_most(1)?;
    let text = call.text(0)?;
    let yaml: Yaml = serde_yaml::from_str(&text).map_err(|_| Stop::Refused("this is not YAML".to_owned()))?;
    value(call, &yaml).map(|value| value.data)
}

fn value(call: &Call<'_>, yaml: &Yaml) -> Result<Value, Stop> {
    if !call.names.work().spend(1) {
        return Err(super::unknown(call, "more than can be worked out here"));
    }
    let data = match yaml {
        Yaml::Null => Data::Null,
        Yaml::Bool(is) => Data::Bool(*is),
        Yaml::Number(written) => match number::canonical(&written.to_string()) {
            Some(number) => Data::Number(number),
            None => return Err(super::unknown(call, "a number in YAML that is not followed here")),
        },
        // Terraform takes them for conditions, unless they are in quotes, which is not seen here.
        Yaml::String(text) if CONDITIONS.contains(&text.to_lowercase().as_str()) => {
            return Err(super::unknown(call, format!("`{text}` in YAML, which may be a condition")));
        }
        Yaml::String(text) => return Ok(Value::of_text(call.at, text.as_str())),
        Yaml::Sequence(items) => {
            Data::List(items.iter().map(|item| value(call, item)).collect::<Result<_, _>>()?)
        }
        Yaml::Mapping(members) => {
            let mut entries = Entries::default();
            for (key, member) in members {
                let key = super::text_of(&value(call, key)?)?;
                entries.insert(Entry::new(key, call.at, value(call, member)?));
            }
            Data::Object(entries.into_list())
        }
        Yaml::Tagged(_) => return Err(super::unknown(call, "a tag in YAML")),
    };
    Ok(Value::new(call.at, data))
}
