//! Reading what a run needs: the spec, the policy files it names, and the template pack.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::Unfreed;
use super::packs::{read_pack, read_pack_below};
use crate::check::{self, PolicyFiles};
use crate::diagnostic::words::{did_you_mean, system};
use crate::diagnostic::{Diagnostic, Error, Kind, Source};
use crate::input::{self, Limit, Root, Way};
use crate::lint::{self, Waivers};
use crate::model::{Date, Fleet, TargetName};
use crate::pack::{self, Pack};
use crate::reconcile::PackId;
use crate::render::vocabulary;
use crate::spec::{self, Parsed, Spec};

/// The spec that nobody has to name.
const DEFAULT: &str = "crossrole.yaml";

/// What is written for a spec that came from stdin.
pub const STDIN: &str = "-";

/// Which spec and templates are wanted.
#[derive(Debug, Clone)]
pub struct SpecSource {
    /// The spec; `-` is stdin.
    pub spec: PathBuf,
    /// A template pack, instead of the spec's or the built-in one.
    pub templates: Option<PathBuf>,
    /// Who says where the spec is.
    pub asked: Asked,
    /// The day of the run, on which waivers end.
    pub today: Date,
}

/// A spec that has been read and checked, with the pack that renders it.
pub struct Inputs {
    /// What the spec comes to.
    pub fleet: Unfreed<Fleet>,
    /// The templates.
    pub pack: Pack,
    /// What is worth saying about the spec.
    pub warnings: Vec<Diagnostic>,
    /// The spec's name without folders: what the output says of it.
    pub spec_name: String,
    /// Where it stands.
    pub folder: PathBuf,
    from_stdin: bool,
    /// The spec as it is written, for what only a reader would notice.
    pub(crate) written: Unfreed<Written>,
    /// What was read from the disk: the spec, the files that it names, and the templates.
    reads: Vec<PathBuf>,
    /// Whether the templates are our own.
    pub is_built_in: bool,
    /// The pack that the command line names.
    pub(super) given_templates: Option<PathBuf>,
    /// The pack that the spec names.
    pub(super) spec_templates: Option<PathBuf>,
}

/// A spec as it is written, with the files that it names.
pub(crate) struct Written {
    pub(crate) source: Arc<Source>,
    pub(crate) spec: Arc<Spec>,
    files: PolicyFiles,
    today: Date,
}

impl Inputs {
    /// Reads and checks everything, and compiles the templates.
    ///
    /// # Errors
    /// What cannot be read, and everything that is wrong with the spec or the templates.
    pub fn load(wanted: &SpecSource) -> Result<Self, Error> {
        let Opened { source, spec_name, folder, from_stdin } = open(&wanted.spec, wanted.asked)?;
        // Most specs leave the templates to us or to the command line, so these are compiled meanwhile.
        let (checked, pack) = rayon::join(
            || check_spec(&source, &folder, wanted.today),
            || compile(wanted.templates.as_deref()),
        );
        let (lowered, written) = checked;
        // What is wrong with the spec is said first.
        let (fleet, warnings) = lowered?;
        let fleet = Unfreed::new(fleet);
        let templates = written.spec.templates.value().map(PathBuf::from);
        let is_built_in = templates.is_none() && wanted.templates.is_none();
        let pack = match templates.as_deref().filter(|_| wanted.templates.is_none()) {
            Some(templates) => {
                let files = read_pack_below(&folder, templates)?;
                Pack::compile(&shown(&folder.join(templates)), files, vocabulary)?
            }
            None => pack?,
        };
        let spec = if from_stdin { None } else { Some(wanted.spec.clone()) };
        let given_templates = wanted.templates.clone();
        let spec_templates = templates.map(|templates| folder.join(templates));
        let templates = given_templates.clone().or_else(|| spec_templates.clone());
        let policies = written.files.keys().map(|file| folder.join(file));
        let reads = policies.chain(spec).chain(templates).collect();
        Ok(Self {
            fleet,
            pack,
            warnings,
            spec_name,
            folder,
            from_stdin,
            written: Unfreed::new(written),
            reads,
            is_built_in,
            given_templates,
            spec_templates,
        })
    }

    /// The text of the spec.
    #[must_use]
    pub fn spec_text(&self) -> &str {
        &self.written.source.text
    }

