//! Who goes first, who waits, and what they are told.

use jiff::SignedDuration;

use super::*;
use crate::plan::{
    plan,
    tests::{ago, now, slice},
};

fn rules() -> Rules {
    Rules { starts_at_once: 2, linked_cap: 3, ..Rules::default() }
}

/// A slice that was linked before the host went down.
fn was_linked(id: i64, paying: bool, active_ago: i64) -> Wanted {
    let mut one = slice(Desired::Linked, Phase::Linked, Some(PageState::Linked));
    one.row.id = SliceId(id);
    one.row.paying = paying;
    one.row.last_request_at = ago(active_ago);
    one.memory = Default::default();
    one
}

/// A slice that was never started.
fn fresh(id: i64) -> Wanted {
    let mut one = slice(Desired::Linked, Phase::Requested, None);
    one.row.id = SliceId(id);
    one.row.generation = 0;
    one.memory = Default::default();
    one
}

fn running(wanted: &[Wanted]) -> HashMap<SliceId, RunningSlice> {
    let run = |one: &Wanted| RunningSlice { id: one.row.id, generation: one.row.generation, port: 5001 };
    wanted.iter().map(|one| (one.row.id, run(one))).collect()
}

fn decide(
    rules: &Rules,
    wanted: &[Wanted],
    running: &HashMap<SliceId, RunningSlice>,
    starting: &[i64],
    pace: Pace,
    now: Timestamp,
) -> Admission {
    let found: Vec<RunningSlice> = running.values().copied().collect();
    let starting: HashMap<SliceId, bool> = starting.iter().map(|id| (SliceId(*id), true)).collect();
    let mut steps = plan(rules, wanted, &found, now);
    steps.retain(|(id, _)| !starting.contains_key(id));
    admit(rules, &Scene { wanted, running, starting: &starting, pace, now }, steps)
}

fn started(admission: &Admission) -> Vec<i64> {
    let starts = |step: &Step| matches!(step, Step::Start { linked: true, .. } | Step::StartBrowser);
    admission.steps.iter().filter(|(_, step)| starts(step)).map(|(id, _)| id.0).collect()
}

fn told(admission: &Admission) -> Vec<(i64, Option<u32>)> {
    admission.queue.iter().map(|one| (one.id.0, one.queue.map(|queue| queue.position))).collect()
}

#[test]
fn orc_07_after_a_reboot_who_pays_goes_first_and_then_who_was_active_last() {
    let rules = Rules { linked_cap: 100, ..rules() };
    let wanted =
        [was_linked(1, false, 10), was_linked(2, true, 900), was_linked(3, false, 50), was_linked(4, true, 60)];
    let none = HashMap::new();
    let first = decide(&rules, &wanted, &none, &[], Pace::default(), now());
    assert_eq!(started(&first), [4], "one at a time");
    assert_eq!(told(&first), [(2, None), (1, Some(2)), (3, Some(3))]);
    // Their place is kept although somebody else comes later and was active just now.
    let mut later: Vec<Wanted> = wanted.iter().filter(|one| one.row.id.0 != 4).cloned().collect();
    for one in &mut later {
        one.row.queued_at = Some(ago(1));
    }
    later.push(fresh(5));
    let second = decide(&rules, &later, &none, &[], Pace::default(), now());
    assert_eq!(started(&second), [2]);
    assert_eq!(told(&second).into_iter().map(|(id, _)| id).collect::<Vec<_>>(), [1, 3, 5]);
}

#[test]
fn orc_07_starts_are_few_at_once_and_spaced() {
    let rules = Rules { linked_cap: 100, ..rules() };
    let wanted: Vec<Wanted> = (1..=5).map(fresh).collect();
    let none = HashMap::new();
    let after = |ms: i64, starting: &[i64]| {
        let pace = Pace { last_start: Some(now() - SignedDuration::from_millis(ms)), ..Pace::default() };
        decide(&rules, &wanted, &none, starting, pace, now())
    };
    assert!(started(&after(499, &[1])).is_empty(), "too early");
    assert_eq!(after(499, &[1]).next_turn, Some(now() + SignedDuration::from_millis(1)));
    assert_eq!(started(&after(500, &[1])), [2]);
    assert!(started(&after(9_000, &[1, 2])).is_empty(), "two are under way");
    assert_eq!(after(9_000, &[1, 2]).next_turn, None, "only an end changes that");
    let mut boots = wanted.clone();
    for one in &mut boots[..2] {
        one.row.observed = crate::rows::started(&one.row.observed, true, now());
        (one.row.generation, one.row.phase_since) = (1, now());
    }
    let run = running(&boots[..2]);
    let scene = |boots: &[Wanted]| decide(&rules, boots, &run, &[], Pace::default(), now());
    assert!(started(&scene(&boots)).is_empty(), "their pages are not known yet");
    boots[0].row.phase_since = ago(21);
    assert_eq!(started(&scene(&boots)), [3], "one that gets nowhere keeps nobody waiting");
}

