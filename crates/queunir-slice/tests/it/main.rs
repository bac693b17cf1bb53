//! The slice against a real PostgreSQL and a page in memory.

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
