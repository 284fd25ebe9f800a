//! Blocks that moved to another file of their folder: Terraform reads all files of a folder as one,
//! so a block is the same wherever it stands, and a merge file by file has to find it on all sides.

use std::collections::BTreeMap;

use super::hcl::followed;
use crate::hcl::{Document, Span};
use crate::sides::{Side, Sides};

/// One `.tf` file of a folder, on every side where it exists.
pub type FileSides = Sides<Option<String>>;

/// Where a block stands.
struct BlockPlace<'f> {
    file: &'f str,
    span: Span,
}

/// Every block of one side by its address; `None` where there are two.
type BlockPlaces<'f> = BTreeMap<String, Option<BlockPlace<'f>>>;

/// A block that is to stand elsewhere.
struct Move {
    which: Side,
    from: String,
    to: String,
    span: Span,
}

/// Moves blocks between the files of each side, by their address, so that a block stands in the
/// same file on all sides: where ours has it if ours moved it, else where theirs does. After that a
/// merge file by file finds every block.
///
/// Followed are blocks of the outermost level that have an address of their own in the folder, on
/// every side; the rest stays where it is. Where nothing moved, no byte changes. A file that a move
/// empties stays, with what is left of it, and a file that a person deleted stays deleted: its
/// `ours` stays `None`, and its other sides keep only what ours has nowhere.
///
/// ```
/// use std::collections::BTreeMap;
/// use crossrole::merge::{FileSides, follow_moves};
///
/// let role = "resource \"aws_iam_role\" \"a\" {\n  path = \"/\"\n}\n".to_owned();
/// let new = role.replace("/", "/new/");
/// let main = FileSides { base: Some(role.clone()), ours: Some(String::new()), theirs: Some(new.clone()) };
/// let roles = FileSides { ours: Some(role.clone()), ..FileSides::default() };
/// let mut files = BTreeMap::from([("main.tf".to_owned(), main), ("roles.tf".to_owned(), roles)]);
///
/// follow_moves(&mut files);
/// assert_eq!(files["roles.tf"].base, Some(role));
/// assert_eq!(files["roles.tf"].theirs, Some(new));
/// assert_eq!(files["main.tf"].theirs.as_deref(), Some(""));
/// ```
pub fn follow_moves(files: &mut BTreeMap<String, FileSides>) {
    let is_quiet = |file: &FileSides| file.base == file.ours && file.base == file.theirs;
    if files.values().all(is_quiet) {
        return;
    }
    let moves = moves(files);
    for one in &moves {
        make_room(files.entry(one.to.clone()).or_default());
    }
    carry_out(files, moves);
}

/// Makes a file exist on the sides on which a block may come to stand in it, or be missing in it:
/// what is deleted then is a block and not the file. One that a person deleted is left alone.
fn make_room(file: &mut FileSides) {
    if file.base.is_none() {
        file.ours.get_or_insert_default();
    }
    file.base.get_or_insert_default();
    file.theirs.get_or_insert_default();
}

/// What has to move, of all sides.
fn moves(files: &BTreeMap<String, FileSides>) -> Vec<Move> {
    let [base, ours, theirs] = Side::ALL.map(|which| places(files, which)).into_array();
    let mut moves = Vec::new();
    let addresses = ours.keys().chain(base.keys().filter(|address| !ours.contains_key(*address)));
    for address in addresses {
        let found = [&base, &ours, &theirs].map(|places| places.get(address));
        let is_ambiguous = found.iter().any(|place| matches!(place, Some(None)));
        let [b, o, t] = found.map(|place| place.and_then(Option::as_ref));
        let Some(to) = target(b, o, t).filter(|_| !is_ambiguous) else { continue };
        for (which, place) in Side::ALL.into_array().into_iter().zip([b, o, t]) {
            if let Some(place) = place.filter(|place| place.file != to) {
                let (from, to, span) = (place.file.to_owned(), to.to_owned(), place.span);
                moves.push(Move { which, from, to, span });
            }
        }
    }
    moves
}

/// The file in which a block is to stand on all sides.
fn target<'f>(
    base: Option<&BlockPlace<'f>>,
    ours: Option<&BlockPlace<'f>>,
    theirs: Option<&BlockPlace<'f>>,
) -> Option<&'f str> {
    let (base, theirs) = (base.map(|place| place.file), theirs.map(|place| place.file));
    match ours.map(|place| place.file) {
        Some(ours) if Some(ours) != base => Some(ours),
        Some(ours) => Some(theirs.unwrap_or(ours)),
        // What ours deleted is told from what theirs moved by standing where theirs has it.
        None => theirs.filter(|_| base.is_some()),
    }
}

fn places(files: &BTreeMap<String, FileSides>, which: Side) -> BlockPlaces<'_> {
    let mut places = BlockPlaces::new();
    for (name, file) in files {
        let Some(text) = file.as_ref().pick(which) else { continue };
        let Ok(document) = Document::parse(text) else { continue };
        for (address, span) in followed(&document) {
            let place = BlockPlace { file: name, span };
            places.entry(address).and_modify(|known| *known = None).or_insert(Some(place));
        }
    }
    places
}

/// Takes the texts out of their files, the last first, and puts them at the end of the others.
fn carry_out(files: &mut BTreeMap<String, FileSides>, mut moves: Vec<Move>) {
    moves.sort_by_key(|one| std::cmp::Reverse(one.span.start));
    let mut arrivals = Vec::new();
    for one in moves {
        let from = files.get_mut(&one.from).and_then(|file| file.pick_mut(one.which).as_mut());
        if let Some(text) = from {
            arrivals.push((one.to, one.which, cut(text, one.span)));
        }
    }
    for (to, which, block) in arrivals.into_iter().rev() {
        if let Some(file) = files.get_mut(&to) {
            append(file.pick_mut(which).get_or_insert_default(), &block);
        }
    }
}

/// Takes a block out of a text, and one of the blank lines around it.
pub(super) fn cut(text: &mut String, span: Span) -> String {
    let block = text[span].to_owned();
    text.replace_range(span.range(), "");
    let rest = &text[span.start..];
    if let Some(line) = ["\n", "\r\n"].into_iter().find(|line| rest.starts_with(line)) {
        text.replace_range(span.start..span.start + line.len(), "");
    } else if rest.is_empty() {
        text.truncate(text.trim_end().len());
        text.push_str(if text.is_empty() { "" } else { "\n" });
    }
    block
}

fn append(text: &mut String, block: &str) {
    if !text.is_empty() {
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
    }
    text.push_str(block);
    if !block.ends_with('\n') {
        text.push('\n');
    }
}
