//! How many live streams a user has open (ISO-21).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use queunir_core::id::UserId;

/// Streams per user. Fewer refuses people with many tabs; more lets one user hold all of the gateway's sockets.
const MOST: usize = 20;

/// Counts open streams.
#[derive(Clone, Debug, Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<UserId, usize>>>);

/// One open stream; counts until dropped.
#[derive(Debug)]
pub(crate) struct OpenStream {
    streams: Streams,
    user: UserId,
}

impl Streams {
    /// Counts one more, unless the user has enough.
    pub(crate) fn enter(&self, user: UserId) -> Option<OpenStream> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(user).or_default();
        if *count >= MOST {
            return None;
        }
        *count += 1;
        Some(OpenStream { streams: self.clone(), user })
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_so_many_streams_and_gets_each_place_back() {
        let (streams, user) = (Streams::default(), UserId(uuid::Uuid::from_u128(1)));
        let mut open: Vec<_> = (0..MOST).map(|_| streams.enter(user).unwrap()).collect();
        assert!(streams.enter(user).is_none());
        assert!(streams.enter(UserId(uuid::Uuid::from_u128(2))).is_some());
        open.pop();
        assert!(streams.enter(user).is_some());
        drop(open);
        assert!(streams.0.lock().unwrap().is_empty());
    }
}
