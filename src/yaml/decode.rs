//! From the located tree to types, reporting everything that does not fit.
//!
//! Responsible for defaults (a [`View`] looks a key up in the target first and then beneath it, so
//! nothing is ever copied to be merged) and for structure: unknown keys, wrong kinds of values.
//! Refuses to judge what values mean together. A value that was reported becomes
//! [`Field::Broken`], so later stages can go on looking without reporting it twice.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{Data, Entry, Meaning, Node};
use crate::diagnostic::words::did_you_mean;
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::model::Text;

/// A value with the place it was written at.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands, for messages.
    pub at: Span,
    /// Whether it came from `defaults` rather than from the target itself.
    pub inherited: bool,
}

/// One key of the spec: left out, unusable and already reported, or there.
#[derive(Debug, Clone, Default)]
pub enum Field<T> {
    /// Not written, or set to `null`.
    #[default]
    Absent,
    /// Written, of no use, and reported.
    Broken,
    /// A value.
    Set(Located<T>),
}

impl<T> Field<T> {
    /// The value with its place, if there is one.
    pub fn get(&self) -> Option<&Located<T>> {
        match self {
            Self::Set(located) => Some(located),
            Self::Absent | Self::Broken => None,
        }
    }

    /// The value alone, if there is one.
    pub fn value(&self) -> Option<&T> {
        self.get().map(|located| &located.value)
    }

    /// Neither written nor reported.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<T: JsonSchema> JsonSchema for Field<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A node, and what lies beneath it: the node that `defaults` has at the same place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'n, 's> {
    pub(crate) node: &'n Node<'s>,
    under: Option<&'n Node<'s>>,
    inherited: bool,
}

impl<'n, 's> View<'n, 's> {
    pub(crate) fn new(node: &'n Node<'s>, under: Option<&'n Node<'s>>) -> Self {
        Self { node, under, inherited: false }
    }

    /// The value of a key: the node's own, else the one beneath; `null` removes it.
    pub(crate) fn get(self, key: &str) -> Option<View<'n, 's>> {
        let find = |node| entries(node).iter().find(|entry| entry.key == key);
        let own = find(self.node).map(|entry| &entry.value);
        let under = self.under.and_then(find).map(|entry| &entry.value);
        let view = match (own, under) {
            (Some(node), _) if node.is_null() => None,
            (Some(node), under) => Some(View { node, under, inherited: self.inherited }),
            (None, under) => under.map(|node| View { node, under: None, inherited: true }),
        };
        view.filter(|view| !view.node.is_null())
    }

    /// Every key that has a value, once: the node's own, then those that only lie beneath.
    fn entries(self) -> impl Iterator<Item = (&'n str, View<'n, 's>)> {
        let own = entries(self.node);
        let known: BTreeSet<&str> = own.iter().map(|entry| &*entry.key).collect();
        let beneath = self.under.map_or(&[][..], entries);
        let inherited = beneath.iter().filter(move |entry| !known.contains(&*entry.key));
        let own = own.iter().map(move |entry| {
            let under = beneath.iter().find(|under| under.key == entry.key).map(|under| &under.value);
            (&*entry.key, View { node: &entry.value, under, inherited: self.inherited })
        });
        let inherited =
            inherited.map(|entry| (&*entry.key, View { node: &entry.value, under: None, inherited: true }));
        own.chain(inherited).filter(|(_, view)| !view.node.is_null())
    }
}

fn entries<'n, 's>(node: &'n Node<'s>) -> &'n [Entry<'s>] {
    match &node.data {
        Data::Mapping(entries) => entries,
        Data::Scalar(_) | Data::Sequence(_) => &[],
    }
}

/// Where problems go while one part of the spec is decoded.
pub(crate) struct Decoder<'d> {
    source: &'d Arc<Source>,
    found: &'d mut Diagnostics,
    /// Unknown keys that somebody else has more to say about.
    reported_elsewhere: fn(&str) -> bool,
}

/// A type that a part of the spec can be read as.
pub(crate) trait Decode: Sized {
    /// The value, or `None` after reporting why there is none.
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self>;
}

impl<'d> Decoder<'d> {
    pub(crate) fn new(
        source: &'d Arc<Source>,
        found: &'d mut Diagnostics,
        reported_elsewhere: fn(&str) -> bool,
    ) -> Self {
        Self { source, found, reported_elsewhere }
    }

    /// Reports a problem of this very value; what `defaults` holds was reported there.
    pub(crate) fn report(&mut self, view: View<'_, '_>, diagnostic: Diagnostic) {
        if !view.inherited {
            self.found.push(diagnostic.at(self.source, view.node.at));
        }
    }

