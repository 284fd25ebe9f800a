//! What holds for every spec, not only for those in `snapshots`: order means nothing, a target's
//! folder depends on that target alone, defaults are what they would be if written out.

use std::cell::Cell;
use std::path::{Component, Path};

use crossrole::output::RelPath;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};
use serde_json::{Map, Value, json};

use crate::effort::{least, scaled};
use crate::specs::{Units, generate, generated, settings, spec};
use crate::support::{Case, crossrole, ends_in, files, run, temporary};

/// Runs a law over so many cases, or the part of them that is tried here, and makes sure that it was.
pub(crate) fn holds<T: std::fmt::Debug>(
    cases: u32,
    strategy: impl Strategy<Value = T>,
    law: impl Fn(T) -> TestCaseResult,
) {
    let cases = scaled(u64::from(cases));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let count = Cell::new(0);
    let counted = |case| {
        count.set(count.get() + 1);
        law(case)
    };
    if let Err(error) = TestRunner::new(config).run(&strategy, counted) {
        panic!("{error}");
    }
    assert!(count.get() >= cases, "only {} cases", count.get());
}

/// The same meaning in another order: every mapping and every list turned round by some places,
/// policy documents aside, whose lists are the user's own.
fn permuted(value: &Value, seed: usize) -> Value {
    match value {
        Value::Object(members) => {
            let mut turned: Vec<_> = members.iter().collect();
            let places = seed % turned.len().max(1);
            turned.rotate_left(places);
            if seed % 2 == 1 {
                turned.reverse();
            }
            let member = |(key, value): (&String, &Value)| {
                let kept = matches!(key.as_str(), "inline_policies" | "policy");
                (key.clone(), if kept { value.clone() } else { permuted(value, seed / 2 + 1) })
            };
            Value::Object(turned.into_iter().map(member).collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            let mut turned: Vec<_> = items.iter().map(|item| permuted(item, seed / 2 + 1)).collect();
            let places = seed % turned.len().max(1);
            turned.rotate_left(places);
            Value::Array(turned)
        }
        scalar => scalar.clone(),
    }
}

#[test]
fn order_means_nothing() {
    holds(512, (spec(), 1_usize..1000), |(spec, seed)| {
        prop_assert_eq!(generated(&spec), generated(&permuted(&spec, seed)));
        Ok(())
    });
}

#[test]
fn notation_means_nothing() {
    holds(96, spec(), |spec| {
        let block = serde_yaml::to_string(&spec).expect("YAML can be written");
        let block = generate(&block).map_err(|error| TestCaseError::fail(format!("{error}\n{block}")))?;
        prop_assert_eq!(&block, &generated(&spec));
        let pretty = format!("\u{feff}# A comment.\n{spec:#}\n").replace('\n', "\r\n");
        let pretty = generate(&pretty).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(pretty, block);
        Ok(())
    });
}

#[test]
fn a_target_depends_on_itself_alone() {
    holds(256, (spec(), settings(), 0_usize..8), |(mut spec, mut more, place)| {
        let before = generated(&spec);
        more["name"] = "another".into();
        more["account_id"] = "999999999999".into();
        let targets = spec["targets"].as_array_mut().expect("a list");
        targets.insert(place.min(targets.len()), more);
        let after = generated(&spec);
        let changed: Vec<_> = changed(&before, &after);
        for path in changed {
            let expected = path.starts_with("source/")
                || path == "CROSSROLE.md"
                || path.starts_with("accounts/another/");
            prop_assert!(expected, "{} changed as well", path);
        }
        Ok(())
    });
}

/// The paths of files that only one of the two has, or that differ.
fn changed(left: &Units, right: &Units) -> Vec<String> {
    let flat =
        |units: &Units| units.values().flatten().map(|(path, text)| (path.clone(), text.clone())).collect();
    let (left, right): (std::collections::BTreeMap<_, _>, std::collections::BTreeMap<_, _>) =
        (flat(left), flat(right));
    let all = left.keys().chain(right.keys());
    let mut changed: Vec<String> = all.filter(|path| left.get(*path) != right.get(*path)).cloned().collect();
    changed.dedup();
    changed
}

/// What a target would say if it said everything itself: maps deep, lists replaced, `null` removes.
fn merged(defaults: &Value, target: &Value) -> Value {
    match (defaults, target) {
        (Value::Object(below), Value::Object(above)) => {
            let mut members = below.clone();
            for (key, value) in above {
                match value {
                    Value::Null => drop(members.shift_remove(key)),
                    value => {
                        let value = merged(below.get(key).unwrap_or(&Value::Null), value);
                        members.insert(key.clone(), value);
                    }
                }
            }
            Value::Object(members)
        }
        (_, Value::Object(above)) => merged(&json!({}), &Value::Object(above.clone())),
        (_, target) => target.clone(),
    }
}

#[test]
fn defaults_are_what_they_would_be_written_out() {
    let used = Cell::new(0);
    holds(512, (spec(), settings(), 0_usize..5), |(mut spec, defaults, removed)| {
        let removed = ["region", "ownership", "role", "session", "verification"][removed];
        for target in spec["targets"].as_array_mut().expect("a list") {
            if target[removed].is_null() {
                target[removed] = Value::Null;
            }
        }
        spec["defaults"] = defaults.clone();
        let mut explicit = spec.clone();
        explicit.as_object_mut().expect("an object").shift_remove("defaults");
        for target in explicit["targets"].as_array_mut().expect("a list") {
            *target = merged(&defaults, target);
        }
        // Merging can make a session longer than its role allows; both must say so.
        match (generate(&spec.to_string()), generate(&explicit.to_string())) {
            (Ok(spec), Ok(explicit)) => {
                used.set(used.get() + 1);
                prop_assert_eq!(spec, explicit);
            }
            (Err(left), Err(right)) => {
                prop_assert_eq!(left.diagnostics.is_empty(), right.diagnostics.is_empty());
            }
            (left, right) => prop_assert!(false, "{:?}\n{:?}", left.err(), right.err()),
        }
        Ok(())
    });
    assert!(used.get() >= least(400), "only {} cases were valid", used.get());
}

#[test]
fn all_that_is_generated_is_canonical() {
    let (hcl_files, json_files) = (Cell::new(0), Cell::new(0));
    holds(96, spec(), |spec| {
        for (path, text) in generated(&spec).values().flatten() {
            prop_assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{path}");
            if ends_in(path, &["tf", "hcl"]) {
                hcl_files.set(hcl_files.get() + 1);
                prop_assert!(hcl::parse(text).is_ok(), "{path}:\n{text}");
                let formatted = crossrole::hcl::format(text).unwrap_or_default();
                prop_assert_eq!(&formatted, text, "{}", path);
            }
            if ends_in(path, &["json"]) {
                json_files.set(json_files.get() + 1);
                let value: Value =
                    serde_json::from_str(text).map_err(|error| TestCaseError::fail(error.to_string()))?;
                let again = serde_json::to_string_pretty(&value).expect("JSON can be written");
                prop_assert_eq!(&format!("{again}\n"), text, "{}", path);
            }
        }
        Ok(())
    });
    assert!(hcl_files.get() > least(1000) && json_files.get() > least(200));
}

/// Through the program and the disk: written once, then never again, wherever and whenever it runs.
#[test]
fn the_surroundings_mean_nothing() {
    holds(6, spec(), |spec| {
        let case = Case::new(&spec.to_string());
        let (first, second) = (temporary(), temporary());
        let mut here = crossrole();
        here.current_dir(case.root())
            .args(["generate", "--out"])
            .arg(first.path())
            .env("TZ", "UTC")
            .env("LANG", "C");
        run(&mut here).exits(0);
        let mut there = crossrole();
        there.current_dir("/").args(["generate", "--jobs", "1", "--spec"]).arg(case.at("crossrole.yaml"));
        there.arg("--out").arg(second.path());
        there.envs([
            ("TZ", "Asia/Kathmandu"),
            ("LANG", "tr_TR.UTF-8"),
            ("LC_ALL", "tr_TR.UTF-8"),
            ("HOME", "/nowhere"),
        ]);
        run(&mut there).exits(0);
        let tree = files(first.path());
        prop_assert_eq!(&tree, &files(second.path()));
        run(&mut there).exits(0).says("is up to date");
        prop_assert_eq!(&tree, &files(second.path()));
        Ok(())
    });
}

#[test]
fn a_path_stays_in_its_folder() {
    let accepted = Cell::new(0);
    let part = prop_oneof![
        Just("..".to_owned()),
        Just(".".to_owned()),
        Just(String::new()),
        "[a-z.]{1,3}",
        any::<String>()
    ];
    let path = (proptest::collection::vec(part, 1..5), any::<bool>());
    holds(4000, path, |(parts, backward)| {
        let path = parts.join(if backward { "\\" } else { "/" });
        if let Some(safe) = RelPath::new(&path) {
            accepted.set(accepted.get() + 1);
            prop_assert_eq!(safe.as_str(), &path);
            let plain =
                Path::new(safe.as_str()).components().all(|part| matches!(part, Component::Normal(_)));
            prop_assert!(plain && !path.contains(['\\', '\0', '\n', ':']), "{}", path);
            prop_assert!(path.split('/').all(|part| !part.ends_with([' ', '.']) && part.len() <= 255));
        }
        Ok(())
    });
    assert!(accepted.get() >= least(100), "only {} paths were accepted", accepted.get());
}

/// A name with a device's before its first dot is that device on Windows, whatever its case; with one
/// letter more it is none.
#[test]
fn devices_are_not_file_names() {
    let device =
        proptest::sample::select(vec!["con", "prn", "aux", "nul", "com3", "lpt¹", "conin$", "clock$"]);
    let law = (device, any::<u32>(), " {0,2}", "(\\.[a-z]{1,4}){0,2}", "[a-z]{1,5}/|");
    holds(500, law, |(device, case, blanks, ending, folder)| {
        let turned = device
            .chars()
            .enumerate()
            .map(|(at, c)| if case >> at & 1 == 1 { c.to_ascii_uppercase() } else { c });
        let device: String = turned.collect();
        let path = format!("{folder}{device}{blanks}{ending}");
        prop_assert_eq!(RelPath::new(&path), None, "{}", path);
        let path = format!("{folder}x{device}{ending}");
        prop_assert!(RelPath::new(&path).is_some(), "{}", path);
        Ok(())
    });
}

/// What cannot be seen in a path cannot be in one.
#[test]
fn hidden_characters_are_not_in_paths() {
    let hidden = proptest::sample::select(
        "\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202e}\u{2066}\u{2069}\u{206a}\u{206f}\u{feff}\u{61c}\u{7f}\u{9f}\u{ad}"
            .chars()
            .collect::<Vec<_>>(),
    );
    holds(300, ("[a-zé.]{0,4}", hidden, "[a-zé]{1,4}"), |(before, hidden, after)| {
        prop_assert_eq!(RelPath::new(&format!("{before}{hidden}{after}")), None);
        let visible = format!("x{before}{after}");
        prop_assert!(RelPath::new(&visible).is_some(), "{}", visible);
        Ok(())
    });
}
