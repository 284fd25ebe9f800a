//! What a template sees: names with values. The engine gets them only once it has to render something.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use tera::{Context, Map, Value};

/// The values of names. A value that is not there has no name, so printing it is an error, and asking
/// for it is not.
#[derive(Debug, Default)]
pub struct Values<'v> {
    /// Names that many share, hidden by our own of the same name.
    below: Option<&'v Values<'v>>,
    names: Cow<'static, [&'static str]>,
    /// As many as there are names.
    contents: Vec<Option<TemplateValue<'v>>>,
    context: OnceLock<Context>,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateValue<'v> {
    /// A text.
    Text(Cow<'v, str>),
    /// A text that is JSON in its canonical form.
    Document(Arc<str>),
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(u32),
    /// A list of texts.
    Texts(Vec<Cow<'v, str>>),
    /// Texts by key, in the order of the keys.
    Map(BTreeMap<&'v str, &'v str>),
    /// A list of values by key, in the order given.
    Rows(Vec<Vec<(&'static str, TemplateValue<'v>)>>),
}

/// Something whose fields are names for templates.
pub trait TemplateContext<'v> {
    /// The names of the fields.
    const NAMES: &'static [&'static str];

    /// Their values, in the order of the names.
    fn values(self) -> Vec<Option<TemplateValue<'v>>>;
}

/// Something that can be a value, or that is none.
pub trait IntoTemplateValue<'v> {
    /// The value; `None` is no value.
    fn into_template_value(self) -> Option<TemplateValue<'v>>;
}

impl<'v> Values<'v> {
    /// The fields of a struct as names.
    #[must_use]
    pub fn new<N: TemplateContext<'v>>(fields: N) -> Self {
        Self { names: N::NAMES.into(), contents: fields.values(), ..Self::default() }
    }

    /// The same with the fields of another struct.
    #[must_use]
    pub fn with<N: TemplateContext<'v>>(&'v self, fields: N) -> Self {
        Self { below: Some(self), ..Self::new(fields) }
    }

    /// The same names with those of another struct, which has none of them, for values that are kept.
    #[must_use]
    pub fn and<N: TemplateContext<'v>>(self, fields: N) -> Self {
        let names = [&*self.names, N::NAMES].concat();
        let contents = self.contents.into_iter().chain(fields.values()).collect();
        Self { names: names.into(), contents, below: self.below, context: OnceLock::new() }
    }

    /// The value of a name.
    pub(super) fn get(&self, name: &str) -> Option<&TemplateValue<'v>> {
        match self.names.iter().position(|known| *known == name) {
            Some(at) => self.contents.get(at)?.as_ref(),
            None => self.below?.get(name),
        }
    }

    /// The document of a name.
    #[must_use]
    pub fn document(&self, name: &str) -> Option<&Arc<str>> {
        match self.get(name)? {
            TemplateValue::Document(document) => Some(document),
            _ => None,
        }
    }

    /// Whether a name has a value, and one that conditions take for true.
    pub(super) fn is_something(&self, name: &str) -> bool {
        self.get(name).is_some_and(TemplateValue::is_something)
    }

    /// Those that are of use to a template, as the engine wants them.
    pub(super) fn context(&self, used: &BTreeSet<String>) -> &Context {
        self.context.get_or_init(|| {
            // What all targets share is kept; what stands between is seen by few.
            let mut context = match self.below {
                Some(below) => below.bottom().context(used).clone(),
                None => Context::new(),
            };
            self.put_into(&mut context, used);
            context
        })
    }

    fn bottom(&self) -> &Values<'v> {
        self.below.map_or(self, Values::bottom)
    }

    /// Puts these above those at the bottom.
    fn put_into(&self, context: &mut Context, used: &BTreeSet<String>) {
        if let Some(between) = self.below.filter(|below| below.below.is_some()) {
            between.put_into(context, used);
        }
        for (name, value) in self.names.iter().zip(&self.contents).filter(|(name, _)| used.contains(**name)) {
            match value {
                Some(value) => context.insert_value(*name, value.to_value()),
                None => drop(context.remove(name)),
            }
        }
    }
}

impl TemplateValue<'_> {
    /// Whether conditions take it for true.
    pub(super) fn is_something(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Document(text) => !text.is_empty(),
            Self::Flag(flag) => *flag,
            Self::Number(number) => *number != 0,
            Self::Texts(texts) => !texts.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Rows(rows) => !rows.is_empty(),
        }
    }

    /// The text that it is, in paths and comparisons; a list or a map is none.
    pub(super) fn plain(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Document(text) => Some(Cow::Borrowed(text)),
            Self::Flag(flag) => Some(flag.to_string().into()),
            Self::Number(number) => Some(number.to_string().into()),
            Self::Texts(_) | Self::Map(_) | Self::Rows(_) => None,
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Text(text) => Value::normal_string(text),
            Self::Document(text) => Value::normal_string(text),
            Self::Flag(flag) => (*flag).into(),
            Self::Number(number) => (*number).into(),
            Self::Texts(texts) => {
                texts.iter().map(|text| Value::normal_string(text)).collect::<Vec<_>>().into()
            }
            Self::Map(map) => {
                let entry =
                    |(key, text): (&&str, &&str)| ((*key).to_owned().into(), Value::normal_string(text));
                map.iter().map(entry).collect::<Map>().into()
            }
            Self::Rows(rows) => rows.iter().map(|row| row_value(row)).collect::<Vec<_>>().into(),
        }
    }
}

fn row_value(row: &[(&'static str, TemplateValue<'_>)]) -> Value {
    let map: Map = row.iter().map(|(key, value)| ((*key).into(), value.to_value())).collect();
    map.into()
}

impl<'v> IntoTemplateValue<'v> for &'v str {
    fn into_template_value(self) -> Option<TemplateValue<'v>> {
        Some(TemplateValue::Text(self.into()))
    }
}

impl<'v> IntoTemplateValue<'v> for String {
    fn into_template_value(self) -> Option<TemplateValue<'v>> {
        Some(TemplateValue::Text(self.into()))
    }
}

impl<'v> IntoTemplateValue<'v> for bool {
    fn into_template_value(self) -> Option<TemplateValue<'v>> {
        Some(TemplateValue::Flag(self))
    }
}

impl<'v> IntoTemplateValue<'v> for u32 {
    fn into_template_value(self) -> Option<TemplateValue<'v>> {
        Some(TemplateValue::Number(self))
    }
}

impl<'v> IntoTemplateValue<'v> for TemplateValue<'v> {
    fn into_template_value(self) -> Option<TemplateValue<'v>> {
        Some(self)
    }
}

impl<'v, T: IntoTemplateValue<'v>> IntoTemplateValue<'v> for Option<T> {
    fn into_template_value(self) -> Option<TemplateValue<'v>> {
        self?.into_template_value()
    }
}
