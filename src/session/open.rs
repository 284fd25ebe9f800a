//! The second stage: a claimed folder, and what a spec and its templates come to there.

use std::collections::BTreeSet;

use super::claim::{Purpose, Session};
use super::inputs::Inputs;
use super::workspace::Workspace;
use crate::diagnostic::{Error, Kind};
use crate::model::TargetName;
use crate::policy::AssumePolicies;
use crate::reconcile::{OnConflict, PackId};
use crate::render::Renderer;
use crate::store::FolderLock;
use crate::tree::{RelPath, UnitName};

/// What a run is to do, beyond bringing everything to what the spec says.
#[derive(Debug, Clone)]
pub struct Options {
    /// The targets to look at, by name; none is everything.
    pub only: Vec<String>,
    /// Files and folders that a person deleted and wants back.
    pub restore: Vec<String>,
    /// What to do where edits and what is new do not go together.
    pub on_conflict: OnConflict,
    /// Whether files that are nobody's to edit are taken back.
    pub force: bool,
    /// What to do about a tree that other templates made.
    pub other_templates: OtherTemplates,
    /// Whether to look for Terraform of people's own in the folders of every unit.
    pub looks_for_foreign: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            only: Vec::new(),
            restore: Vec::new(),
            on_conflict: OnConflict::Abort,
            force: false,
            other_templates: OtherTemplates::Compared,
            looks_for_foreign: false,
        }
    }
}

/// What to do about a tree that other templates made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherTemplates {
    /// It is compared with these.
    Compared,
    /// It is left to `update`.
    Refused,
    /// It goes to these, unless they are older ones.
    Upgraded,
}

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
        self.refuse_templates(&pack, &options)?;
        self.refuse_other_spec(inputs)?;
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
        let message = format!("`{}` is generated from `{known}`, and this is `{spec}`", out.display());
        let help = format!(
            "name another folder with `--out`; where this one takes its place, delete `{known}` first"
        );
        Err(Error::one(Kind::Refused, message, help))
    }

    fn refuse_templates(&self, to: &PackId, options: &Options) -> Result<(), Error> {
        let from = self.recorded_pack();
        match options.other_templates {
            OtherTemplates::Refused if self.workspace.is_made_by_others(to) => Err(other_templates(from, to)),
            OtherTemplates::Upgraded if !options.force => refuse_older(from, to),
            _ => Ok(()),
        }
    }
}

impl Opened<'_> {
    /// What the callers may assume.
    #[must_use]
    pub fn assume_policies(&self) -> &AssumePolicies {
        self.renderer.assume_policies()
    }

    /// A path that was named, or lies in a folder that was.
    pub(super) fn is_restored(&self, path: &RelPath) -> bool {
        self.restore.contains(path.as_str()) || path.folders().any(|folder| self.restore.contains(folder))
    }
}

/// A path as records write it.
pub(super) fn as_recorded(path: &str) -> String {
    path.trim_start_matches("./").trim_end_matches('/').to_owned()
}

/// The refusal to let other templates in by the way.
fn other_templates(from: &PackId, to: &PackId) -> Error {
    let name = |pack: &PackId| format!("{} version {}", pack.id, pack.version);
    let message = if name(from) == name(to) {
        format!("this tree was made by another edition of the templates {}", name(from))
    } else {
        format!("this tree was made by the templates {}, and these are {}", name(from), name(to))
    };
    let help = "`crossrole update` brings it to these templates, keeping every edit; `crossrole update --dry-run --diff` shows how";
    Error::one(Kind::Refused, message, help)
}

/// An update goes forward: an older crossrole would take away what a newer one wrote.
fn refuse_older(from: &PackId, to: &PackId) -> Result<(), Error> {
    if from.id != to.id || from.version <= to.version {
        return Ok(());
    }
    let message = format!(
        "this tree was made by {} version {}, and these are version {}",
        from.id, from.version, to.version
    );
    Err(Error::one(Kind::Refused, message, "use a newer crossrole; `--force` goes back"))
}
