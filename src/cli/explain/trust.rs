//! The texts that say who can assume the roles of a spec: as they will stand on disk, and as they are given.

use std::collections::BTreeMap;
use std::path::Path;

use super::{ExplainArgs, policy};
use crate::cli::interrupt::{Unseen, Watched};
use crate::cli::options::{SpecArgs, open_folder};
use crate::diagnostic::{Error, Kind as Failure, Source};
use crate::explain::{
    Author, Entry, Judged, Matrix, Origin, Standing, TrustTexts, stack_set_texts, trust_texts,
};
use crate::model::{Bootstrap, GivenTrust, Target, TargetName, TargetRole};
use crate::policy::evaluate::{Kind, Policy};
use crate::policy::{Document, trust_policy};
use crate::session::{Change, Inputs, Options, Planned, Purpose, RECORD, Session, UnitPlan};
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

/// What says who can assume each role of a target: the policy that was named, or else the folder.
pub(super) fn of_target<'t>(
    tree: &Tree<'_>,
    args: &ExplainArgs,
    target: &'t Target,
) -> Result<Vec<(TargetRole<'t>, TrustOfRole)>, Error> {
    let Some(path) = args.policy.as_deref() else { return tree.trust_of(target) };
    let partition = tree.inputs.fleet.source.partition;
    let given = |one: TargetRole<'t>| Ok((one, of_file(path, &one.arn(partition))?));
    let all: Vec<Result<_, Error>> = target.each_role().map(given).collect();
    if !target.roles.are_several() {
        return all.into_iter().collect();
    }
    // A policy that is printed with its role says itself of which one it is.
    match all.iter().flatten().count() {
        0 => all.into_iter().collect(),
        1 => Ok(all.into_iter().flatten().collect()),
        _ => {
            let message = format!("the policy does not say which of the roles of `{}` has it", target.name);
            let help = "name the output of `aws iam get-role`, which holds the role's ARN";
            Err(Error::one(Failure::Usage, message, help))
        }
    }
}

/// What is to be done to the output folder.
pub(super) fn plan<'i>(ui: &Ui, args: &ExplainArgs, inputs: &'i Inputs) -> Result<Planned<'i>, Error> {
    let out = args.out.as_deref().unwrap_or(&inputs.folder);
    let only = args.target.iter().cloned().collect();
    if args.policy.is_none() {
        say_what_is_judged(ui, out);
    }
    look(ui, out, only, inputs)
}

/// Says that a folder holds nothing that could be judged.
pub(in crate::cli) fn say_what_is_judged(ui: &Ui, out: &Path) {
    if !out.join(RECORD).exists() {
        let folder = out.display();
        ui.say(&format!(
            "note: nothing was generated in `{folder}`; judged: the policies that the spec would generate. Name a generated folder with `--out DIR`"
        ));
    }
}

/// What is to be done to a folder, with all that says who can assume a role in it; where targets are named, to theirs.
pub(in crate::cli) fn look<'i>(
    ui: &Ui,
    out: &Path,
    only: Vec<String>,
    inputs: &'i Inputs,
) -> Result<Planned<'i>, Error> {
    let session = Session::claim(open_folder(out)?, Purpose::Look, &Unseen)?;
    let options = Options { only, looks_at_source: true, looks_for_foreign: true, ..Options::default() };
    let opened = session.open(inputs, options)?;
    let watched = Watched { progress: ui.progress("comparing", inputs.fleet.targets.len() + 2) };
    let planned = opened.plan(&watched)?;
    watched.progress.finish();
    Ok(planned)
}

/// A trust policy of a role.
pub(in crate::cli) struct TrustText {
    pub(super) policy: Policy,
    /// Where it is from, unless it is just what the program built.
    pub(super) judged: Option<Judged>,
    /// Whether the callers of the spec get in by this one: not where another lets them in.
    must_serve: bool,
}

/// Everything that says who can assume a role.
pub(in crate::cli) struct TrustOfRole {
    pub(super) texts: Vec<TrustText>,
    /// What could not be followed.
    pub(in crate::cli) unknown: Vec<String>,
}

impl TrustOfRole {
    /// Each text with its answers, once they were asked for.
    pub(in crate::cli) fn answered(
        self,
        ask: impl Fn(&Policy) -> Matrix,
    ) -> impl Iterator<Item = (Policy, Matrix)> {
        self.texts.into_iter().map(move |text| {
            let mut matrix = ask(&text.policy);
            matrix.rows.retain(|row| text.must_serve || row.is_as_expected() || row.verdict.is_allowed());
            (text.policy, Matrix { judged: text.judged, ..matrix })
        })
    }
}

/// The folder of the spec as it will stand.
pub(in crate::cli) struct Tree<'t> {
    inputs: &'t Inputs,
    planned: &'t Planned<'t>,
    changes: BTreeMap<&'t TargetName, &'t [Change]>,
    /// Roles that belong to no target, and whose trust policy is nobody's.
    unknown: Vec<String>,
    /// What says who may enter A, where somebody does with tokens.
    source: Option<(TrustTexts, Vec<String>)>,
    /// What says who can assume the roles of the stack set, where there is one.
    stack_set: Option<(TrustTexts, Vec<String>)>,
}

