//! Random pairs of trust policies: what is called "within" another allows nothing that the other does not; what is
//! known to lie outside is never called within; and what is known to lie inside nearly always is.

use std::collections::BTreeMap;

use crossrole::policy::evaluate::{Kind, Known, Policy, Principal, decide, excesses};
use serde_json::{Value, json};

use super::case::{Case, ROLE};
use super::kinds::{KINDS, Principals};
use super::known::KNOWN;
use super::pairs::{pair, request};
use super::random::{self, Random};
use super::simulator::{simulated, simulator};
use crate::effort::{least, scaled};
use crate::support;

/// Pairs within each other that the independent evaluator is asked about, and requests for each.
const PAIRS: u64 = 2_200;
const REQUESTS: u32 = 12;

fn read(policy: &Value) -> Option<Policy> {
    Policy::from_value(policy, Kind::Trust).ok()
}

fn statements(policy: &Value) -> Vec<Value> {
    match &policy["Statement"] {
        Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    }
}

/// A policy made out of another by narrowing, and here and there by widening it.
fn changed(random: &mut Random, policy: &Value) -> Value {
    let mut list = statements(policy);
    for statement in &mut list {
        match random.below(7) {
            0 => statement["Effect"] = json!("Deny"),
            1 => statement["Action"] = json!("sts:AssumeRole"),
            2 => narrow_values(statement),
            3 => narrow_principals(statement),
            4 => drop(statement.as_object_mut().expect("an object").remove("Condition")),
            5 => *statement = random::statement(random, true),
            _ => {}
        }
    }
    if random.one_in(3) {
        list.push(random::statement(random, true));
    }
    json!({ "Version": policy["Version"], "Statement": list })
}

/// The last of several values stays.
fn narrow_values(statement: &mut Value) {
    let operators = statement.get_mut("Condition").and_then(Value::as_object_mut);
    for keys in operators.into_iter().flat_map(|operators| operators.values_mut()) {
        for values in keys.as_object_mut().into_iter().flat_map(|keys| keys.values_mut()) {
            let last = values.as_array().and_then(|list| list.last().cloned());
            *values = last.unwrap_or_else(|| values.clone());
        }
    }
}

fn narrow_principals(statement: &mut Value) {
    let listed = statement.get_mut("Principal").and_then(|principal| principal.get_mut("AWS"));
    if let Some(listed) = listed {
        let first = listed.as_array().and_then(|list| list.first().cloned());
        *listed = first.unwrap_or_else(|| listed.clone());
    }
}

/// Half of the statements ask for the organization besides.
fn ask_for_organization(random: &mut Random, policy: &mut Value) {
    let mut list = statements(policy);
    for statement in list.iter_mut().filter(|_| random.one_in(2)) {
        statement["Condition"]["StringEqualsIgnoreCase"]["aws:PrincipalOrgID"] = json!(MEMBER.1);
    }
    policy["Statement"] = json!(list);
}

#[test]
fn what_is_called_within_is_within() {
    let mut random = Random(7);
    let (mut within, mut allowed) = (0, 0);
    for turn in 0..scaled::<u32>(20_000) {
        let known = Known { role: ROLE, member: (turn % 2 == 0).then_some(MEMBER) };
        let mut declared = random::case(&mut random).trust;
        if known.member.is_some() {
            ask_for_organization(&mut random, &mut declared);
        }
        let policy = changed(&mut random, &declared);
        let (Some(declared_read), Some(policy_read)) = (read(&declared), read(&policy)) else { continue };
        let found = excesses(policy_read.statements(), declared_read.statements(), known);
        if !found.is_empty() {
            continue;
        }
        within += 1;
        for _ in 0..40 {
            let mut case = random::case(&mut random);
            let principal = Principal::parse(case.principal).expect("a principal");
            if let Some((_, organization)) = known.member.filter(|(of, _)| principal.account() == Some(of)) {
                case.context.insert("aws:PrincipalOrgID".to_owned(), json!(organization));
            }
            let request = case.request();
            for own in [None, Some(&[] as &[Policy])] {
                if decide(&policy_read, own, &request).is_allowed() {
                    allowed += 1;
                    assert!(
                        decide(&declared_read, own, &request).is_allowed(),
                        "{policy:#}\n{declared:#}\n{request:?}"
                    );
                }
            }
        }
    }
    assert!(within > least(4_000) && allowed > least(20_000), "{within} {allowed}");
}

