//! In Terraform: blocks of other types, entries under other keys, statements under another `sid`.

use crossrole::output::FileKind;

use super::{Edits, MARK, Triple, contested, edited, followed, triple};

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
