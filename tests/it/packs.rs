//! A template pack is somebody's code: whatever is wrong with it is said with the template's name and
//! line, and nothing is written; whatever it tries, it reads nothing, runs nothing and stays in the folder.

use crate::support::{Case, SPEC, ends_in, files, temporary};

/// A manifest with one file.
fn manifest(entry: &str) -> String {
    format!("id: mine\nversion: 1\nfiles:\n  - {entry}\n")
}

/// Runs with a pack of these files, which has to be refused with these words.
#[track_caller]
fn refused(files: &[(&str, &str)], words: &[&str]) {
    let case = Case::new(SPEC);
    for (path, text) in files {
        case.write(&format!("pack/{path}"), text);
    }
    let before = case.files();
    let ran = case.run(&["generate", "--templates", "pack", "--out", "out"]).exits(1);
    for word in words {
        assert!(ran.stderr.contains(word), "no `{word}` in\n{}", ran.stderr);
    }
    assert!(!ran.stderr.contains("panicked") && !ran.stderr.contains("internal error"), "{}", ran.stderr);
    assert_eq!(case.files(), before, "nothing was written");
}

/// A pack of one template, `x.tf`, which has to be refused at this line of it.
#[track_caller]
fn refused_template(text: &str, line: usize, words: &[&str]) {
    let entry = manifest("{template: x.tf.tera, path: \"accounts/{target}/x.tf\", for_each: target}");
    let place = format!("pack/x.tf.tera:{line}:");
    let words: Vec<&str> = words.iter().copied().chain([&*place]).collect();
    refused(&[("pack.yaml", &entry), ("x.tf.tera", text)], &words);
}

#[test]
fn paths_that_leave_the_folder_are_refused() {
    for path in [
        "../x.tf",
        "/x.tf",
        "a/../../x.tf",
        "a//x.tf",
        "./x.tf",
        "a\\\\x.tf",
        "c:x.tf",
        "{role_path}x.tf",
        "{role_path}../x.tf",
    ] {
        let entry = manifest(&format!("{{template: x.tf.tera, path: \"{path}\", for_each: target}}"));
        refused(&[("pack.yaml", &entry), ("x.tf.tera", "# x\n")], &["pack/pack.yaml:4:"]);
    }
}

#[test]
fn the_record_and_the_git_folder_are_no_place_for_output() {
    for path in
        [".crossrole/lock.yaml", ".crossrole/units/shared.yaml", ".crossrole-x.yaml", ".git/hooks/pre-commit"]
    {
        let entry = manifest(&format!("{{template: x.tera, path: {path}}}"));
        refused(&[("pack.yaml", &entry), ("x.tera", "x\n")], &["pack/pack.yaml:4:"]);
    }
}

#[test]
fn paths_that_another_system_takes_for_others_are_refused() {
    for path in [
        "con",
        "aux.tf",
        "a/NUL.json/b",
        "a.",
        "a ",
        ".. /x",
        "git~1/hooks/pre-commit",
        ".GIT/hooks/pre-commit",
        ".g\\u200cit/hooks/pre-commit",
        "a\\u202eb",
        "a\\u2028b",
    ] {
        let entry = manifest(&format!("{{template: x.tera, path: \"{path}\"}}"));
        refused(&[("pack.yaml", &entry), ("x.tera", "x\n")], &["pack/pack.yaml:4:", "would be written to"]);
    }
}

