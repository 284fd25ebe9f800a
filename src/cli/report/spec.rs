//! A report on a spec and the folder that is generated from it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rayon::prelude::*;

use super::{ReportArgs, since};
use crate::cli::explain::trust::{self, Tree};
use crate::cli::options::SpecArgs;
use crate::cli::today::today;
use crate::diagnostic::{Diagnostic, Error, Kind};
use crate::digest::sha256;
use crate::evidence::{self, Evidence};
use crate::explain::{AccessAudit, Grant, Matrix};
use crate::grants::TrustChange;
use crate::input::{self, Limit};
use crate::model::{Target, TargetName, TargetRole};
use crate::policy::evaluate::Policy;
use crate::report::Privacy;
use crate::report::facts::{self, Facts, Groups, RoleRead, SourceFact, Subject};
use crate::session::{Inputs, Planned, RECORD};
use crate::ui::Ui;

/// What there is to say about a spec.
pub(super) fn facts(ui: &Ui, args: &ReportArgs) -> Result<Facts, Error> {
    let spec = args.spec.clone().unwrap_or_else(|| PathBuf::from("crossrole.yaml"));
    let inputs = SpecArgs { spec, templates: None }.load()?;
    let only = inputs.only(&args.only)?;
    let files = args.evidence.iter().map(|path| read_evidence(path)).collect::<Result<Vec<_>, _>>()?;
    let out = args.out.as_deref().unwrap_or(&inputs.folder);
    trust::say_what_is_judged(ui, out);
    let planned = trust::look(ui, out, args.only.clone(), &inputs)?;
    let gathering = Gathering { inputs: &inputs, planned: &planned, only: only.as_ref() };
    let mut facts = Facts::new(gathering.subject(out.join(RECORD).exists()), today().to_string());
    gathering.add_roles(&mut facts)?;
    gathering.add_limits(&mut facts);
    gathering.add_findings(&mut facts)?;
    if !files.is_empty() {
        let digest = sha256([inputs.written.source.text.as_bytes()]);
        facts.evidence = Some(facts::tried(&files, &digest, &mut facts.targets));
    }
    if let Some(reference) = &args.since {
        facts.changes = Some(since::changes(&inputs, only.as_ref(), out, reference)?);
    }
    let facts = match &only {
        Some(shown) => Privacy::of(&inputs.fleet, shown).apply(facts),
        None => facts,
    };
    Ok(facts.judged())
}

fn read_evidence(path: &std::path::Path) -> Result<(String, Evidence), Error> {
    let name = path.display().to_string();
    let text = input::named(path, Limit::Large).and_then(input::plain_text).map_err(|why| {
        let message = format!("cannot read the evidence `{name}`: {why}");
        Error::one(Kind::Io, message, "`crossrole verify --evidence FILE` writes such files")
    })?;
    let evidence = evidence::read(&name, &text)?;
    let short = path.file_name().map_or_else(|| name.clone(), |name| name.to_string_lossy().into_owned());
    Ok((short, evidence))
}

/// A spec, what will stand in its folder, and how much of it is asked about.
struct Gathering<'g> {
    inputs: &'g Inputs,
    planned: &'g Planned<'g>,
    only: Option<&'g BTreeSet<TargetName>>,
}

