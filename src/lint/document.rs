//! An IAM policy in a file of its own.

use std::sync::Arc;

use super::finding::{Findings, in_order};
use super::policy::Policy;
use super::waiver::Report;
use crate::diagnostic::{Diagnostic, Error, Kind, Source, Span};
use crate::value;

/// What there is to say about a policy.
///
/// # Errors
/// Why there is nothing to look at: the text is not JSON, or no policy.
pub fn policy(source: &Arc<Source>) -> Result<Report, Error> {
    let refuse = |message: String, at: Span, help: &str| {
        Error::new(Kind::Input, vec![Diagnostic::error(message).id("CR000").at(source, at).help(help)])
    };
    let value = value::parse(&source.text, 0).map_err(|problem| {
        refuse(format!("this is not JSON: {}", problem.message), problem.at, "a policy is one JSON object")
    })?;
    let Some(policy) = Policy::of(&value) else {
        let help =
            "a policy has a `Statement`; a spec ends in `.yaml`, and Terraform is looked at by its folder";
        return Err(refuse("this is not an IAM policy".to_owned(), value.start(), help));
    };
    let mut found = Findings::of(source);
    policy.check(&mut found);
    Ok(Report { findings: in_order(found.into_list()), ..Report::default() })
}
