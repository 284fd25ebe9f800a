//! Attributes of resources that AWS fills in, as far as they follow from what is written.
//!
//! Source: the exported attributes of `aws_iam_role`, `aws_iam_user`, `aws_iam_policy`, `aws_iam_saml_provider` and
//! `aws_iam_openid_connect_provider` in the provider's documentation, and of the data sources of these names.

use crate::diagnostic::Span;
use crate::value::{Data, Reason, Text, Value};

/// The value of an attribute that is not written; `argument` gives those that are.
pub(super) fn attribute(
    kind: &str,
    label: &str,
    name: &str,
    at: Span,
    argument: &dyn Fn(&str) -> Option<Value>,
) -> Value {
    let address = format!("`{kind}.{label}.{name}`, which is only known at run time");
    let found = match (kind, name) {
        ("aws_iam_role" | "aws_iam_user" | "aws_iam_group" | "aws_iam_instance_profile", "id") => {
            argument("name")
        }
        ("aws_iam_role", "arn") => named(at, "role", kind, label, argument),
        ("aws_iam_user", "arn") => named(at, "user", kind, label, argument),
        ("aws_iam_policy", "arn" | "id") => named(at, "policy", kind, label, argument),
        ("aws_iam_saml_provider", "arn" | "id") => named(at, "saml-provider", kind, label, argument),
        ("aws_iam_openid_connect_provider", "arn" | "id") => {
            argument("url").and_then(|url| issuer(at, kind, label, &url))
        }
        ("aws_iam_role" | "aws_iam_user" | "aws_iam_policy", "path") => Some(Value::of_text(at, "/")),
        _ => None,
    };
    found.unwrap_or_else(|| Value::unknown(at, address))
}

/// The value of an attribute of what is looked up.
pub(super) fn looked_up(
    kind: &str,
    label: &str,
    name: &str,
    at: Span,
    argument: &dyn Fn(&str) -> Option<Value>,
) -> Value {
    let given = |name: &str| argument(name).filter(|value| !value.is_null());
    let found = match (kind, name) {
        ("aws_iam_openid_connect_provider", "arn" | "id") => {
            given("arn").or_else(|| issuer(at, kind, label, &given("url")?))
        }
        ("aws_iam_saml_provider" | "aws_iam_policy", "arn" | "id") => given("arn"),
        ("aws_iam_role", "arn") => given("name").and_then(|role| role_somewhere(at, kind, label, role)),
        _ => None,
    };
    found.unwrap_or_else(|| {
        Value::unknown(at, format!("`data.{kind}.{label}`, which is only known at run time"))
    })
}

/// `arn:…:iam::…:role/path/name`, whose partition and account are those of the provider's credentials.
fn named(
    at: Span,
    resource: &str,
    kind: &str,
    label: &str,
    argument: &dyn Fn(&str) -> Option<Value>,
) -> Option<Value> {
    let mut arn = begun(at, kind, label);
    arn.push(at, resource);
    match argument("path").filter(|path| !path.is_null()) {
        Some(path) => arn.append(&text(path)?),
        None => arn.push(at, "/"),
    }
    arn.append(&text(argument("name")?)?);
    Some(Value::new(at, Data::Text(arn)))
}

/// The ARN of a role that is looked up by its name, which does not tell its path.
fn role_somewhere(at: Span, kind: &str, label: &str, role: Value) -> Option<Value> {
    let mut arn = begun(at, kind, label);
    arn.push(at, "role/");
    arn.push_unknown(Reason::new(at, format!("the path of `data.{kind}.{label}`")));
    arn.append(&text(role)?);
    Some(Value::new(at, Data::Text(arn)))
}

fn text(value: Value) -> Option<Text> {
    match value.data {
        Data::Text(text) => Some(text),
        Data::Unknown(reason) => Some(Text::unknown(reason)),
        _ => None,
    }
}

fn issuer(at: Span, kind: &str, label: &str, url: &Value) -> Option<Value> {
    let Data::Text(url) = &url.data else { return None };
    let mut arn = begun(at, kind, label);
    arn.push(at, "oidc-provider/");
    match url.as_str() {
        Some(url) => arn.push(at, url.strip_prefix("https://").unwrap_or(url)),
        None => arn.push_unknown(url.reason()?.clone()),
    }
    Some(Value::new(at, Data::Text(arn)))
}

/// `arn:`, a partition, `:iam::`, an account and `:`.
fn begun(at: Span, kind: &str, label: &str) -> Text {
    let unknown = |what: &str| Reason::new(at, format!("{what} of `{kind}.{label}`"));
    let mut arn = Text::known(at, "arn:");
    arn.push_unknown(unknown("the partition"));
    arn.push(at, ":iam::");
    arn.push_unknown(unknown("the account"));
    arn.push(at, ":");
    arn
}
