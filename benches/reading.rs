//! `lint` of 10,000 files and `import` of 700 folders, beside two threads that read the same bytes.
//!
//! `cargo bench --bench reading` prints medians of interleaved runs and their ratios. Name a folder in a memory file
//! system with `BENCH_DIR` (`/dev/shm` where there is one), so that the disk is not what is measured.

#![expect(clippy::print_stdout, reason = "what is measured is printed")]

mod measure;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use measure::{Files, pairs, read_all, read_plainly, remove, report, time, work_folder};

/// Files of a folder; `NUMBER` and `ACCOUNT` are its own.
const FILES: [(&str, &str); 4] = [
    (
        "providers.tf",
        r#"terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [local.account]
  assume_role {
    role_arn     = "arn:aws:iam::${local.account}:role/deploy"
    session_name = "team-NUMBER"
    external_id  = local.external_id
  }
}
"#,
    ),
    (
        "variables.tf",
        r#"variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "callers" {
  type    = map(string)
  default = { ci = "arn:aws:iam::111111111111:role/ci", cd = "arn:aws:iam::111111111111:role/cd" }
}

locals {
  account     = "ACCOUNT"
  external_id = "7f0c2b1e-5d0e-4f43-9d5c-ACCOUNT"
}
"#,
    ),
    (
        "role.tf",
        r#"data "aws_iam_policy_document" "trust" {
  dynamic "statement" {
    for_each = var.callers
    content {
      sid     = title(statement.key)
      actions = ["sts:AssumeRole", "sts:TagSession"]
      principals {
        type        = "AWS"
        identifiers = [statement.value]
      }
      condition {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [local.external_id]
      }
    }
  }
}

resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "artifacts" {
  name   = "artifacts"
  role   = aws_iam_role.deploy.name
  policy = file("${path.module}/permissions.json")
}
"#,
    ),
    (
        "permissions.json",
        r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::artifacts-ACCOUNT/*" },
    { "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::artifacts-ACCOUNT" }
  ]
}
"#,
    ),
];

fn main() {
    let folder = work_folder();
    let linted = folder.join("linted");
    let imported = folder.join("imported");
    let lint = measure(&linted, 10_000 / FILES.len(), "lint", || run(&linted, &["lint", "."]));
    let import = measure(&imported, 700, "import", || {
        run(&imported, &["import", "terraform", ".", "-f", "../crossrole.yaml", "--force"]);
    });
    println!("together: {:.1} ms", lint + import);
    remove(&folder);
}

/// Writes folders, and times a command over them beside plain reading.
fn measure(folder: &Path, folders: usize, what: &str, command: impl Fn()) -> f64 {
    for number in 0..folders {
        write(folder, number);
    }
    let files: Files = read_all(folder);
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("\n{what} of {folders} folders: {} files, {} KiB", files.len(), bytes >> 10);
    let runs = pairs(|| (time(&command), time(|| read_plainly(folder, &files))));
    report(what, "bare reading", &runs)
}

fn write(folder: &Path, number: usize) {
    let own = folder.join(format!("team-{number:05}"));
    fs::create_dir_all(&own).expect("a folder is made");
    let account = format!("{:012}", 200_000_000_000 + number * 7919);
    for (name, text) in FILES {
        let text = text.replace("NUMBER", &number.to_string()).replace("ACCOUNT", &account);
        fs::write(own.join(name), text).expect("a file is written");
    }
}

fn run(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crossrole"));
    let command = command.current_dir(folder).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().expect("the program runs");
    assert!(status.success(), "`crossrole {}` failed", arguments.join(" "));
}
