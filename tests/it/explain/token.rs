//! `explain --token`: a token of an OIDC provider as the request.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::effort::scaled;
use crate::support::{Case, Ran};

const ROLE: &str = "arn:aws:iam::111111111111:role/ci";
const GITHUB: &str = "token.actions.githubusercontent.com";

fn trust(host: &str, condition: &Value) -> String {
    let provider = format!("arn:aws:iam::111111111111:oidc-provider/{host}");
    json!({
        "Version": "2012-10-17",
        "Statement": {
            "Sid": "Ci",
            "Effect": "Allow",
            "Principal": {"Federated": provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": condition,
        },
    })
    .to_string()
}

fn jwt(payload: &Value) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2lnbmF0dXJl", part(&json!({"alg": "RS256", "typ": "JWT"})), part(payload))
}

fn github() -> Value {
    json!({
        "iss": format!("https://{GITHUB}"),
        "aud": "sts.amazonaws.com",
        "sub": "repo:acme/infra:ref:refs/heads/main",
        "repository_id": "1234",
        "run_id": "77",
        "exp": 1,
    })
}

fn ask(trust: &str, token: impl AsRef<[u8]>, more: &[&str]) -> Ran {
    let case = Case::new("");
    case.write("trust.json", trust);
    case.write("token", token);
    let fixed = ["explain", "--policy", "trust.json", "--role", ROLE, "--token", "token"];
    case.run(&[&fixed, more].concat())
}

fn answer(trust: &str, payload: &Value) -> Value {
    ask(trust, jwt(payload), &["--format", "json"]).exits(0).json()
}

#[test]
fn a_token_is_a_request_whose_failed_condition_is_named() {
    let trust = trust(
        GITHUB,
        &json!({
            "StringEquals": {format!("{GITHUB}:aud"): "sts.amazonaws.com", format!("{GITHUB}:repository_id"): "1234"},
            "StringLike": {format!("{GITHUB}:sub"): "repo:acme/infra:*"},
        }),
    );
    let with = |key: &str, value: Value| {
        let mut payload = github();
        payload[key] = value;
        payload
    };
    let good = answer(&trust, &github());
    assert_eq!((&good["decision"], &good["statement"]), (&json!("allow"), &json!("Ci")), "{good:#}");
    assert_eq!(good["principal"], format!("arn:aws:iam::111111111111:oidc-provider/{GITHUB}"));
    assert_eq!(good["action"], "sts:AssumeRoleWithWebIdentity");
    for (payload, condition) in [
        (with("sub", json!("repo:acme/other:ref:refs/heads/main")), "sub` (StringLike) `repo:acme/infra:*`"),
        (with("aud", json!("https://github.com/acme")), "aud` = `sts.amazonaws.com`"),
        (with("repository_id", json!("9")), "repository_id` = `1234`"),
        (with("repository_id", Value::Null), "repository_id` = `1234`"),
        // AWS compares the authorized party, where there is one.
        (with("azp", json!("another")), "aud` = `sts.amazonaws.com`"),
        (with("iss", json!(format!("https://{GITHUB}/acme"))), "the principal"),
    ] {
        let answer = answer(&trust, &payload);
        assert_eq!(answer["decision"], "deny", "{answer:#}");
        assert!(answer["reason"].as_str().is_some_and(|reason| reason.contains(condition)), "{answer:#}");
    }
    // Numbers and lists are compared by their texts, and the payload alone will do.
    let payload = with("aud", json!(["a", "sts.amazonaws.com"]));
    let payload =
        json!({"repository_id": 1234, "iss": payload["iss"], "aud": payload["aud"], "sub": payload["sub"]});
    assert_eq!(ask(&trust, payload.to_string(), &["--format", "json"]).exits(0).json()["decision"], "allow");
    let context = format!("{GITHUB}:repository_id=9");
    let overridden = ask(&trust, jwt(&github()), &["--context", &context, "--format", "json"]).exits(0);
    assert_eq!(overridden.json()["decision"], "deny");
}

#[test]
fn what_was_not_checked_is_said() {
    let host = "gitlab.example.com";
    let trust = trust(host, &json!({"StringEquals": {format!("{host}:project_id"): "7"}}));
    let payload = json!({"iss": format!("https://{host}"), "project_id": "7", "exp": 1});
    let ran = ask(&trust, jwt(&payload), &[]).exits(0);
    for text in [
        "deny:",
        "the token's signature and times (`exp`, `nbf`) were not checked",
        "the token has no `aud`",
        "`gitlab.example.com:project_id`, which AWS does not list as a condition key",
    ] {
        assert!(ran.stdout.contains(text), "no `{text}` in {}", ran.stdout);
    }
}

