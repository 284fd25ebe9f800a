//! What is in one account, asked of the stand-in directly: no session and no Terraform in between.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::cloud::Cloud;

/// One account.
#[derive(Clone, Copy)]
pub(crate) struct Account<'c> {
    pub(super) cloud: &'c Cloud,
    pub(super) id: &'c str,
}

/// A long-term key, or that of a session.
pub(super) struct Key {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) token: Option<String>,
}

impl Account<'_> {
    /// Makes an IAM user and a key of theirs.
    pub(super) fn create_user(self, path: &str, name: &str) -> Key {
        self.iam("CreateUser", &[("Path", path), ("UserName", name)]);
        let created = self.iam("CreateAccessKey", &[("UserName", name)]);
        key(&created["AccessKey"])
    }

    /// A session of a role, whoever may have one.
    pub(super) fn session(self, role: &str) -> Key {
        let version = ("sts", "2011-06-15");
        let parameters = [("RoleArn", role), ("RoleSessionName", "test")];
        key(&self.query(version, "AssumeRole", &parameters)["Credentials"])
    }

    /// Makes a role that does not let anyone in.
    pub(super) fn create_role(self, path: &str, name: &str) {
        let nobody = r#"{"Version":"2012-10-17","Statement":[]}"#;
        self.iam("CreateRole", &[("Path", path), ("RoleName", name), ("AssumeRolePolicyDocument", nobody)]);
    }

    /// Makes a role with a trust policy and policies of AWS's own.
    pub(crate) fn create_trusting_role(self, name: &str, trust: &str, policies: &[&str]) {
        self.iam("CreateRole", &[("RoleName", name), ("AssumeRolePolicyDocument", trust)]);
        for policy in policies {
            let arn = format!("arn:aws:iam::aws:policy/{policy}");
            self.iam("AttachRolePolicy", &[("RoleName", name), ("PolicyArn", &arn)]);
        }
    }

    /// Makes a managed policy.
    pub(super) fn create_policy(self, name: &str) {
        let all =
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
        self.iam("CreatePolicy", &[("PolicyName", name), ("PolicyDocument", all)]);
    }

    /// Makes a bucket.
    pub(crate) fn create_bucket(self, name: &str) {
        self.s3("PUT", name);
    }

    /// The names of the buckets.
    pub(crate) fn buckets(self) -> Vec<String> {
        between(&self.s3("GET", ""), "<Name>", "</Name>")
    }

    /// The names of the objects in a bucket.
    pub(super) fn objects(self, bucket: &str) -> Vec<String> {
        between(&self.s3("GET", bucket), "<Key>", "</Key>")
    }

    /// The region of a bucket; none is the oldest one.
    pub(super) fn region_of(self, bucket: &str) -> Option<String> {
        let answer = self.s3("GET", &format!("{bucket}?location"));
        let (_, location) = answer.split_once("<LocationConstraint").expect("buckets have a location");
        between(location, ">", "</LocationConstraint").pop()
    }

    /// Everything that can be left behind, by kind and name.
    pub(super) fn holdings(self) -> BTreeSet<String> {
        let buckets = self.buckets().into_iter().map(|name| format!("bucket {name}"));
        let listed = |action: &str, list: &str, scope: &[(&str, &str)]| -> Vec<String> {
            let answer = self.iam(action, scope);
            let entries = answer[list].as_array().expect("lists are arrays").iter();
            entries.map(|entry| entry["Arn"].as_str().expect("everything has an ARN").to_owned()).collect()
        };
        let mut holdings: BTreeSet<String> = buckets.collect();
        holdings.extend(listed("ListRoles", "Roles", &[]));
        holdings.extend(listed("ListUsers", "Users", &[]));
        holdings.extend(listed("ListPolicies", "Policies", &[("Scope", "Local")]));
        holdings.extend(listed("ListOpenIDConnectProviders", "OpenIDConnectProviderList", &[]));
        holdings
    }

    /// An OIDC provider, as `GetOpenIDConnectProvider` shows it.
    #[track_caller]
    pub(super) fn oidc_provider(self, host: &str) -> Value {
        let arn = format!("arn:aws:iam::{}:oidc-provider/{host}", self.id);
        self.iam("GetOpenIDConnectProvider", &[("OpenIDConnectProviderArn", &arn)])
    }

    /// A role, as `GetRole` shows it.
    #[track_caller]
    pub(super) fn role(self, name: &str) -> Value {
        self.iam("GetRole", &[("RoleName", name)])["Role"].take()
    }

    /// Who can assume a role.
    #[track_caller]
    pub(super) fn trust_policy(self, role: &str) -> Value {
        document(&self.role(role)["AssumeRolePolicyDocument"])
    }

    /// The ARNs of the managed policies that a role has.
    #[track_caller]
    pub(super) fn attached_to_role(self, name: &str) -> Vec<String> {
        attached(&self.iam("ListAttachedRolePolicies", &[("RoleName", name)]))
    }

    /// The ARNs of the managed policies that a user has.
    #[track_caller]
    pub(super) fn attached_to_user(self, name: &str) -> Vec<String> {
        attached(&self.iam("ListAttachedUserPolicies", &[("UserName", name)]))
    }

    /// The names of a role's inline policies.
    #[track_caller]
    pub(super) fn inline_policies(self, role: &str) -> Value {
        self.iam("ListRolePolicies", &[("RoleName", role)])["PolicyNames"].take()
    }

    /// One inline policy of a role.
    #[track_caller]
    pub(super) fn inline_policy(self, role: &str, name: &str) -> Value {
        document(&self.iam("GetRolePolicy", &[("RoleName", role), ("PolicyName", name)])["PolicyDocument"])
    }

    /// What a managed policy of the account says now.
    #[track_caller]
    pub(super) fn managed_policy(self, name: &str) -> Value {
        let arn = format!("arn:aws:iam::{}:policy/{name}", self.id);
        let mut policy = self.iam("GetPolicy", &[("PolicyArn", &arn)]);
        let version = policy["Policy"]["DefaultVersionId"].take();
        let version = version.as_str().expect("policies have a version");
        let answer = self.iam("GetPolicyVersion", &[("PolicyArn", &arn), ("VersionId", version)]);
        document(&answer["PolicyVersion"]["Document"])
    }

    /// One call of IAM: what comes with the answer.
    #[track_caller]
    fn iam(self, action: &str, parameters: &[(&str, &str)]) -> Value {
        self.query(("iam", "2010-05-08"), action, parameters)
    }

    /// One call of a service, at a version of its interface.
    #[track_caller]
    fn query(self, (service, version): (&str, &str), action: &str, parameters: &[(&str, &str)]) -> Value {
        let mut form = format!("Action={action}&Version={version}&ContentType=JSON");
        for (name, value) in parameters {
            form.extend(["&", name, "=", &encoded(value)]);
        }
        let headers = self.headers(service) + "Content-Type: application/x-www-form-urlencoded\r\n";
        let answer = self.cloud.ask("POST", "/", &headers, &form);
        let mut answer: Value = serde_json::from_str(&answer).expect("it answers in JSON when asked to");
        answer[format!("{action}Response")][format!("{action}Result")].take()
    }

    #[track_caller]
    fn s3(self, method: &str, path: &str) -> String {
        self.cloud.ask(method, &format!("/{path}"), &self.headers("s3"), "")
    }

    /// The stand-in lets a caller name an account, and checks no signature.
    fn headers(self, service: &str) -> String {
        let scope = format!("Credential=OBSERVER/20260101/us-east-1/{service}/aws4_request");
        let id = self.id;
        format!(
            "X-Moto-Account-Id: {id}\r\nAuthorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0\r\n"
        )
    }
}

