//! What is given to the variables of roots besides the files that Terraform reads by itself.
//!
//! The last of several counts, as on Terraform's command line. Variables of the environment
//! (`TF_VAR_name`) are not among them: they belong to whoever runs Terraform.

use std::sync::Arc;

use super::evaluate::evaluate;
use super::expression::Expression;
use super::folder::{self, Problem};
use super::names::Names;
use super::syntax::Body;
use super::types::Type;
use crate::diagnostic::{Source, Sources, Span};
use crate::value::Value;

/// Something that is given.
#[derive(Debug, Clone)]
pub enum Given {
    /// `-var name=text`
    Variable {
        /// The name.
        name: String,
        /// What follows the `=`.
        text: String,
    },
    /// `-var-file`; a name that ends in `.json` says that it is JSON.
    File(Arc<Source>),
    /// The keys of known maps that a root looks into by `terraform.workspace`: the root is read once for
    /// each of them.
    Workspaces,
}

/// Everything that is given, read.
#[derive(Debug, Default)]
pub(super) struct Assignments {
    list: Vec<Assignment>,
    /// Whether roots are read by workspace.
    pub(super) by_workspace: bool,
}

#[derive(Debug)]
enum Assignment {
    Text { name: String, text: String },
    File(Body),
}

impl Assignments {
    /// Reads what is given; a file that cannot be read is a problem.
    pub(super) fn read(given: &[Given], sources: &mut Sources, problems: &mut Vec<Problem>) -> Self {
        let mut read = Self::default();
        for given in given {
            match given {
                Given::Variable { name, text } => {
                    read.list.push(Assignment::Text { name: name.clone(), text: text.clone() });
                }
                Given::File(source) => match folder::variables(source, sources) {
                    Ok(body) => read.list.push(Assignment::File(body)),
                    Err(problem) => problems.push(problem),
                },
                Given::Workspaces => read.by_workspace = true,
            }
        }
        read
    }

    /// What a variable is given; without a declared type a text is taken as it is.
    pub(super) fn value(&self, names: &dyn Names, name: &str, of: Option<&Type>) -> Option<Value> {
        self.list.iter().rev().find_map(|assignment| match assignment {
            Assignment::Text { name: own, text } if own == name => Some(match of {
                Some(of) if !of.is_plain() => {
                    evaluate(names, None, &Expression::native(Span::default(), text))
                }
                _ => Value::of_text(Span::default(), text.as_str()),
            }),
            Assignment::Text { .. } => None,
            Assignment::File(body) => {
                body.attribute(name).map(|attribute| evaluate(names, None, &attribute.expression))
            }
        })
    }
}
