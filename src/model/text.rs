//! Texts that are valid by construction: one type per thing that AWS or Terraform has a rule for.
//!
//! Responsible for the macro that makes such a type from its rule, so that parsing, messages and
//! the JSON Schema can only say the same. Refuses to know the rules themselves.

use std::fmt;

/// Why a text is not a value of the type it was written for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// The id in the catalogue of findings, where it has one.
    pub id: Option<&'static str>,
    /// What is wrong with it.
    pub message: String,
    /// The rule, or the way out.
    pub help: String,
}

/// A type that is a text with a rule.
pub trait Text: Sized + fmt::Display {
    /// What it is called in messages, with its article: `an account ID`.
    const WHAT: &'static str;
    /// The catalogue's id for a text that breaks the rule.
    const ID: Option<&'static str>;

    /// The value, if the text keeps the rule.
    ///
    /// # Errors
    /// The rule that is broken, in words.
    fn parse(text: &str) -> Result<Self, Invalid>;
}

/// A failure of `T`'s rule, worded the same for every type.
pub(crate) fn invalid<T: Text>(text: &str, rule: &str) -> Invalid {
    let shown = crate::diagnostic::words::excerpt(text);
    Invalid { id: T::ID, message: format!("`{shown}` is not {}", T::WHAT), help: rule.to_owned() }
}

/// Texts that keep a type's rule and are somebody else's to use.
pub(crate) struct Reserved {
    /// Whether a text is one of them.
    pub(crate) includes: fn(&str) -> bool,
    /// The same as a regular expression, for texts that keep the rule.
    pub(crate) pattern: &'static str,
    /// Who uses them, and for what.
    pub(crate) why: &'static str,
    /// The way out.
    pub(crate) help: &'static str,
}

/// A text that keeps `T`'s rule, and that `T` cannot be.
pub(crate) fn reserved<T: Text>(text: &str, reserved: &Reserved) -> Invalid {
    let message = format!("`{text}` cannot be {}: {}", T::WHAT, reserved.why);
    Invalid { id: T::ID, message, help: reserved.help.to_owned() }
}

/// Length in characters within bounds, and only such characters.
pub(crate) fn made_of(
    text: &str,
    length: std::ops::RangeInclusive<usize>,
    allowed: fn(char) -> bool,
) -> bool {
    length.contains(&text.chars().count()) && text.chars().all(allowed)
}

/// Defines a text type from its rule. `accepts` is the rule as code, `pattern` the same as an
/// ECMA 262 regular expression for the JSON Schema, `rule` the same in words.
macro_rules! text {
    (
        $(#[$meta:meta])*
        pub struct $Name:ident {
            what: $what:literal,
            $(id: $id:literal,)?
            rule: $rule:expr,
            pattern: $pattern:literal,
            $(longest: $longest:literal,)?
            accepts: $accepts:expr,
            $(reserved: $reserved:expr,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $Name(Box<str>);

        impl $Name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $crate::model::Text for $Name {
            const WHAT: &'static str = $what;
            const ID: Option<&'static str> = $crate::model::text::text!(@id $($id)?);

            fn parse(text: &str) -> Result<Self, $crate::model::Invalid> {
                let accepts: fn(&str) -> bool = $accepts;
                if !accepts(text) {
                    return Err($crate::model::text::invalid::<Self>(text, $rule));
                }
                $(
                    if ($reserved.includes)(text) {
                        return Err($crate::model::text::reserved::<Self>(text, &$reserved));
                    }
                )?
                Ok(Self(text.into()))
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl schemars::JsonSchema for $Name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($Name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "pattern": $pattern
                    $(, "maxLength": $longest)?
                    $(, "not": { "pattern": $reserved.pattern })?
                })
            }
        }
    };
    (@id) => { None };
    (@id $id:literal) => { Some($id) };
}

pub(crate) use text;

/// Defines an enum whose variants are words of the spec.
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $Name:ident: $what:literal {
            $( $(#[$variant_meta:meta])* $Variant:ident = $word:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        pub enum $Name {
            $( $(#[$variant_meta])* #[serde(rename = $word)] $Variant, )+
        }

        impl $Name {
            /// Every variant, in the order of the reference.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),+];

            /// The word that stands for it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $( Self::$Variant => $word, )+
                }
            }
        }

        impl $crate::model::Text for $Name {
            const WHAT: &'static str = $what;
            const ID: Option<&'static str> = None;

            fn parse(text: &str) -> Result<Self, $crate::model::Invalid> {
                let known = [$($word),+];
                Self::ALL.iter().copied().find(|word| word.as_str() == text).ok_or_else(|| {
                    let help = $crate::diagnostic::words::did_you_mean(text, &known);
                    $crate::model::text::invalid::<Self>(text, &help)
                })
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl schemars::JsonSchema for $Name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($Name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "enum": [$($word),+] })
            }
        }
    };
}

pub(crate) use words;
