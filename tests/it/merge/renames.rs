//! What one side gives another name is followed: both sides' changes come together under the new one. What may be a
//! copy, or was renamed by both, is not.

use crossrole::merge::Resolution;
use crossrole::output::FileKind;
use crossrole::policy::canonical_text;
use serde_json::Value;

use super::{MARK, Triple};

/// Some replacements, of which each stands in the text once.
type Edits<'e> = &'e [[&'e str; 2]];

fn edited(text: &str, edits: Edits<'_>) -> String {
    edits.iter().fold(text.to_owned(), |text, [from, to]| {
        assert_eq!(text.matches(from).count(), 1, "`{from}` in\n{text}");
        text.replace(from, to)
    })
}

fn triple(base: &str, ours: Edits<'_>, theirs: Edits<'_>) -> Triple {
    Triple { base: base.to_owned(), ours: edited(base, ours), theirs: edited(base, theirs) }
}

/// Both edits come together, whoever made which, and to the letter as lines alone have them where those are clean.
#[track_caller]
fn followed(kind: FileKind, base: &str, ours: Edits<'_>, theirs: Edits<'_>) {
    let wanted = edited(&edited(base, ours), theirs);
    for (ours, theirs) in [(ours, theirs), (theirs, ours)] {
        let triple = triple(base, ours, theirs);
        let found = triple.merged(kind, MARK);
        assert_eq!(
            (&*found.text, &*found.conflicts),
            (&*wanted, &[][..]),
            "{}\n{}",
            triple.ours,
            triple.theirs
        );
    }
}

/// It is a conflict, whoever made which edits, and both sides can be had.
#[track_caller]
fn contested(kind: FileKind, base: &str, ours: Edits<'_>, theirs: Edits<'_>) {
    for (ours, theirs) in [(ours, theirs), (theirs, ours)] {
        let triple = triple(base, ours, theirs);
        let found = triple.merged(kind, MARK);
        assert_ne!(found.conflicts, [], "{}\n{}\n{}", triple.ours, triple.theirs, found.text);
        for (resolution, wanted) in [(Resolution::Ours, ours), (Resolution::Theirs, theirs)] {
            let settled = triple.merged(kind, resolution).text;
            assert!(settled.contains(wanted[0][1].trim_end()), "{settled}");
        }
    }
}

const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Action": [
        "s3:GetObject",
        "s3:ListBucket"
      ],
      "Resource": "arn:aws:s3:::one/*"
    },
    {
      "Sid": "Write",
      "Effect": "Allow",
      "Action": [
        "s3:DeleteObject",
        "s3:PutObject"
      ],
      "Resource": "arn:aws:s3:::two/*"
    },
    {
      "Effect": "Deny",
      "Action": [
        "iam:CreateUser",
        "iam:DeleteUser"
      ],
      "Resource": "*"
    }
  ]
}
"#;

const MORE_READ: [&str; 2] = ["\"s3:ListBucket\"\n", "\"s3:ListBucket\",\n        \"s3:ListAllMyBuckets\"\n"];
const MORE_DENIED: [&str; 2] = ["\"iam:DeleteUser\"\n", "\"iam:DeleteUser\",\n        \"iam:TagUser\"\n"];

#[test]
fn a_statement_under_another_sid_is_the_same() {
    let json = |ours: Edits<'_>, theirs: Edits<'_>| followed(FileKind::Json, POLICY, ours, theirs);
    json(&[["\"Read\"", "\"Readers\""]], &[MORE_READ]);
    json(&[["\"Read\"", "\"Readers\""], ["\"Write\"", "\"Writers\""]], &[MORE_READ, ["two/*", "three/*"]]);
    json(&[["\"Read\"", "\"Readers\""]], &[MORE_READ, ["\"Write\"", "\"Writers\""]]);
    // It has one for the first time, or no longer.
    json(&[["\"Effect\": \"Deny\"", "\"Sid\": \"NoUsers\",\n      \"Effect\": \"Deny\""]], &[MORE_DENIED]);
    json(&[["\"Sid\": \"Read\",\n      ", ""]], &[MORE_READ]);
    // As others write it, where one statement stands without a list.
    let odd = "{\"Statement\":{ \"Sid\":\"A\\u0042\", \"Effect\":\"Deny\",\n\"Action\": \"a:b\",\n\n\"Resource\": \"x\" }}";
    followed(FileKind::Json, odd, &[["A\\u0042", "C\\u0044"]], &[["\"x\"", "[\"x\", \"y\"]"]]);
    followed(FileKind::Json, odd, &[["\"Sid\":\"A\\u0042\", ", ""]], &[["\"x\"", "[\"x\", \"y\"]"]]);
}

