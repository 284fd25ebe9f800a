//! What terraform printed for small files, one rule each, and for those random tests found.

use crossrole::hcl::{self, ErrorKind};

/// Vectors for which we refuse what terraform damages.
const REFUSED: &[&str] = &[
    "a = \"${(x)\n+ (y)}\"\n",
    "a = \"${ # c\nx}\"\n",
    "b \"a$b\" {}\n",
    "b \"$${x}\" {}\n",
    "b \"50%\" {}\n",
    "b \"e\u{301}\" {}\n",
    "b /*x*/ \"a\" /*y*/ \"c\" /*z*/ {}\n",
    "a = x[true]\n",
    "a = x[null].y\n",
];

/// Vectors in which terraform needs a second run; what it prints then.
const SETTLED: &[(&str, &str)] = &[("a = \"${\"${x}\"}\"\n", "a = x\n")];

#[test]
fn every_vector_is_formatted_as_by_terraform() {
    let vectors = concat!(
        include_str!("../../../snapshots/format/vectors.jsonl"),
        include_str!("../../../snapshots/format/found.jsonl"),
    );
    let mut failures = Vec::new();
    let mut count = 0;
    for line in vectors.lines() {
        let vector: serde_json::Value = serde_json::from_str(line).expect("a vector is JSON");
        let source = vector["in"].as_str().expect("a vector has an input");
        count += 1;
        if let Err(failure) = judge(source, vector["out"].as_str()) {
            failures.push(format!("{}: {source:?}: {failure}", vector["rule"]));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count >= 220);
}

fn judge(source: &str, printed: Option<&str>) -> Result<(), String> {
    let ours = hcl::format(source);
    if REFUSED.contains(&source) {
        return match ours {
            Err(error) if error.kind == ErrorKind::WouldLoseData => Ok(()),
            other => Err(format!("expected a refusal, got {other:?}")),
        };
    }
    let settled = SETTLED.iter().find(|(input, _)| *input == source);
    let expected = settled.map(|(_, output)| *output).or(printed);
    match (ours, expected) {
        (Ok(ours), Some(expected)) if ours == expected => Ok(()),
        (Err(error), None) if error.kind == ErrorKind::Invalid => Ok(()),
        (ours, expected) => Err(format!("expected {expected:?}, got {ours:?}")),
    }
}
