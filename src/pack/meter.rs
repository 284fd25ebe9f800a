//! What the rendering of one file may cost, so that a pack of a stranger's ends: steps, time and the sizes
//! of values and texts.
//!
//! Responsible for counting, and for those of the engine's own functions that could make much out of
//! little. The limits are far above what any file of Terraform needs; the clock is the last of them, and
//! the only one that depends on the machine.

#![expect(
    clippy::needless_pass_by_value,
    reason = "Tera hands functions and filters their arguments by value"
)]

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use tera::{Error, Kwargs, State, StringInput, Tera, TeraResult, Value};

use super::tags::METER;

/// Steps of one file: tags with a meter that are rendered, and turns of loops.
const MOST_STEPS: u32 = 2_000_000;
/// How long one file may take.
const LONGEST: Duration = Duration::from_secs(5);
/// Bytes of a value that is given a name, or made by a filter.
const LARGEST_VALUE: usize = 256 << 10;
/// How deep lists and maps stand in each other.
const DEEPEST: usize = 32;
/// What an item of a list or map counts beside its text.
const ITEM: usize = 16;
/// Numbers that `range` makes, and items that `unique` compares with each other.
const MOST_ITEMS: usize = 10_000;
/// Bytes of one file.
const LARGEST_FILE: usize = 16 << 20;

thread_local! {
    /// What is left for the file that this thread renders.
    static LEFT: Cell<(u32, Option<Instant>)> = const { Cell::new((MOST_STEPS, None)) };
}

/// Begins another file. Its time begins when it is first looked at: nearly all files end before that.
pub(super) fn start() {
    LEFT.set((MOST_STEPS, None));
}

/// Gives an engine the meter, and functions that keep to the limits.
pub(super) fn install(tera: &mut Tera) {
    tera.register_function(METER, meter);
    tera.register_function("range", range);
    tera.register_filter("replace", replace);
    tera.register_filter("join", join);
    tera.register_filter("indent", indent);
    tera.register_filter("unique", unique);
}

fn over(what: &str) -> Error {
    Error::message(format!("{what}: a template is to end soon, and to write a file that people can read"))
}

fn too_large() -> Error {
    over(&format!("a value is larger than {} KiB", LARGEST_VALUE >> 10))
}

/// One step further; and a look at a value that was given a name.
fn meter(kwargs: Kwargs, _: &State<'_>) -> TeraResult<bool> {
    let (steps, until) = LEFT.get();
    let Some(steps) = steps.checked_sub(1) else {
        return Err(over(&format!("more than {MOST_STEPS} steps")));
    };
    LEFT.set((steps, until));
    if steps % 16 == 0 {
        let now = Instant::now();
        LEFT.set((steps, until.or_else(|| now.checked_add(LONGEST))));
        if until.is_some_and(|until| now > until) {
            return Err(over(&format!("rendering takes longer than {} seconds", LONGEST.as_secs())));
        }
    }
    if let Some(value) = kwargs.get::<Value>("v")? {
        weigh(&value, LARGEST_VALUE, DEEPEST)?;
    }
    Ok(false)
}

/// What is left of an allowance after a value that may hold others, the same ones again and again.
fn weigh(value: &Value, left: usize, deep: usize) -> TeraResult<usize> {
    let own = ITEM + value.as_str().map_or(0, str::len);
    let left = left.checked_sub(own).ok_or_else(too_large)?;
    let deep = deep.checked_sub(1).ok_or_else(|| over("lists or maps stand too deep in each other"))?;
    if let Some(items) = value.as_array() {
        return items.iter().try_fold(left, |left, item| weigh(item, left, deep));
    }
    let entries = value.as_map().into_iter().flatten();
    entries.into_iter().try_fold(left, |left, (key, value)| {
        let left = left.checked_sub(key.to_string().len()).ok_or_else(too_large)?;
        weigh(value, left, deep)
    })
}

/// The numbers from `start` up to `end`.
fn range(kwargs: Kwargs, _: &State<'_>) -> TeraResult<Vec<i128>> {
    let start = kwargs.get::<i128>("start")?.unwrap_or_default();
    let end = kwargs.must_get::<i128>("end")?;
    let step = kwargs.get::<i128>("step_by")?.unwrap_or(1);
    if step == 0 || (start > end && step > 0) {
        return Err(Error::message("`range` never gets from its `start` to its `end`"));
    }
    let further = |at: &i128| at.checked_add(step);
    let is_before = |at: &i128| if step > 0 { *at < end } else { *at > end };
    let numbers = std::iter::successors(Some(start), further).take_while(is_before);
    let numbers: Vec<i128> = numbers.take(MOST_ITEMS + 1).collect();
    if numbers.len() > MOST_ITEMS {
        return Err(over(&format!("`range` makes more than {MOST_ITEMS} numbers")));
    }
    Ok(numbers)
}

