//! What names stand for in a folder, as a root or as a module that is called.
//!
//! Everything is worked out when it is asked for, and once: the order in which things are written has
//! no meaning, and what refers to itself is found.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use super::block::{self, Made};
use super::document::{DOCUMENT, document};
use super::folder::Folder;
use super::instances::{self, Instance};
use super::names::{Names, Step};
use super::syntax::Block;
use super::types::{self, Type};
use super::work::Work;
use super::world::World;
use super::{Unread, computed, evaluate, functions, path};
use crate::diagnostic::Span;
use crate::diagnostic::words::excerpt;
use crate::value::{Data, Entry, Key, Reason, Text, Value};

/// Calls of modules, all together.
const MOST_SCOPES: usize = 2000;
/// Why the value of `terraform.workspace` is not known.
const WORKSPACE: &str = "`terraform.workspace`, which is only known at run time";
/// Modules in modules.
const DEEPEST: usize = 16;

/// A folder, and for a module the call that it is read for.
pub(super) struct Scope<'w> {
    pub(super) world: &'w World<'w>,
    pub(super) folder: &'w Folder,
    /// The folder in which Terraform runs.
    root: String,
    /// The folder as `path.module` shows it.
    module: String,
    /// What `terraform.workspace` is.
    pub(super) workspace: Option<String>,
    call: Option<Call<'w>>,
    known: RefCell<BTreeMap<String, Memo>>,
    children: RefCell<BTreeMap<String, Rc<Scope<'w>>>>,
    own: Weak<Scope<'w>>,
    depth: usize,
}

/// Where a module is called.
struct Call<'w> {
    from: Weak<Scope<'w>>,
    block: &'w Block,
    instance: Instance,
}

/// What is known of a name.
enum Memo {
    /// It is being worked out.
    Begun,
    /// What it came to, and whether Terraform would refuse it.
    Done(Value, bool),
}

impl<'w> Scope<'w> {
    /// A folder in which Terraform runs.
    pub(super) fn root(world: &'w World<'w>, folder: &'w Folder, workspace: Option<String>) -> Rc<Self> {
        Rc::new_cyclic(|own| Self {
            world,
            folder,
            root: folder.path.clone(),
            module: ".".to_owned(),
            workspace,
            call: None,
            known: RefCell::default(),
            children: RefCell::default(),
            own: Weak::clone(own),
            depth: 0,
        })
    }

    /// The module that a block calls, for one of its instances; `None` if it is not among the folders.
    pub(super) fn child(&self, block: &'w Block, instance: Instance) -> Option<Rc<Self>> {
        let source = block.body.attribute("source")?;
        let source = evaluate::evaluate(self, None, &source.expression);
        let source = source.text().filter(|source| source.starts_with("./") || source.starts_with("../"))?;
        let folder = self.world.folders.get(&path::joined(&self.folder.path, source)?)?;
        let key = match &instance.made {
            Made::For(key) => format!("{}[{}]", block.labels.first()?, key.text().unwrap_or_default()),
            _ => block.labels.first()?.clone(),
        };
        if let Some(known) = self.children.borrow().get(&key) {
            return Some(Rc::clone(known));
        }
        let count = self.world.scopes.get();
        if self.depth >= DEEPEST || count >= MOST_SCOPES {
            return None;
        }
        self.world.scopes.set(count + 1);
        let child = Rc::new_cyclic(|own| Self {
            world: self.world,
            folder,
            root: self.root.clone(),
            module: path::shown(&self.module, source),
            workspace: self.workspace.clone(),
            call: Some(Call { from: Weak::clone(&self.own), block, instance }),
            known: RefCell::default(),
            children: RefCell::default(),
            own: Weak::clone(own),
            depth: self.depth + 1,
        });
        self.children.borrow_mut().insert(key, Rc::clone(&child));
        Some(child)
    }

    /// The value of a name, worked out once.
    fn once(&self, name: String, at: Span, work: impl FnOnce() -> Value) -> Value {
        match self.known.borrow().get(&name) {
            Some(Memo::Done(value, failed)) => {
                if *failed {
                    self.work().fail();
                }
                return value.clone();
            }
            Some(Memo::Begun) => {
                self.work().fail();
                return Value::unknown(at, format!("`{name}`, which refers to itself"));
            }
            None => {}
        }
        self.known.borrow_mut().insert(name.clone(), Memo::Begun);
        let (value, failed) = self.work().attempt(work);
        if failed {
            self.work().fail();
        }
        self.known.borrow_mut().insert(name, Memo::Done(value.clone(), failed));
        value
    }

    fn workspace(&self, at: Span) -> Value {
        match &self.workspace {
            Some(name) => Value::of_text(at, name.as_str()),
            None => Value::unknown(at, WORKSPACE),
        }
    }

    fn missing(&self, address: &str, at: Span) -> Value {
        self.work().fail();
        Value::unknown(at, format!("`{}`, which is not there", excerpt(address)))
    }

