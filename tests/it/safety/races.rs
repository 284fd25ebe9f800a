//! A file that changes between being compared and being replaced is left as it is. Here the change
//! comes at a certain moment: when the run asks whether it shall go on.

use std::fs;
use std::path::Path;
use std::sync::Once;

use crossrole::diagnostic::{Error, Kind};
use crossrole::model::Date;
use crossrole::session::{Asked, Folder, Inputs, Options, Purpose, Rules, Session, SpecSource, Watch};

use super::{PROVIDERS, VERIFICATION};
use crate::support::{Case, SPEC};

/// Somebody who does something when a run is about to write; every thread of the run waits for it.
struct Meanwhile<'m> {
    act: &'m (dyn Fn() + Sync),
    once: Once,
}

impl Watch for Meanwhile<'_> {
    fn tick(&self) {}

    fn is_stopped(&self) -> bool {
        self.once.call_once(self.act);
        false
    }

    fn begin_writing(&self) {}
}

struct Idle;

impl Watch for Idle {
    fn tick(&self) {}

    fn is_stopped(&self) -> bool {
        false
    }

    fn begin_writing(&self) {}
}

/// Brings a tree to another region while something happens to it.
fn update(case: &Case, act: &(dyn Fn() + Sync)) -> Result<(), Error> {
    let spec = case.at("crossrole.yaml");
    let before = case.read("crossrole.yaml");
    case.write("crossrole.yaml", SPEC.replace("222222222222\"", "222222222222\"\n    region: eu-west-1"));
    let inputs = Inputs::load(&SpecSource {
        spec,
        templates: None,
        asked: Asked::ByName,
        today: Date::after_1970(0),
    })?;
    case.write("crossrole.yaml", &before);
    let folder = Folder::open(case.root(), Some(case.state_home()))?;
    let opened = Session::claim(folder, Purpose::Write, &Idle)?.open(&inputs, Options::default())?;
    let vetted = opened.plan(&Idle)?.vet(&Rules::default())?;
    vetted.write(&Meanwhile { act, once: Once::new() }).map(drop)
}

/// The run is a conflict that names the file; what was saved stands, and the next run keeps it.
#[track_caller]
fn is_left_alone(case: &Case, path: &str, found: Result<(), Error>) {
    let error = found.expect_err("somebody was at work there");
    assert_eq!(error.kind, Kind::Conflict, "{error:?}");
    assert!(error.diagnostics[0].message.contains(path), "{error:?}");
    case.run(&["generate"]);
}

#[test]
fn an_edit_during_a_run_is_not_written_over() {
    let case = Case::generated(SPEC);
    let edited = format!("{}# mine\n", case.read(PROVIDERS));
    // As editors save: in place, and by a new file under the old name.
    let in_place = update(&case, &|| case.write(PROVIDERS, &edited));
    assert_eq!(case.read(PROVIDERS), edited);
    is_left_alone(&case, PROVIDERS, in_place);
    let case = Case::generated(SPEC);
    let renamed = update(&case, &|| {
        case.write("new", &edited);
        fs::rename(case.at("new"), case.at(PROVIDERS)).expect("it can be renamed");
    });
    assert_eq!(case.read(PROVIDERS), edited);
    is_left_alone(&case, PROVIDERS, renamed);
}

#[test]
fn what_appears_or_goes_during_a_run_is_seen() {
    let case = Case::generated(SPEC);
    let gone = update(&case, &|| case.remove(VERIFICATION));
    assert!(!case.at(VERIFICATION).exists(), "what was deleted is not written again");
    is_left_alone(&case, VERIFICATION, gone);
    let case = Case::new(SPEC);
    let appeared = update(&case, &|| case.write("accounts/mine.txt", "mine\n"));
    assert_eq!(case.read("accounts/mine.txt"), "mine\n");
    is_left_alone(&case, "accounts", appeared);
}

/// A folder that becomes a link leads nowhere, wherever the run is.
#[test]
fn a_folder_that_is_swapped_for_a_link_is_not_written_through() {
    let outside = crate::support::temporary();
    for folder in
        ["accounts/staging/workload", "accounts/staging", "accounts", ".crossrole", ".crossrole/units"]
    {
        let case = Case::generated(SPEC);
        let swap = || {
            fs::rename(case.at(folder), case.at("aside")).expect("it can be renamed");
            std::os::unix::fs::symlink(outside.path(), case.at(folder)).expect("links can be made");
        };
        let error = update(&case, &swap).expect_err("there is a link on the way");
        assert!(matches!(error.kind, Kind::Refused | Kind::Conflict), "{folder}: {error:?}");
        assert_eq!(count(outside.path()), 0, "{folder}: nothing was written outside");
    }
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).expect("it is there").count()
}

/// A file that nobody may write is not replaced behind its mode, not even by root.
#[test]
fn a_read_only_file_is_refused() {
    let case = Case::generated(SPEC);
    let before = case.read(PROVIDERS);
    fs::set_permissions(case.at(PROVIDERS), std::os::unix::fs::PermissionsExt::from_mode(0o444))
        .expect("modes can be set");
    let error = update(&case, &|| {}).expect_err("it is read-only");
    assert_eq!(error.kind, Kind::Refused);
    assert_eq!(case.read(PROVIDERS), before);
}

/// A second name for a file is a file of its own: replacing one leaves the other.
#[test]
fn the_other_name_of_a_file_keeps_its_text() {
    let case = Case::generated(SPEC);
    let before = case.read(PROVIDERS);
    fs::hard_link(case.at(PROVIDERS), case.at("other.tf")).expect("links can be made");
    update(&case, &|| {}).expect("nothing is in the way");
    assert_ne!(case.read(PROVIDERS), before);
    assert_eq!(case.read("other.tf"), before);
}
