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
//! ```

use std::{collections::HashMap, time::Duration};

use jiff::{SignedDuration, Timestamp};
use queunir_core::{
    id::SliceId,
    link::PageState,
    slice::{Desired, Phase},
};
use queunir_db::control::observed::SliceRow;

use crate::{monitor::heal::Recycle, runtime::RunningSlice};

/// How patient the orchestrator is.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Pause after the first failure; a single crash should hardly be noticed.
    pub first_pause: Duration,
    /// Pause after the second failure, doubled after each further one (ORC-05).
    pub base_pause: Duration,
    /// Longest pause.
    pub longest_pause: Duration,
    /// So many failures within `give_up_within` make a slice `failed`.
    pub give_up_after: i32,
    /// Failures further apart are no crash loop (ORC-05).
    pub give_up_within: Duration,
    /// A failed slice is tried again after this time, `give_up_after` + 24 failures at most.
    pub failed_pause: Duration,
    /// Running well for so long forgets failures.
    pub healthy_after: Duration,
    /// A slice at level service that nobody asks anything stops after this time.
    pub idle_after: Duration,
    /// A slice that answers nothing for so long is ended and started again.
    pub unanswered_limit: Duration,
    /// Pause between looks at a slice whose page is not known yet.
    pub look_starting: Duration,
    /// Pause between looks at a slice that is not linked yet.
    pub look_linking: Duration,
    /// Pause between looks at a slice at rest, linked or without a browser.
    pub look_settled: Duration,
    /// How long a browser may take from being asked for to being seen.
    pub browser_limit: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_secs(1),
            base_pause: Duration::from_secs(10),
            longest_pause: Duration::from_secs(300),
            give_up_after: 5,
            give_up_within: Duration::from_secs(900),
            failed_pause: Duration::from_secs(3600),
            healthy_after: Duration::from_secs(600),
            idle_after: Duration::from_secs(600),
            unanswered_limit: Duration::from_secs(60),
            look_starting: Duration::from_millis(200),
            look_linking: Duration::from_secs(1),
            look_settled: Duration::from_secs(15),
            browser_limit: Duration::from_secs(10),
        }
    }
}

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
    /// The monitor's wish to start it anew.
    pub recycle: Option<Recycle>,
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
            recycle: self.recycle,
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
    if matches!(row.desired, Desired::Stopped | Desired::Deleted) {
        let noted = !believed && matches!(observed.phase, Phase::Stopped | Phase::Failed);
        return (!noted).then_some(Step::NoteStopped);
    }
    if believed && one.memory.seen {
        return Some(Step::NoteLost);
    }
    let linked = row.desired == Desired::Linked;
    if !linked && is_idle(rules, row, now) {
        return Some(Step::Withdraw);
    }
    if observed.phase == Phase::Failed && row.wanted_at > row.phase_since {
        return Some(Step::Start { linked, afresh: true });
    }
    match observed.next_attempt_at {
        Some(at) if at > now => None,
        // Gave up for good.
        None if observed.phase == Phase::Failed => None,
        _ => Some(Step::Start { linked, afresh: false }),
    }
}

fn of_running(rules: &Rules, one: &Wanted, found: RunningSlice, now: Timestamp) -> Option<Step> {
    let (row, memory) = (&one.row, &one.memory);
    if found.generation != row.generation {
        return Some(Step::StopStray);
    }
    if matches!(row.desired, Desired::Stopped | Desired::Deleted) {
        return Some(Step::Stop);
    }
    if found.generation <= row.outdated_generation {
        return Some(Step::Restart);
    }
    if memory.unanswered_since.is_some_and(|since| is_past(since, rules.unanswered_limit, now)) {
        return Some(Step::StopSilent);
    }
    if let Some(recycle) = memory.recycle {
        return Some(Step::Recycle(recycle));
    }
    let may_ask = |what| memory.asked.is_none_or(|(last, at)| last != what || is_past(at, rules.browser_limit, now));
    let browser = row.observed.page_state.map(|page| page != PageState::NoBrowser);
    match (row.desired, browser) {
        (Desired::Linked, Some(false)) if may_ask(Asked::Start) => return Some(Step::StartBrowser),
        (Desired::Service, Some(true)) if may_ask(Asked::Stop) => return Some(Step::StopBrowser),
        (Desired::Service, Some(false)) if is_idle(rules, row, now) => return Some(Step::Withdraw),
        _ => {}
    }
    (look_at(rules, one) <= now).then_some(Step::Look)
}

/// Waking counts as a request even if the slice was not asked since.
fn is_idle(rules: &Rules, row: &SliceRow, now: Timestamp) -> bool {
    is_past(row.last_request_at.max(row.wanted_at), rules.idle_after, now)
}

/// When a running slice is to be looked at next.
#[must_use]
pub fn look_at(rules: &Rules, one: &Wanted) -> Timestamp {
    let Some(looked_at) = one.memory.looked_at else { return Timestamp::MIN };
    looked_at.saturating_add(signed(pause_of(rules, one))).unwrap_or(Timestamp::MAX)
}

fn pause_of(rules: &Rules, one: &Wanted) -> Duration {
    if one.memory.unanswered_since.is_some() {
        return rules.look_linking;
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

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests;
