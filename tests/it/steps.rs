//! Who does what next: `list`, the steps after `generate`, `CROSSROLE.md` and the page for an account's owner say it in
//! commands that work as they stand.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::support::{Case, SPEC};

/// Callers of every kind, several roles, and targets whose roles are created in every way.
const FLEET: &str = r#"version: 1
name: platform
source:
  name: management
  account_id: "111111111111"
  callers:
    - {kind: iam_user, name: terraform, mfa: true}
    - {kind: role, name: ci/deployer}
    - {kind: sso, permission_set: Admin}
    - {kind: github_actions, id: ci, repository: acme/infra, environment: production}
    - {kind: gitlab, id: gl, project: acme/infra, branch: main}
    - {kind: hcp_terraform, id: hcp, organization: acme, project: Default Project, workspace: aws-*, run_phase: plan}
    - {kind: oidc, id: own, issuer: "https://oidc.example.com", audience: sts, subject: ["job:1"]}
defaults:
  region: us-east-1
  roles:
    apply: {name: Apply, callers: [terraform, deployer, admin, ci, gl, own]}
    plan: {name: Plan, callers: [hcp, ci]}
  default_role: apply
targets:
  - {name: one, account_id: "222222222222"}
  - {name: two, account_id: "333333333333", bootstrap: {from: profile, profile: "it's `two` <a> | b"}}
  - {name: three, account_id: "444444444444", bootstrap: {from: environment}}
  - {name: four, account_id: "555555555555", bootstrap: {from: existing}}
  - name: five
    account_id: "666666666666"
    ownership: third_party
    role: {name: Vendor, external_id: 5a0d6f6e-0b8b, permissions_boundary: "arn:aws:iam::666666666666:policy/Boundary"}
  - name: six
    account_id: "777777777777"
    ownership: third_party
    role: {name: Other, external_id: 0c5f3a52-66a1}
"#;

/// Programs that note what they were called with; `terraform` minds whether its folder is there.
const TERRAFORM: &str = r#"#!/bin/sh
case $1 in -chdir=*) test -d "${1#-chdir=}" || exit 1 ;; esac
printf 'terraform|' >>"$LOG"; printf '%s|' "$@" "role=${TF_VAR_role:-}" >>"$LOG"; echo >>"$LOG"
"#;
const AWS: &str = r#"#!/bin/sh
printf 'aws|' >>"$LOG"; printf '%s|' "$@" >>"$LOG"; echo >>"$LOG"
case "$*" in
*get-caller-identity*) echo arn:aws:iam::111111111111:user/terraform ;;
*get-session-token*) echo KEY SECRET TOKEN ;;
esac
"#;

/// Types commands into a shell, in a folder of the case; what its programs were called with.
#[track_caller]
fn paste(case: &Case, folder: &str, commands: &str) -> String {
    for (name, text) in [("terraform", TERRAFORM), ("aws", AWS)] {
        case.write(&format!(".bin/{name}"), text);
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(case.at(&format!(".bin/{name}")), mode).expect("it is ours");
    }
    let program = crate::support::program();
    let folders = [case.at(".bin"), program.parent().expect("a program has a folder").to_owned()];
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{}:{path}", folders[0].display(), folders[1].display());
    case.write(".log", "");
    let ran = Command::new("sh")
        .args(["-eu", "-c", commands])
        .current_dir(case.at(folder))
        .env("PATH", path)
        .env("LOG", case.at(".log"))
        .env("XDG_STATE_HOME", case.state_home())
        .output()
        .expect("a shell runs");
    assert!(ran.status.success(), "{commands}\n{}", String::from_utf8_lossy(&ran.stderr));
    case.read(".log")
}

