//! The wheel: built once for all tests, and installed where nothing else is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use super::{path_with, succeed};
use crate::oracle::oracle;
use crate::support::{files, repository, temporary};

/// The wheel, where maturin is there to build it.
pub(super) fn wheel() -> Option<&'static Path> {
    static WHEEL: LazyLock<Option<PathBuf>> = LazyLock::new(build);
    WHEEL.as_deref()
}

/// Builds the wheel as `pip wheel .` does, without optimization, in a target folder of its own: maturin moves programs
/// about. The virtual environment in which maturin is has everything that the build needs.
fn build() -> Option<PathBuf> {
    let maturin = oracle("maturin")?;
    let folder = temporary().into_persistent().path().to_owned();
    succeed(
        Command::new(maturin.with_file_name("python"))
            .args(["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", ".", "--wheel-dir"])
            .arg(&folder)
            .env("PATH", path_with(&[maturin.parent().expect("a program has a folder")]))
            .env("MATURIN_PEP517_ARGS", "--profile dev")
            .env("CARGO_TARGET_DIR", repository("target/wheel"))
            .current_dir(repository("")),
    );
    let mut wheels = fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let wheel = wheels.next().expect("a wheel");
    assert_eq!(wheels.next(), None);
    Some(wheel)
}

#[test]
fn a_clean_environment_generates_with_the_wheel() {
    let Some(wheel) = wheel() else { return };
    let clean = temporary();
    succeed(Command::new("python3").args(["-m", "venv"]).arg(clean.path()));
    let pip = clean.path().join("bin/pip");
    succeed(Command::new(pip).args(["install", "--quiet", "--no-index", "--no-deps"]).arg(wheel));

    let out = temporary();
    let installed = clean.path().join("bin/crossrole");
    let spec = repository("examples/three-accounts/crossrole.yaml");
    for verb in ["generate", "check"] {
        succeed(Command::new(&installed).arg(verb).arg("-f").arg(&spec).arg("-o").arg(out.path()));
    }
    assert!(out.path().join("accounts/staging/workload/providers.tf").is_file());

    let version = succeed(Command::new(&installed).arg("--version"));
    assert_eq!(version, concat!("crossrole ", env!("CARGO_PKG_VERSION"), "\n"));
    let share = files(&clean.path().join("share"));
    for page in
        ["man/man1/crossrole.1", "man/man1/crossrole-generate.1", "man/man1/crossrole-templates-eject.1"]
    {
        assert!(share.get(page).is_some_and(|text| text.contains(".TH crossrole")), "{page}");
    }
    for (shell, path) in [
        ("bash", "bash-completion/completions/crossrole"),
        ("zsh", "zsh/site-functions/_crossrole"),
        ("fish", "fish/vendor_completions.d/crossrole.fish"),
    ] {
        let printed = succeed(Command::new(&installed).args(["completions", shell]));
        assert_eq!(share.get(path), Some(&printed), "{path}");
    }
}
