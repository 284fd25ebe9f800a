//! What files see of the stack set: its units, and the roles of its one template.

use super::names::{names, texts};
use super::stack;
use super::target::role_row;
use crate::model::{Fleet, OrganizationalUnitId};
use crate::pack::{TemplateContext, TemplateValue};

names! {
    /// Known to files that are written once.
    struct OneSet<'f> {
        stack_set: Option<String>,
        stack_description: String,
        organizational_units: TemplateValue<'f>,
        call_as: Option<&'static str>,
        delegated_admin: bool,
        retain_on_removal: bool,
        roles: TemplateValue<'f>,
    }
}

pub(in crate::render) fn stack_set(fleet: &Fleet) -> impl TemplateContext<'_> {
    let set = fleet.source.stack_set.as_ref();
    let units = set.map(|set| set.organizational_units.iter().map(OrganizationalUnitId::as_str));
    // They are the same in all of its targets.
    let roles = fleet.stack_set_targets().take(1).flat_map(|target| target.each_role());
    OneSet {
        stack_set: set.map(|_| format!("{}-roles", fleet.name)),
        stack_description: stack::description(fleet),
        organizational_units: texts(units.into_iter().flatten()),
        call_as: set.map(|set| set.call_as.api_word()),
        delegated_admin: set.is_some_and(|set| set.call_as == crate::model::CallAs::DelegatedAdmin),
        retain_on_removal: set.is_some_and(|set| set.retain_on_removal),
        roles: TemplateValue::Rows(roles.map(|one| role_row(one, fleet)).collect()),
    }
}
