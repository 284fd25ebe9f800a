//! Tokens of HCP Terraform and Terraform Enterprise: runs of workspaces, deployments of Stacks, and tests of modules.

use serde_json::{Value, json};

use super::names::{alike, changed_case, filled};
use super::token::{Caller, Claims, Token, with};
use crate::hcl::generator::Random;

/// A workspace, and the phases of its runs that may enter.
#[derive(Debug, Clone)]
pub(crate) struct Workspace<'c> {
    /// The URL of HCP Terraform or of a server.
    pub(crate) issuer: &'c str,
    pub(crate) organization: &'c str,
    pub(crate) project: &'c str,
    /// Its name; a `*` stands for any text.
    pub(crate) name: &'c str,
    pub(crate) phases: &'c [&'c str],
}

const PHASES: &[&str] = &["plan", "apply"];

/// Whose run it is: organization, project, workspace, phase.
type Run = [String; 4];

impl Workspace<'_> {
    fn run(&self, random: &mut Random) -> Run {
        let phase = self.phases[random.below(self.phases.len())];
        [self.organization.to_owned(), self.project.to_owned(), filled(self.name, random), phase.to_owned()]
    }

    fn claims(&self, [organization, project, workspace, phase]: &Run, random: &mut Random) -> Claims {
        let Value::Object(claims) = json!({
            "iss": self.issuer, "aud": "aws.workload.identity",
            "sub": format!("organization:{organization}:project:{project}:workspace:{workspace}:run_phase:{phase}"),
            "terraform_organization_id": "org-7", "terraform_organization_name": organization,
            "terraform_project_id": "prj-7", "terraform_project_name": project,
            "terraform_workspace_id": "ws-7", "terraform_workspace_name": workspace,
            "terraform_full_workspace": format!("organization:{organization}:project:{project}:workspace:{workspace}"),
            "terraform_run_id": format!("run-{}", random.below(1_000_000)), "terraform_run_phase": phase,
            "exp": 1_796_000_000 + random.below(9_999),
        }) else {
            unreachable!("an object is written here")
        };
        claims
    }

    fn changed(
        &self,
        why: &'static str,
        random: &mut Random,
        change: impl FnOnce(&mut Run, &mut Random),
    ) -> Token {
        let mut run = self.run(random);
        change(&mut run, random);
        Token::wrong(why, self.claims(&run, random))
    }

    /// Subjects of what is not a workspace of this project.
    fn others(&self, random: &mut Random) -> Vec<(&'static str, String)> {
        let [organization, project, workspace, phase] = self.run(random);
        let (start, end) = (format!("organization:{organization}"), format!("run_phase:{phase}"));
        let stack = format!("{start}:project:{project}:stack:{workspace}");
        let operation = random.pick(PHASES);
        vec![
            ("a Stack", format!("{stack}:deployment:{}:operation:{operation}", random.pick(&["prod", "eu"]))),
            (
                "a Stack's deployment of that name",
                format!("{stack}:deployment:{workspace}:operation:{phase}"),
            ),
            ("a Stack in the phase", format!("{stack}:{end}")),
            ("a test of a module", format!("{start}:module:{workspace}:operation:test_run")),
            (
                "a test of a module of the project",
                format!("{start}:project:{project}:module:{workspace}:operation:test_run"),
            ),
            ("no project", format!("{start}:workspace:{workspace}:{end}")),
            ("no workspace", format!("{start}:project:{project}:{end}")),
            ("no phase", format!("{start}:project:{project}:workspace:{workspace}")),
            ("the organization alone", start.clone()),
            ("no organization", format!("project:{project}:workspace:{workspace}:{end}")),
            ("another order", format!("{start}:workspace:{workspace}:project:{project}:{end}")),
            (
                "a phase that is not one",
                format!("{start}:project:{project}:workspace:{workspace}:run_phase:{phase}s"),
            ),
            (
                "an organization in another",
                format!("organization:evil:{start}:project:{project}:workspace:{workspace}:{end}"),
            ),
        ]
    }
}

impl Caller for Workspace<'_> {
    fn subjects(&self) -> Vec<String> {
        let Self { organization, project, name, phases, .. } = self;
        let of = format!("organization:{organization}:project:{project}:workspace:{name}");
        phases.iter().map(|phase| format!("{of}:run_phase:{phase}")).collect()
    }

    fn own(&self, random: &mut Random) -> Claims {
        let run = self.run(random);
        self.claims(&run, random)
    }

    fn strangers(&self, random: &mut Random) -> Vec<Token> {
        let mut tokens = Vec::new();
        for (place, why) in [
            "an organization whose name is like it",
            "a project whose name is like it",
            "a workspace whose name is like it",
        ]
        .into_iter()
        .enumerate()
        {
            for _ in 0..2 {
                tokens.push(self.changed(why, random, |run, random| run[place] = alike(&run[place], random)));
            }
        }
        for (place, why) in
            ["the organization in other case", "the project in other case", "the workspace in other case"]
                .into_iter()
                .enumerate()
        {
            tokens.push(
                self.changed(why, random, |run, random| run[place] = changed_case(&run[place], random)),
            );
        }
        for phase in PHASES {
            tokens.push(self.changed("another phase", random, |run, _| run[3] = (*phase).into()));
        }
        tokens.push(self.changed("the workspace in another project", random, |run, random| {
            run[1] = random.pick(&["Default Project", "sandbox"]).into();
        }));
        tokens.push(
            self.changed("project and workspace in each other's place", random, |run, _| run.swap(1, 2)),
        );
        for (why, subject) in self.others(random) {
            tokens.push(Token::wrong(why, with(&self.own(random), "sub", subject)));
        }
        tokens
    }

    /// AWS compares nothing else of these tokens.
    fn impostors(&self, _: &mut Random) -> Vec<Token> {
        Vec::new()
    }
}
