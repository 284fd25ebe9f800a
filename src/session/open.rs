//! The second stage: a claimed folder, and what a spec and its templates come to there.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::claim::{Purpose, Session};
use super::inputs::Inputs;
use super::options::Options;
use super::pipelines;
use super::templates;
use super::workspace::Workspace;
use crate::diagnostic::{Error, Kind};
use crate::model::{SINGLE_ROOT, TargetName};
use crate::output::{RelPath, UnitName};
use crate::policy::AssumePolicies;
use crate::reconcile::PackId;
use crate::render::{Renderer, UnitSource};
use crate::store::FolderLock;

/// A folder and what is wanted in it.
pub struct Opened<'i> {
    pub(super) workspace: Workspace,
    pub(super) held: Option<FolderLock>,
    pub(super) inputs: &'i Inputs,
    pub(super) renderer: Renderer<'i>,
    /// Which templates it renders with.
    pub(super) pack: PackId,
    /// The spec, as the record will name it.
    pub(super) spec: String,
    /// Files and folders in the output folder that the run reads: the spec, what it names, templates.
    pub(super) reads: BTreeSet<String>,
    pub(super) only: Option<BTreeSet<TargetName>>,
    /// The paths that were to be restored, as records write them.
    restore: BTreeSet<String>,
    /// What is generated in the root of all targets, once it is asked for.
    shared_root: OnceLock<BTreeSet<String>>,
    pub(super) options: Options,
}

impl Session {
    /// Brings a spec and its templates to the folder.
    ///
    /// # Errors
    /// Templates that the tree must not go to by the way, targets that the spec has not, a pack of
    /// which two units write one path.
    pub fn open(self, inputs: &Inputs, options: Options) -> Result<Opened<'_>, Error> {
        let pack = inputs.pack_id();
        templates::refuse_others(self.recorded_pack(), inputs, &options)?;
        self.refuse_other_spec(inputs)?;
        if self.purpose != Purpose::Look {
            pipelines::refuse_below_the_top(&inputs.fleet.pipelines, self.workspace.folder.root())?;
        }
        let renderer = Renderer::new(&inputs.fleet, &inputs.pack, &inputs.spec_name)?;
        let only = inputs.only(&options.only)?;
        let Self { workspace, held, purpose, .. } = self;
        if only.is_some() && purpose != Purpose::Look && !workspace.is_known(&UnitName::Shared) {
            let help = "run `crossrole generate` once without it: targets use a module that all share";
            return Err(Error::one(Kind::Usage, "`--only` needs a folder that was generated before", help));
        }
        let out = workspace.folder.root();
        Ok(Opened {
            spec: inputs.spec_from(out),
            reads: inputs.reads_in(out),
            workspace,
            held,
            inputs,
            renderer,
            pack,
            only,
            restore: options.restore.iter().map(|path| as_recorded(path)).collect(),
            shared_root: OnceLock::new(),
            options,
        })
    }

    /// A tree is one spec's: another one would take away what that one wrote.
    fn refuse_other_spec(&self, inputs: &Inputs) -> Result<(), Error> {
        let (out, known) = (self.workspace.folder.root(), self.recorded_spec());
        if self.purpose == Purpose::Look || inputs.may_follow(known, out) {
            return Ok(());
        }
        let spec = inputs.spec_from(out);
        let message = format!(
            "`{}` was generated from the spec `{known}` (seen from there), not from `{spec}`",
            out.display()
        );
        let help =
            "use another folder with `--out`; for one spec to replace the other, delete the old one first";
        Err(Error::one(Kind::Refused, message, help))
    }
}

impl Opened<'_> {
    /// What the callers may assume.
    #[must_use]
    pub fn assume_policies(&self) -> &AssumePolicies {
        self.renderer.assume_policies()
    }

    /// Whether a path is generated, by whatever unit, in the one root of all targets: Terraform reads it together with those
    /// of others, and it is judged as a part of its own unit.
    pub(super) fn is_in_shared_root(&self, path: &str) -> bool {
        let fleet = &self.inputs.fleet;
        if !fleet.has_single_root() {
            return false;
        }
        let paths = || {
            let units = fleet.targets.iter().map(UnitSource::Target).chain([UnitSource::Shared]);
            let paths = units.flat_map(|unit| self.renderer.paths(unit));
            let is_there = |path: &RelPath| path.folders().any(|folder| folder == SINGLE_ROOT);
            paths.filter(is_there).map(String::from).collect()
        };
        self.shared_root.get_or_init(paths).contains(path)
    }

    /// A path that was named, or lies in a folder that was.
    pub(super) fn is_restored(&self, path: &RelPath) -> bool {
        // Nearly no run restores anything, and every file is asked about.
        let is_named = |path: &str| self.restore.contains(path);
        !self.restore.is_empty() && (is_named(path.as_str()) || path.folders().any(is_named))
    }
}

/// A path as records write it.
pub(super) fn as_recorded(path: &str) -> String {
    path.trim_start_matches("./").trim_end_matches('/').to_owned()
}
