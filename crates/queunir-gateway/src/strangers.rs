//! When a stranger was last met at a slice's port: one event tells what a thousand attempts would repeat.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use queunir_core::id::SliceId;

/// How long one event stands for all. Shorter, and a stranger fills the table; longer, and a second one goes unseen.
const PAUSE: Duration = Duration::from_secs(60);

/// The last meetings.
#[derive(Debug, Default)]
pub(crate) struct Strangers(Mutex<HashMap<SliceId, Instant>>);

impl Strangers {
    /// Whether this meeting is worth an event.
    pub(crate) fn met(&self, slice: SliceId, now: Instant) -> bool {
        let mut met = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        met.retain(|_, at| now.duration_since(*at) < PAUSE);
        if met.contains_key(&slice) {
            return false;
        }
        met.insert(slice, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_is_told_of_once_a_minute_at_each_slice() {
        let (strangers, now) = (Strangers::default(), Instant::now());
        let met = |slice, seconds| strangers.met(SliceId(slice), now + Duration::from_secs(seconds));
        assert!(met(1, 0) && !met(1, 1) && met(2, 1) && !met(1, 59));
        assert!(met(1, 60) && !met(1, 61));
    }
}
