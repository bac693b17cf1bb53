//! The simulator's two clocks: the wall, for what is written down, and the factored one, for what is waited for.

use std::time::{Duration, Instant};

/// Milliseconds since 1970, the form of every written time.
pub type Millis = i64;

/// Reads the wall clock; the only place that does.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the simulator's one look at the wall clock")]
pub fn now_ms() -> Millis {
    jiff::Timestamp::now().as_millisecond()
}

/// A clock that runs `speed` times as fast as the wall, and may change its speed without a jump.
#[derive(Debug)]
pub struct Factored {
    base: Instant,
    elapsed_ms: f64,
    speed: f64,
}

/// The range a speed is held to; beyond it the waits are shorter than a scheduler tick or longer than a test.
const SPEEDS: std::ops::RangeInclusive<f64> = 0.01..=10_000.0;

impl Factored {
    /// Starts at zero.
    #[must_use]
    pub fn new(speed: f64) -> Self {
        Self { base: Instant::now(), elapsed_ms: 0.0, speed: clamp(speed) }
    }

    /// Factored milliseconds since the start.
    #[must_use]
    pub fn now(&self) -> f64 {
        self.elapsed_ms + self.base.elapsed().as_secs_f64() * 1000.0 * self.speed
    }

    /// The factor.
    #[must_use]
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// Changes the factor; waits already under way go on at the new pace.
    pub fn set_speed(&mut self, speed: f64) {
        self.elapsed_ms = self.now();
        self.base = Instant::now();
        self.speed = clamp(speed);
    }

    /// How long factored milliseconds take on the wall.
    #[must_use]
    pub fn real(&self, factored_ms: f64) -> Duration {
        Duration::from_secs_f64((factored_ms.max(0.0) / self.speed / 1000.0).min(86_400.0))
    }
}

fn clamp(speed: f64) -> f64 {
    if speed.is_finite() { speed.clamp(*SPEEDS.start(), *SPEEDS.end()) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_divided_by_the_speed() {
        let clock = Factored::new(20.0);
        assert_eq!(clock.real(60_000.0), Duration::from_secs(3));
    }

    #[test]
    fn an_absurd_speed_is_held_in_range() {
        assert!(Factored::new(f64::NAN).speed() > 0.0);
        assert!(Factored::new(-4.0).speed() > 0.0);
    }

    #[test]
    fn changing_the_speed_never_turns_time_back() {
        let mut clock = Factored::new(100.0);
        let before = clock.now();
        clock.set_speed(1.0);
        assert!(clock.now() >= before);
    }
}
