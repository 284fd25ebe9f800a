//! What holds for every text, valid or not; a law that is broken panics.
//!
//! The fuzz targets try these laws with texts nobody thought of, and the tests of the repository
//! with the corpus those texts came from.

use crossrole::hcl::{self, Body, Document, ErrorKind, Item, SyntaxError, TokenKind};
use crossrole::output::{RelPath, UnitName};
use crossrole::reconcile::{DeferredCommit, Lockfile, Pending, UnitRecord};

/// The tokens of a text cover it, or the error points into it.
pub fn scan(text: &str) {
    let tokens = match hcl::scan(text) {
        Ok(tokens) => tokens,
        Err(error) => return points_into(text, &error),
    };
    let mut covered = 0;
    for token in &tokens {
        let gap = &text[covered..token.span().start];
        assert_eq!(gap.len(), token.blanks as usize);
        assert_eq!(gap.trim_matches(['\u{feff}', ' ', '\t']), "");
        covered = token.span().end;
    }
    assert_eq!(covered, text.len());
    assert_eq!(tokens.last().map(|last| last.kind), Some(TokenKind::End));
}

/// A text is valid for the checker exactly if it is for the tree, whose parts then cover it.
pub fn check(text: &str) {
    let verdict = hcl::check(text);
    if let Err(error) = &verdict {
        assert_eq!(error.kind, ErrorKind::Invalid);
        points_into(text, error);
    }
    match Document::parse(text) {
        Ok(document) => {
            assert_eq!(verdict, Ok(()));
            assert_eq!(document.body().span.range(), 0..text.len());
            covers(document.body());
        }
        Err(error) if error.kind == ErrorKind::Invalid => assert_eq!(verdict, Err(error)),
        Err(error) => points_into(text, &error),
    }
}

/// What is formatted is valid, and formatting it again changes nothing; only what is invalid is
/// refused as invalid.
pub fn format(text: &str) {
    match hcl::format(text) {
        Ok(formatted) => {
            assert_eq!(hcl::check(text), Ok(()));
            assert_eq!(hcl::check(&formatted), Ok(()));
            assert_eq!(hcl::format(&formatted), Ok(formatted));
        }
        Err(error) => {
            points_into(text, &error);
            assert_eq!(hcl::check(text).is_err(), error.kind == ErrorKind::Invalid);
        }
    }
}

/// Whatever a text says as a record, or as what a run left: it names no path out of the folder, none of
/// git's, and what is read is written and read again as the same.
pub fn records(text: &str) {
    if let Ok(lock) = Lockfile::parse(text) {
        // What a merge left is written as one.
        assert_eq!(Lockfile::parse(&lock.to_text()), Ok(Lockfile { is_merged: false, ..lock }));
    }
    let units = ["shared", "source", "targets/staging"].map(UnitName::parse);
    for unit in units.into_iter().flatten() {
        if let Ok(record) = UnitRecord::parse(&unit, text) {
            assert!(record.files.iter().all(|file| !file.path.is_reserved() && is_inside(&file.path)));
            let whole = UnitRecord { is_merged: false, ..record };
            assert_eq!(UnitRecord::parse(&unit, &whole.to_text()), Ok(whole));
        }
    }
    if let Ok(pending) = Pending::parse(text) {
        let conflicts =
            pending.conflicts.iter().flat_map(|waiting| [Some(&waiting.path), waiting.beside.as_ref()]);
        let touched = pending.touched.iter().map(|touched| Some(&touched.path));
        assert!(conflicts.chain(touched).flatten().all(is_inside));
        assert_eq!(pending.to_text().map(|text| Pending::parse(&text)), Ok(Ok(pending)));
    }
    if let Some(owed) = DeferredCommit::parse(text) {
        assert!(owed.files.keys().all(is_inside));
        assert_eq!(owed.to_text().map(|text| DeferredCommit::parse(&text)), Ok(Some(owed)));
    }
}

/// Whether a path stays in the folder and out of git's, on every system.
fn is_inside(path: &RelPath) -> bool {
    let is_odd = |part: &str| {
        matches!(part, "" | "." | "..") || part.to_lowercase().starts_with(".git") && part.len() == 4
    };
    !path.as_str().contains(['\\', ':']) && !path.as_str().split('/').any(is_odd)
}

fn points_into(text: &str, error: &SyntaxError) {
    assert!(text.get(error.span.range()).is_some(), "{error:?} points beside the text");
    assert!(!error.message.is_empty());
}

fn covers(body: &Body) {
    let mut covered = body.span.start;
    for item in &body.items {
        if let Item::Block(block) = item {
            covers(&block.body);
        }
        assert_eq!(item.span().start, covered);
        covered = item.span().end;
    }
    assert_eq!(covered, body.span.end);
}
