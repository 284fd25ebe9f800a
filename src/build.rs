//! Rebuilds when a template is added: `include_dir` notices only changes to those it knows.

fn main() {
    println!("cargo:rerun-if-changed=templates");
}
