//! Operators on operands that are known.

use std::cmp::Ordering;

use hcl_edit::expr::{BinaryOp, BinaryOperator, UnaryOp, UnaryOperator};

use super::Evaluator;
use crate::diagnostic::Span;
use crate::terraform::compare::equal;
use crate::terraform::{convert, number};
use crate::value::{Data, Reason, Value};

impl Evaluator<'_> {
    pub(super) fn unary(&self, operation: &UnaryOp, at: Span) -> Value {
        let operand = self.value(&operation.expr);
        let data = match operation.operator.value() {
            UnaryOperator::Not => convert::to_bool(&operand).map(|value| Data::Bool(!value)),
            UnaryOperator::Neg => convert::to_whole(&operand).map(|value| Data::Number((-value).to_string())),
        };
        Value::new(at, data.unwrap_or_else(Data::Unknown))
    }

    pub(super) fn binary(&self, operation: &BinaryOp, at: Span) -> Value {
        let (left, right) = (self.value(&operation.lhs_expr), self.value(&operation.rhs_expr));
        let data = match operation.operator.value() {
            BinaryOperator::Eq => equality(&left, &right, at).map(Data::Bool),
            BinaryOperator::NotEq => equality(&left, &right, at).map(|is| Data::Bool(!is)),
            BinaryOperator::And => logic(&left, &right, false),
            BinaryOperator::Or => logic(&left, &right, true),
            BinaryOperator::Less => order(&left, &right, Ordering::is_lt),
            BinaryOperator::LessEq => order(&left, &right, Ordering::is_le),
            BinaryOperator::Greater => order(&left, &right, Ordering::is_gt),
            BinaryOperator::GreaterEq => order(&left, &right, Ordering::is_ge),
            BinaryOperator::Plus => arithmetic(&left, &right, i128::checked_add),
            BinaryOperator::Minus => arithmetic(&left, &right, i128::checked_sub),
            BinaryOperator::Mul => arithmetic(&left, &right, i128::checked_mul),
            BinaryOperator::Div => arithmetic(&left, &right, |left, right| {
                (left.checked_rem(right)? == 0).then(|| left.checked_div(right))?
            }),
            BinaryOperator::Mod => arithmetic(&left, &right, i128::checked_rem),
        };
        Value::new(at, data.unwrap_or_else(Data::Unknown))
    }
}

/// `&&` and `||`: one side may decide alone.
fn logic(left: &Value, right: &Value, decides: bool) -> Result<Data, Reason> {
    let (left, right) = (convert::to_bool(left), convert::to_bool(right));
    match (left, right) {
        (Ok(left), Ok(right)) => Ok(Data::Bool(if decides { left || right } else { left && right })),
        (Ok(known), Err(_)) | (Err(_), Ok(known)) if known == decides => Ok(Data::Bool(decides)),
        (Err(reason), _) | (_, Err(reason)) => Err(reason),
    }
}

fn order(left: &Value, right: &Value, holds: fn(Ordering) -> bool) -> Result<Data, Reason> {
    let at = left.at;
    let (left, right) = (convert::to_number(left)?, convert::to_number(right)?);
    let order = number::compare(&left, &right);
    order.map(|order| Data::Bool(holds(order))).ok_or_else(|| Reason::new(at, "a comparison of fractions"))
}

fn arithmetic(left: &Value, right: &Value, count: fn(i128, i128) -> Option<i128>) -> Result<Data, Reason> {
    let at = left.at;
    let (left, right) = (convert::to_whole(left)?, convert::to_whole(right)?);
    let result = count(left, right).map(|result| Data::Number(result.to_string()));
    result.ok_or_else(|| Reason::new(at, "a calculation with fractions"))
}

fn equality(left: &Value, right: &Value, at: Span) -> Result<bool, Reason> {
    equal(left, right).ok_or_else(|| {
        let reason = left.reason().or_else(|| right.reason()).cloned();
        reason.unwrap_or_else(|| Reason::new(at, "a comparison"))
    })
}
