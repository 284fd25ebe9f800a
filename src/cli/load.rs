//! Reading what a run needs: the spec, the policy files it names, and the template pack.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::options::{OutArgs, SpecArgs};
use super::today::today;
use crate::check::{self, PolicyFiles};
use crate::diagnostic::words::{did_you_mean, system};
use crate::diagnostic::{Diagnostic, Error, Kind, Source, Span};
use crate::lint::Waivers;
use crate::model::Fleet;
use crate::pack::{self, Pack, PackFiles};
use crate::reconcile::PackId;
use crate::render::vocabulary;
use crate::spec::{self, Parsed};

/// Files beside a spec, and templates, are small; anything larger is a mistake.
const LARGEST: u64 = 4 << 20;

/// What is written for a spec that came from stdin.
pub(super) const STDIN: &str = "-";

/// A spec that has been read and checked, with the pack that renders it.
pub(super) struct Loaded {
    pub(super) fleet: Fleet,
    pub(super) pack: Pack,
    pub(super) warnings: Vec<Diagnostic>,
    /// The spec's name without folders: what the output says of it.
    pub(super) spec_name: String,
    /// Where it stands.
    pub(super) folder: PathBuf,
    from_stdin: bool,
    /// What was read from the disk: the spec, the files that it names, and the templates.
    reads: Vec<PathBuf>,
    /// Whether the templates are our own.
    pub(super) is_built_in: bool,
}

impl Loaded {
    /// The output folder: the one asked for, or the spec's own.
    pub(super) fn out(&self, args: &OutArgs) -> PathBuf {
        args.out.clone().unwrap_or_else(|| self.folder.clone())
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
    pub(super) fn pack_id(&self) -> PackId {
        let manifest = &self.pack.manifest;
        PackId { id: manifest.id.clone(), version: manifest.version, digest: self.pack.digest.clone() }
    }

    /// The targets asked for by name.
    pub(super) fn only(&self, names: &[String]) -> Result<Option<BTreeSet<String>>, Error> {
        let known: BTreeSet<&str> = self.fleet.targets.iter().map(|target| target.name.as_str()).collect();
        if let Some(unknown) = names.iter().find(|name| !known.contains(name.as_str())) {
            let known: Vec<&str> = known.into_iter().take(1000).collect();
            let help = if known.len() > 20 {
                "`crossrole list` prints all targets".to_owned()
            } else {
                did_you_mean(unknown, &known)
            };
            return Err(Error::one(Kind::Usage, format!("the spec has no target `{unknown}`"), help));
        }
        Ok(Some(names.iter().cloned().collect()).filter(|names: &BTreeSet<String>| !names.is_empty()))
    }
}

/// The text of a spec, and where it is from.
struct Opened {
    source: Arc<Source>,
    spec_name: String,
    folder: PathBuf,
    from_stdin: bool,
}

fn open(spec: &Path) -> Result<Opened, Error> {
    let from_stdin = spec == Path::new(STDIN);
    let text = if from_stdin { read_stdin()? } else { read_spec(spec)? };
    let (folder, spec_name) = if from_stdin {
        (PathBuf::from("."), "crossrole.yaml".to_owned())
    } else {
        let name = spec.file_name().map(|name| name.to_string_lossy().into_owned());
        (folder_of(spec), name.unwrap_or_default())
    };
    Ok(Opened { source: to_text(&shown(spec), text)?, spec_name, folder, from_stdin })
}

/// A spec as it is written, with the policy files that it names.
pub(super) fn read(spec: &Path) -> Result<(Parsed, PolicyFiles), Error> {
    let Opened { source, folder, .. } = open(spec)?;
    let parsed = spec::parse(&source);
    let files = read_policies(&parsed.spec.policy_files(), &folder);
    Ok((parsed, files))
}

/// Reads and checks everything, and compiles the templates.
pub(super) fn load(args: &SpecArgs) -> Result<Loaded, Error> {
    let Opened { source, spec_name, folder, from_stdin } = open(&args.spec)?;
    // Most specs leave the templates to us or to the command line, so these are compiled meanwhile.
    let (checked, pack) = rayon::join(|| check_spec(&source, &folder), || compile(args.templates.as_deref()));
    let (lowered, templates, policies) = checked;
    // What is wrong with the spec is said first.
    let (fleet, warnings) = lowered?;
    let is_built_in = templates.is_none() && args.templates.is_none();
    let pack = match templates.as_deref().filter(|_| args.templates.is_none()) {
        Some(templates) => compile(Some(templates))?,
        None => pack?,
    };
    let spec = if from_stdin { None } else { Some(args.spec.clone()) };
    let templates = args.templates.clone().or(templates);
    let reads = policies.into_iter().chain(spec).chain(templates).collect();
    Ok(Loaded { fleet, pack, warnings, spec_name, folder, from_stdin, reads, is_built_in })
}

/// What a spec comes to, and the templates and policies it names.
type Checked = (Result<(Fleet, Vec<Diagnostic>), Error>, Option<PathBuf>, Vec<PathBuf>);

fn check_spec(source: &Arc<Source>, folder: &Path) -> Checked {
    let parsed = spec::parse(source);
    let templates = parsed.spec.templates.value().map(|templates| folder.join(templates));
    let files = read_policies(&parsed.spec.policy_files(), folder);
    let waivers = Waivers::of(&parsed.spec, today());
    let lowered = check::lower(parsed, &files);
    let policies = files.keys().map(|file| folder.join(file)).collect();
    (lowered.map(|(fleet, warnings)| (fleet, waivers.silence(warnings))), templates, policies)
}

fn compile(templates: Option<&Path>) -> Result<Pack, Error> {
    match templates {
        Some(templates) => Pack::compile(&shown(templates), read_pack(templates)?, vocabulary),
        None => Pack::compile("built-in", pack::built_in(), vocabulary),
    }
}

/// The folder that a file is in.
pub(super) fn folder_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

/// A path from the root, links resolved as far as it is there.
fn whole(path: &Path) -> Option<PathBuf> {
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

pub(super) fn read_stdin() -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(|error| Error::io("read stdin", &error))?;
    Ok(bytes)
}

fn read_spec(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|error| {
        let message = format!("cannot read the spec `{}`: {}", path.display(), system(&error));
        Error::one(Kind::Io, message, "name it with `--spec FILE`; README.md shows how one begins")
    })
}

