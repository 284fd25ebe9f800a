//! What can be offered as an answer: an external ID that nobody can guess, and the profiles of this machine.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::ask::{Ask, Question, Stop, required};
use crate::answers::pasted;
use crate::diagnostic::Error;
use crate::input::{self, Limit};
use crate::model::{ExternalId, ProfileName, TargetName, Text};

/// Makes an external ID.
pub(super) type Fresh<'f> = &'f dyn Fn() -> Result<ExternalId, Error>;

/// What questions about any account can offer.
pub(super) struct Offers<'o> {
    fresh: Fresh<'o>,
    profiles: Vec<ProfileName>,
    /// What was offered to each target: the same each time.
    external_ids: RefCell<BTreeMap<TargetName, ExternalId>>,
}

/// The lines of a choice.
pub(super) fn list<const N: usize>(items: [&str; N]) -> Vec<String> {
    items.map(str::to_owned).to_vec()
}

impl<'o> Offers<'o> {
    pub(super) fn new(fresh: Fresh<'o>, profiles: Vec<ProfileName>) -> Self {
        Self { fresh, profiles, external_ids: RefCell::default() }
    }

    /// With the profiles of the AWS configuration file; without any where it cannot be read.
    pub(super) fn find(fresh: Fresh<'o>) -> Self {
        let text = config_file().and_then(|path| input::named(&path, Limit::Small).ok());
        let profiles = text.map(|bytes| profiles(&String::from_utf8_lossy(&bytes))).unwrap_or_default();
        Self::new(fresh, profiles.into_iter().collect())
    }

    /// An external ID for a target.
    pub(super) fn external_id(&self, name: &TargetName) -> Result<ExternalId, Error> {
        if let Some(known) = self.external_ids.borrow().get(name) {
            return Ok(known.clone());
        }
        let id = (self.fresh)()?;
        self.external_ids.borrow_mut().insert(name.clone(), id.clone());
        Ok(id)
    }

    /// One of the profiles that are there, or any other by its name.
    pub(super) fn profile(&self, ask: &mut dyn Ask) -> Result<ProfileName, Stop> {
        if !self.profiles.is_empty() {
            let mut lines: Vec<String> = self.profiles.iter().map(ToString::to_string).collect();
            lines.push("(another profile)".to_owned());
            let chosen = ask.search(&Question::new("Profile", ""), &lines, 0)?;
            if let Some(profile) = self.profiles.get(chosen) {
                return Ok(profile.clone());
            }
        }
        let why = "The name between the brackets in `~/.aws/config`, without `profile`.";
        required(ask, &Question::new("Name of the profile", why), &pasted::plain)
    }
}

/// Where the AWS SDK looks for its configuration. Credentials are in another file, which is never read.
fn config_file() -> Option<PathBuf> {
    let named = std::env::var_os("AWS_CONFIG_FILE").filter(|path| !path.is_empty()).map(PathBuf::from);
    let home = std::env::home_dir();
    match named {
        Some(path) => match path.strip_prefix("~") {
            Ok(rest) => Some(home?.join(rest)),
            Err(_) => Some(path),
        },
        None => Some(home?.join(".aws").join("config")),
    }
}

/// The names in the headings; nothing else of the file is looked at.
fn profiles(text: &str) -> BTreeSet<ProfileName> {
    let name = |line: &str| {
        let (heading, _) = line.trim().strip_prefix('[')?.split_once(']')?;
        let named = heading.trim().strip_prefix("profile").filter(|rest| rest.starts_with([' ', '\t']));
        let name = named.or(Some(heading).filter(|heading| heading.trim() == "default"))?;
        ProfileName::parse(name.trim().trim_matches(['"', '\''])).ok()
    };
    text.lines().filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::profiles;

    #[test]
    fn only_headings_of_profiles_are_read() {
        let text = "[default]\nregion = x\n[profile ops] # main\n [ profile \"two words\" ]\n[sso-session corp]\n[services s3]\n[profilex]\n[plain]\nrole_arn = [profile no]\n[profile ops]\n";
        let found: Vec<String> = profiles(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["default", "ops", "two words"]);
    }
}
