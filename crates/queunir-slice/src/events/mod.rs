//! The slice's one stream: stored events by cursor, snapshots on connect and on change.

pub mod log;
pub mod sse;
