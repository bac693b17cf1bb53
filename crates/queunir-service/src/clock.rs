//! The system's clock behind core's trait.

use std::{sync::Arc, time::Instant};

use jiff::{SignedDuration, Timestamp};
use queunir_core::time::{Clock, SharedClock};

/// Tells the machine's time.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine is asked")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl SystemClock {
    /// The machine's clock, ready to hand around; it knows when somebody set it.
    #[must_use]
    pub fn shared() -> SharedClock {
        Arc::new(Watched { began: (SystemClock.now(), Instant::now()) })
    }
}

/// The machine's clock beside the one that nobody can set. That one stands still while the machine sleeps, so waking
/// up counts as a step forward; whoever paces or waits had no time to do so meanwhile.
struct Watched {
    began: (Timestamp, Instant),
}

impl Clock for Watched {
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    fn set_by(&self) -> SignedDuration {
        let (at, instant) = self.began;
        let passed = SignedDuration::try_from(instant.elapsed()).unwrap_or(SignedDuration::MAX);
        self.now().duration_since(at).saturating_sub(passed)
    }
}