/// The same for principals of every kind, as an independent evaluator decides. Where that is known to decide otherwise than
/// AWS, it is not asked.
#[test]
fn what_is_called_within_an_independent_evaluator_keeps_within() {
    let Some(mut simulator) = simulator() else { return };
    let mut random = Random(9);
    let (mut within, mut cases) = (0, Vec::new());
    while within < scaled::<u32>(PAIRS) {
        let pair = pair(&mut random);
        let (Some(declared), Some(policy)) = (read(&pair.declared), read(&pair.policy)) else { continue };
        let is_other = |one: &Value| !statements(&pair.declared).contains(one);
        let says_something =
            statements(&pair.policy).iter().any(|one| one["Effect"] == "Allow" && is_other(one));
        if !says_something || !excesses(policy.statements(), declared.statements(), NOTHING_KNOWN).is_empty()
        {
            continue;
        }
        within += 1;
        for _ in 0..REQUESTS {
            let under = request(&mut random, &pair);
            let meant = Case { trust: pair.declared.clone(), ..under.clone() };
            if ![&under, &meant].into_iter().any(is_decided_otherwise) {
                cases.push((under, meant));
            }
        }
    }
    let lines: Vec<String> =
        cases.iter().flat_map(|(under, meant)| [under, meant].map(Case::line_as_given)).collect();
    let decided = simulated(&mut simulator, &lines);
    let (mut allowed, mut wrong) = (BTreeMap::<&str, u32>::new(), Vec::new());
    for (decisions, (under, meant)) in decided.chunks(2).zip(&cases) {
        *allowed.entry(under.principal).or_default() += u32::from(decisions[0] == "allow");
        if decisions == ["allow", "deny"] {
            wrong.push(format!("{}\n{:#}", under.line(), meant.trust));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(3)].join("\n\n"));
    assert_eq!(decided.len(), 2 * cases.len(), "one decision per request and policy");
    assert!(allowed.values().sum::<u32>() > least(2_000), "{allowed:?}");
    let met = |kind: &Principals| kind.callers.iter().filter_map(|caller| allowed.get(caller)).sum::<u32>();
    assert!(KINDS.iter().all(|kind| met(kind) > least(20)), "{allowed:?}");
}

/// Whether the independent evaluator is known to decide otherwise than AWS. It also takes an identity provider for a principal of
/// the account in its ARN; whoever has a token of it is nobody's in AWS.
///
/// Source: "AWS account principals" and "OIDC federated principals" (IAM User Guide, Principal).
fn is_decided_otherwise(case: &Case) -> bool {
    let account = case.principal.split(':').nth(4).filter(|_| case.principal.contains("-provider/"));
    let is_of_account = |named: &Value| {
        let texts = named.as_array().map_or(std::slice::from_ref(named), Vec::as_slice);
        let mut texts = texts.iter().filter_map(Value::as_str);
        texts.any(|text| {
            account.is_some_and(|account| text == account || text.ends_with(&format!("{account}:root")))
        })
    };
    KNOWN.iter().any(|known| (known.applies)(case))
        || statements(&case.trust).iter().any(|statement| is_of_account(&statement["Principal"]["AWS"]))
}

/// Nothing besides the role.
const NOTHING_KNOWN: Known<'_> = Known { role: ROLE, member: None };
/// An account, and the organization that it is a member of.
const MEMBER: (&str, &str) = ("111111111111", "o-a1b2c3d4e5");
const USER: &str = "arn:aws:iam::111111111111:user/terraform";
const CI: &str = "arn:aws:iam::111111111111:role/ci/deployer";

/// What is meant: a user and a role of A, with an external ID and tags of the session.
fn declared() -> Policy {
    let policy = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": { "AWS": [USER, CI] }, "Action": "sts:AssumeRole",
          "Condition": { "StringEquals": { "sts:ExternalId": "7f0c2b1e", "aws:PrincipalOrgID": "o-a1b2c3d4e5" } } },
        { "Effect": "Allow", "Principal": { "AWS": [USER, CI] }, "Action": "sts:TagSession",
          "Condition": { "StringLike": { "aws:RequestTag/team": "plat*" } } },
    ] });
    read(&policy).expect("a trust policy")
}

fn is_within(statement: &Value) -> bool {
    let policy = read(&json!({ "Version": "2012-10-17", "Statement": [statement] })).expect("a trust policy");
    excesses(policy.statements(), declared().statements(), NOTHING_KNOWN).is_empty()
}