/// Tags and the source identity are in the token, and AWS asks for them as well.
#[test]
fn tags_of_the_token_are_asked_for() {
    let host = "login.app.env0.com/";
    let trust = trust(host, &json!({"StringEquals": {"aws:RequestTag/projectId": "p1"}}));
    let mut payload = json!({"iss": format!("https://{host}"), "aud": "a", "sub": "auth0|x"});
    assert_eq!(answer(&trust, &payload)["decision"], "deny");
    payload["https://aws.amazon.com/tags"] =
        json!({"principal_tags": {"projectId": ["p1"]}, "transitive_tag_keys": ["projectId"]});
    let nested = answer(&trust, &payload);
    assert_eq!(
        (&nested["decision"], &nested["also"][0]["action"]),
        (&json!("allow"), &json!("sts:TagSession"))
    );
    assert_eq!(nested["also"][0]["decision"], "deny");
    let flat = json!({
        "iss": format!("https://{host}"), "aud": "a", "sub": "auth0|x",
        "https://aws.amazon.com/tags/principal_tags/projectId": "p1",
        "https://aws.amazon.com/source_identity": "me",
    });
    let flat = answer(&trust, &flat);
    assert_eq!(
        (&flat["decision"], &flat["also"][1]["action"]),
        (&json!("allow"), &json!("sts:SetSourceIdentity"))
    );
}

/// A provider that AWS knows by itself is its host, with the scheme or without.
#[test]
fn a_built_in_provider_is_its_host() {
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Federated": "accounts.google.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {"accounts.google.com:aud": "app", "accounts.google.com:oaud": "backend"}},
        },
    });
    for issuer in ["accounts.google.com", "https://accounts.google.com"] {
        let payload = json!({"iss": issuer, "azp": "app", "aud": "backend", "sub": "1"});
        assert_eq!(answer(&trust.to_string(), &payload)["decision"], "allow");
    }
}

/// Whatever is wrong, nothing of the text is shown.
#[test]
fn a_text_that_is_not_a_token_is_refused_and_not_shown() {
    let part = |text: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(text);
    let header = part(br#"{"alg": "RS256"}"#);
    let of = |payload: &[u8]| format!("{header}.{}.x", part(payload)).into_bytes();
    let nested = format!("{}\"hunter2\"{}", "[".repeat(4000), "]".repeat(4000));
    let trust = trust(GITHUB, &json!({}));
    for (text, message) in [
        (b"hunter2".to_vec(), "not a JWT"),
        (Vec::new(), "not a JWT"),
        (b"hunter2.hunter2.hunter2.hunter2.hunter2".to_vec(), "is encrypted"),
        (b"hun!ter2.hunter2.x".to_vec(), "the header of the token is not base64url"),
        (b"{\"iss\": \"hunter2\"".to_vec(), "the payload of the token is not JSON"),
        (of(b"hunter2"), "the payload of the token is not JSON"),
        (of(b"[\"hunter2\"]"), "not a JSON object"),
        (of(b"\xffhunter2"), "not UTF-8"),
        (b"\xffhunter2".to_vec(), "not UTF-8"),
        (of(b"{\"sub\": \"hunter2\"}"), "has no claim `iss`"),
        (of(b"{\"iss\": [\"hunter2\"]}"), "is not a text"),
        (of(b"{\"iss\": \"http://hunter2\"}"), "not an `https://` URL"),
        (of(b"{\"iss\": \"https://hunter2 \\u001b[31m\"}"), "not the URL of an OIDC provider"),
        (of(b"{\"iss\": \"https://a\", \"hunter2\": 1, \"hunter2\": 2}"), "has a key twice"),
        (format!("{{\"iss\": {nested}}}").into_bytes(), "nested too deep"),
        (format!("{header}.{}.x", "a".repeat(30_000)).into_bytes(), "longer than the 20000 characters"),
        (format!("{{\"hunter2\": \"{}\"}}", "a".repeat(10 << 20)).into_bytes(), "larger than 4 MiB"),
    ] {
        let ran = ask(&trust, &text, &[]).exits(1);
        assert!(ran.stderr.contains(message), "no `{message}` in {}", ran.stderr);
        let shown = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!shown.contains("hunter2") && !shown.contains(&part(b"hunter2")), "{shown}");
    }
    // Somebody who gives the token itself is not told what it is.
    let case = Case::new("");
    case.write("trust.json", &trust);
    let token = jwt(&github());
    let ran = case.run(&["explain", "--policy", "trust.json", "--role", ROLE, "--token", &token]).exits(1);
    assert!(
        ran.stderr.contains("takes the path of a file") && !ran.stderr.contains(&token),
        "{}",
        ran.stderr
    );
    for wrong in [&["--mfa"][..], &["--external-id", "x"], &["--principal", "*"], &["--identity-policy", "x"]]
    {
        let fixed = ["explain", "--policy", "trust.json", "--role", ROLE, "--token", "token"];
        case.run(&[&fixed, wrong].concat()).exits(64);
    }
}

/// No text makes the program fail otherwise than by saying what is wrong.
#[test]
fn any_text_is_answered() {
    let config = Config { failure_persistence: None, cases: scaled(400), ..Config::default() };
    let text = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "[A-Za-z0-9_.=-]{0,200}".prop_map(String::into_bytes),
        r#"\{"iss": ?"(https://)?[a-z./*?#@-]{0,20}", ?"[a-z]{0,5}": ?[0-9\[\]{}"]{0,9}\}"#
            .prop_map(String::into_bytes),
    ];
    let trust = trust(GITHUB, &json!({"StringEquals": {format!("{GITHUB}:sub"): "x"}}));
    TestRunner::new(config)
        .run(&text, |text| {
            let code = ask(&trust, &text, &[]).code;
            prop_assert!(matches!(code, Some(0 | 1)), "{code:?}");
            Ok(())
        })
        .expect("the law holds");
}
