//! Parser events into a tree, with every limit that hostile text runs into.
//!
//! Responsible for duplicate keys, aliases, merge keys and the limits; refuses to go on after the
//! first place where the text is no YAML at all, because everything behind it would be a guess.

use std::borrow::Cow;
use std::collections::hash_map::Entry as Slot;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Tag};

use super::{Data, Entry, Node, Scalar};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};

/// Collections inside collections; a spec needs six.
const DEEPEST: usize = 64;
/// Nodes that aliases may add to the tree, were each written out in full.
const MOST_ALIASED_NODES: usize = 4_000_000;
/// Bytes of text that aliases may add, were each written out in full.
const MOST_ALIASED_BYTES: usize = 64 << 20;
/// Bytes of a spec: ten times what 100,000 targets need.
const LONGEST: usize = 256 << 20;

/// The tree of the one document in `source`; `None` after an error that leaves nothing to look at.
pub(crate) fn load<'s>(source: &'s Arc<Source>, found: &mut Diagnostics) -> Option<Node<'s>> {
    if source.text.len() > LONGEST {
        let message = format!("the spec is larger than {} MiB", LONGEST >> 20);
        found.push(Diagnostic::error(message));
        return None;
    }
    let (text, shift) = without_mark(source);
    Loader::new(source, found, shift).document(text).ok()?
}

/// The same for files of other tools, whose tags say nothing here: `!Ref name` is `name`.
pub(crate) fn load_tagged<'s>(source: &'s Arc<Source>, found: &mut Diagnostics) -> Option<Node<'s>> {
    let (text, shift) = without_mark(source);
    let loader = Loader::new(source, found, shift);
    Loader { takes_tags: true, ..loader }.document(text).ok()?
}

/// The text, and the bytes of a byte-order mark before it.
fn without_mark(source: &Source) -> (&str, usize) {
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    (text, source.text.len() - text.len())
}

/// A problem that has been reported and that nothing can follow.
struct Reported;

/// How large a node would be, written out in full.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    nodes: usize,
    bytes: usize,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.nodes = self.nodes.saturating_add(other.nodes);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

struct Loader<'s, 'f> {
    source: &'s Arc<Source>,
    found: &'f mut Diagnostics,
    /// Bytes before the text that the parser sees: a byte-order mark.
    shift: usize,
    anchors: HashMap<usize, (Node<'s>, Weight)>,
    aliased: Weight,
    takes_tags: bool,
}

/// A collection that is still open.
struct Frame<'s> {
    at: Span,
    anchor: usize,
    weight: Weight,
    content: Content<'s>,
}

enum Content<'s> {
    Sequence(Vec<Node<'s>>),
    Mapping(Vec<Entry<'s>>, Option<(Cow<'s, str>, Span)>),
}

impl<'s, 'f> Loader<'s, 'f> {
    fn new(source: &'s Arc<Source>, found: &'f mut Diagnostics, shift: usize) -> Self {
        Self { source, found, shift, anchors: HashMap::new(), aliased: Weight::default(), takes_tags: false }
    }

