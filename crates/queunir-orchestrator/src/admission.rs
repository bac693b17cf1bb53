//! Who starts now, who waits and for how long: pure, over the steps that the plan wants (ORC-07).
//!
//! A browser needs two things: a *place*, of which the host's memory has so many, and its *turn*, because starting is a
//! peak of CPU. A slice has its place as long as its browser runs, starts, or is tried again after a failure. Whoever
//! pays goes first, then whoever waits longer; of those who began to wait together, as after a reboot, whoever was
//! active last. Who has data and waits for a place gets its service without a browser meanwhile.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    time::Duration,
};

use jiff::Timestamp;
use queunir_core::{
    id::SliceId,
    link::PageState,
    slice::{Desired, Phase, Queue},
};
use queunir_db::control::capacity::Waiting;

use crate::{
    plan::{Rules, Step, Wanted, is_idle, is_past, signed},
    runtime::RunningSlice,
};

/// Who waits less is told nothing: it would be over before it was read.
const TOLD: Duration = Duration::from_secs(3);
/// How much the newest figure counts in an average.
const NEWEST: f64 = 0.2;
/// The longest and the shortest average between two places that become free.
const RELEASES: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(3600));

/// How it went until now.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// From the start of a browser until its page is known.
    boot: Duration,
    /// Between two places that become free.
    release: Duration,
    last_release: Option<Timestamp>,
    /// When a browser was started last.
    pub last_start: Option<Timestamp>,
}

impl Default for Pace {
    /// Until something was measured: three seconds a start, and a code that nobody scans frees a place after ten minutes.
    fn default() -> Self {
        let (boot, release) = (Duration::from_secs(3), Duration::from_secs(600));
        Self { boot, release, last_release: None, last_start: None }
    }
}

impl Pace {
    /// A browser's page is known after this time.
    pub fn booted(&mut self, took: Duration) {
        self.boot = average(self.boot, took);
    }

    /// So many places became free.
    pub fn released(&mut self, places: usize, now: Timestamp) {
        let (Ok(count), Some(before)) = (u32::try_from(places), self.last_release.replace(now)) else { return };
        if let Ok(gap) = Duration::try_from(now.duration_since(before)) {
            self.release = average(self.release, gap / count.max(1)).clamp(RELEASES.0, RELEASES.1);
        }
    }

    /// Between two starts, as things go.
    #[must_use]
    pub fn start(&self, rules: &Rules) -> Duration {
        let lanes = u32::try_from(rules.starts_at_once.max(1)).unwrap_or(1);
        rules.start_spacing.max(self.boot / lanes)
    }

    /// Between two places that become free.
    #[must_use]
    pub fn release(&self) -> Duration {
        self.release
    }

    fn since_release(&self, now: Timestamp) -> Duration {
        self.last_release.and_then(|at| Duration::try_from(now.duration_since(at)).ok()).unwrap_or_default()
    }
}

fn average(before: Duration, newest: Duration) -> Duration {
    before.mul_f64(1.0 - NEWEST) + newest.mul_f64(NEWEST)
}

/// What is under way.
#[derive(Debug)]
pub struct Scene<'a> {
    /// Every slice that the plan saw.
    pub wanted: &'a [Wanted],
    /// What runs.
    pub running: &'a HashMap<SliceId, RunningSlice>,
    /// Starts that are being carried out; true where a browser starts.
    pub starting: &'a HashMap<SliceId, bool>,
    /// How it went until now.
    pub pace: Pace,
    /// The present moment.
    pub now: Timestamp,
}

/// What may be done, and who waits.
#[derive(Debug)]
pub struct Admission {
    /// The steps that begin now.
    pub steps: Vec<(SliceId, Step)>,
    /// Who waits, next first.
    pub queue: Vec<Waiting>,
    /// Who has a place, those that get one now included.
    pub holders: HashSet<SliceId>,
    /// Whether no place is left.
    pub full: bool,
    /// When the next turn comes by time alone.
    pub next_turn: Option<Timestamp>,
}

