//! Which steps a caller can take of a target, and which of them depend on others.
//!
//! Pure: from the fleet and who is calling to a list of tasks, in the order to carry them out.

use serde_json::Value as Json;

use super::caller::Declared;
use super::request::{Twist, assume_role};
use crate::evidence::StepName;
use crate::model::{Bootstrap, Fleet, Role, Target};

/// What is left of a bucket's name of 63 characters for its beginning, before a dash, the suffix of a run, and a letter more
/// for the bucket that a read-only role must not create.
const LONGEST_BEGINNING: usize = 63 - 1 - 8 - 1;

/// Why a role is not entered that demands MFA.
const NEEDS_MFA: &str = "its role demands MFA, which these credentials do not carry: start an MFA session first, for example with `eval \"$(source/mfa-session.sh CODE)\"`, and verify again";

/// What is tried of a target.
#[derive(Debug)]
pub(super) struct Course<'f> {
    pub(super) target: &'f Target,
    pub(super) tasks: Vec<Task>,
    /// Why the target is not entered, where it is not.
    pub(super) not_entered: Option<String>,
    /// The bucket that is built.
    pub(super) bucket: String,
}

/// One step, before it is taken.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) name: StepName,
    pub(super) role_arn: String,
    /// The step of the same role that must have gone well before; without that, this one would prove nothing.
    pub(super) needs: Option<StepName>,
    pub(super) work: Work,
}

/// What is done in a step.
#[derive(Debug, Clone)]
pub(super) enum Work {
    /// A role is assumed with the caller's credentials.
    Assume(Json),
    /// A role is assumed with a session of the role.
    AssumeAgain(Json),
    /// The session says who it is.
    Identity,
    /// A bucket is created with the session.
    CreateBucket,
    /// Terraform runs, with this value of the variable `role`.
    Terraform(Option<String>),
    /// The bucket is looked for with the session, in the target account.
    LookInTarget,
    /// The bucket is looked for with the caller's credentials, in the source account.
    LookInSource,
    /// Nothing, for a reason.
    Skip(&'static str),
}

/// What becomes of the verification bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// None is built.
    None,
    /// It is built, looked for, and destroyed.
    BuiltAndDestroyed,
    /// It is built, looked for, and kept.
    BuiltAndKept,
}

/// What is tried of a target by this caller; names of buckets end with the suffix.
pub(super) fn course<'f>(
    fleet: &'f Fleet,
    target: &'f Target,
    caller: &Declared<'_>,
    asked: Bucket,
    suffix: &str,
) -> Course<'f> {
    let bucket = bucket_name(target, suffix);
    let course = |tasks, not_entered| Course { target, tasks, not_entered, bucket };
    if target.retired {
        return course(Vec::new(), Some("it is retired".to_owned()));
    }
    let planner = Planner { fleet, target, caller, asked };
    let mut roles: Vec<&Role> = target.roles.iter().collect();
    roles.sort_by_key(|role| !std::ptr::eq(*role, target.roles.default()));
    let (listing, others): (Vec<_>, Vec<_>) = roles.into_iter().partition(|role| caller.may_assume(role));
    let (closed, open): (Vec<_>, Vec<_>) =
        listing.iter().copied().partition(|role| caller.lacks_mfa && caller.needs_mfa(role));
    let mut tasks: Vec<Task> = closed.iter().map(|role| planner.without_mfa(role)).collect();
    tasks.extend(open.iter().flat_map(|role| planner.role(role)));
    tasks.extend(others.iter().map(|role| planner.not_listed(role)));
    tasks.extend(planner.terraform(&open));
    let not_entered = match (listing.is_empty(), open.is_empty()) {
        (true, _) => Some("none of its roles lists this caller".to_owned()),
        (_, true) => Some(NEEDS_MFA.to_owned()),
        _ => None,
    };
    course(tasks, not_entered)
}

