use proptest::prelude::*;
use queunir_core::link::PageState;
use queunir_db::control::telemetry::{Disk, SliceSample, Told};

use super::*;
use crate::monitor::{
    course::Says,
    heal::{Healing, Reason, Recycle, heal},
};

const MB: i64 = 1 << 20;
const ONE: SliceId = SliceId(1);
const KEEP: SignedDuration = SignedDuration::from_hours(2);

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + 60 * minute).unwrap()
}

fn look(id: SliceId, minute: i64) -> Look {
    Look {
        sample: SliceSample {
            slice: id,
            at: at(minute),
            generation: 1,
            cpu_percent: Some(2.0),
            rss_bytes: 300 * MB,
            pss_bytes: None,
            swap_bytes: None,
            processes: 9,
            disk: Disk { session_bytes: Some(100 * MB), media_bytes: Some(50 * MB), ..Disk::default() },
            told: Some(Told {
                wa_state: PageState::Linked,
                reader_alarm: false,
                reader_misses: Vec::new(),
                last_inbound_at: Some(at(minute)),
                contacts: 3,
                chats: 4,
                messages: 50,
            }),
        },
        says: Some(Says {
            condition: Some(Condition::Connected),
            quiet: true,
            browser_since: Some(at(0)),
            over_quota: false,
        }),
        linked_since: Some(at(0)),
    }
}

fn server(minute: i64) -> ServerSample {
    ServerSample {
        at: at(minute),
        cores: 2,
        cpu_percent: Some(10.0),
        load_1: 0.5,
        load_5: 0.5,
        load_15: 0.5,
        ram_total_bytes: 8_000 * MB,
        ram_used_bytes: 2_000 * MB,
        swap_total_bytes: 0,
        swap_used_bytes: 0,
        disk_total_bytes: 100_000 * MB,
        disk_used_bytes: 10_000 * MB,
    }
}

/// Lets a world run minute by minute, with the alerts remembered as the tables do; tells what happened when.
struct World {
    courses: Courses,
    open: BTreeSet<Key>,
    healing: Healing,
}

impl World {
    fn new() -> Self {
        Self { courses: Courses::default(), open: BTreeSet::new(), healing: Healing::default() }
    }

    fn minute(&mut self, minute: i64, looks: &[Look], server: ServerSample) -> Judgement {
        for look in looks {
            let id = look.sample.slice;
            self.courses.disks.insert(id, look.sample.disk);
            self.courses.slices.entry(id).or_default().add(look.clone(), KEEP);
        }
        self.courses.add_server(server, KEEP);
        let judgement = judge(&self.courses, &self.open, &Budgets::default(), at(minute));
        self.open.extend(judgement.opened.iter().map(|(key, _)| *key));
        for key in &judgement.closed {
            assert!(self.open.remove(key), "{key:?} was not open");
        }
        judgement
    }

    fn helped(&self, minute: i64) -> Vec<(SliceId, Recycle)> {
        heal(&self.courses, &Budgets::default(), &self.healing, at(minute))
    }
}

/// A trouble from minute 10 on that ends at minute 60: when its alert opens, and that it is over in the end.
fn opens_after(kind: Kind, change: impl Fn(&mut Look)) -> i64 {
    let (mut world, mut opened) = (World::new(), None);
    for minute in 0..120 {
        let mut one = look(ONE, minute);
        if (10..60).contains(&minute) {
            change(&mut one);
        }
        let judgement = world.minute(minute, &[one, look(SliceId(2), minute)], server(minute));
        for ((found, slice), detail) in &judgement.opened {
            assert_eq!((*found, *slice), (kind, Some(ONE)), "{detail}");
            assert_eq!(opened.replace(minute), None, "opened once");
        }
        let over = judgement.closed.contains(&(kind, Some(ONE)));
        assert_eq!(over, minute == 60, "{kind:?} at {minute}");
    }
    opened.expect("it is noticed") - 10
}

