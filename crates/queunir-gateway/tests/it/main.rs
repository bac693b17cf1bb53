//! The gateway from outside: a real server, a real database under its own role, slices behind real certificates.
#![expect(clippy::unwrap_used, reason = "a failed assumption fails the test")]
#![expect(clippy::disallowed_methods, reason = "a test owns what it starts and may ask chance and the environment")]

mod authorization;
mod capacity;
mod connecting;
mod desync;
mod desync_cases;
mod hostile_slice;
mod identity;
mod live_events;
mod metrics;
mod operating;
mod origins;
mod proxying;
mod raw;
mod remembering;
mod scripted;
mod signing_in;
mod signing_in_again;
mod slice;
mod slow_clients;
mod world;