#[test]
fn what_both_did_to_a_sid_is_a_conflict() {
    let json = |ours: Edits<'_>, theirs: Edits<'_>| contested(FileKind::Json, POLICY, ours, theirs);
    json(&[["\"Read\"", "\"Readers\""]], &[["\"Read\"", "\"Reading\""]]);
    json(&[["\"Read\"", "\"Readers\""]], &[["\"Read\"", "\"Reading\""], MORE_READ]);
    let (start, end) = (
        POLICY.find("    {\n      \"Sid\": \"Read\"").expect("it is there"),
        POLICY.find("    {\n      \"Sid\": \"Write\""),
    );
    let read = &POLICY[start..end.expect("it is there")];
    json(&[["\"Read\"", "\"Readers\""]], &[[read, ""]]);
    json(
        &[["\"Effect\": \"Deny\"", "\"Sid\": \"A\",\n      \"Effect\": \"Deny\""]],
        &[["\"Effect\": \"Deny\"", "\"Sid\": \"B\",\n      \"Effect\": \"Deny\""]],
    );
    // The name is another's already, in base or by now.
    json(&[["\"Read\"", "\"Write\""]], &[MORE_READ]);
    let other = "\n    },\n    {\n      \"Sid\": \"Readers\",\n      \"Effect\": \"Deny\",\n      \"Action\": \"x:y\",\n      \"Resource\": \"*\"\n    }\n  ]";
    json(&[["\"Read\"", "\"Readers\""]], &[MORE_READ, ["\n    }\n  ]", other]]);
    // Another statement has taken its place.
    let replaced =
        [["\"Read\"", "\"Mail\""], ["s3:GetObject", "ses:SendEmail"], ["s3:ListBucket", "ses:SendRawEmail"]];
    json(&replaced, &[["one/*", "four/*"]]);
    let base = edited(POLICY, &[["arn:aws:s3:::one/*", "arn:aws:iam::111111111111:role/x"]]);
    let account = [["\"Read\"", "\"ReadB\""], ["111111111111", "222222222222"]];
    contested(FileKind::Json, &base, &account, &[MORE_READ]);
}

/// A copy beside a statement has a name of its own, and what the other side changes stays with the old one.
#[test]
fn a_copy_of_a_statement_is_not_its_new_name() {
    let (start, end) = (
        POLICY.find("    {\n      \"Sid\": \"Read\"").expect("it is there"),
        POLICY.find("    {\n      \"Sid\": \"Write\""),
    );
    let read = &POLICY[start..end.expect("it is there")];
    let copy = read.replace("\"Read\"", "\"Copy\"");
    for both in [format!("{copy}{read}"), format!("{read}{copy}")] {
        let ours = edited(POLICY, &[[read, &both]]);
        let triple =
            Triple { base: POLICY.to_owned(), ours: ours.clone(), theirs: edited(POLICY, &[MORE_READ]) };
        let found = triple.merged(FileKind::Json, MARK);
        assert_eq!(found.conflicts, []);
        assert_eq!(found.text, ours.replace(read, &edited(read, &[MORE_READ])));
    }
    // Of two twins one is gone, and nobody knows which has the new name.
    let base = edited(POLICY, &[[read, &format!("{read}{copy}")]]);
    let twins = format!("{read}{copy}");
    let one = read.replace("\"Read\"", "\"One\"");
    let theirs = format!("{}{copy}", edited(read, &[MORE_READ]));
    let triple = Triple {
        base: base.clone(),
        ours: edited(&base, &[[&twins, &one]]),
        theirs: edited(&base, &[[&twins, &theirs]]),
    };
    assert_ne!(triple.merged(FileKind::Json, MARK).conflicts, []);
}

