//! The IAM roles of a CloudFormation template, as far as they are written out.
//!
//! Refuses to evaluate CloudFormation's functions: whatever one of them decides is not known.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::canonical::canonical_text;

/// The type of a role in a template.
const ROLE: &str = "AWS::IAM::Role";

/// Seconds, where `MaxSessionDuration` is left out. Source: IAM, `CreateRole`.
const DEFAULT_SESSION: u64 = 3600;

/// What a template says of roles.
#[derive(Debug, Default)]
pub struct Template {
    /// Its roles.
    pub roles: Vec<TemplateRole>,
    /// What could make a role that is not among them, each in words.
    pub unread: Vec<String>,
}

/// A role of a template. A text that only CloudFormation knows is `None`.
#[derive(Debug)]
pub struct TemplateRole {
    /// What the template calls it.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its trust policy, in canonical form.
    pub trust_policy: Option<String>,
    /// Its inline policies, in canonical form, by name.
    pub inline_policies: BTreeMap<String, Option<String>>,
    /// The managed policies attached to it, as texts.
    pub managed_policies: BTreeSet<String>,
    /// The managed policy that bounds it, as a text.
    pub boundary: Option<String>,
    /// The longest session, in seconds.
    pub max_session_duration: Option<u64>,
}

/// Whether a text could be a template with roles.
#[must_use]
pub fn may_be_template(text: &str) -> bool {
    text.contains(ROLE)
}

impl Template {
    /// Reads a template in JSON.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let parsed = serde_json::from_str::<Value>(text).unwrap_or_default();
        let Some(resources) = parsed.get("Resources").and_then(Value::as_object) else {
            let unread = vec!["a template that is not JSON with `Resources` may hold a role".to_owned()];
            return Self { roles: Vec::new(), unread };
        };
        // Keys of a mapping that stand there twice: CloudFormation refuses them, and what is read here is only the last.
        let mut template = Self::default();
        if crate::value::parse(text, 0).is_err() {
            template.unread.push("a template with duplicate keys may hold another role".to_owned());
        }
        if parsed.get("Transform").is_some() {
            template.unread.push("a template with a `Transform` may become another".to_owned());
        }
        for (id, resource) in resources {
            template.take(id, resource);
        }
        template
    }

    fn take(&mut self, id: &str, resource: &Value) {
        let kind = resource.get("Type").and_then(Value::as_str).unwrap_or_default();
        if kind == ROLE {
            let nothing = Map::new();
            let properties = resource.get("Properties").and_then(Value::as_object).unwrap_or(&nothing);
            self.roles.push(TemplateRole::new(id, properties));
        } else if !kind.starts_with("AWS::")
            || kind.starts_with("AWS::CloudFormation::")
            || is_decided(resource)
        {
            self.unread.push(format!("the resource `{id}` was not read, and may make a role"));
        }
    }
}

impl TemplateRole {
    fn new(id: &str, properties: &Map<String, Value>) -> Self {
        let text = |name: &str| properties.get(name).and_then(Value::as_str).map(str::to_owned);
        let list = |name: &str| properties.get(name).and_then(Value::as_array).into_iter().flatten();
        let inline = list("Policies").enumerate().map(|(number, policy)| {
            let name = policy.get("PolicyName").and_then(Value::as_str);
            let name = name.map_or_else(|| format!("policy {}", number + 1), str::to_owned);
            (name, policy.get("PolicyDocument").and_then(written_out))
        });
        Self {
            id: id.to_owned(),
            name: text("RoleName"),
            trust_policy: properties.get("AssumeRolePolicyDocument").and_then(written_out),
            inline_policies: inline.collect(),
            managed_policies: list("ManagedPolicyArns").map(shown).collect(),
            boundary: properties.get("PermissionsBoundary").map(shown),
            max_session_duration: match properties.get("MaxSessionDuration") {
                Some(seconds) => seconds.as_u64(),
                None => Some(DEFAULT_SESSION),
            },
        }
    }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A document in which CloudFormation decides nothing.
fn written_out(document: &Value) -> Option<String> {
    (document.is_object() && !is_decided(document)).then(|| canonical_text(document))
}

/// Whether CloudFormation puts something else in the place of a part of a value.
///
/// Source: intrinsic functions and dynamic references in the CloudFormation user guide.
#[must_use]
pub fn is_decided(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains("{{resolve:"),
        Value::Array(items) => items.iter().any(is_decided),
        Value::Object(object) => object.iter().any(|(key, value)| {
            key == "Ref" || key.starts_with("Fn::") || key.contains("{{resolve:") || is_decided(value)
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(properties: &str) -> TemplateRole {
        let text =
            format!(r#"{{"Resources": {{"R": {{"Type": "AWS::IAM::Role", "Properties": {properties}}}}}}}"#);
        let mut template = Template::read(&text);
        assert_eq!(template.unread, Vec::<String>::new());
        template.roles.pop().expect("a role")
    }

    #[test]
    fn what_cloudformation_decides_is_not_known() {
        let known = role(r#"{"RoleName": "One", "AssumeRolePolicyDocument": {"Statement": []}}"#);
        assert_eq!(known.name.as_deref(), Some("One"));
        assert_eq!(known.trust_policy.as_deref(), Some("{\n  \"Statement\": []\n}\n"));
        for document in [
            r#"{"Statement": {"Principal": {"AWS": {"Ref": "Who"}}}}"#,
            r#"{"Statement": {"Principal": {"AWS": {"Fn::Sub": "${Who}"}}}}"#,
            r#"{"Statement": {"Principal": {"AWS": "{{resolve:ssm:who}}"}}}"#,
            r#"{"Fn::Transform": {}}"#,
            "\"text\"",
        ] {
            let found = role(&format!(r#"{{"AssumeRolePolicyDocument": {document}}}"#));
            assert_eq!(found.trust_policy, None, "{document}");
        }
        assert_eq!(role("{}").trust_policy, None);
    }

    #[test]
    fn what_may_make_another_role_is_named() {
        for text in [
            "Resources: {}",
            r#"{"Resources": {"A": {"Type": "AWS::CloudFormation::Stack"}}}"#,
            r#"{"Resources": {"A": {"Type": "Acme::Role::MODULE"}}}"#,
            r#"{"Transform": "AWS::Serverless-2016-10-31", "Resources": {}}"#,
            r#"{"Resources": {"A": {"Type": "AWS::IAM::Role"}, "A": {"Type": "AWS::IAM::Role"}}}"#,
        ] {
            assert_eq!(Template::read(text).unread.len(), 1, "{text}");
        }
    }
}
