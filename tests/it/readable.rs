//! What is printed can be read, of 40 accounts and of 4,000: what is the same is said once.

use std::fmt::Write as _;

use crate::support::{Case, Ran, compare, no_complaints, repository, run};

/// Lines that a person reads; a run over any number of accounts prints no more.
const MOST_LINES: usize = 60;
const TEAMS: [&str; 10] =
    ["data", "growth", "identity", "ledger", "media", "mobile", "payments", "risk", "search", "web"];
const STAGES: [&str; 4] = ["dev", "prod", "sandbox", "staging"];

/// A spec of so many accounts of one organization, each with some more keys.
fn spec(targets: usize, keys: &str) -> String {
    let mut spec = "version: 1\nsource: {name: management, account_id: \"111111111111\", organization_id: o-a1b2c3d4e5, callers: [{kind: role, name: terraform}]}\ndefaults: {region: eu-west-1, role: {policy_arns: [arn:aws:iam::aws:policy/PowerUserAccess], tags: {owner: platform}}}\ntargets:\n".to_owned();
    for number in 0..targets {
        let (team, stage) = (TEAMS[number / 4 % 10], STAGES[number % 4]);
        let more = if targets > 40 { format!("-{:03}", number / 40) } else { String::new() };
        let account = 200_000_000_000 + number;
        _ = writeln!(spec, "  - {{name: {team}{more}-{stage}, account_id: \"{account}\"{keys}}}");
    }
    spec
}

fn ask(case: &Case, page: &mut String, arguments: &[&str]) -> Ran {
    let ran = case.run(arguments);
    let code = ran.code.expect("no signal ended it");
    _ = write!(page, "$ crossrole {}\n{}{}exit {code}\n\n", arguments.join(" "), ran.stdout, ran.stderr);
    ran
}

/// A day with forty accounts: each command as a person types it, and all that it prints.
#[test]
fn forty_accounts_can_be_read() {
    let case = Case::new(&spec(40, ""));
    let mut page = String::new();
    ask(&case, &mut page, &["generate", "--dry-run"]);
    ask(&case, &mut page, &["check"]);
    ask(&case, &mut page, &["generate"]);
    ask(&case, &mut page, &["generate"]);
    case.edit("crossrole.yaml", "tags: {owner", "max_session_duration: 4h, tags: {owner");
    for arguments in [&["check"][..], &["generate", "--dry-run"], &["update", "--dry-run"], &["generate"]] {
        ask(&case, &mut page, arguments);
    }
    case.write(
        "crossrole.yaml",
        case.read("crossrole.yaml") + "  - {name: brand-new, account_id: \"999999999999\"}\n",
    );
    for arguments in [&["check"][..], &["generate", "--verbose"]] {
        ask(&case, &mut page, arguments);
    }
    case.edit("crossrole.yaml", "name: web-dev", "state: retired, name: web-dev");
    ask(&case, &mut page, &["generate"]);
    case.edit("crossrole.yaml", "  - {name: brand-new, account_id: \"999999999999\"}\n", "");
    for arguments in [&["generate"][..], &["check"], &["generate", "--forget", "brand-new"]] {
        ask(&case, &mut page, arguments);
    }
    edited(&case, &mut page);
    no_complaints(
        &compare(&repository("snapshots/readable/40.txt"), &page).err().into_iter().collect::<Vec<_>>(),
    );
}

/// People edited a file of every target, and one of them another; then the spec changes in the same lines.
fn edited(case: &Case, page: &mut String) {
    for target in TEAMS.iter().flat_map(|team| STAGES.map(|stage| format!("{team}-{stage}"))) {
        let path = format!("accounts/{target}/workload/providers.tf");
        case.write(&path, case.read(&path) + "# ours\n");
        if target != "web-dev" {
            case.edit(&format!("accounts/{target}/bootstrap/main.tf"), "= 14400", "= 7200");
        }
    }
    case.remove("accounts/web-prod/workload/outputs.tf");
    for arguments in [&["generate"][..], &["check"], &["check", "--strict", "--quiet"]] {
        ask(case, page, arguments);
    }
    case.edit("crossrole.yaml", "4h", "3h");
    for arguments in [
        &["generate"][..],
        &["generate", "--quiet"],
        &["check", "--quiet"],
        &["generate", "--conflict", "inline"],
    ] {
        ask(case, page, arguments);
    }
}

