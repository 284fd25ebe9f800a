//! Whether both sides fit: what a provider does, what the role asks for, what the caller may.
//!
//! A role and a provider belong together when the provider's literal `role_arn` names the role, and
//! the account is the one that the role's own provider may work in.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::policies::{self, Json};
use super::root::Root;
use super::{hop, iam};
use crate::diagnostic::Span;
use crate::diagnostic::words::excerpt;
use crate::lint::finding::Finding;
use crate::lint::policy::Policy;
use crate::model::{ArnParts, Duration};
use crate::policy::read::{Kind, Part, Pattern, PrincipalKind, Statement};
use crate::terraform::{self, Block};
use crate::value::{Data, Value};

/// A role with its trust policy.
struct Role {
    /// As behind `role` in its ARN: `/vendors/Name`.
    name: String,
    account: Option<String>,
    longest: u32,
    trust: Value,
}

/// Every role here, by its name.
struct Roles(BTreeMap<String, Vec<Role>>);

impl Roles {
    fn of(roots: &[Root<'_>]) -> Self {
        let mut named: BTreeMap<String, Vec<Role>> = BTreeMap::new();
        for role in roots.iter().flat_map(roles) {
            named.entry(role.name.clone()).or_default().push(role);
        }
        Self(named)
    }

    /// The role of an ARN. One whose account nobody knows is it only where no other has its name.
    fn find(&self, arn: &ArnParts<'_>) -> Option<&Role> {
        let name = arn.resource.strip_prefix("role").filter(|_| arn.service == "iam")?;
        let named = self.0.get(name)?;
        let is_known = |role: &&Role| role.account.as_deref() == Some(arn.account);
        let only = || named.first().filter(|role| named.len() == 1 && role.account.is_none());
        named.iter().find(is_known).or_else(only)
    }
}

/// What the policies here allow for one action.
struct Allowed<'p> {
    /// Whether some of it is not known.
    is_open: bool,
    exact: BTreeSet<&'p str>,
    patterns: Vec<&'p Pattern>,
}

impl<'p> Allowed<'p> {
    fn of(policies: &'p [Policy<'p>], action: &str) -> Self {
        let mut allowed = Self { is_open: false, exact: BTreeSet::new(), patterns: Vec::new() };
        for policy in policies {
            allowed.is_open |= !policy.unknown.is_empty();
            for statement in policy.allows().filter(|statement| statement.names_action(action)) {
                allowed.is_open |= match &statement.resources {
                    Part::Known(listed) => listed.negated || !listed.unknown.is_empty(),
                    Part::Unknown(_) => true,
                    Part::Absent | Part::Refused => false,
                };
                for resource in statement.named_resources() {
                    match resource.value.literal() {
                        Some(arn) => drop(allowed.exact.insert(arn)),
                        None => allowed.patterns.push(&resource.value),
                    }
                }
            }
        }
        allowed
    }

    /// Whether the action is allowed on a role; `true` as well where it cannot be known.
    fn covers(&self, arn: &str) -> bool {
        self.is_open
            || self.exact.contains(arn)
            || self.patterns.iter().any(|pattern| pattern.covers_resource(arn))
    }
}

/// What callers may do with roles, as far as policies here say.
struct Permissions<'p> {
    assume: Allowed<'p>,
    tag: Allowed<'p>,
    identify: Allowed<'p>,
}

pub(super) fn rules(roots: &[Root<'_>], texts: &[Json<'_>]) -> Vec<Finding> {
    let roles = Roles::of(roots);
    let documents = permissions(roots, texts);
    let policies: Vec<Policy<'_>> = documents.iter().filter_map(|document| Policy::of(document)).collect();
    let permissions = Some(&policies).filter(|policies| !policies.is_empty()).map(|policies| Permissions {
        assume: Allowed::of(policies, "sts:AssumeRole"),
        tag: Allowed::of(policies, "sts:TagSession"),
        identify: Allowed::of(policies, "sts:SetSourceIdentity"),
    });
    let mut found = Vec::new();
    let providers = roots.iter().flat_map(|root| root.providers().map(move |provider| (root, provider)));
    for (root, provider) in providers {
        let hops: Vec<&Block> = provider.named("assume_role").collect();
        for (index, block) in hops.iter().enumerate() {
            let Some(arn) = block.text("role_arn") else { continue };
            let Some(role) = ArnParts::split(arn).and_then(|parts| roles.find(&parts)) else { continue };
            let Some(trust) = Policy::of(&role.trust) else { continue };
            let pair = Pair { root, block, arn, role, trust: &trust };
            found.extend(pair.external_id());
            found.extend(pair.duration());
            found.extend(pair.companions(permissions.as_ref()));
            if index == 0 {
                found.extend(pair.permission(permissions.as_ref()));
            } else {
                found.extend(pair.previous(hops[index - 1]));
            }
        }
    }
    found
}

