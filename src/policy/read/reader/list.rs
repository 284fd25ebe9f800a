//! Lists of texts: actions, resources, principals, and one text that stands for such a list.

use super::{Either, Reader, place, unknown};
use crate::diagnostic::words::{did_you_mean, excerpt};
use crate::policy::read::fault::FaultKind;
use crate::policy::read::part::{Listed, Located, Part, Unknown};
use crate::policy::read::pattern::Pattern;
use crate::policy::read::principal::PrincipalPattern;
use crate::value::{Data, Entry, Key, Value};

const PRINCIPALS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

impl Reader {
    /// The list that an element holds, once its entries are read.
    pub(super) fn listed<T>(
        &mut self,
        found: Part<Either<'_>>,
        read: impl FnOnce(&mut Self, &Either<'_>) -> Part<Entries<T>>,
    ) -> Part<Listed<T>> {
        let found = match found {
            Part::Known(found) => found,
            Part::Unknown(reason) => return Part::Unknown(reason),
            Part::Absent => return Part::Absent,
            Part::Refused => return Part::Refused,
        };
        match read(self, &found) {
            Part::Known(Entries { entries, unknown }) => {
                Part::Known(Listed { negated: found.negated, key_at: found.key_at, entries, unknown })
            }
            Part::Unknown(reason) => Part::Unknown(reason),
            Part::Absent | Part::Refused => Part::Refused,
        }
    }

    pub(super) fn patterns(
        &mut self,
        found: &Either<'_>,
        read: impl Fn(&str) -> Pattern,
    ) -> Part<Entries<Pattern>> {
        self.texts(found.key, found.value, read)
    }

    pub(super) fn principals(&mut self, found: &Either<'_>) -> Part<Entries<PrincipalPattern>> {
        let Either { key, value, .. } = *found;
        match &value.data {
            Data::Object(kinds) => {
                if kinds.is_empty() {
                    self.form(place(value), format!("`{key}` names nobody"));
                }
                let mut all = Entries::default();
                for kind in kinds {
                    self.principals_of(key, kind, &mut all);
                }
                Part::Known(all)
            }
            _ if value.text() == Some("*") => {
                let everyone = Located { at: value.at, value: PrincipalPattern::everyone() };
                Part::Known(Entries { entries: vec![everyone], unknown: Vec::new() })
            }
            _ => {
                if let Some(reason) = unknown(value) {
                    return Part::Unknown(reason.clone());
                }
                self.form(place(value), format!("`{key}` is `*` or an object like {{\"AWS\": …}}"));
                Part::Refused
            }
        }
    }

    pub(super) fn principals_of(&mut self, key: &str, kind: &Entry, all: &mut Entries<PrincipalPattern>) {
        let written = match &kind.key {
            Key::Known(written) => written,
            Key::Unknown(reason) => return all.unknown.push(Unknown::whole(kind.key_at, reason)),
        };
        let Some(known) = PRINCIPALS.iter().find(|known| *known == written) else {
            let message = format!("`{key}` knows no `{}`", excerpt(written));
            let help = did_you_mean(written, &PRINCIPALS);
            return self.faults.add(FaultKind::Form, kind.key_at, message, help);
        };
        if let Part::Known(more) = self.texts(known, &kind.value, |text| PrincipalPattern::new(known, text)) {
            all.entries.extend(more.entries);
            all.unknown.extend(more.unknown);
        }
    }

    /// The texts of a text or of a list of texts.
    pub(super) fn texts<T>(
        &mut self,
        key: &str,
        value: &Value,
        read: impl Fn(&str) -> T,
    ) -> Part<Entries<T>> {
        if let Data::Unknown(reason) = &value.data {
            return Part::Known(Entries {
                entries: Vec::new(),
                unknown: vec![Unknown::whole(value.at, reason)],
            });
        }
        let items = match &value.data {
            Data::List(items) if !items.is_empty() => items,
            _ => std::slice::from_ref(value),
        };
        let mut all = Entries::default();
        let mut is_refused = false;
        for item in items {
            match text(item) {
                Some(Ok(text)) if !text.is_empty() => {
                    all.entries.push(Located { at: item.at, value: read(&text) });
                }
                Some(Err(unknown)) => all.unknown.push(unknown),
                // The first says enough.
                _ if is_refused => {}
                _ => {
                    is_refused = true;
                    self.form(place(item), format!("`{}` is a text or a list of texts", excerpt(key)));
                }
            }
        }
        Part::Known(all)
    }
}

/// What a list holds, known or not.
pub(super) struct Entries<T> {
    entries: Vec<Located<T>>,
    unknown: Vec<Unknown>,
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), unknown: Vec::new() }
    }
}

/// A text of a list, or what is known of it; `None` for anything else.
pub(super) fn text(item: &Value) -> Option<Result<String, Unknown>> {
    match &item.data {
        Data::Text(text) => Some(match (text.as_str(), text.reason()) {
            (None, Some(reason)) => Err(Unknown::text(item.at, text, reason)),
            (text, _) => Ok(text.unwrap_or_default().to_owned()),
        }),
        Data::Unknown(reason) => Some(Err(Unknown::whole(item.at, reason))),
        _ => None,
    }
}
