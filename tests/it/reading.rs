//! What lies in a repository is read as data: never from outside it, never without an end, and never with
//! a credential in what is printed.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{Case, SPEC, program};

const KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// A pack of one template.
fn pack(case: &Case, template: &str) {
    let manifest = "id: test\nversion: 1\nfiles:\n  - {template: x.md.tera, path: x.md}\n";
    case.write("pack/pack.yaml", manifest);
    case.write("pack/x.md.tera", template);
}

#[test]
#[cfg(unix)]
fn no_file_from_outside_is_read() {
    use std::os::unix::fs::symlink;
    let case = Case::new("");
    case.write("secret.txt", format!("{KEY}\n"));
    case.write("repo/crossrole.yaml", format!("{SPEC}templates: ./pack\n"));
    case.write(
        "repo/pack/pack.yaml",
        "id: test\nversion: 1\nfiles:\n  - {template: x.md.tera, path: x.md}\n",
    );
    symlink("../../secret.txt", case.at("repo/pack/x.md.tera")).expect("links can be made");
    let spec = ["check", "--diff", "--spec", "repo/crossrole.yaml"];
    let ran = case.run(&spec).exits(1).says("`repo/pack/x.md.tera`: it is a link");
    assert!(!format!("{}{}", ran.stdout, ran.stderr).contains(KEY));
    std::fs::remove_dir_all(case.at("repo/pack")).expect("folders can be removed");
    symlink("..", case.at("repo/pack")).expect("links can be made");
    case.run(&spec).exits(1).says("it is a link");
    symlink("../secret.txt", case.at("repo/near.json")).expect("links can be made");
    for path in ["../secret.txt", "near.json", "/proc/self/environ", "pack/secret.txt"] {
        let policy = format!("{SPEC}    role: {{inline_policies: {{p: \"{path}\"}}}}\n");
        case.write("repo/crossrole.yaml", policy);
        let ran = case.run(&spec).exits(1).says(&format!("cannot read `{path}`"));
        assert!(!ran.stderr.contains(KEY), "{}", ran.stderr);
    }
    std::fs::remove_file(case.at("repo/crossrole.yaml")).expect("files can be removed");
    symlink("../secret.txt", case.at("repo/crossrole.yaml")).expect("links can be made");
    let mut command = Command::new(program());
    let ran = command.current_dir(case.at("repo")).arg("check").output().expect("the program can be started");
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(said.contains("leads out of the folder") && !said.contains(KEY), "{said}");
}

#[test]
fn a_template_has_an_end() {
    let case = Case::new(SPEC);
    let ten = |name: &str| [name; 10].join(" ~ ");
    let doubled =
        format!("{{% set a = \"xxxxxxxxxx\" %}}{}", format!("{{% set a = {} %}}", ten("a")).repeat(9));
    let shared = "{% set a = [\"\"] %}".to_owned() + &"{% set a = [a, a, a, a, a, a, a, a] %}".repeat(12);
    let loops = "{% for a in range(end=10000) %}".repeat(3) + "x" + &"{% endfor %}".repeat(3);
    let grown = "{{ \"x\"".to_owned() + &" | replace(from=\"\", to=\"xxxxxxxxxxxxxxxx\")".repeat(8) + " }}";
    for (template, why) in [
        (&*doubled, "a value is larger"),
        (&*shared, "a value is larger"),
        (&*grown, "a value is larger"),
        (&*loops, "the file is larger|more than 2000000 steps|takes longer"),
        ("{{ range(end=100000) | length }}", "more than 10000 numbers"),
        ("{% set a %}b{% endset %}", "cannot be captured"),
        ("{{ [a for a in range(end=3)] }}", "loop within an expression"),
    ] {
        pack(&case, template);
        let ran = case.run(&["generate", "--templates", "pack", "--out", "out"]).exits(1);
        assert!(why.split('|').any(|why| ran.stderr.contains(why)), "{template:.60}\n{}", ran.stderr);
        assert!(ran.stderr.contains("x.md.tera"), "{}", ran.stderr);
    }
    pack(
        &case,
        "{% for a in range(end=3) -%}\n  {{ [a, 9] | join(sep=\"-\") | replace(from=\"9\", to=\"z\") }};\n{%- endfor %}\n",
    );
    case.run(&["generate", "--templates", "pack", "--out", "out"]).exits(0);
    assert_eq!(case.read("out/x.md").trim(), "0-z;1-z;2-z;");
}

