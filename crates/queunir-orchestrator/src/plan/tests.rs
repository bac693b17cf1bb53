//! Tables: what is wanted and what runs, and the one step that follows.

use jiff::SignedDuration;
use queunir_db::control::observed::Observed;

use super::*;

mod any;

const GENERATION: i64 = 4;

pub(crate) fn now() -> Timestamp {
    Timestamp::from_second(1_795_000_000).unwrap()
}

pub(crate) fn ago(seconds: i64) -> Timestamp {
    now() - SignedDuration::from_secs(seconds)
}

pub(crate) fn slice(desired: Desired, phase: Phase, page: Option<PageState>) -> Wanted {
    Wanted {
        row: SliceRow {
            id: SliceId(1),
            desired,
            wanted_at: ago(30),
            wanted_reason: None,
            outdated_generation: 0,
            reading_mode: None,
            locale: "en".into(),
            time_zone: "UTC".into(),
            last_request_at: ago(5),
            paying: false,
            queued_at: None,
            phase_since: ago(20),
            port: Some(5001),
            generation: GENERATION,
            observed: Observed {
                phase,
                stop_reason: None,
                page_state: page,
                failures: 0,
                next_attempt_at: None,
                detail: None,
                wa_connected: false,
                wa_phone: None,
                contacts: 0,
                messages: 0,
                last_health_at: None,
            },
        },
        memory: Memory { seen: true, looked_at: Some(now()), ..Memory::default() },
    }
}

fn running(generation: i64) -> Vec<RunningSlice> {
    vec![RunningSlice { id: SliceId(1), generation, port: 5001 }]
}

fn step(one: &Wanted, running: &[RunningSlice]) -> Option<Step> {
    let steps = plan(&Rules::default(), std::slice::from_ref(one), running, now());
    assert!(steps.len() <= 1);
    steps.first().map(|(_, step)| *step)
}

fn with(mut one: Wanted, change: impl FnOnce(&mut Wanted)) -> Wanted {
    change(&mut one);
    one
}

#[test]
fn nothing_runs() {
    use {Desired::*, PageState as P, Phase as F};
    let start = |linked| Some(Step::Start { linked, afresh: false });
    let later = Some(now() + SignedDuration::from_secs(1));
    let table: Vec<(&str, Wanted, Option<Step>)> = vec![
        ("a first wish", slice(Linked, F::Requested, None), start(true)),
        ("a request", slice(Service, F::Stopped, None), start(false)),
        ("an earlier leader ended in the middle", slice(Linked, F::Provisioning, None), start(true)),
        ("lost before our eyes", slice(Linked, F::Linked, Some(P::Linked)), Some(Step::NoteLost)),
        (
            "lost while nobody looked",
            with(slice(Linked, F::Linked, Some(P::Linked)), |one| one.memory.seen = false),
            start(true),
        ),
        (
            "a pause after a failure",
            with(slice(Linked, F::Starting, None), |one| one.row.observed.next_attempt_at = later),
            None,
        ),
        (
            "the pause is over",
            with(slice(Linked, F::Starting, None), |one| one.row.observed.next_attempt_at = Some(now())),
            start(true),
        ),
        ("gave up", slice(Linked, F::Failed, None), None),
        (
            "gave up, tries again after an hour",
            with(slice(Linked, F::Failed, None), |one| one.row.observed.next_attempt_at = Some(ago(1))),
            start(true),
        ),
        (
            "gave up, somebody pressed Connect",
            with(slice(Linked, F::Failed, None), |one| {
                one.row.wanted_at = ago(1);
                one.row.observed.next_attempt_at = later;
            }),
            Some(Step::Start { linked: true, afresh: true }),
        ),
        (
            "nobody asked for a long time",
            with(slice(Service, F::Stopped, None), |one| {
                one.row.last_request_at = ago(700);
                one.row.wanted_at = ago(700);
            }),
            Some(Step::Withdraw),
        ),
        (
            "ended for a later start",
            with(slice(Linked, F::Linked, Some(P::Linked)), |one| {
                one.row.outdated_generation = GENERATION;
                one.memory = one.memory.after_end();
            }),
            start(true),
        ),
        ("stopped as wanted", slice(Stopped, F::Stopped, None), None),
        ("wanted deleted", slice(Deleted, F::Stopped, None), Some(Step::NoteDeleting)),
        ("to be deleted after its delay", slice(Deleted, F::Deleting, None), None),
        (
            "the delay is over",
            with(slice(Deleted, F::Deleting, None), |one| one.row.phase_since = ago(86_400)),
            Some(Step::Erase),
        ),
        (
            "cannot be erased for long",
            with(slice(Deleted, F::Deleting, None), |one| one.row.phase_since = ago(87_000)),
            Some(Step::NoteOverdue),
        ),
        (
            "cannot be erased, as is known",
            with(slice(Deleted, F::Deleting, None), |one| {
                one.row.phase_since = ago(87_000);
                one.memory.overdue_since = Some(ago(87_000));
            }),
            Some(Step::Erase),
        ),
        ("deleted", slice(Deleted, F::Deleted, None), None),
        ("failed and not wanted", slice(Stopped, F::Failed, None), None),
        ("never started, not wanted any more", slice(Stopped, F::Requested, None), Some(Step::NoteStopped)),
        ("gone as wanted, not noted yet", slice(Stopped, F::Linked, Some(P::Linked)), Some(Step::NoteStopped)),
        ("gone and deleted", slice(Deleted, F::Service, Some(P::NoBrowser)), Some(Step::NoteDeleting)),
    ];
    for (name, one, wanted) in table {
        assert_eq!(step(&one, &[]), wanted, "{name}");
    }
}

