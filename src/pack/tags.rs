//! What a template may be made of, so that what it costs can be told: tags of a bounded length, and a
//! meter behind each that can cost anything.
//!
//! Responsible for finding the tags of a template, and for a text with a call of the meter behind them.
//! Refuses what would make texts or loops that no meter sees: blocks that are captured into
//! a value, components, and loops within an expression.

use std::fmt::Write as _;
use std::ops::Range;

/// The call that is put behind each tag.
pub(super) const METER: &str = "__meter";
/// Bytes of one tag: what one expression can make is bounded by how much can be written in it.
const LONGEST: usize = 1024;
/// What a tag may begin with.
const STATEMENTS: [&str; 11] =
    ["if", "elif", "else", "endif", "for", "endfor", "set", "set_global", "include", "break", "continue"];

/// Filters that write a value into a file, whose size is bounded.
const FORMS: [&str; 6] = ["comment", "hcl", "identifier", "inside", "json", "document"];

/// A template with meters in it.
#[derive(Debug, Default)]
pub(super) struct Metered {
    pub(super) text: String,
    /// Where meters begin in it, and how long they are.
    meters: Vec<Range<usize>>,
}

/// Something that a template may not hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) at: Range<usize>,
    pub(super) message: String,
    pub(super) help: &'static str,
}

impl Metered {
    /// The place in the template that a place in this text stands for.
    pub(super) fn origin(&self, at: usize) -> usize {
        let before = self.meters.iter().take_while(|meter| meter.start < at);
        at - before.map(|meter| meter.end.min(at) - meter.start).sum::<usize>()
    }

    fn push_meter(&mut self, tag: &str) {
        let value = assigned(tag).map(|name| format!("v={name}")).unwrap_or_default();
        let dash = if tag.ends_with("-%}") || tag.ends_with("-}}") { "-" } else { "" };
        let start = self.text.len();
        // Writing to a string cannot fail.
        _ = write!(self.text, "{{% if {METER}({value}) %}}{{% endif {dash}%}}");
        self.meters.push(start..self.text.len());
    }
}

/// The template with a meter behind each tag that can cost anything.
pub(super) fn metered(template: &str) -> Result<Metered, Refused> {
    let mut metered = Metered::default();
    let mut rest = template;
    while let Some(start) = rest.match_indices('{').find_map(|(at, _)| opens(&rest[at..]).then_some(at)) {
        let (before, tag) = rest.split_at(start);
        metered.text.push_str(before);
        let length = end(tag);
        let at = template.len() - tag.len();
        let tag = &tag[..length];
        if !tag.starts_with("{#") && !is_raw(tag) {
            check(tag).map_err(|(message, help)| Refused { at: at..at + length, message, help })?;
        }
        metered.text.push_str(tag);
        if !tag.starts_with("{#") && !is_raw(tag) && !is_cheap(tag) {
            metered.push_meter(tag);
        }
        rest = &template[at + length..];
    }
    metered.text.push_str(rest);
    Ok(metered)
}

/// Whether a tag takes no time worth counting: it prints a value in a form of its file, asks for one, or
/// closes what another opened. Most tags do, and a call behind each would take longer than they.
fn is_cheap(tag: &str) -> bool {
    let inside = tag.trim_matches(['{', '}', '%', '-']).trim();
    let form = FORMS.iter().find_map(|form| inside.strip_suffix(form)?.trim_end().strip_suffix('|'));
    let inside = form.filter(|_| tag.starts_with("{{")).unwrap_or(inside);
    let is_plain = inside.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || matches!(c, '_' | '.'));
    let first = words(inside).next().unwrap_or_default();
    let is_harmless = tag.starts_with("{{") || matches!(first, "if" | "elif" | "else" | "endif" | "endfor");
    is_plain && is_harmless && words(inside).all(|word| word != "in")
}

fn opens(text: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|open| text.starts_with(open))
}

fn is_raw(tag: &str) -> bool {
    tag.starts_with("{%") && words(tag).next() == Some("raw")
}

/// The length of a tag; of a raw text, with its end. One that does not end is the engine's to report.
fn end(text: &str) -> usize {
    let close = match text.get(..2) {
        Some("{#") => return text.find("#}").map_or(text.len(), |at| at + 2),
        Some("{{") => "}}",
        _ => "%}",
    };
    let mut quote = None;
    let mut escaped = false;
    let inside = text.char_indices().skip(2).find(|(at, c)| {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if *c == '\\' => escaped = true,
            Some(open) if open == *c => quote = None,
            None if matches!(c, '"' | '\'' | '`') => quote = Some(*c),
            None => return text[*at..].starts_with(close),
            Some(_) => {}
        }
        false
    });
    let length = inside.map_or(text.len(), |(at, _)| at + 2);
    if !is_raw(&text[..length]) {
        return length;
    }
    let is_end = |at: &usize| {
        // Looked at closely only where it begins so: the first word may be far behind many a `{%`.
        let inside = text[at + 2..].trim_start_matches('-').trim_start();
        inside.starts_with("endraw") && words(inside).next() == Some("endraw")
    };
    let endraw = text.match_indices("{%").map(|(at, _)| at).find(is_end);
    endraw.map_or(text.len(), |at| text[at..].find("%}").map_or(text.len(), |end| at + end + 2))
}

