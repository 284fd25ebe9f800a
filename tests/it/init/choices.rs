//! Where state is, how Terraform signs in, which organization; and that nothing powerful is chosen by pressing Enter.

use super::prompts::{
    CHOSEN, CREATED, MORE_TARGETS, ORGANIZATION, POLICIES, REVIEW, SET, SHORT, SIGN_IN, STATE, WHO, WHOSE,
    begin, empty, line,
};
use super::talk::{DOWN, ENTER, Talk};
use crate::support::Case;

fn spec(case: &Case) -> serde_json::Value {
    serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML")
}

/// Writes what the review shows.
#[track_caller]
fn finish(case: &Case, mut talk: Talk) -> (serde_json::Value, String) {
    talk.answer(REVIEW, ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    case.run(&["generate"]).exits(0);
    (spec(case), seen)
}

#[test]
fn state_in_a_bucket_is_asked_reviewed_and_written() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answers(&SHORT[..14]).answer(STATE, &line(1));
    talk.answer("State bucket", "Bad_Name\r").expect("is not a bucket name");
    talk.answer("State bucket", "arn:aws:s3:::acme-states\r").expect("`acme-states`");
    talk.answer("Region of the bucket", "eu-west-1\r");
    talk.answer("access to the bucket", "States\r");
    talk.expect("Press Enter for `arn:aws:iam::111111111111:role/States`")
        .answer("access to the bucket", ENTER);
    let (spec, seen) = finish(&case, talk);
    let wanted = serde_json::json!({
        "type": "s3",
        "bucket": "acme-states",
        "region": "eu-west-1",
        "assume_role": { "role_arn": "arn:aws:iam::111111111111:role/States" },
    });
    assert_eq!(spec["terraform"]["backend"], wanted);
    for shown in
        ["S3 bucket acme-states in eu-west-1", "  through       arn:aws:iam::111111111111:role/States"]
    {
        assert!(seen.contains(shown), "{seen}");
    }
}

#[test]
fn state_in_hcp_terraform_is_asked_reviewed_and_changed() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answers(&SHORT[..14]).answer(STATE, &line(2));
    talk.answer("Organization", "acme\r").answer("Hostname", "https://tfe.example.com/app\r");
    talk.expect("`tfe.example.com`").answer("Project", "platform\r");
    talk.expect("tfe.example.com, organization acme, project platform").answer(REVIEW, &line(9));
    talk.answer(STATE, ENTER).answer("Organization", ENTER).answer("Hostname", "app.terraform.io\r");
    talk.answer("Project", "none\r").expect("HCP Terraform, organization acme").answer(REVIEW, ENTER);
    talk.answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    let wanted = serde_json::json!({ "type": "cloud", "organization": "acme" });
    assert_eq!(spec(&case)["terraform"]["backend"], wanted);
    case.run(&["generate"]).exits(0);
}

#[test]
fn profiles_of_the_configuration_are_offered() {
    let case = empty();
    case.write("aws.ini", "[default]\nregion = eu-west-1\n[profile Management]\naws_access_key_id = SECRET\n[sso-session corp]\n");
    let mut talk = Talk::begin(case.root(), &[("AWS_CONFIG_FILE", "aws.ini")]);
    talk.answers(&SHORT[..5]).answer(ORGANIZATION, "o-a1b2c3d4e5\r");
    talk.answers(&SHORT[6..10]).answer(CREATED, &line(2)).answer("another profile", "another\r");
    talk.answer("Name of the profile", "staging-admin\r").answer(POLICIES, ENTER);
    talk.answer(MORE_TARGETS, ENTER).answer(SIGN_IN, &line(1));
    talk.expect("Management").expect("another profile").answer("", "Manag\r").answer(STATE, ENTER);
    talk.expect("profile Management").expect("o-a1b2c3d4e5");
    talk.expect("with profile staging-admin").answer(REVIEW, ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    assert!(!seen.contains("SECRET") && !seen.contains("corp"), "{seen}");
    let spec = spec(&case);
    let wanted = serde_json::json!({ "from": "profile", "profile": "Management" });
    assert_eq!(spec["source"]["credentials"], wanted);
    assert_eq!(spec["source"]["organization_id"], "o-a1b2c3d4e5");
    assert_eq!(spec["targets"][0]["bootstrap"]["profile"], "staging-admin");
}

#[test]
fn profiles_are_typed_where_no_configuration_can_be_read() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answers(&SHORT[..13]).answer(SIGN_IN, &line(1)).answer("Name of the profile", "ops\r");
    talk.answer(STATE, ENTER);
    let (spec, _) = finish(&case, talk);
    assert_eq!(spec["source"]["credentials"]["profile"], "ops");
}