/// The commands of a Markdown text.
fn commands(text: &str) -> Vec<&str> {
    text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// The numbered lines below `Next:`, without their numbers.
fn next(said: &str) -> Vec<&str> {
    let lines = said.split("Next:\n").nth(1).expect("there are steps").lines();
    lines.filter_map(|line| line.trim_start().split_once(". ").map(|(_, step)| step)).collect()
}

#[test]
fn every_step_after_a_run_can_be_pasted() {
    for (out, targets) in [("my infra", 2), ("it's; `id` $(id)", 2), ("-x", 2), ("many", 20)] {
        let case = Case::new("");
        let more =
            |n: u32| format!("  - {{name: t{n}, account_id: \"{}\"}}\n", 300_000_000_000_u64 + u64::from(n));
        let callers = "  callers: [{kind: iam_user, name: terraform, mfa: true}]\ntargets";
        let spec = SPEC.replace("targets", callers) + &(1..targets).map(more).collect::<String>();
        case.write("a spec.yaml", spec);
        let said = case.run(&["generate", "--spec=a spec.yaml", &format!("--out={out}")]).exits(0).stderr;
        let steps = next(&said);
        let (words, typed): (Vec<&str>, Vec<&str>) =
            steps.iter().partition(|step| step.contains(" explains ") || step.starts_with("the same for "));
        let log = paste(&case, ".", &typed.join("\n"));
        assert!(log.contains("|init|") && log.contains("|apply|"), "{said}\n{log}");
        let is_signed_in = typed.iter().any(|step| step.starts_with("eval"));
        assert!(is_signed_in, "{said}");
        assert_eq!(log.contains("--token-code|123456"), is_signed_in, "{log}");
        let others = words.iter().filter(|step| step.starts_with("the same for "));
        assert_eq!(others.clone().count(), if targets == 2 { 0 } else { 2 }, "{said}");
        for more in others {
            let listed = more.split('`').nth(1).expect("a command");
            assert!(listed.contains("'a spec.yaml'"), "{listed}");
            paste(&case, ".", listed);
        }
    }
}

#[test]
fn steps_name_who_takes_them() {
    let case = Case::new(FLEET);
    let said = case.run(&["generate"]).exits(0).stderr;
    for who in [
        "  an administrator of 111111111111:\n    1. terraform -chdir=source init",
        "  the owner of the account, who is given the folder:\n    5. accounts/five/bootstrap/README.md explains",
        "  someone in 111111111111 who can assume OrganizationAccountAccessRole:\n",
        "  an administrator of the account:\n",
    ] {
        assert!(said.contains(who), "no {who} in\n{said}");
    }
    let only = case.run(&["list", "--only", "four"]).exits(0).stdout;
    assert_eq!(
        only,
        "STEP  ACTION  ROOT                    ACCOUNT\n\nadmin, ci, deployer and 3 more callers:\n3     apply   accounts/four/workload  555555555555\n"
    );
}

#[test]
fn the_list_says_who_runs_each_root() {
    let case = Case::new(FLEET);
    let text = case.run(&["list"]).exits(0).stdout;
    for line in [
        "STEP  ACTION  ROOT                      ACCOUNT\n\nan administrator of 111111111111:\n1     apply   source                    111111111111\n",
        "\nthe owner of the account:\n2     apply   accounts/five/bootstrap   666666666666\n",
        "\nsomeone in 111111111111 who can assume OrganizationAccountAccessRole:\n2     apply   accounts/",
        "\nan administrator of the account:\n2     apply   accounts/three/bootstrap  444444444444\n",
        "3     apply   accounts/six/workload     777777777777\n",
    ] {
        assert!(text.contains(line), "no {line} in\n{text}");
    }
    let json = case.run(&["list", "--format", "json"]).exits(0).json();
    let root = |path: &str| {
        let roots = json["roots"].as_array().expect("a list");
        roots.iter().find(|root| root["path"] == path).unwrap_or_else(|| panic!("no {path}"))
    };
    assert_eq!(root("source")["run_as"], "source_administrator");
    assert_eq!(root("accounts/five/bootstrap")["run_as"], "account_owner");
    assert_eq!(
        root("accounts/three/bootstrap")["credentials"],
        "credentials of 444444444444 from the environment"
    );
    let workload = root("accounts/one/workload");
    assert_eq!(workload["callers"], serde_json::json!(["admin", "ci", "deployer", "gl", "own", "terraform"]));
    assert_eq!(
        workload["roles"][1],
        serde_json::json!({"key": "plan", "default": false, "callers": ["ci", "hcp"]})
    );
    let caller = |id: &str| {
        let callers = json["callers"].as_array().expect("a list");
        callers.iter().find(|caller| caller["id"] == id).unwrap_or_else(|| panic!("no {id}"))
    };
    assert_eq!(
        caller("hcp")["environment"],
        serde_json::json!({
            "TFC_AWS_PLAN_ROLE_ARN": "arn:aws:iam::111111111111:role/platform-hcp",
            "TFC_AWS_PROVIDER_AUTH": "true",
        })
    );
    assert_eq!(caller("terraform")["mfa"], true);
    assert_eq!(caller("ci")["mfa"], false);
}

#[test]
fn every_command_of_the_index_can_be_pasted() {
    let profile = r#"{from: profile, profile: "a`id`b 'x' <y> | $(z)"}"#;
    for credentials in ["{from: environment}", profile] {
        let spec = FLEET.replace("  name: management\n", &format!("  credentials: {credentials}\n"));
        let case = Case::generated(&spec);
        let index = case.read("CROSSROLE.md");
        let log: String = commands(&index).iter().map(|block| paste(&case, ".", block)).collect();
        assert!(log.contains("terraform|-chdir=accounts/four/workload|plan|role=plan|"), "{log}");
        let [signs_in, mfa] = if credentials == profile {
            ["aws|sso|login|--profile|a`id`b 'x' <y> | $(z)|", "--update-profile|a`id`b 'x' <y> | $(z)|"]
        } else {
            ["aws|sso|login|--profile|platform-admin|", "|--token-code|123456|"]
        };
        assert!(log.contains(signs_in) && log.contains(mfa), "{log}");
        let sent =
            Command::new("tar").arg("-tzf").arg(case.at("five-bootstrap.tar.gz")).output().expect("tar runs");
        let sent = String::from_utf8_lossy(&sent.stdout).into_owned();
        assert!(sent.contains("bootstrap/README.md"), "{sent}");
    }
}

#[test]
fn the_index_says_how_each_caller_signs_in() {
    let index = Case::generated(FLEET).read("CROSSROLE.md");
    for text in [
        "role-to-assume: \"arn:aws:iam::111111111111:role/platform-ci\"",
        "id-token: write",
        "allowed-account-ids: \"111111111111\"",
        "aud: \"https://gitlab.com\"",
        "AWS_ROLE_ARN: \"arn:aws:iam::111111111111:role/platform-gl\"",
        "working directory `accounts/TARGET/workload`",
        "TFC_AWS_PLAN_ROLE_ARN=arn:aws:iam::111111111111:role/platform-hcp",
        "export AWS_ROLE_ARN=arn:aws:iam::111111111111:role/platform-own",
        "enter `platform-assume-admin` with the path `/`",
        "| `ci` | `GitHub Actions, acme/infra, environment production` | `Apply`, `Other`, `Plan` and 1 more |",
        "| one | `222222222222` | us-east-1 | **apply** | `arn:aws:iam::222222222222:role/Apply` | `admin, ci, deployer and 3 more callers` | the role `OrganizationAccountAccessRole` | active |",
        "| one | `222222222222` | us-east-1 | plan | `arn:aws:iam::222222222222:role/Plan` | `ci, hcp` |",
        "| the profile `it's 'two' &lt;a> \\| b` |",
        "nobody: it exists",
        "the account's owner",
    ] {
        assert!(index.contains(text), "no {text} in\n{index}");
    }
    assert!(!index.contains("](http"), "a link that leads out");
}

#[test]
fn the_index_keeps_silent_about_what_no_target_needs() {
    let index =
        Case::generated(&format!("{SPEC}    bootstrap: {{from: environment}}\n")).read("CROSSROLE.md");
    let absent = [
        "MFA",
        "OrganizationAccountAccessRole",
        "owner",
        "TF_VAR_role",
        "token",
        "permission set",
        "State",
        "bold",
    ];
    for word in absent {
        assert!(!index.contains(word), "{word} in\n{index}");
    }
    let existing =
        Case::generated(&format!("{SPEC}    bootstrap: {{from: existing}}\n")).read("CROSSROLE.md");
    assert!(
        !existing.contains("create the roles") && existing.contains("### 2. Each target: build"),
        "{existing}"
    );
}

#[test]
fn the_index_says_who_needs_the_state() {
    let backend = |more: &str| {
        let backend =
            format!("terraform: {{backend: {{type: s3, bucket: acme, region: us-east-1{more}}}}}\ndefaults:");
        Case::generated(&FLEET.replace("defaults:", &backend)).read("CROSSROLE.md")
    };
    let own = backend("");
    for text in [
        "| `s3:GetObject`, `s3:PutObject` | `arn:aws:s3:::acme/platform/*/terraform.tfstate` |",
        "policy has to let that account in",
    ] {
        assert!(own.contains(text), "no {text} in\n{own}");
    }
    let role = |account: &str| {
        backend(&format!(
            ", assume_role: {{role_arn: \"arn:aws:iam::{account}:role/State\", external_id: state-id}}"
        ))
    };
    let foreign = role("999999999999");
    for text in [
        "The owner of `999999999999`",
        "`sts:ExternalId` is `state-id`",
        "- `arn:aws:iam::111111111111:role/ci/deployer`",
        "- `arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com*/AWSReservedSSO_Admin_????????????????`",
    ] {
        assert!(foreign.contains(text), "no {text} in\n{foreign}");
    }
    assert!(!role("111111111111").contains("The owner of"), "Account A is ours");
}

#[test]
fn an_account_owner_gets_a_page_without_other_customers() {
    let case = Case::generated(FLEET);
    let page = case.read("accounts/five/bootstrap/README.md");
    for text in [
        "arn:aws:iam::666666666666:role/Vendor",
        "5a0d6f6e-0b8b",
        "arn:aws:iam::666666666666:policy/Boundary",
        "the role `arn:aws:iam::111111111111:role/platform-gl`",
        "the user `arn:aws:iam::111111111111:user/terraform`, after signing in with MFA",
        "A session ends after 1h at the latest",
        "terraform destroy",
    ] {
        assert!(page.contains(text), "no {text} in\n{page}");
    }
    for foreign in ["777777777777", "0c5f3a52", "six", "222222222222", "`two`", "Other"] {
        assert!(!page.contains(foreign), "{foreign} in\n{page}");
    }
    let log: String =
        commands(&page).iter().map(|block| paste(&case, "accounts/five/bootstrap", block)).collect();
    assert_eq!(log, "terraform|init|role=|\nterraform|apply|role=|\nterraform|destroy|role=|\n");
    for none in ["one", "four"] {
        assert!(!case.at(&format!("accounts/{none}/bootstrap/README.md")).exists(), "{none}");
    }
    let local = page.contains("backend.tf");
    assert!(!local, "there is none\n{page}");
}

#[test]
fn the_index_has_one_line_for_each_target() {
    let target = |n: u64| format!("  - {{name: t{n}, account_id: \"{}\"}}\n", 300_000_000_000 + n);
    let spec = format!("{SPEC}{}", (0..400).map(target).collect::<String>());
    let index = Case::generated(&spec).read("CROSSROLE.md");
    assert_eq!(index.lines().filter(|line| line.starts_with("| t")).count(), 401, "with the heading");
    assert!(index.lines().count() < 520, "{} lines", index.lines().count());
}