/// The bytes as text; where they are none, the place of the first that is not.
pub(super) fn to_text(name: &str, bytes: Vec<u8>) -> Result<Arc<Source>, Error> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let source = Source::new(name, text);
            let diagnostic = Diagnostic::error("the file is not UTF-8").at(&source, Span::new(at..at + 1));
            let help = "save it as UTF-8; an editor may call what it is now Latin-1, Windows-1252 or UTF-16";
            Err(Error::new(Kind::Input, vec![diagnostic.help(help)]))
        }
    }
}

pub(super) fn read_policies(paths: &BTreeSet<String>, folder: &Path) -> PolicyFiles {
    let read = |path: &String| {
        let text = read_small(&folder.join(path)).map(|text| Source::new(path.clone(), text));
        (path.clone(), text)
    };
    paths.iter().map(read).collect()
}

/// A policy that was named on the command line.
pub(super) fn policy_file(path: &Path) -> Result<Arc<Source>, Error> {
    match read_small(path) {
        Ok(text) => Ok(Source::new(path.display().to_string(), text)),
        Err(why) => {
            let message = format!("cannot read the policy `{}`: {why}", path.display());
            Err(Error::one(Kind::Io, message, ""))
        }
    }
}

/// A whole file as text, or why not.
pub(super) fn read_small(path: &Path) -> Result<String, String> {
    let found = fs::metadata(path).map_err(|error| system(&error))?;
    if !found.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    if found.len() > LARGEST {
        return Err(format!("it is larger than {} MiB", LARGEST >> 20));
    }
    let bytes = fs::read(path).map_err(|error| system(&error))?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

/// The files of a pack, its hidden ones and those of its hidden folders aside.
pub(super) fn read_pack(folder: &Path) -> Result<PackFiles, Error> {
    let mut files = PackFiles::new();
    let mut waiting = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = waiting.pop() {
        let failed = |error: &std::io::Error| {
            let message = format!("cannot read the template pack `{}`: {}", folder.display(), system(error));
            Error::one(
                Kind::Io,
                message,
                "`crossrole templates eject DIR` writes the built-in pack to start from",
            )
        };
        for entry in fs::read_dir(&folder).map_err(|error| failed(&error))? {
            let entry = entry.map_err(|error| failed(&error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let kind = entry.file_type().map_err(|error| failed(&error))?;
            let path = format!("{prefix}{name}");
            if kind.is_dir() {
                waiting.push((entry.path(), format!("{path}/")));
            } else {
                let text = read_small(&entry.path());
                let text = text.map_err(|why| {
                    Error::one(Kind::Input, format!("cannot read `{}`: {why}", entry.path().display()), "")
                })?;
                files.insert(path, text);
            }
        }
    }
    Ok(files)
}