/// The words of a tag that stand outside texts.
fn words(tag: &str) -> impl Iterator<Item = &str> {
    let mut quote = None;
    let mut escaped = false;
    tag.split(move |c: char| {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if open == c => quote = None,
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            _ => {}
        }
        quote.is_some() || !(c.is_alphanumeric() || c == '_')
    })
    .filter(|word| !word.is_empty())
}

/// The name that a tag gives a value.
fn assigned(tag: &str) -> Option<&str> {
    let mut words = words(tag).skip_while(|_| !tag.starts_with("{%"));
    matches!(words.next(), Some("set" | "set_global")).then(|| words.next())?
}

fn check(tag: &str) -> Result<(), (String, &'static str)> {
    if tag.len() > LONGEST {
        let message = format!("this tag is longer than {LONGEST} bytes");
        return Err((message, "give parts of it a name with `set`"));
    }
    let mut words = words(tag);
    if tag.starts_with("{%") {
        let word = words.next().unwrap_or_default();
        if !STATEMENTS.contains(&word) {
            let help = "templates of a pack are made of `if`, `for`, `set`, `include`, `break`, `continue` and `raw`";
            return Err((format!("`{word}` cannot be used in a template pack"), help));
        }
        let name = words.next().unwrap_or_default();
        let is_capture = assigned(tag).is_some() && !is_assignment(tag, name);
        if is_capture {
            return Err(("a text cannot be captured with `set`".to_owned(), "write `set name = value`"));
        }
    }
    if words.any(|word| word == "for") {
        let help = "use `{% for … %}`";
        return Err(("a list cannot be made by a loop within an expression".to_owned(), help));
    }
    Ok(())
}

/// Whether what follows a name is its value.
fn is_assignment(tag: &str, name: &str) -> bool {
    let inside = tag.trim_start_matches(['{', '%', '-']).trim_start();
    let rest = inside.strip_prefix("set_global").or_else(|| inside.strip_prefix("set"));
    let behind = rest.and_then(|rest| rest.trim_start().strip_prefix(name));
    behind.is_some_and(|behind| behind.trim_start().starts_with('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_stands_behind_each_tag_that_can_cost_anything() {
        let call = "{% if __meter() %}{% endif %}";
        let text = |template: &str| metered(template).expect(template).text;
        assert_eq!(text("a {{ b | c }} c"), format!("a {{{{ b | c }}}}{call} c"));
        for tag in [
            "{% for a in b %}",
            "{% if a in b %}",
            "{% if a | hcl %}",
            "{{ a ~ b }}",
            "{{ a(b=1) }}",
            "{% include \"a\" %}",
        ] {
            assert_eq!(text(tag), format!("{tag}{call}"));
        }
        assert_eq!(text("{{ a | b | hcl }}"), format!("{{{{ a | b | hcl }}}}{call}"));
        let cheap = "{{ a }}{{- b.c -}}{{ a | comment }}{{ a|hcl }}{%- if a and not b %}{% elif c %}{% else -%}{% endif %}{% endfor %}";
        assert_eq!(text(cheap), cheap);
        assert_eq!(text("{# {{ b }} #}{"), "{# {{ b }} #}{");
        assert_eq!(text("{% raw %}{{ b }}{% endraw %}"), "{% raw %}{{ b }}{% endraw %}");
        assert_eq!(text("{{ \"}}\" }}"), format!("{{{{ \"}}}}\" }}}}{call}"));
        assert_eq!(text("{% set a = 1 -%} x"), "{% set a = 1 -%}{% if __meter(v=a) %}{% endif -%} x");
        assert_eq!(text("{{ open ~"), format!("{{{{ open ~{call}"));
    }

    #[test]
    fn a_raw_text_takes_as_long_as_it_is() {
        let template = format!("{{% raw %}}{} x {{% endrawn %}}{{%- endraw %}}", "{%".repeat(100_000));
        assert_eq!(metered(&template).expect("a template").text, template);
    }

    #[test]
    fn places_lead_back_to_the_template() {
        let template = "{{ a | e }} {% if b(x=1) %} c {% endif %} d";
        let metered = metered(template).expect("a template");
        for word in [" c ", " d", "{{ a", "{% if b"] {
            let (there, here) = (metered.text.find(word), template.find(word));
            assert_eq!(there.map(|at| metered.origin(at)), here, "{word}");
        }
    }

    #[test]
    fn what_no_meter_sees_is_refused() {
        for template in [
            "{% set a %}b{% endset %}",
            "{% set a | upper %}b{% endset %}",
            "{% filter upper %}b{% endfilter %}",
            "{% component a() %}{% endcomponent %}",
            "{% block a %}{% endblock %}",
            "{% extends \"a\" %}",
            "{{ [a for a in b] }}",
            "{% for a in [b for b in c] %}{% endfor %}",
        ] {
            assert!(metered(template).is_err(), "{template}");
        }
        assert!(metered(&format!("{{{{ {} }}}}", "a ~ ".repeat(1000))).is_err());
        assert!(metered("{% set_global a = 1 %}{%- set b=2 %}").is_ok());
        assert!(metered("{% for a in [\"for\"] %}{{ a }}{% endfor %}").is_ok());
    }
}