#[test]
fn each_trouble_of_a_slice_is_noticed_once_and_is_over_when_its_evidence_is_gone() {
    assert_eq!(opens_after(Kind::SliceMemory, |look| look.sample.rss_bytes = 800 * MB), 2);
    let measured = |look: &mut Look| {
        (look.sample.rss_bytes, look.sample.pss_bytes, look.sample.swap_bytes) =
            (900 * MB, Some(500 * MB), Some(300 * MB));
    };
    assert_eq!(opens_after(Kind::SliceMemory, measured), 2);
    assert_eq!(opens_after(Kind::SliceSpins, |look| look.sample.cpu_percent = Some(99.0)), 5);
    assert_eq!(opens_after(Kind::SliceDisk, |look| look.sample.disk.session_bytes = Some(950 * MB)), 0);
    assert_eq!(opens_after(Kind::SliceDisk, |look| look.sample.disk.media_bytes = Some(9_500 * MB)), 0);
    let alarmed = |look: &mut Look| look.sample.told.iter_mut().for_each(|told| told.reader_alarm = true);
    assert_eq!(opens_after(Kind::SliceReader, alarmed), 1);
    let deaf = |look: &mut Look| look.says.iter_mut().for_each(|says| says.condition = Some(Condition::Deaf));
    assert_eq!(opens_after(Kind::SliceDeaf, deaf), 10);
    let silent = |look: &mut Look| (look.says, look.sample.told) = (None, None);
    assert_eq!(opens_after(Kind::SliceSilent, silent), 1);
}

#[test]
fn what_is_shared_is_no_trouble_and_what_is_short_is_none() {
    let mut world = World::new();
    for minute in 0..60 {
        let mut one = look(ONE, minute);
        // Much is resident, little of it is its own.
        (one.sample.rss_bytes, one.sample.pss_bytes) = (2_000 * MB, Some(400 * MB));
        // A core for four minutes out of five.
        one.sample.cpu_percent = Some(if minute % 5 == 4 { 1.0 } else { 100.0 });
        assert_eq!(world.minute(minute, &[one], server(minute)), Judgement::default());
        assert_eq!(world.helped(minute), []);
    }
}

#[test]
fn a_linked_slice_to_which_nobody_writes_for_a_day_is_deaf() {
    let judged = |minutes: i64, linked: i64, wrote: Option<i64>| {
        let mut one = look(ONE, minutes);
        one.linked_since = Some(at(linked));
        one.sample.told.iter_mut().for_each(|told| told.last_inbound_at = wrote.map(at));
        World::new().minute(minutes, &[one], server(minutes)).opened.iter().map(|(key, _)| key.0).collect::<Vec<_>>()
    };
    let day = 24 * 60;
    assert_eq!(judged(day, 0, Some(0)), [Kind::SliceDeaf]);
    assert_eq!(judged(day - 1, 0, Some(0)), [], "not yet");
    assert_eq!(judged(day, 10, Some(0)), [], "linked again since");
    assert_eq!(judged(day, 0, None), [], "nobody ever wrote");
}

#[test]
fn a_slice_that_is_gone_has_no_alert_left() {
    let mut world = World::new();
    for minute in 0..4 {
        let mut one = look(ONE, minute);
        one.sample.rss_bytes = 2_000 * MB;
        world.minute(minute, &[one], server(minute));
    }
    assert_eq!(world.open.len(), 1);
    world.courses.slices.clear();
    assert_eq!(world.minute(4, &[], server(4)).closed, [(Kind::SliceMemory, Some(ONE))]);
}

#[test]
fn the_host_names_the_slice_that_takes_most() {
    let mut world = World::new();
    let mut named = Vec::new();
    for minute in 0..5 {
        let looks: Vec<Look> = (1..=9)
            .map(|n| {
                let mut one = look(SliceId(n), minute);
                one.sample.rss_bytes = (100 + n) * MB;
                one.sample.cpu_percent = Some(if n == 4 { 70.0 } else { 1.0 });
                one.sample.disk.media_bytes = Some(if n == 5 { 5_000 } else { 1 } * MB);
                one
            })
            .collect();
        let mut host = server(minute);
        (host.ram_used_bytes, host.disk_used_bytes, host.load_5) = (7_900 * MB, 95_000 * MB, 9.0);
        named.extend(world.minute(minute, &looks, host).opened.into_iter().map(|((kind, slice), detail)| {
            assert_eq!(slice, None);
            (kind, minute, detail["culprit"].clone(), detail["slices"].as_array().map(Vec::len))
        }));
    }
    assert_eq!(
        named,
        [
            (Kind::HostMemory, 2, json!(9), Some(3)),
            (Kind::HostDisk, 2, json!(5), Some(3)),
            (Kind::HostLoad, 2, json!(4), Some(3)),
        ]
    );
    // A little less is not yet well.
    let mut host = server(5);
    (host.ram_used_bytes, host.disk_used_bytes, host.load_5) = (7_000 * MB, 85_000 * MB, 3.8);
    assert_eq!(world.minute(5, &[], host), Judgement::default());
    assert_eq!(world.minute(6, &[], server(6)).closed.len(), 3);
}

