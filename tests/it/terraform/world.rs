//! A generated repository, Terraform to run in it, and the accounts that it works on.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::account::{Account, Key};
use super::cloud::Cloud;
use super::tools::Terraform;
use crate::oracle::oracle;
use crate::support::{Case, Ran};

/// Account A.
pub(super) const SOURCE: &str = "111111111111";
/// The account that the stand-in takes for the one of keys it does not know; it belongs to nobody here.
pub(super) const ELSEWHERE: &str = "123456789012";

/// Environment variables.
pub(crate) type Environment = Vec<(&'static str, String)>;

/// A repository and its surroundings.
pub(crate) struct World {
    pub(crate) case: Case,
    terraform: Terraform,
    cloud: Cloud,
}

/// One root, in the order to apply them.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) path: String,
    pub(super) kind: String,
    pub(super) state: String,
    step: u64,
}

impl World {
    /// A world with nothing in it but a spec, if the tools for one are there.
    pub(crate) fn new(spec: &str) -> Option<Self> {
        let (terraform, moto) = (Terraform::find()?, oracle("moto_server")?);
        Some(Self { case: Case::new(spec), terraform, cloud: Cloud::start(&moto) })
    }

    /// The endpoint of every service.
    pub(crate) fn address(&self) -> String {
        self.cloud.address()
    }

    /// What Terraform is told of where providers come from.
    pub(crate) fn terraform_settings(&self) -> PathBuf {
        self.terraform.home().join("terraform.rc")
    }

    /// One account.
    pub(crate) fn account<'w>(&'w self, id: &'w str) -> Account<'w> {
        self.cloud.account(id)
    }

    /// Makes a user, and returns the environment of somebody who works as them.
    pub(crate) fn user(&self, account: &str, path: &str, name: &str) -> Environment {
        let key = self.account(account).create_user(path, name);
        self.environment(key)
    }

    /// The environment of somebody who has a session of a role already.
    pub(super) fn session(&self, account: &str, role: &str) -> Environment {
        self.environment(self.account(account).session(role))
    }

    /// The environment of a workload that enters a role by its token: everything that asks AWS exchanges it by itself.
    pub(super) fn web_identity(&self, role: &str) -> Environment {
        let token = self.terraform.home().join("token");
        fs::write(&token, "eyJhbGciOiJub25lIn0.e30.").expect("files can be written");
        let mut environment = self.endpoint();
        // Before it knows who it is, the SDK listens to no endpoint but that of the one service.
        environment.push(("AWS_ENDPOINT_URL_STS", self.cloud.address()));
        environment.push(("AWS_ROLE_ARN", role.to_owned()));
        environment.push(("AWS_WEB_IDENTITY_TOKEN_FILE", token.to_string_lossy().into_owned()));
        environment
    }

