//! How structs become names, and how values of the model become values of templates.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;

use crate::model::{Backend, Credentials, Fleet, TagKey, TagValue};
use crate::pack::TemplateValue;

/// Defines a struct whose fields are names for templates.
macro_rules! names {
    ($(#[$meta:meta])* struct $Name:ident<$life:lifetime> { $($field:ident: $Type:ty,)+ }) => {
        $(#[$meta])*
        pub(super) struct $Name<$life> { $(pub(super) $field: $Type,)+ }

        impl<$life> crate::pack::TemplateContext<$life> for $Name<$life> {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),+];

            fn values(self) -> Vec<Option<crate::pack::TemplateValue<$life>>> {
                vec![$(crate::pack::IntoTemplateValue::into_template_value(self.$field)),+]
            }
        }
    };
}

pub(super) use names;

/// A record of a list that templates go through.
pub(super) type Row<'f> = Vec<(&'static str, TemplateValue<'f>)>;

/// A text of a record.
pub(super) fn text<'f>(text: impl Into<Cow<'f, str>>) -> TemplateValue<'f> {
    TemplateValue::Text(text.into())
}

pub(super) fn texts<'f>(texts: impl IntoIterator<Item = &'f str>) -> TemplateValue<'f> {
    TemplateValue::Texts(texts.into_iter().map(Cow::Borrowed).collect())
}

pub(super) fn tags(tags: &BTreeMap<TagKey, TagValue>) -> TemplateValue<'_> {
    TemplateValue::Map(tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect())
}

pub(super) fn profile(fleet: &Fleet) -> Option<&str> {
    match &fleet.source.credentials {
        Credentials::Environment => None,
        Credentials::Profile(name) => Some(name.as_str()),
    }
}

/// Where a root keeps its state in a bucket.
pub(super) fn state_key(fleet: &Fleet, root: impl Display) -> String {
    match &fleet.terraform.backend {
        Backend::S3(s3) => format!("{}/{root}/terraform.tfstate", s3.key_prefix),
        Backend::Local | Backend::Cloud(_) => String::new(),
    }
}

/// The workspace of a root.
pub(super) fn workspace(fleet: &Fleet, root: impl Display) -> String {
    match &fleet.terraform.backend {
        Backend::Cloud(cloud) => format!("{}-{root}", cloud.workspace_prefix),
        Backend::Local | Backend::S3(_) => String::new(),
    }
}