    /// The warnings of `lint` that are not among [`Self::warnings`]. Looks at every target.
    #[must_use]
    pub fn lint_warnings(&self) -> Vec<Diagnostic> {
        let Written { source, spec, files, today } = &*self.written;
        lint::spec_warnings(source, (spec, &self.fleet), files, *today)
    }

    /// Everything that `lint` says of the spec.
    pub(crate) fn lint_report(&self) -> Result<lint::Report, Error> {
        lint::spec(spec::parse(&self.written.source), &self.written.files, self.written.today)
    }

    /// The spec as a record in a folder names it: from there, or by its bare name where the two have
    /// nothing to do with each other.
    pub(super) fn spec_from(&self, out: &Path) -> String {
        if self.from_stdin {
            return STDIN.to_owned();
        }
        let folders = whole(&self.folder).zip(whole(out));
        let way = folders.and_then(|(folder, out)| way(&out, &folder));
        way.map_or_else(|| self.spec_name.clone(), |way| format!("{way}{}", self.spec_name))
    }

    /// Whether a folder that a record says is generated from `known` may be generated from this spec: it
    /// is that one, or that one is not there any more and was renamed. Of stdin nobody knows.
    pub(super) fn may_follow(&self, known: &str, out: &Path) -> bool {
        let spec = self.spec_from(out);
        let place = |spec: &str| fs::canonicalize(out.join(spec)).ok();
        let is_way = |part| matches!(part, Component::Normal(_) | Component::ParentDir);
        known == spec
            || [known, &spec].contains(&STDIN)
            || !Path::new(known).components().all(is_way)
            || !out.join(known).is_file()
            || place(known) == place(&spec)
    }

    /// What was read in a folder, by its path there.
    pub(super) fn reads_in(&self, out: &Path) -> BTreeSet<String> {
        let Some((here, out)) = std::path::absolute(".").ok().zip(whole(out)) else {
            return BTreeSet::new();
        };
        let here = fs::canonicalize(&here).unwrap_or(here);
        let inside = |path: &PathBuf| {
            let path = without_dots(&here.join(path));
            Some(path.strip_prefix(&out).ok()?.to_str()?.replace('\\', "/"))
        };
        self.reads.iter().filter_map(inside).filter(|path| !path.is_empty()).collect()
    }

    /// Which pack it is, as the record says it.
    #[must_use]
    pub fn pack_id(&self) -> PackId {
        let manifest = &self.pack.manifest;
        PackId { id: manifest.id.clone(), version: manifest.version, digest: self.pack.digest.clone() }
    }

    /// The targets asked for by name; `None` where nobody asked.
    ///
    /// # Errors
    /// A name that no target has.
    pub fn only(&self, names: &[String]) -> Result<Option<BTreeSet<TargetName>>, Error> {
        let known: BTreeMap<&str, &TargetName> =
            self.fleet.targets.iter().map(|target| (target.name.as_str(), &target.name)).collect();
        let find = |name: &String| {
            let found = known.get(name.as_str()).copied().cloned();
            found.ok_or_else(|| unknown_target(name, known.keys().copied()))
        };
        let names: BTreeSet<_> = names.iter().map(find).collect::<Result<_, _>>()?;
        Ok(Some(names).filter(|names| !names.is_empty()))
    }
}

fn unknown_target<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Error {
    let known: Vec<&str> = known.take(1000).collect();
    let help = if known.len() > 20 {
        "`crossrole list` prints all targets".to_owned()
    } else {
        did_you_mean(name, &known)
    };
    Error::one(Kind::Usage, format!("the spec has no target `{name}`"), help)
}

/// Who says where a spec is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The command line.
    ByName,
    /// A record, which anybody may have written.
    ByRecord,
}

/// The text of a spec, and where it is from.
struct Opened {
    source: Arc<Source>,
    spec_name: String,
    folder: PathBuf,
    from_stdin: bool,
}

fn open(spec: &Path, asked: Asked) -> Result<Opened, Error> {
    let from_stdin = spec == Path::new(STDIN);
    let text = if from_stdin { read_stdin()? } else { read_spec_text(spec, asked)? };
    let (folder, spec_name) = if from_stdin {
        (PathBuf::from("."), "crossrole.yaml".to_owned())
    } else {
        let name = spec.file_name().map(|name| name.to_string_lossy().into_owned());
        (folder_of(spec), name.unwrap_or_default())
    };
    Ok(Opened { source: input::text(&shown(spec), text)?, spec_name, folder, from_stdin })
}