/// A place in a template is the one that its author wrote, whatever was put between for counting.
#[test]
fn an_error_while_rendering_is_at_its_place() {
    let case = Case::new(SPEC);
    pack(&case, "{% if true %}a{% endif %} {{ 1 }} {{ \"x\" | nth(n=1) }}\n");
    let ran = case.run(&["generate", "--templates", "pack", "--out", "out"]).exits(1);
    assert!(ran.stderr.contains("pack/x.md.tera:1:38"), "{}", ran.stderr);
}

#[test]
fn no_command_prints_a_credential() {
    let case = Case::new("");
    let provider = format!(
        "provider \"aws\" {{\n  access_key = \"AKIAIOSFODNN7EXAMPLE\"\n  secret_key = \"{KEY}\"\n  token = \"hunter2\"\n}}\nprovider \"aws\" {{ secret_key = \"hunter2\" $ }}\n"
    );
    case.write("infra/a.tf", provider.replace(" $ ", " "));
    case.write("bad/a.tf", &provider);
    case.write(
        "bad.yaml",
        format!("version: 1\nsecret_key: hunter2\nregions: {KEY}\nzone: AKIAIOSFODNN7EXAMPLE\n"),
    );
    case.write(
        "bad.json",
        format!("{{\"password\": \"hunter2\", \"Statement\": {{\"Action\": \"{KEY}\"}}, }}"),
    );
    for arguments in [
        &["import", "terraform", "infra", "-f", "new.yaml"][..],
        &["import", "terraform", "bad", "-f", "new.yaml"],
        &["import", "organizations", "bad.json", "-f", "new.yaml"],
        &["init", "--answers", "bad.yaml", "-f", "new.yaml"],
        &["check", "-f", "bad.yaml"],
        &["lint", "infra"],
        &["lint", "bad"],
        &["lint", "bad.json"],
        &["fmt", "bad"],
    ] {
        let ran = case.run(arguments);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        for secret in ["AKIAIOSFODNN7EXAMPLE", KEY, "hunter2"] {
            assert!(!said.contains(secret), "{arguments:?}: {said}");
        }
    }
}

#[test]
fn a_policy_file_is_read_as_a_reviewer_reads_it() {
    let case = Case::new(&format!("{SPEC}    role: {{inline_policies: {{p: p.json}}}}\n"));
    let policy = |more: &str| {
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Deny\", {more} \"Action\": \"s3:Get*\", \"Resource\": \"*\"}}]}}"
        )
    };
    for (more, why) in [
        ("\"Effect\": \"Allow\",", "is duplicated"),
        ("\"\\u0045ffect\": \"Allow\",", "is duplicated"),
        ("\"Condition\": {\"NumericLessThan\": {\"a:b\": 123456789012345678901234567890}},", "too large"),
    ] {
        case.write("p.json", policy(more));
        case.run(&["generate", "--out", "out"]).exits(1).says("CR100").says(why);
    }
}

/// Links at names of folders, pipes and devices are not waited for.
#[test]
#[cfg(unix)]
fn nothing_is_waited_for() {
    let case = Case::new(SPEC);
    let made = Command::new("mkfifo").arg(case.at("pipe")).status();
    assert!(made.is_ok_and(|made| made.success()));
    for arguments in [
        &["check", "-f", "pipe"][..],
        &["check", "--templates", "pipe"],
        &["init", "--answers", "pipe", "-f", "new.yaml"],
        &["import", "organizations", "pipe", "-f", "new.yaml"],
        &["import", "organizations", "/dev/zero", "-f", "new.yaml"],
        &["lint", "pipe"],
        &["fmt", "pipe"],
    ] {
        case.run(arguments).exits(1);
    }
}