fn roles(root: &Root<'_>) -> Vec<Role> {
    let roles = root.module.resources("aws_iam_role");
    let role = |block: &Block| {
        let trust = policies::of(block.get("assume_role_policy")?)?.ok()?;
        let path = match block.get("path") {
            Some(path) => path.text()?,
            None => "/",
        };
        let longest = block.get("max_session_duration").map_or(Some(3600), iam::number)?;
        Some(Role {
            name: format!("{path}{}", block.text("name")?),
            account: iam::account(root, block),
            longest,
            trust,
        })
    };
    roles.filter_map(role).collect()
}

/// Every policy here with which somebody may assume a role.
fn permissions<'t>(roots: &[Root<'_>], texts: &'t [Json<'t>]) -> Vec<Cow<'t, Value>> {
    let files = texts.iter().filter_map(|text| text.value.as_ref()).map(Cow::Borrowed);
    let arguments = roots.iter().flat_map(|root| {
        let values = root.resources().filter_map(|block| block.get("policy"));
        values.filter_map(|value| policies::of(value)?.ok())
    });
    let documents = roots.iter().flat_map(|root| {
        let data = root.module.named("data").filter(|block| block.is(terraform::DOCUMENT));
        data.map(terraform::document)
    });
    let assumes = |value: &Cow<'_, Value>| {
        Policy::of(value).is_some_and(|policy| {
            policy.kind == Kind::Identity
                && policy.allows().any(|statement| statement.names_action("sts:AssumeRole"))
        })
    };
    files.chain(arguments.chain(documents).map(Cow::Owned)).filter(assumes).collect()
}

/// A provider's block and the role that it assumes.
struct Pair<'p> {
    root: &'p Root<'p>,
    block: &'p Block,
    arn: &'p str,
    role: &'p Role,
    trust: &'p Policy<'p>,
}