#[test]
fn two_files_at_one_path_are_refused() {
    let once =
        manifest("{template: x.tf.tera, path: a.tf}\n  - {template: x.tf.tera, path: a.tf, id: other}");
    refused(&[("pack.yaml", &once), ("x.tf.tera", "# x\n")], &["a.tf"]);
    let case =
        manifest("{template: x.tf.tera, path: a.tf}\n  - {template: x.tf.tera, path: A.tf, id: other}");
    refused(&[("pack.yaml", &case), ("x.tf.tera", "# x\n")], &["A.tf"]);
    let folder = manifest("{template: x.tera, path: a}\n  - {template: x.tera, path: a/b, id: other}");
    refused(&[("pack.yaml", &folder), ("x.tera", "x\n")], &["a/b"]);
    let spec = SPEC.to_owned() + "  - {name: production, account_id: \"333333333333\"}\n";
    let each = manifest("{template: x.tf.tera, path: same.tf, for_each: target}");
    let case = Case::new(&spec);
    case.write("pack/pack.yaml", each);
    case.write("pack/x.tf.tera", "# x\n");
    case.run(&["generate", "--templates", "pack", "--out", "out"]).exits(1).says("same.tf");
    assert!(!case.at("out").exists());
}

#[test]
fn mistakes_in_a_template_are_shown_in_it() {
    refused_template("# one\n# {{ tarjet }}\n", 2, &["tarjet", "did you mean `target`?"]);
    refused_template("# one\n{% if tarjet %}{% endif %}\n", 2, &["tarjet"]);
    refused_template("# one\n{% if target %}\n", 3, &[]);
    refused_template("# one\n\n{% fi target %}{% endif %}\n", 3, &[]);
    refused_template("# one\n# {{ target | shout }}\n", 2, &["shout"]);
    refused_template("# {{ target | safe }}\n", 1, &["safe"]);
    refused_template("# {{ target\n", 1, &[]);
    refused_template("{% include \"y.tf\" %}\n", 1, &["y.tf"]);
    refused_template("# {{ target.name.more }}\n", 1, &[]);
    refused_template("# {{ organization_id }}\n", 1, &["organization_id"]);
    refused_template("# {{ 1 / 0 }}\n", 1, &[]);
    refused_template("# {{ get_env(name=\"HOME\") }}\n", 1, &["get_env"]);
    refused_template("# {{ now() }}\n", 1, &["now"]);
    refused_template("# a\u{1}b\n", 1, &["control character"]);
}

#[test]
fn output_that_is_nonsense_is_refused() {
    refused_template("# one\nresource \"a\" {\n", 2, &[]);
    refused_template("a = = 1\n", 1, &[]);
    refused_template("a = \"${\"\n", 1, &[]);
    let entry = manifest("{template: x.json.tera, path: x.json}");
    refused(&[("pack.yaml", &entry), ("x.json.tera", "{\n  \"a\": ,\n}\n")], &["x.json.tera:2:"]);
    refused(&[("pack.yaml", &entry), ("x.json.tera", "{\"a\": 1} x\n")], &["x.json.tera:1:"]);
    refused(&[("pack.yaml", &entry), ("x.json.tera", &"[".repeat(10_000))], &["x.json"]);
}

#[test]
fn endless_templates_end() {
    let deep = format!("{}{}", "{% if target %}".repeat(2_000), "{% endif %}".repeat(2_000));
    let case = Case::new(SPEC);
    case.write("pack/pack.yaml", manifest("{template: x.tf.tera, path: x.tf, for_each: target}"));
    for text in [
        &*deep,
        "{% for a in range(end=100000000) %}#\n{% endfor %}",
        &format!("# {{{{ {}target{} }}}}\n", "(".repeat(20_000), ")".repeat(20_000)),
    ] {
        case.write("pack/x.tf.tera", text);
        let ran = case.run(&["generate", "--templates", "pack", "--out", "out"]);
        assert!(
            matches!(ran.code, Some(0 | 1)) && !ran.stderr.contains("panicked"),
            "{:.300}",
            format!("{ran:?}")
        );
        _ = std::fs::remove_dir_all(case.at("out"));
    }
}