/// Whether texts are put together as they are written into the file, because one of them is escaped
/// already.
fn is_written(state: &State<'_>, mut safe: impl Iterator<Item = bool>) -> bool {
    state.autoescaping_enabled() && safe.any(|safe| safe)
}

fn made(text: String, is_safe: bool) -> Value {
    if is_safe { Value::safe_string(&text) } else { Value::from(text) }
}

fn replace(value: StringInput<'_>, kwargs: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let from = kwargs.must_get::<&str>("from")?;
    let to = kwargs.must_get::<StringInput<'_>>("to")?;
    let is_safe = is_written(state, [value.is_safe(), to.is_safe()].into_iter());
    let (text, to) = if is_safe {
        (value.rendered(state)?, to.rendered(state)?)
    } else {
        (Cow::Borrowed(value.as_str()), Cow::Borrowed(to.as_str()))
    };
    let more = text.matches(from).count().saturating_mul(to.len());
    if text.len().saturating_add(more) > LARGEST_VALUE {
        return Err(too_large());
    }
    Ok(made(text.replace(from, &to), is_safe))
}

fn join(items: &[Value], kwargs: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let separator = kwargs.get::<StringInput<'_>>("sep")?;
    let texts = items.iter().map(|item| item.is_string() && item.is_safe());
    let is_safe = is_written(state, texts.chain(separator.as_ref().map(StringInput::is_safe)));
    let between = match &separator {
        Some(separator) if is_safe => separator.rendered(state)?,
        Some(separator) => Cow::Borrowed(separator.as_str()),
        None => Cow::Borrowed(""),
    };
    let mut joined = String::new();
    for (index, item) in items.iter().enumerate() {
        weigh(item, LARGEST_VALUE, DEEPEST)?;
        joined.push_str(if index == 0 { "" } else { &between });
        if !is_safe {
            joined.push_str(&item.to_string());
        } else if !item.is_undefined() {
            joined.push_str(&state.escape_if_needed(item)?);
        }
        if joined.len() > LARGEST_VALUE {
            return Err(too_large());
        }
    }
    Ok(made(joined, is_safe))
}

fn indent(value: StringInput<'_>, kwargs: Kwargs, state: &State<'_>) -> TeraResult<Value> {
    let width = kwargs.get::<usize>("width")?.unwrap_or(4).min(1000);
    let character = kwargs.get::<StringInput<'_>>("indentation")?;
    let is_safe =
        is_written(state, [value.is_safe()].into_iter().chain(character.as_ref().map(StringInput::is_safe)));
    let text = if is_safe { value.rendered(state)? } else { Cow::Borrowed(value.as_str()) };
    let one = match &character {
        Some(one) if one.as_str().chars().count() != 1 => {
            return Err(Error::message("the `indentation` is one character"));
        }
        Some(one) if is_safe => one.rendered(state)?,
        Some(one) => Cow::Borrowed(one.as_str()),
        None => Cow::Borrowed(" "),
    };
    let margin = one.repeat(width);
    let (first, blank) = (kwargs.get::<bool>("first")?, kwargs.get::<bool>("blank")?);
    let mut indented = String::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let is_empty = line.trim_end_matches(['\r', '\n']).is_empty();
        let is_moved = if index == 0 { first == Some(true) } else { !is_empty || blank == Some(true) };
        indented.push_str(if is_moved { &margin } else { "" });
        indented.push_str(line);
        if indented.len() > LARGEST_VALUE {
            return Err(too_large());
        }
    }
    Ok(made(indented, is_safe))
}

fn unique(items: &[Value], _: Kwargs, _: &State<'_>) -> TeraResult<Vec<Value>> {
    if items.len() > MOST_ITEMS {
        return Err(over(&format!("`unique` is given more than {MOST_ITEMS} items")));
    }
    let mut unique: Vec<Value> = Vec::new();
    for item in items {
        if !unique.contains(item) {
            unique.push(item.clone());
        }
    }
    Ok(unique)
}

/// A file that is being rendered, and may not become larger than any file needs to be.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) bytes: Vec<u8>,
}

impl Output {
    /// Room for so many bytes, so that writing need not make it again and again.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes) }
    }

    /// Why nothing more was taken, if that is so.
    pub(super) fn complaint(&self) -> Option<String> {
        (self.bytes.len() >= LARGEST_FILE)
            .then(|| format!("the file is larger than {} MiB", LARGEST_FILE >> 20))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > LARGEST_FILE {
            self.bytes.resize(LARGEST_FILE, 0);
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
