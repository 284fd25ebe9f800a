//! The callers that matter to each role of a spec, as tables.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::trust::{self, Tree, TrustOfRole};
use super::{Done, ExplainArgs};
use crate::cli::options::Format;
use crate::diagnostic::Error;
use crate::explain::{AccessAudit, Entry, Grant, Matrix};
use crate::grants::TrustChange;
use crate::model::Target;
use crate::policy::evaluate::Policy;
use crate::ui::{self, Answers, Tables, Ui};

/// Tables that are all shown; of more, only those with a surprise.
const MOST_TABLES: usize = 20;

pub(super) fn run(ui: &Ui, args: &ExplainArgs) -> Result<Done, Error> {
    let inputs = trust::load(ui, args)?;
    let planned = trust::plan(ui, args, &inputs)?;
    let tree = Tree::new(&inputs, &planned)?;
    let audit = AccessAudit::new(&inputs.fleet);
    let asked = trust::asked(&inputs, args);
    let all = args.target.is_some() || ui.is_verbose() || asked.len() <= MOST_TABLES;
    let tables = match args.format {
        Format::Json => Tables::Json,
        Format::Text if all => Tables::All,
        Format::Text => Tables::Surprises,
    };
    let columns = ui.columns();
    // A policy that is named says nothing of permissions.
    let permissions =
        if args.policy.is_none() { planned.permissions_beyond_spec()? } else { BTreeMap::new() };
    let ask = |target: &&Target| {
        let of_role = |(one, trust)| {
            matrices(trust, |unknown| audit.not_known(one, unknown), |trust| audit.matrix(one, trust))
        };
        let roles = trust::of_target(&tree, args, target)?.into_iter();
        let mut matrices: Vec<Matrix> = roles.flat_map(of_role).collect();
        if let Some((first, beyond)) = matrices.first_mut().zip(permissions.get(&target.name)) {
            first.permissions = beyond.iter().map(grant).collect();
        }
        Ok(matrices.iter().map(|matrix| Answers::of(matrix, tables, columns)).collect::<Vec<_>>())
    };
    let hops = hops(&tree, &audit, args, &asked)?;
    let hops: Vec<Answers> = hops.iter().map(|matrix| Answers::of(matrix, tables, columns)).collect();
    let shown: Vec<Vec<Answers>> = asked.par_iter().map(ask).collect::<Result<_, Error>>()?;
    let shown: Vec<Answers> = shown.into_iter().flatten().collect();
    ui.print(&match args.format {
        Format::Text => ui::matrices_text(&hops, &shown),
        Format::Json => ui::matrices_json(&hops, &shown),
    })?;
    let is_as_expected = hops.iter().chain(&shown).all(Answers::is_as_expected);
    Ok(if is_as_expected { Done::Clean } else { Done::Differs })
}

/// Who may enter A to assume one of the targets' roles. A policy that is named says nothing of that.
fn hops(
    tree: &Tree<'_>,
    audit: &AccessAudit<'_>,
    args: &ExplainArgs,
    asked: &[&Target],
) -> Result<Vec<Matrix>, Error> {
    let goes_on = |entry: &Entry<'_>| {
        let mut roles = asked.iter().flat_map(|target| &target.roles);
        args.policy.is_none() && roles.any(|role| role.admits(entry.caller))
    };
    let matrices = audit.entries().filter(goes_on).map(|entry| {
        let trust = tree.trust_of_entry(entry)?;
        let not_known = |unknown| audit.entry_not_known(entry, unknown);
        Ok(matrices(trust, not_known, |trust| audit.entry_matrix(entry, trust)))
    });
    Ok(matrices.collect::<Result<Vec<_>, Error>>()?.into_iter().flatten().collect())
}

fn grant(change: &TrustChange) -> Grant {
    Grant { file: change.path.clone(), what: change.what.clone() }
}

/// Who can assume a role, by each text that says so.
fn matrices(
    trust: TrustOfRole,
    not_known: impl Fn(Vec<String>) -> Matrix,
    ask: impl Fn(&Policy) -> Matrix,
) -> Vec<Matrix> {
    if trust.texts.is_empty() {
        return vec![not_known(trust.unknown)];
    }
    let unknown = trust.unknown.clone();
    let mut matrices: Vec<Matrix> = trust.answered(ask).map(|(_, matrix)| matrix).collect();
    if let Some(first) = matrices.first_mut() {
        first.unknown.extend(unknown);
    }
    matrices
}
