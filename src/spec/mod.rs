//! The spec as it is written: `crossrole.yaml`, version 1.
//!
//! Responsible for the types of the file, for reading them from text with every structural
//! mistake at its place, and for the JSON Schema. Refuses to fill in defaults or to compare one
//! part with another: that is `check`'s.

mod aws_config;
mod caller;
mod emptied;
mod pipelines;
mod schema;
mod secrets;
mod source;
mod target;

pub use crate::yaml::{Field, Located};
pub use aws_config::*;
pub use caller::*;
pub use pipelines::*;
pub use schema::json_schema;
pub use source::*;
pub use target::*;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::yaml::{self, Data, Decode, Decoder, Node, View, record};
use rayon::prelude::*;

record! {
    /// A source account, and the target accounts that it may enter.
    #[schemars(extend("required" = ["version", "source", "targets"]))]
    pub struct Spec {
        /// The version of this format.
        #[schemars(extend("const" = 1))]
        pub version: u32,
        /// What everything begins with that this spec creates in A, and by default its state keys and workspaces. Two
        /// specs over one source account need two names.
        #[schemars(extend("default" = "crossrole"))]
        pub name: crate::model::SpecName,
        /// Account A: where callers live and Terraform authenticates.
        pub source: SourceSpec,
        /// What every generated root requires of Terraform, and where it keeps its state.
        pub terraform: TerraformSpec,
        /// Merged under every target: maps deep, lists replaced, `null` removes.
        pub defaults: TargetDefaults,
        /// Accounts B: where a role is created and resources go.
        #[schemars(extend("minItems" = 1))]
        pub targets: Vec<Located<TargetSpec>>,
        /// Pipelines that plan proposals and apply the main branch, for engines that run them.
        pub pipelines: PipelinesSpec,
        /// AWS CLI profiles for people, one per target and role; left out, there are none.
        pub aws_config: AwsConfigSpec,
        /// A folder with a custom template pack, relative to this file.
        #[schemars(extend("minLength" = 1))]
        pub templates: String,
        /// Findings of `crossrole lint` that are accepted for a while.
        pub waivers: Vec<Located<WaiverSpec>>,
    }
}

record! {
    /// A finding that is accepted until a date.
    #[schemars(extend("required" = ["id", "reason", "expires"]))]
    pub struct WaiverSpec {
        /// The finding's ID or name: `CR011`, or `account-root-principal`.
        #[schemars(extend("pattern" = "^(CR[0-9]{3}|[a-z0-9]+(-[a-z0-9]+)+)$"))]
        pub id: String,
        /// The target it is accepted for; every target, if left out.
        pub target: crate::model::TargetName,
        /// Why it is accepted.
        #[schemars(extend("minLength" = 1))]
        pub reason: String,
        /// The last day on which it is, as in `2027-06-30`.
        pub expires: crate::model::Date,
    }
}

/// A spec as far as it could be read, with everything that is wrong with it so far.
#[derive(Debug)]
pub struct Parsed {
    /// The text it was read from.
    pub source: Arc<Source>,
    /// What was read; unusable parts are [`Field::Broken`].
    pub spec: Arc<Spec>,
    /// Every structural problem.
    pub diagnostics: Diagnostics,
    /// Whether the text is YAML, so that there was something to read.
    pub is_yaml: bool,
}

/// Reads a spec. Problems do not stop it: they are collected beside what could be read.
#[must_use]
pub fn parse(source: &Arc<Source>) -> Parsed {
    let mut diagnostics = Diagnostics::default();
    let Some(root) = yaml::load(source, &mut diagnostics) else {
        let help = "begin with `version: 1`; `crossrole schema` prints all that a spec may hold";
        let empty = Diagnostic::error("the spec is empty").at(source, Span::default());
        diagnostics.push_if_empty(empty.help(help));
        return Parsed {
            source: Arc::clone(source),
            spec: Arc::new(Spec::broken()),
            diagnostics,
            is_yaml: false,
        };
    };
    let shown = secrets::refuse(source, &root, &mut diagnostics);
    let spec = decode_spec(&shown, &root, &mut diagnostics);
    Parsed { source: shown, spec: Arc::new(spec), diagnostics, is_yaml: true }
}

impl Spec {
    /// A spec of which nothing could be read and everything has been said.
    fn broken() -> Self {
        Self { version: Field::Broken, source: Field::Broken, targets: Field::Broken, ..Self::default() }
    }

    /// The policy files that the spec names, each once, as written.
    #[must_use]
    pub fn policy_files(&self) -> BTreeSet<String> {
        let targets = self.targets.value().into_iter().flatten();
        targets.flat_map(|target| target.value.policy_files()).collect()
    }
}

/// Everything but the targets as one record; the targets apart, since there may be 10,000 of them.
fn decode_spec(source: &Arc<Source>, root: &Node<'_>, found: &mut Diagnostics) -> Spec {
    let view = View::new(root, None);
    let mut cx = Decoder::new(source, found, secrets::is_credential);
    let Some(mut spec) = Spec::decode_without(&mut cx, view, "targets") else {
        return Spec::broken();
    };
    emptied::no_callers(&mut spec.source, root);
    let defaults = view.get("defaults").map(|view| view.node);
    if let Some(view) = view.get("targets") {
        spec.targets = match decode_targets(source, view.node, defaults, found) {
            Some(value) => Field::Set(Located { value, at: view.node.at, inherited: false }),
            None => Field::Broken,
        };
    }
    emptied::no_callers_of_roles(source, root, found);
    emptied::lost_protections(source, root, found);
    spec
}

fn decode_targets(
    source: &Arc<Source>,
    list: &Node<'_>,
    defaults: Option<&Node<'_>>,
    found: &mut Diagnostics,
) -> Option<Vec<Located<TargetSpec>>> {
    let Data::Sequence(items) = &list.data else {
        let mut cx = Decoder::new(source, found, secrets::is_credential);
        cx.expected(View::new(list, None), "a list", "start each target with `- name: …`");
        return None;
    };
    let decode = |node: &Node<'_>| {
        let mut found = Diagnostics::default();
        let view = View::new(node, defaults);
        let mut cx = Decoder::new(source, &mut found, secrets::is_credential);
        let value = TargetSpec::decode(&mut cx, view);
        (value.map(|value| Located { value, at: node.at, inherited: false }), found)
    };
    let decoded: Vec<_> = items.par_iter().with_min_len(64).map(decode).collect();
    let mut targets = Vec::with_capacity(decoded.len());
    for (target, problems) in decoded {
        found.append(problems);
        targets.extend(target);
    }
    Some(targets)
}
