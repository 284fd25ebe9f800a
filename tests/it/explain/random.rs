//! Random policies and requests, the same in every run.

use serde_json::{Map, Value, json};

use super::case::{Case, ROLE};

/// Numbers that look random (`SplitMix64`).
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or_default()
    }

    /// True in one of so many cases.
    pub(super) fn one_in(&mut self, cases: usize) -> bool {
        self.below(cases) == 0
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// One text, or a list of a few.
    pub(super) fn one_or_some(&mut self, of: &[&str]) -> Value {
        if self.one_in(2) {
            return json!(self.pick(of));
        }
        (0..=self.below(3)).map(|_| json!(self.pick(of))).collect()
    }
}

pub(super) const CALLERS: [&str; 8] = [
    "arn:aws:iam::111111111111:root",
    "arn:aws:iam::111111111111:user/terraform",
    "arn:aws:iam::111111111111:user/ops/terraform",
    "arn:aws:iam::333333333333:user/terraform",
    "arn:aws:sts::111111111111:assumed-role/deployer/run-7",
    "arn:aws:sts::111111111111:assumed-role/deployer/run-8",
    "arn:aws:iam::222222222222:user/local",
    "arn:aws:sts::222222222222:assumed-role/local/run",
];

pub(super) const PRINCIPALS: [&str; 13] = [
    "*",
    "111111111111",
    "arn:aws:iam::111111111111:root",
    "222222222222",
    "arn:aws:iam::222222222222:root",
    "arn:aws:iam::111111111111:user/terraform",
    "arn:aws:iam::111111111111:user/ops/terraform",
    "arn:aws:iam::111111111111:role/deployer",
    "arn:aws:sts::111111111111:assumed-role/deployer/run-7",
    "arn:aws:iam::222222222222:user/local",
    "arn:aws:iam::222222222222:role/local",
    "arn:aws:iam::333333333333:user/terraform",
    "arn:aws:iam::444444444444:root",
];

const ACTIONS: [&str; 3] = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];

pub(super) const ACTION_PATTERNS: [&str; 9] = [
    "sts:AssumeRole",
    "sts:AssumeRole",
    "sts:assumerole",
    "sts:*",
    "*",
    "sts:Assume*",
    "sts:TagSessio?",
    "STS:Set*",
    "sts:GetCallerIdentity",
];

const RESOURCE_PATTERNS: [&str; 10] = [
    "*",
    ROLE,
    ROLE,
    "arn:aws:iam::222222222222:role/*",
    "arn:aws:iam::*:role/vendors/Deploy",
    "arn:aws:iam::22222222222?:role/vendors/*",
    "arn:aws:iam::222222222222:role/Deploy",
    "arn:aws:iam::333333333333:role/*",
    "arn:aws:iam::222222222222:role/vendors/${aws:username}",
    "arn:aws:iam::${aws:PrincipalAccount}:role/*",
];

/// A key with the operators of its kind, what policies compare it with, and what requests hold.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) operators: &'static [&'static str],
    pub(super) wanted: &'static [&'static str],
    pub(super) found: &'static [&'static str],
    pub(super) many: bool,
}

pub(super) const TEXT: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
];
const NUMBER: &[&str] = &[
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
];
const DATE: &[&str] = &[
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
];
pub(super) const ARN: &[&str] = &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"];
const DAYS: &[&str] = &[
    "2026-06-01T00:00:00Z",
    "2026-06-01T02:00:00+02:00",
    "2026-06-30T23:59:59Z",
    "2025-01-01",
    "2026-06-01T00:00:00.000Z",
];

