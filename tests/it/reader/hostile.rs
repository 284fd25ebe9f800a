//! Folders that are made to hang a reader, or to overflow its stack.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::{page, read_files};
use crate::support::Files;

/// Reading takes no longer than this, whatever is read; a debug build is slow.
const LONGEST: Duration = Duration::from_secs(20);

fn read_quickly(text: String) -> String {
    let start = Instant::now();
    let read = page(&read_files(&Files::from([("main.tf".to_owned(), text)])));
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
    read
}

#[test]
fn nesting_has_an_end() {
    for (open, close) in
        [("[", "]"), ("(", ")"), ("{ a = ", "}"), ("\"${", "}\""), ("!", ""), ("-", ""), ("f(", ")")]
    {
        let text = format!("locals {{\n  a = {}1{}\n}}\n", open.repeat(5000), close.repeat(5000));
        read_quickly(text);
    }
    read_quickly(format!("locals {{\n  a = {}1\n}}\n", "true ? 1 : ".repeat(5000)));
    read_quickly(format!("locals {{\n  a = 1{}\n}}\n", " + 1".repeat(5000)));
    read_quickly(format!("locals {{\n  a = b{}\n}}\n", ".c".repeat(5000)));
    read_quickly(format!("locals {{\n  a = b{}\n}}\n", "[0]".repeat(5000)));
}

#[test]
fn long_ways_have_an_end() {
    let mut text = "locals {\n  a0 = 1\n".to_owned();
    for index in 1..3000 {
        _ = writeln!(text, "  a{index} = [local.a{}]", index - 1);
    }
    read_quickly(format!("{text}}}\n"));
    let mut text = "locals {\n".to_owned();
    for index in 1..3000 {
        _ = writeln!(text, "  a{} = local.a{index}", index - 1);
    }
    read_quickly(format!("{text}  a3000 = 1\n}}\n"));
}

#[test]
fn growth_has_an_end() {
    let mut text = "locals {\n  a0 = [1, 2, 3, 4, 5, 6, 7, 8, 9]\n".to_owned();
    for index in 1..60 {
        let before = index - 1;
        _ = writeln!(text, "  a{index} = concat(local.a{before}, local.a{before})");
        _ = writeln!(
            text,
            "  b{index} = \"${{jsonencode(local.a{before})}}${{jsonencode(local.a{before})}}\""
        );
        _ = writeln!(text, "  c{index} = [for x in local.a{before} : [for y in local.a{before} : [x, y]]]");
        _ = writeln!(text, "  d{index} = setproduct(local.a{before}, local.a{before}, local.a{before})");
    }
    let read = read_quickly(format!("{text}}}\n"));
    assert!(read.contains("more than can be worked out here"));
}

#[test]
fn circles_are_found() {
    let read = read_quickly(
        "locals {\n  a = local.b\n  b = [local.a]\n}\nmodule \"x\" {\n  source = \"./.\"\n}\n".to_owned(),
    );
    assert!(read.contains("refers to itself"), "{read}");
    let one = "module \"y\" {\n  source = \"../b\"\n}\nmodule \"z\" {\n  source = \"../b\"\n}\n";
    let files = [("a/main.tf", one), ("b/main.tf", &one.replace("../b", "../a"))];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let start = Instant::now();
    read_files(&Files::from(files));
    assert!(start.elapsed() < LONGEST);
}