    fn local(&self, name: &str, at: Span) -> Value {
        match self.folder.local(name) {
            Some(local) => {
                self.once(format!("local.{name}"), at, || evaluate::evaluate(self, None, &local.expression))
            }
            None => self.missing(&format!("local.{name}"), at),
        }
    }

    fn variable(&self, name: &str, at: Span) -> Value {
        match self.folder.variable(name) {
            Some(block) => self.once(format!("var.{name}"), at, || self.given_to(name, block)),
            None => self.missing(&format!("var.{name}"), at),
        }
    }

    /// What a variable is given, else its default.
    fn given_to(&self, name: &str, block: &Block) -> Value {
        let of = block.body.attribute("type").map(|of| Type::read(&of.expression));
        let is_typed = of.is_some();
        let Some(of) = of.map_or(Some(Type::Any), |of| of) else {
            return Value::unknown(block.at, format!("`var.{name}`, whose type is not understood"));
        };
        let given = match &self.call {
            Some(call) => call.argument(name),
            None => self.given_to_root(name, Some(&of).filter(|_| is_typed)),
        };
        let default = || {
            let default = block.body.attribute("default")?;
            Some(evaluate::evaluate(self, None, &default.expression))
        };
        let Some(value) = given.or_else(default) else {
            let reason = Reason::new(block.at, format!("`var.{name}`, which has no default"));
            // Whoever says what it has to look like seldom means nothing.
            let is_checked = block.body.blocks.iter().any(|inner| inner.keyword == "validation");
            let reason = if is_checked { reason } else { reason.or_nothing() };
            return Value::new(block.at, Data::Unknown(reason));
        };
        let at = value.at;
        let converted = types::converted(value, &of, &|tree| evaluate::evaluate(self, None, tree));
        converted.unwrap_or_else(|reason| Value::new(at, Data::Unknown(reason)))
    }

    /// What the command line or a file says of a variable.
    fn given_to_root(&self, name: &str, of: Option<&Type>) -> Option<Value> {
        self.world.given.value(self, name, of).or_else(|| {
            let given = self.folder.given(name)?;
            Some(evaluate::evaluate(self, None, &given.expression))
        })
    }

    /// A resource or a data source, as far as steps lead into it.
    fn resource(&self, keyword: &str, kind: &str, steps: &[Step], at: Span) -> (Value, usize) {
        let Some(Step::Name(label)) = steps.first() else {
            return (Value::unknown(at, format!("`{kind}`")), steps.len());
        };
        let address =
            if keyword == "data" { format!("data.{kind}.{label}") } else { format!("{kind}.{label}") };
        let Some(block) = self.folder.blocks.iter().find(|block| block.is(keyword, &[kind, label])) else {
            return (Value::unknown(at, format!("`{address}`, which is not there")), steps.len());
        };
        let instances = instances::of(self, block);
        let (instance, used) = match (instances.as_slice(), steps.get(1)) {
            ([only], _) if only.name.is_empty() => (Some(only), 1),
            (all, Some(Step::Index(key))) => (all.iter().find(|instance| instance.is_for(key)), 2),
            (all, _) => return (self.all(block, all, at), 1),
        };
        let Some(instance) = instance else {
            return (Value::unknown(at, format!("`{address}` for a key that is not known")), steps.len());
        };
        match steps.get(used) {
            Some(Step::Name(name)) => (self.attribute(block, instance, name, at), used + 1),
            _ => (self.whole(block, instance, at), used),
        }
    }

    /// Every instance of a resource: a list for `count`, an object for `for_each`.
    fn all(&self, block: &Block, instances: &[Instance], at: Span) -> Value {
        if let Some(Made::Unknown(reason)) = instances.first().map(|first| &first.made) {
            return Value::new(at, Data::Unknown(reason.clone()));
        }
        let made = || {
            instances.iter().filter_map(|instance| match &instance.made {
                Made::For(key) => Some((key, self.whole(block, instance, at))),
                _ => None,
            })
        };
        let data = if instances.first().is_some_and(|first| first.name == "count") {
            Data::List(made().map(|(_, value)| value).collect())
        } else {
            let entry = |(key, value): (&Value, Value)| Entry::new(key.text().unwrap_or_default(), at, value);
            Data::Object(made().map(entry).collect())
        };
        Value::new(at, data)
    }

    /// All that is known of a resource; it has more attributes than that.
    fn whole(&self, block: &Block, instance: &Instance, at: Span) -> Value {
        let mut entries: Vec<Entry> = Vec::new();
        let written = block.body.attributes.iter().map(|attribute| attribute.name.as_str());
        let names = written.chain(["arn", "id", "name", "json"]);
        for name in names {
            if !entries.iter().any(|entry| entry.name() == Some(name)) {
                entries.push(Entry::new(name, at, self.attribute(block, instance, name, at)));
            }
        }
        let reason = Reason::new(at, "what is known only when Terraform runs");
        let value = Value::new(at, Data::Unknown(reason.clone()));
        entries.push(Entry { key: Key::Unknown(reason), key_at: at, value });
        Value::new(at, Data::Object(entries))
    }