#[test]
fn a_slice_that_is_started_anew_keeps_its_place() {
    let rules = Rules { linked_cap: 1, ..rules() };
    let mut recycled = was_linked(1, false, 900);
    recycled.row.observed = crate::rows::recycled(&recycled.row.observed, "age");
    let mut waits = fresh(2);
    (waits.row.paying, waits.row.queued_at) = (true, Some(ago(3_600)));
    let wanted = [recycled, waits];
    let ends = decide(&rules, &wanted, &running(&wanted[..1]), &[], Pace::default(), now());
    assert_eq!((started(&ends), ends.queue.len()), (vec![], 1), "while it ends");
    let gone = decide(&rules, &wanted, &HashMap::new(), &[], Pace::default(), now());
    assert_eq!((started(&gone), gone.queue.len()), (vec![1], 1), "when it has ended");
}

#[test]
fn orc_07_a_full_host_keeps_who_runs_and_tells_the_others_when() {
    let rules = rules();
    let mut wanted: Vec<Wanted> = (1..=2).map(|id| was_linked(id, false, 5)).collect();
    // It fell a moment ago and is tried again: its place is its own.
    let mut falls = was_linked(3, false, 5);
    falls.row.observed =
        crate::rows::failed(&rules, &falls.row, &falls.memory, crate::rows::Blame::Slice, now(), 0.5).observed;
    wanted.push(falls);
    wanted.extend([fresh(4), fresh(5)]);
    let run = running(&wanted[..2]);
    let full = decide(&rules, &wanted, &run, &[], Pace::default(), now());
    assert_eq!((started(&full), full.full), (vec![], true));
    assert_eq!(told(&full), [(4, Some(1)), (5, Some(2))]);
    let seconds: Vec<u32> = full.queue.iter().filter_map(|one| Some(one.queue?.seconds)).collect();
    assert_eq!(seconds, [600, 1_200]);

    // Its turn comes before those who have no place.
    wanted[2].row.observed.next_attempt_at = Some(ago(1));
    let again = decide(&rules, &wanted, &run, &[], Pace::default(), now());
    assert_eq!(started(&again), [3]);
    assert_eq!(told(&again), [(4, Some(1)), (5, Some(2))], "it has its place and no number");
    // Fallen while it waited, it has none.
    wanted[2].row.queued_at = Some(ago(9));
    let waited = decide(&rules, &wanted, &run, &[], Pace::default(), now());
    assert_eq!((started(&waited), told(&waited)), (vec![3], vec![(4, Some(1)), (5, Some(2))]), "but it is its turn");
    wanted[2].row.queued_at = None;
    // Given up, it has its place no more.
    wanted[2].row.observed.phase = Phase::Failed;
    wanted[2].row.observed.next_attempt_at = None;
    let freed = decide(&rules, &wanted, &run, &[], Pace::default(), now());
    assert_eq!((started(&freed), freed.full), (vec![4], true));
}

#[test]
fn whoever_waits_for_a_place_can_read_what_is_stored() {
    let rules = Rules { linked_cap: 1, ..rules() };
    let wanted = [was_linked(1, true, 5), was_linked(2, false, 5), was_linked(3, false, 100_000), fresh(4)];
    let full = decide(&rules, &wanted, &running(&wanted[..1]), &[], Pace::default(), now());
    let steps: Vec<(i64, Step)> = full.steps.iter().map(|(id, step)| (id.0, *step)).collect();
    let mut waits = wanted[2].clone();
    waits.row.wanted_at = ago(100_000);
    assert_eq!(steps.iter().filter(|(id, _)| *id == 1).count(), 1, "it is looked at");
    assert!(steps.contains(&(2, Step::Start { linked: false, afresh: false })), "{steps:?}");
    assert!(!steps.iter().any(|(id, _)| *id == 4), "it has nothing to show: {steps:?}");
    let idle = [wanted[0].clone(), waits];
    let quiet = decide(&rules, &idle, &running(&idle[..1]), &[], Pace::default(), now());
    assert!(!quiet.steps.iter().any(|(id, _)| id.0 == 3), "nobody asks for it");
    assert_eq!(told(&quiet), [(3, Some(1))], "it waits all the same");
}

