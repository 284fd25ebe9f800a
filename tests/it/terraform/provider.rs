//! Where the AWS provider comes from: a folder in which it lies unpacked, so that Terraform links to it.
//! From an archive it would unpack some 700 MB into every root.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

use crate::oracle::is_ci;
use crate::support::run;

/// How to have it.
pub(super) const HELP: &str = "set TF_PLUGIN_MIRROR to a folder that holds \
                               `registry.terraform.io/hashicorp/aws/VERSION/PLATFORM/terraform-provider-aws_vVERSION_x5`";

/// The provider's place in a mirror.
const PLACE: &str = "registry.terraform.io/hashicorp/aws";

/// What is fetched where no mirror is: a version that the stand-in for AWS is known to get along with.
const REQUIREMENT: &str = r#"terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
"#;

/// A mirror of this machine; in CI otherwise one that Terraform itself has just filled.
pub(super) fn mirror(terraform: &Path) -> Option<PathBuf> {
    let named = env::var_os("TF_PLUGIN_MIRROR").map(PathBuf::from);
    let home = env::home_dir().map(|home| home.join(".terraform.d/plugins"));
    let usual = ["/usr/share/terraform/plugins", "/usr/local/share/terraform/plugins"].map(PathBuf::from);
    let parents = ["/opt", "/srv", "/usr/local/lib", "/usr/local/share", "/var/lib"];
    let below = parents.iter().flat_map(|parent| folders(Path::new(parent)));
    let mut candidates = named.into_iter().chain(home).chain(usual).chain(below);
    candidates.find(|folder| is_unpacked(folder)).or_else(|| is_ci().then(|| fetch(terraform)))
}

/// Lets Terraform fetch the provider, once for all runs of the tests: where it puts providers is a mirror.
fn fetch(terraform: &Path) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("provider");
    fs::create_dir_all(&root).expect("folders can be made");
    let lock = fs::File::create(root.join("lock")).expect("files can be written");
    lock.lock().expect("files can be locked");
    let providers = root.join(".terraform/providers");
    if !is_unpacked(&providers) {
        fs::write(root.join("main.tf"), REQUIREMENT).expect("files can be written");
        let ran = run(Command::new(terraform).current_dir(&root).args(["init", "-no-color"]));
        assert_eq!(ran.code, Some(0), "the AWS provider cannot be fetched: {HELP}\n{}", ran.stderr);
    }
    providers
}

/// Whether a mirror holds some version of the provider, for some platform.
fn is_unpacked(mirror: &Path) -> bool {
    folders(&mirror.join(PLACE)).iter().any(|version| !folders(version).is_empty())
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.is_dir()).collect()
}
