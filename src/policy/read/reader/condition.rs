//! Conditions: operators, each with keys, each with values.

use super::list::text;
use super::{Reader, place};
use crate::diagnostic::Span;
use crate::diagnostic::words::{excerpt, nearest};
use crate::policy::read::condition::{Condition, Conditions, Operator, Values};
use crate::policy::read::fault::FaultKind;
use crate::policy::read::part::{Located, Part};
use crate::value::{Data, Entry, Key, Reason, Value};

/// A key under an operator, and how both are written.
type Spelling = ((Operator, String), String);

impl Reader {
    pub(super) fn conditions(
        &mut self,
        value: Option<&Value>,
        open_in_statement: Option<&Reason>,
    ) -> Conditions {
        let mut conditions = Conditions { list: Vec::new(), rest: Part::Absent };
        if let Some(reason) = open_in_statement {
            conditions.rest = Part::Unknown(reason.clone());
        }
        let Some(value) = value else { return conditions };
        let operators = match self.object(value, "`Condition` is an object of operators") {
            Part::Known(operators) => operators,
            rest => return Conditions { rest: without(rest), ..conditions },
        };
        // How a key under an operator is spelled where it is met first.
        let mut spelled = Vec::new();
        for operator in operators {
            if let Err(rest) = self.under_operator(operator, &mut conditions.list, &mut spelled) {
                conditions.rest = rest;
            }
        }
        conditions
    }

    /// Adds the conditions of one operator; what is left out is the error.
    pub(super) fn under_operator(
        &mut self,
        entry: &Entry,
        list: &mut Vec<Condition>,
        spelled: &mut Vec<Spelling>,
    ) -> Result<(), Part<()>> {
        let name = known(&entry.key)?;
        let operator = self.operator(name, entry.key_at).ok_or(Part::Refused)?;
        let message = format!("`{}` is an object of condition keys", excerpt(name));
        let keys = match self.object(&entry.value, message) {
            Part::Known(keys) => keys,
            rest => return Err(without(rest)),
        };
        let mut rest = Ok(());
        for member in keys {
            let key = match known(&member.key) {
                Ok(key) => key,
                Err(unknown) => {
                    rest = Err(unknown);
                    continue;
                }
            };
            self.judge_key(key, member.key_at);
            self.spelling(operator, name, (key, member.key_at), spelled);
            match self.scalars(key, &member.value) {
                Part::Known(values) => {
                    let condition = Condition::new(
                        &Located { at: entry.key_at, value: operator },
                        name,
                        &Located { at: member.key_at, value: key },
                        values,
                        self.variables,
                    );
                    self.judge_values(&condition);
                    list.push(condition);
                }
                other => rest = Err(without(other)),
            }
        }
        rest
    }

    /// A key that is a duplicate under an operator, in different case.
    pub(super) fn spelling(
        &mut self,
        operator: Operator,
        name: &str,
        (key, at): (&str, Span),
        spelled: &mut Vec<Spelling>,
    ) {
        let meaning = (operator, key.to_lowercase());
        let written = format!("{name} {key}");
        match spelled.iter().find(|(known, _)| *known == meaning) {
            Some((_, first)) if *first != written => {
                let message =
                    format!("`{}` is listed twice under `{operator}`, in different case", excerpt(key));
                self.form(at, message);
            }
            Some(_) => {}
            None => spelled.push((meaning, written)),
        }
    }

    pub(super) fn operator(&mut self, name: &str, at: Span) -> Option<Operator> {
        Operator::parse(name)
            .map_err(|known| {
                let message = format!("there is no condition operator `{}`", excerpt(name));
                let near = Operator::parse_in_any_case(name).map(|meant| meant.to_string());
                let near = near.or_else(|| nearest(name, &known).map(str::to_owned));
                let help = near.map(|near| format!("did you mean `{near}`?"));
                let known =
                    "`ForAllValues:` or `ForAnyValue:` go before one, and `IfExists` behind all but `Null`";
                self.faults.add(FaultKind::Operator, at, message, help.unwrap_or_else(|| known.to_owned()));
            })
            .ok()
    }

    /// The values of a condition key: texts, numbers and booleans, one or a list.
    pub(super) fn scalars(&mut self, key: &str, value: &Value) -> Part<Values> {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for item in value.items() {
            match (text(item), &item.data) {
                (Some(Ok(text)), _) => known.push(Located { at: item.at, value: text }),
                (Some(Err(part)), _) => unknown.push(part),
                (None, Data::Number(number)) => known.push(Located { at: item.at, value: number.clone() }),
                (None, Data::Bool(value)) => known.push(Located { at: item.at, value: value.to_string() }),
                (None, _) => {
                    let message = format!("`{}` is compared with texts, numbers or booleans", excerpt(key));
                    self.form(place(item), message);
                    return Part::Refused;
                }
            }
        }
        Part::Known(Values { known, unknown })
    }
}

/// A key, if it is known.
fn known(key: &Key) -> Result<&str, Part<()>> {
    match key {
        Key::Known(key) => Ok(key),
        Key::Unknown(reason) => Err(Part::Unknown(reason.clone())),
    }
}

/// Why something is not known, whatever it would have been.
fn without<T>(part: Part<T>) -> Part<()> {
    match part {
        Part::Unknown(reason) => Part::Unknown(reason),
        Part::Absent | Part::Refused | Part::Known(_) => Part::Refused,
    }
}