#[test]
fn who_falls_or_is_busy_while_it_waits_keeps_its_number() {
    let rules = Rules { linked_cap: 1, ..rules() };
    let mut waits = was_linked(2, false, 5);
    waits.row.queued_at = Some(ago(60));
    let mut later = fresh(3);
    later.row.queued_at = Some(ago(30));
    let mut wanted = [was_linked(1, true, 5), waits, later];
    let run = running(&wanted[..1]);
    let service = HashMap::from([(SliceId(2), false)]);
    let admit_with = |wanted: &[Wanted], starting: &HashMap<SliceId, bool>| {
        let found: Vec<RunningSlice> = run.values().copied().collect();
        let mut steps = plan(&rules, wanted, &found, now());
        steps.retain(|(id, _)| !starting.contains_key(id));
        admit(&rules, &Scene { wanted, running: &run, starting, pace: Pace::default(), now: now() }, steps)
    };
    let both = vec![(2, Some(1)), (3, Some(2))];
    // Its service is being started, so that its tenant can read.
    wanted[1].row.observed.phase = Phase::Provisioning;
    wanted[1].row.observed.page_state = None;
    let busy = admit_with(&wanted, &service);
    assert_eq!((told(&busy), busy.holders.len()), (both.clone(), 1));
    assert_eq!(busy.queue[0].queued_at, ago(60));
    // That failed, and the pause is not over.
    wanted[1].row.observed.phase = Phase::Starting;
    wanted[1].row.observed.next_attempt_at = Some(now() + SignedDuration::from_secs(9));
    let fell = admit_with(&wanted, &HashMap::new());
    assert_eq!((told(&fell), fell.holders.len(), started(&fell)), (both, 1, vec![]));
    wanted[1].row.observed.phase = Phase::Failed;
    let gave_up = admit_with(&wanted, &HashMap::new());
    assert_eq!(told(&gave_up), [(3, Some(1))], "who was given up waits no more");
}

#[test]
fn figures_follow_what_happens() {
    let rules = rules();
    let mut pace = Pace::default();
    assert_eq!(pace.start(&rules), Duration::from_millis(1_500));
    for _ in 0..50 {
        pace.booted(Duration::from_secs(10));
    }
    assert!(pace.start(&rules) > Duration::from_millis(4_900));
    pace.released(1, ago(300));
    for minute in 1..=30 {
        pace.released(2, ago(300) + SignedDuration::from_secs(60 * minute));
    }
    assert!(pace.release() < Duration::from_secs(31), "{:?}", pace.release());
}

/// The host comes back with 200 slices; every browser takes three seconds to show its page.
#[test]
fn orc_07_two_hundred_after_a_reboot_never_start_more_than_two_at_once() {
    let rules = Rules { linked_cap: 250, ..rules() };
    let mut wanted: Vec<Wanted> = (1..=200).map(|id| was_linked(id, id % 4 == 0, 1_000 - id)).collect();
    let (mut run, mut pace, mut order) = (HashMap::new(), Pace::default(), Vec::new());
    let mut clock = now();
    while order.len() < 200 {
        let admission = decide(&rules, &wanted, &run, &[], pace, clock);
        assert!(admission.steps.len() <= 200);
        for id in started(&admission) {
            let one = wanted.iter_mut().find(|one| one.row.id.0 == id).unwrap();
            one.row.observed = crate::rows::started(&one.row.observed, true, clock);
            one.row.phase_since = clock;
            run.insert(one.row.id, RunningSlice { id: one.row.id, generation: one.row.generation, port: 5001 });
            pace.last_start = Some(clock);
            order.push(id);
        }
        for waiting in &admission.queue {
            let one = wanted.iter_mut().find(|one| one.row.id == waiting.id).unwrap();
            one.row.queued_at = Some(waiting.queued_at);
        }
        clock += SignedDuration::from_millis(100);
        for one in &mut wanted {
            if one.row.observed.phase == Phase::Starting && is_past(one.row.phase_since, Duration::from_secs(3), clock)
            {
                one.row.observed.phase = Phase::Linked;
                one.row.observed.page_state = Some(PageState::Linked);
            }
        }
        let booting = wanted.iter().filter(|one| one.row.observed.phase == Phase::Starting).count();
        assert!(booting <= 2, "{booting} at once");
    }
    let took = clock.duration_since(now()).as_secs();
    assert!((295..=330).contains(&took), "200 starts of 3 s, two at a time: {took} s");
    let (paying, others) = order.split_at(50);
    assert!(paying.iter().all(|id| id % 4 == 0), "who pays goes first");
    assert!(others.windows(2).all(|pair| pair[0] > pair[1]), "then who was active last");
}
