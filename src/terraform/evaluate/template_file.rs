//! `templatefile(…)`: a file that is a template, with the values that it is given.

use hcl_edit::expr;

use super::{Evaluator, evaluate};
use crate::diagnostic::Span;
use crate::diagnostic::words::excerpt;
use crate::terraform::convert;
use crate::terraform::expression::Expression;
use crate::terraform::names::{Bound, Names, Step};
use crate::terraform::work::Work;
use crate::value::{Data, Text, Value};

/// Names that a template may be given; each lies inside the one before.
const MOST_NAMES: usize = 64;

impl Evaluator<'_> {
    pub(super) fn template_file(&self, arguments: &[&expr::Expression], at: Span) -> Value {
        let [path, given] = arguments else {
            return self.refused(at, "`templatefile(…)` without a path and values");
        };
        let (path, given) = (self.value(path), self.value(given));
        let Some(name) = path.text() else {
            return Value::new(at, Data::Unknown(convert::not(&path, "a path that is not a text")));
        };
        let Some(text) = self.names.file(name) else {
            self.names.miss(name, at);
            return Value::unknown(at, format!("the file `{}`, which is not read here", excerpt(name)));
        };
        match convert::pairs(&given) {
            Ok(pairs) if pairs.len() <= MOST_NAMES => {
                let template = Expression::template(at, text);
                filled(&Given(self.names), &pairs, None, &template).placed(at)
            }
            Ok(_) => Value::unknown(at, "a template of many names"),
            Err(reason) => Value::new(at, Data::Unknown(reason)),
        }
    }
}

/// A template sees the names that it is given, and no others.
struct Given<'n>(&'n dyn Names);

impl Names for Given<'_> {
    fn resolve(&self, root: &str, _: &[Step], at: Span) -> (Value, usize) {
        self.0.work().fail();
        (Value::unknown(at, format!("`{}`, which this template is not given", excerpt(root))), 0)
    }

    fn file(&self, path: &str) -> Option<Text> {
        self.0.file(path)
    }

    fn miss(&self, path: &str, at: Span) {
        self.0.miss(path, at);
    }

    fn work(&self) -> &Work {
        self.0.work()
    }
}

fn filled(
    names: &dyn Names,
    pairs: &[(Value, Value)],
    outer: Option<&Bound<'_>>,
    template: &Expression,
) -> Value {
    match pairs.split_first() {
        None => evaluate(names, outer, template),
        Some(((key, value), rest)) => {
            let bound = Bound { name: key.text().unwrap_or_default(), value, outer };
            filled(names, rest, Some(&bound), template)
        }
    }
}
