//! What to do next, from what is wanted and what runs: pure, one step per slice.
//!
//! ```text
//!                 desired: linked or service                      desired: stopped or deleted
//! nothing runs    start (after the pause, if it failed before)    note that it stopped
//! believed to run but gone                                        note that it stopped
//!                 note the loss: a failure if we saw it run
//! runs, other generation than ours: end it
//! runs, and a later start is wanted: end it
//! runs            look at it; start or end its browser;           end it
//!                 end it if it answers no more, or if the monitor wishes
//!                 service, nobody asks: want it no more
//!                 too long on the way: alert, then fail it forward
//! ```
//!
//! Deletion is a way of its own: `deleting` is noted, what runs is ended, and after the delay everything is erased.
//! Which of the starts begin now, and who waits, is decided after this in `admission.rs`.

use std::{collections::HashMap, time::Duration};

use jiff::{SignedDuration, Timestamp};
use queunir_core::{
    id::SliceId,
    link::PageState,
    slice::{Desired, Phase},
};
use queunir_db::control::observed::SliceRow;

pub use crate::rules::Rules;
use crate::{monitor::heal::Recycle, runtime::RunningSlice};

/// One slice as the plan sees it: its row, and what this orchestrator remembers of it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The row.
    pub row: SliceRow,
    /// What was seen since this orchestrator leads.
    pub memory: Memory,
}

/// What an orchestrator remembers of a slice as long as it leads.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    /// Whether it ran while this orchestrator led: only then is its absence a failure of the slice.
    pub seen: bool,
    /// When it was last looked at.
    pub looked_at: Option<Timestamp>,
    /// Since when it gives no answer.
    pub unanswered_since: Option<Timestamp>,
    /// What its browser was last asked, and when.
    pub asked: Option<(Asked, Timestamp)>,
    /// Since when it runs without a failure.
    pub healthy_since: Option<Timestamp>,
    /// When the failures that are counted now began.
    pub failing_since: Option<Timestamp>,
    /// Since when the phase holds that was reported as lasting too long.
    pub overdue_since: Option<Timestamp>,
    /// The monitor's wish to start it anew.
    pub recycle: Option<Recycle>,
    /// Up to when what was kept of its profile is erased, because its tenant deleted that.
    pub unlinked_at: Option<Timestamp>,
}

impl Memory {
    /// What outlives an end or a failure: when the failures began.
    #[must_use]
    pub fn after_end(self) -> Self {
        Self { failing_since: self.failing_since, ..Self::default() }
    }

    /// The same memory after the machine's clock was set by `step`: everything is as long ago as it was.
    #[must_use]
    pub fn moved(self, step: SignedDuration) -> Self {
        let moved = |at: Timestamp| at.saturating_add(step).unwrap_or(at);
        Self {
            seen: self.seen,
            looked_at: self.looked_at.map(moved),
            unanswered_since: self.unanswered_since.map(moved),
            asked: self.asked.map(|(what, at)| (what, moved(at))),
            healthy_since: self.healthy_since.map(moved),
            failing_since: self.failing_since.map(moved),
            overdue_since: self.overdue_since,
            recycle: self.recycle,
            unlinked_at: self.unlinked_at,
        }
    }
}

/// What a browser can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To start.
    Start,
    /// To end.
    Stop,
}

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Provision and start the next generation; with its browser or without.
    Start {
        /// Whether the browser starts too.
        linked: bool,
        /// Whether earlier failures are forgotten, because somebody asked again.
        afresh: bool,
    },
    /// End a slice that is not wanted to run.
    Stop,
    /// End a process that no row knows, or of another generation than the row's.
    StopStray,
    /// End a slice that answers no more.
    StopSilent,
    /// End a slice of which a later start is wanted.
    Restart,
    /// End a slice so that it is started anew, as the monitor wishes.
    Recycle(Recycle),
    /// Note that a slice is not running, as wanted.
    NoteStopped,
    /// Note that a slice ended by itself while it was seen running.
    NoteLost,
    /// Start the browser of a running slice.
    StartBrowser,
    /// End the browser of a running slice.
    StopBrowser,
    /// Want an idle slice no more.
    Withdraw,
    /// Ask for its health.
    Look,
    /// Report that a phase lasts too long.
    NoteOverdue,
    /// End a browser that gets nowhere; the slice stays.
    FailForward,
    /// Note that the slice is on its way to be deleted.
    NoteDeleting,
    /// Erase everything of a slice.
    Erase,
}