/// Decides which of the wanted steps begin now; all that start nothing do.
#[must_use]
pub fn admit(rules: &Rules, scene: &Scene<'_>, steps: Vec<(SliceId, Step)>) -> Admission {
    let now = scene.now;
    let by_id: HashMap<SliceId, &Wanted> = scene.wanted.iter().map(|one| (one.row.id, one)).collect();
    let mut holders: HashSet<SliceId> =
        scene.wanted.iter().filter(|one| holds(scene, one)).map(|one| one.row.id).collect();
    let booting = scene.wanted.iter().filter(|one| boots(rules, scene, one)).count();
    let mut lanes = rules.starts_at_once.saturating_sub(booting);
    let mut free = rules.linked_cap.saturating_sub(holders.len());
    let mut spaced = scene.pace.last_start.is_none_or(|at| is_past(at, rules.start_spacing, now) || at > now);

    let (mut admitted, mut browsers) = (Vec::with_capacity(steps.len()), Vec::new());
    for (id, step) in steps {
        match (step, by_id.get(&id)) {
            (Step::Start { linked: true, .. } | Step::StartBrowser, Some(one)) => browsers.push((*one, Some(step))),
            // A person waits for what is stored; it is there in a moment and costs little.
            (Step::Start { .. }, _) if lanes == 0 => {}
            (Step::Start { .. }, _) => {
                lanes -= 1;
                admitted.push((id, step));
            }
            _ => admitted.push((id, step)),
        }
    }
    let asked: HashSet<SliceId> = browsers.iter().map(|(one, _)| one.row.id).collect();
    let others = scene.wanted.iter().filter(|one| !asked.contains(&one.row.id) && !holders.contains(&one.row.id));
    browsers.extend(others.filter(|one| waits_on(one)).map(|one| (one, None)));
    browsers.sort_by_key(|(one, _)| {
        let row = &one.row;
        let since = if holders.contains(&row.id) { row.phase_since } else { row.queued_at.unwrap_or(now) };
        (!row.paying, since, Reverse(row.last_request_at), row.id)
    });

    let (mut for_turn, mut for_place, mut held_back) = (Vec::new(), Vec::new(), false);
    for (one, step) in browsers {
        let id = one.row.id;
        let Some(step) = step else {
            (if free > 0 { &mut for_turn } else { &mut for_place }).push(one);
            continue;
        };
        let has_place = holders.contains(&id) || free > 0;
        if !has_place {
            for_place.push(one);
            if let Some(step) = meanwhile(rules, one, step, now).filter(|_| lanes > 0) {
                lanes -= 1;
                admitted.push((id, step));
            }
            continue;
        }
        let is_new = holders.insert(id);
        if is_new {
            free -= 1;
        }
        if lanes > 0 && spaced {
            (lanes, spaced) = (lanes - 1, false);
            admitted.push((id, step));
        } else if is_new {
            for_turn.push(one);
        } else {
            // It is tried again after a failure; a queue is for who has no place.
            held_back = true;
        }
    }
    let next_turn = scene.pace.last_start.filter(|_| lanes > 0 && (held_back || !for_turn.is_empty()));
    Admission {
        queue: queue(rules, scene, &for_turn, &for_place),
        steps: admitted,
        full: free == 0,
        next_turn: next_turn.and_then(|at| at.checked_add(signed(rules.start_spacing)).ok()),
        holders,
    }
}

/// Whether a slice has its place: its browser runs, starts, or is on its way to another attempt.
fn holds(scene: &Scene<'_>, one: &Wanted) -> bool {
    let (row, page) = (&one.row, one.row.observed.page_state);
    match scene.starting.get(&row.id) {
        Some(browser) => *browser,
        // Of what runs and is not known yet the worst is assumed.
        None if scene.running.contains_key(&row.id) => page != Some(PageState::NoBrowser),
        // Who waited for a place and fell meanwhile still waits.
        None => {
            let tried = matches!(row.observed.phase, Phase::Provisioning | Phase::Starting);
            row.desired == Desired::Linked && page.is_none() && tried && row.queued_at.is_none()
        }
    }
}

/// Whether a slice that needs no step just now goes on waiting: something else is done with it, or it fell and is not
/// tried again yet. One that was given up waits no more.
fn waits_on(one: &Wanted) -> bool {
    let row = &one.row;
    row.desired == Desired::Linked && row.queued_at.is_some() && row.observed.phase != Phase::Failed
}

/// Whether a start is under way that takes its share of the CPU.
fn boots(rules: &Rules, scene: &Scene<'_>, one: &Wanted) -> bool {
    let row = &one.row;
    let page_unknown = matches!(row.observed.page_state, None | Some(PageState::Starting));
    let fresh = matches!(row.observed.phase, Phase::Provisioning | Phase::Starting)
        && !is_past(row.phase_since, rules.boot_limit, scene.now);
    scene.starting.contains_key(&row.id) || scene.running.contains_key(&row.id) && page_unknown && fresh
}

/// What a slice without a place gets meanwhile: its service, if it has something to serve and somebody asks for it.
fn meanwhile(rules: &Rules, one: &Wanted, step: Step, now: Timestamp) -> Option<Step> {
    let Step::Start { afresh, .. } = step else { return None };
    let served = one.row.generation > 0 && !is_idle(rules, &one.row, now);
    served.then_some(Step::Start { linked: false, afresh })
}

fn queue(rules: &Rules, scene: &Scene<'_>, for_turn: &[&Wanted], for_place: &[&Wanted]) -> Vec<Waiting> {
    let (start, release) = (scene.pace.start(rules), scene.pace.release());
    let waited = scene.pace.since_release(scene.now).min(release.mul_f64(0.9));
    let turns = (1..).zip(for_turn).map(|(place, one)| (*one, start.saturating_mul(place)));
    let places = (1..).zip(for_place).map(|(place, one)| (*one, release.saturating_mul(place).saturating_sub(waited)));
    (1..)
        .zip(turns.chain(places))
        .map(|(position, (one, left))| {
            let seconds = u32::try_from(left.as_secs_f64().ceil() as u64).unwrap_or(u32::MAX);
            let queue = (left >= TOLD).then_some(Queue { position, seconds });
            Waiting { id: one.row.id, queued_at: one.row.queued_at.unwrap_or(scene.now), queue }
        })
        .collect()
}

#[cfg(test)]
mod tests;
