//! Time as an argument: a clock that tests can move.

use std::sync::Arc;

use jiff::Timestamp;

/// Tells the time; passed in, never asked of the system in passing.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// A shared clock.
pub type SharedClock = Arc<dyn Clock>;
