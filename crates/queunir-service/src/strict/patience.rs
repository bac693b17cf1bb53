//! How long a server waits for its clients.

use std::time::Duration;

/// Limits on what a client may keep a connection busy with.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long an open connection may wait for its next request.
    /// Too small closes connections that nginx keeps for reuse (60 s); too large lets silent clients hold descriptors.
    pub idle: Duration,
    /// From a head's first byte to its last. Too small refuses bad networks; too large is what slow heads live on.
    pub head: Duration,
    /// How long a body may keep us waiting in all, plus what [`BODY_RATE`](Self::BODY_RATE) grants.
    pub body: Duration,
    /// How long a client may take nothing of its answer. Too small cuts off sleeping laptops, which come back by
    /// themselves; too large lets clients that do not read hold answers in memory.
    pub unread: Duration,
}

impl Patience {
    /// Bytes of a body that buy one more second. The slowest mobile networks are ten times as fast.
    pub const BODY_RATE: u64 = 2 * 1024;
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(65),
            head: Duration::from_secs(10),
            body: Duration::from_secs(10),
            unread: Duration::from_secs(60),
        }
    }
}