/// However many accounts there are, nothing is said twice.
#[test]
fn four_thousand_accounts_can_be_read() {
    let weak =
        ", role: {external_id: customer-1, policy_arns: [\"arn:aws:iam::aws:policy/AdministratorAccess\"]}";
    let case = Case::new(&spec(4000, weak));
    let short = |arguments: &[&str], code: i32| {
        let ran = case.run(arguments).exits(code);
        let lines = ran.stdout.lines().chain(ran.stderr.lines()).count();
        assert!((1..MOST_LINES).contains(&lines), "{arguments:?}: {lines} lines\n{ran:?}");
        ran
    };
    let ran = short(&["generate", "--dry-run"], 2);
    ran.says("plan: 44,012 files to write for 4,000 targets").says("4,000 targets: `data-000-dev`, ");
    short(&["check"], 2).says("and 3,997 more");
    let found = short(&["lint"], 0);
    assert!(found.stdout.contains("4,000 places in all"), "{}", found.stdout);
    found.says("8,000 warnings");
    let all = case.run(&["lint", "--format", "json"]).exits(0).json();
    assert_eq!(all["findings"].as_array().map(Vec::len), Some(12_001));
    for mistake in [", regoin: a", ", region: mars-1", ", account_id: 1"] {
        case.write("crossrole.yaml", spec(4000, mistake));
        for command in ["generate", "check"] {
            short(&[command], 1).says("4,000 places in all").says("4,000 errors found");
        }
    }
    // Each of these names another target.
    case.write("crossrole.yaml", spec(4000, ", role: {name: \"x y\"}, tags: {\"aws:a\": b}"));
    short(&["generate"], 1);
}

/// Every step in a line of its own, to stderr; the product is the same.
#[test]
fn details_are_told_step_by_step() {
    let case = Case::new(&spec(2, ""));
    let quiet = case.run(&["generate", "--quiet"]).exits(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    case.edit("crossrole.yaml", "PowerUserAccess", "ReadOnlyAccess");
    let ran = case.run(&["generate", "--verbose"]).exits(0);
    for line in [
        "reading the spec `crossrole.yaml` and the files it names",
        "using the templates crossrole version 1, built in",
        "comparing `.` with what 2 targets should have",
        "writing 2 files and the record in `.`",
        " changed  accounts/data-prod/bootstrap/main.tf",
    ] {
        assert!(ran.stderr.lines().any(|found| found == line), "no {line} in\n{}", ran.stderr);
    }
    assert_eq!(case.run(&["list", "--verbose"]).exits(0).stdout, case.run(&["list"]).exits(0).stdout);
}

/// What `lint` warns of is said in a line each when something is written, and stops nothing.
#[test]
fn generate_warns_of_what_lint_finds() {
    let case =
        Case::new(&spec(3, ", role: {policy_arns: [\"arn:aws:iam::aws:policy/AdministratorAccess\"]}"));
    let line = "warning[CR060 administrator-access]: `AdministratorAccess` allows all actions on all resources (crossrole.yaml:5 and 2 more places)";
    for arguments in [&["generate", "--dry-run"][..], &["generate"]] {
        let ran = case.run(arguments);
        assert!(ran.stderr.lines().any(|found| found == line), "{}", ran.stderr);
        assert!(!ran.stderr.contains("CR013"), "notes are for `lint`: {}", ran.stderr);
    }
    assert_eq!(case.run(&["generate"]).exits(0).stderr, "ok: `.` is up to date: 3 targets\n");
    let waiver = "waivers: [{id: administrator-access, reason: \"a lab\", expires: 2999-12-31}]\n";
    case.write("crossrole.yaml", case.read("crossrole.yaml").replace("eu-west-1", "eu-west-2") + waiver);
    let ran = case.run(&["generate", "--dry-run"]).exits(2);
    assert!(!ran.stderr.contains("CR0"), "{}", ran.stderr);
}

/// Tables fit into 80 columns, and their columns have names.
#[test]
fn tables_have_headers_and_fit_a_terminal() {
    let case = Case::new(&spec(4, ""));
    for arguments in [&["list"][..], &["templates", "list"]] {
        let table = case.run(arguments).exits(0).stdout;
        assert!(table.lines().any(|line| line.starts_with("STEP") || line.starts_with("FILE")), "{table}");
        if arguments == ["list"] {
            assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
        }
    }
}

/// A disk that is full in the middle of a run: the message says that something may be written, and the
/// next run completes it.
#[test]
#[cfg(unix)]
fn a_run_that_cannot_go_on_says_so() {
    let case = Case::new(&spec(2, ""));
    let mut command = assert_cmd::Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f 3; exec \"$0\" generate";
    command.args(["-c", script]).arg(crate::support::program()).current_dir(case.root());
    command.env("XDG_STATE_HOME", case.state_home());
    run(&mut command).exits(1).says("writing was interrupted").says("run the same command again");
    case.run(&["generate"]).exits(0);
    case.run(&["check", "--strict"]).exits(0);
}