#[test]
#[cfg(unix)]
fn a_signal_ends_a_merge_that_waits_for_a_pipe() {
    let case = Case::new("");
    let made = Command::new("mkfifo").arg(case.at("pipe")).status();
    assert!(made.is_ok_and(|made| made.success()));
    let mut command = Command::new(program());
    command.current_dir(case.root()).args(["merge", "pipe", "a", "b"]).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program can be started");
    std::thread::sleep(Duration::from_millis(300));
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(sent.is_ok());
    let ended = (0..200).find_map(|_| {
        std::thread::sleep(Duration::from_millis(10));
        child.try_wait().expect("a child can be asked")
    });
    _ = child.kill();
    _ = child.wait();
    assert_eq!(ended.and_then(|ended| ended.code()), Some(130));
}

#[test]
fn expressions_and_references_have_an_end() {
    let case = Case::new("");
    for (open, close) in [("(", ")"), ("[", "]"), ("{a=", "}"), ("f(", ")"), ("\"${", "}\"")] {
        let deep = format!("{}1{}", open.repeat(20_000), close.repeat(20_000));
        case.write(
            "infra/a.tf",
            format!("resource \"aws_iam_role\" \"a\" {{\n  assume_role_policy = {deep}\n}}\n"),
        );
        case.run(&["import", "terraform", "infra", "-f", "new.yaml"]).exits(1);
    }
    let mut laughs = "locals {\n  a30 = \"\"\n".to_owned();
    for n in 0..30 {
        _ = writeln!(laughs, "  a{n} = \"${{local.a{0}}}${{local.a{0}}}\"", n + 1);
    }
    laughs += "}\nprovider \"aws\" {\n  assume_role {\n    role_arn = local.a0\n  }\n}\n";
    case.write("infra/a.tf", laughs);
    let code = case.run(&["import", "terraform", "infra", "-f", "new.yaml"]).code;
    assert!(matches!(code, Some(1 | 64)), "{code:?}");
}

/// As Notepad saves it ("UTF-8 with BOM"), and as `>` does in Windows PowerShell ("UTF-16").
fn saved_on_windows(text: &str) -> [(&'static str, Vec<u8>); 2] {
    let marked = format!("\u{feff}{text}").into_bytes();
    let wide = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    [("byte-order mark", marked), ("UTF-16", wide)]
}

#[test]
fn the_encoding_of_a_file_is_named_wherever_it_cannot_be_read() {
    let policy = r#"{"Version": "2012-10-17", "Statement": []}"#;
    let request =
        ["--role", "arn:aws:iam::222222222222:role/a", "--principal", "arn:aws:iam::111111111111:user/b"];
    let explain = [&["explain", "--policy", "role.json"][..], &request].concat();
    let claims = r#"{"iss": "https://gitlab.com", "sub": "a", "aud": "b"}"#;
    for (named, bytes) in saved_on_windows(policy) {
        let case = Case::new(&format!("{SPEC}    role: {{inline_policies: {{p: role.json}}}}\n"));
        case.write("role.json", &bytes);
        for arguments in [&["lint", "role.json"][..], &explain, &["generate"]] {
            case.run(arguments).exits(1).says(named).says("save it as");
        }
    }
    for (named, bytes) in saved_on_windows(claims) {
        let case = Case::new(SPEC);
        case.write("token.json", &bytes);
        case.run(&["explain", "--token", "token.json"]).exits(1).says(named);
    }
    // The mark alone is no hindrance to YAML and Terraform's own language.
    for (name, text) in [("crossrole.yaml", SPEC), ("infra/main.tf", "provider \"aws\" {}\n")] {
        let [(_, marked), (named, wide)] = saved_on_windows(text);
        let case = Case::new("");
        case.write(name, &marked);
        case.run(&["lint", name, "--format", "json"]).exits(0);
        case.write(name, &wide);
        case.run(&["lint", name]).exits(1).says(named);
    }
}
