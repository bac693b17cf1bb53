//! The slice against a real PostgreSQL and a page in memory.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a test owns what it starts and may ask chance and the environment")]

mod acts;
mod api;
mod archived;
mod collection;
mod events;
mod files;
mod guards;
mod history;
mod identity;
mod ingest;
mod joins;
mod link;
mod lock;
mod media;
mod memory;
mod new_chats;
mod opt_out_lists;
mod opt_outs;
mod outgoing;
mod parting;
mod past;
mod people;
mod pictures;
mod property;
mod reading;
mod records;
mod recovery;
mod restored;
mod support;
mod vitals;
mod world;
