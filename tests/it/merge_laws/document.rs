//! Random Terraform files as trees whose parts keep a hidden identity through every edit.

use std::fmt::Write as _;

use super::random::Random;

/// A part of a body.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// The comment directly above.
    pub(super) above: Option<String>,
    /// The comment behind it on its line.
    pub(super) behind: Option<String>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// A name and the text of its value.
    Attribute(String, String),
    /// A name and its elements, each on a line of its own.
    List(String, Vec<Element>),
    /// A name and its entries.
    Object(String, Vec<(String, Element)>),
    /// A header without its brace, and what is in it.
    Block(String, Vec<Item>),
    /// Comment lines that stand for themselves.
    Comment(String),
}

#[derive(Debug, Clone)]
pub(super) struct Element {
    pub(super) value: String,
    pub(super) above: Option<String>,
    pub(super) behind: Option<String>,
}

impl Element {
    pub(super) fn new(value: &str) -> Self {
        Self { value: value.to_owned(), above: None, behind: None }
    }
}

impl Item {
    pub(super) fn new(kind: Kind) -> Self {
        Self { above: None, behind: None, kind }
    }

    pub(super) fn attribute(name: &str, value: &str) -> Self {
        Self::new(Kind::Attribute(name.to_owned(), value.to_owned()))
    }
}

/// A file of near-identical blocks.
pub(super) fn document(random: &mut Random) -> Vec<Item> {
    let mut items = vec![Item::new(Kind::Comment("# The accounts.".to_owned()))];
    for number in 0..2 + random.below(4) {
        let mut block = Item::new(Kind::Block(format!("resource \"r\" \"a{number}\""), body(random)));
        block.above = random.one_in(2).then(|| "# An account.".to_owned());
        items.push(block);
    }
    items
}

fn body(random: &mut Random) -> Vec<Item> {
    let mut items = vec![Item::attribute("region", "\"eu\""), Item::attribute("size", "1")];
    items[1].behind = random.one_in(2).then(|| "# as agreed".to_owned());
    let values = ["\"a\"", "\"b\"", "\"c\"", "\"d\"", "\"b\""];
    let length = 3 + random.below(3);
    let mut elements: Vec<Element> = values[..length].iter().map(|value| Element::new(value)).collect();
    elements[1].behind = random.one_in(2).then(|| "# second".to_owned());
    items.push(Item::new(Kind::List("list".to_owned(), elements)));
    let entry = |key: &str| (key.to_owned(), Element::new("\"x\""));
    items.push(Item::new(Kind::Object("tags".to_owned(), ["one", "two", "three"].map(entry).to_vec())));
    for number in 0..random.below(4) {
        let mut rule = vec![Item::attribute("port", &number.to_string()), Item::attribute("open", "true")];
        rule[0].above = random.one_in(3).then(|| "# The port.".to_owned());
        // Two rules may be equal to the letter.
        if random.one_in(3) {
            rule[0] = Item::attribute("port", "0");
        }
        items.push(Item::new(Kind::Block("rule".to_owned(), rule)));
    }
    items
}

/// The text of a file.
pub(super) fn written(items: &[Item]) -> String {
    let mut text = String::new();
    write_body(items, "", &mut text);
    text
}

fn write_body(items: &[Item], to: &str, text: &mut String) {
    for (index, item) in items.iter().enumerate() {
        let is_large = |item: &Item| matches!(item.kind, Kind::Block(..) | Kind::Comment(_));
        if index > 0 && (is_large(item) || is_large(&items[index - 1])) {
            text.push('\n');
        }
        write_item(item, to, text);
    }
}

fn write_item(item: &Item, to: &str, text: &mut String) {
    if let Some(above) = &item.above {
        _ = writeln!(text, "{to}{above}");
    }
    let behind = item.behind.as_ref().map_or(String::new(), |behind| format!(" {behind}"));
    match &item.kind {
        Kind::Attribute(name, value) => _ = writeln!(text, "{to}{name} = {value}{behind}"),
        Kind::Comment(comment) => _ = writeln!(text, "{to}{comment}"),
        Kind::List(name, elements) => {
            _ = writeln!(text, "{to}{name} = [");
            for element in elements {
                write_element("", element, ",", to, text);
            }
            _ = writeln!(text, "{to}]{behind}");
        }
        Kind::Object(name, entries) => {
            _ = writeln!(text, "{to}{name} = {{");
            for (key, element) in entries {
                write_element(&format!("{key} = "), element, "", to, text);
            }
            _ = writeln!(text, "{to}}}{behind}");
        }
        Kind::Block(header, inner) => {
            _ = writeln!(text, "{to}{header} {{{behind}");
            write_body(inner, &format!("{to}  "), text);
            _ = writeln!(text, "{to}}}");
        }
    }
}

fn write_element(key: &str, element: &Element, comma: &str, to: &str, text: &mut String) {
    if let Some(above) = &element.above {
        _ = writeln!(text, "{to}  {above}");
    }
    let behind = element.behind.as_ref().map_or(String::new(), |behind| format!(" {behind}"));
    _ = writeln!(text, "{to}  {key}{}{comma}{behind}", element.value);
}
