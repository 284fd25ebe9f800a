//! One Account B.

use super::place::{Place, check_region};
use super::{Check, DEFAULT_NAME, first_line, literal, or_default, role, roles, session};
use crate::diagnostic::Span;
use crate::digest::sha256;
use crate::model::{
    AccountId, Bootstrap, BucketName, BucketPrefix, Partition, Region, SourceAccount, SpecName, Target,
    TargetName, Text,
};
use crate::spec::{
    BootstrapFrom, BootstrapSpec, Field, Located, Ownership, State, TargetSpec, VerificationSpec,
};

pub(super) fn lower(
    cx: &mut Check<'_>,
    spec: &Located<TargetSpec>,
    spec_name: &SpecName,
    source: Option<&SourceAccount>,
) -> Option<Target> {
    let Located { value: spec, at, .. } = spec;
    let name = cx.required(&spec.name, "name", *at, "it names the target's folder");
    let name = name.map(|name| name.value.clone());
    let account_id = lower_account(cx, spec, *at, source);
    let partition = source.map_or(Partition::Aws, |source| source.partition);
    let region = match spec.region.get() {
        Some(region) => check_region(cx, region, partition).then(|| region.value.clone()),
        None => Region::parse(partition.default_region()).ok(),
    };
    let ownership = or_default(&spec.ownership, || Ownership::Organization);
    let bootstrap = lower_bootstrap(cx, &spec.bootstrap, ownership);
    let place = Place { account_id: account_id.as_ref(), partition, source };
    let roles = roles::lower(cx, spec, *at, &place, bootstrap.as_ref());
    let session = session::lower(cx, &spec.session, &place, roles.as_ref(), bootstrap.as_ref());
    let regions = lower_regions(cx, &spec.regions, region.as_ref(), partition);
    let tags = role::lower_tags(cx, &spec.tags, None);
    let verification = lower_verification(cx, &spec.verification);
    let bucket = verification.and_then(|asked| match asked {
        Asked::Literal(bucket) => Some(bucket),
        Asked::Derived(prefix) => {
            let hash = bucket_hash(spec_name, source?, name.as_ref()?, account_id.as_ref()?);
            Some(BucketName::derived(&prefix, account_id.as_ref()?, region.as_ref()?, &hash))
        }
    });
    Some(Target {
        name: name?,
        account_id: account_id?,
        region: region?,
        regions,
        tags,
        third_party: ownership == Ownership::ThirdParty,
        roles: roles?,
        session,
        bucket,
        bootstrap: bootstrap?,
        retired: or_default(&spec.state, || State::Active) == State::Retired,
        at: *at,
    })
}

fn lower_account(
    cx: &mut Check<'_>,
    spec: &TargetSpec,
    at: Span,
    source: Option<&SourceAccount>,
) -> Option<AccountId> {
    let help = "the target account's ID: 12 digits, in quotes";
    let account_id = cx.required(&spec.account_id, "account_id", at, help)?;
    if source.is_some_and(|source| source.account_id == account_id.value) {
        let help =
            "a role in the same account is not needed: remove the target, or correct one of the two IDs";
        cx.error(account_id.at, "CR002", "the target is the source account itself", help);
    }
    Some(account_id.value.clone())
}

fn lower_bootstrap(
    cx: &mut Check<'_>,
    field: &Field<BootstrapSpec>,
    ownership: Ownership,
) -> Option<Bootstrap> {
    let spec = field.value().cloned().unwrap_or_default();
    // Nobody but its owner holds credentials of an account that is not ours.
    let from = or_default(&spec.from, || match ownership {
        Ownership::Organization => BootstrapFrom::AssumeRole,
        Ownership::ThirdParty => BootstrapFrom::Environment,
    });
    let ignored = [
        ("role", from == BootstrapFrom::AssumeRole, spec.role.get().map(|role| (role.at, role.inherited))),
        (
            "profile",
            from == BootstrapFrom::Profile,
            spec.profile.get().map(|profile| (profile.at, profile.inherited)),
        ),
    ];
    for (key, used, place) in ignored {
        // What `defaults` holds for other targets does no harm.
        if let Some((at, false)) = place.filter(|_| !used) {
            let message =
                format!("`{key}` would be ignored: the bootstrap root's credentials are `from: {from}`");
            cx.error(at, None, message, "remove it, or change `from`");
        }
    }
    Some(match from {
        BootstrapFrom::AssumeRole => {
            Bootstrap::AssumeRole(or_default(&spec.role, || literal("OrganizationAccountAccessRole")))
        }
        BootstrapFrom::Profile => {
            let at = field.get().map_or_else(Span::default, |field| field.at);
            let profile = cx.required(&spec.profile, "profile", at, "the profile's name in ~/.aws/config")?;
            Bootstrap::Profile(profile.value.clone())
        }
        BootstrapFrom::Environment => Bootstrap::Environment,
        BootstrapFrom::CloudFormation => Bootstrap::CloudFormation,
        BootstrapFrom::StackSet => Bootstrap::StackSet,
        BootstrapFrom::Existing => Bootstrap::Existing,
    })
}

/// Further regions: others than the first, each once.
fn lower_regions(
    cx: &mut Check<'_>,
    field: &Field<Vec<Located<Region>>>,
    first: Option<&Region>,
    partition: Partition,
) -> Vec<Region> {
    let mut regions = Vec::new();
    for region in field.value().into_iter().flatten() {
        if !check_region(cx, region, partition) {
            continue;
        }
        let is_first = first == Some(&region.value);
        if !is_first && !regions.contains(&region.value) {
            regions.push(region.value.clone());
        } else if !region.inherited {
            let why = if is_first { "it is the target's `region`" } else { "it is listed already" };
            let message = format!("region `{}` is redundant in `regions`: {why}", region.value);
            cx.error(region.at, None, message, "remove it: a region has one provider");
        }
    }
    regions.sort();
    regions
}

/// The bucket that is asked for.
enum Asked {
    Literal(BucketName),
    Derived(BucketPrefix),
}

fn lower_verification(cx: &mut Check<'_>, field: &Field<VerificationSpec>) -> Option<Asked> {
    let spec = field.value().cloned().unwrap_or_default();
    if let (Some(bucket), Some(prefix)) = (spec.bucket.get(), spec.bucket_prefix.get())
        && !bucket.inherited
        && !prefix.inherited
    {
        let help = "keep `bucket` for a literal name, or `bucket_prefix` for a derived one";
        cx.error(first_line(prefix.at), None, "the prefix would be ignored beside a literal `bucket`", help);
    }
    if !or_default(&spec.enabled, || true) {
        return None;
    }
    Some(match spec.bucket.value() {
        Some(bucket) => Asked::Literal(bucket.clone()),
        None => Asked::Derived(or_default(&spec.bucket_prefix, || literal("crossrole-verify"))),
    })
}

/// What tells the bucket of one target from those of others, and of other specs.
fn bucket_hash(spec: &SpecName, source: &SourceAccount, target: &TargetName, account: &AccountId) -> String {
    let mut parts = vec![source.account_id.as_str(), "\0", target.as_str(), "\0", account.as_str()];
    // Specs were without a name once, and their buckets are there.
    if spec.as_str() != DEFAULT_NAME {
        parts.extend(["\0", spec.as_str()]);
    }
    sha256(parts.into_iter().map(str::as_bytes))[..8].to_owned()
}
