//! What a template does with names, as far as its text tells: print them, ask whether they are
//! something, or weigh their values.
//!
//! Reads the few tags that nearly every template is made of. Of a template that holds any other it
//! says nothing at all, so that nobody relies on half an answer.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::values::{Values, Word};
use crate::diagnostic::Source;

/// What a template, with everything it includes, does with names whose values vary.
#[derive(Debug)]
pub struct Uses(Vec<(String, Use)>);

/// The most that is done with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// It is asked whether it is something.
    Asked,
    /// It is printed, and perhaps asked.
    Printed,
    /// It is compared with a text, or filtered.
    Weighed,
}

/// All that a template takes in but the texts that it only prints: for values of one outline it says
/// the same, apart from those texts.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Outline(Vec<u8>);

impl Uses {
    /// Reads a template; `None` where there is more to it. Names in `constant` do not vary.
    pub(super) fn of(
        template: &str,
        sources: &BTreeMap<String, Arc<Source>>,
        constant: &[&str],
    ) -> Option<Self> {
        let mut reader =
            Reader { sources, included: BTreeSet::new(), aliases: Vec::new(), uses: BTreeMap::new() };
        reader.template(template)?;
        let uses = reader.finish().into_iter();
        Some(Self(uses.filter(|(name, _)| !constant.contains(&name.as_str())).collect()))
    }

    /// The outline of some values.
    #[must_use]
    pub fn outline(&self, values: &Values<'_>) -> Outline {
        let mut outline = Outline(Vec::with_capacity(128));
        for (name, what) in &self.0 {
            match (what, values.get(name)) {
                (Use::Asked, word) => word.map(Word::is_something).hash(&mut outline),
                (Use::Printed, Some(Word::Text(text))) if !text.is_empty() => true.hash(&mut outline),
                (Use::Printed, word) => (false, word).hash(&mut outline),
                (Use::Weighed, word) => word.hash(&mut outline),
            }
        }
        outline
    }

    /// Values of the same outline, where every text that it leaves out is its own name.
    #[must_use]
    pub fn names_for_texts<'v>(&self, values: &'v Values<'v>) -> Values<'v> {
        values.with_names_for(|name, word| {
            let is_printed = self.0.iter().any(|(known, what)| known == name && *what == Use::Printed);
            is_printed && matches!(word, Word::Text(text) if !text.is_empty())
        })
    }
}

/// Takes down whatever is hashed. The standard library asks of `Hash` that no two different values
/// feed a hasher one stream, nor the beginning of one, so streams can be compared in their place.
impl Hasher for Outline {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

/// The name of the document that a template consists of.
pub(super) fn passed_on(template: &str) -> Option<String> {
    let inside = template.trim_matches([' ', '\t', '\r', '\n']).strip_prefix("{{")?.strip_suffix("}}")?;
    let (name, filter) = inside.split_once('|')?;
    (filter.trim() == "document").then(|| name_of(name))?
}

/// A name, and no word of the engine's language.
fn name_of(text: &str) -> Option<String> {
    const WORDS: [&str; 10] = ["and", "or", "not", "in", "is", "true", "false", "if", "none", "null"];
    let text = text.trim();
    let is_name = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !WORDS.contains(&text);
    is_name.then(|| text.to_owned())
}

struct Reader<'s> {
    sources: &'s BTreeMap<String, Arc<Source>>,
    included: BTreeSet<&'s str>,
    /// Names that a template gives to the value of another.
    aliases: Vec<(String, String)>,
    uses: BTreeMap<String, Use>,
}

