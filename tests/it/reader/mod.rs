//! The reader of Terraform: what it makes of folders, and whether Terraform makes the same of them.

mod console;
mod folders;
mod hostile;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crossrole::diagnostic::{Source, Sources, Span};
use crossrole::terraform::{Block, Input, Made, Module, Terraform, is_read, read};
use crossrole::value::{Data, Entry, Key, Piece, Value};

use crate::support::Files;

/// Reads files as the program does: those that Terraform reads by itself, and any other when asked.
fn read_files(files: &Files) -> Terraform {
    let source = |(path, text): (&String, &String)| (path.clone(), Source::new(path.as_str(), text.as_str()));
    let all: BTreeMap<String, Arc<Source>> = files.iter().map(source).collect();
    let own = all.iter().filter(|(path, _)| is_read(path));
    let own = own.map(|(path, source)| (path.clone(), Arc::clone(source))).collect();
    read(Input { files: &own, lookup: &|path| all.get(path).cloned(), given: &[], only: None })
}

/// Everything that was read, as a page for people.
fn page(terraform: &Terraform) -> String {
    let mut page = Page { sources: &terraform.sources, text: String::new() };
    for problem in &terraform.problems {
        let (line, _) = problem.source.line_and_column(problem.at.range().start);
        _ = writeln!(page.text, "problem: {}:{line}: {}", problem.source.name, problem.message);
    }
    for module in terraform.modules() {
        page.module(module);
    }
    page.text
}

struct Page<'p> {
    sources: &'p Sources,
    text: String,
}

impl Page<'_> {
    fn module(&mut self, module: &Module) {
        let folder = if module.folder.is_empty() { "." } else { &module.folder };
        let address = if module.address.is_empty() { "root" } else { &module.address };
        _ = writeln!(self.text, "== {address} in {folder}");
        module.blocks.iter().for_each(|block| self.block(block, 0));
    }

    fn block(&mut self, block: &Block, depth: usize) {
        let blanks = "  ".repeat(depth);
        let labels: Vec<String> = block.labels.iter().map(|label| format!(" {label:?}")).collect();
        let labels = labels.concat();
        let made = match &block.made {
            Made::Once => String::new(),
            Made::For(key) => format!(" for {}", self.value(key)),
            Made::Never => " never".to_owned(),
            Made::Unknown(reason) => format!(" for what depends on {}", reason.why),
        };
        _ = writeln!(self.text, "{blanks}{}{labels}{made}", block.keyword);
        for argument in &block.arguments {
            let value = self.value(&argument.value);
            let at = self.place(argument.value.at);
            _ = writeln!(self.text, "{blanks}  {} = {value} @{at}", argument.key);
        }
        block.blocks.iter().for_each(|inner| self.block(inner, depth + 1));
    }

    fn value(&self, value: &Value) -> String {
        match &value.data {
            Data::Null => "null".to_owned(),
            Data::Bool(is) => is.to_string(),
            Data::Number(number) => number.clone(),
            Data::Text(text) => {
                let piece = |piece: Piece<'_>| match piece {
                    Piece::Known(known, _) => known.escape_debug().to_string().replace("\\\"", "\""),
                    Piece::Unknown(reason) => format!("<{}>", reason.why),
                };
                format!("\"{}\"", text.pieces().map(piece).collect::<String>())
            }
            Data::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.value(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Data::Object(entries) => {
                let entries: Vec<String> = entries.iter().map(|entry| self.entry(entry)).collect();
                format!("{{{}}}", entries.join(", "))
            }
            Data::Unknown(reason) => format!("<{} @{}>", reason.why, self.place(reason.at)),
        }
    }

    fn entry(&self, entry: &Entry) -> String {
        let key = match &entry.key {
            Key::Known(key) => key.clone(),
            Key::Unknown(reason) => format!("<{}>", reason.why),
        };
        format!("{key}: {}", self.value(&entry.value))
    }

    fn place(&self, at: Span) -> String {
        let Some(place) = self.sources.place(at) else { return "nowhere".to_owned() };
        let (line, column) = place.source.line_and_column(place.span.range().start);
        format!("{}:{line}:{column}", place.source.name)
    }
}
