//! Which texts say who can assume the roles that the stack set of Account A creates in its targets.
//!
//! Responsible for following the stack set to its template, as Terraform does, override files included. Refuses to guess: a
//! template that only a run would show is named as not known. Other stack sets of A matter where a template of theirs has a
//! role of the spec.

use super::documents::{self, Origin, STACK_SET, Standing, TrustTexts, Unknown};
use super::template;
use crate::output::RelPath;
use crate::terraform::{Block, Made, Terraform};

/// What the generated stack set is called.
const OURS: &str = "roles";

/// Looks through the files of A.
#[must_use]
pub fn stack_set_texts(files: &[Standing]) -> TrustTexts {
    let mut texts = TrustTexts::default();
    let templates: Vec<&Standing> = files.iter().filter(|file| documents::is_template(file)).collect();
    for template in &templates {
        texts.take_template(template);
    }
    let Some(terraform) = documents::read_folders_with(STACK_SET, files) else { return texts };
    for problem in &terraform.problems {
        let what = format!("{}, so another template may be named here", problem.message);
        texts.unknown.extend(Unknown::new(&problem.source, problem.at.start as usize, what));
    }
    for set in terraform.modules().into_iter().flat_map(|module| module.resources(STACK_SET)) {
        if !matches!(set.made, Made::Never) {
            follow(set, &templates, &terraform, &mut texts);
        }
    }
    texts
}

fn follow(set: &Block, templates: &[&Standing], terraform: &Terraform, texts: &mut TrustTexts) {
    let is_ours = set.labels.get(1).is_some_and(|name| name == OURS);
    let body = set.get("template_body");
    let Some(text) = body.and_then(|body| body.text()) else {
        let reason = body.and_then(|body| body.reason());
        let why = reason.map_or("it is not a text of `template_body`", |reason| &reason.why);
        let what = format!("the template of `{STACK_SET}.{OURS}` is not known: {why}");
        texts.unknown.extend(Unknown::at(&terraform.sources, set.at, what).filter(|_| is_ours));
        return;
    };
    if templates.iter().any(|template| *template.text == *text) {
        return;
    }
    let Some(path) = RelPath::new(&set.source.name) else { return };
    for (_, role) in template::roles(text) {
        match role {
            Ok((name, policy)) => {
                let file =
                    Standing { path: path.clone(), text: policy.into(), holds: None, origin: Origin::Edited };
                texts.take_text(file, name);
            }
            Err(what) => {
                let what = format!("the template of `{STACK_SET}.{OURS}`: {what}");
                texts.unknown.extend(Unknown::at(&terraform.sources, set.at, what).filter(|_| is_ours));
            }
        }
    }
}
