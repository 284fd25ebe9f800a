//! What the roles of a CloudFormation template allow that an earlier template did not, in words.

use super::cloudformation::{Template, TemplateRole};
use super::widening::widenings;
use crate::diagnostic::Span;
use crate::value::{self, Data, Value};

/// What the later template allows and the earlier one did not; what is not known on either side counts as new.
#[must_use]
pub fn template_widenings(before: &str, after: &str) -> Vec<String> {
    let (before, after) = (Template::read(before), Template::read(after));
    let mut found: Vec<String> =
        after.unread.iter().filter(|what| !before.unread.contains(what)).cloned().collect();
    for role in &after.roles {
        let was = before.roles.iter().find(|was| was.id == role.id);
        let said = widened(was, role);
        found.extend(said.into_iter().map(|what| format!("role `{}`: {what}", role.id)));
    }
    found
}

fn widened(was: Option<&TemplateRole>, role: &TemplateRole) -> Vec<String> {
    let mut found = match &role.trust_policy {
        Some(trust) => {
            widenings(&parse(was.and_then(|was| was.trust_policy.as_deref())), &parse(Some(trust)))
        }
        None if was.is_some_and(|was| was.trust_policy.is_none()) => Vec::new(),
        None => vec!["its trust policy is no longer written out in the template".to_owned()],
    };
    for (name, policy) in &role.inline_policies {
        let before = was.and_then(|was| was.inline_policies.get(name)?.as_deref());
        let what = widenings(&parse(before), &parse(policy.as_deref()));
        found.extend(what.into_iter().map(|what| format!("`{name}`: {what}")));
    }
    let is_attached = |arn: &&String| was.is_some_and(|was| was.managed_policies.contains(*arn));
    let attached = role.managed_policies.iter().filter(|arn| !is_attached(arn));
    found.extend(attached.map(|arn| format!("`{arn}` is attached, and was not")));
    let Some(was) = was else { return found };
    if was.boundary.is_some() && was.boundary != role.boundary {
        found.push("its permissions boundary is gone, or another".to_owned());
    }
    match (was.max_session_duration, role.max_session_duration) {
        (Some(before), Some(after)) if after <= before => {}
        (None, None) => {}
        _ => found.push("a session may last longer".to_owned()),
    }
    found
}

/// A document; one that is not there allows nothing.
fn parse(text: Option<&str>) -> Value {
    let nothing = || Value::new(Span::default(), Data::Null);
    text.and_then(|text| value::parse(text, 0).ok()).unwrap_or_else(nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(account: &str, more: &str) -> String {
        format!(
            r#"{{"Resources": {{"R": {{"Type": "AWS::IAM::Role", "Properties": {{"AssumeRolePolicyDocument":
            {{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {{"AWS": "arn:aws:iam::{account}:root"}}}}}}{more}}}}}}}}}"#
        )
    }

    #[test]
    fn what_opens_is_said_and_what_stays_or_closes_is_not() {
        let (one, other) = (template("111111111111", ""), template("222222222222", ""));
        assert_eq!(template_widenings(&one, &one), Vec::<String>::new());
        assert_eq!(template_widenings(&one, &other).len(), 1);
        let managed = template("111111111111", r#", "ManagedPolicyArns": ["arn:aws:iam::aws:policy/A"]"#);
        assert_eq!(
            template_widenings(&one, &managed),
            ["role `R`: `arn:aws:iam::aws:policy/A` is attached, and was not"]
        );
        assert_eq!(template_widenings(&managed, &one), Vec::<String>::new());
        let long = template("111111111111", r#", "MaxSessionDuration": 7200"#);
        assert_eq!(template_widenings(&one, &long), ["role `R`: a session may last longer"]);
        assert_eq!(template_widenings(&long, &one), Vec::<String>::new());
        let bound = template("111111111111", r#", "PermissionsBoundary": "arn:aws:iam::1:policy/B""#);
        assert_eq!(
            template_widenings(&bound, &one),
            ["role `R`: its permissions boundary is gone, or another"]
        );
        let inline = template(
            "111111111111",
            r#", "Policies": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}}]"#,
        );
        assert_eq!(template_widenings(&one, &inline).len(), 1);
        assert_eq!(template_widenings(&inline, &one), Vec::<String>::new());
    }
}
