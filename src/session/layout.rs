//! The gate before a change of `terraform.layout`: what was built stays in the states of the roots that go.
//!
//! No `moved` block leads from one state to another, and a root whose files are gone cannot destroy anything. So a plan
//! that takes a target's workload root away, and has another one for it, needs a word.

use super::plan::Planned;
use crate::diagnostic::words::{Count, few};
use crate::diagnostic::{Error, Kind};
use crate::model::{Layout, TargetName};
use crate::output::{RelPath, UnitName};
use crate::reconcile::RecordChange;
use crate::render::UnitSource;

impl Planned<'_> {
    /// Refuses to replace workload roots by those of another layout.
    pub(super) fn refuse_other_layout(&self) -> Result<(), Error> {
        let moved = self.replaced_roots()?;
        let layout = self.opened.inputs.fleet.terraform.layout;
        let Some(first) = moved.first() else { return Ok(()) };
        let names: Vec<&str> = moved.iter().map(|name| name.as_str()).collect();
        let message = format!(
            "`terraform.layout` is `{layout}` now, and what was built for {} ({}) is in the states of the roots before",
            Count(moved.len(), "target"),
            few(&names)
        );
        Err(Error::one(Kind::Refused, message, way(layout, first)))
    }

    /// Targets whose recorded workload root is that of another layout, of which nothing stays.
    fn replaced_roots(&self) -> Result<Vec<TargetName>, Error> {
        let layout = self.opened.inputs.fleet.terraform.layout;
        let mut replaced = Vec::new();
        let changed = self.plan().units.iter().filter(|unit| unit.record != RecordChange::Keep);
        for unit in changed.filter(|unit| !unit.is_gone()) {
            let UnitName::Target(name) = &unit.unit else { continue };
            let before = other(layout).workload_root(name);
            let lies_there = |path: &RelPath| path.folders().any(|folder| folder == before);
            // What goes is a change, so that records are read only where something goes.
            if !unit.changes.iter().any(|change| lies_there(&change.path)) {
                continue;
            }
            let Some(base) = self.opened.workspace.base(&unit.unit)? else { continue };
            if base.files.iter().any(|file| lies_there(&file.path))
                && !self.paths_of(name).iter().any(lies_there)
            {
                replaced.push(name.clone());
            }
        }
        Ok(replaced)
    }

    /// Where the files of a target go now.
    fn paths_of(&self, name: &TargetName) -> Vec<RelPath> {
        let target = self.opened.inputs.fleet.targets.iter().find(|target| target.name == *name);
        target.map(|target| self.opened.renderer.paths(UnitSource::Target(target))).unwrap_or_default()
    }
}

fn other(layout: Layout) -> Layout {
    match layout {
        Layout::Roots => Layout::Single,
        Layout::Single => Layout::Roots,
    }
}

/// How the states of the roots come along, shown for one target.
fn way(layout: Layout, target: &TargetName) -> String {
    let (before, after) = (other(layout).workload_root(target), layout.workload_root(target));
    let file = |layout| match layout {
        Layout::Roots => format!("{target}.tfstate"),
        Layout::Single => "workload.tfstate".to_owned(),
    };
    let module = |layout| match layout {
        Layout::Roots => "module.verification_bucket".to_owned(),
        Layout::Single => format!("module.verification_{}", target.label()),
    };
    let (from, to) = (file(other(layout)), file(layout));
    let up = vec![".."; after.split('/').count()].join("/");
    format!(
        "to keep it, save each state first: `terraform -chdir={before} state pull >{from}`; \
         then `crossrole generate --replace-roots` and `terraform -chdir={after} init`; \
         move what it holds: `terraform state mv -state={from} -state-out={to} {} {}`, and your own resources; \
         and `terraform -chdir={after} state push {up}/{to}`; \
         if nothing was ever applied, `--replace-roots` is enough",
        module(other(layout)),
        module(layout),
    )
}
