//! The kinds of principal that trust policies name, with what each can ask for and what its requests say.

use serde_json::Value;

use super::random::{self, ARN, Key, TEXT};

/// A kind of principal: how policies name it, who asks, and for what.
pub(super) struct Principals {
    /// The key below `Principal`.
    pub(super) element: &'static str,
    pub(super) named: &'static [&'static str],
    pub(super) callers: &'static [&'static str],
    pub(super) actions: &'static [&'static str],
    pub(super) patterns: &'static [&'static str],
    pub(super) keys: &'static [Key],
}

const GITHUB: &str = "arn:aws:iam::222222222222:oidc-provider/token.actions.githubusercontent.com";
const CORP: &str = "arn:aws:iam::222222222222:saml-provider/corp";
const CANONICAL: &str = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";

const fn text(name: &'static str, wanted: &'static [&'static str], found: &'static [&'static str]) -> Key {
    Key { name, operators: TEXT, wanted, found, many: false }
}

pub(super) static KINDS: [Principals; 6] = [
    Principals {
        element: "AWS",
        named: &random::PRINCIPALS,
        // The root of an account assumes no role.
        callers: random::CALLERS.split_at(1).1,
        actions: &["sts:AssumeRole", "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        patterns: random::ACTION_PATTERNS.split_at(8).0,
        keys: &random::KEYS,
    },
    Principals {
        element: "Service",
        named: &["lambda.amazonaws.com", "ec2.amazonaws.com", "states.us-east-1.amazonaws.com"],
        callers: &["lambda.amazonaws.com", "ec2.amazonaws.com", "states.us-east-1.amazonaws.com"],
        actions: &["sts:AssumeRole", "sts:AssumeRole", "sts:TagSession"],
        patterns: random::ACTION_PATTERNS.split_at(8).0,
        keys: &[
            text(
                "aws:SourceAccount",
                &["222222222222", "2222*", "${aws:ResourceAccount}"],
                &["222222222222", "111111111111"],
            ),
            Key {
                name: "aws:SourceArn",
                operators: ARN,
                wanted: &[
                    "arn:aws:sns:*:222222222222:*",
                    "arn:aws:sns:us-east-1:222222222222:t*",
                    "arn:aws:s3:::acme-*",
                ],
                found: &["arn:aws:sns:us-east-1:222222222222:topic", "arn:aws:s3:::acme-logs"],
                many: false,
            },
            text("aws:PrincipalServiceName", &["lambda.amazonaws.com", "*.amazonaws.com"], &[]),
            Key {
                name: "aws:PrincipalIsAWSService",
                operators: &["Bool"],
                wanted: &["true", "false"],
                found: &[],
                many: false,
            },
        ],
    },
    Principals {
        element: "Federated",
        named: &[CORP],
        callers: &[CORP, "arn:aws:iam::222222222222:saml-provider/other"],
        actions: &["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithSAML", "sts:TagSession"],
        patterns: &[
            "sts:AssumeRoleWithSAML",
            "sts:AssumeRole*",
            "sts:*",
            "sts:assumerolewithsaml",
            "sts:TagSession",
        ],
        keys: &[
            text(
                "SAML:aud",
                &["https://signin.aws.amazon.com/saml", "https://*.aws.amazon.com/saml"],
                &["https://signin.aws.amazon.com/saml", "https://eu-west-1.signin.aws.amazon.com/saml"],
            ),
            text("SAML:sub_type", &["persistent", "transient", "p*"], &["persistent", "transient"]),
            text("saml:edupersonorgdn", &["ou=ops", "ou=*", "${saml:sub_type}"], &["ou=ops", "ou=dev"]),
        ],
    },
    Principals {
        element: "Federated",
        named: &[GITHUB],
        callers: &[GITHUB, "arn:aws:iam::222222222222:oidc-provider/gitlab.com"],
        actions: &["sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        patterns: &[
            "sts:AssumeRoleWithWebIdentity",
            "sts:AssumeRole*",
            "sts:*",
            "sts:*Identity",
            "sts:TagSession",
        ],
        keys: &[
            text(
                "token.actions.githubusercontent.com:sub",
                &[
                    "repo:acme/app:ref:refs/heads/main",
                    "repo:acme/app:*",
                    "repo:acme/*",
                    "repo:acme/app:ref:refs/heads/*",
                    "repo:acme*:environment:?rod",
                ],
                &[
                    "repo:acme/app:ref:refs/heads/main",
                    "repo:acme/app:pull_request",
                    "repo:acme-evil/app:environment:prod",
                    "repo:acme/other:ref:refs/heads/main",
                ],
            ),
            text(
                "token.actions.githubusercontent.com:aud",
                &["sts.amazonaws.com", "sts.*"],
                &["sts.amazonaws.com", "https://github.com/acme"],
            ),
            text(
                "token.actions.githubusercontent.com:environment",
                &["production", "prod*", "Production"],
                &["production", "staging"],
            ),
        ],
    },
    Principals {
        element: "Federated",
        named: &["cognito-identity.amazonaws.com", "accounts.google.com"],
        callers: &["cognito-identity.amazonaws.com", "accounts.google.com"],
        actions: &["sts:AssumeRoleWithWebIdentity"],
        patterns: &["sts:AssumeRoleWithWebIdentity", "sts:AssumeRole*", "sts:*"],
        keys: &[
            text(
                "cognito-identity.amazonaws.com:aud",
                &["eu-west-1:pool", "eu-west-1:*"],
                &["eu-west-1:pool", "eu-west-1:x"],
            ),
            Key {
                name: "cognito-identity.amazonaws.com:amr",
                operators: TEXT,
                wanted: &["authenticated", "unauthenticated", "*authenticated"],
                found: &["authenticated", "unauthenticated"],
                many: true,
            },
            text("accounts.google.com:aud", &["app", "app*"], &["app", "app2"]),
        ],
    },
    Principals {
        element: "CanonicalUser",
        named: &[CANONICAL],
        callers: &[CANONICAL],
        actions: &["sts:AssumeRole"],
        patterns: random::ACTION_PATTERNS.split_at(8).0,
        keys: &random::KEYS,
    },
];

/// The kinds of principal that a statement names.
pub(super) fn kinds(statement: &Value) -> Vec<&'static Principals> {
    let is_named = |kind: &&Principals| match &statement["Principal"] {
        Value::Object(named) => named.get(kind.element).is_some_and(|listed| {
            let texts = listed.as_array().map_or(std::slice::from_ref(listed), Vec::as_slice);
            texts.iter().any(|text| *text == "*" || kind.named.iter().any(|known| text == known))
        }),
        _ => true,
    };
    KINDS.iter().filter(is_named).collect()
}
