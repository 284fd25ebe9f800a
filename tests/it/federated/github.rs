//! Tokens of GitHub Actions: github.com, an enterprise's own issuer there, GHE.com, and GitHub Enterprise Server.

use serde_json::{Value, json};

use super::names::{alike, changed_case, filled, other_id};
use super::token::{Caller, Claims, Token, with, without};
use crate::hcl::generator::Random;

/// The issuer at github.com.
const EVERYBODYS: &str = "https://token.actions.githubusercontent.com";

/// A repository, and what of it may enter.
#[derive(Debug, Clone)]
pub(crate) struct Repository<'c> {
    /// The issuer's URL.
    pub(crate) issuer: &'c str,
    pub(crate) owner: &'c str,
    pub(crate) name: &'c str,
    /// The ids of owner and repository, where they are known and AWS compares them.
    pub(crate) ids: Option<(&'c str, &'c str)>,
    pub(crate) job: Job<'c>,
}

/// What a job is about. A `*` in a name stands for any text.
#[derive(Debug, Clone)]
pub(crate) enum Job<'c> {
    Branch(&'c str),
    Tag(&'c str),
    Environment(&'c str),
    PullRequest,
}

/// What one token is about.
#[derive(Debug, Clone)]
struct Run {
    owner: String,
    name: String,
    owner_id: String,
    repository_id: String,
    /// The end of the subject.
    context: String,
    /// Whether the ids are in the subject, as for repositories made, renamed or moved since 2026-07-15.
    immutable: bool,
}

impl Job<'_> {
    /// The end of a subject, with the stars that its name has.
    fn context(&self) -> String {
        match self {
            Self::Branch(name) => format!("ref:refs/heads/{}", encoded(name)),
            Self::Tag(name) => format!("ref:refs/tags/{}", encoded(name)),
            Self::Environment(name) => format!("environment:{}", encoded(name)),
            Self::PullRequest => "pull_request".to_owned(),
        }
    }

    /// Ends of the subjects of other jobs in the same repository, some of which look like this one's.
    fn others(&self, random: &mut Random) -> Vec<(&'static str, String)> {
        let name = match self {
            Self::Branch(name) | Self::Tag(name) | Self::Environment(name) => filled(name, random),
            Self::PullRequest => "main".to_owned(),
        };
        let other = alike(&name, random);
        vec![
            ("another branch", format!("ref:refs/heads/{}", encoded(&other))),
            ("a branch", format!("ref:refs/heads/{}", encoded(&name))),
            ("another tag", format!("ref:refs/tags/{}", encoded(&other))),
            ("a tag of that name", format!("ref:refs/tags/{}", encoded(&name))),
            ("another environment", format!("environment:{}", encoded(&other))),
            ("an environment of that name", format!("environment:{}", encoded(&name))),
            (
                "the environment in other case",
                format!("environment:{}", encoded(&changed_case(&name, random))),
            ),
            (
                "an environment that is called like a branch",
                format!("environment:refs/heads/{}", encoded(&name)),
            ),
            ("a pull request", "pull_request".to_owned()),
            ("a merge of a pull request", format!("ref:refs/pull/{}/merge", random.below(900))),
            ("a queue of merges", format!("ref:refs/heads/gh-readonly-queue/{}/pr-7", encoded(&name))),
        ]
    }
}

/// A name in a subject.
fn encoded(name: &str) -> String {
    name.replace(':', "%3A")
}

impl<'c> Repository<'c> {
    /// The ids of its tokens; where nobody knows them, some.
    fn ids(&self) -> (&'c str, &'c str) {
        self.ids.unwrap_or(("8261", "730914"))
    }

    fn run(&self, random: &mut Random) -> Run {
        let (owner_id, repository_id) = self.ids();
        Run {
            owner: self.owner.to_owned(),
            name: self.name.to_owned(),
            owner_id: owner_id.to_owned(),
            repository_id: repository_id.to_owned(),
            context: filled(&self.job.context(), random),
            immutable: self.ids.is_some() && random.one_in(2),
        }
    }

    fn claims(&self, run: &Run, random: &mut Random) -> Claims {
        let Run { owner, name, owner_id, repository_id, context, immutable } = run;
        let repository = format!("{owner}/{name}");
        let shown = if *immutable {
            format!("{owner}@{owner_id}/{name}@{repository_id}")
        } else {
            repository.clone()
        };
        let branch = random.pick(&["main", "release/1", "feature-x"]);
        let git_ref = match context.strip_prefix("ref:") {
            Some(named) => named.to_owned(),
            None => format!("refs/heads/{branch}"),
        };
        let workflow = format!("{repository}/.github/workflows/deploy.yml@{git_ref}");
        let actor = random.pick(&["octocat", "dependabot[bot]", "someone"]);
        let Value::Object(mut claims) = json!({
            "iss": self.issuer, "aud": "sts.amazonaws.com", "sub": format!("repo:{shown}:{context}"),
            "repository": repository, "repository_id": repository_id,
            "repository_owner": owner, "repository_owner_id": owner_id, "repository_visibility": "private",
            "actor": actor, "actor_id": (1_000 + random.below(9_000)).to_string(), "ref": git_ref,
            "workflow": random.pick(&["deploy", "Plan and apply"]), "workflow_ref": workflow, "job_workflow_ref": workflow,
            "event_name": random.pick(&["push", "workflow_dispatch", "schedule"]), "runner_environment": "github-hosted",
            "run_id": (10_000 + random.below(90_000)).to_string(), "exp": 1_796_000_000 + random.below(9_999),
        }) else {
            unreachable!("an object is written here")
        };
        if let Some(environment) = context.strip_prefix("environment:") {
            claims.insert("environment".to_owned(), json!(environment.replace("%3A", ":")));
        }
        claims
    }

    /// What another run's token would be like.
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

    /// Subjects of forms that GitHub does not issue, or issues only to those who have chosen their own.
    fn customised(&self, random: &mut Random) -> Vec<(&'static str, String)> {
        let Run { owner, name, owner_id, repository_id, context, .. } = self.run(random);
        vec![
            ("a subject with the owner's id alone", format!("repo:{owner}@{owner_id}/{name}:{context}")),
            (
                "a subject with the repository's id alone",
                format!("repo:{owner}/{name}@{repository_id}:{context}"),
            ),
            ("a subject of a repository alone", format!("repo:{owner}/{name}")),
            ("a subject of the job alone", context.clone()),
            ("a subject that begins with the job", format!("{context}:repo:{owner}/{name}")),
            ("a subject that says more of the repository", format!("repo:{owner}/{name}:x:{context}")),
            ("a subject by the owner's id", format!("repository_owner_id:{owner_id}:{context}")),
            (
                "a subject whose owner is in the job",
                format!("repo:evil/x:{context}:repo:{owner}/{name}:{context}"),
            ),
        ]
    }
}

impl Caller for Repository<'_> {
    fn subjects(&self) -> Vec<String> {
        let (owner, name, context) = (self.owner, self.name, self.job.context());
        let by_ids = self.ids.map(|(owner_id, repository_id)| {
            format!("repo:{owner}@{owner_id}/{name}@{repository_id}:{context}")
        });
        [format!("repo:{owner}/{name}:{context}")].into_iter().chain(by_ids).collect()
    }

    fn own(&self, random: &mut Random) -> Claims {
        let run = self.run(random);
        self.claims(&run, random)
    }

    fn strangers(&self, random: &mut Random) -> Vec<Token> {
        let other_ids = |run: &mut Run, random: &mut Random| {
            run.owner_id = other_id(&run.owner_id, random);
            run.repository_id = other_id(&run.repository_id, random);
        };
        let mut tokens = vec![
            self.changed("another repository of the owner", random, |run, random| {
                run.name = alike(&run.name, random);
                run.repository_id = other_id(&run.repository_id, random);
            }),
            self.changed(
                "a repository of that name, of an owner whose name is like it",
                random,
                |run, random| {
                    run.owner = alike(&run.owner, random);
                    other_ids(run, random);
                },
            ),
            self.changed("the owner's name with the repository's in it", random, |run, random| {
                run.owner = format!("{}{}", run.owner, run.name);
                other_ids(run, random);
            }),
            self.changed("a fork's pull request", random, |run, random| {
                run.owner = random.pick(&["stranger", "octocat"]).into();
                run.context = "pull_request".into();
                other_ids(run, random);
            }),
            self.changed("a fork", random, |run, random| {
                run.owner = random.pick(&["stranger", "octocat"]).into();
                other_ids(run, random);
            }),
            self.changed("the repository under a new name", random, |run, random| {
                run.name = alike(&run.name, random);
            }),
            self.changed("the repository, moved to another owner", random, |run, random| {
                run.owner = alike(&run.owner, random);
                run.owner_id = other_id(&run.owner_id, random);
            }),
            self.changed("names used again, with their new ids", random, |run, random| {
                other_ids(run, random);
                run.immutable = true;
            }),
        ];
        for (why, context) in self.job.others(random) {
            tokens.push(self.changed(why, random, |run, _| run.context = context));
        }
        for (why, subject) in self.customised(random) {
            tokens.push(Token::wrong(why, with(&self.own(random), "sub", subject)));
        }
        if let Job::Environment(name) = self.job {
            let subject = format!("repo:{}/{}:environment:{name}", self.owner, self.name);
            tokens.push(Token::wrong("a name that is not encoded", with(&self.own(random), "sub", subject)));
        }
        tokens
    }

    fn impostors(&self, random: &mut Random) -> Vec<Token> {
        let mut tokens = Vec::new();
        if let Some(slug) = self.issuer.strip_prefix(EVERYBODYS).and_then(|rest| rest.strip_prefix('/')) {
            let other = format!("{EVERYBODYS}/{}", alike(slug, random));
            tokens.push(Token::wrong("the issuer of everybody", with(&self.own(random), "iss", EVERYBODYS)));
            tokens.push(Token::wrong(
                "the issuer of another enterprise",
                with(&self.own(random), "iss", other),
            ));
        }
        let Some((owner_id, repository_id)) = self.ids else { return tokens };
        let by_name = |run: &mut Run| run.immutable = false;
        tokens.push(self.changed("both names used again", random, |run, random| {
            by_name(run);
            run.owner_id = other_id(&run.owner_id, random);
            run.repository_id = other_id(&run.repository_id, random);
        }));
        tokens.push(self.changed("the repository's name used again", random, |run, random| {
            by_name(run);
            run.repository_id = other_id(&run.repository_id, random);
        }));
        tokens.push(self.changed("the owner's name used again", random, |run, random| {
            by_name(run);
            run.owner_id = other_id(&run.owner_id, random);
        }));
        let mut run = self.run(random);
        by_name(&mut run);
        let own = self.claims(&run, random);
        tokens.push(Token::wrong("no id of the repository", without(&own, "repository_id")));
        tokens.push(Token::wrong("no id of the owner", without(&own, "repository_owner_id")));
        if owner_id != repository_id {
            let swapped = with(&with(&own, "repository_id", owner_id), "repository_owner_id", repository_id);
            tokens.push(Token::wrong("each id in the other's place", swapped));
        }
        tokens
    }
}
