//! Texts: escapes, `${…}`, `%{if …}`, `%{for …}` and heredocs, each piece where it is written.

use std::ops::Range;

use hcl_edit::template::{
    Directive, Element, ForDirective, HeredocTemplate, IfDirective, StringTemplate, Strip, Template,
};
use hcl_edit::{Span as _, Spanned};

use super::Evaluator;
use crate::diagnostic::Span;
use crate::hcl::string;
use crate::terraform::convert;
use crate::value::{Data, Text, Value};

/// How the literals of a template are written.
#[derive(Clone, Copy)]
enum Style {
    /// Between quotes, with escapes.
    Quoted,
    /// Line by line; so many blanks are taken off where a line begins.
    Lines { indent: usize },
}

/// What the elements of a template do to their neighbours.
#[derive(Clone, Copy, Default)]
struct Trim {
    start: bool,
    end: bool,
}

impl Evaluator<'_> {
    /// The text of a literal in quotes.
    pub(super) fn quoted(&self, part: Option<Range<usize>>, at: Span) -> Text {
        let Some(part) = part else { return Text::known(at, "") };
        // Its span may reach over blanks at both ends.
        let written = self.expression.written(part.clone());
        let start = part.start + (written.len() - written.trim_start().len());
        let written = written.trim();
        let inner = written.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
        match inner {
            Some("") | None => Text::known(at, ""),
            Some(inner) => self.decoded(inner, start + 1),
        }
    }

    /// Text between quotes: each escape is a piece of its own.
    fn decoded(&self, written: &str, start: usize) -> Text {
        let mut text = Text::default();
        let mut offset = 0;
        while offset < written.len() {
            let rest = &written[offset..];
            let length = escape(rest).unwrap_or_else(|| plain(rest));
            let piece = rest.get(..length).unwrap_or(rest);
            let decoded = string::unquote(&format!("\"{piece}\"")).unwrap_or_else(|_| piece.to_owned());
            text.push(self.expression.place(Some(start + offset..start + offset + piece.len())), &decoded);
            offset += piece.len();
        }
        text
    }

    pub(super) fn string_template(&self, template: &StringTemplate, at: Span) -> Value {
        let elements: Vec<&Element> = template.iter().collect();
        // `"${x}"` is `x`, whatever that is.
        if let [Element::Interpolation(only)] = elements.as_slice() {
            return self.value(&only.expr).placed(at);
        }
        let mut text = Text::default();
        match self.elements(&elements, Trim::default(), Style::Quoted, &mut text) {
            Ok(()) => Value::new(at, Data::Text(text)),
            Err(why) => self.refused(at, why),
        }
    }

    pub(super) fn heredoc(&self, heredoc: &HeredocTemplate, part: Option<Range<usize>>, at: Span) -> Value {
        let written = part.map(|part| self.expression.written(part)).unwrap_or_default();
        self.text(&heredoc.template, Style::Lines { indent: indentation(written) }, at)
    }

    fn text(&self, template: &Template, style: Style, at: Span) -> Value {
        let elements: Vec<&Element> = template.iter().collect();
        let mut text = Text::default();
        match self.elements(&elements, Trim::default(), style, &mut text) {
            Ok(()) => Value::new(at, Data::Text(text)),
            Err(why) => self.refused(at, why),
        }
    }

    /// A template that is a text of its own.
    pub(super) fn template(&self, template: &Template, at: Span, unwraps: bool) -> Value {
        let elements: Vec<&Element> = template.iter().collect();
        match elements.as_slice() {
            [Element::Interpolation(only)] if unwraps => self.value(&only.expr).placed(at),
            _ => self.text(template, Style::Lines { indent: 0 }, at),
        }
    }

    fn elements(
        &self,
        elements: &[&Element],
        around: Trim,
        style: Style,
        text: &mut Text,
    ) -> Result<(), String> {
        for (index, element) in elements.iter().enumerate() {
            match element {
                Element::Literal(literal) => {
                    let before = index.checked_sub(1).and_then(|before| elements.get(before));
                    let start = before.map_or(around.start, |before| strips(before).end);
                    let end = elements.get(index + 1).map_or(around.end, |next| strips(next).start);
                    self.literal(literal, Trim { start, end }, style, text);
                }
                Element::Interpolation(inner) => {
                    text.append(&convert::to_text(&self.value(&inner.expr))?);
                }
                Element::Directive(directive) => match &**directive {
                    Directive::If(directive) => self.if_directive(directive, style, text)?,
                    Directive::For(directive) => self.for_directive(directive, style, text)?,
                },
            }
        }
        Ok(())
    }

    fn literal(&self, literal: &Spanned<String>, trim: Trim, style: Style, text: &mut Text) {
        let part = literal.span().unwrap_or_default();
        let written = self.expression.written(part.clone());
        let mut own = match style {
            Style::Quoted => vec![self.decoded(written, part.start)],
            Style::Lines { indent } => self.lines(written, part.start, trim.start, indent),
        };
        if trim.start
            && let Some(first) = own.first_mut()
        {
            *first = first.trimmed(true, false);
        }
        if trim.end
            && let Some(last) = own.last_mut()
        {
            *last = last.trimmed(false, true);
        }
        for line in &own {
            text.append(line);
        }
    }

    /// The lines of a literal. Where a trimmed line break comes before, a line does not begin.
    fn lines(&self, written: &str, start: usize, is_trimmed: bool, indent: usize) -> Vec<Text> {
        let mut is_start = start == 0 || self.expression.written(start - 1..start) == "\n";
        let mut offset = start;
        let mut lines = Vec::new();
        for (index, line) in written.split_inclusive('\n').enumerate() {
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            let taken_off = if is_start { blanks.min(indent) } else { 0 };
            lines.push(self.plain_line(&line[taken_off..], offset + taken_off));
            is_start = !(index == 0 && is_trimmed && line.trim().is_empty());
            offset += line.len();
        }
        lines
    }

    /// A line in which nothing is escaped but the beginning of a sequence.
    fn plain_line(&self, line: &str, start: usize) -> Text {
        let mut text = Text::default();
        let mut offset = 0;
        while let Some(found) = line[offset..].find(['$', '%']) {
            let at = offset + found;
            let rest = &line[at..];
            let length = if rest.starts_with("$${") || rest.starts_with("%%{") { 3 } else { 1 };
            text.push(self.expression.place(Some(start + offset..start + at)), &line[offset..at]);
            let piece = &rest[length.min(2) - 1..length];
            text.push(self.expression.place(Some(start + at..start + at + length)), piece);
            offset = at + length;
        }
        text.push(self.expression.place(Some(start + offset..start + line.len())), &line[offset..]);
        text
    }

    fn if_directive(&self, directive: &IfDirective, style: Style, text: &mut Text) -> Result<(), String> {
        let condition = self.value(&directive.if_expr.cond_expr);
        let end = directive.endif_expr.strip.strip_start();
        let otherwise = directive.else_expr.as_ref();
        let trim = Trim {
            start: directive.if_expr.strip.strip_end(),
            end: otherwise.map_or(end, |other| other.strip.strip_start()),
        };
        match convert::to_bool(&condition) {
            Ok(true) => self.inner(&directive.if_expr.template, trim, style, text),
            Ok(false) => otherwise.map_or(Ok(()), |other| {
                let trim = Trim { start: other.strip.strip_end(), end };
                self.inner(&other.template, trim, style, text)
            }),
            Err(reason) => {
                text.push_unknown(reason);
                Ok(())
            }
        }
    }

    fn for_directive(&self, directive: &ForDirective, style: Style, text: &mut Text) -> Result<(), String> {
        let each = &directive.for_expr;
        let pairs = match convert::pairs(&self.value(&each.collection_expr)) {
            Ok(pairs) => pairs,
            Err(reason) => {
                text.push_unknown(reason);
                return Ok(());
            }
        };
        let trim = Trim { start: each.strip.strip_end(), end: directive.endfor_expr.strip.strip_start() };
        let key_name = each.key_var.as_ref().map_or("", |name| name.value().as_str());
        for (key, value) in pairs {
            self.binding(key_name, &key, each.value_var.value(), &value, |inner| {
                inner.inner(&each.template, trim, style, text)
            })?;
        }
        Ok(())
    }

    fn inner(&self, template: &Template, trim: Trim, style: Style, text: &mut Text) -> Result<(), String> {
        let elements: Vec<&Element> = template.iter().collect();
        let work = self.names.work();
        let done = work.deeper(|| self.elements(&elements, trim, style, text));
        done.unwrap_or_else(|| Err("more than can be worked out here".to_owned()))
    }
}

