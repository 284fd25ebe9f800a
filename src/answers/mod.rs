//! A spec in the making: what was answered so far, and the text that a person would write of it.
//!
//! Responsible for naming a place in a spec (`targets[0].role.name`), for setting what stands there,
//! for telling what is still missing, for the commented YAML that `init` and `import` write, and for what people paste
//! at a prompt.
//! Which keys there are, and in which order, is the JSON Schema's to say. Refuses to judge values:
//! whatever is written is read again by [`crate::spec`] and checked like any other spec.

mod caller;
mod common;
mod edit;
mod keys;
pub(crate) mod names;
pub mod pasted;
mod path;
mod scalar;
mod typed;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostics, Error, Kind, Source};
use crate::spec;
use crate::yaml;

pub use caller::{CallerAnswer, GithubAt, Runs, Who, Workload};
pub use edit::{append_target, remove_target, set};
pub use keys::Missing;
pub use path::{Path, Step};
pub use typed::{
    Answers, BackendAnswer, BootstrapAnswer, RoleAnswer, RolesAnswer, SourceAnswers, TargetAnswers,
};

/// Targets that flags can name; files may hold more.
const MOST_ITEMS: usize = 10_000;

/// A spec in the making: the values, in the spec's own shape, and words to stand above some of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    root: Value,
    comments: BTreeMap<String, String>,
}

impl Draft {
    /// A draft in which nothing is answered.
    #[must_use]
    pub fn new() -> Self {
        Self { root: Value::Object(Map::new()), comments: BTreeMap::new() }
    }

    /// A draft that holds a spec-shaped value.
    #[must_use]
    pub fn of(root: Value) -> Self {
        Self { root, comments: BTreeMap::new() }
    }

    /// The draft that an answers file holds: a spec, or a part of one.
    ///
    /// # Errors
    /// Whatever is no key or no value of a spec, at its place.
    pub fn read(source: &Arc<Source>) -> Result<Self, Error> {
        let parsed = spec::parse(source);
        parsed.diagnostics.finish(())?;
        let root = yaml::load(source, &mut Diagnostics::default());
        Ok(root.map_or_else(Self::new, |root| Self::of(root.to_json())))
    }

    /// Puts a value where `KEY=VALUE` says, read as what the key holds.
    ///
    /// # Errors
    /// A key that no spec has, or a value of another kind, as wrong usage.
    pub fn answer(&mut self, assignment: &str) -> Result<(), Error> {
        let usage = |message: String, help: String| Error::one(Kind::Usage, message, help);
        let Some((key, value)) = assignment.split_once('=') else {
            let help = "for example `--set source.account_id=111111111111`".to_owned();
            return Err(usage(format!("`--set {assignment}` has no `=`"), help));
        };
        let invalid =
            |problem: keys::Unfit| usage(format!("`--set {key}`: {}", problem.message), problem.help);
        let path = Path::parse(key).map_err(|why| usage(format!("`--set {key}`: {why}"), String::new()))?;
        let value = keys::value_at(&path, value).map_err(invalid)?;
        self.put(&path, value).map_err(|why| usage(format!("`--set {key}`: {why}"), String::new()))
    }

    /// Puts a value at a place, making what lies on the way.
    ///
    /// # Errors
    /// A way that leads through something that is neither list nor mapping, or too far.
    pub fn put(&mut self, path: &Path, value: Value) -> Result<(), String> {
        let mut place = &mut self.root;
        for step in path.steps() {
            place = match step {
                Step::Key(key) => {
                    if place.is_null() {
                        *place = Value::Object(Map::new());
                    }
                    let members =
                        place.as_object_mut().ok_or_else(|| format!("`{key}` has no place there"))?;
                    members.entry(key.clone()).or_insert(Value::Null)
                }
                Step::Index(index) => {
                    if place.is_null() {
                        *place = Value::Array(Vec::new());
                    }
                    let items = place.as_array_mut().ok_or("there is no list at this place")?;
                    if *index >= MOST_ITEMS {
                        return Err(format!("lists end at [{}]", MOST_ITEMS - 1));
                    }
                    if *index >= items.len() {
                        items.resize(*index + 1, Value::Null);
                    }
                    &mut items[*index]
                }
            };
        }
        *place = value;
        Ok(())
    }

    /// What stands at a place written as in messages, `targets[0].name`; null counts as nothing.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        let path = Path::parse(path).ok()?;
        let mut value = &self.root;
        for step in path.steps() {
            value = match step {
                Step::Key(key) => value.get(key)?,
                Step::Index(index) => value.get(*index)?,
            };
        }
        (!value.is_null()).then_some(value)
    }

    /// All of it, in the spec's own shape.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.root
    }

    /// The targets, as far as they are answered.
    #[must_use]
    pub fn targets(&self) -> &[Value] {
        self.root.get("targets").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Words to stand above the key at a place.
    pub fn comment(&mut self, path: impl Into<String>, words: impl Into<String>) {
        self.comments.insert(path.into(), words.into());
    }

    /// Every answer that no spec can do without, and that is not there.
    #[must_use]
    pub fn missing(&self) -> Vec<Missing> {
        keys::missing(&self.root)
    }

    /// The same with what all targets have in common said once, under `defaults`.
    #[must_use]
    pub fn with_defaults(mut self) -> Self {
        common::hoist(&mut self.root);
        self
    }

    /// The commented text, as a person would write it.
    #[must_use]
    pub fn write(&self) -> String {
        write::document(&self.root, &self.comments)
    }
}