#[test]
fn mistakes_in_a_manifest_are_shown_in_it() {
    let x = ("x.tf.tera", "# x\n");
    refused(&[x], &["pack.yaml"]);
    refused(&[("pack.yaml", ""), x], &["pack.yaml"]);
    refused(&[("pack.yaml", "- a\n"), x], &["pack.yaml:1:"]);
    refused(&[("pack.yaml", "id: mine\nversion: 1\n"), x], &["`files` is missing"]);
    refused(&[("pack.yaml", "id: \"a\\nunits:\"\nversion: 1\nfiles: []\n"), x], &["pack.yaml:1:"]);
    refused(&[("pack.yaml", "id: mine\nversion: 1\nfiles: x\n"), x], &["pack.yaml:3:"]);
    refused(&[("pack.yaml", "id: mine\nversion: one\nfiles: []\n"), x], &["pack.yaml:2:"]);
    refused(&[("pack.yaml", "version: 1\nfiles: []\n"), x], &["`id` is missing"]);
    refused(
        &[("pack.yaml", &manifest("{template: y.tf.tera, path: y.tf}")), x],
        &["y.tf", "did you mean `x.tf.tera`?"],
    );
    refused(&[("pack.yaml", &manifest("{template: x.tf.tera}")), x], &["`path` is missing"]);
    refused(&[("pack.yaml", &manifest("{template: x.tf.tera, path: x.json}")), x], &["pack.yaml:4:"]);
    refused(
        &[("pack.yaml", &manifest("{template: x.tf.tera, path: x.tf, for_each: account}")), x],
        &["pack.yaml:4:"],
    );
    refused(&[("pack.yaml", &manifest("{template: x.tf.tera, path: x.tf, when: targit}")), x], &["targit"]);
    refused(
        &[("pack.yaml", &manifest("{template: x.tf.tera, path: x.tf, when: \"true %}{% if\"}")), x],
        &["pack.yaml:4:"],
    );
    refused(&[("pack.yaml", &manifest("{template: x.tf.tera, path: \"{{ \"}")), x], &["pack.yaml:4:"]);
    refused(
        &[
            (
                "pack.yaml",
                &manifest("{template: x.tf.tera, path: a.tf}\n  - {template: x.tf.tera, path: b.tf}"),
            ),
            x,
        ],
        &["known as `x.tf`"],
    );
    refused(
        &[("pack.yaml", &manifest("{template: x.tf.tera, path: x.tf, mode: mine}")), x],
        &["pack.yaml:4:"],
    );
    refused(
        &[("pack.yaml", &manifest("{template: x.tf.tera, path: x.tf, unit: target}")), x],
        &["pack.yaml:4:"],
    );
}

/// A pack is not Terraform, so nothing in it is called as if it were.
#[test]
fn a_template_has_a_name_of_its_own() {
    let manifest = manifest("{template: x.tf, path: x.tf}");
    let problem = "`x.tf` is not a template: the name of one ends in `.tera`";
    let rename = "rename the file, and write `template: x.tf.tera`";
    refused(&[("pack.yaml", &manifest), ("x.tf", "# x\n")], &["pack/pack.yaml:4:16", problem, rename]);
    refused(
        &[("pack.yaml", &manifest), ("x.tf.tera", "# x\n")],
        &[problem, "help: write `template: x.tf.tera`"],
    );
    let case = Case::new(SPEC);
    case.run(&["templates", "eject", "pack"]).exits(0);
    let files = files(&case.at("pack"));
    assert!(files.len() > 20, "{}", files.len());
    for path in files.keys() {
        assert!(path == "pack.yaml" || ends_in(path, &["tera"]), "{path}");
    }
}

/// A manifest whose paths and conditions are written as templates is told how to say it.
#[test]
fn expressions_in_a_manifest_are_shown_in_its_own_words() {
    let x = ("x.tera", "x\n");
    let file = |rest: &str| manifest(&format!("template: x.tera\n    {}", rest.replace('\n', "\n    ")));
    for (entry, place, words) in [
        ("path: accounts/{{ target }}/x\nfor_each: target", "5:11", "write `path: \"accounts/{target}/x\"`"),
        ("path: \"{{ target | upper }}/x\"\nfor_each: target", "5:11", "text and names in braces"),
        ("path: x\nwhen: backend != \"local\"", "6:11", "write it without quotes: `when: backend != local`"),
        (
            "path: x\nwhen: not mfa and backend != \"local\"",
            "6:11",
            "write a list of what has to hold: `when: [not mfa, backend != local]`",
        ),
        ("path: x\nwhen: mfa or attached", "6:11", "a condition is `name`, `not name`"),
        ("path: x\nwhen: [mfa, \"backend == 's3'\"]", "6:17", "`when: backend == s3`"),
        ("path: x\npolicy: managed", "6:5", "is its `mode`"),
    ] {
        refused(&[("pack.yaml", &file(entry)), x], &[&format!("pack/pack.yaml:{place}"), words]);
    }
}

