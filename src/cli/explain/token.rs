//! One request that is made with a token of an OIDC provider.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::request::{context, decided};
use super::{Done, ExplainArgs, policy};
use crate::cli::options::Format;
use crate::diagnostic::{Error, Kind};
use crate::input::{self, Limit};
use crate::policy::Token;
use crate::policy::evaluate::{Policy, Request};
use crate::ui::{self, TokenRemarks, Ui};

/// What STS calls the request.
const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

pub(super) fn run(ui: &Ui, args: &ExplainArgs, trust: &Path, role: &str) -> Result<Done, Error> {
    let trust = policy::trust(trust, Some(role))?;
    let token = read(args.token.as_deref().unwrap_or_else(|| Path::new("-")))?;
    let request = request(args, &token, role)?;
    let (verdict, also) = decided(&trust, None, &request);
    let remarks = remarks(&token, [&trust]);
    ui.print(&match args.format {
        Format::Text => ui::verdict_text(&request, &verdict, &also) + &ui::token_text(&remarks),
        Format::Json => {
            let mut json = ui::verdict_json(&request, &verdict, &also);
            json["token"] = ui::token_json(&remarks);
            format!("{json:#}\n")
        }
    })?;
    Ok(Done::Clean)
}

/// The token that a person names.
pub(super) fn read(path: &Path) -> Result<Token, Error> {
    Token::parse(&text(path)?).map_err(|error| Error::one(Kind::Input, error.message, error.help))
}

/// The request that is made with a token.
pub(super) fn request(args: &ExplainArgs, token: &Token, role: &str) -> Result<Request, Error> {
    let principal = token.principal(role).ok_or_else(|| {
        let help = "give the ARN of a role in the account that knows the provider";
        Error::one(Kind::Input, "no provider in the role's account fits the issuer of the token", help)
    })?;
    let mut known = token.context();
    for (key, values) in context(args).iter() {
        known.set(key, values);
    }
    Ok(Request::new(principal, args.action.as_deref().unwrap_or(ACTION), role, known))
}

/// What is worth saying of a token beside what policies decide.
pub(super) fn remarks<'p>(token: &Token, policies: impl IntoIterator<Item = &'p Policy>) -> TokenRemarks {
    let not_compared: BTreeSet<String> =
        policies.into_iter().flat_map(|policy| token.not_compared(policy)).collect();
    TokenRemarks {
        issuer: token.issuer().to_owned(),
        missing: token.missing().map(str::to_owned).collect(),
        not_compared: not_compared.into_iter().collect(),
    }
}

/// The text of the token. Neither it nor its path is ever shown: somebody may give the token for a path.
fn text(path: &Path) -> Result<String, Error> {
    let bytes = if path == Path::new("-") {
        input::bounded(io::stdin(), Limit::Small)
    } else {
        input::stream(path, Limit::Small)
    };
    bytes.and_then(input::plain_text).map_err(|why| {
        let help = "`--token` takes the path of a file, or `-` for stdin; on the command line itself, others could read the token";
        Error::one(Kind::Io, format!("cannot read the file that `--token` names: {why}"), help)
    })
}