pub(super) const KEYS: [Key; 14] = [
    Key {
        name: "sts:ExternalId",
        operators: TEXT,
        wanted: &[
            "7f0c2b1e",
            "7F0C2B1E",
            "7f0c*",
            "other",
            "7f0c2b1?",
            "${aws:username}",
            "${sts:RoleSessionName, 'x-1'}",
        ],
        found: &["7f0c2b1e", "other", "7f0c*", "x-1", "terraform"],
        many: false,
    },
    Key {
        name: "sts:RoleSessionName",
        operators: TEXT,
        wanted: &["${aws:username}", "terraform", "ops-*", "${aws:username}-*", "${$}"],
        found: &["terraform", "ops-7", "terraform-1", "Terraform", "$"],
        many: false,
    },
    Key {
        name: "aws:PrincipalOrgID",
        operators: TEXT,
        wanted: &["o-a1b2c3d4e5", "o-*", "o-zzzzzzzzzz"],
        found: &["o-a1b2c3d4e5", "o-zzzzzzzzzz"],
        many: false,
    },
    Key {
        name: "aws:RequestTag/team",
        operators: TEXT,
        wanted: &["platform", "Platform", "plat*", "ops"],
        found: &["platform", "ops", ""],
        many: false,
    },
    Key {
        name: "aws:MultiFactorAuthPresent",
        operators: &["Bool"],
        wanted: &["true", "false", "True"],
        found: &["true", "false"],
        many: false,
    },
    Key {
        name: "aws:MultiFactorAuthAge",
        operators: NUMBER,
        wanted: &["3600", "0", "900.5", "3600.0", "-1"],
        found: &["0", "900", "900.5", "3600", "86400"],
        many: false,
    },
    Key { name: "aws:CurrentTime", operators: DATE, wanted: DAYS, found: DAYS, many: false },
    Key {
        name: "aws:EpochTime",
        operators: DATE,
        wanted: &["1780272000", "1767225600"],
        found: &["1780272000", "1780272001"],
        many: false,
    },
    Key {
        name: "aws:SourceIp",
        operators: &["IpAddress", "NotIpAddress"],
        wanted: &["203.0.113.0/24", "203.0.113.7", "0.0.0.0/0", "2001:db8::/32", "10.0.0.0/8"],
        found: &["203.0.113.7", "203.0.114.7", "2001:db8:1::1", "10.1.2.3"],
        many: false,
    },
    Key {
        name: "aws:PrincipalArn",
        operators: ARN,
        wanted: &[
            "arn:aws:iam::111111111111:user/terraform",
            "arn:aws:iam::*:user/*",
            "arn:aws:iam::111111111111:*",
            "arn:aws:iam::111111111111:role/*",
            "arn:aws:iam::111111111111:user/ops/*",
            "arn:aws:iam::111111111111:user/${aws:username}",
            "arn:*:iam::11111111111?:r*",
        ],
        found: &[],
        many: false,
    },
    Key {
        name: "aws:SourceArn",
        operators: ARN,
        wanted: &[
            "arn:aws:sns:*:111111111111:topic",
            "arn:aws:sns:us-east-1:111111111111:t*",
            "arn:aws:s*:us-?ast-1:*:*",
        ],
        found: &["arn:aws:sns:us-east-1:111111111111:topic", "arn:aws:sqs:eu-west-1:111111111111:queue"],
        many: false,
    },
    Key {
        name: "aws:TagKeys",
        operators: TEXT,
        wanted: &["team", "Team", "stage", "t*"],
        found: &["team", "stage", "cost"],
        many: true,
    },
    Key {
        name: "sts:TransitiveTagKeys",
        operators: TEXT,
        wanted: &["team", "stage"],
        found: &["team", "stage", "cost"],
        many: true,
    },
    Key {
        name: "aws:PrincipalTag/team",
        operators: TEXT,
        wanted: &["platform", "${aws:PrincipalAccount}", "${aws:RequestTag/team}"],
        found: &["platform", "111111111111"],
        many: false,
    },
];

/// A random case.
pub(super) fn case(random: &mut Random) -> Case {
    let principal = *random.pick(&CALLERS);
    let action = if random.one_in(3) { *random.pick(&ACTIONS) } else { ACTIONS[0] };
    let statements = (0..=random.below(3)).map(|_| statement(random, true)).collect();
    let trust = policy(random, statements);
    let identity = if random.one_in(2) { vec![everything()] } else { identity(random) };
    Case { principal, action, context: context(random, action), trust, identity }
}