#[test]
fn an_organization_can_be_taken_back() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answers(&SHORT[..5]).answer(ORGANIZATION, "acme\r").expect("is not an organization id");
    talk.answer(ORGANIZATION, "O-A1B2C3D4E5\r");
    talk.answers(&SHORT[6..]).answer(REVIEW, &line(8));
    talk.answer("`none` removes it", "none\r").answer(REVIEW, ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    assert!(spec(&case)["source"].get("organization_id").is_none());
}

#[test]
fn enter_grants_nothing_and_lets_in_nobody_who_was_not_named() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answer(SHORT[0].0, SHORT[0].1).answer(WHO, ENTER).answer(SET, ENTER);
    talk.expect("is required").answer(SET, "PlatformAdmin\r").answer("Another caller?", ENTER);
    talk.answers(&SHORT[5..]).expect("permissions   none").answer(REVIEW, ENTER);
    talk.answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    let spec = spec(&case);
    assert_eq!(
        spec["source"]["callers"],
        serde_json::json!([{ "kind": "sso", "permission_set": "PlatformAdmin" }])
    );
    assert!(spec["targets"][0].get("role").is_none(), "{spec}");
}

#[test]
fn somebody_elses_account_gets_an_external_id_and_little_else() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answers(&SHORT[..9]).answer(WHOSE, &line(1)).answer("External ID", ENTER).answer(CREATED, ENTER);
    talk.expect("belongs to someone else: grant nothing or read access");
    talk.answer(POLICIES, "AdministratorAccess\r").answer(CHOSEN, "ViewOnly\r").answer("2 chosen", ENTER);
    talk.answer("Grant `AdministratorAccess` in someone else's account?", ENTER).answers(&SHORT[12..]);
    talk.expect("owner         a third party")
        .expect("  external ID   ")
        .expect("permissions   ViewOnlyAccess");
    talk.answer(REVIEW, ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    let role = &spec(&case)["targets"][0]["role"];
    let id = role["external_id"].as_str().expect("an ID");
    assert!(id.len() == 36 && seen.contains(id), "{id}: {seen}");
    let wanted = serde_json::json!(["arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"]);
    assert_eq!(role["policy_arns"], wanted);
}

#[test]
fn several_policies_are_chosen_at_once() {
    let case = empty();
    let mut talk = begin(&case);
    // The two first, then all that is found of S3, of which one is given back.
    talk.answers(&SHORT[..11]).answer("44 of 44 match, none chosen", " ").answer(CHOSEN, &format!("{DOWN} "));
    talk.answer("2 chosen: ReadOnlyAccess, ViewOnlyAccess", "s3").answer("2 of 44 match", " ");
    talk.answer("3 chosen", &format!("{DOWN} ")).answer("4 chosen", " ").answer("3 chosen", "\u{15}");
    talk.answer("44 of 44 match, 3 chosen", ENTER).answers(&SHORT[12..]);
    talk.answer(REVIEW, ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    let wanted = ["ReadOnlyAccess", "job-function/ViewOnlyAccess", "AmazonS3FullAccess"];
    let wanted = wanted.map(|name| format!("arn:aws:iam::aws:policy/{name}"));
    assert_eq!(spec(&case)["targets"][0]["role"]["policy_arns"], serde_json::json!(wanted));
}

#[test]
fn what_nothing_matches_is_said_and_an_arn_is_taken() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answers(&SHORT[..11]).answer(POLICIES, "zz").answer("nothing matches", ENTER);
    talk.expect("to use a policy of the target account, enter its ARN");
    talk.answer("", "\u{15}arn:aws:iam::333333333333:policy/X\r").expect("that is a policy of account");
    talk.answer("", "\u{15}arn:aws:iam::222222222222:policy/X").answer("Enter uses this ARN", ENTER);
    // One of AWS that is in no list of ours.
    talk.answer(CHOSEN, "AWSLambdaVPCAccessExecutionRole").answer("nothing matches; Enter uses `arn", ENTER);
    talk.answer("2 chosen", ENTER).answers(&SHORT[12..]).answer(REVIEW, ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    let wanted = serde_json::json!([
        "arn:aws:iam::222222222222:policy/X",
        "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    ]);
    assert_eq!(spec(&case)["targets"][0]["role"]["policy_arns"], wanted);
}