impl Pair<'_> {
    fn at(&self) -> Span {
        self.block.get("role_arn").map_or(self.block.at, |arn| arn.at)
    }

    fn report(
        &self,
        id: &'static str,
        at: Span,
        message: String,
        help: &str,
        why: (Span, &'static str),
    ) -> Vec<Finding> {
        let found = self.root.finding(|found| found.add(id, at, message, help));
        self.root.related(found, why.0, why.1)
    }

    fn trusting(&self) -> (Span, &'static str) {
        let at = self.trust.statements.first().map_or(self.role.trust.start(), |first| first.at);
        (at, "the role's trust policy")
    }

    /// CR026
    fn external_id(&self) -> Vec<Finding> {
        let entering: Vec<&Statement> =
            self.trust.allows().filter(|statement| statement.names_action("sts:AssumeRole")).collect();
        let asked = entering.iter().flat_map(|statement| statement.conditions_on("sts:externalid"));
        let asked: Vec<_> = asked.filter(|condition| condition.demands()).collect();
        let is_asked_by_all = !entering.is_empty()
            && entering.iter().all(|statement| {
                statement.conditions.are_all_read() && statement.conditions.demand(&["sts:externalid"])
            });
        let Some(first) =
            asked.first().filter(|_| is_asked_by_all && asked.iter().all(|asked| asked.unknown.is_empty()))
        else {
            return Vec::new();
        };
        let why = (first.key_at, "asked for here");
        let fits = |text: &str| asked.iter().any(|asked| asked.accepts(text));
        match self.block.get("external_id") {
            None => {
                let message = "the role requires an external ID, but this block sends none".to_owned();
                self.report(
                    "CR026",
                    self.at(),
                    message,
                    "set `external_id` to the one that the role requires",
                    why,
                )
            }
            Some(sent) => match sent.text().filter(|text| !fits(text)) {
                Some(text) => {
                    let message = format!("the role requires an external ID other than `{}`", excerpt(text));
                    self.report("CR026", sent.at, message, "write the same on both sides", why)
                }
                None => Vec::new(),
            },
        }
    }

    /// CR040 and CR041
    fn duration(&self) -> Vec<Finding> {
        let Some((duration, at)) = hop::duration(self.block) else { return Vec::new() };
        if duration.seconds() > self.role.longest {
            let message =
                format!("the session lasts {duration}, and the role allows {} seconds", self.role.longest);
            return self.report(
                "CR040",
                at,
                message,
                "raise `max_session_duration` of the role, or ask for less",
                self.trusting(),
            );
        }
        let mut who = self.trust.allows().flat_map(|statement| statement.named_principals()).peekable();
        let is_chained =
            who.peek().is_some() && who.all(|who| who.value.never_has_mfa() && who.value.key == "AWS");
        if duration > Duration::HOUR && is_chained {
            let message = format!(
                "a session of {duration} cannot be had: only roles are trusted, and a role's session is a chain"
            );
            return self.report(
                "CR041",
                at,
                message,
                "leave `duration` out: STS limits a chain to 1h, and the provider renews it",
                self.trusting(),
            );
        }
        Vec::new()
    }

    /// CR050 and CR051
    fn companions(&self, permissions: Option<&Permissions<'_>>) -> Vec<Finding> {
        let is_sent = |value: &&Value| match &value.data {
            Data::Object(entries) => !entries.is_empty(),
            Data::Text(_) => value.text().is_some_and(|text| !text.is_empty()),
            _ => false,
        };
        let mut found = Vec::new();
        for (id, argument, action, what) in [
            ("CR050", "tags", "sts:TagSession", "session tags"),
            ("CR051", "source_identity", "sts:SetSourceIdentity", "a source identity"),
        ] {
            let Some(sent) = self.block.get(argument).filter(is_sent) else { continue };
            if self.trust.unknown.is_empty()
                && !self.trust.allows().any(|statement| statement.names_action(action))
            {
                let message = format!("this block sends {what}, and the role does not allow `{action}`");
                found.extend(self.report(
                    id,
                    sent.at,
                    message,
                    "allow it in the trust policy, or send none",
                    self.trusting(),
                ));
            }
            let is_missing = permissions.is_some_and(|all| {
                let companion = if id == "CR050" { &all.tag } else { &all.identify };
                all.assume.covers(self.arn) && !companion.covers(self.arn)
            });
            if is_missing {
                let message =
                    format!("this block sends {what}, and no policy of its caller allows `{action}`");
                let help = "allow it on the role's ARN, beside `sts:AssumeRole`";
                found.extend(self.root.finding(|found| found.add(id, sent.at, message, help)));
            }
        }
        found
    }

    /// CR067
    fn permission(&self, permissions: Option<&Permissions<'_>>) -> Vec<Finding> {
        if permissions.is_none_or(|all| all.assume.covers(self.arn)) {
            return Vec::new();
        }
        let message = format!("no policy here allows assuming `{}`", excerpt(self.arn));
        let help = "add the ARN to the callers' policy: across accounts both sides have to allow it";
        self.root.finding(|found| found.add("CR067", self.at(), message, help))
    }

    /// CR044
    fn previous(&self, before: &Block) -> Vec<Finding> {
        let Some(arn) = before.text("role_arn") else { return Vec::new() };
        let Some(account) = ArnParts::split(arn).map(|parts| parts.account) else { return Vec::new() };
        let is_trusted = self.trust.allows().any(|statement| {
            statement.names_action("sts:AssumeRole")
                && statement.named_principals().iter().any(|who| {
                    who.value.kind == PrincipalKind::Everyone
                        || who.value.text == arn
                        || who.value.whole_account() == Some(account)
                })
        });
        let is_open = self.trust.allows().any(|statement| statement.named_principals().is_empty());
        if is_trusted || is_open {
            return Vec::new();
        }
        let message = format!("this role does not trust `{}`, the one before it", excerpt(arn));
        self.report(
            "CR044",
            self.at(),
            message,
            "name the previous role in the trust policy of this one",
            self.trusting(),
        )
    }
}
