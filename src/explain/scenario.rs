//! The circumstances of a request, as STS would report them.

use super::probe::{ExternalId, Identity, Mfa, Probe, Tags};
use crate::model::{Role, SourceAccount, TagKey, Target};
use crate::policy::evaluate::{Context, Request};

/// One role of a target, seen from A.
pub(super) struct Scenario<'a> {
    pub(super) source: &'a SourceAccount,
    pub(super) target: &'a Target,
    pub(super) role: &'a Role,
    pub(super) role_arn: &'a str,
}

/// A value that no spec declares.
pub(super) const OTHER: &str = "crossrole-somebody-else";

impl Scenario<'_> {
    /// The request of a probe.
    pub(super) fn request(&self, probe: &Probe) -> Request {
        let mut context = Context::default();
        context.add("sts:RoleSessionName", self.target.session.session_name.as_str());
        self.add_organizations(&mut context, probe.of_organization);
        match probe.mfa {
            // Long-term keys carry no such key at all.
            Mfa::LongTermKey => {}
            Mfa::Session => context.add("aws:MultiFactorAuthPresent", "false"),
            Mfa::Used => context.add("aws:MultiFactorAuthPresent", "true"),
        }
        // STS supplies it for this action alone.
        if probe.action == "sts:AssumeRole" {
            match (probe.external_id, &self.role.external_id) {
                (ExternalId::Right, Some(id)) => context.add("sts:ExternalId", id.as_str()),
                (ExternalId::Wrong, _) => context.add("sts:ExternalId", OTHER),
                (ExternalId::Right | ExternalId::None, _) => {}
            }
        }
        self.add_tags(&mut context, probe.tags);
        self.add_identity(&mut context, probe.identity);
        Request::new(probe.principal.clone(), probe.action, self.role_arn, context)
    }

    /// What is known of every request: how the session is called, and the organization of whoever is of A.
    pub(super) fn add_known(&self, context: &mut Context, is_of_source: bool) {
        context.add("sts:RoleSessionName", self.target.session.session_name.as_str());
        if is_of_source {
            self.add_organizations(context, true);
        }
    }

    /// What the provider of the spec makes of its session.
    pub(super) fn add_session(&self, context: &mut Context) {
        self.add_tags(context, Tags::Declared);
        self.add_identity(context, Identity::Declared);
    }

    fn add_organizations(&self, context: &mut Context, of_organization: bool) {
        let Some(id) = &self.source.organization_id else { return };
        // A stranger may well be a member of an organization of their own.
        let theirs = if of_organization { id.as_str() } else { "o-somebodyelse" };
        context.add("aws:PrincipalOrgID", theirs);
        if !self.target.third_party {
            context.add("aws:ResourceOrgID", id.as_str());
        }
    }

    fn add_tags(&self, context: &mut Context, tags: Tags) {
        let session = &self.target.session;
        let mut change = tags == Tags::OtherValue;
        for (key, value) in &session.tags {
            // The first alone: one wrong tag has to be enough.
            let value = if std::mem::take(&mut change) { OTHER } else { value.as_str() };
            context.add(&format!("aws:RequestTag/{key}"), value);
            context.add("aws:TagKeys", key.as_str());
        }
        if tags == Tags::Further {
            context.add(&format!("aws:RequestTag/{OTHER}"), OTHER);
            context.add("aws:TagKeys", OTHER);
        }
        for key in session.transitive_tag_keys.iter().map(TagKey::as_str) {
            context.add("sts:TransitiveTagKeys", key);
        }
    }

    fn add_identity(&self, context: &mut Context, identity: Identity) {
        match (identity, &self.target.session.source_identity) {
            (Identity::Other, _) => context.add("sts:SourceIdentity", OTHER),
            (Identity::Declared, Some(declared)) => context.add("sts:SourceIdentity", declared.as_str()),
            (Identity::Declared, None) => {}
        }
    }
}
