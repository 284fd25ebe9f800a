//! Random expressions.

use super::text::NAMES;
use super::{Lines, Writer};

const NUMBERS: &[&str] = &["0", "1", "42", "1.5", "007", "1e5", "1.5E-3", "1e+2", "99999999999999999999"];

const BINARY: &[&str] = &["+", "-", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"];

impl Writer {
    pub(crate) fn expression(&mut self, lines: Lines) {
        if self.fuel == 0 {
            return self.simple_term();
        }
        self.fuel -= 1;
        match self.random.below(9) {
            0 => {
                self.term(lines);
                self.operator(lines, BINARY);
                self.expression(lines);
            }
            1 => {
                self.term(lines);
                self.operator(lines, &["?"]);
                self.expression(lines);
                self.operator(lines, &[":"]);
                self.expression(lines);
            }
            _ => self.term(lines),
        }
        self.fuel += 1;
    }

    fn operator(&mut self, lines: Lines, operators: &[&'static str]) {
        self.gap(lines);
        let operator = self.random.pick(operators);
        self.text.push_str(operator);
        self.gap(lines);
    }

    fn term(&mut self, lines: Lines) {
        while self.random.one_in(8) {
            self.operator(lines, &["-", "!"]);
        }
        match self.random.below(14) {
            0 | 1 => self.tuple(),
            2 | 3 => self.object(),
            4 | 5 => self.call(lines),
            6 => self.for_expression(),
            7 => self.bracketed('(', ')'),
            8 | 9 => self.string(),
            10 if lines == Lines::DoNotMatter || self.random.one_in(6) => self.heredoc(),
            _ => self.simple_term(),
        }
        while self.random.one_in(3) {
            self.accessor(lines);
        }
    }

    fn simple_term(&mut self) {
        match self.random.below(4) {
            0 => {
                let number = self.random.pick(NUMBERS);
                self.text.push_str(number);
            }
            1 => self.text.push_str("\"text\""),
            _ => self.name(),
        }
    }

    fn name(&mut self) {
        let name = self.random.pick(NAMES);
        self.text.push_str(name);
    }

    fn accessor(&mut self, lines: Lines) {
        if self.random.one_in(6) {
            self.gap(lines);
        }
        match self.random.below(12) {
            0 => self.text.push_str("[*]"),
            1 => self.text.push_str(".*"),
            2 => self.text.push_str(".0"),
            3 => {
                let index = self.random.pick(&["[0]", "[true]", "[\"k\"]", "[null]", "[ 1.5 ]", "[-1]"]);
                self.text.push_str(index);
            }
            4 | 5 => self.bracketed('[', ']'),
            6 => {
                self.operator(lines, &["."]);
                self.simple_accessor();
            }
            _ => {
                self.text.push('.');
                self.name();
            }
        }
    }

    fn simple_accessor(&mut self) {
        match self.random.below(3) {
            0 => self.text.push('7'),
            _ => self.name(),
        }
    }

    fn bracketed(&mut self, open: char, close: char) {
        self.text.push(open);
        self.gap(Lines::DoNotMatter);
        self.expression(Lines::DoNotMatter);
        self.gap(Lines::DoNotMatter);
        self.text.push(close);
    }

    fn call(&mut self, lines: Lines) {
        for _ in 0..self.random.below(2) {
            self.name();
            self.operator(lines, &["::"]);
        }
        self.name();
        self.gap(lines);
        self.text.push('(');
        self.items();
        if self.random.one_in(8) && !self.text.trim_end().ends_with([',', '(']) {
            self.text.push_str("...");
            self.gap(Lines::DoNotMatter);
        }
        self.text.push(')');
    }

    fn tuple(&mut self) {
        self.text.push('[');
        self.items();
        self.text.push(']');
    }

    fn items(&mut self) {
        self.gap(Lines::DoNotMatter);
        let count = self.random.below(4);
        for index in 0..count {
            self.expression(Lines::DoNotMatter);
            self.gap(Lines::DoNotMatter);
            if index + 1 < count || self.random.one_in(4) {
                self.text.push(',');
                self.gap(Lines::DoNotMatter);
            }
        }
    }

    fn object(&mut self) {
        self.text.push('{');
        self.gap(Lines::DoNotMatter);
        for _ in 0..self.random.below(4) {
            self.object_key();
            self.operator(Lines::Matter, &["=", "=", ":"]);
            self.expression(Lines::Matter);
            self.gap(Lines::Matter);
            let separator = self.random.pick(&[",", "\n", "\n", ",\n", " # c\n", ", # c\n"]);
            self.text.push_str(separator);
            self.gap(Lines::Matter);
        }
        self.text.push('}');
    }

    fn object_key(&mut self) {
        match self.random.below(6) {
            0 => self.bracketed('(', ')'),
            1 => self.string(),
            2 => self.expression(Lines::Matter),
            _ => self.name(),
        }
    }

    fn for_expression(&mut self) {
        let object = self.random.one_in(2);
        self.text.push(if object { '{' } else { '[' });
        self.gap(Lines::DoNotMatter);
        self.text.push_str("for ");
        self.name();
        if self.random.one_in(2) {
            self.operator(Lines::DoNotMatter, &[","]);
            self.name();
        }
        self.text.push_str(" in ");
        self.expression(Lines::DoNotMatter);
        self.operator(Lines::DoNotMatter, &[":"]);
        self.expression(Lines::DoNotMatter);
        if object {
            self.operator(Lines::DoNotMatter, &["=>"]);
            self.expression(Lines::DoNotMatter);
            let grouping = self.random.pick(&["", "", "..."]);
            self.text.push_str(grouping);
        }
        if self.random.one_in(3) {
            self.text.push_str(" if ");
            self.expression(Lines::DoNotMatter);
        }
        self.gap(Lines::DoNotMatter);
        self.text.push(if object { '}' } else { ']' });
    }
}