/// Where the account of a principal is known to be a member, its organization need not be asked for; of any other account
/// it need.
#[test]
fn a_member_of_the_organization_is_one() {
    let user = |account: &str| format!("arn:aws:iam::{account}:user/terraform");
    let policy = |condition: &Value, users: &[String]| {
        let statement = json!({ "Effect": "Allow", "Principal": { "AWS": users }, "Action": "sts:AssumeRole",
            "Condition": condition });
        read(&json!({ "Version": "2012-10-17", "Statement": statement })).expect("a trust policy")
    };
    let organization = |id: &str| json!({ "StringEquals": { "aws:PrincipalOrgID": id } });
    let is_within = |condition: &Value, account: &str, member| {
        let declared = policy(&organization("o-a1b2c3d4e5"), &[user("111111111111"), user("222222222222")]);
        let narrowed = policy(condition, &[user(account)]);
        excesses(narrowed.statements(), declared.statements(), Known { role: ROLE, member }).is_empty()
    };
    assert!(is_within(&json!({}), "111111111111", Some(MEMBER)));
    assert!(!is_within(&json!({}), "111111111111", None));
    assert!(!is_within(&json!({}), "222222222222", Some(MEMBER)));
    assert!(!is_within(&json!({}), "111111111111", Some(("111111111111", "o-zzzzzzzzzz"))));
    // Nobody of the account is in another organization.
    assert!(is_within(&organization("o-zzzzzzzzzz"), "111111111111", Some(MEMBER)));
    assert!(!is_within(&organization("o-zzzzzzzzzz"), "222222222222", Some(MEMBER)));
}

/// Strangers of every kind, under conditions that do not make them somebody else.
#[test]
fn nobody_else_is_called_within() {
    let who = [
        json!("*"),
        json!({ "AWS": "*" }),
        json!({ "AWS": "111111111111" }),
        json!({ "AWS": "arn:aws:iam::222222222222:root" }),
        json!({ "AWS": "arn:aws:iam::111111111111:user/other" }),
        json!({ "AWS": "arn:aws:iam::111111111111:user/ci/terraform" }),
        json!({ "AWS": "arn:aws:iam::333333333333:user/terraform" }),
        json!({ "AWS": "arn:aws:iam::111111111111:role/deployer" }),
        json!({ "AWS": "arn:aws:sts::111111111111:assumed-role/other/run" }),
        json!({ "Service": "lambda.amazonaws.com" }),
        json!({ "Federated": "arn:aws:iam::222222222222:saml-provider/corp" }),
        json!({ "Federated": "arn:aws:iam::222222222222:oidc-provider/token.actions.githubusercontent.com" }),
        json!({ "Federated": "cognito-identity.amazonaws.com" }),
    ];
    let under = [
        json!({}),
        json!({ "StringEquals": { "sts:ExternalId": "7f0c2b1e", "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
        json!({ "StringEquals": { "sts:ExternalId": "7f0c2b1e" } }),
        json!({ "StringEquals": { "sts:RoleSessionName": "terraform" } }),
        json!({ "StringLike": { "aws:PrincipalTag/team": "plat*" } }),
        json!({ "StringEquals": { "aws:RequestTag/team": "platform" } }),
        json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } }),
        json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }),
        json!({ "BoolIfExists": { "aws:MultiFactorAuthPresent": "true" } }),
        json!({ "DateGreaterThan": { "aws:CurrentTime": "2027-01-01T00:00:00Z" } }),
        json!({ "StringNotEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
        json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } }),
        json!({ "Null": { "sts:ExternalId": "false" } }),
        json!({ "ArnNotLike": { "aws:PrincipalArn": "arn:aws:iam::333333333333:user/x" } }),
        json!({ "StringEqualsIfExists": { "sts:ExternalId": "7f0c2b1e" } }),
        json!({ "StringLike": { "sts:ExternalId": "7f0c*" } }),
    ];
    let mut tried = 0;
    for (who, under) in who.iter().flat_map(|who| under.iter().map(move |under| (who, under))) {
        let statement = json!({ "Effect": "Allow", "Principal": who, "Action": "sts:*", "Condition": under });
        assert!(!is_within(&statement), "{statement:#}");
        tried += 1;
    }
    assert!(tried >= 200, "{tried}");
}