    pub(crate) fn expected(&mut self, view: View<'_, '_>, wanted: &str, help: impl Into<String>) {
        let message = format!("expected {wanted}, found {}", view.node.kind());
        self.report(view, Diagnostic::error(message).help(help));
    }

    /// Whether this is a mapping; if so, keys that are not `known` have been reported.
    pub(crate) fn is_mapping(&mut self, view: View<'_, '_>, known: &[&str]) -> bool {
        let Data::Mapping(entries) = &view.node.data else {
            let help = format!("keys here: {}", known.join(", "));
            self.expected(view, "a mapping", help);
            return false;
        };
        if !view.inherited {
            for entry in entries.iter().filter(|entry| !known.contains(&&*entry.key)) {
                self.unknown_key(entry, known);
            }
        }
        true
    }

    fn unknown_key(&mut self, entry: &Entry<'_>, known: &[&str]) {
        if (self.reported_elsewhere)(&entry.key) {
            return;
        }
        let message = format!("unknown key `{}`", entry.key);
        let help = did_you_mean(&entry.key, known);
        self.found.push(Diagnostic::error(message).at(self.source, entry.key_at).help(help));
    }

    /// The field of a mapping that was checked by [`Decoder::is_mapping`].
    pub(crate) fn field<T: Decode>(&mut self, view: View<'_, '_>, key: &str) -> Field<T> {
        let Some(view) = view.get(key) else {
            return Field::Absent;
        };
        match T::decode(self, view) {
            Some(value) => Field::Set(Located { value, at: view.node.at, inherited: view.inherited }),
            None => Field::Broken,
        }
    }

    /// The text of a scalar; a number or boolean is refused with the way to quote it.
    fn text<'n>(&mut self, view: View<'n, '_>, wanted: &str, id: Option<&'static str>) -> Option<&'n str> {
        let Data::Scalar(scalar) = &view.node.data else {
            self.expected(view, wanted, "");
            return None;
        };
        if scalar.meaning() == Meaning::Text {
            return Some(&scalar.text);
        }
        let message = format!("expected {wanted}, found {} without quotes", view.node.kind());
        let help =
            format!("write it between quotes, so that YAML keeps every character: \"{}\"", scalar.text);
        self.report(view, Diagnostic::error(message).id(id).help(help));
        None
    }
}

impl<T: Text> Decode for T {
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self> {
        let text = cx.text(view, T::WHAT, T::ID)?;
        match T::parse(text) {
            Ok(value) => Some(value),
            Err(invalid) => {
                cx.report(view, Diagnostic::error(invalid.message).id(invalid.id).help(invalid.help));
                None
            }
        }
    }
}

impl Decode for String {
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self> {
        cx.text(view, "a text", None).map(str::to_owned)
    }
}

impl Decode for bool {
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self> {
        let mut help = "";
        if let Data::Scalar(scalar) = &view.node.data {
            if let Meaning::Bool(value) = scalar.meaning() {
                return Some(value);
            }
            // What older YAML took for booleans, and people still write.
            help = match scalar.text.to_lowercase().as_str() {
                "true" | "yes" | "on" | "y" => "write `true`, without quotes",
                "false" | "no" | "off" | "n" => "write `false`, without quotes",
                _ => "",
            };
        }
        cx.expected(view, "`true` or `false`", help);
        None
    }
}

impl Decode for u32 {
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self> {
        let number = match &view.node.data {
            Data::Scalar(scalar) if scalar.meaning() == Meaning::Integer => scalar.text.parse().ok(),
            _ => None,
        };
        if number.is_none() {
            cx.expected(view, "a whole number", "");
        }
        number
    }
}

impl<T: Decode> Decode for Vec<Located<T>> {
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self> {
        let Data::Sequence(items) = &view.node.data else {
            cx.expected(view, "a list", "start each item with `- `");
            return None;
        };
        let inherited = view.inherited;
        let items = items.iter().map(|node| {
            let view = View { node, under: None, inherited };
            let value = T::decode(cx, view)?;
            Some(Located { value, at: node.at, inherited })
        });
        // Every item is looked at, even behind one that is broken.
        let items: Vec<Option<_>> = items.collect();
        items.into_iter().collect()
    }
}

impl<T: Decode> Decode for BTreeMap<String, Located<T>> {
    fn decode(cx: &mut Decoder<'_>, view: View<'_, '_>) -> Option<Self> {
        if !matches!(view.node.data, Data::Mapping(_)) {
            cx.expected(view, "a mapping", "");
            return None;
        }
        let mut map = Self::new();
        for (key, view) in view.entries() {
            if let Some(value) = T::decode(cx, view) {
                let located = Located { value, at: view.node.at, inherited: view.inherited };
                map.insert(key.to_owned(), located);
            }
        }
        Some(map)
    }
}

impl<T: JsonSchema> JsonSchema for Located<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
