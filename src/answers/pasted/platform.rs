//! What names a workload: repositories, projects, organizations and refs, by name or out of an address.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use super::{Pasted, plain, read, said};
use crate::diagnostic::words::excerpt;
use crate::model::{
    ClaimPattern, CloudName, EnterpriseSlug, Hostname, ProjectPath, RefPattern, RepositoryName, Text,
    WorkspacePattern,
};

/// An address: of a page, or what `git clone` is given.
struct Address<'t> {
    host: &'t str,
    path: &'t str,
}

impl<'t> Address<'t> {
    fn split(text: &'t str) -> Option<Self> {
        let text = text.trim().split(['?', '#']).next()?.trim_end_matches('/');
        let text = text.strip_suffix(".git").unwrap_or(text);
        let (host, path) = match text.split_once("://") {
            Some((_, rest)) => rest.split_once('/')?,
            None if text.contains('@') => text.split_once(':')?,
            // Groups of GitLab have dots in their names, too.
            None => text.split_once('/').filter(|(host, _)| is_known(host))?,
        };
        let host = host.rsplit('@').next().unwrap_or(host);
        Some(Self { host, path: path.trim_start_matches('/') })
    }

    /// The first parts of the path.
    fn parts(&self, count: usize) -> String {
        self.path.split('/').take(count).collect::<Vec<_>>().join("/")
    }
}

/// Whether a name without a scheme before it is the host of a platform.
fn is_known(host: &str) -> bool {
    let host = host.strip_prefix("www.").unwrap_or(host);
    ["github.com", "gitlab.com", "app.terraform.io"].contains(&host)
        || host.ends_with(".ghe.com")
        || ["github.", "gitlab."].iter().any(|start| host.starts_with(start))
}

/// The host that an address names, unless it is the usual one.
///
/// # Errors
/// A host that cannot be one.
pub fn other_host(text: &str, usual: &str) -> Result<Option<Hostname>, String> {
    let Some(address) = Address::split(text) else { return Ok(None) };
    let host = address.host.strip_prefix("www.").unwrap_or(address.host);
    if host.eq_ignore_ascii_case(usual) {
        return Ok(None);
    }
    plain(host).map(|host: Pasted<Hostname>| Some(host.value().clone()))
}

/// A repository of GitHub, also out of the address of one of its pages or of its clone.
///
/// # Errors
/// The rule that is broken.
pub fn repository(text: &str) -> Result<Pasted<RepositoryName>, String> {
    if let Some(address) = Address::split(text) {
        return part(text, &address.parts(2));
    }
    let text = text.trim();
    read(text.strip_suffix(".git").unwrap_or(text), |_| Ok(None))
}

/// The short name of an enterprise at GitHub, also out of the address of its page or of its issuer.
///
/// # Errors
/// The rule that is broken.
pub fn enterprise(text: &str) -> Result<Pasted<EnterpriseSlug>, String> {
    read(text, |text| {
        let (_, last) = text.trim_end_matches('/').rsplit_once('/').unwrap_or_default();
        Ok(EnterpriseSlug::parse(last).ok().map(Pasted::Part))
    })
}

/// Claims and what they may be, as in `claim=value, claim=another`; nothing where there is nothing, or `none`.
///
/// # Errors
/// A pair without `=` or without a claim, a value that no token has, or a claim that is asked for elsewhere.
pub fn claims(text: &str) -> Result<BTreeMap<String, Vec<ClaimPattern>>, String> {
    let mut claims: BTreeMap<String, Vec<ClaimPattern>> = BTreeMap::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty() && *pair != "none") {
        let (claim, value) = pair
            .split_once('=')
            .ok_or_else(|| format!("`{}` is not a claim and its value", excerpt(pair)))?;
        let claim = claim.trim();
        if claim.is_empty() || ["aud", "sub"].contains(&claim) {
            return Err(format!("`{claim}` is not a further claim: audience and subject are asked for"));
        }
        let value = ClaimPattern::parse(value.trim()).map_err(|invalid| said(&invalid))?;
        claims.entry(claim.to_owned()).or_default().push(value);
    }
    Ok(claims)
}

/// A project of GitLab, also out of the address of one of its pages or of its clone.
///
/// # Errors
/// The rule that is broken.
pub fn project(text: &str) -> Result<Pasted<ProjectPath>, String> {
    match Address::split(text) {
        Some(address) => part(text, address.path.split("/-/").next().unwrap_or_default()),
        None => read(text, |_| Ok(None)),
    }
}

/// An organization of HCP Terraform, also out of the address of one of its pages.
///
/// # Errors
/// The rule that is broken.
pub fn organization(text: &str) -> Result<Pasted<CloudName>, String> {
    match segment_after(text, "app") {
        Some(name) => part(text, name),
        None => read(text, |_| Ok(None)),
    }
}