/// The blanks that every line of a heredoc begins with; none unless it is written with `<<-`.
fn indentation(written: &str) -> usize {
    let mut lines = written.lines();
    if !lines.next().is_some_and(|first| first.trim_start().starts_with("<<-")) {
        return 0;
    }
    let lines: Vec<&str> = lines.collect();
    let body = lines.split_last().map_or(&[][..], |(_, body)| body);
    let blanks = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    body.iter().filter(|line| !line.trim().is_empty()).map(blanks).min().unwrap_or(0)
}

/// Which sides of its neighbours an element takes the blanks from.
fn strips(element: &Element) -> Trim {
    let both = |first: Strip, last: Strip| Trim { start: first.strip_start(), end: last.strip_end() };
    match element {
        Element::Literal(_) => Trim::default(),
        Element::Interpolation(inner) => both(inner.strip, inner.strip),
        Element::Directive(directive) => match &**directive {
            Directive::If(directive) => both(directive.if_expr.strip, directive.endif_expr.strip),
            Directive::For(directive) => both(directive.for_expr.strip, directive.endfor_expr.strip),
        },
    }
}

/// How long the escape is that a text begins with.
fn escape(rest: &str) -> Option<usize> {
    match rest.as_bytes() {
        [b'\\', b'u', ..] => Some(6),
        [b'\\', b'U', ..] => Some(10),
        [b'\\', _, ..] => Some(2),
        [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => Some(3),
        _ => None,
    }
}

/// How long the text is until the next escape may begin.
fn plain(rest: &str) -> usize {
    let first = rest.chars().next().map_or(0, char::len_utf8);
    rest[first..].find(['\\', '$', '%']).map_or(rest.len(), |length| first + length)
}
