//! Nothing that a report is made of can become markup or script in it.

use serde_json::json;

use crate::support::Case;

/// A text that would be noticed.
pub(super) const HOSTILE: &str = "</code></td><script>document.title='HACKED'</script><img src=x onerror=\"document.title='HACKED'\">'\"&`<svg/onload=1>";

/// A spec, evidence and Terraform with hostile texts wherever one can be.
pub(super) fn case() -> Case {
    let quoted = serde_json::to_string(HOSTILE).expect("a text");
    let spec = format!(
        "version: 1\nsource:\n  account_id: \"111111111111\"\n  callers: [{{kind: iam_user, name: terraform, mfa: true}}]\ntargets:\n  - name: staging\n    account_id: \"222222222222\"\n    tags: {{owner: staging}}\nwaivers:\n  - {{id: CR018, reason: {quoted}, expires: 2090-01-01}}\n"
    );
    let case = Case::generated(&spec);
    let step = json!({"step": "assume", "role_arn": HOSTILE, "expected": "allowed", "seen": HOSTILE, "outcome": "failed",
        "detail": HOSTILE, "request_id": HOSTILE, "started": HOSTILE, "duration_ms": 5});
    let evidence = json!({"version": 1, "crossrole": HOSTILE, "tools": {"terraform": HOSTILE, "aws": HOSTILE},
        "spec": {"file": HOSTILE, "sha256": HOSTILE}, "caller": {"arn": HOSTILE, "account_id": HOSTILE, "id": HOSTILE},
        "started": HOSTILE, "ended": HOSTILE, "complete": false,
        "targets": [{"name": "staging", "account_id": "222222222222", "outcome": "not_as_declared", "steps": [step],
            "may_exist": [{"kind": HOSTILE, "name": HOSTILE, "account_id": HOSTILE}]}]});
    case.write("<img src=x>.json", evidence.to_string());
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Sid": HOSTILE, "Effect": "Allow",
        "Principal": {"AWS": HOSTILE, "Federated": HOSTILE}, "Action": HOSTILE,
        "Condition": {"StringEquals": {HOSTILE: HOSTILE}}}]});
    case.write("code/trust.json", policy.to_string());
    let hcl = HOSTILE.replace('"', "\\\"");
    case.write(
        "code/main.tf",
        format!(
            "resource \"aws_iam_role\" \"one\" {{\n  name = \"{hcl}\"\n  description = \"{hcl}\"\n  permissions_boundary = \"{hcl}\"\n  assume_role_policy = file(\"${{path.module}}/trust.json\")\n}}\nresource \"aws_iam_role_policy\" \"one\" {{\n  name = \"{hcl}\"\n  role = aws_iam_role.one.name\n  policy = file(\"${{path.module}}/trust.json\")\n}}\n"
        ),
    );
    case
}

/// The reports in which they stand.
pub(super) const REPORTS: [&[&str]; 2] =
    [&["report", "--evidence", "<img src=x>.json"], &["report", "--terraform", "code"]];

/// Elements that a page is made of.
const ELEMENTS: [&str; 49] = [
    "!doctype", "html", "head", "meta", "title", "style", "body", "a", "header", "main", "footer", "h1",
    "h2", "h3", "p", "div", "span", "strong", "code", "dl", "dt", "dd", "nav", "ul", "ol", "li", "table",
    "thead", "tbody", "tr", "th", "td", "details", "summary", "progress", "svg", "g", "path", "rect", "text",
    "desc", "br", "em", "hr", "pre", "h4", "b", "i", "tspan",
];

#[test]
fn no_text_becomes_an_element() {
    let case = case();
    for arguments in REPORTS {
        let page = case.run(arguments).exits(0).stdout;
        assert!(page.contains("&lt;script&gt;"), "the texts are on the page");
        for (at, _) in page.match_indices('<') {
            let name: String = page[at + 1..]
                .trim_start_matches('/')
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '!')
                .collect();
            assert!(ELEMENTS.contains(&name.as_str()), "`{name}` in:\n{page}");
        }
        assert!(!page.contains("onerror=\""), "{page}");
    }
}

#[test]
fn no_text_becomes_markup_in_a_comment() {
    let case = case();
    for arguments in REPORTS {
        let text = case.run(&[arguments, &["--format", "markdown"]].concat()).exits(0).stdout;
        let tags = ["code", "/code", "br", "details", "/details", "summary", "/summary", "!--"];
        for (at, _) in text.match_indices('<') {
            assert!(tags.iter().any(|tag| text[at + 1..].starts_with(tag)), "{}", &text[at..]);
        }
        assert!(!text.contains("```"), "{text}");
    }
}