impl Reader<'_> {
    fn template(&mut self, name: &str) -> Option<()> {
        let (name, source) = self.sources.get_key_value(name)?;
        if !self.included.insert(name) {
            return Some(());
        }
        let mut rest = source.text.as_str();
        while let Some(brace) = rest.find('{') {
            rest = &rest[brace + 1..];
            let Some(kind @ ('{' | '%' | '#')) = rest.chars().next() else { continue };
            let end = match kind {
                '{' => "}}",
                '%' => "%}",
                _ => "#}",
            };
            let (inside, after) = rest[1..].split_once(end)?;
            let inside = inside.strip_prefix('-').unwrap_or(inside);
            let inside = inside.strip_suffix('-').unwrap_or(inside).trim();
            match kind {
                '{' => self.print(inside)?,
                '%' => self.tag(inside)?,
                _ => {}
            }
            rest = after;
        }
        Some(())
    }

    fn print(&mut self, inside: &str) -> Option<()> {
        match inside.split_once('|') {
            None => self.note(name_of(inside)?, Use::Printed),
            Some((name, filter)) => {
                let is_comment = name_of(filter)? == "comment";
                self.note(name_of(name)?, if is_comment { Use::Printed } else { Use::Weighed });
            }
        }
        Some(())
    }

    fn tag(&mut self, inside: &str) -> Option<()> {
        let (word, rest) = inside.split_once(' ').unwrap_or((inside, ""));
        match word {
            "else" | "endif" => {}
            "if" | "elif" => {
                for term in rest.split(" and ") {
                    self.asked(term)?;
                }
            }
            "set" => {
                let (name, value) = rest.split_once('=')?;
                self.aliases.push((name_of(name)?, name_of(value)?));
            }
            "include" => {
                let name = rest.trim().strip_prefix('"')?.strip_suffix('"')?;
                // The engine gives some letters behind a backslash a meaning.
                (!name.contains('\\')).then(|| self.template(name))??;
            }
            _ => return None,
        }
        Some(())
    }

    fn asked(&mut self, term: &str) -> Option<()> {
        let sides = term.split_once(" == ").or_else(|| term.split_once(" != "));
        let Some((name, literal)) = sides else {
            let term = term.trim();
            self.note(name_of(term.strip_prefix("not ").unwrap_or(term))?, Use::Asked);
            return Some(());
        };
        let literal = literal.trim().strip_prefix('"')?.strip_suffix('"')?;
        if literal.contains(['"', '\\', '{', '}']) {
            return None;
        }
        self.note(name_of(name)?, Use::Weighed);
        Some(())
    }

    fn note(&mut self, name: String, what: Use) {
        let known = self.uses.entry(name).or_insert(what);
        *known = what.max(*known);
    }

    /// What is done with an alias is done with what it stands for. Where it stands for it only in places,
    /// this says too much, never too little.
    fn finish(mut self) -> BTreeMap<String, Use> {
        let aliases = std::mem::take(&mut self.aliases);
        // Each round follows one step of a chain, of which none is longer than there are aliases.
        for _ in &aliases {
            for (alias, name) in &aliases {
                if let Some(what) = self.uses.get(alias).copied() {
                    self.note(name.clone(), what);
                }
            }
        }
        self.uses
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(template: &str) -> Option<Vec<(String, Use)>> {
        let part = "{{ b }}{% if c == \"x\" %}{% endif %}";
        let sources = [("main", template), ("part", part), ("ring", "{% include \"ring\" %}{{ r }}")];
        let sources = sources.map(|(name, text)| (name.to_owned(), Source::new(name, text))).into();
        Some(Uses::of("main", &sources, &["k"])?.0)
    }

    #[test]
    fn each_name_is_used_as_its_tags_say() {
        use Use::{Asked, Printed, Weighed};
        let known: [(&str, &[(&str, Use)]); 12] = [
            ("{ a } ${b} plain", &[]),
            ("{{ a }}{{-k-}}{{- b -}}", &[("a", Printed), ("b", Printed)]),
            ("{{ a | comment }}{{ b | hcl }}", &[("a", Printed), ("b", Weighed)]),
            (
                "{% if a %}{{ a }}{% elif not b and c %}{% else %}{% endif %}",
                &[("a", Printed), ("b", Asked), ("c", Asked)],
            ),
            ("{% if a == \"x\" %}{{ a }}{% endif %}", &[("a", Weighed)]),
            ("{{ a | hcl }}{{ a }}{% if a %}{% endif %}", &[("a", Weighed)]),
            ("{# {{ a }} #}{{ b }}", &[("b", Printed)]),
            ("{% set a = b %}{{ a }}", &[("a", Printed), ("b", Printed)]),
            (
                "{% set a = b -%}{% set d = a %}{% if d %}{% endif %}",
                &[("a", Asked), ("b", Asked), ("d", Asked)],
            ),
            ("{% set k = b %}{{ k }}", &[("b", Printed)]),
            ("{% include \"part\" %}{{ a }}", &[("a", Printed), ("b", Printed), ("c", Weighed)]),
            ("{%- include \"ring\" -%}", &[("r", Printed)]),
        ];
        for (template, wanted) in known {
            let wanted = wanted.iter().map(|(name, what)| ((*name).to_owned(), *what)).collect();
            assert_eq!(uses(template), Some(wanted), "{template}");
        }
    }

    #[test]
    fn of_more_than_that_nothing_is_said() {
        for template in [
            "{% for x in a %}{{ x }}{% endfor %}",
            "{{ a.b }}",
            "{{ a[0] }}",
            "{{ a ~ b }}",
            "{{ \"a\" }}",
            "{{ 1 }}",
            "{{ a | replace(from=\"x\", to=\"y\") }}",
            "{{ a | hcl | upper }}",
            "{% if a or b %}{% endif %}",
            "{% if a == b %}{% endif %}",
            "{% set a = \"b\" %}",
            "{% set a = b | upper %}",
            "{% set_global a = b %}",
            "{% include a %}",
            "{% include [\"part\", \"main\"] %}",
            "{% include \"absent\" %}",
            "{% include \"pa\\rt\" %}",
            "{% raw %}{{ a }}{% endraw %}",
            "{% block a %}{% endblock %}",
            "{{ a ",
        ] {
            assert_eq!(uses(template), None, "{template}");
        }
    }

    #[test]
    fn a_template_that_is_one_document_passes_it_on() {
        assert_eq!(passed_on("{{ a | document }}\n").as_deref(), Some("a"));
        for template in
            ["{{ a }}", "{{ a | json }}", "[{{ a | document }}]", "{{ a | document }}{{ b | document }}", ""]
        {
            assert_eq!(passed_on(template), None, "{template}");
        }
    }
}