    fn attribute(&self, block: &Block, instance: &Instance, name: &str, at: Span) -> Value {
        let [kind, label, ..] = block.labels.as_slice() else { return Value::unknown(at, "a block") };
        let bound = instance.bound();
        let argument = |name: &str| {
            let attribute = block.body.attribute(name)?;
            Some(evaluate::evaluate(self, Some(&bound), &attribute.expression))
        };
        if kind == DOCUMENT && block.keyword == "data" && matches!(name, "json" | "minified_json") {
            let key = match &instance.made {
                Made::For(key) => functions::json_of(key).as_str().unwrap_or_default().to_owned(),
                _ => String::new(),
            };
            return self.once(format!("data.{kind}.{label}{key}"), at, || {
                let policy = document(&block::build(self, Some(&bound), block, Made::Once));
                Value::new(at, Data::Text(functions::json_in_order(&policy)))
            });
        }
        if block.keyword == "data" {
            return computed::looked_up(kind, label, name, at, &argument);
        }
        match argument(name).filter(|value| !value.is_null()) {
            Some(value) => value,
            None => computed::attribute(kind, label, name, at, &argument),
        }
    }

    /// An output of a module.
    fn module(&self, steps: &[Step], at: Span) -> (Value, usize) {
        let unknown = |why: String| (Value::unknown(at, why), steps.len());
        let Some(Step::Name(name)) = steps.first() else { return unknown("`module`".to_owned()) };
        let Some(block) = self.folder.blocks.iter().find(|block| block.is("module", &[name])) else {
            return (self.missing(&format!("module.{name}"), at), steps.len());
        };
        let instances = instances::of(self, block);
        let (instance, used) = match steps.get(1) {
            Some(Step::Index(key)) => (instances.into_iter().find(|instance| instance.is_for(key)), 2),
            _ if instances.len() == 1 => (instances.into_iter().next().filter(|one| one.name.is_empty()), 1),
            _ => (None, 1),
        };
        let (Some(instance), Some(Step::Name(output))) = (instance, steps.get(used)) else {
            return unknown(format!("`module.{name}` as a whole"));
        };
        let Some(child) = self.child(block, instance) else {
            return unknown(format!("`module.{name}`, which is not among these files"));
        };
        (child.output(output, at), used + 1)
    }

    fn output(&self, name: &str, at: Span) -> Value {
        let block = self.folder.blocks.iter().find(|block| block.is("output", &[name]));
        match block.and_then(|block| block.body.attribute("value")) {
            Some(value) => {
                self.once(format!("output.{name}"), at, || evaluate::evaluate(self, None, &value.expression))
            }
            None => self.missing(&format!("output.{name}"), at),
        }
    }
}

impl Call<'_> {
    /// What the call gives to a variable, evaluated where the call stands.
    fn argument(&self, name: &str) -> Option<Value> {
        let attribute = self.block.body.attribute(name)?;
        let from = self.from.upgrade()?;
        Some(evaluate::evaluate(&*from, Some(&self.instance.bound()), &attribute.expression))
    }
}

impl Names for Scope<'_> {
    fn resolve(&self, root: &str, steps: &[Step], at: Span) -> (Value, usize) {
        let name = match steps.first() {
            Some(Step::Name(name)) => name.as_str(),
            _ => return (Value::unknown(at, format!("`{}`", excerpt(root))), steps.len()),
        };
        match (root, name) {
            ("local", name) => (self.local(name, at), 1),
            ("var", name) => (self.variable(name, at), 1),
            ("path", "module") => (Value::of_text(at, self.module.as_str()), 1),
            ("path", "root") => (Value::of_text(at, "."), 1),
            ("terraform", "workspace") => (self.workspace(at), 1),
            ("module", _) => self.module(steps, at),
            ("data", kind) => {
                let (value, used) = self.resource("data", kind, &steps[1..], at);
                (value, used + 1)
            }
            ("path" | "terraform" | "each" | "count" | "self", name) => {
                (Value::unknown(at, format!("`{root}.{name}`, which is only known at run time")), steps.len())
            }
            (kind, _) => self.resource("resource", kind, steps, at),
        }
    }

    fn file(&self, path: &str) -> Option<Text> {
        let path = path::joined(&self.root, path)?;
        let (source, begins) = self.world.file(path)?;
        let begins = begins as usize;
        Some(Text::known(Span::new(begins..begins + source.text.len()), source.text.as_str()))
    }

    fn keyed(&self, key: &Value, map: &[Entry]) {
        let is_workspace = key.reason().is_some_and(|reason| &*reason.why == WORKSPACE);
        if is_workspace {
            let names = map.iter().filter_map(Entry::name).map(str::to_owned);
            self.world.workspaces.borrow_mut().entry(self.root.clone()).or_default().extend(names);
        }
    }

    fn miss(&self, path: &str, at: Span) {
        let unread = Unread { at, root: self.root.clone(), path: path.to_owned() };
        self.world.unread.borrow_mut().insert(unread);
    }

    fn work(&self) -> &Work {
        &self.world.work
    }
}