    /// Makes a user, and a profile of the shared configuration files that works as them.
    pub(super) fn profile(&self, profile: &str, account: &str, name: &str) {
        let key = self.account(account).create_user("/", name);
        let (id, secret) = (key.id, key.secret);
        let text = format!("[{profile}]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
        let folder = self.terraform.home().join(".aws");
        fs::create_dir_all(&folder).expect("folders can be made");
        fs::write(folder.join("credentials"), text).expect("files can be written");
    }

    /// The folder that everything takes for the user's.
    pub(super) fn home(&self) -> &Path {
        self.terraform.home()
    }

    /// The environment of somebody who works with a key.
    fn environment(&self, key: Key) -> Environment {
        let mut environment = self.endpoint();
        environment.push(("AWS_ACCESS_KEY_ID", key.id));
        environment.push(("AWS_SECRET_ACCESS_KEY", key.secret));
        environment.extend(key.token.map(|token| ("AWS_SESSION_TOKEN", token)));
        environment
    }

    /// The environment of everybody.
    pub(super) fn endpoint(&self) -> Environment {
        vec![("AWS_ENDPOINT_URL", self.cloud.address()), ("AWS_EC2_METADATA_DISABLED", "true".to_owned())]
    }

    /// Brings the repository to what its spec says.
    #[track_caller]
    pub(crate) fn generate(&self) {
        self.case.run(&["generate"]).exits(0);
    }

    /// The roots in the order to apply them: those of one step do not depend on each other.
    #[track_caller]
    pub(super) fn steps(&self) -> Vec<Vec<Listed>> {
        let listed = self.case.run(&["list", "--format", "json"]).exits(0).json();
        let roots: Vec<Listed> =
            listed["roots"].as_array().expect("a list of roots").iter().map(listed_root).collect();
        roots.chunk_by(|one, next| one.step == next.step).map(<[Listed]>::to_vec).collect()
    }

    /// A root, for somebody to work in.
    pub(super) fn root<'w>(&'w self, path: &str, user: &Environment) -> Root<'w> {
        Root { world: self, path: self.case.at(path), user: user.clone() }
    }

    /// Every role that was assumed through the security token service, as ARN and external ID.
    pub(super) fn assumed(&self) -> Vec<(String, Value)> {
        let memory = self.cloud.ask("GET", "/moto-api/data.json", "", "");
        let mut memory: Value = serde_json::from_str(&memory).expect("the server's memory is JSON");
        let roles = memory["sts"]["AssumedRole"].as_array_mut().expect("roles were assumed");
        let text = |value: &Value| value.as_str().expect("ARNs are text").to_owned();
        roles.iter_mut().map(|role| (text(&role["role_arn"]), role["external_id"].take())).collect()
    }
}

fn listed_root(root: &Value) -> Listed {
    let text = |field: &str| root[field].as_str().expect("roots are described in text").to_owned();
    let step = root["step"].as_u64().expect("steps are numbers");
    Listed { path: text("path"), kind: text("kind"), state: text("state"), step }
}

/// Does something for each of several, all at the same time.
pub(super) fn at_once<T: Sync>(all: &[T], work: impl Fn(&T) + Sync) {
    std::thread::scope(|scope| {
        for one in all {
            let work = &work;
            scope.spawn(move || work(one));
        }
    });
}

/// A root, and somebody who works in it.
pub(super) struct Root<'w> {
    world: &'w World,
    path: PathBuf,
    user: Environment,
}

impl Root<'_> {
    /// Terraform, with whatever comes of it.
    #[track_caller]
    pub(super) fn run(&self, arguments: &[&str]) -> Ran {
        let user: Vec<(&str, &str)> = self.user.iter().map(|(name, value)| (*name, &**value)).collect();
        let mut ran = self.world.terraform.run(&self.path, &user, arguments);
        // Terraform breaks the lines of its messages wherever they happen to be 80 long.
        let plain = ran.stderr.replace(['│', '╷', '╵'], " ");
        ran.stderr = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        ran
    }

    #[track_caller]
    pub(super) fn init(&self) {
        self.run(&["init"]).exits(0);
    }

    #[track_caller]
    pub(super) fn validate(&self) {
        self.run(&["validate"]).exits(0);
    }

    #[track_caller]
    pub(super) fn apply(&self) {
        self.run(&["apply", "-auto-approve"]).exits(0);
    }

    #[track_caller]
    pub(super) fn destroy(&self) {
        self.run(&["destroy", "-auto-approve"]).exits(0);
    }

    /// The root's own tests, of which there is at least one.
    #[track_caller]
    pub(super) fn test(&self) {
        let ran = self.run(&["test"]).exits(0);
        assert!(ran.stdout.contains("1 passed, 0 failed"), "{}", ran.stdout);
    }

    /// Finds that nothing would change.
    #[track_caller]
    pub(super) fn is_up_to_date(&self) {
        self.run(&["plan", "-detailed-exitcode"]).exits(0);
    }

    /// One output.
    #[track_caller]
    pub(super) fn output(&self, name: &str) -> Value {
        self.run(&["output", "-json", name]).exits(0).json()
    }
}
