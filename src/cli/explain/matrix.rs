//! The callers that matter to each role of a spec, as tables.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::trust::{self, Tree, TrustOfRole};
use super::{Done, ExplainArgs};
use crate::cli::options::Format;
use crate::diagnostic::Error;
use crate::explain::{AccessAudit, Grant, Matrix};
use crate::grants::TrustChange;
use crate::model::Target;
use crate::ui::{self, Answers, Tables, Ui};

/// Tables that are all shown; of more, only those with a surprise.
const MOST_TABLES: usize = 20;

pub(super) fn run(ui: &Ui, args: &ExplainArgs) -> Result<Done, Error> {
    let inputs = trust::load(ui, args)?;
    let planned = trust::plan(ui, &inputs, args.target.as_ref())?;
    let tree = Tree::new(&inputs, &planned)?;
    let audit = AccessAudit::new(&inputs.fleet);
    let asked = trust::asked(&inputs, args);
    let all = args.target.is_some() || ui.is_verbose() || asked.len() <= MOST_TABLES;
    let tables = match args.format {
        Format::Json => Tables::Json,
        Format::Text if all => Tables::All,
        Format::Text => Tables::Surprises,
    };
    // A policy that is named says nothing of permissions.
    let permissions =
        if args.policy.is_none() { planned.permissions_beyond_spec()? } else { BTreeMap::new() };
    let ask = |target: &&Target| {
        let mut matrices = matrices(&audit, target, trust::of_target(&tree, args, target)?);
        if let Some((first, beyond)) = matrices.first_mut().zip(permissions.get(&target.name)) {
            first.permissions = beyond.iter().map(grant).collect();
        }
        Ok(matrices.iter().map(|matrix| Answers::of(matrix, tables)).collect::<Vec<_>>())
    };
    let shown: Vec<Vec<Answers>> = asked.par_iter().map(ask).collect::<Result<_, Error>>()?;
    let shown: Vec<Answers> = shown.into_iter().flatten().collect();
    ui.print(&match args.format {
        Format::Text => ui::matrices_text(&shown),
        Format::Json => ui::matrices_json(&shown),
    })?;
    Ok(if shown.iter().all(Answers::is_as_expected) { Done::Clean } else { Done::Differs })
}

fn grant(change: &TrustChange) -> Grant {
    Grant { file: change.path.clone(), what: change.what.clone() }
}

/// Who may assume the role of a target, by each text that says so.
fn matrices(audit: &AccessAudit<'_>, target: &Target, trust: TrustOfRole) -> Vec<Matrix> {
    if trust.texts.is_empty() {
        return vec![audit.not_known(target, trust.unknown)];
    }
    let matrix = |text: trust::TrustText| {
        let mut matrix = audit.matrix(target, &text.policy);
        matrix.rows.retain(|row| text.must_serve || row.is_as_expected() || row.verdict.is_allowed());
        Matrix { judged: text.judged, ..matrix }
    };
    let mut matrices: Vec<Matrix> = trust.texts.into_iter().map(matrix).collect();
    if let Some(first) = matrices.first_mut() {
        first.unknown = trust.unknown;
    }
    matrices
}
