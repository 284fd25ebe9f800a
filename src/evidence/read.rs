//! Evidence as text, and back.

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Evidence, VERSION};
use crate::diagnostic::{Error, Kind};

/// Evidence as the text of its file.
#[must_use]
pub fn to_text(evidence: &Evidence) -> String {
    format!("{:#}\n", serde_json::json!(evidence))
}

/// Reads evidence. Whoever wrote it may be a stranger: its texts may be anything.
///
/// # Errors
/// That it is not evidence, or of a newer version than this program knows; `name` says whose text it is.
pub fn read(name: &str, text: &str) -> Result<Evidence, Error> {
    #[derive(Deserialize)]
    #[serde(expecting = "evidence of `crossrole verify`")]
    struct Header {
        version: u32,
    }
    let damaged = |error: serde_json::Error| {
        let help = "`crossrole verify --evidence FILE` writes such files";
        Error::one(Kind::Input, format!("`{name}` is not evidence of `crossrole verify`: {error}"), help)
    };
    let Header { version } = serde_json::from_str(text).map_err(damaged)?;
    if version != VERSION {
        let message = format!(
            "`{name}` has version {version} of the format, and this crossrole reads version {VERSION}"
        );
        return Err(Error::one(
            Kind::Input,
            message,
            "read it with the version of crossrole that wrote it, or a newer one",
        ));
    }
    serde_json::from_str(text).map_err(damaged)
}

/// The JSON Schema of the evidence file.
#[must_use]
pub fn json_schema() -> Json {
    let mut schema = schemars::schema_for!(Evidence);
    schema.insert("title".to_owned(), "Evidence of crossrole verify".into());
    schema.pointer_mut("/properties/version").into_iter().for_each(|version| {
        version["const"] = VERSION.into();
    });
    schema.to_value()
}

#[cfg(test)]
mod tests {
    use super::{read, to_text};
    use crate::evidence::{CallerSeen, Evidence, SpecDigest, Step, StepName, StepOutcome};
    use crate::evidence::{TargetEvidence, TargetOutcome, Tools};

    fn evidence() -> Evidence {
        let mut step = Step {
            step: StepName::Assume,
            role_arn: "arn:aws:iam::222222222222:role/R".to_owned(),
            expected: StepName::Assume.expected(),
            seen: Some("allowed".to_owned()),
            outcome: StepOutcome::Ok,
            detail: None,
            request_id: None,
            started: "2026-01-02T03:04:05Z".to_owned(),
            duration_ms: 12,
        };
        step.tell("a\nkey AKIAIOSFODNN7EXAMPLE, \"SessionToken\": \"abc\"");
        let mut target = TargetEvidence::untried("staging", "222222222222");
        target.outcome = TargetOutcome::AsDeclared;
        target.steps.push(step);
        Evidence {
            version: 1,
            crossrole: "0.1.0".to_owned(),
            tools: Tools::default(),
            spec: SpecDigest::default(),
            caller: CallerSeen::default(),
            started: "2026-01-02T03:04:05Z".to_owned(),
            ended: None,
            complete: false,
            targets: vec![target],
        }
    }

    #[test]
    fn what_is_written_is_read_again_without_credentials() {
        let text = to_text(&evidence());
        assert_eq!(read("e.json", &text).expect("it is evidence"), evidence());
        assert!(!text.contains("IOSFODNN7EXAMPLE") && !text.contains("abc"), "{text}");
    }

    #[test]
    fn other_texts_are_refused() {
        let refusal = |text: &str| read("e.json", text).expect_err("it is not evidence").to_string();
        for text in ["", "[]", "{}", "null", "{\"version\": 1}", "{\"version\": \"1\"}"] {
            assert!(refusal(text).contains("is not evidence of `crossrole verify`"), "{text}");
        }
        assert!(refusal("{\"version\": 2}").contains("has version 2 of the format"));
    }
}
