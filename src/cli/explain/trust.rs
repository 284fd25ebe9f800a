//! The texts that say who may assume the roles of a spec: as they will stand on disk, and as they are given.

use std::collections::BTreeMap;
use std::path::Path;

use super::{ExplainArgs, policy};
use crate::cli::interrupt::{Unseen, Watched};
use crate::cli::options::{SpecArgs, open_folder};
use crate::diagnostic::{Error, Source};
use crate::explain::{Author, Judged, Origin, Standing, trust_texts};
use crate::model::{Bootstrap, GivenTrust, Target, TargetName};
use crate::policy::evaluate::{Kind, Policy};
use crate::session::{Change, Inputs, Options, Planned, Purpose, Session, UnitPlan};
use crate::ui::Ui;

/// The spec that is asked about.
pub(super) fn load(ui: &Ui, args: &ExplainArgs) -> Result<Inputs, Error> {
    let spec = args.spec.clone().unwrap_or_else(|| "crossrole.yaml".into());
    let inputs = SpecArgs { spec, templates: None }.load()?;
    ui.report(&inputs.warnings);
    Ok(inputs)
}

/// The targets that are asked about.
pub(super) fn asked<'i>(inputs: &'i Inputs, args: &ExplainArgs) -> Vec<&'i Target> {
    let is_asked = |target: &&Target| args.target.as_ref().is_none_or(|asked| asked == target.name.as_str());
    inputs.fleet.targets.iter().filter(is_asked).collect()
}

/// What says who may assume the role of a target: the policy that was named, or else the folder.
pub(super) fn of_target(tree: &Tree<'_>, args: &ExplainArgs, target: &Target) -> Result<TrustOfRole, Error> {
    let role_arn = target.role_arn(tree.inputs.fleet.source.partition);
    args.policy.as_deref().map_or_else(|| tree.trust_of(target), |path| of_file(path, &role_arn))
}

/// What is to be done to the folder of the spec.
pub(super) fn plan<'i>(ui: &Ui, inputs: &'i Inputs, only: Option<&String>) -> Result<Planned<'i>, Error> {
    let session = Session::claim(open_folder(&inputs.folder)?, Purpose::Look, &Unseen)?;
    let only = only.into_iter().cloned().collect();
    let opened = session.open(inputs, Options { only, looks_for_foreign: true, ..Options::default() })?;
    let watched = Watched { progress: ui.progress("comparing", inputs.fleet.targets.len() + 2) };
    let planned = opened.plan(&watched)?;
    watched.progress.finish();
    Ok(planned)
}

/// A trust policy of a role.
pub(super) struct TrustText {
    pub(super) policy: Policy,
    /// Where it is from, unless it is just what the program built.
    pub(super) judged: Option<Judged>,
    /// Whether the callers of the spec get in by this one: not where another lets them in.
    pub(super) must_serve: bool,
}

/// Everything that says who may assume the role of a target.
pub(super) struct TrustOfRole {
    pub(super) texts: Vec<TrustText>,
    /// What could not be followed.
    pub(super) unknown: Vec<String>,
}

/// The folder of the spec as it will stand.
pub(super) struct Tree<'t> {
    inputs: &'t Inputs,
    planned: &'t Planned<'t>,
    changes: BTreeMap<&'t TargetName, &'t [Change]>,
    /// Roles that belong to no target, and whose trust policy is nobody's.
    unknown: Vec<String>,
}

impl<'t> Tree<'t> {
    pub(super) fn new(inputs: &'t Inputs, planned: &'t Planned<'t>) -> Result<Self, Error> {
        let units = &planned.plan().units;
        let of_target = |unit: &'t UnitPlan| Some((unit.unit.target()?, unit.changes.as_slice()));
        let changes = units.iter().filter_map(of_target).collect();
        let unknown =
            trust_texts(&planned.shared_standing()?).unknown.iter().map(ToString::to_string).collect();
        Ok(Self { inputs, planned, changes, unknown })
    }

    /// Who may assume the role of a target, by each text that says so. Where nothing is found, that is not known.
    fn trust_of(&self, target: &Target) -> Result<TrustOfRole, Error> {
        let changes = self.changes.get(&target.name).copied().unwrap_or_default();
        let standing = self.planned.standing(target, changes)?;
        let found = trust_texts(&standing.files);
        let mut unknown = self.unknown.clone();
        unknown.extend(standing.unread);
        unknown.extend(found.unknown.iter().map(ToString::to_string));
        let is_served = found.documents.iter().any(Standing::is_built);
        let of_roles = found.documents.iter().map(|document| (document, is_served));
        // Whom a document lets in that no role leads to, it need not.
        let of_nobody = found.others.iter().map(|document| (document, true));
        let texts = of_roles.chain(of_nobody).map(|(document, is_served)| self.text(document, is_served));
        let given = target.role.trust_policy.as_ref().map(|given| self.given(given));
        let texts: Vec<_> = given.into_iter().chain(texts).collect::<Result<_, _>>()?;
        if texts.is_empty() && unknown.is_empty() {
            unknown.push(nowhere(target));
        }
        Ok(TrustOfRole { texts, unknown })
    }

    fn text(&self, document: &Standing, is_served: bool) -> Result<TrustText, Error> {
        let name = self.name(document.path.as_str());
        let source = Source::new(name.clone(), &*document.text);
        let policy = policy::read(&source, Kind::Trust)?;
        let author = if document.origin == Origin::Program { Author::Templates } else { Author::Person };
        let judged = (!document.is_built()).then_some(Judged { file: name, author });
        // Whom another document lets in, this one need not.
        Ok(TrustText { policy, must_serve: judged.is_none() || !is_served, judged })
    }

    fn given(&self, given: &GivenTrust) -> Result<TrustText, Error> {
        let source = Source::new(self.name(&given.file), &*given.text);
        let policy = policy::read(&source, Kind::Trust)?;
        Ok(given_text(source.name.clone(), policy))
    }

    fn name(&self, path: &str) -> String {
        let name = self.inputs.folder.join(path).display().to_string();
        name.trim_start_matches("./").to_owned()
    }
}

/// The trust policy that a role is said to have.
fn of_file(path: &Path, role_arn: &str) -> Result<TrustOfRole, Error> {
    let policy = policy::trust(path, Some(role_arn))?;
    let texts = vec![given_text(path.display().to_string(), policy)];
    Ok(TrustOfRole { texts, unknown: Vec::new() })
}

fn given_text(file: String, policy: Policy) -> TrustText {
    let judged = Some(Judged { file, author: Author::Aws });
    TrustText { policy, judged, must_serve: true }
}

/// Why nothing says who may assume a role.
fn nowhere(target: &Target) -> String {
    if target.bootstrap != Bootstrap::Existing {
        return "no file of this target says who may assume its role".to_owned();
    }
    let (name, role) = (&target.name, &target.role.name);
    format!(
        "the role exists already, and its trust policy is not here: run `aws iam get-role --role-name {role} > role.json` in its account, then set `role.trust_policy: role.json` in the spec, or run `crossrole explain --target {name} --policy role.json`"
    )
}
