//! The pipelines that are to be written, with nothing left to decide.

use super::CallerId;
use super::text::{made_of, text};

/// The pipelines of a fleet.
#[derive(Debug, Clone, Default)]
pub struct Pipelines {
    /// GitHub Actions.
    pub github_actions: Option<Pipeline>,
    /// GitLab CI/CD.
    pub gitlab: Option<Pipeline>,
    /// The caller that an Atlantis server is.
    pub atlantis: Option<CallerId>,
    /// What puts crossrole on the PATH of a job.
    pub install: Option<InstallCommand>,
}

/// A pipeline that plans proposals and applies the main branch.
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// Who plans proposals.
    pub plan: PipelineCaller,
    /// Who applies.
    pub apply: PipelineCaller,
    /// How many jobs share the accounts.
    pub shards: u32,
    /// The main branch.
    pub branch: String,
}

/// A caller, as a job is it.
#[derive(Debug, Clone)]
pub struct PipelineCaller {
    /// Its id.
    pub id: CallerId,
    /// The environment that its jobs are in, if its tokens have to name one.
    pub environment: Option<String>,
}

impl Pipelines {
    /// Whether there is any.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.github_actions.is_some() || self.gitlab.is_some() || self.atlantis.is_some()
    }

    /// Every caller that some pipeline is, each once, in the order of ids.
    #[must_use]
    pub fn callers(&self) -> Vec<&CallerId> {
        let of_engines = self.github_actions.iter().chain(&self.gitlab);
        let mut ids: Vec<_> = of_engines.flat_map(|engine| [&engine.plan.id, &engine.apply.id]).collect();
        ids.extend(&self.atlantis);
        ids.sort();
        ids.dedup();
        ids
    }
}

text! {
    /// A command of a shell, on one line.
    pub struct InstallCommand {
        what: "a command",
        rule: "1 to 1,000 printable characters of ASCII, on one line",
        pattern: "^[ -~]{1,1000}$",
        accepts: |text| made_of(text, 1..=1000, |c| c.is_ascii_graphic() || c == ' '),
    }
}