/// From minute 0 on as `change` says; when it is started anew, and whether that waited for quiet.
fn helped_at(quiet: impl Fn(i64) -> bool, change: impl Fn(&mut Look)) -> Option<(i64, Recycle)> {
    let mut world = World::new();
    for minute in 0..40 * 60 {
        let mut one = look(ONE, minute);
        one.says.iter_mut().for_each(|says| says.quiet = quiet(minute));
        change(&mut one);
        world.minute(minute, &[one, look(SliceId(2), minute)], server(minute));
        let wish = world.helped(minute).into_iter().find(|(id, _)| *id == ONE);
        if let Some((_, wish)) = wish {
            return Some((minute, wish));
        }
    }
    None
}

#[test]
fn a_slice_is_started_anew_for_a_reason_and_at_a_quiet_moment_where_that_can_wait() {
    let young = |look: &mut Look| look.says.iter_mut().for_each(|says| says.browser_since = None);
    let memory = |mb: i64| {
        move |look: &mut Look| {
            young(look);
            look.sample.rss_bytes = mb * MB
        }
    };
    let spin = |look: &mut Look| {
        young(look);
        look.sample.cpu_percent = Some(100.0)
    };
    let (always, never, later) = (|_| true, |_| false, |minute| minute >= 90);
    let wish = |patient, reason| Recycle { patient, reason };
    // The first hour after a start nothing is started anew.
    assert_eq!(helped_at(always, memory(800)), Some((60, wish(true, Reason::Memory))));
    assert_eq!(helped_at(later, memory(800)), Some((90, wish(true, Reason::Memory))));
    assert_eq!(helped_at(never, memory(800)), None);
    assert_eq!(helped_at(never, memory(1_100)), Some((60, wish(false, Reason::Memory))));
    assert_eq!(helped_at(always, memory(700)), None, "within three quarters");
    assert_eq!(helped_at(never, spin), Some((60, wish(false, Reason::Spin))));
    let full = |look: &mut Look| {
        young(look);
        look.sample.disk.session_bytes = Some(950 * MB)
    };
    assert_eq!(helped_at(later, full), Some((90, wish(true, Reason::Disk))));
    assert_eq!(helped_at(never, full), None);
    let (minute, old) = helped_at(always, |_| {}).unwrap();
    assert!((24 * 60..=36 * 60).contains(&minute) && old == wish(true, Reason::Age), "{minute}");
    assert_eq!(helped_at(always, young), None, "a quiet neighbour is left alone");
}

#[test]
fn few_are_started_anew_at_once_and_the_most_urgent_first() {
    let mut world = World::new();
    for minute in 0..=61 {
        let looks: Vec<Look> = (1..=9)
            .map(|n| {
                let mut one = look(SliceId(n), minute);
                one.sample.rss_bytes = if n == 7 { 2_000 } else { 800 } * MB;
                one
            })
            .collect();
        world.minute(minute, &looks, server(minute));
    }
    let ids: Vec<i64> = world.helped(61).iter().map(|(id, _)| id.0).collect();
    assert_eq!(ids, [7, 1]);
}

proptest! {
    /// Whatever is seen: an alert is opened only if it is not open and closed only if it is, every one names its
    /// slice or the host, and peace in the end leaves none.
    #[test]
    fn alerts_are_opened_and_closed_in_turn_and_peace_ends_them_all(
        minutes in prop::collection::vec((0_i64..2_000, 0_f32..200.0, 0_i64..1_200, any::<bool>(), any::<bool>()), 1..80)
    ) {
        let mut world = World::new();
        let last = i64::try_from(minutes.len()).unwrap();
        for (minute, (memory, cpu, session, answers, alarm)) in (0..).zip(minutes) {
            let mut one = look(ONE, minute);
            one.sample.rss_bytes = memory * MB;
            one.sample.cpu_percent = Some(cpu);
            one.sample.disk.session_bytes = Some(session * MB);
            one.sample.told.iter_mut().for_each(|told| told.reader_alarm = alarm);
            if !answers {
                (one.says, one.sample.told) = (None, None);
            }
            let before = world.open.clone();
            let judgement = world.minute(minute, &[one], server(minute));
            for (key, _) in &judgement.opened {
                prop_assert!(!before.contains(key) && key.1 == Some(ONE));
            }
            for key in &judgement.closed {
                prop_assert!(before.contains(key));
            }
        }
        world.minute(last, &[look(ONE, last)], server(last));
        prop_assert_eq!(world.open, BTreeSet::new());
    }
}
