//! Account lists of AWS Organizations. The lists here follow the API reference; one that the AWS CLI
//! itself prints is imported in `terraform/organizations.rs`.

use serde_json::{Value, json};

use crate::support::{Case, Ran, crossrole, run};

const MANAGEMENT: &str = "111111111111";

fn empty() -> Case {
    let case = Case::new("");
    case.remove("crossrole.yaml");
    case
}

fn account(id: &str, name: &str) -> Value {
    json!({
        "Id": id,
        "Arn": format!("arn:aws:organizations::{MANAGEMENT}:account/o-a1b2c3d4e5/{id}"),
        "Email": "aws@example.com",
        "Name": name,
        "Status": "ACTIVE",
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": "2024-05-06T07:08:09.010000+00:00",
    })
}

fn with(mut account: Value, key: &str, value: impl Into<Value>) -> Value {
    account[key] = value.into();
    account
}

#[track_caller]
fn import(case: &Case, list: &Value, arguments: &[&str]) -> Ran {
    case.write("accounts.json", format!("{list:#}\n"));
    let arguments: Vec<&str> =
        ["import", "organizations", "accounts.json"].into_iter().chain(arguments.iter().copied()).collect();
    case.run(&arguments)
}

fn spec(case: &Case) -> Value {
    serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML")
}

