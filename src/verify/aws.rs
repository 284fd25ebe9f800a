//! The AWS CLI, with the caller's credentials or those of a session.

use std::fmt;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value as Json;

use super::answer::{self, Answer, Failure};
use super::caller::Identity;
use super::child::{self, Stopped};
use super::programs;
use crate::diagnostic::Error;
use crate::model::{Credentials, ProfileName, Region};

/// Everything of an environment that could give a session other credentials than its own.
const OTHER_CREDENTIALS: [&str; 8] = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/// The AWS CLI.
pub(super) struct Aws<'r> {
    program: PathBuf,
    profile: Option<ProfileName>,
    is_stopped: &'r (dyn Fn() -> bool + Sync),
}

/// A session of a role. It is handed on by the environment alone, and shown nowhere.
pub(super) struct Session {
    key: String,
    secret: String,
    token: String,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

impl Session {
    /// The session in the answer of `assume-role`.
    pub(super) fn in_answer(answer: &Json) -> Option<Self> {
        let text = |name: &str| answer["Credentials"][name].as_str().map(str::to_owned);
        Some(Self {
            key: text("AccessKeyId")?,
            secret: text("SecretAccessKey")?,
            token: text("SessionToken")?,
        })
    }
}

impl<'r> Aws<'r> {
    /// The CLI on PATH, with the credentials that Terraform would use.
    pub(super) fn find(
        credentials: &Credentials,
        is_stopped: &'r (dyn Fn() -> bool + Sync),
    ) -> Result<Self, Error> {
        let help = "install the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html";
        let program = programs::find("aws", help)?;
        let profile = match credentials {
            Credentials::Environment => None,
            Credentials::Profile(name) => Some(name.clone()),
        };
        Ok(Self { program, profile, is_stopped })
    }

    /// Its version, if it says one.
    pub(super) fn version(&self) -> Result<String, Stopped> {
        let ran = child::run(Command::new(&self.program).arg("--version"), self.is_stopped)?;
        // `aws-cli/2.36.7 Python/3.13.4 …`; old ones print it on stderr.
        let text = if ran.stdout.trim().is_empty() { ran.stderr } else { ran.stdout };
        let word = text.split_whitespace().next().unwrap_or_default();
        Ok(word.strip_prefix("aws-cli/").unwrap_or(word).to_owned())
    }

    /// Who the caller is, or why nobody knows.
    pub(super) fn identity(&self, region: &Region) -> Result<Result<Identity, Failure>, Stopped> {
        let answer = self.run(None, region, &["sts", "get-caller-identity"])?;
        let is_long_term = answer.is_long_term;
        Ok(answer.result.map(|found| Identity {
            arn: found["Arn"].as_str().unwrap_or_default().to_owned(),
            account: found["Account"].as_str().unwrap_or_default().to_owned(),
            is_long_term,
        }))
    }

    /// A request with the credentials of a session, or the caller's own.
    pub(super) fn run(
        &self,
        session: Option<&Session>,
        region: &Region,
        arguments: &[&str],
    ) -> Result<Answer, Stopped> {
        let mut command = Command::new(&self.program);
        command.args(arguments).args(["--region", region.as_str(), "--output", "json", "--debug"]);
        command.env("AWS_PAGER", "").env("AWS_CLI_AUTO_PROMPT", "off");
        match (session, &self.profile) {
            (Some(session), _) => {
                for name in OTHER_CREDENTIALS {
                    command.env_remove(name);
                }
                command.env("AWS_ACCESS_KEY_ID", &session.key);
                command.env("AWS_SECRET_ACCESS_KEY", &session.secret);
                command.env("AWS_SESSION_TOKEN", &session.token);
            }
            (None, Some(profile)) => _ = command.args(["--profile", profile.as_str()]),
            (None, None) => {}
        }
        let ran = child::run(&mut command, self.is_stopped)?;
        Ok(answer::read(ran.is_success, &ran.stdout, &ran.stderr))
    }
}
