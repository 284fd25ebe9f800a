//! A pack writes each path once, whatever unit a file belongs to: two texts for one path would leave it
//! to chance which one stands.

use crate::support::{Case, SPEC, ends_in};

/// Runs with a pack of these entries on targets of these names, and finds the exit code and what was said.
fn generated(targets: &[&str], entries: &[&str]) -> (Option<i32>, String) {
    let mut spec = "version: 1\nsource: {account_id: \"111111111111\"}\ntargets:\n".to_owned();
    for (number, name) in targets.iter().enumerate() {
        spec.extend(["  - {name: ", name, ", account_id: \"", &(number + 2).to_string().repeat(12), "\"}\n"]);
    }
    let case = Case::new(&spec);
    let entries: Vec<_> = entries
        .iter()
        .enumerate()
        .map(|(n, entry)| format!("  - {{template: x.tera, id: e{n}, {entry}}}\n"))
        .collect();
    case.write("pack/pack.yaml", format!("id: mine\nversion: 1\nfiles:\n{}", entries.concat()));
    case.write("pack/x.tera", "x\n");
    let ran = case.run(&["generate", "--templates", "pack", "--out", "out"]);
    assert_eq!(ran.code == Some(0), case.at("out").exists(), "{}", ran.stderr);
    (ran.code, ran.stderr)
}

const SHARED: &str = "path: a/x";
const OF_TARGET: &str = "path: \"accounts/{target}/x\", for_each: target";

#[test]
fn two_units_cannot_write_one_path() {
    let refused: &[(&[&str], &[&str])] = &[
        (&["staging"], &[SHARED, "path: a/x, unit: source"]),
        (&["staging"], &[SHARED, "path: A/X, unit: source"]),
        (&["staging"], &[SHARED, "path: a/x/y, unit: source"]),
        (&["staging"], &["path: a/x/y", "path: a/x, unit: source"]),
        (&["staging"], &["path: \"caf\\u00e9\"", "path: \"CAFE\\u0301\", unit: source"]),
        (
            &["staging"],
            &["path: a-1account, unit: shared", "path: \"a-{number}{caller}\", for_each: assume_policy"],
        ),
        // A target's path against one that is written once.
        (&["staging"], &[OF_TARGET, "path: accounts/staging/x"]),
        (&["staging"], &[OF_TARGET, "path: accounts/staging/x, unit: source"]),
        (&["staging"], &[OF_TARGET, "path: Accounts/Staging/X"]),
        (&["staging"], &[OF_TARGET, "path: accounts/staging"]),
        (&["staging"], &[OF_TARGET, "path: accounts"]),
        (&["staging"], &[OF_TARGET, "path: accounts/staging/x/y"]),
        (&["a", "source"], &["path: \"{target}/x\", for_each: target", "path: source/x, unit: source"]),
        // Two targets.
        (&["b", "c"], &["path: \"{target}/c\", for_each: target", "path: \"b/{target}\", for_each: target"]),
        (
            &["b", "c"],
            &[
                "path: \"{target}\", for_each: target",
                "path: \"b/{target}\", for_each: target, when: target != b",
            ],
        ),
    ];
    for (targets, entries) in refused {
        let (code, said) = generated(targets, entries);
        assert_eq!(code, Some(1), "{entries:?}\n{said}");
        assert!(said.contains("cannot both be written") && said.contains("pack/pack.yaml:"), "{said}");
    }
}

#[test]
fn paths_that_do_not_meet_are_written() {
    let written: &[(&[&str], &[&str])] = &[
        (&["staging"], &[SHARED, "path: a/xx, unit: source", OF_TARGET]),
        (
            &["staging"],
            &[
                OF_TARGET,
                "path: accounts/stagin/x",
                "path: accounts/staging-2/x",
                "path: accounts/staging/xy",
            ],
        ),
        (&["a", "sources"], &["path: \"{target}/x\", for_each: target", "path: source/x, unit: source"]),
        (&["staging"], &["path: a, when: mfa", "path: a, unit: source, when: \"not mfa\""]),
        (&["b", "c"], &["path: \"{target}/d\", for_each: target", "path: \"b/{target}\", for_each: target"]),
    ];
    for (targets, entries) in written {
        let (code, said) = generated(targets, entries);
        assert_eq!(code, Some(0), "{entries:?}\n{said}");
    }
}

/// The path of another unit is met whatever part of the fleet is looked at.
#[test]
fn a_part_of_the_fleet_does_not_hide_it() {
    let case =
        Case::new(&format!("{SPEC}  - {{name: other, account_id: \"333333333333\"}}\ntemplates: ./pack\n"));
    case.run(&["templates", "eject", "pack"]).exits(0);
    case.run(&["generate"]).exits(0);
    let yaml = case.read("pack/pack.yaml");
    case.write(
        "pack/pack.yaml",
        format!("{yaml}\n  - {{template: extra.tf.tera, path: accounts/staging/workload/providers.tf}}\n"),
    );
    case.write("pack/extra.tf.tera", "# another text\n");
    for arguments in [&["check", "--only", "other"][..], &["generate", "--only", "other"], &["update"]] {
        let ran = case.run(arguments);
        assert!(matches!(ran.code, Some(1 | 4)), "{arguments:?}: {}", ran.stderr);
    }
    case.run(&["update"]).exits(1).says("cannot both be written");
    assert!(!case.read("accounts/staging/workload/providers.tf").contains("another text"));
}

/// A file that looks like output and becomes none would be changed in vain; words about the pack are
/// nobody's output.
#[test]
fn a_file_that_nothing_is_made_of_is_an_error() {
    for (path, code) in [
        ("bootstrap/trust-policy.json", 1),
        ("workload/extra.tf", 1),
        ("run.sh", 1),
        ("workload/extra.tf.tera", 1),
        ("notes.md.tera", 1),
        ("README.md", 0),
        ("LICENSE", 0),
    ] {
        let case = Case::new(SPEC);
        case.run(&["templates", "eject", "pk"]).exits(0);
        case.write(&format!("pk/{path}"), "{}\n");
        let ran = case.run(&["generate", "--templates", "pk"]).exits(code);
        assert_eq!(
            ran.stderr.contains(&format!("nothing is made of `{path}`")),
            code == 1,
            "{path}: {ran:?}"
        );
        let is_misnamed = code == 1 && !ends_in(path, &["tera"]);
        assert_eq!(
            ran.stderr.contains(&format!("rename it to `{path}.tera`")),
            is_misnamed,
            "{path}: {ran:?}"
        );
    }
}
