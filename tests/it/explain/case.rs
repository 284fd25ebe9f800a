//! A request with the policies that decide it.

use crossrole::policy::evaluate::{Context, Principal, Request};
use serde_json::{Map, Value, json};

/// A role to be assumed.
pub(super) const ROLE: &str = "arn:aws:iam::222222222222:role/vendors/Deploy";

/// A request, and the policies that decide it.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) principal: &'static str,
    pub(super) action: &'static str,
    pub(super) context: Map<String, Value>,
    pub(super) trust: Value,
    pub(super) identity: Vec<Value>,
}

impl Case {
    /// The line for the other evaluator.
    pub(super) fn line(&self) -> String {
        self.json().to_string()
    }

    /// The same, to be decided with every key that it holds.
    pub(super) fn line_as_given(&self) -> String {
        let mut case = self.json();
        case["as_given"] = json!(true);
        case.to_string()
    }

    fn json(&self) -> Value {
        let Self { principal, action, context, trust, identity } = self;
        json!({
            "principal": principal, "action": action, "resource": ROLE,
            "context": context, "trust": trust, "identity": identity,
        })
    }

    /// The request, and the case with everything that its context says.
    pub(super) fn request(&mut self) -> Request {
        let mut context = Context::default();
        for (key, value) in &self.context {
            let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
            context.set(key, values.iter().filter_map(|value| value.as_str()));
        }
        let principal = Principal::parse(self.principal).expect("a principal");
        let request = Request::new(principal, self.action, ROLE, context);
        // What the principal can never show is no part of the request.
        self.context.retain(|key, _| request.context.get(key).is_some());
        for (key, values) in request.context.iter() {
            let given = self.context.keys().any(|given| given.eq_ignore_ascii_case(key));
            if !given {
                self.context.insert(key.to_owned(), json!(values[0]));
            }
        }
        request
    }
}
