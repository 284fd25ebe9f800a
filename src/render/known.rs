//! Texts that are known without rendering: one for every account, documents that are passed on, and
//! what comes out of molds.
//!
//! A mold is the canonical text of a template around the texts that it only prints. It serves all
//! values of one outline, and is cast from two renderings: one with the values as they are, one with
//! names in place of the texts, which shows where each of them goes. If anything else differs between
//! the two, there is no mold, and the template is rendered each time.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::canonical::Canonical;
use super::shape::split;
use super::words;
use crate::hcl::string::escape;
use crate::pack::{Content, Entry, Outline, Pack, Uses, Values};

/// Outlines to remember for each template; a hostile spec shall not fill the memory.
const MOST_OUTLINES: usize = 256;

/// What is known about the texts of an entry.
pub(super) enum Known {
    /// There is one for all, once it has been rendered.
    Same(OnceLock<Arc<str>>),
    /// It is the document of this name.
    Document(String),
    /// It comes out of the mold of its outline.
    Molds(Molds),
    /// It has to be rendered.
    Nothing,
}

pub(super) struct Molds {
    uses: Uses,
    by_outline: RwLock<HashMap<Outline, State, foldhash::fast::RandomState>>,
}

#[derive(Clone)]
enum State {
    /// Seen for the first time; most small fleets never need a mold.
    Once,
    Cast(Arc<Mold>),
    /// There is none.
    Never,
}

/// Canonical text, and what goes into it.
struct Mold {
    start: String,
    /// The names whose texts go in, each with what follows it.
    rest: Vec<(String, String)>,
}

/// A rendered text, and what it takes to render it for other values.
pub(super) struct Rendering<'r> {
    pub(super) values: &'r Values<'r>,
    pub(super) rendered: &'r str,
    pub(super) text: &'r Arc<str>,
    pub(super) canonical: &'r Canonical,
    pub(super) render: &'r dyn Fn(&Values<'_>) -> Option<String>,
}

impl Known {
    /// What can be known about an entry. Names in `common` have the same value everywhere.
    pub(super) fn of(pack: &Pack, entry: &Entry, common: &[&str]) -> Self {
        if let Content::Document(holds) = entry.content {
            return Self::Document(words::document_name(holds).to_owned());
        }
        if pack.uses_only(entry, common) {
            return Self::Same(OnceLock::new());
        }
        let document = pack.passes_on(entry).map(Self::Document);
        let molds =
            || Some(Self::Molds(Molds { uses: pack.uses(entry, common)?, by_outline: RwLock::default() }));
        document.or_else(molds).unwrap_or(Self::Nothing)
    }

    /// The text for some values.
    pub(super) fn text(&self, values: &Values<'_>) -> Option<Arc<str>> {
        match self {
            Self::Same(text) => text.get().cloned(),
            Self::Document(name) => values.document(name).cloned(),
            Self::Molds(molds) => molds.text(values),
            Self::Nothing => None,
        }
    }

    /// Learns from a text that had to be rendered.
    pub(super) fn learn(&self, rendering: &Rendering<'_>) {
        match self {
            Self::Same(text) => {
                text.get_or_init(|| Arc::clone(rendering.text));
            }
            Self::Molds(molds) => molds.learn(rendering),
            Self::Document(_) | Self::Nothing => {}
        }
    }
}

impl Molds {
    fn text(&self, values: &Values<'_>) -> Option<Arc<str>> {
        let known = self.by_outline.read().unwrap_or_else(PoisonError::into_inner);
        match known.get(&self.uses.outline(values))? {
            State::Cast(mold) => mold.fill(values).map(Arc::from),
            State::Once | State::Never => None,
        }
    }

    fn learn(&self, rendering: &Rendering<'_>) {
        let outline = self.uses.outline(rendering.values);
        let state = self.by_outline.read().unwrap_or_else(PoisonError::into_inner).get(&outline).cloned();
        let next = match state {
            None => State::Once,
            Some(State::Once) => match Mold::cast(&self.uses, rendering) {
                Some(mold) => State::Cast(Arc::new(mold)),
                None => State::Never,
            },
            Some(State::Cast(_) | State::Never) => return,
        };
        let mut known = self.by_outline.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MOST_OUTLINES || known.contains_key(&outline) {
            known.insert(outline, next);
        }
    }
}

impl Mold {
    fn cast(uses: &Uses, from: &Rendering<'_>) -> Option<Self> {
        let names = uses.names_for_texts(from.values);
        let with_names = (from.render)(&names)?;
        let ((shape, fills), (other_shape, other_fills)) = (split(from.rendered), split(&with_names));
        if shape != other_shape {
            return None;
        }
        let layout = from.canonical.layout(&shape)?;
        let (start, rest) = layout.split_first()?;
        let mut mold = Self { start: start.to_string(), rest: Vec::new() };
        for ((fill, other), piece) in fills.into_iter().zip(other_fills).zip(rest) {
            let unquoted = other.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            let name = unquoted.unwrap_or(other);
            match (fill == other, names.text(name) == Some(name)) {
                (false, true) => mold.place(name, unquoted.map_or("", |_| "\""), piece),
                (true, false) => mold.end().extend([fill, piece]),
                // A text that happens to be a name, or that feels the names in some way.
                (true, true) | (false, false) => return None,
            }
        }
        (mold.fill(from.values)? == **from.text).then_some(mold)
    }

