//! Who looks at which chat right now; a look is a lease that the app renews.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use queunir_core::id::ChatId;
use uuid::Uuid;

/// How long a look lasts without renewal. Too short and a slow network closes chats under a reader's eyes; too long
/// and messages are marked read after the reader has gone.
pub const LEASE: Duration = Duration::from_secs(45);
/// More viewers than this are refused; a broken client must not fill the memory.
const MOST: usize = 500;

/// The viewers of one tenant.
#[derive(Debug, Default)]
pub struct Viewers {
    looks: Mutex<HashMap<(ChatId, Uuid), Look>>,
}

/// What became of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// It began now.
    Began,
    /// It went on.
    Renewed,
    /// There are too many.
    TooMany,
}

#[derive(Clone, Copy, Debug)]
struct Look {
    began: Timestamp,
    until: Timestamp,
}

impl Viewers {
    /// Begins or renews a look.
    pub fn look(&self, chat: ChatId, viewer: Uuid, now: Timestamp) -> Looked {
        let mut looks = self.lock();
        looks.retain(|_, look| look.until > now);
        let until = now.saturating_add(jiff::SignedDuration::try_from(LEASE).unwrap_or_default()).unwrap_or(now);
        if let Some(look) = looks.get_mut(&(chat, viewer)) {
            look.until = until;
            return Looked::Renewed;
        }
        if looks.len() >= MOST {
            return Looked::TooMany;
        }
        looks.insert((chat, viewer), Look { began: now, until });
        Looked::Began
    }

    /// Moves all leases, because the clock that they were given by was set: a look lasts as long as it would have.
    pub fn moved(&self, step: jiff::SignedDuration) {
        let moved = |at: Timestamp| at.saturating_add(step).unwrap_or(at);
        for look in self.lock().values_mut() {
            *look = Look { began: moved(look.began), until: moved(look.until) };
        }
    }

    /// Ends a look.
    pub fn leave(&self, chat: ChatId, viewer: Uuid) {
        self.lock().remove(&(chat, viewer));
    }

    /// The chats that somebody looks at, the one looked at last first.
    #[must_use]
    pub fn chats(&self, now: Timestamp) -> Vec<ChatId> {
        let mut looks = self.lock();
        looks.retain(|_, look| look.until > now);
        let mut latest: HashMap<ChatId, Timestamp> = HashMap::new();
        for ((chat, _), look) in looks.iter() {
            let began = latest.entry(*chat).or_insert(look.began);
            *began = (*began).max(look.began);
        }
        let mut chats: Vec<_> = latest.into_iter().collect();
        chats.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        chats.into_iter().map(|(chat, _)| chat).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(ChatId, Uuid), Look>> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
