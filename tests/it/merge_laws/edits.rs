//! What people do to a file. Everything new has a word of its own, by which it is found again.

use super::document::{Element, Item, Kind};
use super::random::Random;

/// A kind of edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Values,
    Comments,
    Lists,
    Blocks,
    Renames,
    /// What is done to blocks, but that none moves.
    Copies,
}

impl Family {
    pub(super) const ALL: [Self; 5] =
        [Self::Values, Self::Comments, Self::Lists, Self::Blocks, Self::Renames];

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Values => "values change, attributes come and go",
            Self::Comments => "comments change, come and go, attributes are commented out",
            Self::Lists => "elements and entries change, come, go and move, some of them twins",
            Self::Blocks => "blocks come, go, move and are doubled",
            Self::Copies => "blocks go and are doubled",
            Self::Renames => "blocks, their types and attributes get other names",
        }
    }
}

/// One side at work.
pub(super) struct Editor<'r> {
    pub(super) word: &'static str,
    pub(super) random: &'r mut Random,
    /// New headers and names with the old ones.
    pub(super) renamed: Vec<(String, String)>,
    /// Headers of copies with those of what they are copies of.
    pub(super) copied: Vec<(String, String)>,
}

impl Editor<'_> {
    fn new_word(&mut self) -> String {
        format!("{}{}", self.word, self.random.below(1_000_000))
    }

    /// A comment: mostly a new one, sometimes what anybody might write.
    fn comment(&mut self) -> String {
        if self.random.one_in(8) { "# later".to_owned() } else { format!("# {}", self.new_word()) }
    }

    fn changed_comment(&mut self, comment: &mut Option<String>) {
        *comment = if comment.is_some() && self.random.one_in(3) { None } else { Some(self.comment()) };
    }

    /// New headers and names with the old ones. The first copy of a block that is gone is that block.
    pub(super) fn names(self, items: &[Item]) -> Vec<(String, String)> {
        let mut names = self.renamed;
        for (copy, original) in self.copied.into_iter().filter(|(copy, original)| copy != original) {
            let is_one = is_there(items, &copy) && !is_there(items, &original);
            if is_one && names.iter().all(|(_, old)| *old != original) {
                names.push((copy, original));
            }
        }
        names
    }

    /// Makes one edit of a family.
    pub(super) fn edit(&mut self, items: &mut Vec<Item>, family: Family) {
        let at = self.random.below(items.len());
        let is_inner = !self.random.one_in(4);
        match items.get_mut(at).map(|item| &mut item.kind) {
            Some(Kind::Block(_, inner)) if is_inner && !inner.is_empty() => self.edit(inner, family),
            _ => match family {
                Family::Values => self.values(items, at),
                Family::Comments => self.comments(items, at),
                Family::Lists => self.lists(items, at),
                Family::Blocks => self.blocks(items, at, true),
                Family::Copies => self.blocks(items, at, false),
                Family::Renames => self.renames(items, at),
            },
        }
    }

    fn values(&mut self, items: &mut Vec<Item>, at: usize) {
        let value = format!("\"{}\"", self.new_word());
        match items.get_mut(at).map(|item| &mut item.kind) {
            Some(Kind::Attribute(_, old)) if !self.random.one_in(4) => *old = value,
            Some(Kind::Attribute(..) | Kind::List(..) | Kind::Object(..)) if self.random.one_in(3) => {
                items.remove(at);
            }
            _ => {
                let name = self.new_word();
                items.insert(at, Item::attribute(&name, &value));
            }
        }
    }

    fn comments(&mut self, items: &mut Vec<Item>, at: usize) {
        let new = self.comment();
        let Some(item) = items.get_mut(at) else { return };
        match (&mut item.kind, self.random.below(5)) {
            (Kind::Comment(comment), 0..=2) => *comment = new,
            (Kind::Comment(_), _) => drop(items.remove(at)),
            (Kind::Attribute(name, value), 0) => item.kind = Kind::Comment(format!("# {name} = {value}")),
            (Kind::List(_, elements), 1 | 2) if !elements.is_empty() => {
                let element = self.random.below(elements.len());
                self.element_comment(&mut elements[element]);
            }
            (Kind::Object(_, entries), 1 | 2) if !entries.is_empty() => {
                let entry = self.random.below(entries.len());
                self.element_comment(&mut entries[entry].1);
            }
            (_, 3) => items.insert(at, Item::new(Kind::Comment(new))),
            (Kind::Attribute(..), 1) => self.changed_comment(&mut item.behind),
            _ => self.changed_comment(&mut item.above),
        }
        // What became a comment has none of its own.
        for item in items.iter_mut().filter(|item| matches!(item.kind, Kind::Comment(_))) {
            (item.above, item.behind) = (None, None);
        }
    }

    fn element_comment(&mut self, element: &mut Element) {
        let comment = if self.random.one_in(2) { &mut element.above } else { &mut element.behind };
        self.changed_comment(comment);
    }

    fn lists(&mut self, items: &mut [Item], at: usize) {
        let is_list = |item: &Item| matches!(item.kind, Kind::List(..) | Kind::Object(..));
        let at = (0..items.len()).map(|next| (at + next) % items.len()).find(|&at| is_list(&items[at]));
        let value = format!("\"{}\"", self.new_word());
        match at.map(|at| &mut items[at].kind) {
            Some(Kind::List(_, elements)) => self.elements(elements, &value),
            Some(Kind::Object(_, entries)) => {
                let at = self.random.below(entries.len());
                match self.random.below(3) {
                    0 if entries.len() > 1 => drop(entries.remove(at)),
                    1 if !entries.is_empty() => entries[at].1.value = value,
                    _ => entries.insert(at, (self.new_word(), Element::new(&value))),
                }
            }
            _ => {}
        }
    }

    fn elements(&mut self, elements: &mut Vec<Element>, value: &str) {
        let at = self.random.below(elements.len());
        match self.random.below(6) {
            0 if elements.len() > 1 => drop(elements.remove(at)),
            1 if !elements.is_empty() => value.clone_into(&mut elements[at].value),
            2 if elements.len() > 1 => {
                let moved = elements.remove(at);
                let to = self.random.below(elements.len() + 1);
                elements.insert(to, moved);
            }
            3 if !elements.is_empty() => elements.insert(at, Element::new(&elements[at].value.clone())),
            _ => elements.insert(at, Element::new(value)),
        }
    }

    fn blocks(&mut self, items: &mut Vec<Item>, at: usize, may_move: bool) {
        let is_block = |item: &Item| matches!(item.kind, Kind::Block(..));
        let blocks: Vec<usize> = (0..items.len()).filter(|&at| is_block(&items[at])).collect();
        if blocks.is_empty() {
            return self.values(items, at);
        }
        let at = *self.random.pick(&blocks);
        match self.random.below(4) {
            0 => drop(items.remove(at)),
            1 if may_move => {
                let moved = items.remove(at);
                let to = self.random.below(items.len() + 1);
                items.insert(to, moved);
            }
            _ => {
                let mut copy = items[at].clone();
                // A resource that is there twice is not Terraform; a rule may be.
                if let Kind::Block(header, inner) = &mut copy.kind {
                    let word = self.new_word();
                    let original = header.clone();
                    *header = last_named(header, &word).unwrap_or_else(|| header.clone());
                    // Rules may be equal to the letter; a resource that is would be the old one under another name.
                    let extra = *header != original || self.random.one_in(2);
                    inner.extend(extra.then(|| Item::attribute(&format!("more_{word}"), "1")));
                    self.copied.push((header.clone(), original));
                }
                let to = self.random.below(items.len() + 1);
                items.insert(to, copy);
            }
        }
    }

    fn renames(&mut self, items: &mut Vec<Item>, at: usize) {
        let word = self.new_word();
        match items.get_mut(at).map(|item| &mut item.kind) {
            Some(_) if self.random.one_in(3) => drop(items.remove(at)),
            Some(Kind::Attribute(name, _) | Kind::List(name, _) | Kind::Object(name, _)) => {
                self.renamed.push((word.clone(), name.clone()));
                *name = word;
            }
            Some(Kind::Block(header, _)) if last_named(header, &word).is_some() => {
                let is_type = header.matches('"').count() > 2 && self.random.one_in(3);
                let named = if is_type { first_named } else { last_named };
                let new = named(header, &word).expect("it has a name");
                self.renamed.push((new.clone(), header.clone()));
                *header = new;
            }
            _ => self.values(items, at),
        }
    }
}

/// A header with another last label, or another key; `None` if it has neither.
fn last_named(header: &str, word: &str) -> Option<String> {
    let (kind, last) = header.rsplit_once(' ')?;
    Some(if last == "=" { format!("{word} =") } else { format!("{kind} \"{word}\"") })
}

/// A header with another first label.
fn first_named(header: &str, word: &str) -> Option<String> {
    let mut parts: Vec<&str> = header.split('"').collect();
    *parts.get_mut(1)? = word;
    Some(parts.join("\""))
}

/// Whether a block of this header is anywhere in a body.
fn is_there(items: &[Item], header: &str) -> bool {
    items.iter().any(|item| match &item.kind {
        Kind::Block(known, inner) => known == header || is_there(inner, header),
        _ => false,
    })
}
