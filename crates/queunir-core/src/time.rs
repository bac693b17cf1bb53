//! Time as an argument: a clock that tests can move, and the moments when somebody sets it.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Smaller differences are a clock that is steered, or a busy machine.
const LEAST_STEP: SignedDuration = SignedDuration::from_secs(3);

/// Tells the time; passed in, never asked of the system in passing.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Timestamp;

    /// By how much the clock was set since it was first asked: forward or, when negative, backward.
    fn set_by(&self) -> SignedDuration {
        SignedDuration::ZERO
    }
}

/// A shared clock.
pub type SharedClock = Arc<dyn Clock>;

/// Notices that a clock was set, for somebody who remembers moments that it told.
pub struct Steps {
    clock: SharedClock,
    followed: Mutex<SignedDuration>,
}

impl Steps {
    /// Notices what happens from now on.
    #[must_use]
    pub fn of(clock: &SharedClock) -> Self {
        Self { followed: Mutex::new(clock.set_by()), clock: Arc::clone(clock) }
    }

    /// By how much remembered moments have to be moved to be as far away as they were.
    #[must_use]
    pub fn pending(&self) -> Option<SignedDuration> {
        let followed = *self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        self.clock.set_by().checked_sub(followed).filter(|step| step.abs() >= LEAST_STEP)
    }

    /// Everything that was remembered has been moved by so much.
    pub fn follow(&self, step: SignedDuration) {
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        *followed = followed.saturating_add(step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Told(Mutex<SignedDuration>);

    impl Clock for Told {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }

        fn set_by(&self) -> SignedDuration {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }

    #[test]
    fn a_step_is_pending_until_it_was_followed_and_steering_is_none() {
        let told = Arc::new(Told(Mutex::new(SignedDuration::from_secs(9))));
        let set = |seconds| *told.0.lock().unwrap() = SignedDuration::from_secs(seconds);
        let shared: SharedClock = told.clone();
        let steps = Steps::of(&shared);
        assert_eq!(steps.pending(), None, "what was before does not count");
        set(11);
        assert_eq!(steps.pending(), None, "it is steered");
        set(9 - 3600);
        for _ in 0..2 {
            assert_eq!(steps.pending(), Some(SignedDuration::from_hours(-1)));
        }
        steps.follow(SignedDuration::from_hours(-1));
        assert_eq!(steps.pending(), None);
    }
}
