//! Where the other evaluator is known to decide otherwise, each with what AWS says about it.

use serde_json::Value;

use super::case::Case;

/// A difference that is explained.
pub(super) struct Known {
    /// What we do, and AWS's documentation for it.
    pub(super) what: &'static str,
    /// Whether a case has what it takes.
    pub(super) applies: fn(&Case) -> bool,
}

/// Every known difference to `@cloud-copilot/iam-simulate` 0.1.173.
pub(super) const KNOWN: [Known; 10] = [
    Known {
        what: "The root user of an account assumes no role. \
               STS API reference, AssumeRole: \"You cannot use AWS account root user credentials to call AssumeRole\"",
        applies: |case| case.principal.ends_with(":root"),
    },
    Known {
        what: "An address of one version of IP is in no network of the other, so `NotIpAddress` holds. \
               IAM User Guide, IP address condition operators: \"All IP addresses except the specified IP addresses or ranges\"",
        applies: |case| {
            let address = case.context.get("aws:SourceIp").map(Value::to_string);
            address.is_some_and(|address| address.contains(':'))
                && has_operator(case, |operator, _| operator.contains("NotIpAddress"))
        },
    },
    Known {
        what: "Policies of version 2008-10-17 have no variables. \
               IAM User Guide, Version: \"Variables … are treated as literal strings\" in the earlier version",
        applies: |case| {
            let mut all = std::iter::once(&case.trust).chain(&case.identity);
            all.any(|policy| policy["Version"] == "2008-10-17" && policy.to_string().contains("${"))
        },
    },
    Known {
        what: "`0.0.0.0/0` holds every address of version 4. \
               IAM User Guide, IP address condition operators: values are in \"the standard CIDR format\", RFC 4632",
        applies: |case| has_operator(case, |_, values| values.contains("0.0.0.0/0")),
    },
    Known {
        what: "A variable without a value equals nothing, so a negated operator holds. \
               IAM User Guide, Policy variables with no value: \"Inverted condition operators … do match against a null value\"",
        applies: |case| {
            has_operator(case, |operator, values| operator.contains("Not") && values.contains("${"))
        },
    },
    Known {
        what: "`…IfExists` holds without the key, under `ForAnyValue:`, too. \
               IAM User Guide, Condition operators: \"If the key is not present, evaluate the condition element as true\"",
        applies: |case| {
            has_operator(case, |operator, _| {
                operator.starts_with("ForAnyValue:") && operator.ends_with("IfExists")
            })
        },
    },
    Known {
        what: "`${$}`, `${*}` and `${?}` are the characters themselves under every string operator. \
               IAM User Guide, Policy variables: \"special predefined policy variables that have fixed values\"",
        applies: |case| has_operator(case, |_, values| values.contains("${$}")),
    },
    Known {
        what: "A value that is empty counts for nothing in a set. \
               IAM User Guide, ForAllValues: true \"if the context key value resolves to a null data set, such as an empty string\"",
        applies: |case| {
            has_operator(case, |operator, _| operator.starts_with("For"))
                && case.context.values().any(|value| value == "")
        },
    },
    Known {
        what: "A key that is there without a value is null. \
               IAM User Guide, Null: the key \"exists and its value is not null\"",
        applies: |case| {
            has_operator(case, |operator, _| operator == "Null")
                && case.context.values().any(|value| value.as_array().is_some_and(Vec::is_empty))
        },
    },
    Known {
        what: "A resource with a variable that has no value matches nothing, and `NotResource` leaves nothing out. \
               IAM User Guide, Policy variables with no value: \"will not match any resource\"",
        applies: |case| {
            let mut own = case.identity.iter().flat_map(statements);
            own.any(|found| found["NotResource"].to_string().contains("${aws:username}"))
                && !case.context.contains_key("aws:username")
        },
    },
];

fn statements(policy: &Value) -> impl Iterator<Item = &Value> {
    let listed = &policy["Statement"];
    listed.as_array().map_or(std::slice::from_ref(listed), Vec::as_slice).iter()
}

/// Whether any condition of a case has this operator, with these values as JSON.
fn has_operator(case: &Case, is_meant: fn(&str, &str) -> bool) -> bool {
    let all = std::iter::once(&case.trust).chain(&case.identity).flat_map(statements);
    let conditions = all.filter_map(|statement| statement["Condition"].as_object()).flatten();
    conditions.into_iter().any(|(operator, values)| is_meant(operator, &values.to_string()))
}