const OBJECTS: &str = r#"{
  "name" : "caf\u00e9",
  "limits": {
      "cpu" : 1,
      "memory": 2,

      "disk": 1.50
  },
  "stages": {
    "dev": {
      "size": 1,
      "zone": "a",
      "open": true
    },
    "prod": {
      "size": 1,
      "zone": "a",
      "open": true
    }
  },
  "ports": [
    80,
    443
  ],
  "users": [
    {
      "name": "ann",
      "role": "admin",
      "team": "x"
    },
    {
      "name": "bob",
      "role": "guest",
      "team": "x"
    }
  ]
}
"#;

#[test]
fn a_value_under_another_key_is_the_same() {
    let json = |ours: Edits<'_>, theirs: Edits<'_>| followed(FileKind::Json, OBJECTS, ours, theirs);
    json(&[["\"limits\"", "\"l\\u00efmits\""]], &[["1.50", "1.750"]]);
    json(&[["\"ports\"", "\"open\""]], &[["443\n", "443,\n    8080\n"]]);
    json(
        &[["\"stages\"", "\"envs\""], ["\"dev\"", "\"test\""]],
        &[["\"prod\": {\n      \"size\": 1", "\"prod\": {\n      \"size\": 2"]],
    );
    json(&[["\"limits\"", "\"bounds\""], ["\"memory\": 2", "\"memory\": 9"]], &[["1.50", "1.750"]]);
    json(&[["\"users\"", "\"people\""]], &[["\"guest\"", "\"owner\""]]);
    let new = ["\"team\": \"x\"\n    },", "\"team\": \"x\"\n    },\n    {\n      \"name\": \"zoe\"\n    },"];
    json(&[["\"bob\"", "\"rob\""]], &[["\"guest\"", "\"owner\""], new]);
    json(&[["\"limits\"", "\"bounds\""]], &[["\"cpu\" : 1", "\"cpu\" : 4"], ["\"name\" :", "\"title\" :"]]);
    // Both gave it the same name.
    let (new, more) = (["\"limits\"", "\"bounds\""], ["1.50", "1.750"]);
    let found = triple(OBJECTS, &[new], &[new, more]).merged(FileKind::Json, MARK);
    assert_eq!((found.text, found.conflicts), (edited(OBJECTS, &[new, more]), vec![]));
}

#[test]
fn what_both_did_to_a_key_is_a_conflict() {
    let json = |ours: Edits<'_>, theirs: Edits<'_>| contested(FileKind::Json, OBJECTS, ours, theirs);
    json(&[["\"limits\"", "\"bounds\""]], &[["\"limits\"", "\"walls\""]]);
    json(&[["\"dev\"", "\"test\""]], &[["\"dev\"", "\"qa\""]]);
    let ports = "\"ports\": [\n    80,\n    443\n  ],\n  ";
    json(&[["\"ports\"", "\"open\""]], &[[ports, ""]]);
    json(&[["\"name\" :", "\"title\" :"]], &[["\"caf\\u00e9\"", "\"bar\""]]);
    json(&[["\"limits\"", "\"bounds\""], ["1.50", "3"]], &[["1.50", "4"]]);
    // It is as near to its sibling, of which it may be a copy.
    json(
        &[[
            "\"dev\": {\n      \"size\": 1,\n      \"zone\": \"a\"",
            "\"test\": {\n      \"size\": 1,\n      \"zone\": \"b\"",
        ]],
        &[["\"open\": true\n    },", "\"open\": false\n    },"]],
    );
    // It is another account's.
    let base = edited(OBJECTS, &[["dev", "111111111111"]]);
    let more = ["\"open\": true\n    },", "\"open\": false\n    },"];
    contested(FileKind::Json, &base, &[["111111111111", "222222222222"]], &[more]);
    // It says much else: it is another.
    json(
        &[
            ["\"limits\"", "\"costs\""],
            ["\"cpu\" : 1,\n      \"memory\": 2", "\"eur\" : 7,\n      \"usd\": 8"],
        ],
        &[["1.50", "4"]],
    );
}