fn names(case: &Case) -> Vec<String> {
    let spec = spec(case);
    let targets = spec["targets"].as_array().expect("a list").iter();
    targets.map(|target| target["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn members_become_targets_and_the_management_account_the_source() {
    let case = empty();
    let list = json!({ "Accounts": [
        account("333333333333", "Acme Production (EU)"),
        account(MANAGEMENT, "Acme Root"),
        with(account("444444444444", "old"), "Status", "SUSPENDED"),
        with(account("555555555555", "leaving"), "State", "PENDING_CLOSURE"),
        with(account("222222222222", "Zürich"), "JoinedMethod", "INVITED"),
    ] });
    let ran = import(&case, &list, &[]).exits(0);
    for words in ["left out: suspended: `old`", "left out: pending closure: `leaving`", "accounts.json:"] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    let text = case.read("crossrole.yaml");
    for words in ["  # Acme Production (EU)\n  - name: acme-production-eu\n", "# Joined by invitation"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let spec = spec(&case);
    assert_eq!(
        spec["source"],
        json!({ "name": "Acme Root", "account_id": MANAGEMENT, "organization_id": "o-a1b2c3d4e5" })
    );
    assert_eq!(names(&case), ["zuerich", "acme-production-eu"]);
    case.run(&["generate"]).exits(0);
    case.run(&["check"]).exits(0);
}

#[test]
fn names_are_made_unique_by_the_ends_of_ids_in_any_order() {
    let accounts = [
        account("222222220001", "prod"),
        account("222222220002", "Prod"),
        account("222222220003", "prod-0001"),
        account("222222220004", "!!!"),
        account("222222220005", "???"),
        account("333333330004", "(!)"),
        account("222222220006", &"long name ".repeat(12)),
        account("222222220007", "-x-"),
    ];
    let mut forwards = empty();
    for reversed in [false, true] {
        let mut list = accounts.to_vec();
        if reversed {
            list.reverse();
        }
        let case = empty();
        import(&case, &json!({ "Accounts": list }), &[]).exits(0);
        case.run(&["generate"]).exits(0);
        if reversed {
            assert_eq!(case.read("crossrole.yaml"), forwards.read("crossrole.yaml"));
        } else {
            forwards = case;
        }
    }
    let found = names(&forwards);
    assert!(found.contains(&"prod-222222220001".to_owned()), "{found:?}");
    for name in ["prod-0002", "prod-0001", "account-0004", "account-333333330004", "account-0005", "x"] {
        assert!(found.contains(&name.to_owned()), "{name}: {found:?}");
    }
}

/// A folder `con` cannot be made on Windows, and what cannot be seen in a name could end its comment.
#[test]
fn names_are_safe_wherever_they_are_written() {
    let accounts = [account("222222220001", "Con"), account("222222220002", "a\u{2028}evil: true\u{202e}b")];
    let case = empty();
    import(&case, &json!({ "Accounts": accounts }), &[]).exits(0);
    assert_eq!(names(&case), ["con-0001", "a-evil-true-b"]);
    let text = case.read("crossrole.yaml");
    assert!(text.contains("# a\\u{2028}evil: true\\u{202e}b\n"), "{text}");
    case.run(&["generate"]).exits(0);
}

#[test]
fn pages_may_follow_each_other_and_repeat() {
    let case = empty();
    let (first, second) = (account("222222222222", "a"), account("333333333333", "b"));
    let pages = format!(
        "{}\n{}\n{}",
        json!({ "Accounts": [first], "NextToken": "x" }),
        json!({ "Accounts": [first, second] }),
        json!([account("444444444444", "c")])
    );
    let mut command = crossrole();
    command.current_dir(case.root()).args(["import", "organizations", "-"]).write_stdin(pages);
    run(&mut command).exits(0);
    assert_eq!(names(&case), ["a", "b", "c"]);
    assert_eq!(spec(&case)["source"]["account_id"], MANAGEMENT, "the ARNs name it, listed or not");
}

#[test]
fn accounts_are_chosen_by_name_and_by_unit() {
    let in_unit = |id: &str, name: &str, unit: &str| {
        with(account(id, name), "Paths", json!([format!("o-a1b2c3d4e5/r-ab12/ou-ab12-{unit}/")]))
    };
    let list = json!([
        { "OrganizationalUnits": [{ "Id": "ou-ab12-workloads", "Name": "Workloads" }] },
        { "Accounts": [
            in_unit("222222222222", "Prod One", "workloads"),
            in_unit("333333333333", "dev", "workloads"),
            in_unit("444444444444", "prod two", "security"),
            with(account("555555555555", "prod three"), "OrganizationalUnit", "Workloads"),
        ] },
    ]);
    let pages = |list: &Value| {
        list.as_array().expect("pages").iter().map(Value::to_string).collect::<Vec<_>>().join("\n")
    };
    let chosen = |arguments: &[&str]| {
        let case = empty();
        case.write("accounts.json", pages(&list));
        let arguments: Vec<&str> = ["import", "organizations", "accounts.json"]
            .into_iter()
            .chain(arguments.iter().copied())
            .collect();
        let ran = case.run(&arguments);
        (ran.code == Some(0)).then(|| names(&case)).ok_or(ran)
    };
    assert_eq!(chosen(&["--filter", "prod*"]).expect("some"), ["prod-one", "prod-two", "prod-three"]);
    assert_eq!(chosen(&["--filter", "prod-t*"]).expect("some"), ["prod-two", "prod-three"]);
    assert_eq!(chosen(&["--ou", "Workloads"]).expect("some"), ["prod-one", "dev", "prod-three"]);
    assert_eq!(chosen(&["--ou", "ou-ab12-security"]).expect("some"), ["prod-two"]);
    assert_eq!(chosen(&["--ou", "Workloads", "--filter", "dev"]).expect("some"), ["dev"]);
    chosen(&["--ou", "Workload"]).expect_err("no such unit").exits(64).says("did you mean `Workloads`?");
    chosen(&["--filter", "[x"]).expect_err("no pattern").exits(64);
    chosen(&["--filter", "none"]).expect_err("nothing").exits(1).says("none of 4 member accounts");
    let case = empty();
    import(&case, &json!({ "Accounts": [account("222222222222", "a")] }), &["--ou", "X"])
        .exits(64)
        .says("does not say which OU each account is in");
}

#[test]
fn other_partitions_are_recognised() {
    let case = empty();
    let arn = "arn:aws-us-gov:organizations::111111111111:account/o-a1b2c3d4e5/222222222222";
    import(&case, &json!({ "Accounts": [with(account("222222222222", "a"), "Arn", arn)] }), &[]).exits(0);
    assert_eq!(spec(&case)["source"]["partition"], "aws-us-gov");
    case.run(&["generate"]).exits(0);
}

#[test]
fn what_is_no_account_list_is_refused() {
    let case = empty();
    for (text, words) in [
        ("", "no account in it"),
        ("{}", "no account in it"),
        ("{\"Accounts\": [", "accounts.json:1:"),
        ("An error occurred\n", "no account in it"),
        ("[oops\n", "this is not JSON"),
        ("{\"Accounts\": [{\"Id\": \"222\"}]}", "CR001"),
        ("{\"Accounts\": [1, null]}", "an account without an ID"),
    ] {
        case.write("accounts.json", text);
        let ran = case.run(&["import", "organizations", "accounts.json"]).exits(1);
        assert!(ran.stderr.contains(words), "{text}: {}", ran.stderr);
    }
    case.run(&["import", "organizations", "nowhere.json"]).exits(1).says("nowhere.json");
    case.run(&["import"]).exits(64);
    assert_eq!(case.files().len(), 1, "nothing was written");
    case.write("crossrole.yaml", "mine\n");
    let list = json!({ "Accounts": [account("222222222222", "a")] });
    import(&case, &list, &[]).exits(4).says("--force");
    assert_eq!(case.read("crossrole.yaml"), "mine\n");
    import(&case, &list, &["--force", "--set", "defaults.region=eu-west-1"]).exits(0);
    assert_eq!(spec(&case)["defaults"]["region"], "eu-west-1");
}
