//! What the AWS CLI answered, read from what it printed.
//!
//! It is run with `--debug`, for only so does it tell the ID of a request. That log holds credentials: nothing of it
//! leaves this file but an ID, a kind of key, and the line that says what went wrong.

use serde_json::Value as Json;

/// What came of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) result: Result<Json, Failure>,
    /// The ID that AWS gave the request.
    pub(super) request_id: Option<String>,
    /// Whether the request was signed with an access key of a user.
    pub(super) is_long_term: bool,
}

/// Why a request came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// AWS refused it.
    Refused(String),
    /// What it is about is not there.
    Missing(String),
    /// Anything else: nothing is known.
    Other(String),
}

/// Reads what the CLI printed.
pub(super) fn read(is_success: bool, stdout: &str, stderr: &str) -> Answer {
    let result = if is_success {
        let text = if stdout.trim().is_empty() { "null" } else { stdout };
        serde_json::from_str(text).map_err(|_| Failure::Other("the AWS CLI did not answer in JSON".into()))
    } else {
        Err(failure(stderr))
    };
    Answer { result, request_id: request_id(stderr), is_long_term: stderr.contains("Credential=AKIA") }
}

/// The failure that the last lines tell.
fn failure(stderr: &str) -> Failure {
    const BEGINS: &str = "An error occurred (";
    let Some(at) = stderr.rfind(BEGINS) else {
        let is_told = |line: &&str| !line.trim().is_empty() && !line.contains(" - DEBUG - ");
        let line = stderr.lines().rev().find(is_told).unwrap_or("the AWS CLI failed and did not say why");
        return Failure::Other(line.trim().to_owned());
    };
    let line = stderr[at..].lines().next().unwrap_or_default().trim().to_owned();
    let code = line[BEGINS.len()..].split(')').next().unwrap_or_default();
    match code {
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" | "403" => Failure::Refused(line),
        "404" | "NoSuchBucket" => Failure::Missing(line),
        _ => Failure::Other(line),
    }
}

/// The ID of the last request.
fn request_id(log: &str) -> Option<String> {
    const HEADERS: [&str; 2] = ["'x-amzn-requestid': '", "'x-amz-request-id': '"];
    // Of the same length, so that places in one are places in the other.
    let lower = log.to_ascii_lowercase();
    let after = HEADERS.iter().filter_map(|header| Some(lower.rfind(header)? + header.len())).max()?;
    let id = log[after..].split('\'').next()?;
    let is_id = (1..=100).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    is_id.then(|| id.to_owned())
}

impl Failure {
    /// What the CLI said.
    pub(super) fn said(&self) -> &str {
        match self {
            Self::Refused(said) | Self::Missing(said) | Self::Other(said) => said,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, read};

    const DENIED: &str =
        "An error occurred (AccessDenied) when calling the AssumeRole operation: User: x is not authorized";

    #[test]
    fn versions_of_the_cli_say_it_differently() {
        for stderr in [format!("\n{DENIED}\n"), format!("aws: [ERROR]: {DENIED}\n")] {
            assert_eq!(read(false, "", &stderr).result, Err(Failure::Refused(DENIED.to_owned())));
        }
        let log = "t - MainThread - botocore.endpoint - DEBUG - headers={'Authorization': b'Credential=AKIAX/1'}\n\
                   t - DEBUG - Response headers: {'x-amzn-RequestId': 'a1-B2', 'Date': 'x'}\n";
        let answer = read(false, "", &format!("{log}{DENIED}\nt - DEBUG - Exiting with rc 254\n"));
        assert_eq!(answer.result, Err(Failure::Refused(DENIED.to_owned())));
        assert_eq!((answer.request_id.as_deref(), answer.is_long_term), (Some("a1-B2"), true));
    }

    #[test]
    fn only_a_refusal_is_one() {
        let failed = |said: &str| read(false, "", said).result.expect_err("it failed");
        let head = "An error occurred (404) when calling the HeadBucket operation: Not Found";
        assert_eq!(failed(head), Failure::Missing(head.to_owned()));
        for code in ["Throttling", "ExpiredToken", "InvalidClientTokenId", "ValidationError"] {
            let said = format!("An error occurred ({code}) when calling the AssumeRole operation: x");
            assert_eq!(failed(&said), Failure::Other(said.clone()));
        }
        let said = "Could not connect to the endpoint URL: \"https://sts.amazonaws.com/\"";
        assert_eq!(failed(&format!("\n{said}\n")), Failure::Other(said.to_owned()));
        assert!(matches!(failed(""), Failure::Other(_)));
        assert!(read(true, "no JSON", "").result.is_err());
        assert!(read(true, "", "").result.is_ok());
    }
}
