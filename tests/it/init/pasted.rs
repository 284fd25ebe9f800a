//! What people paste at prompts, and what is refused of it. Files and flags stay strict.

use super::prompts::{
    A_ROLE, A_USER, CHOSEN, CREATED, ID, ORGANIZATION, POLICIES, RECREATED, REGION, REVIEW, ROLE, ROLES,
    SHORT, TARGET, TARGET_ID, USER, WHO, WHOSE, begin, empty, line,
};
use super::talk::ENTER;
use crate::support::Case;

fn spec(case: &Case) -> serde_json::Value {
    serde_yaml::from_str(&case.read("crossrole.yaml")).expect("YAML")
}

#[test]
fn what_is_copied_from_consoles_is_understood_and_said() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answer(ID, "1111-1111-1111\r").expect("understood as").expect("`111111111111`");
    talk.answer(WHO, &line(A_ROLE)).answer(ROLE, "arn:aws:iam::111111111111:role/ci/deployer\r");
    talk.expect("understood as").expect("`ci/deployer`").answer(RECREATED, ENTER);
    talk.answer("Another caller?", "y").answer(WHO, &line(A_USER));
    talk.answer(USER, " arn:aws:iam::111111111111:user/terraform \r").expect("`terraform`");
    talk.answer("Require MFA?", ENTER).answer("Another caller?", ENTER).answer(ROLES, ENTER);
    talk.answer(ORGANIZATION, "arn:aws:organizations::111111111111:organization/o-a1b2c3d4e5\r");
    talk.expect("`o-a1b2c3d4e5`");
    // What is made of a name is shown, and taken when it was seen.
    talk.answer(TARGET, "Acme Prod\r")
        .expect("`Acme Prod` is not a target name.")
        .expect("Press Enter for `acme-prod`.");
    talk.answer(TARGET, ENTER).answer(TARGET_ID, "arn:aws:iam::222222222222:root \r");
    talk.expect("`222222222222`").answer(REGION, "Europe (Ireland)\r").expect("`eu-west-1`");
    talk.answer(WHOSE, ENTER).answer(CREATED, &line(1));
    talk.answer("ARN of that role", "arn:aws:iam::222222222222:role/Admin\r").expect("`Admin`");
    talk.answer(POLICIES, "AmazonS3FullAccess\r").answer(CHOSEN, ENTER);
    talk.answers(&SHORT[12..]).answer(REVIEW, ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    let wanted = serde_json::json!({
        "version": 1,
        "source": {
            "account_id": "111111111111",
            "organization_id": "o-a1b2c3d4e5",
            "callers": [
                { "kind": "role", "name": "ci/deployer" },
                { "kind": "iam_user", "name": "terraform", "mfa": true },
            ],
        },
        "targets": [{
            "name": "acme-prod",
            "account_id": "222222222222",
            "region": "eu-west-1",
            "role": { "policy_arns": ["arn:aws:iam::aws:policy/AmazonS3FullAccess"] },
            "bootstrap": { "from": "assume_role", "role": "Admin" },
        }],
    });
    assert_eq!(spec(&case), wanted);
    case.run(&["generate"]).exits(0);
}

#[test]
fn arns_from_elsewhere_and_of_other_things_are_refused_with_the_reason() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answer(ID, "arn:aws:s3:::states\r").expect("`arn:aws:s3:::states` does not name an account");
    talk.answer(ID, "111111111111\r").answer(WHO, &line(A_ROLE));
    talk.answer(ROLE, "arn:aws:iam::333333333333:role/x\r");
    talk.expect("that ARN is in account 333333333333, and account A is 111111111111");
    talk.answer(ROLE, "arn:aws-cn:iam::111111111111:role/x\r");
    talk.expect("that ARN is in partition `aws-cn`, and account A is in `aws`");
    talk.answer(ROLE, "arn:aws:iam::111111111111:user/x\r").expect("names `iam:user/x`, not a role");
    talk.answer(ROLE, "arn:aws:sts::111111111111:assumed-role/ci/me\r").expect("Press Enter for `ci`");
    talk.answer(ROLE, ENTER).answer(RECREATED, ENTER).answer("Another caller?", ENTER).answers(&SHORT[5..7]);
    talk.answer(TARGET_ID, "arn:aws-cn:iam::222222222222:root\r").expect("that ARN is in partition `aws-cn`");
    talk.answer(TARGET_ID, "222222222222\r").answer(REGION, "Europe\r").expect("could be any of");
    talk.answer(REGION, "EU-CENTRAL-1 \r").answer(WHOSE, ENTER).answer(CREATED, &line(1));
    talk.answer("ARN of that role", "arn:aws:iam::111111111111:role/Admin\r");
    talk.expect("that ARN is in account 111111111111, and the target account is 222222222222");
    talk.answer("ARN of that role", "Admin\r").answer(POLICIES, ENTER);
    talk.answers(&SHORT[12..]).answer(REVIEW, ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    let found = spec(&case);
    assert_eq!(found["source"]["callers"][0]["name"], "ci");
    assert_eq!(found["targets"][0]["region"], "eu-central-1");
}

#[test]
fn an_arn_of_another_partition_says_where_account_a_is() {
    let case = empty();
    let mut talk = begin(&case);
    talk.answer(ID, "arn:aws-us-gov:iam::111111111111:root\r").expect("partition: `aws-us-gov`");
    talk.answers(&SHORT[1..7]).answer(TARGET_ID, "222222222222\r").answer("(us-gov-west-1)", ENTER);
    talk.answers(&SHORT[9..]);
    talk.expect("partition     aws-us-gov").answer(REVIEW, ENTER).answer("Generate", "n");
    let (code, seen) = talk.end();
    assert_eq!(code, 0, "{seen}");
    assert_eq!(spec(&case)["source"]["partition"], "aws-us-gov");
}

#[test]
fn flags_and_files_are_read_strictly() {
    let case = empty();
    for set in
        ["source.account_id=1111-1111-1111", "targets[0].name=Acme Prod", "targets[0].region=EU-West-1"]
    {
        let least =
            ["source.account_id=111111111111", "targets[0].name=a", "targets[0].account_id=222222222222"];
        let flags = least.into_iter().chain([set]).flat_map(|answer| ["--set", answer]);
        let arguments: Vec<&str> = ["init"].into_iter().chain(flags).collect();
        case.run(&arguments).exits(1).says("is not a");
    }
    assert!(case.files().is_empty());
}