struct Planner<'p, 'f> {
    fleet: &'f Fleet,
    target: &'f Target,
    caller: &'p Declared<'p>,
    asked: Bucket,
}

impl Planner<'_, '_> {
    fn task(&self, name: StepName, role: &Role, needs: Option<StepName>, work: Work) -> Task {
        let role_arn = self.target.arn_of(role, self.fleet.source.partition);
        Task { name, role_arn, needs, work }
    }

    fn request(&self, role: &Role, twist: Twist) -> Json {
        let arn = self.target.arn_of(role, self.fleet.source.partition);
        assume_role(&self.target.session, role, &arn, twist)
    }

    /// Everything about a role that lists the caller, Terraform aside.
    fn role(&self, role: &Role) -> Vec<Task> {
        let after = |name, work| self.task(name, role, Some(StepName::Assume), work);
        let twisted = |name, twist| after(name, Work::Assume(self.request(role, twist)));
        let as_declared = self.request(role, Twist::AsDeclared);
        let mut tasks = vec![
            self.task(StepName::Assume, role, None, Work::Assume(as_declared.clone())),
            after(StepName::Identity, Work::Identity),
        ];
        if self.caller.needs_mfa(role) {
            let reason = "the credentials are a session, which may carry MFA; verify with the user's access key alone to see the refusal";
            tasks.push(self.task(StepName::WithoutMfa, role, None, Work::Skip(reason)));
        }
        if role.external_id.is_some() {
            tasks.push(twisted(StepName::WithoutExternalId, Twist::WithoutExternalId));
            tasks.push(twisted(StepName::OtherExternalId, Twist::OtherExternalId));
        }
        // What else a role allows that others have made is not declared.
        if self.target.bootstrap != Bootstrap::Existing {
            tasks.push(twisted(StepName::UndeclaredTag, Twist::UndeclaredTag));
            tasks.push(after(StepName::Stranger, Work::AssumeAgain(as_declared)));
        }
        if role.only_reads() {
            let reason = "if it were allowed, a bucket would be created: only tried with --apply";
            let work = if self.asked == Bucket::None { Work::Skip(reason) } else { Work::CreateBucket };
            tasks.push(after(StepName::ReadOnly, work));
        }
        tasks
    }

    fn without_mfa(&self, role: &Role) -> Task {
        self.task(StepName::WithoutMfa, role, None, Work::Assume(self.request(role, Twist::AsDeclared)))
    }

    fn not_listed(&self, role: &Role) -> Task {
        self.task(StepName::NotListed, role, None, Work::Assume(self.request(role, Twist::AsDeclared)))
    }

    /// Terraform, by the first of the roles that can be assumed; the bucket by the first that may build.
    fn terraform(&self, open: &[&Role]) -> Vec<Task> {
        let Some(first) = open.first() else { return Vec::new() };
        let key = |role: &Role| role.key.as_ref().map(ToString::to_string);
        let run = |name, needs, role: &Role| self.task(name, role, Some(needs), Work::Terraform(key(role)));
        let mut tasks =
            vec![run(StepName::Init, StepName::Assume, first), run(StepName::Test, StepName::Init, first)];
        if self.asked == Bucket::None {
            return tasks;
        }
        let builder = open.iter().find(|role| !role.only_reads());
        let reason = match (&self.target.bucket, builder) {
            (None, _) => "the spec declares no verification bucket for this target",
            (_, None) => "the roles that this caller can assume only read",
            (Some(_), Some(role)) => {
                let look = |name, work| self.task(name, role, Some(StepName::Apply), work);
                tasks.push(run(StepName::Apply, StepName::Test, role));
                tasks.push(look(StepName::FoundInTarget, Work::LookInTarget));
                tasks.push(look(StepName::NotFoundInSource, Work::LookInSource));
                tasks.push(match self.asked {
                    Bucket::BuiltAndKept => {
                        self.task(StepName::Destroy, role, None, Work::Skip("--keep keeps the bucket"))
                    }
                    _ => run(StepName::Destroy, StepName::Init, role),
                });
                return tasks;
            }
        };
        tasks.push(self.task(StepName::Apply, first, None, Work::Skip(reason)));
        tasks
    }
}

