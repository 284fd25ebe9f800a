//! What is different from an earlier commit: the spec and the Terraform of both are read, and nothing is checked out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::check;
use crate::cli::named::is_terraform_or_json;
use crate::diagnostic::{Error, Kind, Source};
use crate::git::{Commit, Repository};
use crate::grants::{self, Asked, Files, Grants, TrustChange, opened};
use crate::input::{self, Limit, Root, Way};
use crate::model::{Caller, Fleet, TargetName};
use crate::report::facts::{Changes, changed_lines};
use crate::session::Inputs;
use crate::spec;
use crate::terraform::{self, Parsed};

/// Where the folders of targets lie.
const TARGETS: &str = "accounts/";
/// Where modules lie that all folders may call.
const MODULES: &str = "modules/";

type Texts = BTreeMap<String, Arc<Source>>;

/// What is different from an earlier commit; where the report is limited to some targets, of these.
pub(super) fn changes(
    inputs: &Inputs,
    only: Option<&BTreeSet<TargetName>>,
    out: &Path,
    reference: &str,
) -> Result<Changes, Error> {
    let repository = around(out)?;
    let commit = repository.resolve(reference)?;
    let mut changes =
        Changes { since: reference.to_owned(), commit: commit.short().to_owned(), ..Changes::default() };
    let is_asked = |name: &str| only.is_none_or(|only| only.iter().any(|one| one.as_str() == name));
    match fleet_at(inputs, &commit) {
        Ok(before) => compare_specs(&before, &inputs.fleet, is_asked, only.is_none(), &mut changes),
        Err(why) => changes.not_known.push(why),
    }
    let units = units(&repository.differing(&commit)?);
    let is_compared = |unit: &str| match unit.strip_prefix(TARGETS).map(|name| name.trim_end_matches('/')) {
        Some(name) => is_asked(name) && !changes.added.iter().chain(&changes.removed).any(|new| new == name),
        None => only.is_none(),
    };
    let trees = Trees { repository: &repository, commit: &commit, out };
    let (before, after) = trees.read(|path| path.starts_with(MODULES) || units.reach(unit_of(path)))?;
    let mut found: [Vec<TrustChange>; 2] = [Vec::new(), Vec::new()];
    let all: BTreeSet<&str> = before.keys().chain(after.keys()).map(|path| unit_of(path)).collect();
    for unit in all.into_iter().filter(|unit| units.reach(unit) && is_compared(unit)) {
        let (old, new) = (grants(&before, unit), grants(&after, unit));
        found[0].extend(of_unit(unit, opened(&old, &new, &asked(unit))));
        found[1].extend(of_unit(unit, opened(&new, &old, &asked(unit))));
    }
    if before.keys().all(|path| !terraform::is_code(path)) && !after.is_empty() {
        let why = "that commit holds no Terraform in this folder: only targets and callers were compared";
        changes.not_known.push(why.to_owned());
        found = [Vec::new(), Vec::new()];
    }
    [changes.widened, changes.narrowed] = found.map(changed_lines);
    Ok(changes)
}

fn around(folder: &Path) -> Result<Repository, Error> {
    Repository::around(folder).ok_or_else(|| {
        let message =
            format!("`{}` is not in a git repository, so there is no earlier commit", folder.display());
        Error::one(Kind::Usage, message, "omit `--since`, or name the folder of a clone with `--out DIR`")
    })
}

/// The spec of an earlier commit, or why there is none.
fn fleet_at(inputs: &Inputs, commit: &Commit) -> Result<Fleet, String> {
    let name = &inputs.spec_name;
    let repository = Repository::around(&inputs.folder).ok_or_else(|| {
        format!("the spec `{name}` is not in a git repository, so targets and callers were not compared")
    })?;
    let read = |wanted: &BTreeSet<String>| {
        let files = repository.files_at(commit, |path| wanted.contains(path));
        files.map_err(|error| error.to_string())
    };
    let text = read(&BTreeSet::from([name.clone()]))?.remove(name);
    let text =
        text.ok_or_else(|| format!("that commit has no `{name}`: targets and callers were not compared"))?;
    let damaged =
        |_| format!("the spec `{name}` of that commit is not valid: targets and callers were not compared");
    let source = input::text(name, text).map_err(damaged)?;
    let parsed = spec::parse(&source);
    let named = parsed.spec.policy_files();
    let found = read(&named)?;
    let policy = |path: &String| {
        let bytes = found.get(path).cloned().ok_or_else(|| "it is not in that commit".to_owned());
        (path.clone(), bytes.and_then(input::plain_text).map(|text| Source::new(path.clone(), text)))
    };
    check::lower(parsed, &named.iter().map(policy).collect()).map(|(fleet, _)| fleet).map_err(damaged)
}