#[test]
fn it_runs() {
    use {Desired::*, PageState as P, Phase as F};
    let table: Vec<(&str, Wanted, Option<Step>)> = vec![
        ("linked, looked at just now", slice(Linked, F::Linked, Some(P::Linked)), None),
        (
            "linked, looked at a while ago",
            with(slice(Linked, F::Linked, Some(P::Linked)), |one| one.memory.looked_at = Some(ago(15))),
            Some(Step::Look),
        ),
        (
            "a code on screen is looked at often",
            with(slice(Linked, F::Qr, Some(P::Qr)), |one| one.memory.looked_at = Some(ago(1))),
            Some(Step::Look),
        ),
        (
            "adopted, never looked at",
            with(slice(Linked, F::Linked, Some(P::Linked)), |one| one.memory = Memory::default()),
            Some(Step::Look),
        ),
        (
            "Connect on a slice without a browser",
            slice(Linked, F::Service, Some(P::NoBrowser)),
            Some(Step::StartBrowser),
        ),
        (
            "the browser was just asked for",
            with(slice(Linked, F::Service, Some(P::NoBrowser)), |one| {
                one.memory.asked = Some((Asked::Start, ago(1)));
            }),
            None,
        ),
        (
            "the browser was asked to end, and is wanted again",
            with(slice(Linked, F::Stopped, Some(P::NoBrowser)), |one| {
                one.memory.asked = Some((Asked::Stop, ago(1)));
            }),
            Some(Step::StartBrowser),
        ),
        ("Start Over", slice(Service, F::Qr, Some(P::Qr)), Some(Step::StopBrowser)),
        ("without a browser, as wanted", slice(Service, F::Service, Some(P::NoBrowser)), None),
        (
            "without a browser, and nobody asks",
            with(slice(Service, F::Service, Some(P::NoBrowser)), |one| {
                one.row.last_request_at = ago(601);
                one.row.wanted_at = ago(601);
            }),
            Some(Step::Withdraw),
        ),
        (
            "linked slices are never idle",
            with(slice(Linked, F::Linked, Some(P::Linked)), |one| {
                one.row.last_request_at = ago(90_000);
                one.row.wanted_at = ago(90_000);
            }),
            None,
        ),
        ("stopped", slice(Stopped, F::Linked, Some(P::Linked)), Some(Step::Stop)),
        ("wanted deleted", slice(Deleted, F::Linked, Some(P::Linked)), Some(Step::NoteDeleting)),
        ("on its way to be deleted", slice(Deleted, F::Deleting, Some(P::Linked)), Some(Step::Stop)),
        ("given up, served without its browser", slice(Linked, F::Failed, Some(P::NoBrowser)), None),
        (
            "given up, its time has come again",
            with(slice(Linked, F::Failed, Some(P::NoBrowser)), |one| one.row.observed.next_attempt_at = Some(now())),
            Some(Step::StartBrowser),
        ),
        (
            "given up, somebody pressed Connect",
            with(slice(Linked, F::Failed, Some(P::NoBrowser)), |one| one.row.wanted_at = ago(1)),
            Some(Step::StartBrowser),
        ),
        (
            "a later start is wanted",
            with(slice(Linked, F::Linked, Some(P::Linked)), |one| one.row.outdated_generation = GENERATION),
            Some(Step::Restart),
        ),
        (
            "a later start was wanted, and this is it",
            with(slice(Linked, F::Linked, Some(P::Linked)), |one| one.row.outdated_generation = GENERATION - 1),
            None,
        ),
        (
            "a later start was wanted, and then none at all",
            with(slice(Stopped, F::Linked, Some(P::Linked)), |one| one.row.outdated_generation = GENERATION),
            Some(Step::Stop),
        ),
        (
            "silent for a moment",
            with(slice(Linked, F::Linked, Some(P::Linked)), |one| one.memory.unanswered_since = Some(ago(30))),
            None,
        ),
        (
            "silent for too long",
            with(slice(Linked, F::Linked, Some(P::Linked)), |one| one.memory.unanswered_since = Some(ago(60))),
            Some(Step::StopSilent),
        ),
    ];
    for (name, one, wanted) in table {
        assert_eq!(step(&one, &running(GENERATION)), wanted, "{name}");
        assert_eq!(step(&one, &running(GENERATION - 1)), Some(Step::StopStray), "{name}, but an earlier generation");
        assert_eq!(step(&one, &running(GENERATION + 1)), Some(Step::StopStray), "{name}, but a later generation");
    }
    assert_eq!(
        plan(&Rules::default(), &[], &running(1), now()),
        [(SliceId(1), Step::StopStray)],
        "nobody knows what runs"
    );
}

