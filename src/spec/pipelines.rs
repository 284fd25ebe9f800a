//! Pipelines that are written beside the Terraform.

use crate::model::{CallerId, InstallCommand, RefPattern};
use crate::yaml::record;

record! {
    /// The engines that run the roots, each with the callers it signs in as. Every engine is optional.
    pub struct PipelinesSpec {
        /// GitHub Actions: `.github/workflows/crossrole.yml`.
        pub github_actions: PipelineSpec,
        /// GitLab CI/CD: `.gitlab-ci.yml`.
        pub gitlab: PipelineSpec,
        /// Atlantis: `atlantis.yaml`.
        pub atlantis: AtlantisSpec,
        /// A command that puts crossrole on the PATH of a job, where it is not there already; nothing is applied without it.
        pub install: InstallCommand,
    }
}

record! {
    /// A pipeline that plans proposals with one caller and applies the main branch with another.
    #[schemars(extend("required" = ["plan", "apply"]))]
    pub struct PipelineSpec {
        /// The ID of the caller that plans proposals.
        pub plan: CallerId,
        /// The ID of the caller that applies the main branch.
        pub apply: CallerId,
        /// How many jobs share the accounts, at most 256 with GitHub and 200 with GitLab. An account is always in the same one.
        #[schemars(extend("default" = 8, "minimum" = 1, "maximum" = 256))]
        pub shards: u32,
        /// The main branch; left out, the one of the `apply` caller, or else `main`.
        #[schemars(extend("default" = "main"))]
        pub branch: RefPattern,
    }
}

record! {
    /// An Atlantis server, which does everything as one caller.
    #[schemars(extend("required" = ["apply"]))]
    pub struct AtlantisSpec {
        /// The ID of the caller that plans; left out, the one that applies. Atlantis has no other.
        pub plan: CallerId,
        /// The ID of the caller that Atlantis is.
        pub apply: CallerId,
    }
}