impl<'t> Tree<'t> {
    pub(in crate::cli) fn new(inputs: &'t Inputs, planned: &'t Planned<'t>) -> Result<Self, Error> {
        let units = &planned.plan().units;
        let of_target = |unit: &'t UnitPlan| Some((unit.unit.target()?, unit.changes.as_slice()));
        let changes = units.iter().filter_map(of_target).collect();
        let unknown =
            trust_texts(&planned.shared_standing()?).unknown.iter().map(ToString::to_string).collect();
        let has_entries = Entry::all(&inputs.fleet).next().is_some();
        let has_set = inputs.fleet.source.stack_set.is_some();
        let standing = (has_entries || has_set).then(|| planned.source_standing()).transpose()?;
        let source = standing.as_ref().filter(|_| has_entries);
        let source = source.map(|standing| (trust_texts(&standing.files), standing.unread.clone()));
        let stack_set = standing.filter(|_| has_set);
        let stack_set = stack_set.map(|standing| (stack_set_texts(&standing.files), standing.unread));
        Ok(Self { inputs, planned, changes, unknown, source, stack_set })
    }

    /// Who can assume each role of a target, by each text that says so. Where nothing is found, that is not known.
    pub(in crate::cli) fn trust_of<'r>(
        &self,
        target: &'r Target,
    ) -> Result<Vec<(TargetRole<'r>, TrustOfRole)>, Error> {
        let changes = self.changes.get(&target.name).copied().unwrap_or_default();
        let standing = self.planned.standing(target, changes)?;
        let mut found = trust_texts(&standing.files);
        let mut unknown = self.unknown.clone();
        unknown.extend(standing.unread);
        if let Some((set, unread)) =
            self.stack_set.as_ref().filter(|_| target.bootstrap == Bootstrap::StackSet)
        {
            found = found.with_stack_set(set, target);
            unknown.extend(unread.iter().cloned());
        }
        unknown.extend(found.unknown.iter().map(ToString::to_string));
        target.each_role().map(|one| Ok((one, self.trust_of_role(one, &found, unknown.clone())?))).collect()
    }

    fn trust_of_role(
        &self,
        one: TargetRole<'_>,
        found: &TrustTexts,
        unknown: Vec<String>,
    ) -> Result<TrustOfRole, Error> {
        let asked_for = trust_policy(&self.inputs.fleet.source, &one.target.session, one.role);
        let mut trust = self.of_documents(found.of(one), &asked_for, unknown)?;
        if let Some(given) = &one.role.trust_policy {
            trust.texts.insert(0, self.given(given)?);
        }
        if trust.texts.is_empty() && trust.unknown.is_empty() {
            trust.unknown.push(nowhere(one));
        }
        Ok(trust)
    }

    /// Who can assume the role in A that a caller enters through.
    pub(in crate::cli) fn trust_of_entry(&self, entry: Entry<'_>) -> Result<TrustOfRole, Error> {
        let Some((found, unread)) = &self.source else {
            return Ok(TrustOfRole { texts: Vec::new(), unknown: Vec::new() });
        };
        let of_it = found.unknown.iter().filter(|unknown| unknown.may_be_of_entry(entry));
        let unknown = self.unknown.iter().chain(unread).cloned();
        let unknown = unknown.chain(of_it.map(ToString::to_string)).collect();
        let mut trust = self.of_documents(found.of_entry(entry), &entry.trust_policy(), unknown)?;
        if trust.texts.is_empty() && trust.unknown.is_empty() {
            trust.unknown.push("no file of A says who can assume this role".to_owned());
        }
        Ok(trust)
    }

    fn of_documents(
        &self,
        (of_role, of_nobody): (Vec<&Standing>, Vec<&Standing>),
        asked_for: &Document,
        unknown: Vec<String>,
    ) -> Result<TrustOfRole, Error> {
        let is_served = of_role.iter().any(|file| file.is_built_as(asked_for));
        let of_role = of_role.into_iter().map(|file| (file, is_served));
        // Whom a document lets in that no role leads to, it need not.
        let all = of_role.chain(of_nobody.into_iter().map(|file| (file, true)));
        let texts = all.map(|(file, is_served)| self.text(file, asked_for, is_served));
        Ok(TrustOfRole { texts: texts.collect::<Result<_, _>>()?, unknown })
    }

    fn text(&self, document: &Standing, asked_for: &Document, is_served: bool) -> Result<TrustText, Error> {
        let name = self.name(document.path.as_str());
        let source = Source::new(name.clone(), &*document.text);
        let policy = policy::read(&source, Kind::Trust)?;
        // What the program built for another role is led to by a person's edit.
        let is_written = document.origin == Origin::Program && !document.is_built();
        let author = if is_written { Author::Templates } else { Author::Person };
        let judged = (!document.is_built_as(asked_for)).then_some(Judged { file: name, author });
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

/// Why nothing says who can assume a role.
fn nowhere(TargetRole { target, role }: TargetRole<'_>) -> String {
    if target.bootstrap != Bootstrap::Existing {
        return "no file of this target says who can assume its role".to_owned();
    }
    let (name, role) = (&target.name, &role.name);
    format!(
        "the role exists already, and its trust policy is not here: run `aws iam get-role --role-name {role} > role.json` in its account, then set `role.trust_policy: role.json` in the spec, or run `crossrole explain --target {name} --policy role.json`"
    )
}
