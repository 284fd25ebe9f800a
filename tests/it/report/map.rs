//! The map: what its lines and its boxes seem to say.

use crate::support::Case;

/// Somebody who enters a role directly, and somebody who enters it through a role in A.
const SPEC: &str = r#"version: 1
source:
  account_id: "111111111111"
  callers:
    - {id: apply, kind: github_actions, repository: acme/infra, environment: production}
    - {kind: iam_user, name: alice, mfa: true}
targets:
  - {name: staging, account_id: "222222222222"}
  - {name: production, account_id: "333333333333", role: {name: Other}}
"#;

/// Whoever enters directly is not drawn as if they entered through a role in A.
#[test]
fn lines_pass_roles_that_they_do_not_touch() {
    let case = Case::generated(SPEC);
    let trust = "accounts/staging/bootstrap/trust-policy.json";
    let text = case.read(trust);
    case.write(trust, text.replacen("arn:aws:iam::111111111111:role/", "arn:aws:iam::999999999999:role/", 1));
    let page = case.run(&["report"]).exits(0).stdout;
    let (_, map) = page.split_once("id=\"map-title\"").expect("a map");
    let (map, _) = map.split_once("</svg>").expect("its end");
    let boxes: Vec<[i32; 4]> = tags(map, "rect")
        .filter(|tag| tag.contains("class=\"box\""))
        .map(|tag| ["x", "y", "width", "height"].map(|name| attribute(tag, name).parse().expect("a number")))
        .collect();
    let roles_at = boxes.iter().map(|[x, ..]| *x).collect::<std::collections::BTreeSet<_>>();
    let roles_at: Vec<i32> = roles_at.into_iter().collect();
    let [callers, hops, roles, _] = roles_at[..] else { panic!("four columns: {roles_at:?}") };
    let mut passing = 0;
    for path in tags(map, "path").map(|tag| attribute(tag, "d")) {
        let words: Vec<i32> = path
            .split([' ', 'M', 'C', 'H'])
            .filter(|word| !word.is_empty())
            .map(|word| word.parse().expect("a number"))
            .collect();
        if words[0] > hops || words[words.len() - 2] != roles {
            continue;
        }
        assert!(words[0] > callers, "{path}");
        let (_, lane) = path.split_once(" H").unwrap_or_else(|| panic!("{path} passes straight through"));
        let end: i32 = lane.split(' ').next().expect("a word").parse().expect("a number");
        let (begin, height) = (words[6], words[7]);
        for [x, y, width, tall] in &boxes {
            let beside = *x > end || x + width < begin;
            assert!(beside || height < *y || height > y + tall, "{path} goes through {x} {y}");
        }
        passing += 1;
    }
    assert_eq!(passing, 3, "a user into two roles, and a stranger: {map}");
}

fn tags<'m>(map: &'m str, name: &'m str) -> impl Iterator<Item = &'m str> {
    map.split('<').filter_map(move |tag| tag.strip_prefix(name)).filter_map(|tag| tag.split('>').next())
}

fn attribute<'t>(tag: &'t str, name: &str) -> &'t str {
    let (_, value) = tag.split_once(&format!(" {name}=\"")).expect("an attribute");
    value.split('"').next().expect("its end")
}