/// The next step of each slice that needs one.
#[must_use]
pub fn plan(rules: &Rules, wanted: &[Wanted], running: &[RunningSlice], now: Timestamp) -> Vec<(SliceId, Step)> {
    let mut runs: HashMap<SliceId, RunningSlice> = running.iter().map(|slice| (slice.id, *slice)).collect();
    let mut steps = Vec::new();
    for one in wanted {
        let step = match runs.remove(&one.row.id) {
            Some(found) => of_running(rules, one, found, now),
            None => of_absent(rules, one, now),
        };
        steps.extend(step.map(|step| (one.row.id, step)));
    }
    let mut strays: Vec<_> = runs.into_keys().map(|id| (id, Step::StopStray)).collect();
    strays.sort_by_key(|(id, _)| *id);
    steps.extend(strays);
    steps
}

fn of_absent(rules: &Rules, one: &Wanted, now: Timestamp) -> Option<Step> {
    let (row, observed) = (&one.row, &one.row.observed);
    let believed = observed.page_state.is_some();
    match row.desired {
        Desired::Deleted => return of_deleted(rules, one, now),
        Desired::Stopped => {
            let noted = !believed && matches!(observed.phase, Phase::Stopped | Phase::Failed);
            return (!noted).then_some(Step::NoteStopped);
        }
        Desired::Service | Desired::Linked => {}
    }
    if believed && one.memory.seen {
        return Some(Step::NoteLost);
    }
    let linked = row.desired == Desired::Linked;
    if !linked && is_idle(rules, row, now) {
        return Some(Step::Withdraw);
    }
    may_try(row, now).map(|afresh| Step::Start { linked, afresh })
}

/// Whether another attempt is due, and whether it forgets earlier failures because somebody asked again.
pub(crate) fn may_try(row: &SliceRow, now: Timestamp) -> Option<bool> {
    let gave_up = row.observed.phase == Phase::Failed;
    match row.observed.next_attempt_at {
        _ if gave_up && row.wanted_at > row.phase_since => Some(true),
        Some(at) if at > now => None,
        // Gave up for good.
        None if gave_up => None,
        _ => Some(false),
    }
}

/// Nothing runs of a slice that is wanted deleted.
fn of_deleted(rules: &Rules, one: &Wanted, now: Timestamp) -> Option<Step> {
    match one.row.observed.phase {
        Phase::Deleted => None,
        Phase::Deleting if is_overdue(rules, one, now) => Some(Step::NoteOverdue),
        Phase::Deleting => is_past(one.row.phase_since, rules.deletion_delay, now).then_some(Step::Erase),
        _ => Some(Step::NoteDeleting),
    }
}

/// Whether the phase has lasted too long and that was not reported yet.
fn is_overdue(rules: &Rules, one: &Wanted, now: Timestamp) -> bool {
    let (row, reported) = (&one.row, one.memory.overdue_since);
    let bound = rules.bound(row.observed.phase);
    bound.is_some_and(|bound| is_past(row.phase_since, bound, now)) && reported != Some(row.phase_since)
}

/// Whether a browser has been on its way for so long that it never will be there. A page that waits for somebody, as
/// one that is open elsewhere, is no such thing.
fn is_hopeless(rules: &Rules, row: &SliceRow, now: Timestamp) -> bool {
    let waits = row.observed.phase == Phase::Degraded && row.observed.page_state != Some(PageState::Unknown);
    let bound = rules.bound(row.observed.phase).filter(|_| !waits && row.observed.phase != Phase::Deleting);
    bound.is_some_and(|bound| is_past(row.phase_since, bound * 3, now))
}

fn of_running(rules: &Rules, one: &Wanted, found: RunningSlice, now: Timestamp) -> Option<Step> {
    let (row, memory) = (&one.row, &one.memory);
    if found.generation != row.generation {
        return Some(Step::StopStray);
    }
    match row.desired {
        Desired::Deleted if row.observed.phase != Phase::Deleting => return Some(Step::NoteDeleting),
        Desired::Stopped | Desired::Deleted => return Some(Step::Stop),
        Desired::Service | Desired::Linked => {}
    }
    if found.generation <= row.outdated_generation {
        return Some(Step::Restart);
    }
    if memory.unanswered_since.is_some_and(|since| is_past(since, rules.unanswered_limit, now)) {
        return Some(Step::StopSilent);
    }
    // What was given up is started anew when its pause is over anyway.
    if let Some(recycle) = memory.recycle.filter(|_| row.observed.phase != Phase::Failed) {
        return Some(Step::Recycle(recycle));
    }
    let may_ask = |what| memory.asked.is_none_or(|(last, at)| last != what || is_past(at, rules.browser_limit, now));
    let browser = row.observed.page_state.map(|page| page != PageState::NoBrowser);
    match (row.desired, browser) {
        (Desired::Linked, Some(false)) if may_ask(Asked::Start) && may_try(row, now).is_some() => {
            return Some(Step::StartBrowser);
        }
        (Desired::Linked, Some(true)) if is_hopeless(rules, row, now) && may_ask(Asked::Stop) => {
            return Some(Step::FailForward);
        }
        _ if is_overdue(rules, one, now) => return Some(Step::NoteOverdue),
        (Desired::Service, Some(true)) if may_ask(Asked::Stop) => return Some(Step::StopBrowser),
        (Desired::Service, Some(false)) if is_idle(rules, row, now) => return Some(Step::Withdraw),
        _ => {}
    }
    (look_at(rules, one) <= now).then_some(Step::Look)
}