#[test]
fn names_in_a_manifest_have_to_mean_something() {
    let x = ("x.tera", "x\n");
    for (entry, words) in [
        ("path: \"{tarjet}/x\"", ["no value is called `tarjet` here", "pack.yaml:4:30"]),
        ("path: x, when: [mfa, not tarjet]", ["no value is called `tarjet` here", "pack.yaml:4:45"]),
        ("path: x, when: callers == a", ["`callers` is a list", "`not callers`"]),
        ("path: \"{organization_id}/x\"", ["`organization_id` has no value here", "pack.yaml:4:30"]),
        ("path: \"{callers}/x\"", ["`callers` has no value here", "pack.yaml:4:30"]),
    ] {
        refused(&[("pack.yaml", &manifest(&format!("{{template: x.tera, {entry}}}"))), x], &words);
    }
}

/// A condition holds for the targets that it names, and a list of them where each does.
#[test]
fn conditions_choose_the_targets_of_a_file() {
    let spec = format!("{SPEC}    state: retired\n  - {{name: other, account_id: \"333333333333\"}}\n");
    let case = Case::new(&spec);
    let when =
        ["retired", "not retired", "target == other", "[target != other, retired]", "[retired, external_id]"];
    let entries = when.iter().enumerate().map(|(number, when)| {
        format!("  - {{template: x.tera, id: x{number}, path: \"{{target}}/{number}\", for_each: target, when: {when}}}\n")
    });
    case.write("pack/pack.yaml", format!("id: mine\nversion: 1\nfiles:\n{}", entries.collect::<String>()));
    case.write("pack/x.tera", "x\n");
    case.run(&["generate", "--templates", "pack", "--out", "out"]).exits(0);
    let expectations =
        [("staging", [true, false, false, true, false]), ("other", [false, true, true, false, false])];
    for (target, expected) in expectations {
        let written = [0, 1, 2, 3, 4].map(|number| case.at(&format!("out/{target}/{number}")).exists());
        assert_eq!(written, expected, "{target}");
    }
}

/// Values are escaped by the kind of the file, and no template can undo that.
#[test]
fn values_cannot_leave_their_escaping() {
    let spec = format!("{SPEC}    role: {{description: 'a\"$ {{b}} ${{c}} `d` <e>'}}\n");
    let entries = ["x.tf", "x.json", "x.sh", "x.md"].map(|name| {
        format!("  - {{template: {name}.tera, path: \"{{target}}/{name}\", for_each: target}}\n")
    });
    let case = Case::new(&spec);
    case.write("pack/pack.yaml", format!("id: mine\nversion: 1\nfiles:\n{}", entries.concat()));
    case.write("pack/x.tf.tera", "a = {{ role_description }}\nb = [{{ role_description }}, {{ target }}]\n");
    case.write("pack/x.json.tera", "{\"a\": {{ role_description }}}\n");
    case.write("pack/x.sh.tera", "a={{ role_description }}\n");
    case.write("pack/x.md.tera", "a `{{ role_description }}`\n");
    case.run(&["generate", "--templates", "pack", "--out", "out"]).exits(0);
    let tf = "a\\\"$ {b} $${c} `d` <e>";
    assert_eq!(case.read("out/staging/x.tf"), format!("a = \"{tf}\"\nb = [\"{tf}\", \"staging\"]\n"));
    assert_eq!(case.read("out/staging/x.json"), "{\n  \"a\": \"a\\\"$ {b} ${c} `d` <e>\"\n}\n");
    assert_eq!(case.read("out/staging/x.sh"), "a='a\"$ {b} ${c} `d` <e>'\n");
    assert!(!case.read("out/staging/x.md").contains("`d`") && !case.read("out/staging/x.md").contains("<e>"));
}