impl Gathering<'_> {
    fn is_asked(&self, name: &TargetName) -> bool {
        self.only.is_none_or(|only| only.contains(name))
    }

    fn subject(&self, is_generated: bool) -> Subject {
        let source = &self.inputs.fleet.source;
        Subject::Spec {
            file: self.inputs.spec_name.clone(),
            name: self.inputs.fleet.name.to_string(),
            source: SourceFact {
                name: source.name.to_string(),
                account_id: source.account_id.to_string(),
                organization_id: source.organization_id.as_ref().map(ToString::to_string),
            },
            only: self.only.into_iter().flatten().map(ToString::to_string).collect(),
            is_generated,
        }
    }

    fn add_roles(&self, facts: &mut Facts) -> Result<(), Error> {
        let fleet = &self.inputs.fleet;
        let tree = Tree::new(self.inputs, self.planned)?;
        let audit = AccessAudit::new(fleet);
        let permissions = self.planned.permissions_beyond_spec()?;
        let asked: Vec<&Target> = fleet.targets.iter().filter(|target| self.is_asked(&target.name)).collect();
        let of_target = |groups: Groups, target: &&Target| {
            let beyond = permissions.get(&target.name).map(Vec::as_slice).unwrap_or_default();
            let roles = tree.trust_of(target)?.into_iter().enumerate();
            Ok(roles.fold(groups, |groups, (at, (one, trust))| {
                let read = role_read(trust, |policy| audit.matrix(one, policy));
                let read = if at == 0 { with_permissions(read, &audit, one, beyond) } else { read };
                groups.with(facts::role(one, fleet.source.partition, &read))
            }))
        };
        let roles = asked
            .par_iter()
            .try_fold(Groups::default, of_target)
            .try_reduce(Groups::default, |one, other| Ok(one.and(other)));
        facts.roles = roles?.into_list();
        let enters = |caller| asked.iter().flat_map(|target| &target.roles).any(|role| role.admits(caller));
        let mut hops = Groups::default();
        for entry in audit.entries().filter(|entry| enters(entry.caller)) {
            let read = role_read(tree.trust_of_entry(entry)?, |policy| audit.entry_matrix(entry, policy));
            hops = hops.with(facts::entry(entry, fleet.source.account_id.as_str(), &read));
        }
        facts.hops = hops.into_list();
        facts.targets = facts::targets(fleet, &facts.roles, |name| self.is_asked(name));
        Ok(())
    }

    fn add_limits(&self, facts: &mut Facts) {
        let fleet = &self.inputs.fleet;
        let policies = self.only.is_none().then(|| self.planned.assume_policies());
        facts.budgets = facts::budgets(fleet, policies, |name| self.is_asked(name));
        facts.sessions = facts::sessions(fleet, |name| self.is_asked(name));
    }

    /// Findings and waivers; of a page for one account, those that are about it alone.
    fn add_findings(&self, facts: &mut Facts) -> Result<(), Error> {
        let report = self.inputs.lint_report()?;
        let is_shown = |target: Option<&TargetName>| match (self.only, target) {
            (None, _) => true,
            (Some(only), Some(target)) => only.contains(target),
            (Some(_), None) => false,
        };
        let found = report.findings.iter().filter(|finding| is_shown(finding.target.as_ref()));
        let found: Vec<&Diagnostic> = found.map(|finding| &finding.diagnostic).collect();
        facts.findings = facts::findings(found.into_iter());
        facts.waivers = facts::waivers(&self.inputs.written.spec, today(), is_shown);
        Ok(())
    }
}

fn role_read(mut trust: trust::TrustOfRole, ask: impl Fn(&Policy) -> Matrix) -> RoleRead {
    let not_known = std::mem::take(&mut trust.unknown);
    RoleRead { texts: trust.answered(ask).collect(), not_known }
}

/// What people added to the permissions of a target's roles.
fn with_permissions(
    mut read: RoleRead,
    audit: &AccessAudit<'_>,
    one: TargetRole<'_>,
    beyond: &[TrustChange],
) -> RoleRead {
    let grants: Vec<Grant> =
        beyond.iter().map(|change| Grant { file: change.path.clone(), what: change.what.clone() }).collect();
    match read.texts.first_mut() {
        Some((_, matrix)) => matrix.permissions = grants,
        None if !grants.is_empty() => {
            let matrix = Matrix { permissions: grants, ..audit.not_known(one, Vec::new()) };
            read.texts.push((Policy::default(), matrix));
        }
        None => {}
    }
    read
}