fn compare_specs(
    before: &Fleet,
    after: &Fleet,
    is_asked: impl Fn(&str) -> bool,
    with_callers: bool,
    changes: &mut Changes,
) {
    let targets = |fleet: &Fleet| -> BTreeMap<String, String> {
        let asked = fleet.targets.iter().filter(|target| is_asked(target.name.as_str()));
        asked.map(|target| (target.name.to_string(), target.account_id.to_string())).collect()
    };
    let (old, new) = (targets(before), targets(after));
    changes.added = new.keys().filter(|name| !old.contains_key(*name)).cloned().collect();
    changes.removed = old.keys().filter(|name| !new.contains_key(*name)).cloned().collect();
    let callers = |fleet: &Fleet| -> BTreeSet<String> {
        let words = |caller: &Caller| format!("{}: {}", caller.id, caller.described());
        fleet.source.callers.iter().map(words).collect()
    };
    if with_callers {
        let (old, new) = (callers(before), callers(after));
        changes.callers_added = new.difference(&old).cloned().collect();
        changes.callers_removed = old.difference(&new).cloned().collect();
    }
}

/// The parts of a tree in which something is different.
struct Units {
    units: BTreeSet<String>,
    /// Whether that is all of them, since a module is different.
    are_all: bool,
}

impl Units {
    fn reach(&self, unit: &str) -> bool {
        self.are_all || self.units.contains(unit)
    }
}

fn units(differing: &BTreeSet<String>) -> Units {
    let is_read = |path: &&String| terraform::is_read(path) || is_terraform_or_json(path);
    let differing: BTreeSet<&String> = differing.iter().filter(is_read).collect();
    Units {
        units: differing.iter().map(|path| unit_of(path).to_owned()).collect(),
        are_all: differing.iter().any(|path| path.starts_with(MODULES)),
    }
}

/// The part of a tree that a path belongs to: a target's folder, or the first one.
fn unit_of(path: &str) -> &str {
    let parts = if path.starts_with(TARGETS) { 2 } else { 1 };
    path.match_indices('/').nth(parts - 1).map_or("", |(at, _)| &path[..=at])
}

/// A folder now and at a commit.
struct Trees<'t> {
    repository: &'t Repository,
    commit: &'t Commit,
    out: &'t Path,
}

impl Trees<'_> {
    /// The texts at the commit, and those of now.
    fn read(&self, is_wanted: impl Fn(&str) -> bool) -> Result<(Texts, Texts), Error> {
        let is_meant = |path: &str| is_terraform_or_json(path) && is_wanted(path);
        let texts = |bytes: Vec<u8>, name: &str| {
            let text =
                if terraform::is_read(name) { terraform::text(bytes) } else { input::plain_text(bytes) };
            Some((name.to_owned(), Source::new(name, text.ok()?)))
        };
        let before = self.repository.files_at(self.commit, is_meant)?;
        let before = before.into_iter().filter_map(|(path, bytes)| texts(bytes, &path)).collect();
        let walked = input::walk(self.out, &is_terraform_or_json)?;
        let root = Root::open(self.out).map_err(|error| Error::io("read the output folder", &error))?;
        let read = |path: &String| texts(root.read(Path::new(path), Way::Plain, Limit::Small).ok()?, path);
        let after = walked.files.iter().filter(|path| is_meant(path)).filter_map(read).collect();
        Ok((before, after))
    }
}

/// What a part gives on one side.
fn grants(texts: &Texts, unit: &str) -> Grants {
    let is_of_it = |path: &str| unit_of(path) == unit;
    let code = texts.keys().filter(|path| is_of_it(path) && terraform::is_read(path));
    let folder = |path: &String| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let folders: BTreeSet<String> = code.map(folder).collect();
    let near = texts.iter().filter(|(path, _)| is_of_it(path) || path.starts_with(MODULES));
    let near: Texts = near.map(|(path, source)| (path.clone(), Arc::clone(source))).collect();
    let files = Files {
        texts: &near,
        unread: &BTreeMap::new(),
        lookup: &|path| texts.get(path).cloned(),
        folders: &folders,
        given: &[],
    };
    grants::read(&files, &mut Parsed::default())
}

fn asked(unit: &str) -> Asked<'static> {
    static NONE: BTreeSet<(String, String)> = BTreeSet::new();
    Asked { rights: &NONE, is_source: unit == "source/", leaves_aside: false }
}

fn of_unit(unit: &str, changes: Vec<TrustChange>) -> impl Iterator<Item = TrustChange> {
    let target = unit.strip_prefix(TARGETS).map(|name| name.trim_end_matches('/').to_owned());
    changes.into_iter().map(move |change| TrustChange { target: target.clone(), ..change })
}
