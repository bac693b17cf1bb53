//! Ten thousand lives: whatever happens in whatever order, never two of a slice, and in the end what is wanted is there.

use jiff::SignedDuration;
use proptest::{prelude::*, test_runner::RngSeed};
use queunir_core::{
    id::SliceId,
    link::PageState,
    slice::{Desired, Phase, StopReason},
};

use super::{
    PORTS, SLICES, World,
    engine::{Engine, Fault, Lie},
};

/// So many lives in a development build; a soak run multiplies them by `QUEUNIR_SOAK`.
const LIVES: u32 = 10_000;

fn lives() -> u32 {
    #[expect(clippy::disallowed_methods, reason = "a soak run chooses how long it takes")]
    let factor = std::env::var("QUEUNIR_SOAK").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    LIVES * factor
}

/// What happens next, by chance: `kind` says what, `low` and `high` to whom and how.
fn happen(world: &mut World, event: u32) {
    let (kind, low, high) = (event % 32, (event >> 8) as usize & 0xff, (event >> 16) as usize);
    let id = SliceId(1 + low as i64 % SLICES);
    match kind {
        0..=3 => world.wish(id, Desired::Linked),
        4 => world.wish(id, Desired::Service),
        5 => world.wish(id, Desired::Stopped),
        6 if high % 4 == 0 => world.wish(id, Desired::Deleted),
        6 | 7 => world.now += SignedDuration::from_secs(high as i64 % 900),
        8 => world.leaders.iter_mut().for_each(|leader| leader.recycle(id)),
        9 => world.now += SignedDuration::from_millis(high as i64 % 3_000),
        10..=15 => world.pass(),
        16..=23 => (0..=high % 4).for_each(|more| world.advance(low + more)),
        24 => {
            world.engine.live.retain(|process| process.slice != id);
        }
        25 => {
            let pages =
                [PageState::Qr, PageState::Linked, PageState::Unknown, PageState::QrTimeout, PageState::Conflict];
            if let Some(process) = world.engine.find(id).filter(|process| process.page != PageState::NoBrowser) {
                process.page = pages[high % pages.len()];
            }
        }
        26 => {
            if let Some(process) = world.engine.find(id) {
                (process.page, process.reason) = (PageState::NoBrowser, Some(StopReason::QrTimeout));
            }
        }
        27 => {
            if let Some(process) = world.engine.find(id) {
                process.mute = high % 2 == 0;
            }
        }
        28 => world.elect(),
        29 => {
            let lies = [Lie::Empty, Lie::Stale, Lie::Ghost, Lie::Older, Lie::Away];
            world.engine.lie = lies[high % lies.len()];
        }
        30 => {
            let port = PORTS.0 + 2 * (high as u16 % 5);
            if !world.engine.foreign.remove(&port) && world.engine.is_free(port) && world.engine.foreign.len() < 2 {
                world.engine.foreign.insert(port);
            }
        }
        _ => {
            let faults = [Fault::NotReady, Fault::Unreachable, Fault::Denied, Fault::Twice, Fault::Hangs];
            world.engine.fault = faults[high % faults.len()];
        }
    }
}

/// Faults stop: one leads, everything answers, and time passes.
fn settle(world: &mut World) {
    world.leaders.drain(..world.leaders.len() - 1);
    (world.engine.fault, world.engine.lie) = (Fault::None, Lie::None);
    world.engine.foreign.clear();
    world.engine.live.iter_mut().for_each(|process| process.mute = false);
    for round in 0_i64..120 {
        for _ in 0..4 {
            world.pass();
            while !world.leaders[0].tasks.is_empty() {
                world.advance(0);
                world.check();
            }
        }
        boot(&mut world.engine);
        if reached(world).is_ok() {
            return;
        }
        world.now += SignedDuration::from_secs(if round < 30 { 2 } else { 90 });
    }
    panic!("not reached: {:?}", reached(world));
}

/// Browsers get there when nothing is wrong.
fn boot(engine: &mut Engine) {
    for process in &mut engine.live {
        if matches!(process.page, PageState::Starting | PageState::Unknown) {
            process.page = PageState::Linked;
        }
    }
}

/// Whether everything is as wanted; a slice that waits for a place is, as long as none is free.
fn reached(world: &World) -> Result<(), String> {
    let browser = |id| world.engine.live.iter().any(|one| one.slice == id && one.page != PageState::NoBrowser);
    let browsers = world.db.rows.keys().filter(|id| browser(**id)).count();
    for row in world.db.rows.values() {
        let runs = world.engine.live.iter().any(|one| one.slice == row.id && one.generation == row.generation);
        let fine = match row.desired {
            Desired::Linked => runs && browser(row.id) || browsers >= world.rules.linked_cap,
            Desired::Service => runs && !browser(row.id),
            Desired::Stopped => !runs && matches!(row.observed.phase, Phase::Stopped | Phase::Failed),
            Desired::Deleted => !runs && row.observed.phase == Phase::Deleted,
        };
        if !fine {
            return Err(format!("{row:?} runs: {runs}, browser: {}", browser(row.id)));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: lives(),
        rng_seed: RngSeed::Fixed(0x51_1ce),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn orc_01_never_two_of_a_slice_and_what_is_wanted_is_reached(events in prop::collection::vec(any::<u32>(), 1..=60)) {
        let mut world = World::new();
        for event in events {
            happen(&mut world, event);
            world.check();
        }
        settle(&mut world);
    }
}