/// The name of this run's bucket: the real one may be there, with a state of its own.
fn bucket_name(target: &Target, suffix: &str) -> String {
    let usual = || format!("crossrole-verify-{}", target.account_id);
    let name = target.bucket.as_ref().map_or_else(usual, ToString::to_string);
    let beginning: String = name.chars().take(LONGEST_BEGINNING).collect();
    format!("{}-{suffix}", beginning.trim_end_matches(['-', '.']))
}

#[cfg(test)]
mod tests {
    use super::{Bucket, Course, course};
    use crate::verify::caller::{Declared, Identity};
    use crate::verify::tests::fleet;

    const SPEC: &str = r#"version: 1
source:
  account_id: "111111111111"
  callers:
    - {kind: iam_user, name: ada, mfa: true}
    - {kind: role, name: deployer}
targets:
  - name: staging
    account_id: "222222222222"
    default_role: apply
    roles:
      plan: {name: Plan, policy_arns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}
      apply: {name: Apply, callers: [deployer], external_id: 7f0c2b1e-5d0e-4f43-9d5c-0a4f9f8f2a51}
"#;

    fn names(course: &Course<'_>) -> Vec<String> {
        let name =
            |arn: &str| arn.rsplit('/').next().map(str::to_lowercase).expect("ARNs of roles have a slash");
        course.tasks.iter().map(|task| format!("{} {}", name(&task.role_arn), task.name.as_str())).collect()
    }

    fn tried(arn: &str, is_long_term: bool, asked: Bucket) -> (Vec<String>, Option<String>) {
        let fleet = fleet(SPEC);
        let identity = Identity { arn: arn.to_owned(), account: "111111111111".to_owned(), is_long_term };
        let caller = Declared::find(&fleet, &identity).expect("it is declared");
        let course = course(&fleet, &fleet.targets[0], &caller, asked, "0123abcd");
        (names(&course), course.not_entered)
    }

    #[test]
    fn a_caller_of_all_roles_enters_by_the_default_one() {
        let (names, not_entered) =
            tried("arn:aws:sts::111111111111:assumed-role/deployer/ci", false, Bucket::BuiltAndDestroyed);
        assert_eq!(not_entered, None);
        let apply =
            ["assume", "identity", "without_external_id", "other_external_id", "undeclared_tag", "stranger"];
        let plan = ["assume", "identity", "undeclared_tag", "stranger", "read_only"];
        let root = ["init", "test", "apply", "found_in_target", "not_found_in_source", "destroy"];
        let of = |role: &str, steps: &[&str]| -> Vec<String> {
            steps.iter().map(|step| format!("{role} {step}")).collect()
        };
        assert_eq!(names, [of("apply", &apply), of("plan", &plan), of("apply", &root)].concat());
    }

    #[test]
    fn a_key_without_mfa_sees_refusals_alone() {
        let (names, not_entered) =
            tried("arn:aws:iam::111111111111:user/ada", true, Bucket::BuiltAndDestroyed);
        assert_eq!(names, ["plan without_mfa", "apply not_listed"]);
        assert!(not_entered.expect("it is not entered").contains("MFA"));
    }

    #[test]
    fn a_session_of_a_user_may_carry_mfa() {
        let (names, not_entered) = tried("arn:aws:iam::111111111111:user/ada", false, Bucket::None);
        assert_eq!(not_entered, None);
        let plan = ["assume", "identity", "without_mfa", "undeclared_tag", "stranger", "read_only"];
        let plan = plan.map(|step| format!("plan {step}"));
        assert_eq!(names[..6], plan);
        assert_eq!(names[6..], ["apply not_listed", "plan init", "plan test"]);
    }
}
