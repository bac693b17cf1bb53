//! When a stranger was last met at a slice's port: one event tells what a thousand attempts would repeat.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::upstream::Target;

/// How long one event stands for all. Shorter, and a stranger fills the table; longer, and a second one goes unseen.
const PAUSE: Duration = Duration::from_secs(60);

/// The last meetings.
#[derive(Debug, Default)]
pub(crate) struct Strangers(Mutex<HashMap<Target, Instant>>);

impl Strangers {
    /// Whether this meeting is worth an event.
    pub(crate) fn met(&self, at: Target, now: Instant) -> bool {
        let mut met = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        met.retain(|_, when| now.duration_since(*when) < PAUSE);
        if met.contains_key(&at) {
            return false;
        }
        met.insert(at, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use queunir_core::id::SliceId;

    use super::*;

    #[test]
    fn a_stranger_is_told_of_once_a_minute_at_each_address() {
        let (strangers, now) = (Strangers::default(), Instant::now());
        let target = |slice| Target { slice: SliceId(slice), generation: 1, port: 5001 };
        let met = |slice, seconds| strangers.met(target(slice), now + Duration::from_secs(seconds));
        assert!(met(1, 0) && !met(1, 1) && met(2, 1) && !met(1, 59));
        assert!(met(1, 60) && !met(1, 61));
    }
}
