//! A hint that new events are stored; readers always look by cursor.

use tokio::sync::watch;

/// Wakes the streams of this process.
#[derive(Clone, Debug)]
pub struct EventWake {
    sender: watch::Sender<i64>,
}

impl Default for EventWake {
    fn default() -> Self {
        Self { sender: watch::Sender::new(0) }
    }
}

impl EventWake {
    /// The log reached this number.
    pub fn reached(&self, seq: i64) {
        self.sender.send_if_modified(|last| {
            let newer = seq > *last;
            *last = seq.max(*last);
            newer
        });
    }

    /// The newest number that this process gave out; 0 before the first.
    #[must_use]
    pub fn last(&self) -> i64 {
        *self.sender.borrow()
    }

    /// To be woken from now on.
    #[must_use]
    pub fn listen(&self) -> watch::Receiver<i64> {
        self.sender.subscribe()
    }
}