/// A policy that allows all there is.
pub(super) fn everything() -> Value {
    json!({ "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } })
}

fn identity(random: &mut Random) -> Vec<Value> {
    let mut policies = Vec::new();
    for _ in 0..=random.below(2) {
        let statements = (0..=random.below(2)).map(|_| statement(random, false)).collect();
        policies.push(policy(random, statements));
    }
    policies
}

fn policy(random: &mut Random, statements: Vec<Value>) -> Value {
    let version = if random.one_in(12) { "2008-10-17" } else { "2012-10-17" };
    match <[Value; 1]>::try_from(statements) {
        Ok([only]) if random.one_in(2) => json!({ "Version": version, "Statement": only }),
        Ok(only) => json!({ "Version": version, "Statement": only }),
        Err(statements) => json!({ "Version": version, "Statement": statements }),
    }
}

/// A statement; most allow what is asked for, so that something is left to decide.
pub(super) fn statement(random: &mut Random, of_trust: bool) -> Value {
    let mut statement = Map::new();
    let denies = random.one_in(5);
    statement.insert("Effect".to_owned(), json!(if denies { "Deny" } else { "Allow" }));
    if of_trust {
        statement.insert("Principal".to_owned(), principals(random));
    }
    let action = if random.one_in(10) { "NotAction" } else { "Action" };
    let patterns = if of_trust { &ACTION_PATTERNS[..8] } else { &ACTION_PATTERNS };
    statement.insert(action.to_owned(), random.one_or_some(patterns));
    if !of_trust {
        let resource = if random.one_in(5) { "NotResource" } else { "Resource" };
        statement.insert(resource.to_owned(), random.one_or_some(&RESOURCE_PATTERNS));
    }
    let mut conditions = Map::new();
    for _ in 0..random.below(3) {
        condition(random, &KEYS, &mut conditions);
    }
    if !conditions.is_empty() {
        statement.insert("Condition".to_owned(), Value::Object(conditions));
    }
    Value::Object(statement)
}

fn principals(random: &mut Random) -> Value {
    match random.below(8) {
        0 => json!("*"),
        1 => json!({ "AWS": random.pick(&PRINCIPALS), "Service": "ec2.amazonaws.com" }),
        _ => json!({ "AWS": random.one_or_some(&PRINCIPALS) }),
    }
}

/// One more condition on one of some keys.
pub(super) fn condition(random: &mut Random, keys: &[Key], conditions: &mut Map<String, Value>) {
    let key = random.pick(keys);
    let set = match (key.many, random.below(8)) {
        (true, choice) => ["ForAllValues:", "ForAnyValue:"][choice % 2],
        (false, 0) => "ForAllValues:",
        (false, 1) => "ForAnyValue:",
        (false, _) => "",
    };
    let (operator, value) = if random.one_in(10) {
        ("Null".to_owned(), random.one_or_some(&["true", "false"]))
    } else {
        let if_exists = if random.one_in(5) { "IfExists" } else { "" };
        let operator = format!("{set}{}{if_exists}", random.pick(key.operators));
        (operator, random.one_or_some(key.wanted))
    };
    let keys = conditions.entry(operator).or_insert_with(|| json!({}));
    if let Value::Object(keys) = keys {
        let name = if random.one_in(6) { key.name.to_lowercase() } else { key.name.to_owned() };
        if !keys.keys().any(|known| known.eq_ignore_ascii_case(&name)) {
            keys.insert(name, value);
        }
    }
}

/// Some keys with values, as far as STS supplies them for the action.
fn context(random: &mut Random, action: &str) -> Map<String, Value> {
    let is_supplied =
        |key: &&Key| !key.found.is_empty() && (action == "sts:AssumeRole" || !key.name.starts_with("sts:"));
    let mut context = Map::new();
    for key in KEYS.iter().filter(is_supplied) {
        if random.one_in(3) {
            continue;
        }
        let value = if key.many {
            (0..random.below(3)).map(|_| json!(random.pick(key.found))).collect()
        } else {
            json!(random.pick(key.found))
        };
        context.insert(key.name.to_owned(), value);
    }
    context
}
