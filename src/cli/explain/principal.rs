//! The roles of a spec that one principal may assume.

use rayon::prelude::*;

use super::request::{context, own_policies};
use super::trust::{self, Tree, TrustOfRole};
use super::{Done, ExplainArgs};
use crate::cli::options::Format;
use crate::diagnostic::Error;
use crate::explain::{AccessAudit, Asker};
use crate::model::{Target, TargetRole};
use crate::policy::evaluate::Principal;
use crate::session::Inputs;
use crate::ui::{self, RoleAnswer, Ui};

pub(super) fn run(ui: &Ui, args: &ExplainArgs, principal: &Principal) -> Result<Done, Error> {
    let inputs = trust::load(ui, args)?;
    let planned = trust::plan(ui, args, &inputs)?;
    let tree = Tree::new(&inputs, &planned)?;
    let audit = AccessAudit::new(&inputs.fleet);
    let asker = Asker {
        principal: principal.clone(),
        action: args.action.clone(),
        given: context(args),
        own: own_policies(args)?,
    };
    let roles = roles(&inputs, &tree, &audit, args, &asker)?;
    let declared = audit.declared(principal);
    ui.print(&match args.format {
        Format::Text => ui::principal_text(principal, declared, &roles),
        Format::Json => format!("{:#}\n", ui::principal_json(principal, declared, &roles)),
    })?;
    Ok(if roles.iter().all(|role| role.unknown.is_empty()) { Done::Clean } else { Done::Differs })
}

/// The roles of the targets that are asked about, as somebody finds them.
pub(super) fn roles(
    inputs: &Inputs,
    tree: &Tree<'_>,
    audit: &AccessAudit<'_>,
    args: &ExplainArgs,
    asker: &Asker,
) -> Result<Vec<RoleAnswer>, Error> {
    let ask = |(one, trust): (TargetRole<'_>, TrustOfRole)| {
        let answers = trust.texts.into_iter().map(|text| {
            let answer = audit.ask(one, &text.policy, asker);
            (text.judged.map(|judged| judged.file), answer)
        });
        RoleAnswer {
            target: one.to_string(),
            role_arn: one.arn(inputs.fleet.source.partition),
            answers: answers.collect(),
            unknown: trust.unknown,
        }
    };
    let targets = trust::asked(inputs, args);
    let of_target =
        |target: &&Target| Ok(trust::of_target(tree, args, target)?.into_iter().map(ask).collect::<Vec<_>>());
    let roles: Vec<Vec<RoleAnswer>> = targets.par_iter().map(of_target).collect::<Result<_, Error>>()?;
    Ok(roles.into_iter().flatten().collect())
}