/// A policy's own keys are rules, of which another one is not a new name.
#[test]
fn another_rule_is_not_another_name() {
    contested(
        FileKind::Json,
        POLICY,
        &[["\"Action\": [\n        \"s3:GetObject\"", "\"NotAction\": [\n        \"s3:GetObject\""]],
        &[MORE_READ],
    );
}

#[test]
fn what_is_canonical_stays_canonical_under_another_name() {
    let policy: Value = serde_json::from_str(POLICY).expect("JSON");
    let base = canonical_text(&policy);
    assert_eq!(base, POLICY);
    let found = triple(
        &base,
        &[["\"Effect\": \"Deny\"", "\"Sid\": \"NoUsers\",\n      \"Effect\": \"Deny\""]],
        &[MORE_DENIED],
    )
    .merged(FileKind::Json, MARK);
    let said: Value = serde_json::from_str(&found.text).expect("JSON");
    assert_eq!((canonical_text(&said), found.conflicts), (found.text, vec![]));
}

const TERRAFORM: &str = r#"locals {
  stages = {
    dev = {
      size = 1
      zone = "a"
      open = true
    }
    prod = {
      size = 1
      zone = "a"
      open = true # as agreed
    }
  }
}

variable "teams" {
  default = {
    red = {
      lead = "ann"
      size = 3
      room = "r"
    }
  }
}

resource "null_resource" "build" {
  triggers = {
    one   = 1
    two   = 2
    three = 3
  }

  provisioner "local-exec" {
    command = "make"
    quiet   = true
    when    = "create"
  }
}

