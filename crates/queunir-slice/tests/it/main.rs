//! The slice against a real PostgreSQL and a page in memory.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api;
mod events;
mod identity;
mod ingest;
mod link;
mod outgoing;
mod property;
mod reading;
mod recovery;
mod support;
