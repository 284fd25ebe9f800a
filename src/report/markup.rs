//! HTML and SVG, written so that only this program's own words can be markup.
//!
//! Names of elements, names of attributes and ids are texts of the program. Everything else goes through the one function
//! that escapes, so nothing in a spec, in evidence or in Terraform can become an element, an attribute or a script.

use super::words::parts;
use crate::diagnostic::words::visible;

/// A text in the making.
#[derive(Debug, Default)]
pub(super) struct Markup(String);

/// The attributes of an element.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Elements without an end.
const VOID: [&str; 3] = ["meta", "rect", "path"];

impl Markup {
    /// An element with what is in it.
    pub(super) fn element(
        &mut self,
        name: &'static str,
        attributes: Attributes<'_>,
        content: impl FnOnce(&mut Self),
    ) {
        self.0.push('<');
        self.0.push_str(name);
        // An empty class says nothing.
        for (key, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            self.0.push(' ');
            self.0.push_str(key);
            self.0.push_str("=\"");
            self.text(value);
            self.0.push('"');
        }
        self.0.push('>');
        if name == "meta" {
            return;
        }
        content(self);
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
        if !INLINE.contains(&name) {
            self.0.push('\n');
        }
    }

    /// An element with nothing in it.
    pub(super) fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) {
        debug_assert!(VOID.contains(&name));
        self.element(name, attributes, |_| {});
    }

    /// An element that holds a text.
    pub(super) fn line(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.element(name, attributes, |content| content.text(text));
    }

    /// An element that holds a sentence with names in it.
    pub(super) fn sentence(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) {
        self.element(name, attributes, |content| content.named(text));
    }

    /// A sentence, with the names in it.
    pub(super) fn named(&mut self, text: &str) {
        for (is_name, part) in parts(text) {
            if is_name { self.line("code", &[], part) } else { self.text(part) }
        }
    }

    /// A text that stays one, whatever is in it.
    pub(super) fn text(&mut self, text: &str) {
        for c in visible(text).chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
    }

    /// Markup of this program's own.
    pub(super) fn own(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// What was written.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// Elements that stand in a line of text.
const INLINE: [&str; 8] = ["span", "code", "strong", "a", "summary", "tspan", "th", "td"];

#[cfg(test)]
mod tests {
    use super::Markup;

    #[test]
    fn nothing_in_a_text_is_markup() {
        let mut markup = Markup::default();
        let hostile = "</code><script>alert(\"1\")</script>'&\u{202e}";
        markup.element("span", &[("title", hostile)], |content| content.text(hostile));
        let text = markup.into_text();
        assert_eq!(text.matches('<').count(), 2, "{text}");
        assert_eq!(text.matches('"').count(), 2, "{text}");
        assert!(!text.contains('\u{202e}'), "{text}");
    }
}