#[test]
fn orc_06_each_phase_on_the_way_has_its_bound() {
    use {Desired::*, PageState as P, Phase as F};
    let since = |one: Wanted, seconds, reported| {
        with(one, |one| {
            one.row.phase_since = ago(seconds);
            one.memory.overdue_since = Some(ago(seconds)).filter(|_| reported);
        })
    };
    let table: Vec<(&str, Wanted, i64, Option<Step>)> = vec![
        ("starts", slice(Linked, F::Starting, Some(P::Starting)), 120, Some(Step::FailForward)),
        ("adopted in the middle", slice(Linked, F::Provisioning, None), 120, None),
        ("codes", slice(Linked, F::Qr, Some(P::Qr)), 1_800, Some(Step::FailForward)),
        ("a page nobody knows", slice(Linked, F::Degraded, Some(P::Unknown)), 7_200, Some(Step::FailForward)),
        ("open somewhere else", slice(Linked, F::Degraded, Some(P::Conflict)), 7_200, None),
    ];
    for (name, one, bound, in_the_end) in table {
        assert_eq!(step(&since(one.clone(), bound - 1, false), &running(GENERATION)), None, "{name}: in time");
        let late = since(one.clone(), bound, false);
        assert_eq!(step(&late, &running(GENERATION)), Some(Step::NoteOverdue), "{name}: late");
        assert_eq!(step(&since(one.clone(), bound, true), &running(GENERATION)), None, "{name}: reported once");
        assert_eq!(step(&since(one.clone(), 3 * bound - 1, true), &running(GENERATION)), None, "{name}: has time");
        assert_eq!(step(&since(one, 3 * bound, true), &running(GENERATION)), in_the_end, "{name}: no more");
    }
    for (desired, phase, page) in [(Linked, F::Linked, P::Linked), (Service, F::Service, P::NoBrowser)] {
        let settled = since(slice(desired, phase, Some(page)), 900_000, false);
        assert_eq!(step(&settled, &running(GENERATION)), None, "{phase:?} may last");
    }
}