/// `Null` and `Bool` compare with the same words, and mean different things by them.
#[test]
fn that_a_key_is_there_says_nothing_of_its_value() {
    let under = |condition: Value| {
        let statement = json!({ "Effect": "Allow", "Principal": { "AWS": USER }, "Action": "sts:AssumeRole", "Condition": condition });
        read(&json!({ "Version": "2012-10-17", "Statement": [statement] })).expect("a trust policy")
    };
    for key in ["aws:MultiFactorAuthPresent", "aws:SecureTransport", "aws:ViaAWSService"] {
        let there = under(json!({ "Null": { key: "false" } }));
        for operator in ["Bool", "BoolIfExists", "StringEqualsIgnoreCase"] {
            let meant = under(json!({ operator: { key: "false" } }));
            assert!(
                !excesses(there.statements(), meant.statements(), NOTHING_KNOWN).is_empty(),
                "{operator} {key}"
            );
        }
        let needed = under(json!({ "Bool": { key: "false" } }));
        assert!(excesses(needed.statements(), there.statements(), NOTHING_KNOWN).is_empty(), "{key}");
        assert!(excesses(there.statements(), there.statements(), NOTHING_KNOWN).is_empty(), "{key}");
    }
}

/// The declared callers, with what is asked of them and more.
#[test]
fn what_only_asks_for_more_is_within() {
    let who = [
        json!({ "AWS": USER }),
        json!({ "AWS": CI }),
        json!({ "AWS": [CI, USER] }),
        json!({ "AWS": "arn:aws:sts::111111111111:assumed-role/deployer/run" }),
        json!({ "AWS": ["arn:aws:sts::111111111111:assumed-role/deployer/run", USER] }),
    ];
    let asked = [
        json!({ "StringEquals": { "sts:ExternalId": "7f0c2b1e", "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
        json!({ "StringEquals": { "sts:ExternalId": ["7f0c2b1e"], "aws:principalorgid": "o-a1b2c3d4e5" } }),
        json!({ "StringLike": { "sts:ExternalId": "7f0c2b1e" }, "StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
        json!({ "ForAnyValue:StringEquals": { "sts:TransitiveTagKeys": "x" },
                "StringEquals": { "sts:ExternalId": "7f0c2b1e", "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
    ];
    let more = [
        json!({}),
        json!({ "Bool": { "aws:MultiFactorAuthPresent": "true" } }),
        json!({ "IpAddress": { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.7"] } }),
        json!({ "DateLessThan": { "aws:CurrentTime": "2027-01-01T00:00:00Z" } }),
        json!({ "ArnLike": { "aws:PrincipalArn": "arn:aws:iam::111111111111:*" } }),
        json!({ "StringNotEquals": { "aws:SourceVpc": "vpc-1" } }),
        json!({ "Null": { "aws:TokenIssueTime": "false" } }),
        json!({ "NumericLessThan": { "aws:MultiFactorAuthAge": "3600" } }),
        json!({ "StringEqualsIfExists": { "aws:SourceVpc": "vpc-1" } }),
        json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } }),
    ];
    let (mut tried, mut within) = (0, 0);
    for who in &who {
        for (asked, more) in asked.iter().flat_map(|asked| more.iter().map(move |more| (asked, more))) {
            let mut under = asked.as_object().expect("an object").clone();
            under.extend(more.as_object().expect("an object").clone());
            let statement = json!({ "Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole", "Condition": under });
            tried += 1;
            within += u32::from(is_within(&statement));
        }
    }
    assert!(tried >= 200 && within * 100 >= tried * 95, "{within} of {tried}");
}

/// Through the program: the source account is a member of the organization that the spec names.
#[test]
fn a_declared_caller_need_not_be_asked_for_its_organization() {
    let spec = "version: 1\nsource:\n  account_id: \"111111111111\"\n  callers: [{kind: role, name: ci/deployer}]\ntargets:\n  - {name: staging, account_id: \"222222222222\"}\n";
    for (arn, code) in [(CI, 0), ("arn:aws:iam::333333333333:role/ci/deployer", 4)] {
        let case = support::Case::generated(spec);
        let extra = json!({ "Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole",
            "Condition": { "ArnEquals": { "aws:PrincipalArn": arn } } });
        let path = "accounts/staging/bootstrap/trust-policy.json";
        let mut policy: Value = serde_json::from_str(&case.read(path)).expect("a policy");
        policy["Statement"].as_array_mut().expect("a list").push(extra);
        case.write(path, format!("{policy:#}"));
        case.edit("crossrole.yaml", "  callers", "  organization_id: o-a1b2c3d4e5\n  callers");
        case.run(&["generate"]).exits(code);
        if code == 0 {
            case.run(&["explain"]).exits(0);
        }
    }
}