    /// Another place for the text of a name.
    fn place(&mut self, name: &str, quote: &str, piece: &str) {
        self.end().push_str(quote);
        self.rest.push((name.to_owned(), format!("{quote}{piece}")));
    }

    fn end(&mut self) -> &mut String {
        self.rest.last_mut().map_or(&mut self.start, |(_, piece)| piece)
    }

    fn fill(&self, values: &Values<'_>) -> Option<String> {
        let mut text = String::with_capacity(2048);
        text.push_str(&self.start);
        for (name, piece) in &self.rest {
            text.push_str(&escape(values.text(name)?));
            text.push_str(piece);
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{Each, IntoWord, Named, Word, built_in};
    use crate::render::vocabulary;
    use crate::tree::FileKind;

    /// Two of the names that the templates of a target know.
    struct Place(&'static str, &'static str);

    impl Named<'static> for Place {
        const NAMES: &'static [&'static str] = &["target", "region"];

        fn words(self) -> Vec<Option<Word<'static>>> {
            vec![self.0.into_word(), self.1.into_word()]
        }
    }

    fn molded(template: &str) -> Vec<Option<String>> {
        let manifest = "id: x\nversion: 1\nfiles:\n  - {template: x.tf.tera, path: \"{target}/x.tf\", for_each: target}\n";
        let files = [("pack.yaml", manifest), ("x.tf.tera", template)];
        let files = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        let pack = Pack::compile("x", files, vocabulary).expect("the pack compiles");
        let entry = &pack.manifest.entries[0];
        let (known, canonical) = (Known::of(&pack, entry, words::COMMON), Canonical::default());
        let render = |values: &Values<'_>| pack.render(entry, values).ok();
        let fleet = [("a", "b"), ("one", "two"), ("\"q\"${x}", "é"), ("target", "region")];
        let texts = fleet.map(|(target, region)| {
            let values = Values::new(Place(target, region));
            let text = known.text(&values);
            let rendered = pack.render(entry, &values).expect("the template renders");
            let full = canonical.text(entry.kind, &rendered).ok().expect("it is HCL");
            if let Some(text) = &text {
                assert_eq!(*text, full, "{template}");
            }
            known.learn(&Rendering {
                values: &values,
                rendered: &rendered,
                text: &full,
                canonical: &canonical,
                render: &render,
            });
            text.map(|text| text.to_string())
        });
        texts.into()
    }

    #[test]
    fn the_third_text_of_an_outline_comes_out_of_a_mold() {
        let texts = molded(
            "# {{ region | comment }}\nname={{ target }}\n{% if region %}region={{ region }}\n{% endif %}",
        );
        let third = "# é\nname   = \"\\\"q\\\"$${x}\"\nregion = \"é\"\n";
        let fourth = "# region\nname   = \"target\"\nregion = \"region\"\n";
        assert_eq!(texts, [None, None, Some(third.to_owned()), Some(fourth.to_owned())]);
    }

    #[test]
    fn what_cannot_be_told_is_rendered() {
        for template in [
            "{% for c in [1] %}name = {{ target }}\n{% endfor %}",
            "name = {{ target | upper }}\n",
            "# {{ target ~ region }}\n",
            "{% if target == region %}same = true\n{% endif %}name = {{ target }}\n",
            // `terraform fmt` takes the quotes off some types, so the layout feels what is filled in.
            "variable \"x\" {\n  type = {{ target }}\n}\n",
        ] {
            assert_eq!(molded(template), [None, None, None, None], "{template}");
        }
    }

    #[test]
    fn texts_of_the_built_in_pack_are_known() {
        let pack = Pack::compile("built-in", built_in(), vocabulary).expect("the pack compiles");
        let of_targets = |entry: &&Entry| matches!(entry.for_each, Each::Target | Each::InlinePolicy);
        let mut asked = 0;
        for entry in pack.manifest.entries.iter().filter(of_targets) {
            let known = Known::of(&pack, entry, words::COMMON);
            let is_expected = match known {
                Known::Same(_) | Known::Molds(_) => entry.kind == FileKind::Hcl,
                Known::Document(_) => entry.kind == FileKind::Json,
                Known::Nothing => false,
            };
            assert!(is_expected, "{}", entry.id);
            asked += 1;
        }
        assert!(asked >= 12, "{asked}");
    }
}
