//! Where a role may be made, or changed, in a way that was not read.

use std::collections::BTreeMap;

use super::{Folder, address, called_module, unknown};
use crate::diagnostic::Source;
use crate::grants::content::ticked;
use crate::grants::{Gap, Grants};
use crate::terraform::{Block, Module, Terraform};

/// Kinds of resources that make roles in a language of their own.
const MAKERS: [&str; 3] = ["aws_cloudformation_stack", "awscc_cloudformation_", "awscc_iam_role"];

/// Notes a module that is not among the files, and one of which only a run would show whether it is called.
pub(super) fn called(folder: &Folder<'_>, module: &Module, block: &Block, grants: &mut Grants) {
    let (address, is_here) = called_module(module, block);
    if !is_here {
        let source = block.text("source").unwrap_or("a source that is not known");
        add(folder, block, format!("{} was not read: {}", ticked(&address), ticked(source)), grants);
    } else if let Some(reason) = unknown(&block.made) {
        add(
            folder,
            block,
            format!("whether {} is called depends on {}", ticked(&address), reason.why),
            grants,
        );
    }
}

/// Notes a resource that may make a role.
pub(super) fn resource(folder: &Folder<'_>, module: &Module, block: &Block, grants: &mut Grants) {
    let kind = block.labels.first().map_or("", String::as_str);
    if MAKERS.iter().any(|maker| kind.starts_with(maker)) {
        let what = format!("{} may make roles, and is not read", ticked(&address(module, block)));
        add(folder, block, what, grants);
    }
}

/// Notes files that cannot be read.
pub(super) fn files(read: &Terraform, unread: &BTreeMap<String, String>, grants: &mut Grants) {
    for problem in &read.problems {
        let line = problem.source.line_and_column(problem.at.start as usize).0;
        let (file, what) = (problem.source.name.clone(), problem.message.clone());
        grants.gaps.push(Gap { file, line, what });
    }
    let unread = unread.iter().map(|(file, why)| Gap { file: file.clone(), line: 1, what: why.clone() });
    grants.gaps.extend(unread);
}

fn add(folder: &Folder<'_>, block: &Block, what: String, grants: &mut Grants) {
    let place = folder.sources.place(block.at);
    let line = place.map_or(1, |place| line(&place.source, place.span.start));
    grants.gaps.push(Gap { file: block.source.name.clone(), line, what });
}

fn line(source: &Source, offset: u32) -> usize {
    source.line_and_column(offset as usize).0
}
