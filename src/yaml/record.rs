//! The macro that turns a struct into its reader and its JSON Schema.
//!
//! One list of keys serves both, so they cannot drift apart.

/// Defines a mapping that people write. Every field becomes a [`Field`](super::Field); what was written
/// but is no key is reported with the nearest key there is.
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $Name:ident {
            $( $(#[$field_meta:meta])* pub $field:ident : $Type:ty, )+
        }
    ) => {
        #[derive(Debug, Clone, Default, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields)]
        $(#[$meta])*
        pub struct $Name {
            $( $(#[$field_meta])* #[schemars(default)] pub $field: $crate::yaml::Field<$Type>, )+
        }

        impl $Name {
            /// The keys it knows, in the order of the reference.
            pub const KEYS: &'static [&'static str] = &[$($crate::yaml::key(stringify!($field))),+];

            /// Reads every key but one, which the caller reads in its own way.
            pub(crate) fn decode_without(
                cx: &mut $crate::yaml::Decoder<'_>,
                view: $crate::yaml::View<'_, '_>,
                apart: &str,
            ) -> Option<Self> {
                cx.is_mapping(view, Self::KEYS).then(|| Self {
                    $( $field: if stringify!($field) == apart {
                        $crate::yaml::Field::Absent
                    } else {
                        cx.field(view, $crate::yaml::key(stringify!($field)))
                    }, )+
                })
            }
        }

        impl $crate::yaml::Decode for $Name {
            fn decode(
                cx: &mut $crate::yaml::Decoder<'_>,
                view: $crate::yaml::View<'_, '_>,
            ) -> Option<Self> {
                // No key is without a name.
                Self::decode_without(cx, view, "")
            }
        }
    };
}

pub(crate) use record;

/// The key of a field: its name, without the mark of a name that is a keyword of Rust.
pub(crate) const fn key(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', name @ ..] => match str::from_utf8(name) {
            Ok(name) => name,
            Err(_) => field,
        },
        _ => field,
    }
}