/// The workspace that the address of a page of HCP Terraform names.
#[must_use]
pub fn workspace(text: &str) -> Option<WorkspacePattern> {
    segment_after(text, "workspaces").and_then(|name| WorkspacePattern::parse(name).ok())
}

fn segment_after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let mut parts = Address::split(text).filter(|_| text.contains("://"))?.path.split('/');
    parts.find(|part| *part == word)?;
    parts.next()
}

fn part<T: Text>(text: &str, found: &str) -> Result<Pasted<T>, String> {
    let nothing = || format!("`{}` does not name {}", excerpt(text.trim()), T::WHAT);
    T::parse(found).map(Pasted::Part).map_err(|_| nothing())
}

/// A branch, also as `refs/heads/main`.
///
/// # Errors
/// The rule that is broken.
pub fn branch(text: &str) -> Result<Pasted<RefPattern>, String> {
    named(text, "refs/heads/")
}

/// A tag, also as `refs/tags/v1`.
///
/// # Errors
/// The rule that is broken.
pub fn tag(text: &str) -> Result<Pasted<RefPattern>, String> {
    named(text, "refs/tags/")
}

fn named(text: &str, prefix: &str) -> Result<Pasted<RefPattern>, String> {
    match text.trim().strip_prefix(prefix) {
        Some(name) => plain(name).map(|name: Pasted<RefPattern>| Pasted::Part(name.value().clone())),
        None => plain(text),
    }
}

/// An id that is a number.
///
/// # Errors
/// A text that is not one.
pub fn number(text: &str) -> Result<NonZeroU64, String> {
    let is_id = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    let digits = Some(text.trim()).filter(is_id);
    let broken = || format!("`{}` is not an ID: digits, without a leading zero", excerpt(text.trim()));
    digits.and_then(|digits| digits.parse().ok()).ok_or_else(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_found_in_addresses() {
        for text in [
            "https://github.com/acme/infra",
            "https://github.com/acme/infra.git",
            "https://github.com/acme/infra/blob/main/README.md#x",
            "git@github.com:acme/infra.git",
            "ssh://git@github.com/acme/infra.git",
            "github.com/acme/infra/",
            " acme/infra.git ",
            "acme/infra",
        ] {
            let found = repository(text).expect(text);
            assert_eq!(found.value().as_str(), "acme/infra", "{text}");
            assert_eq!(other_host(text, "github.com"), Ok(None), "{text}");
        }
        for text in ["https://github.com/acme", "github.com/acme", "acme", "a/b/c", "https://github.com/", ""]
        {
            assert!(repository(text).is_err(), "{text}");
        }
        let host = other_host("git@acme.ghe.com:acme/infra.git", "github.com");
        assert!(matches!(host, Ok(Some(host)) if host.as_str() == "acme.ghe.com"));
    }

    #[test]
    fn projects_are_found_in_addresses() {
        for text in [
            "https://gitlab.com/acme/platform/infra",
            "https://gitlab.com/acme/platform/infra/-/settings/ci_cd",
            "git@gitlab.com:acme/platform/infra.git",
            "gitlab.com/acme/platform/infra",
            "acme/platform/infra",
        ] {
            let found = project(text).expect(text);
            assert_eq!(found.value().as_str(), "acme/platform/infra", "{text}");
            assert_eq!(other_host(text, "gitlab.com"), Ok(None), "{text}");
        }
        let dotted = project("acme.io/platform/infra").expect("a group with a dot");
        assert_eq!(dotted.value().as_str(), "acme.io/platform/infra");
        let host = other_host("https://gitlab.example.com/a/b", "gitlab.com");
        assert!(matches!(host, Ok(Some(host)) if host.as_str() == "gitlab.example.com"));
    }

    #[test]
    fn pages_of_hcp_terraform_name_an_organization_and_a_workspace() {
        let page = "https://app.terraform.io/app/acme/workspaces/aws-prod/runs";
        assert!(matches!(organization(page), Ok(Pasted::Part(name)) if name.as_str() == "acme"));
        assert_eq!(workspace(page).map(|name| name.to_string()), Some("aws-prod".to_owned()));
        assert!(matches!(organization("acme"), Ok(Pasted::Exact(_))) && workspace("acme").is_none());
    }

    #[test]
    fn refs_and_ids_are_read() {
        assert!(matches!(branch("refs/heads/main"), Ok(Pasted::Part(name)) if name.as_str() == "main"));
        assert!(matches!(tag("v*"), Ok(Pasted::Exact(_))));
        assert_eq!(number(" 123 ").map(NonZeroU64::get), Ok(123));
        for text in ["", "0", "012", "+1", "x", "99999999999999999999999"] {
            assert!(number(text).is_err(), "{text}");
        }
    }
}
