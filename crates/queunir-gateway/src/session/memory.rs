//! What was found of a session, kept for a moment: requests of one person come in bursts.
//!
//! It is forgotten at once when this gateway changes something, as soon as the tables tell when somebody else does, and
//! after [`SESSION_MEMORY`] in any case: a session that ended opens nothing for longer than that (AUTH-12), nor beyond its own
//! end (AUTH-06).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use queunir_db::control::sessions::{SignedIn, TokenHash};

use crate::app::Changed;

/// How long a session is remembered that nobody changed. Too small makes each request a statement; too large lets an
/// ended session live when no notice comes.
pub const SESSION_MEMORY: Duration = Duration::from_secs(5);
/// Sessions kept. More come only when that many people work within [`SESSION_MEMORY`].
const MOST: usize = 10_000;

/// Sessions that were found a moment ago.
pub(crate) struct Memory {
    kept: Duration,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    sessions: HashMap<TokenHash, Kept>,
    /// How often something was forgotten.
    changes: u64,
}

struct Kept {
    session: Arc<SignedIn>,
    until: Instant,
}

/// A moment before a question to the tables.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    at: Instant,
    changes: u64,
}

impl Memory {
    /// Remembers for `kept`; nothing if that is zero.
    pub(crate) fn new(kept: Duration) -> Self {
        Self { kept, known: Mutex::default() }
    }

    /// A session that was found a moment ago.
    pub(crate) fn get(&self, token: &TokenHash, now: Instant) -> Option<Arc<SignedIn>> {
        self.known().sessions.get(token).filter(|kept| now < kept.until).map(|kept| Arc::clone(&kept.session))
    }

    /// To be called before the tables are asked.
    pub(crate) fn asked(&self, now: Instant) -> Asked {
        Asked { at: now, changes: self.known().changes }
    }

    /// Keeps what the tables said, unless something changed since they were asked: it may have been this.
    pub(crate) fn keep(&self, asked: Asked, token: TokenHash, session: Arc<SignedIn>) {
        let mut known = self.known();
        if known.changes != asked.changes {
            return;
        }
        if known.sessions.len() >= MOST {
            known.sessions.retain(|_, kept| asked.at < kept.until);
        }
        if known.sessions.len() < MOST {
            let until = asked.at + session.left.min(self.kept);
            known.sessions.insert(token, Kept { session, until });
        }
    }

    /// Forgets what may be different now.
    pub(crate) fn forget(&self, changed: Changed) {
        let mut known = self.known();
        known.changes += 1;
        known.sessions.retain(|_, kept| match changed {
            Changed::Slice(slice) => kept.session.place.as_ref().is_none_or(|place| place.slice != slice),
            Changed::User(user) => kept.session.user != user,
            Changed::Everything => false,
        });
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use queunir_core::{
        id::{SliceId, UserId},
        slice::{Desired, Phase},
        user::Role,
    };
    use queunir_db::control::wanted::Place;
    use uuid::Uuid;

    use super::*;

    const TOKEN: TokenHash = [7; 32];
    const SLICE: SliceId = SliceId(3);

    fn session(left: Duration) -> Arc<SignedIn> {
        let place = Place {
            slice: SLICE,
            desired: Desired::Service,
            phase: Phase::Service,
            port: Some(5001),
            generation: 1,
            reading_mode: None,
            stale: false,
        };
        Arc::new(SignedIn {
            user: UserId(Uuid::nil()),
            role: Role::Owner,
            time_zone: "UTC".into(),
            locale: "en".into(),
            place: Some(place),
            stale: false,
            left,
        })
    }

    fn filled(left: Duration) -> (Memory, Instant) {
        let (memory, now) = (Memory::new(SESSION_MEMORY), Instant::now());
        memory.keep(memory.asked(now), TOKEN, session(left));
        (memory, now)
    }

    #[test]
    fn auth_12_a_session_is_kept_for_a_moment_and_never_beyond_its_end() {
        let (memory, now) = filled(Duration::from_secs(3_600));
        assert!(memory.get(&TOKEN, now + SESSION_MEMORY - Duration::from_millis(1)).is_some());
        assert!(memory.get(&TOKEN, now + SESSION_MEMORY).is_none());
        let (memory, now) = filled(Duration::from_secs(2));
        assert!(memory.get(&TOKEN, now + Duration::from_millis(1_999)).is_some());
        assert!(memory.get(&TOKEN, now + Duration::from_secs(2)).is_none());
    }

    #[test]
    fn what_changed_is_forgotten_and_nothing_else() {
        let hour = Duration::from_secs(3_600);
        for changed in [Changed::Slice(SLICE), Changed::User(UserId(Uuid::nil())), Changed::Everything] {
            let (memory, now) = filled(hour);
            memory.forget(changed);
            assert!(memory.get(&TOKEN, now).is_none(), "{changed:?}");
        }
        for changed in [Changed::Slice(SliceId(4)), Changed::User(UserId(Uuid::max()))] {
            let (memory, now) = filled(hour);
            memory.forget(changed);
            assert!(memory.get(&TOKEN, now).is_some(), "{changed:?}");
        }
    }

    #[test]
    fn an_answer_that_a_change_overtook_is_not_kept() {
        let (memory, now) = (Memory::new(SESSION_MEMORY), Instant::now());
        let asked = memory.asked(now);
        memory.forget(Changed::User(UserId(Uuid::nil())));
        memory.keep(asked, TOKEN, session(Duration::from_secs(3_600)));
        assert!(memory.get(&TOKEN, now).is_none());
    }
}