fn key(created: &Value) -> Key {
    let text = |field: &str| created[field].as_str().map(str::to_owned);
    let needed = |field: &str| text(field).expect("keys are text");
    Key { id: needed("AccessKeyId"), secret: needed("SecretAccessKey"), token: text("SessionToken") }
}

fn attached(answer: &Value) -> Vec<String> {
    let policies = answer["AttachedPolicies"].as_array().expect("a list of policies").iter();
    policies.map(|policy| policy["PolicyArn"].as_str().expect("policies have an ARN").to_owned()).collect()
}

/// Every text between two others, in order.
fn between(text: &str, before: &str, after: &str) -> Vec<String> {
    let pieces = text.split(before).skip(1);
    pieces.filter_map(|piece| Some(piece.split_once(after)?.0.to_owned())).collect()
}

/// A policy document, which IAM hands out percent-encoded or as it is.
fn document(value: &Value) -> Value {
    let Some(text) = value.as_str() else { return value.clone() };
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let coded = std::str::from_utf8(tail.get(..2).unwrap_or_default()).ok();
        let coded = coded.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(coded.unwrap_or(*first));
        rest = if coded.is_some() { &tail[2..] } else { tail };
    }
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{error} in the policy {text}"))
}

fn encoded(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        _ = write!(text, "%{byte:02X}");
    }
    text
}