/// A value in quotes, in a heredoc or in a comment that ends before its line could end what it stands in.
#[test]
fn values_stand_only_where_they_are_inert() {
    let misplaced = "prints a value where it could end what it stands in";
    for text in [
        "a = \"${{ target | comment }}\"\n",
        "a = \"{{ target | comment }}{x}\"\n",
        "a = \"%{{ target | inside }}\"\n",
        "a = 1 /* {{ target | comment }} */\n",
        "a = 1 /* {{ target }} */\n",
        "{{ target | comment }} = 1\n",
    ] {
        refused_template(text, 1, &[misplaced, "{{ name | comment }}"]);
    }
    refused_template("a = <<EOT\n{{ target | comment }}\nEOT\n", 2, &[misplaced]);
    let altered = "changes a value after it was escaped";
    let spec = SPEC.to_owned() + "    role: {description: \"a\\u00e9\\tb\"}\n";
    for filters in ["hcl | upper", "comment | replace(from=\"b\", to=\"\n\")"] {
        let case = Case::new(&spec);
        let entry = "{template: x.tf.tera, path: \"accounts/{target}/x.tf\", for_each: target}";
        case.write("pack/pack.yaml", manifest(entry));
        case.write("pack/x.tf.tera", format!("# {{{{ role_description | {filters} }}}}\n"));
        let ran = case.run(&["generate", "--templates", "pack", "--out", "out"]).exits(1);
        assert!(ran.stderr.contains(altered), "{}", ran.stderr);
    }
    let allowed = "# {{ target | comment }} {{ target }}\na = \"x${f({{ target }})}\" // {{ target | comment }}\nb = {{ \"by \" ~ target }}\nc = <<EOT\n{{ target }}\nEOT\n";
    let case = Case::new(SPEC);
    case.write(
        "pack/pack.yaml",
        manifest("{template: x.tf.tera, path: \"{target}/x.tf\", for_each: target}"),
    );
    case.write("pack/x.tf.tera", allowed);
    case.run(&["generate", "--templates", "pack", "--out", "out"]).exits(0);
    let expected = "# staging \"staging\"\na = \"x${f(\"staging\")}\" // staging\nb = \"by staging\"\nc = <<EOT\n\"staging\"\nEOT\n";
    assert_eq!(case.read("out/staging/x.tf"), expected);
}

/// What a template makes of the table of targets stays the same from version to version.
#[test]
fn rows_have_their_columns_in_order() {
    let case = Case::new(SPEC);
    case.write("pack/pack.yaml", manifest("{template: x.tera, path: x}"));
    case.write(
        "pack/x.tera",
        "{% for row in targets %}{% for key, value in row %}{{ key }} {% endfor %}{% endfor %}\n",
    );
    case.run(&["generate", "--templates", "pack", "--out", "out"]).exits(0);
    let columns =
        "name account_id region role_arn bootstrap bootstrap_name state regions key is_default third_party";
    assert_eq!(case.read("out/x").trim(), columns);
}

#[test]
fn links_in_a_pack_are_not_followed_out_of_it() {
    let elsewhere = temporary();
    std::fs::write(elsewhere.path().join("secret.tf"), "# secret\n").expect("files can be written");
    let case = Case::new(SPEC);
    case.write("pack/pack.yaml", manifest("{template: loop/x.tf.tera, path: x.tf}"));
    std::os::unix::fs::symlink(case.at("pack"), case.at("pack/loop")).expect("links can be made");
    let ran = case.run(&["generate", "--templates", "pack", "--out", "out"]).exits(1);
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    assert!(!case.at("out").exists());
}