data "aws_iam_policy_document" "all" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }

  statement {
    sid       = "Write"
    actions   = ["s3:PutObject"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "inline" {
  policy = jsonencode({
    Statement = [
      {
        Sid      = "First"
        Effect   = "Allow"
        Action   = ["a:a", "b:b"]
        Resource = "*"
      },
      {
        Sid      = "Second"
        Effect   = "Allow"
        Action   = ["c:c"]
        Resource = "*"
      },
    ]
  })

  script = <<-EOT
    one
    two
    three
  EOT
}
"#;

const QUIET: [&str; 2] = ["quiet   = true", "quiet   = false"];
const DEV: [&str; 2] = ["    dev = {", "    test = {"];
const DEV_ZONE: [&str; 2] = ["zone = \"a\"\n      open = true\n", "zone = \"b\"\n      open = true\n"];
const BUILD: [&str; 2] = ["\"null_resource\"", "\"terraform_data\""];

#[test]
fn a_block_of_another_type_and_an_entry_of_another_key_are_the_same() {
    let hcl = |ours: Edits<'_>, theirs: Edits<'_>| followed(FileKind::Hcl, TERRAFORM, ours, theirs);
    hcl(&[DEV], &[DEV_ZONE]);
    hcl(&[["    red = {", "    \"dark red\" = {"]], &[["room = \"r\"", "room = \"s\""]]);
    hcl(&[["  stages = {", "  levels = {"], DEV], &[["open = true # as agreed", "open = false # as agreed"]]);
    hcl(&[BUILD], &[QUIET]);
    hcl(&[BUILD, ["triggers = {", "triggers_replace = {"]], &[QUIET, ["three = 3", "three = 4"]]);
    hcl(&[["\"aws_iam_policy_document\"", "\"aws_policy\""]], &[["\"s3:PutObject\"", "\"s3:PutAcl\""]]);
    hcl(&[["Statement = [", "Statements = ["]], &[["\"c:c\"", "\"c:c\", \"d:d\""]]);
    hcl(&[["script = ", "user_data = "]], &[["    three\n  EOT", "    drei\n  EOT"]]);
    // Under another `sid`, where more than that has come.
    let block = [
        "\n  statement {\n    sid       = \"Write\"",
        "\n  statement {\n    sid = \"New\"\n  }\n\n  statement {\n    sid       = \"Write\"",
    ];
    hcl(&[["\"Read\"", "\"Readers\""], block], &[["\"s3:GetObject\"", "\"s3:Get*\""]]);
    let element = [
        "      {\n        Sid      = \"Second\"",
        "      {\n        Sid = \"New\"\n      },\n      {\n        Sid      = \"Second\"",
    ];
    hcl(&[["\"First\"", "\"Erst\""], element], &[["\"a:a\", \"b:b\"", "\"a:a\""]]);
    // Both gave it the same name.
    let found = triple(TERRAFORM, &[BUILD], &[BUILD, QUIET]).merged(FileKind::Hcl, MARK);
    assert_eq!((found.text, found.conflicts), (edited(TERRAFORM, &[BUILD, QUIET]), vec![]));
}

#[test]
fn what_both_did_to_a_type_or_an_entry_is_a_conflict() {
    let hcl = |ours: Edits<'_>, theirs: Edits<'_>| contested(FileKind::Hcl, TERRAFORM, ours, theirs);
    hcl(&[BUILD], &[["\"null_resource\"", "\"other_resource\""]]);
    hcl(&[BUILD], &[["\"build\"", "\"make\""]]);
    hcl(&[DEV], &[["    dev = {", "    qa = {"]]);
    hcl(&[BUILD, QUIET], &[["quiet   = true", "quiet   = 1"]]);
    let part = |from: &str, to: &str| {
        let start = TERRAFORM.find(from).expect("it is there");
        TERRAFORM[start..start + TERRAFORM[start..].find(to).expect("it ends") + to.len()].to_owned()
    };
    hcl(&[BUILD], &[[&part("resource \"null_resource\"", "\n}\n\n"), ""]]);
    hcl(&[DEV], &[[&part("    dev = {", "    }\n"), ""]]);
    // The new key is there already, on the other side.
    let new = part("    prod = {", "    }\n");
    let another = new.replace("prod", "test").replace("= 1", "= 2");
    hcl(&[DEV], &[DEV_ZONE, [&new, &format!("{new}{another}")]]);
    // It is another account's.
    let base = edited(TERRAFORM, &[["    dev = {", "    \"111111111111\" = {"]]);
    contested(FileKind::Hcl, &base, &[["111111111111", "222222222222"]], &[DEV_ZONE]);
    // Another entry has taken its place.
    hcl(
        &[[
            "    red = {\n      lead = \"ann\"\n      size = 3",
            "    blue = {\n      lead = \"bob\"\n      size = 4",
        ]],
        &[["room = \"r\"", "room = \"s\""]],
    );
}

/// What stands beside its original is a copy, and the change stays where it was made.
#[test]
fn a_copy_of_an_entry_is_not_its_new_name() {
    let entry = "    dev = {\n      size = 1\n      zone = \"a\"\n      open = true\n    }\n";
    let copy = entry.replace("dev", "test");
    for both in [format!("{copy}{entry}"), format!("{entry}{copy}")] {
        let ours = edited(TERRAFORM, &[[entry, &both]]);
        let triple =
            Triple { base: TERRAFORM.to_owned(), ours: ours.clone(), theirs: edited(TERRAFORM, &[DEV_ZONE]) };
        let found = triple.merged(FileKind::Hcl, MARK);
        assert_eq!((found.text, found.conflicts), (ours.replace(entry, &edited(entry, &[DEV_ZONE])), vec![]));
    }
    // Two copies in its place.
    let other = entry.replace("dev", "qa");
    contested(FileKind::Hcl, TERRAFORM, &[[entry, &format!("{copy}{other}")]], &[DEV_ZONE]);
    let twins = format!("{entry}{copy}");
    let base = edited(TERRAFORM, &[[entry, &twins]]);
    let theirs = format!("{}{copy}", edited(entry, &[DEV_ZONE]));
    contested(FileKind::Hcl, &base, &[[&twins, &other]], &[[&twins, &theirs]]);
}