#[test]
fn pauses_grow_and_end_in_failure() {
    let rules = Rules::default();
    let verdict = |failures, chance| after_failure(&rules, failures, now(), chance);
    let pause = |failures| {
        let at = verdict(failures, 0.5).next_attempt_at.unwrap();
        at.duration_since(now()).as_secs()
    };
    assert_eq!([pause(0), pause(1), pause(2), pause(3)], [1, 10, 20, 40]);
    assert!(!verdict(3, 0.5).gave_up);
    assert!(verdict(4, 0.5).gave_up);
    assert_eq!(pause(4), 3600);
    assert_eq!(verdict(40, 0.5).next_attempt_at, None, "not for ever");
}

#[test]
fn orc_05_five_crashes_of_one_loop_give_up_and_five_of_a_day_do_not() {
    let rules = Rules::default();
    let counted = |failures, memory: &Memory| still_counted(&rules, failures, memory, now());
    let memory = |failing, healthy| Memory {
        failing_since: Some(ago(failing)),
        healthy_since: Some(ago(healthy)),
        ..Memory::default()
    };
    assert_eq!(counted(4, &Memory::default()), (4, now()), "what an earlier leader counted still counts");
    assert_eq!(counted(4, &memory(899, 30)), (4, ago(899)), "one loop");
    assert_eq!(counted(4, &memory(900, 30)), (0, now()), "too far apart to be one loop");
    assert_eq!(counted(4, &memory(700, 600)), (0, now()), "a long healthy time forgets");
    assert_eq!(counted(9, &memory(90_000, 30)), (9, ago(90_000)), "given up stays given up");
    assert_eq!(memory(5, 5).after_end(), Memory { failing_since: Some(ago(5)), ..Memory::default() });
}

#[test]
fn the_monitors_wish_is_served_unless_the_slice_was_given_up() {
    let recycle = Recycle { patient: true, reason: crate::monitor::heal::Reason::Age };
    let wished = |phase, page| {
        let wished = with(slice(Desired::Linked, phase, Some(page)), |one| one.memory.recycle = Some(recycle));
        step(&wished, &running(GENERATION))
    };
    assert_eq!(wished(Phase::Linked, PageState::Linked), Some(Step::Recycle(recycle)));
    let given_up = with(slice(Desired::Linked, Phase::Failed, Some(PageState::NoBrowser)), |one| {
        one.row.observed.next_attempt_at = Some(now() + SignedDuration::from_secs(900));
        one.row.wanted_at = ago(900);
        one.memory.recycle = Some(recycle);
    });
    assert_eq!(step(&given_up, &running(GENERATION)), None, "its pause would be lost");
}

#[test]
fn a_clock_that_is_set_moves_what_is_remembered() {
    let before = Memory {
        seen: true,
        looked_at: Some(ago(1)),
        unanswered_since: Some(ago(2)),
        asked: Some((Asked::Start, ago(3))),
        healthy_since: Some(ago(4)),
        failing_since: Some(ago(5)),
        overdue_since: None,
        recycle: None,
        unlinked_at: None,
    };
    let hour = SignedDuration::from_hours(1);
    assert_eq!(before.moved(hour).moved(-hour), before);
    // Without the move nothing would be looked at for an hour.
    let waits =
        |memory| look_at(&Rules::default(), &with(slice(Desired::Linked, Phase::Qr, None), |one| one.memory = memory));
    let new_now = now() - hour;
    assert!(waits(before) > new_now + hour / 2);
    assert!(waits(before.moved(-hour)) <= new_now + SignedDuration::from_secs(1));
}
