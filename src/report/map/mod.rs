//! The map of who is let in where, as SVG in the page.
//!
//! Responsible for drawing what `layout` decides. What a line means is said by its form and by words, never by its color
//! alone. Refuses to be the only place that says something: the tables say the same.

mod layout;
mod starts;

use super::facts::{Class, Facts};
use super::markup::Markup;
use layout::{Area, BELOW, Edge, Font, Layout, Node, letters};

/// Every class with what its lines look like, in words.
const LEGEND: [(Class, &str); 6] = [
    (Class::Administer, "administer: double line"),
    (Class::Write, "write: thick line"),
    (Class::Read, "read: dashed line"),
    (Class::Assume, "assume roles: thin line"),
    (Class::Nothing, "no permissions: dotted line"),
    (Class::NotKnown, "not known: dashes and dots"),
];

/// The map and what its lines mean.
pub(super) fn draw(out: &mut Markup, facts: &Facts) {
    let layout = layout::layout(facts);
    let frame =
        [("class", "scroll map"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Map, scrollable")];
    out.element("div", &frame, |out| svg(out, &layout, facts));
    if let Some(note) = &layout.note {
        out.line("p", &[("class", "muted")], note);
    }
    out.element("ul", &[("class", "legend")], |out| {
        for (class, words) in
            LEGEND.iter().filter(|(class, _)| layout.edges.iter().any(|edge| edge.class == *class))
        {
            out.element("li", &[], |out| {
                let size =
                    [("width", "44"), ("height", "12"), ("aria-hidden", "true"), ("focusable", "false")];
                out.element("svg", &size, |out| stroke(out, "M0 6 L44 6", *class, false));
                out.text(" ");
                out.text(words);
            });
        }
    });
}

fn svg(out: &mut Markup, layout: &Layout, facts: &Facts) {
    let (width, height) = (layout.width.to_string(), layout.height.to_string());
    let view = format!("0 0 {width} {height}");
    let frame = [
        ("width", width.as_str()),
        ("height", &height),
        ("viewBox", &view),
        ("role", "img"),
        ("aria-labelledby", "map-title map-description"),
    ];
    out.element("svg", &frame, |out| {
        out.line("title", &[("id", "map-title")], "Map: who is let in, through which roles, into which accounts");
        let strangers = match facts.strangers().count() {
            0 => "Nobody is let in who is not declared.",
            _ => "Whoever is let in and is not declared is drawn apart, under the words: not in the spec.",
        };
        let description = format!(
            "Callers are on the left, roles in the middle, accounts on the right. {strangers} The table of who may enter says the same in words."
        );
        out.line("desc", &[("id", "map-description")], &description);
        layout.areas.iter().for_each(|area| draw_area(out, area));
        layout.edges.iter().for_each(|edge| draw_edge(out, edge));
        layout.nodes.iter().for_each(|node| draw_node(out, node));
    });
}

fn rectangle(out: &mut Markup, class: &str, at: layout::Place, radius: &'static str) {
    let [x, y, width, height] = [at.x, at.y, at.width, at.height].map(|number| number.to_string());
    let place = [
        ("x", x.as_str()),
        ("y", &y),
        ("width", &width),
        ("height", &height),
        ("rx", radius),
        ("class", class),
    ];
    out.empty("rect", &place);
}

fn write_at(out: &mut Markup, class: &str, (x, y): (i32, i32), text: &str) {
    let (x, y) = (x.to_string(), y.to_string());
    out.line("text", &[("x", &x), ("y", &y), ("class", class)], text);
}

fn draw_area(out: &mut Markup, area: &Area) {
    let class = if area.is_strange { "area strange" } else { "area" };
    rectangle(out, class, area.at, "10");
    let label = shortened(&area.label, letters(area.at.width, Font::Label));
    write_at(out, "label", (area.at.x + 12, area.at.y + 20), &label);
}

fn draw_node(out: &mut Markup, node: &Node) {
    let width = node.at.width;
    out.element("g", &[("class", node.style)], |out| {
        let all = [std::slice::from_ref(&node.name), node.below.as_slice(), node.ports.as_slice()].concat();
        out.line("title", &[], &all.join("\n"));
        rectangle(out, "box", node.at, "6");
        let (x, y) = (node.at.x + 12, node.at.y);
        write_at(out, "name", (x, y + 20), &shortened(&node.name, letters(width, Font::Bold)));
        for (line, below) in (0..).zip(&node.below) {
            let text = shortened(below, letters(width, Font::Small));
            write_at(out, "below", (x, y + 37 + line * BELOW), &text);
        }
        for (line, port) in (0..).zip(&node.ports) {
            let text = shortened(port, letters(width - 4, Font::Small));
            write_at(out, "port", (x + 4, y + 60 + line * 20), &text);
        }
    });
}

fn draw_edge(out: &mut Markup, Edge { from, to, class, is_strange, lane }: &Edge) {
    let way = match lane {
        None => curve(*from, *to),
        Some(lane) => {
            let (begins, ends) = ((lane.from, lane.y), (lane.to, lane.y));
            format!("{} H{} {}", curve(*from, begins), lane.to, curve(ends, *to))
        }
    };
    stroke(out, &format!("M{} {} {way}", from.0, from.1), *class, *is_strange);
}

/// A way on from one point to another, level at both ends.
fn curve(from: (i32, i32), to: (i32, i32)) -> String {
    let middle = i32::midpoint(from.0, to.0);
    format!("C{middle} {} {middle} {} {} {}", from.1, to.1, to.0, to.1)
}

fn stroke(out: &mut Markup, path: &str, class: Class, is_strange: bool) {
    let style = match class {
        Class::Administer => "edge administer",
        Class::Write => "edge write",
        Class::Read => "edge read",
        Class::Assume => "edge assume",
        Class::Nothing => "edge nothing",
        Class::NotKnown => "edge unknown",
    };
    let style = if is_strange { format!("{style} strange") } else { style.to_owned() };
    out.empty("path", &[("d", path), ("class", &style)]);
    if class == Class::Administer {
        out.empty("path", &[("d", path), ("class", "edge inner")]);
    }
}

/// The beginning of a text that is too long for its place; its title has all of it.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
    }
}
