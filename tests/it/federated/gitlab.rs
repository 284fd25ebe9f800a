//! Tokens of GitLab: gitlab.com, and servers of one's own.

use serde_json::{Value, json};

use super::github::Job;
use super::names::{alike, changed_case, filled, other_id};
use super::token::{Caller, Claims, Token, with, without};
use crate::hcl::generator::Random;

/// A project, and what of it may enter.
#[derive(Debug, Clone)]
pub(crate) struct Project<'c> {
    /// The URL of GitLab.
    pub(crate) issuer: &'c str,
    /// Groups and name.
    pub(crate) path: &'c str,
    /// The project's id, where it is known and AWS compares it.
    pub(crate) id: Option<&'c str>,
    pub(crate) audience: &'c str,
    /// Of an environment, the project's subjects have to be made of its path and `environment`. Merge requests are branches.
    pub(crate) job: Job<'c>,
}

/// What one token is about.
struct Pipeline {
    path: String,
    id: String,
    /// The end of the subject.
    context: String,
}

/// The end of a subject.
fn context(job: &Job<'_>) -> String {
    match job {
        Job::Branch(name) => format!("ref_type:branch:ref:{name}"),
        Job::Tag(name) => format!("ref_type:tag:ref:{name}"),
        Job::Environment(name) => format!("environment:{name}"),
        Job::PullRequest => panic!("GitLab's subjects say nothing of merge requests"),
    }
}

impl Project<'_> {
    fn pipeline(&self, random: &mut Random) -> Pipeline {
        Pipeline {
            path: self.path.to_owned(),
            id: self.id.unwrap_or("4711").to_owned(),
            context: filled(&context(&self.job), random),
        }
    }

    fn claims(&self, pipeline: &Pipeline, random: &mut Random) -> Claims {
        let Pipeline { path, id, context } = pipeline;
        let (group, _) = path.rsplit_once('/').unwrap_or((path, ""));
        let (kind, name) = match context.split_once(":ref:") {
            Some((kind, name)) => (kind.trim_start_matches("ref_type:"), name),
            None => ("branch", "main"),
        };
        let login = random.pick(&["someone", "maintainer", "project_7_bot"]);
        let Value::Object(mut claims) = json!({
            "iss": self.issuer, "aud": self.audience, "sub": format!("project_path:{path}:{context}"),
            "namespace_id": "77", "namespace_path": group, "project_id": id, "project_path": path,
            "user_id": (1_000 + random.below(9_000)).to_string(), "user_login": login,
            "user_email": format!("{login}@example.com"), "user_access_level": "maintainer",
            "pipeline_id": (10_000 + random.below(90_000)).to_string(),
            "pipeline_source": random.pick(&["push", "web", "schedule"]), "runner_environment": "gitlab-hosted",
            "ref": name, "ref_type": kind, "ref_protected": "true", "exp": 1_796_000_000 + random.below(9_999),
        }) else {
            unreachable!("an object is written here")
        };
        if let Some(environment) = context.strip_prefix("environment:") {
            claims.insert("environment".to_owned(), json!(environment));
        }
        claims
    }

    fn changed(
        &self,
        why: &'static str,
        random: &mut Random,
        change: impl FnOnce(&mut Pipeline, &mut Random),
    ) -> Token {
        let mut pipeline = self.pipeline(random);
        change(&mut pipeline, random);
        Token::wrong(why, self.claims(&pipeline, random))
    }

    /// Ends of the subjects of other jobs of the project.
    fn others(&self, random: &mut Random) -> Vec<(&'static str, String)> {
        let (Job::Branch(name) | Job::Tag(name) | Job::Environment(name)) = self.job else {
            return Vec::new();
        };
        let name = filled(name, random);
        let other = alike(&name, random);
        vec![
            ("another branch", format!("ref_type:branch:ref:{other}")),
            ("a branch of that name", format!("ref_type:branch:ref:{name}")),
            ("another tag", format!("ref_type:tag:ref:{other}")),
            ("a tag of that name", format!("ref_type:tag:ref:{name}")),
            ("another environment", format!("environment:{other}")),
            ("an environment of that name", format!("environment:{name}")),
            ("the name in other case", context(&self.job).replace(&name, &changed_case(&name, random))),
            ("a subject in another order", format!("ref:{name}:ref_type:branch")),
            ("a subject without the kind of the ref", format!("ref:{name}")),
            (
                "a subject that says more",
                format!("ref_protected:false:{}", filled(&context(&self.job), random)),
            ),
        ]
    }
}

impl Caller for Project<'_> {
    fn subjects(&self) -> Vec<String> {
        vec![format!("project_path:{}:{}", self.path, context(&self.job))]
    }

    fn own(&self, random: &mut Random) -> Claims {
        let pipeline = self.pipeline(random);
        self.claims(&pipeline, random)
    }

    fn strangers(&self, random: &mut Random) -> Vec<Token> {
        let (group, name) = self.path.rsplit_once('/').expect("a group and a name");
        let other = |path: String| {
            move |pipeline: &mut Pipeline, random: &mut Random| {
                pipeline.path = path;
                pipeline.id = other_id(&pipeline.id, random);
            }
        };
        let paths = [
            ("another project of the group", format!("{group}/{}", alike(name, random))),
            (
                "a project of that name in a group whose name is like it",
                format!("{}/{name}", alike(group, random)),
            ),
            ("a fork", format!("{}/{name}", random.pick(&["stranger", "someone"]))),
            (
                "a project in a group of the project's name",
                format!("{}/{}", self.path, random.pick(&["x", "infra"])),
            ),
            ("a project in a group below", format!("{group}/{}/{name}", random.pick(&["x", "team"]))),
            (
                "a project of a group that holds its path",
                format!("{}/{}", random.pick(&["evil", "x"]), self.path),
            ),
            ("the group alone", group.to_owned()),
        ];
        let mut tokens: Vec<Token> =
            paths.into_iter().map(|(why, path)| self.changed(why, random, other(path))).collect();
        let new_name = alike(name, random);
        tokens.push(self.changed("the project under a new name", random, |pipeline, _| {
            pipeline.path = format!("{group}/{new_name}");
        }));
        for (why, context) in self.others(random) {
            tokens.push(self.changed(why, random, |pipeline, _| pipeline.context = context));
        }
        let id = other_id(self.id.unwrap_or("4711"), random);
        let by_id = format!("project_id:{id}:{}", filled(&context(&self.job), random));
        let whole = format!("project_path:{}", self.path);
        for (why, subject) in
            [("a subject by another project's id", by_id), ("a subject of the path alone", whole)]
        {
            tokens.push(Token::wrong(why, with(&self.own(random), "sub", subject)));
        }
        tokens
    }

    fn impostors(&self, random: &mut Random) -> Vec<Token> {
        if self.id.is_none() {
            return Vec::new();
        }
        let used_again = self.changed("the path used again", random, |pipeline, random| {
            pipeline.id = other_id(&pipeline.id, random);
        });
        vec![used_again, Token::wrong("no id of the project", without(&self.own(random), "project_id"))]
    }
}
