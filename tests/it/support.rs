//! What tests share: a folder to work in, the program run in it, and trees of files as values.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use assert_cmd::Command;
use assert_fs::TempDir;
use sha2::Digest;

/// A spec with one target, to begin with.
pub(crate) const SPEC: &str = r#"version: 1
source:
  account_id: "111111111111"
targets:
  - name: staging
    account_id: "222222222222"
"#;

/// A spec whose role has permissions and a boundary, to be widened.
pub(crate) const GUARDED: &str = r#"version: 1
source:
  account_id: "111111111111"
  callers: [{kind: iam_user, name: terraform, mfa: true}]
targets:
  - name: staging
    account_id: "222222222222"
    role:
      permissions_boundary: arn:aws:iam::222222222222:policy/Boundary
      policy_arns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
      inline_policies:
        logs: {Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::logs/*"}]}
"#;

/// The files of a folder: text by path, `/` between parts.
pub(crate) type Files = BTreeMap<String, String>;

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code; `None` where a signal ended it.
    pub(crate) code: Option<i32>,
    /// The product.
    pub(crate) stdout: String,
    /// The conversation.
    pub(crate) stderr: String,
}

impl Ran {
    /// The same, once the exit code has been found right.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// The same, once stderr has been found to hold a text.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "no `{text}` in stderr:\n{}", self.stderr);
        self
    }

    /// stdout as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in stdout:\n{}", self.stdout))
    }
}

/// The program, in an environment that does not depend on whoever runs the tests.
pub(crate) fn crossrole() -> Command {
    let mut command = Command::from_std(std::process::Command::new(program()));
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command.env("XDG_STATE_HOME", state_homes().join("shared"));
    // Whatever hangs is ended, and fails its test by having no exit code.
    command.timeout(Duration::from_mins(1));
    command
}

/// Where the program keeps its state in tests: never where whoever runs them keeps theirs.
fn state_homes() -> &'static Path {
    static HOMES: LazyLock<PathBuf> = LazyLock::new(|| temporary().into_persistent().path().to_owned());
    &HOMES
}

/// The program's path, for tests that start it themselves.
pub(crate) fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_crossrole"))
}

/// Runs a command to its end.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Ran {
    let output = command.output().expect("the program can be started");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// A folder that goes when it is dropped, in memory where the system has such a place: some tests
/// write tens of thousands of files.
pub(crate) fn temporary() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    made.or_else(|_| TempDir::new()).expect("a temporary folder")
}

/// A folder of its own, with a spec in it, in which the program runs.
pub(crate) struct Case(TempDir);

impl Case {
    /// A folder that holds nothing but a spec.
    pub(crate) fn new(spec: &str) -> Self {
        let case = Self(temporary());
        case.write("crossrole.yaml", spec);
        case
    }

    /// A folder in which a spec has been generated.
    #[track_caller]
    pub(crate) fn generated(spec: &str) -> Self {
        let case = Self::new(spec);
        case.run(&["generate"]).exits(0);
        case
    }

    /// The folder.
    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    /// A path in the folder.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }

    /// Reads a file.
    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Replaces a text in a file, as an editor would; it must be there.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "`{from}` is not in {path}:\n{text}");
        self.write(path, text.replacen(from, to, 1));
    }

    /// Deletes a file.
    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.at(path)).expect("the file can be deleted");
    }

    /// Runs the program in the folder.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run(self.crossrole().args(arguments))
    }

    /// The program, in the folder.
    pub(crate) fn crossrole(&self) -> Command {
        let mut command = crossrole();
        command.current_dir(self.root()).env("XDG_STATE_HOME", self.state_home());
        command
    }

    /// The program in the folder, for tests that do not wait for it.
    pub(crate) fn started(&self) -> std::process::Command {
        let mut command = std::process::Command::new(program());
        command.current_dir(self.root()).env("XDG_STATE_HOME", self.state_home());
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        command
    }

    /// Where the program keeps its state of this folder's trees.
    pub(crate) fn state_home(&self) -> PathBuf {
        state_homes().join(self.root().file_name().expect("a temporary folder has a name"))
    }

    /// Where the state of a tree right in this folder lies, there or not.
    pub(crate) fn state_of_root(&self) -> PathBuf {
        let root = fs::canonicalize(self.root()).expect("it is there");
        let digest = sha2::Sha256::digest(root.as_os_str().as_encoded_bytes());
        let number = digest.iter().take(12).fold(0, |number, byte| number << 8 | u128::from(*byte));
        self.state_home().join("crossrole").join(format!("{number:024x}"))
    }

    /// A path among the state of the one tree in the folder; it need not be there.
    pub(crate) fn state(&self, path: &str) -> PathBuf {
        let ours = self.state_home().join("crossrole");
        let trees: Vec<_> = fs::read_dir(&ours).into_iter().flatten().collect();
        match &trees[..] {
            [Ok(tree)] => tree.path().join(path),
            [] => ours.join("none").join(path),
            more => panic!("{} trees have a state", more.len()),
        }
    }

    /// Every file, the record included.
    pub(crate) fn files(&self) -> Files {
        files(self.root())
    }

    /// Every file that was generated: neither the spec nor the record.
    pub(crate) fn output(&self) -> Files {
        let mut files = self.files();
        files.retain(|path, _| path != "crossrole.yaml" && !path.starts_with(".crossrole/"));
        files
    }
}

/// Every file below a folder; links and special files are listed, not followed.
pub(crate) fn files(root: &Path) -> Files {
    let mut found = Files::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let entry = entry.expect("folders can be listed");
            let kind = entry.file_type().expect("entries have a type");
            if kind.is_dir() {
                waiting.push(entry.path());
                continue;
            }
            let path = entry.path();
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            let text = if kind.is_file() {
                fs::read(&path).expect("files can be read")
            } else {
                b"(no file)".to_vec()
            };
            found.insert(name, String::from_utf8_lossy(&text).into_owned());
        }
    }
    found
}

/// Whether a path has one of these endings.
pub(crate) fn ends_in(path: &str, endings: &[&str]) -> bool {
    let ending = Path::new(path).extension();
    endings.iter().any(|known| ending.is_some_and(|ending| ending == *known))
}

/// A folder of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The case folders below a folder of the repository, in order.
pub(crate) fn cases(path: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(repository(path)).into_iter().flatten();
    let mut cases: Vec<_> = entries.map(|entry| entry.expect("folders can be listed").path()).collect();
    cases.retain(|path| path.is_dir());
    cases.sort();
    cases
}

/// The name of a case: its folder's.
pub(crate) fn name(case: &Path) -> String {
    case.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether expectations are to be rewritten rather than compared.
pub(crate) fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// Compares a text with a file of expectations, or writes it there when blessing. `Err` says how
/// the two differ.
pub(crate) fn compare(path: &Path, found: &str) -> Result<(), String> {
    if is_blessing() {
        fs::create_dir_all(path.parent().expect("a folder above")).expect("folders can be made");
        fs::write(path, found).expect("expectations can be written");
        return Ok(());
    }
    let wanted = fs::read_to_string(path).unwrap_or_default();
    difference(&path.display().to_string(), &wanted, found)
}

/// `Err` says how a text differs from what was expected of it.
pub(crate) fn difference(name: &str, wanted: &str, found: &str) -> Result<(), String> {
    if wanted == found {
        return Ok(());
    }
    let mut options = diffy::DiffOptions::new();
    options.set_original_filename("expected").set_modified_filename("found");
    Err(format!("{name}\n{}", options.create_patch(wanted, found)))
}

/// Fails with every complaint, and with how to accept what was found.
#[track_caller]
pub(crate) fn no_complaints(complaints: &[String]) {
    assert!(
        complaints.is_empty(),
        "{}\n\n`BLESS=1 cargo test` accepts what was found; `git diff` then shows it",
        complaints.join("\n")
    );
}

/// Runs git in a folder, and returns what it prints.
#[track_caller]
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = std::process::Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=Test", "-c", "user.email=test@example.com"]);
    command.args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
        command.env_remove(name);
    }
    let output = command.output().expect("git is there");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "git {arguments:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// Makes a folder a repository with one commit of everything in it.
pub(crate) fn commit_all(folder: &Path) {
    git(folder, &["init", "--quiet", "--initial-branch", "main"]);
    git(folder, &["config", "user.name", "Test"]);
    git(folder, &["config", "user.email", "test@example.com"]);
    git(folder, &["add", "--all", "--force"]);
    git(folder, &["commit", "--quiet", "--message", "all"]);
}