/// Waking counts as a request even if the slice was not asked since.
pub(crate) fn is_idle(rules: &Rules, row: &SliceRow, now: Timestamp) -> bool {
    is_past(row.last_request_at.max(row.wanted_at), rules.idle_after, now)
}

/// When a running slice is to be looked at next.
#[must_use]
pub fn look_at(rules: &Rules, one: &Wanted) -> Timestamp {
    let Some(looked_at) = one.memory.looked_at else { return Timestamp::MIN };
    looked_at.saturating_add(signed(pause_of(rules, one))).unwrap_or(Timestamp::MAX)
}

/// When a pass is to come for that look at the latest: slices at rest may wait a little, so that one pass looks at many.
#[must_use]
pub fn wake_at(rules: &Rules, one: &Wanted) -> Timestamp {
    let slack = if pause_of(rules, one) == rules.look_settled { rules.look_settled / 8 } else { Duration::ZERO };
    look_at(rules, one).saturating_add(signed(slack)).unwrap_or(Timestamp::MAX)
}

/// Pause between two looks at a slice as it is now.
#[must_use]
pub fn pause_of(rules: &Rules, one: &Wanted) -> Duration {
    if one.memory.unanswered_since.is_some() {
        return rules.look_linking;
    }
    if one.row.observed.phase == Phase::Failed || one.row.queued_at.is_some() {
        return rules.look_settled;
    }
    let believes_browser = one.row.observed.page_state != Some(PageState::NoBrowser);
    match (one.row.observed.phase, one.row.observed.page_state) {
        // What is wanted and what is seen differ: it is about to change.
        _ if (one.row.desired == Desired::Linked) != believes_browser => rules.look_linking,
        (Phase::Provisioning | Phase::Starting, _) => rules.look_starting,
        (_, Some(PageState::Linked | PageState::NoBrowser)) => rules.look_settled,
        _ => rules.look_linking,
    }
}

/// What follows a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Failures so far.
    pub failures: i32,
    /// Whether the slice counts as failed.
    pub gave_up: bool,
    /// When to try again; never by itself if absent.
    pub next_attempt_at: Option<Timestamp>,
}

/// The failures that still count when another one comes, and since when they are counted. A crash after a long healthy
/// time is the first one; so is one that comes too long after the first to be of the same loop, unless it already was
/// given up.
#[must_use]
pub fn still_counted(rules: &Rules, failures: i32, memory: &Memory, now: Timestamp) -> (i32, Timestamp) {
    let healthy = memory.healthy_since.is_some_and(|since| is_past(since, rules.healthy_after, now));
    let since = memory.failing_since.unwrap_or(now);
    let apart = failures < rules.give_up_after && is_past(since, rules.give_up_within, now);
    if healthy || apart { (0, now) } else { (failures, since) }
}

/// Counts one more failure; `chance` between 0 and 1 spreads the pauses by a quarter to either side.
#[must_use]
pub fn after_failure(rules: &Rules, failures: i32, now: Timestamp, chance: f64) -> Verdict {
    let failures = failures.saturating_add(1);
    let gave_up = failures >= rules.give_up_after;
    let pause = if gave_up {
        (failures < rules.give_up_after.saturating_add(24)).then_some(rules.failed_pause)
    } else if failures == 1 {
        Some(rules.first_pause)
    } else {
        let doublings = u32::try_from(failures - 2).unwrap_or(0).min(16);
        Some((rules.base_pause * 2_u32.pow(doublings)).min(rules.longest_pause))
    };
    let spread = 0.75 + 0.5 * chance.clamp(0.0, 1.0);
    let next_attempt_at =
        pause.map(|pause| now.saturating_add(signed(pause.mul_f64(spread))).unwrap_or(Timestamp::MAX));
    Verdict { failures, gave_up, next_attempt_at }
}

/// Whether `since` is longer ago than `limit`.
#[must_use]
pub fn is_past(since: Timestamp, limit: Duration, now: Timestamp) -> bool {
    now.duration_since(since) >= signed(limit)
}

pub(crate) fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
pub(crate) mod tests;