    fn document(mut self, text: &'s str) -> Result<Option<Node<'s>>, Reported> {
        let options = granit_parser::options! {
            emit_comments: false,
            flow_nesting_limit: DEEPEST,
            block_nesting_limit: DEEPEST,
        };
        self.read(Parser::new_from_str_with_options(text, options))
    }

    fn read<I>(&mut self, events: I) -> Result<Option<Node<'s>>, Reported>
    where
        I: Iterator<Item = Result<(Event<'s>, granit_parser::Span), ScanError>>,
    {
        let mut open: Vec<Frame<'s>> = Vec::new();
        let mut root = None;
        for event in events {
            let (event, span) = event.map_err(|error| self.report_scan_error(&error))?;
            let at = self.span(&span);
            let (node, weight, anchor) = match event {
                Event::DocumentStart(..) if root.is_some() => {
                    return Err(self.error(at, "a second YAML document", "one spec is one document: remove everything from here on, or move it into a file of its own"));
                }
                Event::Scalar(text, style, anchor, tag) => {
                    self.refuse_tag(tag.as_deref(), at)?;
                    let weight = Weight { nodes: 1, bytes: text.len() };
                    let named = tag.is_some_and(|tag| tag.core_suffix() == Some("str"));
                    let plain = style == ScalarStyle::Plain && !named;
                    let data = Data::Scalar(Scalar { text, plain });
                    (Node { at, data }, weight, anchor)
                }
                Event::SequenceStart(_, anchor, tag) => {
                    self.refuse_tag(tag.as_deref(), at)?;
                    open.push(Frame::new(at, anchor, Content::Sequence(Vec::new())));
                    continue;
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.refuse_tag(tag.as_deref(), at)?;
                    open.push(Frame::new(at, anchor, Content::Mapping(Vec::new(), None)));
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let Some(frame) = open.pop() else { continue };
                    let (anchor, weight) = (frame.anchor, frame.weight);
                    (self.close(frame, at), weight, anchor)
                }
                Event::Alias(anchor) => {
                    let (node, weight) = self.alias(anchor, at)?;
                    (node, weight, 0)
                }
                _ => continue,
            };
            if anchor != 0 {
                self.anchors.insert(anchor, (node.clone(), weight));
            }
            match open.last_mut() {
                Some(frame) => frame.take(node, weight).map_err(|at| self.complex_key(at))?,
                None => root = Some(node),
            }
        }
        Ok(root)
    }

    fn span(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or_default();
        Span::new(range.start + self.shift..range.end + self.shift)
    }

    fn alias(&mut self, anchor: usize, at: Span) -> Result<(Node<'s>, Weight), Reported> {
        let Some((node, weight)) = self.anchors.get(&anchor).cloned() else {
            return Err(self.error(at, "an alias inside the very node it stands for", "write the value out"));
        };
        self.aliased.add(weight);
        if self.aliased.nodes > MOST_ALIASED_NODES || self.aliased.bytes > MOST_ALIASED_BYTES {
            return Err(self.error(
                at,
                "aliases expand to more than a spec can hold",
                "an alias that repeats itself through others grows without end; put shared values under `defaults`",
            ));
        }
        Ok((node, weight))
    }

    fn close(&mut self, frame: Frame<'s>, end: Span) -> Node<'s> {
        let at = Span { end: end.end.max(frame.at.end), ..frame.at };
        let data = match frame.content {
            Content::Sequence(items) => Data::Sequence(Arc::new(items)),
            Content::Mapping(entries, _) => Data::Mapping(Arc::new(self.mapping(entries))),
        };
        Node { at, data }
    }

    /// The entries of a finished mapping: no key twice, merge keys spread out beneath its own.
    fn mapping(&mut self, entries: Vec<Entry<'s>>) -> Vec<Entry<'s>> {
        let mut own: Vec<Entry<'s>> = Vec::with_capacity(entries.len());
        let mut merged = Vec::new();
        let mut places = HashMap::new();
        for entry in entries {
            if entry.key == "<<" {
                merged.push(entry);
                continue;
            }
            // Few keys are cheaper to look through than to hash.
            let first = if own.len() < 16 {
                own.iter().find(|known| known.key == entry.key).map(|known| known.key_at)
            } else {
                if places.is_empty() {
                    places = own.iter().map(|known| (known.key.clone(), known.key_at)).collect();
                }
                match places.entry(entry.key.clone()) {
                    Slot::Occupied(known) => Some(*known.get()),
                    Slot::Vacant(slot) => {
                        slot.insert(entry.key_at);
                        None
                    }
                }
            };
            match first {
                Some(first) => self.duplicate(&entry, first),
                None => own.push(entry),
            }
        }
        if !merged.is_empty() {
            let mut known = own.iter().map(|entry| entry.key.clone()).collect();
            for entry in &merged {
                self.spread(&mut own, &mut known, entry);
            }
        }
        own
    }

    /// `<<: *base`, or `<<: [*first, *second]` where the first has precedence.
    fn spread(&mut self, own: &mut Vec<Entry<'s>>, known: &mut HashSet<Cow<'s, str>>, merge: &Entry<'s>) {
        let bases = match &merge.value.data {
            Data::Mapping(_) => std::slice::from_ref(&merge.value),
            Data::Sequence(items) => items.as_slice(),
            Data::Scalar(_) => &[],
        };
        let mut usable = !bases.is_empty();
        for base in bases {
            let Data::Mapping(entries) = &base.data else {
                usable = false;
                continue;
            };
            for entry in entries.iter() {
                if known.insert(entry.key.clone()) {
                    own.push(entry.clone());
                }
            }
        }
        if !usable {
            let message = "a merge key `<<` takes a mapping or a list of mappings";
            self.error(merge.value.at, message, "for example `<<: *base`");
        }
    }

    fn duplicate(&mut self, entry: &Entry<'s>, first: Span) {
        self.found.push(
            Diagnostic::error(format!("the key `{}` stands here twice", entry.key))
                .at(self.source, entry.key_at)
                .label("second")
                .related(self.source, first, "first")
                .help("keep one of the two"),
        );
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, at: Span) -> Result<(), Reported> {
        match tag {
            Some(tag) if tag.core_suffix().is_none() && !self.takes_tags => {
                Err(self.error(at, format!("the YAML tag `{tag}` means nothing here"), "remove the tag"))
            }
            _ => Ok(()),
        }
    }

    fn complex_key(&mut self, at: Span) -> Reported {
        self.error(at, "a key must be a plain text", "lists and mappings cannot be keys here")
    }

    fn report_scan_error(&mut self, error: &ScanError) -> Reported {
        let offset = error.marker().byte_offset().unwrap_or_default() + self.shift;
        let end = (offset + 1).min(self.source.text.len());
        let message = format!("this is not YAML: {}", error.info());
        self.error(Span::new(offset.min(end)..end), message, "everything behind this place was left unread")
    }

    fn error(&mut self, at: Span, message: impl Into<String>, help: &str) -> Reported {
        self.found.push(Diagnostic::error(message).at(self.source, at).help(help));
        Reported
    }
}

impl<'s> Frame<'s> {
    fn new(at: Span, anchor: usize, content: Content<'s>) -> Self {
        let weight = Weight { nodes: 1, bytes: 0 };
        Self { at, anchor, weight, content }
    }

    /// Adds a child; `Err` with its place when a collection stands where a key should.
    fn take(&mut self, node: Node<'s>, weight: Weight) -> Result<(), Span> {
        self.weight.add(weight);
        match &mut self.content {
            Content::Sequence(items) => items.push(node),
            Content::Mapping(entries, key) => match (key.take(), node) {
                (Some((key, key_at)), value) => entries.push(Entry { key, key_at, value }),
                (None, Node { at, data: Data::Scalar(scalar) }) => *key = Some((scalar.text, at)),
                (None, Node { at, .. }) => return Err(at),
            },
        }
        Ok(())
    }
}
