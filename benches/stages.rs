//! The stages of a run, each by itself, on a fleet of 1,000 targets.
//!
//! `cargo bench --bench stages`

use std::fmt::Write as _;
use std::sync::Arc;

use crossrole::check::{self, PolicyFiles};
use crossrole::diagnostic::Source;
use crossrole::model::Fleet;
use crossrole::output::FileKind;
use crossrole::pack::{Pack, built_in};
use crossrole::reconcile::UnitRecord;
use crossrole::render::{Renderer, vocabulary};
use crossrole::{hcl, policy, spec};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

const TARGETS: usize = 1000;

fn main() {
    divan::main();
}

fn source() -> Arc<Source> {
    let mut text = String::from(
        "version: 1\nsource:\n  account_id: \"111111111111\"\n  callers:\n    - {kind: iam_user, name: terraform, mfa: true}\n    - {kind: role, name: ci/deployer}\ntargets:\n",
    );
    for number in 0..TARGETS {
        _ = write!(
            text,
            "  - name: team-{number:05}\n    account_id: \"{:012}\"\n    role:\n      external_id: 7f0c2b1e-5d0e-4f43-9d5c-{number:012}\n",
            200_000_000_000_u64 + number as u64 * 7919
        );
    }
    Source::new("crossrole.yaml", text)
}

fn fleet() -> Fleet {
    check::lower(spec::parse(&source()), &PolicyFiles::new()).expect("a sound spec").0
}

fn pack() -> Pack {
    Pack::compile("built-in", built_in(), vocabulary).expect("a sound pack")
}

#[divan::bench]
fn compile_the_pack(bencher: Bencher<'_, '_>) {
    bencher.bench(pack);
}

#[divan::bench]
fn parse_the_spec(bencher: Bencher<'_, '_>) {
    let source = source();
    bencher.counter(BytesCount::of_str(&source.text)).bench(|| spec::parse(black_box(&source)));
}

#[divan::bench]
fn check_the_spec(bencher: Bencher<'_, '_>) {
    let source = source();
    bencher.counter(ItemsCount::new(TARGETS)).with_inputs(|| spec::parse(&source)).bench_values(|parsed| {
        check::lower(parsed, &PolicyFiles::new()).map(|(fleet, _)| fleet.targets.len()).ok()
    });
}

#[divan::bench]
fn build_trust_policies(bencher: Bencher<'_, '_>) {
    let fleet = fleet();
    bencher.counter(ItemsCount::new(TARGETS)).bench(|| {
        fleet
            .roles()
            .map(|one| policy::trust_policy(&fleet.source, &one.target.session, one.role).to_text().len())
            .sum::<usize>()
    });
}

#[divan::bench]
fn render_every_target(bencher: Bencher<'_, '_>) {
    let (fleet, pack) = (fleet(), pack());
    let renderer = Renderer::new(&fleet, &pack, "crossrole.yaml").expect("a sound fleet");
    bencher.counter(ItemsCount::new(TARGETS)).bench(|| {
        fleet
            .targets
            .iter()
            .map(|target| renderer.target(target).map_or(0, |unit| unit.files.len()))
            .sum::<usize>()
    });
}

#[divan::bench]
fn write_every_record(bencher: Bencher<'_, '_>) {
    let (fleet, pack) = (fleet(), pack());
    let renderer = Renderer::new(&fleet, &pack, "crossrole.yaml").expect("a sound fleet");
    let units: Vec<_> = fleet.targets.iter().filter_map(|target| renderer.target(target).ok()).collect();
    bencher
        .counter(ItemsCount::new(TARGETS))
        .bench(|| units.iter().map(|unit| UnitRecord::of(unit, false).to_text().len()).sum::<usize>());
}

#[divan::bench]
fn format_hcl(bencher: Bencher<'_, '_>) {
    let (fleet, pack) = (fleet(), pack());
    let renderer = Renderer::new(&fleet, &pack, "crossrole.yaml").expect("a sound fleet");
    let texts: Vec<_> = fleet
        .targets
        .iter()
        .filter_map(|target| renderer.target(target).ok())
        .flat_map(|unit| unit.files)
        .filter(|file| FileKind::of(file.path.as_str()) == FileKind::Hcl)
        .map(|file| file.text)
        .collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        texts.iter().map(|text| hcl::format(black_box(text)).map_or(0, |text| text.len())).sum::<usize>()
    });
}