/// A spec as it is written, with the policy files that it names.
///
/// # Errors
/// When the spec cannot be read.
pub fn read_spec(spec: &Path) -> Result<(Parsed, PolicyFiles), Error> {
    let Opened { source, folder, .. } = open(spec, Asked::ByName)?;
    let parsed = spec::parse(&source);
    let files = read_policies(&parsed.spec.policy_files(), &folder);
    Ok((parsed, files))
}

/// What a spec comes to, and how it is written.
type Checked = (Result<(Fleet, Vec<Diagnostic>), Error>, Written);

fn check_spec(source: &Arc<Source>, folder: &Path, today: Date) -> Checked {
    let parsed = spec::parse(source);
    let files = read_policies(&parsed.spec.policy_files(), folder);
    let waivers = Waivers::of(&parsed.spec, today);
    let (source, spec) = (Arc::clone(&parsed.source), Arc::clone(&parsed.spec));
    let lowered = check::lower(parsed, &files);
    let lowered = lowered.map(|(fleet, warnings)| (fleet, waivers.silence(warnings)));
    (lowered, Written { source, spec, files, today })
}

fn compile(templates: Option<&Path>) -> Result<Pack, Error> {
    match templates {
        Some(templates) => Pack::compile(&shown(templates), read_pack(templates)?, vocabulary),
        None => Pack::compile("built-in", pack::built_in(), vocabulary),
    }
}

/// The folder that a file is in.
#[must_use]
pub fn folder_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

/// A path from the root, links resolved as far as it is there.
pub(super) fn whole(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let there = path.ancestors().find_map(|above| Some((above, fs::canonicalize(above).ok()?)));
    let (above, real) = there?;
    path.strip_prefix(above).ok().map(|rest| real.join(rest))
}

/// A path without `.` and `..`, by its words alone.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// The way from one folder to another in the same project, ending in a slash; none where it would
/// tell more of a machine than of a project.
fn way(from: &Path, to: &Path) -> Option<String> {
    const MOST_UP: usize = 3;
    const MOST_DOWN: usize = 2;
    let shared = from.components().zip(to.components()).take_while(|(left, right)| left == right).count();
    let up = from.components().count() - shared;
    let down: Vec<_> =
        to.components().skip(shared).map(|part| part.as_os_str().to_str()).collect::<Option<_>>()?;
    // The root and the folder below it are shared by everything.
    let is_near = up == 0 || down.is_empty() || (shared > 2 && up <= MOST_UP && down.len() <= MOST_DOWN);
    let parts = std::iter::repeat_n("..", up).chain(down);
    is_near.then(|| parts.flat_map(|part| [part, "/"]).collect())
}

fn shown(path: &Path) -> String {
    if path == Path::new(STDIN) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// Everything that stdin has.
///
/// # Errors
/// When it cannot be read, or is too long for a spec.
pub fn read_stdin() -> Result<Vec<u8>, Error> {
    input::bounded(std::io::stdin(), Limit::Large)
        .map_err(|why| Error::one(Kind::Io, format!("cannot read stdin: {why}"), ""))
}

/// A spec is where the person says; one that nobody named has to be in its own folder.
fn read_spec_text(path: &Path, asked: Asked) -> Result<Vec<u8>, Error> {
    let read = match asked {
        Asked::ByName if path != Path::new(DEFAULT) => input::named(path, Limit::Large),
        _ => read_below(&folder_of(path), path.file_name().unwrap_or_default().as_ref(), Limit::Large),
    };
    read.map_err(|why| {
        let message = format!("cannot read the spec `{}`: {why}", path.display());
        Error::one(Kind::Io, message, "name it with `--spec FILE`; README.md shows how one begins")
    })
}

/// A file in a folder, or why it is not read.
fn read_below(folder: &Path, relative: &Path, limit: Limit) -> Result<Vec<u8>, String> {
    Root::open(folder).map_err(|error| system(&error))?.read(relative, Way::Inside, limit)
}

/// The policies that a spec names, which lie below its folder.
#[must_use]
pub fn read_policies(paths: &BTreeSet<String>, folder: &Path) -> PolicyFiles {
    let read = |path: &String| {
        let bytes = read_below(folder, Path::new(path), Limit::Small);
        let text = bytes.and_then(input::plain_text).map(|text| Source::new(path.clone(), text));
        (path.clone(), text)
    };
    paths.iter().map(read).collect()
}
