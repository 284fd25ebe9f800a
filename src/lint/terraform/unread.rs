//! What could not be judged, and why: `CR110`.

use std::collections::BTreeSet;

use super::root::{Root, Texts, label};
use crate::diagnostic::words::excerpt;
use crate::diagnostic::{Source, Span};
use crate::lint::finding::Finding;
use crate::terraform::{Block, Made, Terraform};
use crate::value::Reason;

/// More reasons than these are not listed in one message.
const MOST_REASONS: usize = 3;

/// What was read, and the files that it was read from.
pub(super) struct Unread<'t> {
    pub(super) read: &'t Terraform,
    pub(super) codes: &'t Texts,
}

impl Unread<'_> {
    /// Something that was not judged, with the place of the first reason.
    pub(super) fn finding(&self, root: &Root<'_>, at: Span, message: &str, gaps: &[&Reason]) -> Vec<Finding> {
        let mut reasons: Vec<String> = Vec::new();
        for gap in gaps {
            let said = self.said(root, gap);
            if !reasons.contains(&said) {
                reasons.push(said);
            }
        }
        let more = reasons.len().saturating_sub(MOST_REASONS);
        reasons.truncate(MOST_REASONS);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        let message = format!("{message}: it depends on {}{more}", reasons.join(" and on "));
        let is_file = gaps.iter().any(|gap| self.read.unread.iter().any(|unread| unread.at == gap.at));
        let help = if is_file {
            "name the folder that holds both, or lint the file by itself"
        } else {
            "set it in `terraform.tfvars`, or save the policy from `terraform show -json` and lint that file"
        };
        let found = root.finding(|found| found.add("CR110", at, message, help));
        let elsewhere = gaps.first().filter(|gap| root.line(gap.at) != root.line(at));
        match elsewhere {
            Some(gap) => root.related(found, gap.at, "not known before a run"),
            None => found,
        }
    }

    fn said(&self, root: &Root<'_>, gap: &Reason) -> String {
        let file = self.read.unread.iter().find(|unread| unread.at == gap.at);
        let place = file.and_then(|file| Some((file, root.sources.place(gap.at)?)));
        match place {
            Some((file, place)) => {
                let path = self.shown(&file.root, &file.path, &place.source);
                format!("`{}`, which was not looked at", excerpt(&path))
            }
            None => gap.why.to_string(),
        }
    }

    /// The path of a file, seen from where the files are named; `..` goes up as far as that is known.
    fn shown(&self, root: &str, path: &str, by: &Source) -> String {
        if path.starts_with('/') {
            return path.to_owned();
        }
        let own = self.codes.iter().find(|(_, source)| source.name == by.name);
        let above = own.and_then(|(path, _)| by.name.strip_suffix(path.as_str())).unwrap_or_default();
        let whole = format!("{above}{root}/{path}");
        let mut parts: Vec<&str> = Vec::new();
        for (index, part) in whole.split('/').enumerate() {
            match (part, parts.last()) {
                ("." | "", _) if index > 0 || part == "." => {}
                ("..", Some(&last)) if !matches!(last, ".." | "") => drop(parts.pop()),
                _ => parts.push(part),
            }
        }
        parts.join("/")
    }
}

/// The modules that are called and not here; adds where they are called.
pub(super) fn modules(root: &Root<'_>, places: &mut BTreeSet<Span>) -> Vec<Finding> {
    let is_here = |call: &&Block| {
        let mut read = root.module.modules.iter();
        read.any(|module| Some(&label(&module.address)) == call.labels.first())
    };
    let calls = root.module.named("module").filter(|call| !matches!(call.made, Made::Never));
    let found = calls.filter(|call| !is_here(call)).flat_map(|call| {
        places.insert(call.at);
        let is_near = call.text("source").is_some_and(|source| source.starts_with('.'));
        let help =
            if is_near { "lint the folder that holds both" } else { "lint a copy of the module by itself" };
        root.finding(|found| {
            found.add(
                "CR110",
                call.at,
                "this module was not judged: its source is not among these files",
                help,
            );
        })
    });
    found.collect()
}
