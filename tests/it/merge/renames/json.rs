//! In JSON: statements under another `Sid`, values under other keys.

use crossrole::output::FileKind;
use crossrole::policy::canonical_text;
use serde_json::Value;

use super::{Edits, MARK, Triple, contested, edited, followed, triple};

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
