//! Who works in the app right now: a touch is a lease that runs out.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;
use uuid::Uuid;

/// More windows than this are not told apart; a broken client must not fill the memory.
const MOST: usize = 500;

/// The windows of one tenant in which somebody works.
#[derive(Debug, Default)]
pub struct Presence {
    until: Mutex<HashMap<Uuid, Instant>>,
}

impl Presence {
    /// Somebody touched a window; that counts as work for so long.
    pub fn works(&self, window: Uuid, lasts: Duration) {
        let mut until = self.lock();
        if until.len() < MOST || until.contains_key(&window) {
            until.insert(window, Instant::now() + lasts);
        }
    }

    /// A window was closed or hidden.
    pub fn left(&self, window: Uuid) {
        self.lock().remove(&window);
    }

    /// Whether somebody works in any window.
    #[must_use]
    pub fn anybody(&self) -> bool {
        !self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Instant>> {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        until.retain(|_, end| *end > now);
        until
    }
}
