//! Which slices to start anew, and why: pure. The reconciler's hands do it, at a quiet moment wherever that can be waited
//! for.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use queunir_core::id::SliceId;

use super::{
    course::{Course, Courses},
    judge::{Budgets, MEMORY_SHARE, cpu_level, memory_level, profile_level, signed},
};

/// Why a slice is started anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It takes too much memory.
    Memory,
    /// It uses a core on end.
    Spin,
    /// Its profile fills its room; the browser's caches are cleared in between.
    Disk,
    /// Its browser is old (CHR-09).
    Age,
}

impl Reason {
    /// As events and counters are named.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Spin => "spin",
            Self::Disk => "disk",
            Self::Age => "age",
        }
    }
}

/// A wish to start a slice anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recycle {
    /// Whether a quiet moment is waited for.
    pub patient: bool,
    /// Why.
    pub reason: Reason,
}

/// When to help.
#[derive(Clone, Copy, Debug)]
pub struct Healing {
    /// After so long over three quarters of its memory a slice is started anew; over all of it without waiting for quiet.
    pub memory_for: Duration,
    /// After so long over its CPU; after twice that without waiting for quiet.
    pub spins_for: Duration,
    /// A browser that is older than this is started anew,
    pub browser_age: Duration,
    /// or up to so much later, each slice at its own time, so that not all do it at once.
    pub browser_spread: Duration,
    /// A slice is not started anew sooner than this after its last start; what did not help does not help every minute.
    pub pause: Duration,
    /// How many are asked for at one look.
    pub at_once: usize,
}

impl Default for Healing {
    fn default() -> Self {
        Self {
            memory_for: Duration::from_secs(600),
            spins_for: Duration::from_secs(1_800),
            browser_age: Duration::from_secs(24 * 3_600),
            browser_spread: Duration::from_secs(12 * 3_600),
            pause: Duration::from_secs(3_600),
            at_once: 2,
        }
    }
}

impl Healing {
    /// How much of a slice's course is needed to decide.
    #[must_use]
    pub fn memory(&self) -> SignedDuration {
        signed(self.memory_for.max(self.spins_for * 2) + Duration::from_secs(300))
    }
}

/// The slices to start anew now, the most urgent first.
#[must_use]
pub fn heal(courses: &Courses, budgets: &Budgets, healing: &Healing, now: Timestamp) -> Vec<(SliceId, Recycle)> {
    let mut wishes: Vec<(SliceId, Recycle)> = courses
        .slices
        .iter()
        .filter_map(|(id, course)| Some((*id, wish(*id, course, budgets, healing, now)?)))
        .collect();
    wishes.sort_by_key(|(id, wish)| (*wish, *id));
    wishes.truncate(healing.at_once);
    wishes
}

fn wish(id: SliceId, course: &Course, budgets: &Budgets, healing: &Healing, now: Timestamp) -> Option<Recycle> {
    let latest = course.latest()?;
    if now.duration_since(course.since?) < signed(healing.pause) {
        return None;
    }
    let lasts = |level: &dyn Fn(&super::course::Look) -> Option<f64>, limit: Duration| {
        course.lasts(level).is_some_and(|lasts| lasts >= signed(limit))
    };
    let memory = |share: f64| lasts(&|look| memory_level(look, budgets, share), healing.memory_for);
    let spins = |limit: Duration| lasts(&|look| cpu_level(look, budgets), limit);
    let at_once = |reason| Some(Recycle { patient: false, reason });
    if memory(1.0) {
        return at_once(Reason::Memory);
    }
    if spins(healing.spins_for * 2) {
        return at_once(Reason::Spin);
    }
    let says = latest.says.filter(|says| says.quiet)?;
    let full = says.over_quota || profile_level(latest, budgets).is_some_and(|level| level >= 1.0);
    let old = says.browser_since.is_some_and(|since| now.duration_since(since) >= age_limit(id, healing));
    let reasons = [
        (memory(MEMORY_SHARE), Reason::Memory),
        (spins(healing.spins_for), Reason::Spin),
        (full, Reason::Disk),
        (old, Reason::Age),
    ];
    let reason = reasons.into_iter().find_map(|(holds, reason)| holds.then_some(reason))?;
    Some(Recycle { patient: true, reason })
}

/// How old the browser of a slice may be: the same for the same number, spread over all numbers.
fn age_limit(id: SliceId, healing: &Healing) -> SignedDuration {
    // Multiplying by the golden ratio's fraction spreads neighbours far apart (Fibonacci hashing).
    let spread = id.0.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let share = spread as f64 / f64::from(u32::MAX);
    signed(healing.browser_age + healing.browser_spread.mul_f64(share.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_of_many_slices_grow_old_at_different_times() {
        let healing = Healing::default();
        let hours: Vec<i64> = (1..=240).map(|id| age_limit(SliceId(id), &healing).as_hours()).collect();
        assert!(hours.iter().all(|hours| (24..=36).contains(hours)));
        for hour in 24..36 {
            let at_once = hours.iter().filter(|one| **one == hour).count();
            assert!((15..=25).contains(&at_once), "{at_once} in hour {hour}");
        }
        assert_eq!(age_limit(SliceId(7), &healing), age_limit(SliceId(7), &healing));
    }
}
