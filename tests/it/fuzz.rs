//! The laws of the fuzz targets, on the texts of their corpus: no fuzzer is needed for that.

use std::fs;

use crate::support::repository;

#[path = "../../fuzz/src/laws.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets are crates of their own")]
mod laws;

#[test]
fn the_corpus_obeys_the_laws() {
    let mut count = 0;
    for target in ["scan", "check", "format"] {
        let folder = repository(&format!("fuzz/corpus/{target}"));
        for entry in fs::read_dir(folder).expect("the corpus is there") {
            let path = entry.expect("folders can be listed").path();
            let text = fs::read_to_string(&path).expect("the corpus is text");
            laws::scan(&text);
            laws::check(&text);
            laws::format(&text);
            count += 1;
        }
    }
    assert!(count >= 100, "only {count} texts");
}

#[test]
fn the_corpus_of_records_obeys_its_laws() {
    let mut count = 0;
    for entry in fs::read_dir(repository("fuzz/corpus/records")).expect("the corpus is there") {
        let path = entry.expect("folders can be listed").path();
        laws::records(&fs::read_to_string(&path).expect("the corpus is text"));
        count += 1;
    }
    assert!(count >= 60, "only {count} texts");
}
